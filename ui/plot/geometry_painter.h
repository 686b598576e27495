#pragma once
/// Paints queries and keys in their plane: in the window as a cached picture, in figures as vectors.

#include "ui/plot/geometry_layout.h"
#include "ui/plot/painted_panel.h"

#include <utility>

class QPainter;

namespace attn::ui {

/// All of it: axes, lines to the keys, arrows or points, the pair, labels.
void paintGeometry(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                   const Palette& palette);
/// The pair that is looked at: its arrows, the angle and the projection where the plane is exact.
void paintGeometryPair(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                       const Palette& palette);
/// A point under the pointer with its name and numbers.
void paintGeometryHover(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                        const Palette& palette, const GeometryPoint& point, const QString& text);

/// The whole picture on a page.
class GeometryPanel final : public PaintedPanel {
public:
    explicit GeometryPanel(GeometryData data) : m_data(std::move(data)) {}

    [[nodiscard]] bool isEmpty() const override { return m_data.isEmpty(); }
    [[nodiscard]] QSizeF naturalSize() const override;
    void paint(QPainter& painter, const QRectF& room, const Palette& palette, bool vector) const override;

private:
    GeometryData m_data;
};

}  // namespace attn::ui
