#include "core/text/tokenizer.h"

#include <unicode/localpointer.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace attn {
namespace {

/// ICU counts in 32 bits. Texts of that size do not come here: scenes hold far less.
constexpr std::size_t kMaxBytes = std::numeric_limits<std::int32_t>::max() / 2;

icu::UnicodeString utf16FromUtf8(std::string_view text) {
    const std::string_view part = text.substr(0, kMaxBytes);
    // Replaces each maximal part of an ill-formed sequence by U+FFFD, as the WHATWG's decoder does.
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(part.data(), static_cast<std::int32_t>(part.size())));
}

/// Opening an iterator reads its rules (0.8 ms the first time), so each thread keeps the ones it has used.
/// The root locale: the same tokens on every machine.
UBreakIterator* breakIterator(TokenizerKind kind) {
    const auto open = [](UBreakIteratorType type) {
        UErrorCode status = U_ZERO_ERROR;
        return icu::LocalUBreakIteratorPointer(ubrk_open(type, "", nullptr, 0, &status));
    };
    if (kind == TokenizerKind::Words) {
        thread_local const icu::LocalUBreakIteratorPointer words = open(UBRK_WORD);
        return words.getAlias();
    }
    thread_local const icu::LocalUBreakIteratorPointer characters = open(UBRK_CHARACTER);
    return characters.getAlias();
}

/// Gives each token the index of its text's first occurrence.
void assignIds(std::vector<Token>& tokens) {
    std::unordered_map<std::string_view, std::int64_t> first;
    first.reserve(tokens.size());
    for (Token& token : tokens) {
        token.id =
            first.try_emplace(token.text, static_cast<std::int64_t>(&token - tokens.data())).first->second;
    }
}

Tokens byteTokens(std::string_view text, std::size_t limit) {
    Tokens tokens;
    tokens.found = text.size();
    tokens.items.resize(std::min(text.size(), limit));
    for (std::size_t i = 0; i < tokens.items.size(); ++i) {
        Token& token = tokens.items[i];
        token.text = text[i];
        token.begin = i;
        token.end = i + 1;
    }
    return tokens;
}

bool isWhiteSpace(const char16_t* segment, std::int32_t length) {
    // White space all lies in the basic plane; half of a surrogate pair is none.
    return std::all_of(segment, segment + length, [](char16_t unit) { return u_isUWhiteSpace(unit) != 0; });
}

std::size_t utf8Length(const char16_t* segment, std::int32_t length) {
    std::size_t bytes = 0;
    for (std::int32_t i = 0; i < length; ++i) {
        const char16_t unit = segment[i];
        // Each half of a surrogate pair stands for two of its four bytes.
        const bool surrogate = unit >= 0xD800 && unit < 0xE000;
        bytes += unit < 0x80 ? 1U : unit < 0x800 || surrogate ? 2U : 3U;
    }
    return bytes;
}

}  // namespace

Tokens tokenize(std::string_view text, TokenizerKind kind, std::size_t limit) {
    const icu::UnicodeString utf16 = utf16FromUtf8(text);
    std::string repaired;
    utf16.toUTF8String(repaired);
    if (kind == TokenizerKind::Bytes) {
        Tokens tokens = byteTokens(repaired, limit);
        assignIds(tokens.items);
        return tokens;
    }

    UBreakIterator* const breaks = breakIterator(kind);
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(breaks, utf16.getBuffer(), utf16.length(), &status);
    // Only an installation without ICU's own data fails here.
    if (U_FAILURE(status)) return {};

    Tokens tokens;
    std::size_t byte = 0;
    std::int32_t start = 0;
    for (std::int32_t end = ubrk_next(breaks); end != UBRK_DONE; end = ubrk_next(breaks)) {
        const char16_t* const segment = utf16.getBuffer() + start;
        const std::int32_t length = end - start;
        start = end;
        const std::size_t begin = byte;
        const bool room = tokens.items.size() < limit;
        if (room) byte += utf8Length(segment, length);
        if (kind == TokenizerKind::Words && isWhiteSpace(segment, length)) continue;
        ++tokens.found;
        if (!room) continue;
        Token& token = tokens.items.emplace_back();
        token.text = repaired.substr(begin, byte - begin);
        token.begin = begin;
        token.end = byte;
        if (kind == TokenizerKind::Words) token.word = WordPlace::Begins;
    }
    assignIds(tokens.items);
    return tokens;
}

std::string repairUtf8(std::string_view text) {
    std::string repaired;
    utf16FromUtf8(text).toUTF8String(repaired);
    return repaired;
}

}  // namespace attn
