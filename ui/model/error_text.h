#pragma once
#include "core/base/error.h"

#include <QString>

namespace attn::ui {

/// An error of core in the user's language.
[[nodiscard]] QString errorText(const Error& error);
/// A text of core (label, tip, title) in the user's language.
[[nodiscard]] QString coreText(const char* text);

}  // namespace attn::ui
