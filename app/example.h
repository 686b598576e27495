#pragma once
/// What is shown when nobody says what to show.

#include "core/base/error.h"
#include "core/scene/scene.h"

namespace attn::app {

/// The example that the window opens on.
[[nodiscard]] Result<Scene> windowExample();
/// The toy model's first.
[[nodiscard]] Result<Scene> toyExample();

}  // namespace attn::app
