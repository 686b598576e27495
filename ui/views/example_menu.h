#pragma once
/// Examples as a menu: those of the present model as they are, those of each other model in a menu of their
/// own.

#include "core/scene/examples.h"

#include <functional>
#include <string>
#include <vector>

class QMenu;

namespace attn::ui {

/// Fills `menu` anew. `pick` is called with the chosen one; `examples` must live as long as the menu.
void fillExampleMenu(QMenu* menu, const std::vector<Example>& examples, const std::string& model,
                     const std::function<void(const Example&)>& pick);

}  // namespace attn::ui
