#include "ui/plot/curve_plot_layout.h"

#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attn::ui {

namespace {

constexpr double kTickPx = 11, kTitlePx = 11.5;
constexpr double kLeastNamePx = 44;  ///< a bar's name is cut before it is left out

double place(double value, const PlotRange& range, bool logarithmic) {
    if (logarithmic) {
        if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
        return std::log(value / range.low) / std::log(range.high / range.low);
    }
    // Halves: the difference of two numbers near the largest double would overflow.
    return (value / 2 - range.low / 2) / (range.high / 2 - range.low / 2);
}

double widest(const QStringList& labels, const QFontMetricsF& metrics) {
    double width = 0;
    for (const QString& label : labels) width = std::max(width, metrics.horizontalAdvance(label));
    return width;
}

/// Legend entries from left to right, in as many lines as they need. Returns the height.
double layOutLegend(const CurvePlotData& data, double top, CurvePlotLayout& layout) {
    const QFontMetricsF metrics(layout.titleFont);
    const double zoom = layout.zoom, line = std::ceil(metrics.height()) + 2 * zoom, sample = 18 * zoom;
    const double begin = layout.area.left();
    double x = begin + (layout.titleWidth > 0 ? layout.titleWidth + 20 * zoom : 0);
    double y = top;
    const auto add = [&](CurvePlotLayout::LegendItem::Kind kind, std::size_t index, const QString& name) {
        const double width = sample + 5 * zoom + metrics.horizontalAdvance(name);
        if (x + width > layout.area.right() && x > begin) {
            x = begin;
            y += line;
        }
        const QRectF box(x, y + (line - 10 * zoom) / 2, sample, 10 * zoom);
        layout.legend.push_back(
            {kind, index, box, {x + sample + 5 * zoom, y + metrics.ascent() + zoom}, name});
        x += width + 14 * zoom;
    };
    if (data.legend) {
        for (std::size_t i = 0; i < data.bars.size(); ++i) {
            if (!data.bars[i].name.isEmpty())
                add(CurvePlotLayout::LegendItem::Kind::Bars, i, data.bars[i].name);
        }
        for (std::size_t i = 0; i < data.curves.size(); ++i) {
            if (!data.curves[i].name.isEmpty())
                add(CurvePlotLayout::LegendItem::Kind::Curve, i, data.curves[i].name);
        }
    }
    const bool any = !layout.legend.empty() || layout.titleWidth > 0;
    layout.yTitle = {begin, top + metrics.ascent() + zoom};
    return any ? y + line - top : 0;
}

int mostTicks(double length, double room) {
    return std::clamp(static_cast<int>(length / std::max(1.0, room)), 2, 10);
}

/// A name below each bar, cut where it is longer than its room; every n-th where that leaves too little.
AxisTicks categoryTicks(const CurvePlotData& data, const CurvePlotLayout& layout, double width) {
    const QFontMetricsF metrics(layout.tickFont);
    const double pitch = width / (layout.x.high - layout.x.low);
    const double wanted =
        std::min(widest(data.x.categories, metrics) + 6 * layout.zoom, kLeastNamePx * layout.zoom);
    const double every = std::max(1.0, std::ceil(wanted / std::max(pitch, 1e-3)));
    AxisTicks ticks = axisTicks(
        data.x, layout.x, static_cast<int>(std::ceil(static_cast<double>(data.x.categories.size()) / every)));
    for (QString& label : ticks.labels) {
        label = metrics.elidedText(label, Qt::ElideRight, every * pitch - 4 * layout.zoom);
    }
    return ticks;
}

/// Ticks whose labels have room beside each other.
AxisTicks horizontalTicks(const CurvePlotData& data, const CurvePlotLayout& layout, double width) {
    if (!data.x.categories.isEmpty()) return categoryTicks(data, layout, width);
    const QFontMetricsF metrics(layout.tickFont);
    int most = mostTicks(width, 44 * layout.zoom);
    for (;; --most) {
        AxisTicks ticks = axisTicks(data.x, layout.x, most);
        const double room = width / std::max<double>(1, static_cast<double>(ticks.major.size()));
        if (most <= 2 || widest(ticks.labels, metrics) + 6 * layout.zoom <= room) return ticks;
    }
}

}  // namespace

double CurvePlotLayout::pixelX(double value) const {
    return plot.left() + place(value, x, xLogarithmic) * plot.width();
}

double CurvePlotLayout::pixelY(double value) const {
    return plot.bottom() - place(value, y, yLogarithmic) * plot.height();
}

double CurvePlotLayout::valueX(double pixel) const {
    const double share = std::clamp((pixel - plot.left()) / std::max(1.0, plot.width()), 0.0, 1.0);
    if (share == 0.0) return x.low;
    if (share == 1.0) return x.high;
    if (xLogarithmic) return x.low * std::exp(share * std::log(x.high / x.low));
    return x.low * (1 - share) + x.high * share;
}

CurvePlotLayout layOutCurves(const CurvePlotData& data, const QRectF& area, double zoom) {
    CurvePlotLayout layout;
    layout.area = area;
    layout.zoom = zoom;
    layout.x = rangeOfX(data);
    layout.y = rangeOfY(data);
    layout.xLogarithmic = data.x.scale == AxisScale::Logarithmic;
    layout.yLogarithmic = data.y.scale == AxisScale::Logarithmic;
    layout.tickFont = textFont(kTickPx * zoom);
    layout.titleFont = textFont(kTitlePx * zoom);
    const QFontMetricsF ticks(layout.tickFont), titles(layout.titleFont);
    layout.titleWidth = std::min(area.width(), titles.horizontalAdvance(data.y.title));

    double top = area.top();
    if (!data.note.isEmpty()) {
        layout.note = {area.left(), top + titles.ascent()};
        top += std::ceil(titles.height()) + 2 * zoom;
    }
    top += layOutLegend(data, top, layout);
    layout.markerTop = top;
    top += data.marker ? std::ceil(ticks.height()) + 7 * zoom : 5 * zoom;
    double bottom = area.bottom() - std::ceil(ticks.height()) - 6 * zoom;
    if (!data.x.title.isEmpty()) bottom -= std::ceil(titles.height()) + 2 * zoom;

    layout.yTicks = axisTicks(data.y, layout.y, mostTicks(bottom - top, 34 * zoom));
    const double left = area.left() + widest(layout.yTicks.labels, ticks) + 8 * zoom;
    const double right = area.right() - 12 * zoom;
    layout.xTicks = horizontalTicks(data, layout, right - left);
    layout.plot =
        QRectF(QPointF(std::round(left), std::round(top)), QPointF(std::round(right), std::round(bottom)));
    return layout;
}

}  // namespace attn::ui
