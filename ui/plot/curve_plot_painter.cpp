#include "ui/plot/curve_plot_painter.h"

#include "ui/plot/curve_plot_frame.h"
#include "ui/plot/number_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

bool finite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// The part of a segment inside of a rectangle (Liang and Barsky 1984); false: none of it.
bool clipped(const QRectF& box, QPointF& from, QPointF& to) {
    const double dx = to.x() - from.x(), dy = to.y() - from.y();
    double begin = 0, end = 1;
    const auto cut = [&](double direction, double distance) {
        if (direction == 0.0) return distance >= 0;
        const double t = distance / direction;
        if (direction < 0) begin = std::max(begin, t);
        if (direction > 0) end = std::min(end, t);
        return begin <= end;
    };
    if (!cut(-dx, from.x() - box.left()) || !cut(dx, box.right() - from.x()) ||
        !cut(-dy, from.y() - box.top()) || !cut(dy, box.bottom() - from.y())) {
        return false;
    }
    const QPointF start = from;
    from = start + begin * QPointF(dx, dy);
    to = start + end * QPointF(dx, dy);
    return true;
}

/// Lines that are near infinity stay drawable.
QPointF tamed(const QPointF& point) {
    constexpr double kFar = 1e6;
    return {std::clamp(point.x(), -kFar, kFar), std::clamp(point.y(), -kFar, kFar)};
}

/// The same line with fewer points: those that a straight line passes within a fifth of a pixel go. (241
/// points cost 0.7 ms to stroke, the 40 that are left a fifth of it.)
QPolygonF simplified(const QPolygonF& line) {
    constexpr double kTolerance = 0.2;
    if (line.size() < 3) return line;
    QPolygonF kept{line.front()};
    qsizetype last = 0;
    double low = -1e300, high = 1e300;  // directions that pass by all points since the last one that was kept
    const auto begin = [&](qsizetype at) {
        kept.append(line[at]);
        last = at;
        low = -1e300;
        high = 1e300;
    };
    for (qsizetype i = 1; i < line.size(); ++i) {
        const double dx = line[i].x() - line[last].x(), dy = line[i].y() - line[last].y();
        const bool forward = dx > 1e-9;
        const double slope = forward ? dy / dx : 0;
        if (forward && slope >= low && slope <= high) {
            low = std::max(low, (dy - kTolerance) / dx);
            high = std::min(high, (dy + kTolerance) / dx);
            continue;
        }
        if (last + 1 < i) {
            begin(i - 1);
            --i;  // once more, from the point that is kept now
        } else {
            begin(i);
        }
    }
    if (kept.back() != line.back()) kept.append(line.back());
    return kept;
}

/// The line through points, in the pieces that lie inside.
std::vector<QPolygonF> pieces(const CurvePlotLayout& layout, const Curve& curve) {
    std::vector<QPolygonF> found;
    const QRectF box = layout.plot;
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    QPointF last(std::nan(""), std::nan(""));
    bool open = false;
    for (std::size_t i = 0; i < count; ++i) {
        const QPointF raw(layout.pixelX(curve.x[i]), layout.pixelY(curve.y[i]));
        const QPointF point = finite(raw) ? tamed(raw) : raw;
        QPointF from = last, to = point;
        const bool drawn = finite(from) && finite(to) && clipped(box, from, to);
        if (drawn) {
            if (!open || found.back().last() != from) found.push_back(QPolygonF({from}));
            found.back().append(to);
        }
        open = drawn;
        last = point;
    }
    return found;
}

void paintBand(QPainter& painter, const CurvePlotLayout& layout, const Curve& curve, const QColor& color) {
    const std::size_t count = std::min({curve.x.size(), curve.low.size(), curve.high.size()});
    const auto inside = [&](double value) {
        const double pixel = layout.pixelY(value);
        // Below a logarithmic axis: at its foot.
        return std::isnan(pixel) ? layout.plot.bottom()
                                 : std::clamp(pixel, layout.plot.top(), layout.plot.bottom());
    };
    QPolygonF upper, lower;
    const auto flush = [&] {
        if (upper.size() > 1) {
            std::reverse(lower.begin(), lower.end());
            painter.drawPolygon(upper + lower);
        }
        upper.clear();
        lower.clear();
    };
    painter.setPen(Qt::NoPen);
    painter.setBrush(faint(color, 0.2));
    for (std::size_t i = 0; i < count; ++i) {
        const double x = layout.pixelX(curve.x[i]);
        if (!(x >= layout.plot.left() - 0.5 && x <= layout.plot.right() + 0.5) || std::isnan(curve.low[i]) ||
            std::isnan(curve.high[i])) {
            flush();
            continue;
        }
        upper.append(QPointF(x, inside(curve.high[i])));
        lower.append(QPointF(x, inside(curve.low[i])));
    }
    flush();
}

void paintPoints(QPainter& painter, const CurvePlotLayout& layout, const Curve& curve, const QColor& color) {
    const double radius = 3 * layout.zoom;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
        const QPointF at(layout.pixelX(curve.x[i]), layout.pixelY(curve.y[i]));
        if (finite(at) && layout.plot.adjusted(-1, -1, 1, 1).contains(at))
            painter.drawEllipse(at, radius, radius);
    }
}

void paintCurve(QPainter& painter, const CurvePlotLayout& layout, const Curve& curve,
                const Palette& palette) {
    const QColor color = plotColor(palette, curve.color);
    if (!curve.low.empty()) paintBand(painter, layout, curve, color);
    const bool points = curve.look == CurveLook::Points || curve.look == CurveLook::LineAndPoints;
    if (curve.look != CurveLook::Points) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(linePen(curve, color, layout.zoom));
        for (const QPolygonF& piece : pieces(layout, curve)) painter.drawPolyline(simplified(piece));
    }
    if (points) paintPoints(painter, layout, curve, color);
}

void paintBars(QPainter& painter, const CurvePlotLayout& layout, const BarSeries& bars,
               const Palette& palette) {
    const QColor color = plotColor(palette, bars.color);
    const double foot = std::clamp(layout.yLogarithmic ? layout.plot.bottom() : layout.pixelY(0),
                                   layout.plot.top(), layout.plot.bottom());
    QPolygonF contour;
    painter.setPen(Qt::NoPen);
    painter.setBrush(bars.outline ? faint(color, 0.12) : color);
    for (std::size_t i = 0; i < bars.heights.size(); ++i) {
        const double begin = bars.lowest + bars.width * static_cast<double>(i);
        double left = layout.pixelX(begin), right = layout.pixelX(begin + bars.width);
        const double air = bars.gap * (right - left) / 2;
        left = std::max(layout.plot.left(), left + air);
        right = std::min(layout.plot.right(), right - air);
        const double pixel = layout.pixelY(bars.heights[i]);
        if (!(left < right) || std::isnan(pixel)) continue;
        const double top = std::clamp(pixel, layout.plot.top(), layout.plot.bottom());
        contour << QPointF(left, top) << QPointF(right, top);
        const QRectF bar = QRectF(QPointF(left, foot), QPointF(right, top)).normalized();
        if (bar.height() > 0) painter.drawRect(bar);
    }
    if (!bars.outline || contour.isEmpty()) return;
    contour.prepend(QPointF(contour.first().x(), foot));
    contour.append(QPointF(contour.last().x(), foot));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.5 * layout.zoom));
    painter.drawPolyline(contour);
}

/// Over the grid and the bars, or inside where a bar reaches the top.
void paintBarNumbers(QPainter& painter, const BarSeries& bars, const CurvePlotLayout& layout,
                     const Palette& palette) {
    if (!bars.numbers) return;
    QFont font = layout.tickFont;
    font.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    for (std::size_t i = 0; i < bars.heights.size(); ++i) {
        if (!(bars.heights[i] > 0)) continue;
        const double begin = bars.lowest + bars.width * static_cast<double>(i);
        const double left = layout.pixelX(begin), right = layout.pixelX(begin + bars.width);
        const QString text = shortNumber(bars.heights[i]);
        const double width = metrics.horizontalAdvance(text);
        if (!(width <= right - left)) continue;
        const double top = std::max(layout.pixelY(bars.heights[i]), layout.plot.top());
        const bool above = top - metrics.height() >= layout.plot.top();
        painter.setPen(above ? palette.text : palette.card);
        painter.drawText(QPointF((left + right - width) / 2,
                                 above ? top - 4 * layout.zoom : top + metrics.ascent() + 3 * layout.zoom),
                         text);
    }
}

/// The pixel of a curve's y at x: NaN outside of it.
double crossing(const CurvePlotLayout& layout, const Curve& curve, double x) {
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (!(curve.x[i] <= x && x <= curve.x[i + 1])) continue;
        const double a = layout.pixelX(curve.x[i]), b = layout.pixelX(curve.x[i + 1]);
        const double ya = layout.pixelY(curve.y[i]), yb = layout.pixelY(curve.y[i + 1]);
        return b > a ? ya + (yb - ya) * (layout.pixelX(x) - a) / (b - a) : ya;
    }
    return std::nan("");
}

}  // namespace

void paintCurves(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette) {
    if (layout.isEmpty()) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    paintGround(painter, data, layout, palette);
    for (const BarSeries& bars : data.bars) paintBars(painter, layout, bars, palette);
    // What stands behind first, whatever its place in the legend.
    for (const bool thin : {true, false}) {
        for (const Curve& curve : data.curves) {
            if ((curve.look == CurveLook::Thin) == thin) paintCurve(painter, layout, curve, palette);
        }
    }
    paintFrame(painter, data, layout, palette);
    for (const BarSeries& bars : data.bars) paintBarNumbers(painter, bars, layout, palette);
    painter.restore();
}

void paintMarker(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                 const Palette& palette, bool focused) {
    if (layout.isEmpty() || !data.marker) return;
    const double x = std::clamp(layout.pixelX(*data.marker), layout.plot.left(), layout.plot.right());
    if (std::isnan(x)) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double zoom = layout.zoom;
    const QColor color = focused ? palette.focus : palette.accent;
    painter.setPen(QPen(color, 1.5 * zoom));
    painter.drawLine(QPointF(x, layout.plot.top()), QPointF(x, layout.plot.bottom()));
    const bool beyond = *data.marker < layout.x.low || *data.marker > layout.x.high;
    for (const Curve& curve : data.curves) {
        if (beyond || curve.name.isEmpty() || curve.look == CurveLook::Points) continue;
        const double y = crossing(layout, curve, *data.marker);
        if (!(y >= layout.plot.top() - 0.5 && y <= layout.plot.bottom() + 0.5)) continue;
        painter.setPen(QPen(palette.card, 1.5 * zoom));
        painter.setBrush(plotColor(palette, curve.color));
        painter.drawEllipse(QPointF(x, y), 4.5 * zoom, 4.5 * zoom);
    }
    painter.setPen(QPen(color, 2 * zoom));
    painter.setBrush(palette.card);
    painter.drawEllipse(QPointF(x, layout.plot.top()), 5.5 * zoom, 5.5 * zoom);
    if (!data.markerName.isEmpty()) {
        QFont font = layout.tickFont;
        font.setWeight(QFont::DemiBold);
        const QFontMetricsF metrics(font);
        QString text = QStringLiteral("%1 = %2").arg(data.markerName, shortNumber(*data.marker));
        if (beyond) text += QStringLiteral(" →");  // it stands at the end of the axis
        const double width = metrics.horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, layout.area.left(),
                                       std::max(layout.area.left(), layout.area.right() - width));
        painter.setFont(font);
        painter.setPen(palette.text);
        painter.drawText(QPointF(left, layout.markerTop + metrics.ascent()), text);
    }
    painter.restore();
}

void paintPoint(QPainter& painter, const CurvePlotData& data, const CurvePlotLayout& layout,
                const Palette& palette, int curve, int index, const QString& text) {
    if (layout.isEmpty() || curve < 0 || curve >= static_cast<int>(data.curves.size())) return;
    const Curve& shown = data.curves[static_cast<std::size_t>(curve)];
    const auto i = static_cast<std::size_t>(index);
    if (index < 0 || i >= std::min(shown.x.size(), shown.y.size())) return;
    const QPointF at(layout.pixelX(shown.x[i]), layout.pixelY(shown.y[i]));
    if (!finite(at)) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double zoom = layout.zoom;
    painter.setPen(QPen(palette.card, 1.5 * zoom));
    painter.setBrush(plotColor(palette, shown.color));
    painter.drawEllipse(at, 4 * zoom, 4 * zoom);
    const QFontMetricsF metrics(layout.titleFont);
    QRectF box(0, 0, metrics.horizontalAdvance(text) + 12 * zoom, metrics.height() + 8 * zoom);
    box.moveTopLeft(at + QPointF(10, -10) * zoom - QPointF(0, box.height()));
    if (box.right() > layout.area.right()) box.moveRight(at.x() - 10 * zoom);
    if (box.left() < layout.area.left()) box.moveLeft(layout.area.left());
    if (box.top() < layout.area.top()) box.moveTop(at.y() + 10 * zoom);
    painter.setPen(QPen(palette.line, 1));
    painter.setBrush(palette.card);
    painter.drawRoundedRect(box, 4, 4);
    painter.setFont(layout.titleFont);
    painter.setPen(palette.text);
    painter.drawText(QPointF(box.left() + 6 * zoom, box.top() + 4 * zoom + metrics.ascent()), text);
    painter.restore();
}

}  // namespace attn::ui
