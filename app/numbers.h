#pragma once
/// Values of options, read strictly: the whole text or an error that names the option.

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace attn::app {

/// A finite number, with a decimal point whatever the locale.
[[nodiscard]] Result<double> parseReal(const char* option, const std::string& text);

/// A whole number from `least` to `most`.
[[nodiscard]] Result<std::int64_t> parseInteger(const char* option, const std::string& text,
                                                std::int64_t least, std::int64_t most);

/// "1,-2.5,3e4": numbers as parseReal reads them, between commas, spaces around them allowed. An empty text,
/// an empty place and more than `most` are errors.
[[nodiscard]] Result<std::vector<double>> parseReals(const char* option, const std::string& text,
                                                     std::size_t most);
/// The same for numbers as parseInteger reads them.
[[nodiscard]] Result<std::vector<std::int64_t>> parseIntegers(const char* option, const std::string& text,
                                                              std::int64_t least, std::int64_t largest,
                                                              std::size_t most);

/// ".npz" of "a/B.NPZ".
[[nodiscard]] std::string lowerCaseEnding(const std::string& path);

}  // namespace attn::app
