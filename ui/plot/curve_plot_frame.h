#pragma once
/// What stands around the curves of a plot: grid, axes, names, legend. For the plot's painter.

#include "ui/plot/curve_plot_layout.h"
#include "ui/style/palette.h"

#include <QPen>

class QPainter;

namespace attn::ui {

[[nodiscard]] QColor faint(QColor color, double alpha);
[[nodiscard]] QPen linePen(const Curve& curve, const QColor& color, double zoom);

/// Behind the curves: regions and the grid.
void paintGround(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette);
/// Over them: axes, reference lines, names and the legend.
void paintFrame(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                const Palette& palette);

}  // namespace attn::ui
