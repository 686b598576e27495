#pragma once
/// Reads the members of JSON objects strictly: for scene files alone.

#include "core/base/error.h"
#include "core/io/json.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attn::scene_file {

inline constexpr std::size_t kMaxNameBytes = 256;

inline tl::unexpected<Error> wrongType(const std::string& name, const char* expected,
                                       const nlohmann::json& value) {
    return fail(translatable("core", "%1: expected %2, got %3"), {name, expected, jsonExcerpt(value)});
}

/// Runs one check after the other until one fails.
template <typename... Checks>
Result<void> inOrder(const Checks&... checks) {
    Result<void> result;
    static_cast<void>(((result = checks(), result.has_value()) && ...));
    return result;
}

/// The members of one JSON object: those that are known are taken by name, what is left over is unknown. A
/// missing member leaves `out` as it is.
class ObjectReader {
public:
    ObjectReader(nlohmann::json object, std::string prefix)
        : m_object(std::move(object)), m_prefix(std::move(prefix)) {}

    [[nodiscard]] std::string fullName(std::string_view key) const { return m_prefix + std::string(key); }
    [[nodiscard]] std::optional<nlohmann::json> take(const char* key);

    /// The member object `key`, empty where it is missing.
    [[nodiscard]] Result<ObjectReader> section(const char* key);
    [[nodiscard]] Result<void> text(const char* key, std::string& out, std::size_t most = kMaxNameBytes);
    /// null is absent.
    [[nodiscard]] Result<void> optionalText(const char* key, std::optional<std::string>& out,
                                            std::size_t most);
    [[nodiscard]] Result<void> toggle(const char* key, bool& out);
    [[nodiscard]] Result<void> integer(const char* key, std::int64_t& out, std::int64_t least,
                                       std::int64_t most);
    [[nodiscard]] Result<void> real(const char* key, double& out, double least, double most);
    /// A list of numbers; an error names the first entry that is wrong: "logits[2]".
    [[nodiscard]] Result<void> reals(const char* key, std::vector<double>& out, std::size_t fewest,
                                     std::size_t most, double least, double largest);
    /// A list of whole numbers; null is absent.
    [[nodiscard]] Result<void> integers(const char* key, std::optional<std::vector<std::int64_t>>& out,
                                        std::size_t most, std::int64_t least, std::int64_t largest);
    /// A list of texts.
    [[nodiscard]] Result<void> texts(const char* key, std::vector<std::string>& out, std::size_t most,
                                     std::size_t mostBytes);
    /// One of `names`; `out` is its place.
    [[nodiscard]] Result<void> choice(const char* key, std::size_t& out,
                                      const std::vector<std::string>& names);

    /// What was not taken; its full names are appended to `names`.
    [[nodiscard]] nlohmann::json rest(std::vector<std::string>& names);

private:
    nlohmann::json m_object;
    std::string m_prefix;
};

}  // namespace attn::scene_file
