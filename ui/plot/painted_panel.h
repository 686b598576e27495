#pragma once
/// A picture that knows how to paint itself onto a page: what a figure shows besides maps, curves and links.

#include "ui/style/palette.h"

#include <QRectF>
#include <QSizeF>

class QPainter;

namespace attn::ui {

class PaintedPanel {
public:
    virtual ~PaintedPanel() = default;

    [[nodiscard]] virtual bool isEmpty() const = 0;
    /// What it takes where nobody asks for a size, in pixels at 96 dpi.
    [[nodiscard]] virtual QSizeF naturalSize() const = 0;
    /// Inside of `room`, whose corner need not be 0. `vector`: onto SVG or PDF, where text and shapes shall
    /// stay what they are.
    virtual void paint(QPainter& painter, const QRectF& room, const Palette& palette, bool vector) const = 0;

protected:
    PaintedPanel() = default;
    PaintedPanel(const PaintedPanel&) = default;
    PaintedPanel& operator=(const PaintedPanel&) = default;
};

}  // namespace attn::ui
