#pragma once
/// JSON that came from outside: parsed within limits, errors as values. For core's own sources.

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace attn {

struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20U;
    std::size_t depth = 32;                      ///< brackets inside brackets
    std::size_t values = std::size_t{1} << 16U;  ///< counted as commas and opening brackets
};

/// The text as a document. An error says what is wrong, with line and column (in bytes, from 1) where there
/// is a place.
[[nodiscard]] Result<nlohmann::json> parseJson(std::string_view text, const JsonLimits& limits);

/// A value as it stands in the file, cut to a length that fits an error message.
[[nodiscard]] std::string jsonExcerpt(const nlohmann::json& value);

}  // namespace attn
