#pragma once
/// What the command line prints.

#include "core/base/error.h"

#include <string_view>

namespace attn::app {

/// One line on standard error.
void warn(const Error& error);

/// All of it on standard output, or an error (a full disk, a closed pipe).
[[nodiscard]] Result<void> print(std::string_view text);

}  // namespace attn::app
