#pragma once
#include <QString>

#include <string>

namespace attn::ui {

/// What people call a model: "Toy model", a built-in model's title, a folder's name.
[[nodiscard]] QString modelTitle(const std::string& model);

}  // namespace attn::ui
