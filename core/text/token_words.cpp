#include "core/text/token_words.h"

#include "core/text/text_steps.h"
#include "core/text/utf8.h"

#include <unicode/localpointer.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace attn {
namespace {

bool isTrail(std::string_view text, std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

/// The code point that begins at `at`, or ends before it; −1 at the ends.
UChar32 characterAt(std::string_view text, std::size_t at) {
    return at < text.size() ? utf16(text.substr(at, characterBytes(text, at))).char32At(0) : UChar32{-1};
}
UChar32 characterBefore(std::string_view text, std::size_t at) {
    if (at == 0) return -1;
    std::size_t begin = at - 1;
    while (begin > 0 && isTrail(text, begin)) --begin;
    return utf16(text.substr(begin, at - begin)).char32At(0);
}

bool isIdeograph(UChar32 c) {
    return c >= 0 && u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0;
}
bool isLetter(UChar32 c) {
    return c >= 0 && (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}
bool isSpace(UChar32 c) {
    return c >= 0 && u_isUWhiteSpace(c) != 0;
}

/// A thread's own: opening one reads its rules. The root locale: the same words on every machine.
UBreakIterator* wordIterator() {
    thread_local const icu::LocalUBreakIteratorPointer words = [] {
        UErrorCode status = U_ZERO_ERROR;
        return icu::LocalUBreakIteratorPointer(ubrk_open(UBRK_WORD, "", nullptr, 0, &status));
    }();
    return words.getAlias();
}

/// Byte offsets at which Unicode's rules end a word, ascending.
std::vector<std::size_t> wordEnds(const std::string& text) {
    std::vector<std::size_t> ends;
    UErrorCode status = U_ZERO_ERROR;
    const icu::LocalUTextPointer source(
        utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status));
    UBreakIterator* const words = wordIterator();
    ubrk_setUText(words, source.getAlias(), &status);
    if (U_FAILURE(status)) return ends;
    for (std::int32_t end = ubrk_next(words); end != UBRK_DONE; end = ubrk_next(words))
        ends.push_back(static_cast<std::size_t>(end));
    // The iterator must not keep a text that goes.
    ubrk_setText(words, nullptr, 0, &status);
    return ends;
}

std::string_view textWithoutMark(const Token& token) {
    return std::string_view(token.text).substr(std::min<std::size_t>(token.markBytes, token.text.size()));
}

/// Tokens between special ones, written out.
struct Stretch {
    std::string text;
    std::vector<std::size_t> begins;  ///< of each token, in bytes

    explicit Stretch(std::span<const Token> tokens) {
        for (const Token& token : tokens) {
            begins.push_back(text.size());
            text += textWithoutMark(token);
        }
    }
};

/// Whether a piece that is not marked goes on with the word before it.
bool goesOn(const Stretch& stretch, std::size_t token, const std::vector<std::size_t>& ends) {
    const std::string& text = stretch.text;
    const std::size_t at = stretch.begins[token];
    if (at >= text.size()) return true;  // nothing but empty pieces
    if (isTrail(text, at)) return true;
    const UChar32 first = characterAt(text, at), before = characterBefore(text, at);
    if (isSpace(first)) return false;
    // A space in front of a word belongs to it, also where it is a piece of its own.
    if (text.compare(stretch.begins[token - 1], at - stretch.begins[token - 1], " ") == 0) return true;
    if (isIdeograph(first) || isIdeograph(before)) return false;
    return !std::binary_search(ends.begin(), ends.end(), at);
}

/// Whether the cut before a piece lies between two letters, or inside a character.
bool cutsLetters(const Stretch& stretch, std::size_t token) {
    const std::size_t at = stretch.begins[token];
    if (at >= stretch.text.size()) return false;
    if (isTrail(stretch.text, at)) return true;
    return isLetter(characterAt(stretch.text, at)) && isLetter(characterBefore(stretch.text, at));
}

/// Calls `visit(first, tokens)` for every stretch of tokens that are not special.
template <typename Visit>
void eachStretch(std::span<const Token> tokens, const Visit& visit) {
    for (std::size_t first = 0; first < tokens.size();) {
        std::size_t end = first;
        while (end < tokens.size() && !tokens[end].special) ++end;
        if (end > first) visit(first, tokens.subspan(first, end - first));
        first = end + 1;
    }
}

}  // namespace

std::vector<std::uint8_t> wordBeginnings(std::span<const Token> tokens) {
    std::vector<std::uint8_t> begins(tokens.size(), 1);
    eachStretch(tokens, [&](std::size_t first, std::span<const Token> part) {
        const bool byText = std::any_of(part.begin(), part.end(),
                                        [](const Token& token) { return token.word == WordPlace::ByText; });
        const Stretch stretch(part);
        const std::vector<std::size_t> ends = byText ? wordEnds(stretch.text) : std::vector<std::size_t>();
        for (std::size_t i = 1; i < part.size(); ++i) {
            const WordPlace word = part[i].word;
            const bool on =
                word == WordPlace::Continues || (word == WordPlace::ByText && goesOn(stretch, i, ends));
            begins[first + i] = on ? 0 : 1;
        }
    });
    return begins;
}

std::vector<std::uint8_t> splitWordPieces(std::span<const Token> tokens) {
    const std::vector<std::uint8_t> begins = wordBeginnings(tokens);
    std::vector<std::uint8_t> split(tokens.size(), 0);
    eachStretch(tokens, [&](std::size_t first, std::span<const Token> part) {
        const Stretch stretch(part);
        for (std::size_t begin = 0; begin < part.size();) {
            std::size_t end = begin + 1;
            bool cut = false;
            for (; end < part.size() && begins[first + end] == 0; ++end)
                cut = cut || cutsLetters(stretch, end);
            if (cut) std::fill_n(split.begin() + static_cast<std::ptrdiff_t>(first + begin), end - begin, 1);
            begin = end;
        }
    });
    return split;
}

std::string joinedText(std::span<const Token> tokens) {
    if (tokens.size() == 1) return tokens.front().text;
    return Stretch(tokens).text;
}

bool surroundsText(const Token& token) {
    if (!token.special) return false;
    constexpr std::array<std::string_view, 4> kForWords{"[MASK]", "<mask>", "[UNK]", "<unk>"};
    return std::find(kForWords.begin(), kForWords.end(), token.text) == kForWords.end();
}

}  // namespace attn
