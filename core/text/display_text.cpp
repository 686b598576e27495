#include "core/text/tokenizer.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdio>

namespace attn {
namespace {

constexpr UChar32 kZeroWidthNonJoiner = 0x200C;
constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kBlackFlag = 0x1F3F4;
constexpr int kVirama = 9;  // canonical combining class

void append(std::string& out, UChar32 c) {
    icu::UnicodeString(c).toUTF8String(out);
}

void appendCode(std::string& out, UChar32 c) {
    char code[24];
    const int length = std::snprintf(code, sizeof code, "⟨U+%04X⟩", static_cast<unsigned>(c));
    out.append(code, static_cast<std::size_t>(length));
}

bool isMark(UChar32 c) {
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}
bool is(UChar32 c, UProperty property) {
    return u_hasBinaryProperty(c, property) != 0;
}

/// Whether a character without a shape of its own shapes what stands before it, and so stays.
/// `base` is the last character before it that is no mark.
bool shapesNeighbour(UChar32 c, UChar32 before, UChar32 base, bool inFlag) {
    if (before < 0) return false;
    const int joining = base < 0 ? U_JT_NON_JOINING : u_getIntPropertyValue(base, UCHAR_JOINING_TYPE);
    const bool joins = joining != U_JT_NON_JOINING && joining != U_JT_TRANSPARENT;
    if (c == kZeroWidthJoiner || c == kZeroWidthNonJoiner) {
        const bool emoji = is(before, UCHAR_EXTENDED_PICTOGRAPHIC) || is(before, UCHAR_EMOJI_MODIFIER) ||
                           is(before, UCHAR_VARIATION_SELECTOR);
        return joins || u_getCombiningClass(before) == kVirama || (emoji && c == kZeroWidthJoiner);
    }
    if (is(c, UCHAR_VARIATION_SELECTOR)) {
        return is(before, UCHAR_EMOJI) || is(before, UCHAR_IDEOGRAPHIC) || joins;
    }
    return inFlag && c >= 0xE0020 && c <= 0xE007F;
}

bool hasNoShape(UChar32 c) {
    if (c == 0x2800 || c == 0xFFFC) return true;  // a braille cell without dots; the place of an object
    if (is(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return true;
    if (is(c, UCHAR_EXTENDED_PICTOGRAPHIC) || is(c, UCHAR_PREPENDED_CONCATENATION_MARK)) return false;
    return (U_GET_GC_MASK(c) & (U_GC_Z_MASK | U_GC_C_MASK)) != 0;
}

/// Shows one code point after another; what it needs to know of the ones before it is its state.
class Display {
public:
    explicit Display(std::string& out) : m_out(out) {}

    void add(UChar32 c) {
        if (c < 0x20 || c == ' ' || c == 0x7F) return addAscii(c);
        const bool noShape = hasNoShape(c);
        if (noShape) {
            if (!shapesNeighbour(c, m_before, m_base, m_inFlag))
                return replace([&] { appendCode(m_out, c); });
        } else if (m_before < 0 && isMark(c)) {
            m_out += "◌";
        }
        append(m_out, c);
        m_inFlag = c == kBlackFlag || (m_inFlag && c >= 0xE0020 && c <= 0xE007F);
        m_before = c;
        if (!noShape && !isMark(c)) m_base = c;
    }

private:
    template <typename Write>
    void replace(Write&& write) {
        write();
        m_before = m_base = -1;
        m_inFlag = false;
    }

    void addAscii(UChar32 c) {
        const bool afterReturn = m_afterReturn;
        replace([&] {
            switch (c) {
                case ' ':
                    m_out += "␣";
                    break;
                case '\t':
                    m_out += "⇥";
                    break;
                case '\n':
                    // CR LF is one line break.
                    if (afterReturn) m_out.resize(m_out.size() - std::string_view("␍").size());
                    m_out += "⏎";
                    break;
                case 0x7F:
                    m_out += "␡";
                    break;
                default:
                    append(m_out, 0x2400 + c);
            }
        });
        m_afterReturn = c == '\r';
    }

    std::string& m_out;
    UChar32 m_before = -1;  ///< what a mark or a joiner would attach to; -1: nothing
    UChar32 m_base = -1;    ///< the last character with a shape that is no mark
    bool m_inFlag = false;  ///< a black flag and its tags: 🏴󠁧󠁢󠁳󠁣󠁴󠁿
    bool m_afterReturn = false;
};

}  // namespace

std::string displayText(std::string_view tokenText, std::size_t limit) {
    const auto plain = [](char c) { return c > ' ' && c < 0x7F; };
    if (tokenText.size() <= limit && std::all_of(tokenText.begin(), tokenText.end(), plain)) {
        return std::string(tokenText);
    }
    std::string out;
    if (tokenText.size() == 1 && static_cast<unsigned char>(tokenText.front()) >= 0x80) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02X",
                      static_cast<unsigned>(static_cast<unsigned char>(tokenText.front())));
        return hex;
    }
    // A character takes at most four bytes.
    const auto bytes =
        static_cast<std::int32_t>(std::min(tokenText.size(), std::min<std::size_t>(limit, 1U << 20U) * 4));
    const auto utf16 = icu::UnicodeString::fromUTF8(icu::StringPiece(tokenText.data(), bytes));
    Display display(out);
    std::size_t shown = 0;
    std::int32_t at = 0;
    for (; at < utf16.length() && shown < limit; ++shown, at = utf16.moveIndex32(at, 1)) {
        display.add(utf16.char32At(at));
    }
    const bool all = at == utf16.length() && static_cast<std::size_t>(bytes) == tokenText.size();
    return all ? out : out + "…";
}

}  // namespace attn
