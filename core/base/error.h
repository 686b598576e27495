#pragma once
/// What went wrong with something that came from outside (a file, a text, a number), as a value.
///
/// core never shows an error: it returns one. `text` is the English message with %1, %2 … for the arguments;
/// it is at the same time the key under which ui looks up its translation (as gettext does).

#include <tl/expected.hpp>

#include <string>
#include <utility>
#include <vector>

namespace attn {

/// Marks a text for translation without Qt: lupdate is told that this is an alias of QT_TRANSLATE_NOOP.
constexpr const char* translatable([[maybe_unused]] const char* context, const char* text) {
    return text;
}

struct Error {
    const char* text = "";               ///< a literal marked with translatable("core", …)
    std::vector<std::string> arguments;  ///< UTF-8; file names, keys, numbers as text

    /// The message in English, one line: control characters inside arguments are made visible.
    [[nodiscard]] std::string english() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// fail(translatable("core", "%1: no such file"), {path})
[[nodiscard]] inline tl::unexpected<Error> fail(const char* text, std::vector<std::string> arguments = {}) {
    return tl::unexpected<Error>(Error{text, std::move(arguments)});
}

/// Replaces %1 … %9 by the arguments, once each, left to right; what an argument contains is not replaced
/// again.
[[nodiscard]] std::string substitute(const std::string& text, const std::vector<std::string>& arguments);

}  // namespace attn
