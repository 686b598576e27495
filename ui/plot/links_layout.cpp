#include "ui/plot/links_layout.h"

#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace attn::ui {

bool LinksData::sameTokens(const LinksData& other) const {
    const auto same = [](const Labels& a, const Labels& b) { return a == b || (a && b && *a == *b); };
    return arrangement == other.arrangement && oneSequence == other.oneSequence &&
           queryTitle == other.queryTitle && keyTitle == other.keyTitle && legend == other.legend &&
           same(queries, other.queries) && same(keys, other.keys);
}

bool LinksData::operator==(const LinksData& other) const {
    return sameTokens(other) && title == other.title && lines == other.lines;
}

namespace {

using Place = LinksLayout::Place;
using Side = LinksToken::Side;

constexpr double kTextPx = 14, kTitlePx = 12, kNumberPx = 11;
constexpr double kPadX = 8, kPadY = 4, kGapPx = 6;
constexpr double kLongestLabelPx = 190, kLeastMiddlePx = 140, kMostMiddlePx = 620;
constexpr double kNumberRoomPx = 44;

struct Measures {
    QFontMetricsF metrics, titleMetrics;
    double zoom, lineHeight, titleHeight, numberRoom;
    std::vector<double> queryWidths, keyWidths;
    double widestQuery = 0, widestKey = 0;
};

std::vector<double> widthsOf(const Labels& labels, const QFontMetricsF& metrics, double longest,
                             double& widest) {
    std::vector<double> widths;
    for (const QString& label : *labels) {
        widths.push_back(std::min(longest, std::ceil(metrics.horizontalAdvance(visibleText(label)))));
        widest = std::max(widest, widths.back());
    }
    return widths;
}

Measures measure(const LinksData& data, const LinksLayout& layout) {
    const double zoom = layout.zoom;
    Measures m{QFontMetricsF(layout.font), QFontMetricsF(layout.titleFont), zoom, 0, 0, 0, {}, {}};
    m.lineHeight = std::ceil(m.metrics.height());
    m.titleHeight = std::ceil(m.titleMetrics.height()) + kGapPx * zoom;
    m.numberRoom = kNumberRoomPx * zoom;
    m.queryWidths = widthsOf(data.queries, m.metrics, kLongestLabelPx * zoom, m.widestQuery);
    m.keyWidths = widthsOf(data.keys, m.metrics, kLongestLabelPx * zoom, m.widestKey);
    return m;
}

Place placeIn(const QRectF& box, const QString& label, double width, double room, const Measures& m,
              bool right) {
    Place place;
    place.box = box;
    place.label = m.metrics.elidedText(visibleText(label), Qt::ElideRight, room);
    const double left =
        right ? box.right() - kPadX * m.zoom - std::min(width, room) : box.left() + kPadX * m.zoom;
    place.text = {left, box.center().y() + (m.metrics.ascent() - m.metrics.descent()) / 2};
    return place;
}

/// Queries on the left, written up to their anchors; keys on the right.
void layOutColumns(const LinksData& data, const QSizeF& room, const Measures& m, LinksLayout& layout) {
    const double pad = kPadX * m.zoom;
    const double left = m.numberRoom + m.widestQuery + 2 * pad, right = m.numberRoom + m.widestKey + 2 * pad;
    const double middle =
        std::clamp(room.width() - left - right, kLeastMiddlePx * m.zoom, kMostMiddlePx * m.zoom);
    const double width = std::max(room.width(), left + middle + right);
    const double begin = (width - left - middle - right) / 2;
    const double least = m.lineHeight + kPadY * m.zoom;
    const auto rows = static_cast<double>(std::max(data.queryCount(), data.keyCount()));
    const double step =
        std::clamp((room.height() - m.titleHeight) / std::max(rows, 1.0), least, 2.8 * m.lineHeight);
    const auto column = [&](const Labels& labels, const std::vector<double>& widths, double from, double wide,
                            bool query) {
        std::vector<Place> places;
        // The shorter of two sequences stands beside the middle of the longer one.
        const double offset = (rows - static_cast<double>(labels->size())) / 2 * step;
        for (qsizetype i = 0; i < labels->size(); ++i) {
            const QRectF box(from, m.titleHeight + offset + static_cast<double>(i) * step, wide, step);
            places.push_back(
                placeIn(box, (*labels)[i], widths[static_cast<std::size_t>(i)], wide - 2 * pad, m, query));
            places.back().anchor = {query ? box.right() : box.left(), box.center().y()};
        }
        return places;
    };
    layout.queries = column(data.queries, m.queryWidths, begin + m.numberRoom, left - m.numberRoom, true);
    layout.keys = column(data.keys, m.keyWidths, begin + left + middle, right - m.numberRoom, false);
    const double baseline = m.titleMetrics.ascent();
    layout.queryTitle = {begin + left - pad - m.titleMetrics.horizontalAdvance(data.queryTitle), baseline};
    layout.keyTitle = {begin + left + middle + pad, baseline};
    layout.size = {width, m.titleHeight + step * rows};
}

/// Boxes one after another, each as wide as its text, with the room that is left between them.
std::vector<Place> lineOf(const Labels& labels, const std::vector<double>& widths, double left, double top,
                          double height, double gap, const Measures& m) {
    std::vector<Place> places;
    double x = left;
    for (qsizetype i = 0; i < labels->size(); ++i) {
        const double width = widths[static_cast<std::size_t>(i)];
        const QRectF box(x, top, width + 2 * kPadX * m.zoom + gap, height);
        places.push_back(placeIn(box, (*labels)[i], width, width, m, false));
        places.back().text.rx() = box.center().x() - width / 2;
        x = box.right();
    }
    return places;
}

double lengthOf(const std::vector<double>& widths, double zoom) {
    double length = 0;
    for (const double width : widths) length += width + 2 * kPadX * zoom;
    return length;
}

double gapFor(double room, double length, std::size_t count, double zoom) {
    if (count == 0) return 0;
    return std::clamp((room - length) / static_cast<double>(count), 0.0, 28 * zoom);
}

void layOutRows(const LinksData& data, const QSizeF& room, const Measures& m, LinksLayout& layout) {
    const double queries = lengthOf(m.queryWidths, m.zoom), keys = lengthOf(m.keyWidths, m.zoom);
    const double queryGap = gapFor(room.width(), queries, m.queryWidths.size(), m.zoom);
    const double keyGap = gapFor(room.width(), keys, m.keyWidths.size(), m.zoom);
    const double queryWide = queries + queryGap * static_cast<double>(m.queryWidths.size());
    const double keyWide = keys + keyGap * static_cast<double>(m.keyWidths.size());
    const double width = std::max({room.width(), queryWide, keyWide});
    const double line = m.lineHeight + 2 * kPadY * m.zoom, number = m.lineHeight;
    const double top = m.titleHeight + number;
    const double middle = std::clamp(room.height() - top - 2 * line - number - m.titleHeight,
                                     kLeastMiddlePx * m.zoom, 0.6 * kMostMiddlePx * m.zoom);
    layout.queries = lineOf(data.queries, m.queryWidths, (width - queryWide) / 2, top, line, queryGap, m);
    layout.keys = lineOf(data.keys, m.keyWidths, (width - keyWide) / 2, top + line + middle, line, keyGap, m);
    for (Place& place : layout.queries) place.anchor = {place.box.center().x(), place.box.bottom()};
    for (Place& place : layout.keys) place.anchor = {place.box.center().x(), place.box.top()};
    layout.queryTitle = {(width - queryWide) / 2 + kPadX * m.zoom, m.titleMetrics.ascent()};
    layout.keyTitle = {(width - keyWide) / 2 + kPadX * m.zoom,
                       top + 2 * line + middle + number + m.titleMetrics.ascent()};
    layout.size = {width, top + 2 * line + middle + number + m.titleHeight};
}

void layOutArcs(const LinksData& data, const QSizeF& room, const Measures& m, LinksLayout& layout) {
    layout.oneLine = true;
    const double between = data.oneSequence ? 0 : 40 * m.zoom;
    const double length =
        lengthOf(m.keyWidths, m.zoom) + (data.oneSequence ? 0 : lengthOf(m.queryWidths, m.zoom)) + between;
    const std::size_t count = m.keyWidths.size() + (data.oneSequence ? 0 : m.queryWidths.size());
    const double gap = gapFor(room.width(), length, count, m.zoom);
    const double wide = length + gap * static_cast<double>(count), width = std::max(room.width(), wide);
    const double line = m.lineHeight + 2 * kPadY * m.zoom, number = m.lineHeight;
    const double least = 2 * kLeastMiddlePx * m.zoom + line + number + m.titleHeight;
    const double height = std::max(room.height(), least);
    const double top =
        m.titleHeight + (height - m.titleHeight - line - number) * (data.oneSequence ? 0.5 : 1);
    layout.keys = lineOf(data.keys, m.keyWidths, (width - wide) / 2, top, line, gap, m);
    layout.queries = data.oneSequence ? layout.keys
                                      : lineOf(data.queries, m.queryWidths,
                                               layout.keys.back().box.right() + between, top, line, gap, m);
    for (std::vector<Place>* side : {&layout.queries, &layout.keys})
        for (Place& place : *side) place.anchor = place.box.center();
    layout.queryTitle = {kPadX * m.zoom, m.titleMetrics.ascent()};
    layout.size = {width, height};
}

/// The legend's items side by side, in as many lines as it takes from `top` on.
std::vector<QRectF> legendBoxes(const LinksData& data, const Measures& m, double width, double top) {
    std::vector<QRectF> boxes;
    const double high = m.titleMetrics.height() + 2 * m.zoom;
    double x = 0, y = top + kGapPx * m.zoom;
    for (const LinksLegendItem& item : data.legend) {
        const double wide = high + m.titleMetrics.horizontalAdvance(item.name) + 14 * m.zoom;
        if (x > 0 && x + wide > width) {
            x = 0;
            y += high;
        }
        boxes.emplace_back(x, y, wide, high);
        x += wide;
    }
    return boxes;
}

LinksLayout layOutAt(const LinksData& data, const QSizeF& room, double zoom) {
    LinksLayout layout;
    layout.arrangement = data.arrangement;
    layout.zoom = zoom;
    layout.font = textFont(kTextPx * zoom);
    layout.titleFont = textFont(kTitlePx * zoom, QFont::DemiBold);
    layout.numberFont = numberFont(kNumberPx * zoom);
    if (data.isEmpty()) return layout;
    const Measures m = measure(data, layout);
    const std::vector<QRectF> legend = legendBoxes(data, m, room.width(), 0);
    const QSizeF left(room.width(), room.height() - (legend.empty() ? 0 : legend.back().bottom()));
    switch (data.arrangement) {
        case LinksArrangement::Columns:
            layOutColumns(data, left, m, layout);
            break;
        case LinksArrangement::Rows:
            layOutRows(data, left, m, layout);
            break;
        case LinksArrangement::Arcs:
            layOutArcs(data, left, m, layout);
            break;
    }
    layout.legend = legendBoxes(data, m, room.width(), layout.size.height());
    if (!layout.legend.empty()) layout.size.setHeight(layout.legend.back().bottom());
    return layout;
}

}  // namespace

QPainterPath LinksLayout::path(Index query, Index key) const {
    const Place& from = queries[static_cast<std::size_t>(query)];
    const Place& to = keys[static_cast<std::size_t>(key)];
    QPainterPath path;
    if (!oneLine) {
        const QPointF a = from.anchor, b = to.anchor;
        const bool across = arrangement == LinksArrangement::Columns;
        const QPointF bend = across ? QPointF((b.x() - a.x()) / 2, 0) : QPointF(0, (b.y() - a.y()) / 2);
        path.moveTo(a);
        path.cubicTo(a + bend, b - bend, b);
        return path;
    }
    // Above the line what looks back (or at another sequence), below what looks ahead.
    const bool ahead = to.anchor.x() > from.anchor.x();
    const double y = ahead ? from.box.bottom() : from.box.top(), sign = ahead ? 1 : -1;
    const double reach = std::abs(to.anchor.x() - from.anchor.x());
    const double highest = (ahead ? size.height() - from.box.bottom() : from.box.top()) - 30 * zoom;
    if (reach < 1) {  // itself: a small loop
        const double r = std::min(9 * zoom, highest / 2);
        path.addEllipse(QPointF(from.anchor.x(), y + sign * r), r * 0.7, r);
        return path;
    }
    // All in proportion, so that no two end up at the same height; a cubic reaches three quarters of its
    // handles.
    const double longest = std::max(1.0, queries.back().anchor.x() - keys.front().anchor.x());
    const double height = reach * std::min(0.5, highest / longest) * 4 / 3;
    path.moveTo(from.anchor.x(), y);
    path.cubicTo(QPointF(from.anchor.x(), y + sign * height), QPointF(to.anchor.x(), y + sign * height),
                 QPointF(to.anchor.x(), y));
    return path;
}

QRectF LinksLayout::numberBox(LinksToken::Side side, Index index) const {
    const QRectF& box = this->side(side)[static_cast<std::size_t>(index)].box;
    const double wide = kNumberRoomPx * zoom, high = QFontMetricsF(numberFont).height();
    if (arrangement == LinksArrangement::Columns)
        return side == Side::Query ? QRectF(box.left() - wide, box.top(), wide, box.height())
                                   : QRectF(box.right(), box.top(), wide, box.height());
    const double x = box.center().x() - wide / 2;
    if (arrangement == LinksArrangement::Rows && side == Side::Query)
        return {x, box.top() - high, wide, high};
    return {x, box.bottom(), wide, high};
}

LinksToken LinksLayout::tokenAt(const QPointF& position) const {
    for (const Side each : {Side::Query, Side::Key}) {
        const std::vector<Place>& places = side(each);
        const auto found = std::find_if(places.begin(), places.end(),
                                        [&](const Place& place) { return place.box.contains(position); });
        if (found != places.end()) return {each, found - places.begin()};
    }
    return {};
}

LinksLayout layOutLinks(const LinksData& data, const QSizeF& room, double zoom) {
    return layOutAt(data, room, zoom);
}

LinksLayout fitLinks(const LinksData& data, const QSizeF& room) {
    constexpr double kLeastPx = 6;
    LinksLayout layout = layOutAt(data, room, 1);
    double zoom = 1;
    while (!layout.isEmpty() && zoom * kTextPx > kLeastPx &&
           (layout.size.width() > room.width() + 0.5 || layout.size.height() > room.height() + 0.5)) {
        zoom = std::max(zoom * 0.92, kLeastPx / kTextPx);
        layout = layOutAt(data, room, zoom);
        if (zoom * kTextPx <= kLeastPx) break;
    }
    return layout;
}

QSizeF naturalLinksSize(const LinksData& data) {
    const QSizeF none(520, 0);
    const LinksLayout least = layOutAt(data, none, 1);
    if (data.arrangement != LinksArrangement::Arcs) return least.size;
    // High enough for the widest arc, up to a limit.
    const double wide = std::max(least.size.width(), 420.0);
    return {wide, std::max(least.size.height(), std::min(wide * (data.oneSequence ? 0.7 : 0.45), 720.0))};
}

}  // namespace attn::ui
