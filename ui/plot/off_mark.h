#pragma once
/// How a part that is switched off looks: pale, framed and crossed out.

#include "ui/style/palette.h"

#include <QRectF>

class QPainter;

namespace attn::ui {

/// Over what stands in `rect` already. `dashed`: something else speaks in its place (its mean).
void paintSwitchedOff(QPainter& painter, const QRectF& rect, const Palette& palette, bool dashed);

}  // namespace attn::ui
