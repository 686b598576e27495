#include "core/text/text_steps.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace attn {
namespace {

using icu::UnicodeString;

const icu::Normalizer2* form(UnicodeForm which, UErrorCode& status) {
    switch (which) {
        case UnicodeForm::Nfc:
            return icu::Normalizer2::getNFCInstance(status);
        case UnicodeForm::Nfd:
            return icu::Normalizer2::getNFDInstance(status);
        case UnicodeForm::Nfkc:
            return icu::Normalizer2::getNFKCInstance(status);
        case UnicodeForm::Nfkd:
            break;
    }
    return icu::Normalizer2::getNFKDInstance(status);
}

Result<void> normalize(UnicodeString& text, UnicodeForm which) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const normalizer = form(which, status);
    UnicodeString out;
    if (U_SUCCESS(status)) normalizer->normalize(text, out, status);
    if (U_FAILURE(status)) {
        return fail(translatable("core", "this text cannot be normalised: %1"), {u_errorName(status)});
    }
    text = out;
    return {};
}

/// Calls each(code point) for every character and puts what it appends in place of the text.
template <typename Each>
void rewrite(UnicodeString& text, const Each& each) {
    UnicodeString out;
    for (std::int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        each(c, out);
        i += U16_LENGTH(c);
    }
    text = out;
}

/// Code points without a character stay: what is unassigned today is tomorrow's emoji.
bool isControl(UChar32 c) {
    if (c == '\t' || c == '\n' || c == '\r') return false;
    const int category = u_charType(c);
    return category == U_CONTROL_CHAR || category == U_FORMAT_CHAR || category == U_PRIVATE_USE_CHAR ||
           category == U_SURROGATE;
}

bool isWhiteSpace(UChar32 c) {
    return u_isUWhiteSpace(c) != 0;
}

/// The blocks that BERT's own tokenizer calls Chinese.
bool isIdeograph(UChar32 c) {
    constexpr std::array<std::array<UChar32, 2>, 8> blocks{{{0x4E00, 0x9FFF},
                                                            {0x3400, 0x4DBF},
                                                            {0x20000, 0x2A6DF},
                                                            {0x2A700, 0x2B73F},
                                                            {0x2B740, 0x2B81F},
                                                            {0x2B820, 0x2CEAF},
                                                            {0xF900, 0xFAFF},
                                                            {0x2F800, 0x2FA1F}}};
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const auto& block) { return c >= block[0] && c <= block[1]; });
}

void dropMarks(UnicodeString& text, std::uint32_t categories) {
    rewrite(text, [categories](UChar32 c, UnicodeString& out) {
        if ((U_GET_GC_MASK(c) & categories) == 0) out.append(c);
    });
}

/// What SentencePiece's rules for machine translation leave out, and what they take for a space.
bool isDroppedByNmt(UChar32 c) {
    return (c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
}
bool isSpaceToNmt(UChar32 c) {
    return c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
           c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
}

/// Character by character: what a sigma becomes does not depend on its neighbours.
void lower(UnicodeString& text) {
    rewrite(text, [](UChar32 c, UnicodeString& out) {
        if (c < 0x80) {
            out.append(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        } else {
            out.append(UnicodeString(c).toLower(icu::Locale::getRoot()));
        }
    });
}

}  // namespace

NormalizerStep bertNormalizer(const BertNormalization& options) {
    return [options](UnicodeString& text) -> Result<void> {
        if (options.cleanText) {
            rewrite(text, [](UChar32 c, UnicodeString& out) {
                if (c == 0 || c == 0xFFFD || isControl(c)) return;
                out.append(isWhiteSpace(c) ? UChar32{' '} : c);
            });
        }
        if (options.spaceChinese) {
            rewrite(text, [](UChar32 c, UnicodeString& out) {
                if (isIdeograph(c)) {
                    out.append(u' ').append(c).append(u' ');
                } else {
                    out.append(c);
                }
            });
        }
        if (options.stripAccents) {
            if (Result<void> done = normalize(text, UnicodeForm::Nfd); !done) return done;
            dropMarks(text, U_GC_MN_MASK);
        }
        if (options.lowerCase) lower(text);
        return {};
    };
}

NormalizerStep unicodeNormalizer(UnicodeForm which) {
    return [which](UnicodeString& text) { return normalize(text, which); };
}

NormalizerStep lowerCaseNormalizer() {
    return [](UnicodeString& text) -> Result<void> {
        lower(text);
        return {};
    };
}

NormalizerStep stripAccentsNormalizer() {
    return [](UnicodeString& text) -> Result<void> {
        dropMarks(text, U_GC_M_MASK);
        return {};
    };
}

NormalizerStep nmtNormalizer() {
    return [](UnicodeString& text) -> Result<void> {
        rewrite(text, [](UChar32 c, UnicodeString& out) {
            if (!isDroppedByNmt(c)) out.append(isSpaceToNmt(c) ? UChar32{' '} : c);
        });
        return {};
    };
}

NormalizerStep stripNormalizer(bool left, bool right) {
    return [left, right](UnicodeString& text) -> Result<void> {
        std::int32_t begin = 0, end = text.length();
        while (left && begin < end && isWhiteSpace(text[begin])) ++begin;
        while (right && end > begin && isWhiteSpace(text[end - 1])) --end;
        text = UnicodeString(text, begin, end - begin);
        return {};
    };
}

NormalizerStep prependNormalizer(const std::string& prefix) {
    return [prefix = utf16(prefix)](UnicodeString& text) -> Result<void> {
        if (!text.isEmpty()) text.insert(0, prefix);
        return {};
    };
}

NormalizerStep replaceNormalizer(TextPattern pattern, const std::string& replacement) {
    return [pattern = std::move(pattern),
            replacement = utf16(replacement)](UnicodeString& text) -> Result<void> {
        const Result<std::vector<TextPattern::Range>> found = pattern.find(text);
        if (!found) return tl::unexpected(found.error());
        if (found->empty()) return {};
        UnicodeString out;
        std::int32_t at = 0;
        for (const TextPattern::Range& range : *found) {
            out.append(text, at, range.begin - at).append(replacement);
            at = range.end;
        }
        out.append(text, at, text.length() - at);
        text = out;
        return {};
    };
}

}  // namespace attn
