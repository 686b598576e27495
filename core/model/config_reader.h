#pragma once
/// Members of a config.json, with their ranges. For core/model alone.

#include "core/base/error.h"
#include "core/io/json.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace attn {

/// Reads one member after another and remembers the first error: the values read after it mean nothing.
class ConfigReader {
public:
    explicit ConfigReader(const nlohmann::json& config) : m_config(config) {}

    /// A member that is there and not null. Of several names the first that is.
    [[nodiscard]] const nlohmann::json* find(std::initializer_list<const char*> names) const;

    /// It is there, and is null: in a few published keys that is not the same as absent.
    [[nodiscard]] bool isNull(const char* name) const;

    /// A whole number from 1 to `most`; without it an error.
    [[nodiscard]] std::int64_t size(std::initializer_list<const char*> names, std::int64_t most);
    [[nodiscard]] std::int64_t size(std::initializer_list<const char*> names, std::int64_t most,
                                    std::int64_t absent);
    /// A whole number from 0 to `most`.
    [[nodiscard]] std::int64_t count(const char* name, std::int64_t most, std::int64_t absent);
    /// A number above 0 and at most 1e18.
    [[nodiscard]] double positive(std::initializer_list<const char*> names, double absent);
    [[nodiscard]] bool flag(const char* name, bool absent);
    [[nodiscard]] std::string text(std::initializer_list<const char*> names, const char* absent);

    void fail(const char* text, std::vector<std::string> arguments);
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    const nlohmann::json& m_config;
    std::optional<Error> m_error;
};

}  // namespace attn
