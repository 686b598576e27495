#pragma once
/// HeatMapCanvas: the picture of a HeatMapWidget, and what of it has to be drawn again.

#include "ui/plot/heat_map.h"
#include "ui/plot/heat_map_painter.h"

#include <QImage>
#include <QTimer>

class QCPLayer;
class QCustomPlot;

namespace attn::ui {

/// What is drawn from.
struct HeatMapPicture {
    HeatMapData data;
    HeatMapStyle style;
    HeatMapLayout layout;
    CellColors colors;
    QImage image;
    const Palette* palette = nullptr;
    MatrixCell current, hovered;
    bool focused = false;
    QString placeholder, maskedText;

    [[nodiscard]] const ColorMap& map() const { return style.colorMap(data.quantity, palette->theme); }
    [[nodiscard]] bool drawable() const { return !data.isEmpty() && !layout.isEmpty() && palette != nullptr; }
};

/// Fills a widget with a plot of two buffers, each redrawn alone: the cells when numbers change, the labels
/// when the selection does. Hover and outlines are painted over both.
class HeatMapCanvas {
public:
    enum Dirty : unsigned { kNothing = 0, kCells = 1, kLabels = 2, kOverlay = 4, kLayout = 8, kColors = 16 };

    explicit HeatMapCanvas(QWidget* widget);
    ~HeatMapCanvas();
    HeatMapCanvas(const HeatMapCanvas&) = delete;
    HeatMapCanvas& operator=(const HeatMapCanvas&) = delete;

    /// Draws in the next turn of the event loop, or when the widget is shown.
    void mark(unsigned what);
    void update();
    void setHovered(const MatrixCell& cell);
    [[nodiscard]] MatrixCell cellAt(const QPointF& position) const;
    /// The row or column whose label is there; the other one is −1.
    [[nodiscard]] MatrixCell labelAt(const QPointF& position) const;

    HeatMapPicture picture;
    HeatMapWidget::Counts counts;

private:
    void updateLayout();
    void updateColors();
    bool settle();
    void updateCross(const MatrixCell& cell) const;
    void paintOverlay(QPainter& painter) const;

    QWidget* m_widget;
    QCustomPlot* m_plot = nullptr;
    QCPLayer *m_cells = nullptr, *m_labels = nullptr;
    unsigned m_dirty = kLayout;
    QTimer m_frame;
};

}  // namespace attn::ui
