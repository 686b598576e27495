#include "core/io/json.h"

#include "core/io/json_listener.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

struct Place {
    std::size_t line = 1, column = 1;
};

Place placeOf(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    Place place;
    place.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t lineBreak = before.rfind('\n');
    place.column += before.size() - (lineBreak == std::string_view::npos ? 0 : lineBreak + 1);
    return place;
}

tl::unexpected<Error> failAt(std::string_view text, std::size_t offset, std::string what) {
    const Place place = placeOf(text, offset);
    return fail(tr("line %1, column %2: %3"),
                {std::to_string(place.line), std::to_string(place.column), std::move(what)});
}

/// Depth and number of values, before anything is allocated for them: nlohmann parses any depth but writes
/// and compares by recursion.
std::optional<Error> checkLimits(std::string_view text, const JsonLimits& limits) {
    std::size_t depth = 0, values = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                inString = false;
            }
            continue;
        }
        if (c == '"') inString = true;
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (c == '[' || c == '{' || c == ',') ++values;
        if (depth > limits.depth) return failAt(text, i, tr("brackets are nested too deeply")).value();
        if (values > limits.values) return failAt(text, i, tr("there are too many values")).value();
    }
    return std::nullopt;
}

/// Takes everything and remembers only where and why parsing stopped.
class ErrorFinder : public JsonListener {
public:
    bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
        m_position = position;
        m_what = error.what();
        return false;
    }

    /// One past the last byte that was read.
    [[nodiscard]] std::size_t position() const { return m_position; }
    /// nlohmann's words without its own prefix and place.
    [[nodiscard]] std::string what() const {
        std::size_t begin = m_what.find("] ");
        begin = begin == std::string::npos ? 0 : begin + 2;
        if (const std::size_t column = m_what.find("column "); column != std::string::npos) {
            if (const std::size_t colon = m_what.find(": ", column); colon != std::string::npos)
                begin = colon + 2;
        }
        std::string text = m_what.substr(begin);
        // What it last read may be cut out of a character, or be no text at all.
        const bool plain = std::all_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        if (!plain) text.resize(std::min(text.size(), text.find("; last read")));
        return shortened(text);
    }

    [[nodiscard]] static std::string shortened(std::string text) {
        constexpr std::size_t kLongest = 160;
        if (text.size() <= kLongest) return text;
        std::size_t end = kLongest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
        return text.substr(0, end) + "…";
    }

private:
    std::size_t m_position = 0;
    std::string m_what;
};

}  // namespace

Result<json> parseJson(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        return fail(tr("%1 bytes are too many (at most %2)"),
                    {std::to_string(text.size()), std::to_string(limits.bytes)});
    }
    if (std::optional<Error> error = checkLimits(text, limits)) return tl::unexpected(std::move(*error));
    json document = json::parse(text.begin(), text.end(), nullptr, false);
    if (!document.is_discarded()) return document;
    ErrorFinder finder;
    json::sax_parse(text.begin(), text.end(), &finder);
    return failAt(text, finder.position() > 0 ? finder.position() - 1 : 0, finder.what());
}

std::string jsonExcerpt(const json& value) {
    if (value.is_array()) return value.empty() ? "[]" : "[…]";
    if (value.is_object()) return value.empty() ? "{}" : "{…}";
    return ErrorFinder::shortened(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace attn
