#include "ui/plot/geometry_layout.h"

#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kTextPx = 12.5, kNumberPx = 11, kTitlePx = 12;
constexpr double kReachPx = 14, kLineOffsetPx = 26;
constexpr Index kMostArrows = 64;
constexpr std::size_t kMostTried = 400, kMostLabels = 160;
constexpr double kTickPx = 70;

bool sameLabels(const Labels& a, const Labels& b) {
    return a == b || (a && b && *a == *b);
}

struct Bounds {
    double left = 0, right = 0, bottom = 0, top = 0;
    bool any = false;

    void add(const PlanePoint& point) {
        left = any ? std::min(left, point.x) : point.x;
        right = any ? std::max(right, point.x) : point.x;
        bottom = any ? std::min(bottom, point.y) : point.y;
        top = any ? std::max(top, point.y) : point.y;
        any = true;
    }
    [[nodiscard]] double size() const { return std::max(right - left, top - bottom); }
};

/// All points; and 0 where the plane is exact, or where it lies near enough not to squeeze them.
Bounds boundsOf(const GeometryData& data) {
    constexpr double kMostStretch = 2.2;
    Bounds bounds;
    for (const PlanePoint& each : data.plane->queries) bounds.add(each);
    for (const PlanePoint& each : data.plane->keys) bounds.add(each);
    Bounds withZero = bounds;
    withZero.add(data.plane->zero);
    if (data.plane->exact || withZero.size() <= kMostStretch * bounds.size()) bounds = withZero;
    if (bounds.size() <= 0) {
        bounds.left -= 1;
        bounds.right += 1;
        bounds.bottom -= 1;
        bounds.top += 1;
    }
    return bounds;
}

GeometryFrame fittingFrame(const GeometryData& data, const GeometryLayout& layout) {
    const Bounds bounds = boundsOf(data);
    const double inset = 34 * layout.zoom;
    const double width = std::max(20.0, layout.plot.width() - 2 * inset);
    const double height = std::max(20.0, layout.plot.height() - 2 * inset);
    const double spanX = bounds.right - bounds.left, spanY = bounds.top - bounds.bottom;
    return {std::min(spanX > 0 ? width / spanX : 1e300, spanY > 0 && !layout.line ? height / spanY : 1e300),
            {(bounds.left + bounds.right) / 2, layout.line ? 0 : (bounds.top + bounds.bottom) / 2}};
}

void findTicks(const GeometryData& data, GeometryLayout& layout) {
    const PlanePoint low = layout.planePoint(layout.plot.bottomLeft()),
                     high = layout.planePoint(layout.plot.topRight());
    layout.x = {low.x, high.x};
    layout.y = {low.y, high.y};
    const int most = std::max(2, static_cast<int>(layout.plot.width() / (kTickPx * layout.zoom)));
    layout.xTicks = axisTicks({data.xTitle, AxisScale::Linear, {}, {}, {}}, layout.x, most);
    if (layout.line) return;
    const int mostY = std::max(2, static_cast<int>(layout.plot.height() / (kTickPx * layout.zoom)));
    layout.yTicks = axisTicks({data.yTitle, AxisScale::Linear, {}, {}, {}}, layout.y, mostY);
}

/// Who is labelled first: the pair, then what has most weight, then in the order of the tokens.
std::vector<GeometryPoint> byImportance(const GeometryData& data) {
    std::vector<GeometryPoint> points;
    const auto queries = static_cast<Index>(data.plane->queries.size());
    const auto keys = static_cast<Index>(data.plane->keys.size());
    if (data.query >= 0) points.push_back({Role::Query, data.query});
    if (data.key >= 0) points.push_back({Role::Key, data.key});
    std::vector<Index> order;
    for (Index i = 0; i < keys; ++i) order.push_back(i);
    if (!data.weights.empty()) {
        std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
            return data.weights[static_cast<std::size_t>(a)] > data.weights[static_cast<std::size_t>(b)];
        });
    }
    for (Index i = 0; i < std::max(queries, keys); ++i) {
        if (i < keys && order[static_cast<std::size_t>(i)] != data.key)
            points.push_back({Role::Key, order[static_cast<std::size_t>(i)]});
        if (i < queries && i != data.query) points.push_back({Role::Query, i});
        if (points.size() >= kMostTried) break;
    }
    return points;
}

/// Where points lie, in cells of a few pixels: a question about a thousand of them costs as little as one.
class Occupied {
public:
    Occupied(const QRectF& area, double cell)
        : m_area(area),
          m_cell(cell),
          m_columns(static_cast<int>(area.width() / cell) + 1),
          m_rows(static_cast<int>(area.height() / cell) + 1),
          m_cells(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows), false) {}

    void add(const QPointF& point) {
        if (m_area.contains(point)) m_cells[place(column(point.x()), row(point.y()))] = true;
    }
    [[nodiscard]] bool any(const QRectF& box) const {
        for (int r = row(box.top()); r <= row(box.bottom()); ++r)
            for (int c = column(box.left()); c <= column(box.right()); ++c)
                if (m_cells[place(c, r)]) return true;
        return false;
    }

private:
    [[nodiscard]] int column(double x) const {
        return std::clamp(static_cast<int>((x - m_area.left()) / m_cell), 0, m_columns - 1);
    }
    [[nodiscard]] int row(double y) const {
        return std::clamp(static_cast<int>((y - m_area.top()) / m_cell), 0, m_rows - 1);
    }
    [[nodiscard]] std::size_t place(int c, int r) const {
        return static_cast<std::size_t>(r) * static_cast<std::size_t>(m_columns) +
               static_cast<std::size_t>(c);
    }
    QRectF m_area;
    double m_cell;
    int m_columns, m_rows;
    std::vector<bool> m_cells;
};

/// Beside, above or below: the first place where a label covers no point and no other label. The pair's may
/// cover points.
void placeLabels(const GeometryData& data, GeometryLayout& layout) {
    const QFontMetricsF metrics(layout.font), bold(layout.boldFont);
    const double gap = 7 * layout.zoom, high = metrics.height();
    const QPointF zero = layout.at(data.plane->zero);
    Occupied occupied(layout.area, 4);
    for (const Role role : {Role::Query, Role::Key}) {
        const std::size_t count = role == Role::Query ? data.plane->queries.size() : data.plane->keys.size();
        for (std::size_t i = 0; i < count; ++i) {
            const QPointF at = layout.pointOf(data, {role, static_cast<Index>(i)});
            occupied.add(at);
            if (!layout.shows(at)) ++layout.outside;
        }
    }
    for (const GeometryPoint& point : byImportance(data)) {
        if (layout.labels.size() >= kMostLabels) break;
        const QPointF at = layout.pointOf(data, point);
        if (!layout.shows(at)) continue;
        const bool query = point.role == Role::Query;
        const bool marked = point.index == (query ? data.query : data.key);
        const Labels& names = query ? data.queries : data.keys;
        const QString text =
            metrics.elidedText(visibleText((*names)[point.index]), Qt::ElideRight, 130 * layout.zoom);
        const double wide = (marked ? bold : metrics).horizontalAdvance(text);
        const QRectF right(at.x() + gap, at.y() - high / 2, wide, high);
        const QRectF left(at.x() - gap - wide, at.y() - high / 2, wide, high);
        const QRectF above(at.x() - wide / 2, at.y() - gap - high, wide, high);
        const QRectF below(at.x() - wide / 2, at.y() + gap, wide, high);
        // Away from 0 first, where no arrow comes from.
        const bool leftwards = at.x() < zero.x(), upwards = at.y() < zero.y();
        std::array<QRectF, 4> places{leftwards ? left : right, upwards ? above : below,
                                     leftwards ? right : left, upwards ? below : above};
        // Beside the query's tip runs the line that its key is projected on.
        if (marked && query && data.pair && data.plane->width == 2) {
            const bool keyAbove = layout.pointOf(data, {Role::Key, data.key}).y() < at.y();
            places = {keyAbove ? below : above, keyAbove ? above : below, right, left};
        }
        const auto isFree = [&](const QRectF& box) {
            return layout.area.contains(box) && (marked || !occupied.any(box)) &&
                   std::none_of(
                       layout.labels.begin(), layout.labels.end(),
                       [&](const GeometryLayout::Label& other) { return other.box.intersects(box); });
        };
        const auto found = std::find_if(places.begin(), places.end(), isFree);
        if (found != places.end()) layout.labels.push_back({point, *found, text});
    }
    layout.unlabelled = data.plane->queries.size() + data.plane->keys.size() - layout.labels.size();
}

}  // namespace

bool GeometryData::arrows() const {
    return plane && plane->exact &&
           static_cast<Index>(plane->queries.size() + plane->keys.size()) <= kMostArrows;
}

bool GeometryData::samePoints(const GeometryData& other) const {
    return plane == other.plane && color == other.color && sameLabels(queries, other.queries) &&
           sameLabels(keys, other.keys) && xTitle == other.xTitle && yTitle == other.yTitle;
}

QPointF GeometryLayout::pointOf(const GeometryData& data, const GeometryPoint& point) const {
    const bool query = point.role == Role::Query;
    const auto& points = query ? data.plane->queries : data.plane->keys;
    QPointF place = at(points[static_cast<std::size_t>(point.index)]);
    if (line) place.ry() += (query ? -kLineOffsetPx : kLineOffsetPx) * zoom;
    return place;
}

GeometryFrame GeometryLayout::zoomed(double factor, const QPointF& place) const {
    const double to = std::clamp(scale * factor, fitted.scale, kMostZoom * fitted.scale);
    if (to <= fitted.scale * (1 + 1e-9)) return fitted;
    const PlanePoint fixed = planePoint(place);
    const QPointF way = plot.center() - place;
    return {to, {fixed.x + way.x() / to, line ? 0 : fixed.y - way.y() / to}};
}

GeometryFrame GeometryLayout::moved(const GeometryData& data, const QPointF& px) const {
    const Bounds bounds = boundsOf(data);
    const PlanePoint middle = planePoint(plot.center() + px);
    return {scale,
            {std::clamp(middle.x, bounds.left, bounds.right),
             line ? 0 : std::clamp(middle.y, bounds.bottom, bounds.top)}};
}

GeometryPoint GeometryLayout::nearest(const GeometryData& data, const QPointF& place) const {
    GeometryPoint best;
    if (isEmpty() || data.isEmpty()) return best;
    double distance = kReachPx * zoom;
    for (const Role role : {Role::Query, Role::Key}) {
        const auto count =
            static_cast<Index>(role == Role::Query ? data.plane->queries.size() : data.plane->keys.size());
        for (Index i = 0; i < count; ++i) {
            const QPointF at = pointOf(data, {role, i}), to = at - place;
            const double away = std::hypot(to.x(), to.y());
            if (away >= distance || !shows(at)) continue;
            distance = away;
            best = {role, i};
        }
    }
    return best;
}

GeometryLayout layOutGeometry(const GeometryData& data, const QRectF& area, double zoom,
                              const GeometryFrame* frame) {
    GeometryLayout layout;
    layout.zoom = zoom;
    layout.area = area;
    layout.font = textFont(kTextPx * zoom);
    layout.boldFont = textFont(kTextPx * zoom, QFont::Bold);
    layout.numberFont = numberFont(kNumberPx * zoom);
    layout.titleFont = textFont(kTitlePx * zoom, QFont::DemiBold);
    if (data.isEmpty()) return layout;
    layout.line = data.plane->width == 1;
    const QFontMetricsF numbers(layout.numberFont), titles(layout.titleFont);
    const double left =
        layout.line ? 8 * zoom : numbers.horizontalAdvance(QStringLiteral("−00.0")) + 8 * zoom;
    const double below = numbers.height() + titles.height() + 10 * zoom, above = titles.height() + 8 * zoom;
    layout.plot = area.adjusted(left, above, -8 * zoom, -below);
    if (layout.plot.width() < 40 || layout.plot.height() < 40) layout.plot = area;
    layout.fitted = fittingFrame(data, layout);
    layout.framed = frame != nullptr;
    const GeometryFrame& shown = frame != nullptr ? *frame : layout.fitted;
    layout.scale = shown.scale;
    layout.zero = layout.plot.center() - QPointF(shown.middle.x, -shown.middle.y) * shown.scale;
    findTicks(data, layout);
    placeLabels(data, layout);
    return layout;
}

}  // namespace attn::ui
