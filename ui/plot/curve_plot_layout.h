#pragma once
/// Where everything of a plot of curves goes. Geometry alone, the same for widget and figure.

#include "ui/plot/curve_plot_data.h"

#include <QFont>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

namespace attn::ui {

struct CurvePlotLayout {
    struct LegendItem {
        enum class Kind : std::uint8_t { Curve, Bars };
        Kind kind;
        std::size_t index;
        QRectF sample;  ///< where its line or bar is shown
        QPointF text;   ///< left end of the baseline
        QString name;
    };
    QRectF area, plot;
    PlotRange x, y;
    bool xLogarithmic = false, yLogarithmic = false;
    AxisTicks xTicks, yTicks;
    QFont tickFont, titleFont;
    QPointF yTitle, note;   ///< left ends of baselines
    double markerTop = 0;   ///< where the marker's label stands: a line above the plot that is kept for it
    double titleWidth = 0;  ///< of the y axis's title, elided to the area
    std::vector<LegendItem> legend;
    double zoom = 1;

    [[nodiscard]] bool isEmpty() const { return plot.width() < 8 || plot.height() < 8; }
    [[nodiscard]] double pixelX(double value) const;  ///< NaN where a logarithmic axis has no place for it
    [[nodiscard]] double pixelY(double value) const;
    [[nodiscard]] double valueX(double pixel) const;
};

[[nodiscard]] CurvePlotLayout layOutCurves(const CurvePlotData& data, const QRectF& area, double zoom);

}  // namespace attn::ui
