#pragma once
/// A page that scrolls up and down where the text is too large for the window.

#include <QScrollArea>

namespace attn::ui {

/// `content` in a frameless scroll area, as wide as there is room; what is behind it shows through.
[[nodiscard]] QScrollArea* scrollPage(QWidget* content, QWidget* parent);

}  // namespace attn::ui
