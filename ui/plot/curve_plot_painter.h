#pragma once
/// Paints a plot of curves with a QPainter: on the screen as a cached picture, in figures as vectors.

#include "ui/plot/curve_plot_layout.h"
#include "ui/style/palette.h"

class QPainter;

namespace attn::ui {

[[nodiscard]] QColor plotColor(const Palette& palette, int color);

/// Everything but the marker. Lines are cut at the axes by arithmetic: SVG knows no clipping here.
void paintCurves(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette);

/// The marker with its label, and a dot where it crosses each named curve.
void paintMarker(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette, bool focused);

/// A point under the pointer, with what it says.
void paintPoint(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                const Palette& palette, int curve, int index, const QString& text);

}  // namespace attn::ui
