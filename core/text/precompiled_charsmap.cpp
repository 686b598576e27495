#include "core/text/text_steps.h"

#include <unicode/localpointer.h>
#include <unicode/ubrk.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace attn {
namespace {

/// Longer graphemes are changed character by character.
constexpr std::size_t kLongestGrapheme = 5;

std::optional<std::string> bytesOfBase64(std::string_view text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xffU);
    }
    return bytes;
}

/// Replacements by the texts that they stand for: a double-array trie whose values are places in a pool of
/// texts that end in 0.
class CharsMap {
public:
    static std::optional<CharsMap> from(std::string_view bytes) {
        constexpr std::size_t kUnit = 4;
        if (bytes.size() < kUnit) return std::nullopt;
        const std::size_t trie = number(bytes, 0);
        if (trie % kUnit != 0 || trie > bytes.size() - kUnit) return std::nullopt;
        CharsMap map;
        for (std::size_t at = kUnit; at < kUnit + trie; at += kUnit) map.m_units.push_back(number(bytes, at));
        map.m_pool = bytes.substr(kUnit + trie);
        return map;
    }

    /// What takes the place of a text: the entry of its shortest beginning that has one.
    [[nodiscard]] std::optional<std::string_view> replacement(std::string_view text) const {
        if (m_units.empty()) return std::nullopt;
        std::size_t node = offset(m_units[0]);
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            node ^= byte;
            if (byte == 0 || node >= m_units.size() || label(m_units[node]) != byte) return std::nullopt;
            const std::uint32_t unit = m_units[node];
            node ^= offset(unit);
            if ((unit >> 8U & 1U) == 0) continue;
            if (node >= m_units.size()) return std::nullopt;
            const std::size_t place = m_units[node] & 0x7fffffffU;
            if (place >= m_pool.size()) return std::nullopt;
            const std::string_view rest = std::string_view(m_pool).substr(place);
            return rest.substr(0, rest.find('\0'));
        }
        return std::nullopt;
    }

private:
    static std::uint32_t number(std::string_view bytes, std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
        return value;
    }
    static std::uint32_t label(std::uint32_t unit) { return unit & 0x800000ffU; }
    static std::size_t offset(std::uint32_t unit) {
        return static_cast<std::size_t>(unit >> 10U) << ((unit & 1U << 9U) >> 6U);
    }

    std::vector<std::uint32_t> m_units;
    std::string m_pool;
};

UBreakIterator* graphemeIterator() {
    thread_local const icu::LocalUBreakIteratorPointer graphemes = [] {
        UErrorCode status = U_ZERO_ERROR;
        return icu::LocalUBreakIteratorPointer(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status));
    }();
    return graphemes.getAlias();
}

void appendChanged(const CharsMap& map, const icu::UnicodeString& grapheme, icu::UnicodeString& out) {
    const std::string whole = utf8(grapheme);
    if (whole.size() <= kLongestGrapheme) {
        if (const auto changed = map.replacement(whole)) {
            out.append(utf16(*changed));
            return;
        }
    }
    for (std::int32_t at = 0; at < grapheme.length(); at = grapheme.moveIndex32(at, 1)) {
        const icu::UnicodeString character(grapheme.char32At(at));
        const auto changed = map.replacement(utf8(character));
        out.append(changed ? utf16(*changed) : character);
    }
}

}  // namespace

Result<NormalizerStep> precompiledNormalizer(std::string_view base64) {
    const std::optional<std::string> bytes = bytesOfBase64(base64);
    std::optional<CharsMap> map = bytes ? CharsMap::from(*bytes) : std::nullopt;
    if (!map) return fail(translatable("core", "precompiled_charsmap is damaged"));
    const auto shared = std::make_shared<const CharsMap>(*std::move(map));
    return NormalizerStep([shared](icu::UnicodeString& text) -> Result<void> {
        UErrorCode status = U_ZERO_ERROR;
        UBreakIterator* const graphemes = graphemeIterator();
        const icu::UnicodeString before = text;
        ubrk_setText(graphemes, before.getBuffer(), before.length(), &status);
        if (U_FAILURE(status)) return fail("%1", {u_errorName(status)});
        text.remove();
        std::int32_t begin = 0;
        for (std::int32_t end = ubrk_next(graphemes); end != UBRK_DONE; end = ubrk_next(graphemes)) {
            appendChanged(*shared, before.tempSubStringBetween(begin, end), text);
            begin = end;
        }
        ubrk_setText(graphemes, nullptr, 0, &status);
        return {};
    });
}

}  // namespace attn
