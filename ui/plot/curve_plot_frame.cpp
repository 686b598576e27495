#include "ui/plot/curve_plot_frame.h"

#include "ui/plot/curve_plot_painter.h"
#include "ui/plot/heat_map_data.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

/// Names stand beside their line or inside their region, on the card's colour, so that no line runs through
/// them.
void paintName(QPainter& painter, const CurvePlotLayout& layout, const QString& name, QPointF baseline,
               const QColor& color, const QColor& ground) {
    if (name.isEmpty()) return;
    const QFontMetricsF metrics(layout.tickFont);
    const double width = metrics.horizontalAdvance(name);
    const double most = std::max(layout.plot.left(), layout.plot.right() - width - 4 * layout.zoom);
    baseline.setX(std::clamp(baseline.x(), layout.plot.left() + 3 * layout.zoom, most));
    const QRectF box(baseline.x() - 2, baseline.y() - metrics.ascent(), width + 4, metrics.height());
    if (ground.isValid()) painter.fillRect(box, faint(ground, 0.75));
    painter.setFont(layout.tickFont);
    painter.setPen(color);
    painter.drawText(baseline, visibleText(name));
}

void paintRegions(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                  const Palette& palette) {
    for (const ShadedRegion& region : data.regions) {
        const double low = std::max(layout.x.low, region.low), high = std::min(layout.x.high, region.high);
        if (!(low < high)) continue;
        const QRectF box(QPointF(layout.pixelX(low), layout.plot.top()),
                         QPointF(layout.pixelX(high), layout.plot.bottom()));
        painter.fillRect(box, palette.warningGround);
    }
}

void paintRegionNames(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                      const Palette& palette) {
    const QFontMetricsF metrics(layout.tickFont);
    for (const ShadedRegion& region : data.regions) {
        if (region.low >= layout.x.high || region.high <= layout.x.low) continue;
        const double left = layout.pixelX(std::max(layout.x.low, region.low));
        const double right = layout.pixelX(std::min(layout.x.high, region.high));
        const double width = metrics.horizontalAdvance(region.name);
        const double x = left + std::max(5 * layout.zoom, (right - left - width) / 2);
        // In the middle: reference lines have their names at the top and at the foot.
        paintName(painter, layout, region.name, {x, layout.plot.center().y() + metrics.capHeight() / 2},
                  palette.warning, palette.warningGround);
    }
}

void paintGrid(QPainter& painter, const CurvePlotLayout& layout, const Palette& palette) {
    const auto vertical = [&](double value) {
        const double x = std::round(layout.pixelX(value)) + 0.5;
        painter.drawLine(QPointF(x, layout.plot.top()), QPointF(x, layout.plot.bottom()));
    };
    const auto horizontal = [&](double value) {
        const double y = std::round(layout.pixelY(value)) + 0.5;
        painter.drawLine(QPointF(layout.plot.left(), y), QPointF(layout.plot.right(), y));
    };
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(faint(palette.line, 0.45), 1));
    for (const double value : layout.xTicks.minor) vertical(value);
    for (const double value : layout.yTicks.minor) horizontal(value);
    painter.setPen(QPen(palette.line, 1));
    for (const double value : layout.xTicks.major) vertical(value);
    for (const double value : layout.yTicks.major) horizontal(value);
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void paintAxes(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
               const Palette& palette) {
    painter.setFont(layout.tickFont);
    painter.setPen(palette.muted);
    const QFontMetricsF metrics(layout.tickFont), titles(layout.titleFont);
    const double below = layout.plot.bottom() + metrics.ascent() + 4 * layout.zoom;
    for (qsizetype i = 0; i < layout.xTicks.labels.size(); ++i) {
        const QString& label = layout.xTicks.labels[i];
        const double width = metrics.horizontalAdvance(label);
        const double centre = layout.pixelX(layout.xTicks.major[static_cast<std::size_t>(i)]);
        const double left = std::clamp(centre - width / 2, layout.area.left(),
                                       std::max(layout.area.left(), layout.area.right() - width));
        painter.drawText(QPointF(left, below), visibleText(label));
    }
    for (qsizetype i = 0; i < layout.yTicks.labels.size(); ++i) {
        const QString& label = layout.yTicks.labels[i];
        const double y = layout.pixelY(layout.yTicks.major[static_cast<std::size_t>(i)]);
        painter.drawText(QPointF(layout.plot.left() - 6 * layout.zoom - metrics.horizontalAdvance(label),
                                 y + metrics.capHeight() / 2),
                         visibleText(label));
    }
    painter.setFont(layout.titleFont);
    const double titleWidth = titles.horizontalAdvance(data.x.title);
    painter.drawText(QPointF(layout.plot.center().x() - titleWidth / 2,
                             layout.area.bottom() - titles.descent() - layout.zoom),
                     data.x.title);
    if (!data.y.title.isEmpty()) {
        painter.drawText(layout.yTitle, titles.elidedText(data.y.title, Qt::ElideRight, layout.area.width()));
    }
    if (!data.note.isEmpty()) {
        painter.drawText(layout.note, titles.elidedText(data.note, Qt::ElideRight, layout.area.width()));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(palette.muted, 1));
    painter.drawLine(layout.plot.bottomLeft(), layout.plot.bottomRight());
    painter.drawLine(layout.plot.topLeft(), layout.plot.bottomLeft());
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void paintLegend(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette) {
    painter.setFont(layout.titleFont);
    for (const CurvePlotLayout::LegendItem& item : layout.legend) {
        const QRectF& box = item.sample;
        if (item.kind == CurvePlotLayout::LegendItem::Kind::Bars) {
            const BarSeries& bars = data.bars[item.index];
            const QColor color = plotColor(palette, bars.color);
            painter.setPen(bars.outline ? QPen(color, 1.5 * layout.zoom) : QPen(Qt::NoPen));
            painter.setBrush(bars.outline ? faint(color, 0.12) : color);
            painter.drawRect(box.adjusted(2, 0, -2, 0));
        } else {
            const Curve& curve = data.curves[item.index];
            const QColor color = plotColor(palette, curve.color);
            if (!curve.low.empty()) painter.fillRect(box, faint(color, 0.2));
            painter.setBrush(color);
            if (curve.look != CurveLook::Points && !curve.y.empty()) {
                painter.setPen(linePen(curve, color, layout.zoom));
                painter.drawLine(QPointF(box.left(), box.center().y()),
                                 QPointF(box.right(), box.center().y()));
            }
            painter.setPen(Qt::NoPen);
            if (curve.look == CurveLook::Points || curve.look == CurveLook::LineAndPoints)
                painter.drawEllipse(box.center(), 3 * layout.zoom, 3 * layout.zoom);
        }
        painter.setPen(palette.text);
        painter.drawText(item.text, visibleText(item.name));
    }
}

void paintLines(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                const Palette& palette) {
    const QFontMetricsF metrics(layout.tickFont);
    for (const ReferenceLine& line : data.lines) {
        const QColor color = plotColor(palette, line.color);
        const double at = line.vertical ? layout.pixelX(line.value) : layout.pixelY(line.value);
        const QRectF& box = layout.plot;
        const bool inside = line.vertical ? at >= box.left() - 0.5 && at <= box.right() + 0.5
                                          : at >= box.top() - 0.5 && at <= box.bottom() + 0.5;
        if (!inside) continue;
        QPen pen(color, 1.2 * layout.zoom, Qt::SolidLine, Qt::FlatCap);
        pen.setDashPattern({2, 2});
        painter.setPen(pen);
        const double width = metrics.horizontalAdvance(line.name);
        if (line.vertical) {
            painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()));
            paintName(painter, layout, line.name, {at + 4, box.bottom() - metrics.descent() - 3}, color,
                      palette.card);
        } else {
            painter.drawLine(QPointF(box.left(), at), QPointF(box.right(), at));
            const bool above = at - metrics.height() > box.top();
            paintName(
                painter, layout, line.name,
                {box.right() - width - 4, above ? at - metrics.descent() - 2 : at + metrics.ascent() + 2},
                color, palette.card);
        }
    }
}

}  // namespace

QColor faint(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

QPen linePen(const Curve& curve, const QColor& color, double zoom) {
    QPen pen(color, 2 * zoom, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
    if (curve.look == CurveLook::Thin) pen.setWidthF(1 * zoom);
    if (curve.look == CurveLook::Dashed) {
        pen.setWidthF(1.5 * zoom);
        pen.setDashPattern({4, 3});
    }
    return pen;
}

QColor plotColor(const Palette& palette, int color) {
    if (color == kTextColor) return palette.text;
    if (color == kBarColor) return palette.bar;
    if (color < 0) return palette.muted;
    return palette.series[static_cast<std::size_t>(color) % palette.series.size()];
}

void paintGround(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette) {
    paintRegions(painter, data, layout, palette);
    paintGrid(painter, layout, palette);
}

void paintFrame(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                const Palette& palette) {
    paintAxes(painter, data, layout, palette);
    paintLines(painter, data, layout, palette);
    paintRegionNames(painter, data, layout, palette);
    paintLegend(painter, data, layout, palette);
}

}  // namespace attn::ui
