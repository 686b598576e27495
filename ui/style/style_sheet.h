#pragma once
/// The one style sheet, made from the palette and the text zoom.

#include "ui/style/palette.h"

#include <QString>

namespace attn::ui {

/// What a widget says to be styled (dynamic properties, set before it is first shown):
///   QFrame      card=true                     a card on the ground
///   QLabel      look="group"                  11 px bold capitals over a group of controls (write them as
///   capitals)
///               look="muted" | "title" | "sentence" | "warning"
///   QLineEdit   value="true"                  a number beside its label: a frame only under the pointer or
///   keyboard QLabel      badge="toy" | "edited" | "trained" | "warning" QPushButton segment="first" |
///   "middle" | "last" | "only", checkable: parts of one choice, without gaps QPushButton with a menu write
///   its arrow into the text: "Examples ▾" QPushButton primary=true                  the one filled button
///   QPushButton chip=true                     a token; tokenRole="query" (filled) | "key" (outlined)
///   QToolButton stage=true                    a step of the stage bar; role="query" | "key" | "value" |
///   "output" QTabBar, QSlider, QLineEdit, QSpinBox, QComboBox, QMenu, QToolTip, QScrollBar need nothing.
/// zoom: 0.5 … 2.5 multiplies every size that belongs to text.
[[nodiscard]] QString styleSheet(const Palette& palette, double zoom);

}  // namespace attn::ui
