#include "ui/plot/geometry_painter.h"

#include "ui/plot/color_map.h"
#include "ui/plot/number_text.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace attn::ui {

namespace {

struct GeometryText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::GeometryText)
};

constexpr double kDotPx = 4, kArrowPx = 9, kFaintestWeight = 0.01;
constexpr std::size_t kMostLines = 200;
constexpr double kFigurePx = 560;

QColor withAlpha(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

/// Colours of all points: of their role, or from viridis over position or length.
class Colors {
public:
    Colors(const GeometryData& data, const Palette& palette)
        : m_data(data), m_palette(palette), m_map(ColorMap::of(ColorMapId::Viridis, palette.theme)) {
        for (const std::vector<double>* each : {&data.plane->queryLengths, &data.plane->keyLengths})
            for (const double length : *each) m_longest = std::max(m_longest, length);
    }
    [[nodiscard]] QColor of(const GeometryPoint& point) const {
        const bool query = point.role == Role::Query;
        const auto index = static_cast<std::size_t>(point.index);
        const Geometry& plane = *m_data.plane;
        switch (m_data.color) {
            case GeometryColor::Position: {
                const auto last = static_cast<double>(query ? plane.queries.size() : plane.keys.size()) - 1;
                return QColor(m_map.at(last > 0 ? static_cast<double>(index) / last : 0));
            }
            case GeometryColor::Length:
                return QColor(m_map.at(
                    m_longest > 0 ? (query ? plane.queryLengths : plane.keyLengths)[index] / m_longest : 0));
            case GeometryColor::Role:
                break;
        }
        return m_palette.role(point.role);
    }
    [[nodiscard]] double longest() const { return m_longest; }
    [[nodiscard]] const ColorMap& map() const { return m_map; }

private:
    const GeometryData& m_data;
    const Palette& m_palette;
    const ColorMap& m_map;
    double m_longest = 0;
};

void paintAxes(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
               const Palette& palette) {
    const QRectF& plot = layout.plot;
    painter.setFont(layout.numberFont);
    const QFontMetricsF metrics(layout.numberFont);
    const auto grid = [&](double value) { return QPen(value == 0 ? palette.muted : palette.line, 1); };
    for (std::size_t i = 0; i < layout.xTicks.major.size(); ++i) {
        const double value = layout.xTicks.major[i], x = layout.at({value, 0}).x();
        if (x < plot.left() || x > plot.right()) continue;
        painter.setPen(grid(value));
        if (layout.line)
            painter.drawLine(QPointF(x, layout.zero.y() - 4), QPointF(x, layout.zero.y() + 4));
        else
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        painter.setPen(palette.muted);
        painter.drawText(QRectF(x - 60, plot.bottom() + 2, 120, metrics.height()), Qt::AlignCenter,
                         layout.xTicks.labels.value(static_cast<qsizetype>(i)));
    }
    for (std::size_t i = 0; i < layout.yTicks.major.size(); ++i) {
        const double value = layout.yTicks.major[i], y = layout.at({0, value}).y();
        if (y < plot.top() || y > plot.bottom()) continue;
        painter.setPen(grid(value));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(palette.muted);
        painter.drawText(QRectF(plot.left() - 84, y - metrics.height() / 2, 80, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter,
                         layout.yTicks.labels.value(static_cast<qsizetype>(i)));
    }
    if (layout.line) {
        painter.setPen(QPen(palette.muted, 1));
        painter.drawLine(QPointF(plot.left(), layout.zero.y()), QPointF(plot.right(), layout.zero.y()));
    }
    painter.setFont(layout.titleFont);
    painter.setPen(palette.muted);
    const double high = QFontMetricsF(layout.titleFont).height();
    painter.drawText(QRectF(plot.left(), layout.area.bottom() - high, plot.width(), high), Qt::AlignRight,
                     data.xTitle);
    if (!layout.line)
        painter.drawText(QRectF(layout.area.left(), layout.area.top(), plot.width() / 2, high), Qt::AlignLeft,
                         data.yTitle);
}

/// Shapes of the roles, and what a colour means, in the upper right corner.
void paintLegend(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                 const Palette& palette, const Colors& colors) {
    painter.setFont(layout.titleFont);
    const QFontMetricsF metrics(layout.titleFont);
    const double high = metrics.height(), dot = kDotPx * layout.zoom;
    double right = layout.plot.right();
    const double middle = layout.area.top() + high / 2;
    const auto text = [&](const QString& what, const QColor& color) {
        const double wide = metrics.horizontalAdvance(what);
        painter.setPen(color);
        painter.drawText(QRectF(right - wide, layout.area.top(), wide + 1, high),
                         Qt::AlignLeft | Qt::AlignVCenter, what);
        right -= wide + 4 * layout.zoom;
    };
    const auto shape = [&](Role role) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(data.color == GeometryColor::Role ? palette.role(role) : palette.muted);
        const QRectF box(right - 2 * dot, middle - dot, 2 * dot, 2 * dot);
        if (role == Role::Query)
            painter.drawEllipse(box);
        else
            painter.drawRect(box);
        right -= 2 * dot + 14 * layout.zoom;
    };
    if (data.color != GeometryColor::Role) {
        const bool length = data.color == GeometryColor::Length;
        text(length ? GeometryText::tr("length %1").arg(shortNumber(colors.longest()))
                    : GeometryText::tr("last token"),
             palette.muted);
        const QRectF bar(right - 60 * layout.zoom, middle - dot, 60 * layout.zoom, 2 * dot);
        constexpr int kSteps = 30;
        for (int i = 0; i < kSteps; ++i) {
            painter.fillRect(QRectF(bar.left() + bar.width() * i / kSteps, bar.top(),
                                    bar.width() / kSteps + 0.5, bar.height()),
                             QColor(colors.map().at(i / (kSteps - 1.0))));
        }
        right = bar.left() - 4 * layout.zoom;
        text(length ? QStringLiteral("0") : GeometryText::tr("first"), palette.muted);
        right -= 12 * layout.zoom;
    }
    text(GeometryText::tr("keys"), palette.key);
    shape(Role::Key);
    text(GeometryText::tr("queries"), palette.query);
    shape(Role::Query);
}

void paintArrow(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& color, double width,
                double head) {
    const QPointF along = to - from;
    const double length = std::hypot(along.x(), along.y());
    if (length < 1) return;
    const QPointF unit = along / length, across(-unit.y(), unit.x());
    const double tip = std::min(head, length);
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(from, to - unit * tip * 0.8);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const QPointF points[] = {to, to - unit * tip + across * tip * 0.42,
                              to - unit * tip - across * tip * 0.42};
    painter.drawPolygon(points, 3);
}

void paintWeights(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                  const Palette& palette) {
    if (data.query < 0 || data.weights.empty()) return;
    std::vector<Index> order(data.weights.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto weight = [&](Index key) {
        return static_cast<double>(data.weights[static_cast<std::size_t>(key)]);
    };
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return weight(a) > weight(b); });
    order.resize(std::min(order.size(), kMostLines));
    const QPointF from = layout.pointOf(data, {Role::Query, data.query});
    for (const Index key : order) {
        if (weight(key) < kFaintestWeight) break;
        painter.setPen(QPen(withAlpha(palette.muted, 0.15 + 0.5 * std::sqrt(weight(key))),
                            (0.8 + 7 * weight(key)) * layout.zoom, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(from, layout.pointOf(data, {Role::Key, key}));
    }
}

void paintPoint(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                const GeometryPoint& point, const QColor& color, double dot) {
    const QPointF at = layout.pointOf(data, point);
    painter.setBrush(color);
    if (point.role == Role::Query)
        painter.drawEllipse(at, dot, dot);
    else
        painter.drawRect(QRectF(at.x() - dot * 0.9, at.y() - dot * 0.9, dot * 1.8, dot * 1.8));
}

void paintVectors(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                  const Colors& colors) {
    const bool arrows = data.arrows() && !layout.line;
    const std::size_t all = data.plane->queries.size() + data.plane->keys.size();
    const double dot = (all > 300 ? 0.6 : all > 100 ? 0.8 : 1) * kDotPx * layout.zoom;
    const QPointF from = layout.at(data.plane->zero);
    for (const Role role : {Role::Key, Role::Query}) {
        const auto& points = role == Role::Query ? data.plane->queries : data.plane->keys;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const GeometryPoint point{role, static_cast<Index>(i)};
            const QColor color = withAlpha(colors.of(point), 0.8);
            if (arrows)
                paintArrow(painter, from, layout.pointOf(data, point), color, 1.4 * layout.zoom,
                           kArrowPx * layout.zoom);
            painter.setPen(Qt::NoPen);
            if (!arrows && layout.shows(layout.pointOf(data, point)))
                paintPoint(painter, data, layout, point, color, dot);
        }
    }
}

/// A ring around what was set by hand.
void paintEdited(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                 const Palette& palette) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.edited, 1.6 * layout.zoom));
    const double radius = 1.6 * kDotPx * layout.zoom;
    for (const Role role : {Role::Query, Role::Key}) {
        for (const Index index : role == Role::Query ? data.editedQueries : data.editedKeys)
            painter.drawEllipse(layout.pointOf(data, {role, index}), radius, radius);
    }
}

void paintLabels(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                 const Palette& palette) {
    for (const GeometryLayout::Label& label : layout.labels) {
        const bool query = label.point.role == Role::Query;
        const bool marked = label.point.index == (query ? data.query : data.key);
        // Over the lines that end at it.
        if (marked) painter.fillRect(label.box.adjusted(-1, 1, 3, -1), withAlpha(palette.card, 0.8));
        painter.setFont(marked ? layout.boldFont : layout.font);
        painter.setPen(palette.role(label.point.role));
        painter.drawText(label.box.adjusted(0, 0, 4, 0), Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
}

/// θ at 0, and where k ends up on the line through q.
void paintAngle(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                const Palette& palette) {
    const PairGeometry& pair = *data.pair;
    const PlanePoint q = data.plane->queries[static_cast<std::size_t>(data.query)];
    const PlanePoint k = data.plane->keys[static_cast<std::size_t>(data.key)];
    if (pair.queryLength <= 0 || pair.keyLength <= 0) return;
    const PlanePoint foot{q.x / pair.queryLength * pair.projection, q.y / pair.queryLength * pair.projection};
    const double wide = 2.2 * layout.zoom;
    painter.setPen(QPen(palette.muted, 1.2 * layout.zoom, Qt::DashLine));
    painter.drawLine(layout.at(k), layout.at(foot));
    // The line through q, as far as k reaches along it.
    const double beyond = std::max(pair.projection, pair.queryLength);
    const PlanePoint far{q.x / pair.queryLength * beyond, q.y / pair.queryLength * beyond};
    painter.drawLine(layout.at(pair.projection < 0 ? foot : PlanePoint{}), layout.at(far));
    painter.setPen(QPen(palette.key, wide * 1.6, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(layout.at({0, 0}), layout.at(foot));
    // The arc runs from q to k by the shorter way.
    const double start = std::atan2(q.y, q.x) * 180 / std::numbers::pi;
    double sweep = std::atan2(k.y, k.x) * 180 / std::numbers::pi - start;
    while (sweep > 180) sweep -= 360;
    while (sweep < -180) sweep += 360;
    const double radius = std::min(
        {34 * layout.zoom, 0.7 * pair.queryLength * layout.scale, 0.7 * pair.keyLength * layout.scale});
    const QRectF circle(layout.zero.x() - radius, layout.zero.y() - radius, 2 * radius, 2 * radius);
    QPainterPath arc;
    arc.arcMoveTo(circle, start);
    arc.arcTo(circle, start, sweep);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.text, 1.4 * layout.zoom));
    painter.drawPath(arc);
    const double half = (start + sweep / 2) * std::numbers::pi / 180;
    const QPointF at = layout.zero + QPointF(std::cos(half), -std::sin(half)) * (radius + 26 * layout.zoom);
    const QString text = QStringLiteral("θ %1°").arg(shortNumber(pair.degrees));
    const QFontMetricsF metrics(layout.boldFont);
    QRectF box(QPointF(), QSizeF(metrics.horizontalAdvance(text) + 6, metrics.height()));
    box.moveCenter(at);
    painter.fillRect(box, withAlpha(palette.card, 0.85));
    painter.setFont(layout.boldFont);
    painter.setPen(palette.text);
    painter.drawText(box, Qt::AlignCenter, text);
}

/// How much larger it is than where all points fit, and how many lie outside.
void paintFrameNote(QPainter& painter, const GeometryLayout& layout, const Palette& palette) {
    if (!layout.framed || layout.magnification() < 1.005) return;
    QString text = GeometryText::tr("×%1").arg(shortNumber(layout.magnification()));
    if (layout.outside > 0)
        text +=
            QStringLiteral(" · ") + GeometryText::tr("%n outside", nullptr, static_cast<int>(layout.outside));
    painter.setFont(layout.titleFont);
    painter.setPen(palette.text);
    const double high = QFontMetricsF(layout.titleFont).height();
    painter.drawText(QRectF(layout.plot.left(), layout.area.top(), layout.plot.width(), high),
                     Qt::AlignCenter, text);
}

}  // namespace

void paintGeometry(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                   const Palette& palette) {
    if (layout.isEmpty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const Colors colors(data, palette);
    paintAxes(painter, data, layout, palette);
    paintLegend(painter, data, layout, palette, colors);
    paintFrameNote(painter, layout, palette);
    painter.save();
    // Where all points fit nothing lies outside, and files of vectors know no clipping.
    if (layout.framed) painter.setClipRect(layout.plot);
    paintWeights(painter, data, layout, palette);
    paintVectors(painter, data, layout, colors);
    paintGeometryPair(painter, data, layout, palette);
    paintEdited(painter, data, layout, palette);
    painter.restore();
    paintLabels(painter, data, layout, palette);
}

void paintGeometryPair(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                       const Palette& palette) {
    const QPointF zero = layout.at(data.plane->zero);
    const bool arrows = (layout.area.contains(zero) || layout.framed) && !layout.line;
    if (arrows && !data.plane->exact) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette.text);
        painter.drawEllipse(zero, 3 * layout.zoom, 3 * layout.zoom);
        painter.setFont(layout.boldFont);
        painter.setPen(palette.text);
        painter.drawText(zero + QPointF(-14, 5) * layout.zoom, QStringLiteral("0"));
    }
    if (data.pair && data.plane->width == 2) paintAngle(painter, data, layout, palette);
    for (const GeometryPoint& point :
         {GeometryPoint{Role::Key, data.key}, GeometryPoint{Role::Query, data.query}}) {
        if (!point.isValid()) continue;
        const QColor& color = palette.role(point.role);
        if (arrows) {
            paintArrow(painter, zero, layout.pointOf(data, point), color, 2.6 * layout.zoom,
                       1.4 * kArrowPx * layout.zoom);
        }
        if (arrows && data.arrows()) continue;
        painter.setPen(QPen(palette.card, 2 * layout.zoom));
        paintPoint(painter, data, layout, point, color, 1.7 * kDotPx * layout.zoom);
    }
}

void paintGeometryHover(QPainter& painter, const GeometryData& data, const GeometryLayout& layout,
                        const Palette& palette, const GeometryPoint& point, const QString& text) {
    if (!point.isValid() || layout.isEmpty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF at = layout.pointOf(data, point);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.text, 1.6 * layout.zoom));
    painter.drawEllipse(at, 8 * layout.zoom, 8 * layout.zoom);
    const QFontMetricsF metrics(layout.font);
    const double wide = metrics.horizontalAdvance(text) + 12 * layout.zoom,
                 high = metrics.height() + 6 * layout.zoom;
    QRectF box(at.x() + 12 * layout.zoom, at.y() - high - 6 * layout.zoom, wide, high);
    if (box.right() > layout.area.right()) box.moveRight(at.x() - 12 * layout.zoom);
    if (box.left() < layout.area.left()) box.moveLeft(layout.area.left());
    if (box.top() < layout.area.top()) box.moveTop(at.y() + 12 * layout.zoom);
    painter.setPen(QPen(palette.line, 1));
    painter.setBrush(palette.card);
    painter.drawRoundedRect(box, 5, 5);
    painter.setFont(layout.font);
    painter.setPen(palette.role(point.role));
    painter.drawText(box, Qt::AlignCenter, text);
}

QSizeF GeometryPanel::naturalSize() const {
    return {kFigurePx, kFigurePx};
}

void GeometryPanel::paint(QPainter& painter, const QRectF& room, const Palette& palette, bool) const {
    painter.save();
    paintGeometry(painter, m_data, layOutGeometry(m_data, room, 1), palette);
    painter.restore();
}

}  // namespace attn::ui
