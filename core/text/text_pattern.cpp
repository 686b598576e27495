#include "core/text/text_steps.h"

#include <unicode/localpointer.h>
#include <unicode/uregex.h>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// `\s` and `\S` outside brackets as sets: ICU saves a state for every character of a loop over the former
/// (a megabyte of spaces overflows its stack) and none for a loop over the latter.
std::string withSets(const std::string& pattern) {
    std::string out;
    int depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char escaped = pattern[++i];
            if (depth == 0 && escaped == 's') {
                out += "[\\s]";
            } else if (depth == 0 && escaped == 'S') {
                out += "[^\\s]";
            } else {
                out += {c, escaped};
            }
            continue;
        }
        if (c == '[') ++depth;
        if (c == ']' && depth > 0) --depth;
        out += c;
    }
    return out;
}

}  // namespace

icu::UnicodeString utf16(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

struct TextPattern::Expression {
    icu::LocalURegularExpressionPointer regex;
};

Result<TextPattern> TextPattern::regularExpression(const std::string& utf8) {
    constexpr std::size_t kLongest = 16384;
    constexpr std::int32_t kStackBytes = 64 << 20;
    constexpr std::int32_t kTimeLimit = 20'000;  // ICU's units, about a millisecond each
    if (utf8.size() > kLongest) return fail(tr("a regular expression is too long"));
    const icu::UnicodeString pattern = utf16(withSets(utf8));
    UErrorCode status = U_ZERO_ERROR;
    UParseError place{};
    TextPattern out;
    out.m_expression = std::make_shared<Expression>();
    out.m_expression->regex.adoptInstead(
        uregex_open(pattern.getBuffer(), pattern.length(), 0, &place, &status));
    if (U_FAILURE(status)) {
        return fail(tr("the regular expression '%1' cannot be read: %2"), {utf8, u_errorName(status)});
    }
    uregex_setStackLimit(out.m_expression->regex.getAlias(), kStackBytes, &status);
    uregex_setTimeLimit(out.m_expression->regex.getAlias(), kTimeLimit, &status);
    return out;
}

TextPattern TextPattern::plain(const std::string& utf8) {
    TextPattern out;
    out.m_plain = utf16(utf8);
    return out;
}

Result<std::vector<TextPattern::Range>> TextPattern::find(const icu::UnicodeString& text) const {
    std::vector<Range> ranges;
    if (!m_expression) {
        const std::int32_t length = m_plain.length();
        if (length == 0) return ranges;
        for (std::int32_t at = text.indexOf(m_plain, 0); at >= 0; at = text.indexOf(m_plain, at + length)) {
            ranges.push_back({at, at + length});
        }
        return ranges;
    }
    URegularExpression* const regex = m_expression->regex.getAlias();
    UErrorCode status = U_ZERO_ERROR;
    uregex_setText(regex, text.getBuffer(), text.length(), &status);
    while (U_SUCCESS(status) && uregex_findNext(regex, &status) != 0) {
        const std::int32_t begin = uregex_start(regex, 0, &status);
        const std::int32_t end = uregex_end(regex, 0, &status);
        if (U_SUCCESS(status) && end > begin) ranges.push_back({begin, end});
    }
    if (U_FAILURE(status)) {
        return fail(tr("the tokenizer's regular expression fails on this text: %1"), {u_errorName(status)});
    }
    return ranges;
}

}  // namespace attn
