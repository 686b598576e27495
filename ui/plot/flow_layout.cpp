#include "ui/plot/flow_layout.h"

#include "ui/plot/heat_map_data.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kTextPx = 12, kTitlePx = 12, kNumberPx = 11;
constexpr double kPad = 6, kStageGap = 8, kLongestLabelPx = 130;
constexpr double kLeastReachPx = 110, kMostReachPx = 330;  ///< between tokens and heads
constexpr double kShortReachPx = 70, kStreamPx = 104, kWidestRibbonPx = 13, kThinnestPx = 1;
constexpr double kMostStretch = 3.2;                           ///< of rows, where there is room
constexpr double kMostLaneStretch = 1.8, kMostRowStretch = 6;  ///< of tokens, and of rows beside many of them
/// Text grows where there is more room than this many times what is needed, up to twice its size.
constexpr double kAmpleWidth = 1.3, kAmpleHeight = 1.6, kMostGrowth = 2;

struct Measures {
    QFontMetricsF text, title, number;
    double zoom = 1, row = 0, numberWidth = 0;
    double tokens = 0, left = 0, right = 0, layers = 0;       ///< widths of the lanes
    double widestStream = 1, widestHead = 1, widestRest = 1;  ///< norms

    /// Heads and what they read have one scale, what else is written another: an MLP may write a hundred
    /// times as much.
    [[nodiscard]] double ribbon(double norm, bool rest) const {
        return std::max(kThinnestPx, kWidestRibbonPx * norm / (rest ? widestRest : widestHead)) * zoom;
    }
    [[nodiscard]] double stream(double norm) const {
        return std::max(2.0, kStreamPx * norm / widestStream) * zoom;
    }
};

double widthOf(const QFontMetricsF& metrics, const QString& label, double longest) {
    return std::min(longest, std::ceil(metrics.horizontalAdvance(visibleText(label))));
}

Measures measure(const FlowData& data, const FlowLayout& layout) {
    const double zoom = layout.zoom;
    Measures m{QFontMetricsF(layout.font), QFontMetricsF(layout.titleFont), QFontMetricsF(layout.numberFont)};
    m.zoom = zoom;
    m.row = std::ceil(m.text.height()) + 2 * zoom;
    m.numberWidth = std::ceil(m.number.horizontalAdvance(QStringLiteral("−0.0000"))) + kPad * zoom;
    const double longest = kLongestLabelPx * zoom;
    double stream = 0, head = 0, rest = 0;
    for (const FlowToken& token : data.tokens)
        m.tokens = std::max(m.tokens, widthOf(m.text, token.label, longest));
    m.tokens = std::max(m.tokens, m.title.horizontalAdvance(data.tokensTitle));
    for (const FlowStage& stage : data.stages) {
        m.layers = std::max(m.layers, widthOf(m.title, stage.label, longest));
        stream = std::max({stream, stage.before, stage.after});
        for (const FlowNode& node : stage.left) {
            m.left = std::max(m.left, widthOf(m.text, node.label, longest));
            head = std::max(head, node.norm);
            for (const FlowFeed& feed : node.feeds) head = std::max(head, feed.norm);
        }
        for (const FlowNode& node : stage.right) {
            m.right = std::max(m.right, widthOf(m.text, node.label, longest));
            rest = std::max(rest, node.norm);
        }
    }
    m.tokens += 2 * kPad * zoom;
    m.left += 2 * kPad * zoom + 2 * m.numberWidth;
    m.right += 2 * kPad * zoom + 2 * m.numberWidth;
    if (m.layers > 0) m.layers += 2 * kPad * zoom;
    if (stream > 0) m.widestStream = stream;
    if (head > 0) m.widestHead = head;
    if (rest > 0) m.widestRest = rest;
    return m;
}

/// A band of even width with an S-shaped course.
QPainterPath band(const QPointF& from, double fromWidth, const QPointF& to, double toWidth) {
    const double bend = (to.x() - from.x()) / 2;
    const QPointF a(0, fromWidth / 2), b(0, toWidth / 2), reach(bend, 0);
    QPainterPath path(from - a);
    path.cubicTo(from - a + reach, to - b - reach, to - b);
    path.lineTo(to + b);
    path.cubicTo(to + b - reach, from + a + reach, from + a);
    path.closeSubpath();
    return path;
}

double rowsOf(const FlowStage& stage) {
    return static_cast<double>(std::max<std::size_t>(1, std::max(stage.left.size(), stage.right.size())));
}

/// One picture being laid out.
class Builder {
public:
    Builder(const FlowData& data, const QSizeF& room, FlowLayout& layout)
        : m_data(data), m_layout(layout), m(measure(data, layout)) {
        double rows = 0;
        for (const FlowStage& stage : data.stages) rows += rowsOf(stage);
        const double gaps = kStageGap * m.zoom * static_cast<double>(data.stages.size() + 1);
        m_top = 2 * std::ceil(m.title.height());
        const double foot = 2.4 * std::ceil(m.title.height());
        const double least = rows * m.row + gaps;
        const double free = room.height() - m_top - foot;
        m_row = m.row * std::clamp(free > gaps ? (free - gaps) / (rows * m.row) : 1.0, 1.0, kMostStretch);
        const double lane =
            static_cast<double>(data.tokens.size() + (data.otherTitle.isEmpty() ? 0 : 2)) * m.row;
        const double stretched = lane * std::clamp(free / std::max(lane, 1.0), 1.0, kMostLaneStretch);
        m_height = std::max({least, rows * m_row + gaps, stretched});
        m_row = std::clamp((m_height - gaps) / rows, m_row, std::max(m_row, kMostRowStretch * m.row));
        const double fixed =
            m.tokens + m.left + m.right + m.layers + (2 * kShortReachPx + kStreamPx) * m.zoom;
        m_reach = std::clamp(room.width() - fixed, kLeastReachPx * m.zoom, kMostReachPx * m.zoom);
        m_width = std::max(room.width(), fixed + m_reach);
        m_begin = (m_width - fixed - m_reach) / 2;
        layout.size = {m_width, m_top + m_height + foot};
    }

    void run() {
        placeTokens();
        const double left = m_begin + m.tokens + m_reach;
        m_streamMiddle = left + m.left + (kShortReachPx + kStreamPx / 2) * m.zoom;
        const double right = m_streamMiddle + (kStreamPx / 2 + kShortReachPx) * m.zoom;
        double bottom = m_top + m_height - kStageGap * m.zoom;
        for (std::size_t i = 0; i < m_data.stages.size(); ++i) {
            const FlowStage& stage = m_data.stages[i];
            const double top = bottom - rowsOf(stage) * m_row - kStageGap * m.zoom;
            if (i == 0) addStreamNorm(stage.before, bottom + m.number.ascent() + 2 * m.zoom);
            addStream(stage, top, bottom, i + 1 == m_data.stages.size());
            placeNodes(static_cast<int>(i), false, left, top, bottom);
            placeNodes(static_cast<int>(i), true, right, top, bottom);
            if (!stage.label.isEmpty())
                m_layout.layers.push_back(
                    {{right + m.right + kPad * m.zoom, bottom - m.title.descent() - kStageGap * m.zoom / 2},
                     stage.label});
            bottom = top;
        }
        placeTitles(left, right);
    }

private:
    void placeTokens() {
        const double others = static_cast<double>(std::count_if(m_data.tokens.begin(), m_data.tokens.end(),
                                                                [](const FlowToken& t) { return t.other; }));
        const bool both = !m_data.otherTitle.isEmpty();
        const double places = static_cast<double>(m_data.tokens.size()) + (both ? 2 : 0);
        const double step = std::clamp(m_height / std::max(1.0, places), m.row, 2.6 * m.row);
        double y = m_top + (m_height - places * step) / 2;
        bool title = both;
        const double room = m.tokens - 2 * kPad * m.zoom;
        for (const FlowToken& token : m_data.tokens) {
            if (title && token.other) {
                m_otherTitle = y + step - m.title.descent();
                y += step;
                title = false;
            }
            if (both && !token.other && others > 0 && !m_gap) {
                y += step;
                m_gap = true;
            }
            FlowLayout::Place place;
            place.box = {m_begin, y, m.tokens, step};
            place.label = m.text.elidedText(visibleText(token.label), Qt::ElideRight, room);
            place.text = {m_begin + m.tokens - kPad * m.zoom - m.text.horizontalAdvance(place.label),
                          place.box.center().y() + (m.text.ascent() - m.text.descent()) / 2};
            m_layout.tokens.push_back(place);
            y += step;
        }
    }

    /// Left and right edge of the stream at a height within a stage.
    [[nodiscard]] double halfWidth(const FlowStage& stage, double top, double bottom, double y) const {
        const double share = bottom > top ? std::clamp((bottom - y) / (bottom - top), 0.0, 1.0) : 1;
        const double before = stage.carries ? m.stream(stage.before) : 0;
        return (before + share * (m.stream(stage.after) - before)) / 2;
    }

    void addStream(const FlowStage& stage, double top, double bottom, bool last) {
        const double low = halfWidth(stage, top, bottom, bottom), high = halfWidth(stage, top, bottom, top);
        QPainterPath path(QPointF(m_streamMiddle - low, bottom));
        path.lineTo(m_streamMiddle - high, top);
        if (last) path.lineTo(m_streamMiddle, top - 0.8 * kStageGap * m.zoom);  // an arrow's head
        path.lineTo(m_streamMiddle + high, top);
        path.lineTo(m_streamMiddle + low, bottom);
        path.closeSubpath();
        m_layout.stream.push_back(path);
        addStreamNorm(stage.after, top + m.number.ascent() + 1);
    }

    void addStreamNorm(double norm, double baseline) {
        const QString text = shortNumber(norm);
        m_layout.streamNorms.push_back(
            {{m_streamMiddle - m.number.horizontalAdvance(text) / 2, baseline}, text});
    }

    void placeNodes(int index, bool right, double x, double top, double bottom) {
        const FlowStage& stage = m_data.stages[static_cast<std::size_t>(index)];
        const std::vector<FlowNode>& nodes = right ? stage.right : stage.left;
        const auto count = static_cast<double>(nodes.size());
        // Few of them stand in the middle of the stage.
        double y = (top + bottom) / 2 - count * m_row / 2;
        for (std::size_t i = 0; i < nodes.size(); ++i, y += m_row) {
            const FlowNode& node = nodes[i];
            FlowLayout::NodePlace made;
            made.item = {-1, index, static_cast<int>(i), right};
            made.place.box = {x, y, right ? m.right : m.left, m_row};
            const QRectF& box = made.place.box;
            const double baseline = box.center().y() + (m.text.ascent() - m.text.descent()) / 2;
            made.place.label = m.text.elidedText(visibleText(node.label), Qt::ElideRight,
                                                 box.width() - 2 * m.numberWidth - 2 * kPad * m.zoom);
            made.place.text = {x + kPad * m.zoom, baseline};
            made.normText = shortNumber(node.norm);
            made.projectionText =
                (node.projection > 0 ? QStringLiteral("+") : QString()) + shortNumber(node.projection, 2);
            const auto rightEnd = [&](double end, const QString& text) {
                return QPointF(end - m.number.horizontalAdvance(text), baseline);
            };
            made.norm = rightEnd(box.right() - m.numberWidth - kPad * m.zoom / 2, made.normText);
            made.projection = rightEnd(box.right() - kPad * m.zoom / 2, made.projectionText);
            // Ribbons run into the stream a little higher than they begin.
            const double end = std::max(top, box.center().y() - 0.35 * m_row);
            const double edge = halfWidth(stage, top, bottom, end) - 0.5;
            const double width = node.norm > 0 ? m.ribbon(node.norm, right) : 0;
            if (width > 0) {
                made.ribbon =
                    right ? band({box.left(), box.center().y()}, width, {m_streamMiddle + edge, end}, width)
                          : band({box.right(), box.center().y()}, width, {m_streamMiddle - edge, end}, width);
            }
            addFeeds(node, made);
            m_layout.nodes.push_back(std::move(made));
        }
    }

    void addFeeds(const FlowNode& node, FlowLayout::NodePlace& made) {
        for (const FlowFeed& feed : node.feeds) {
            const QRectF& from = m_layout.tokens[static_cast<std::size_t>(feed.token)].box;
            const double width = m.ribbon(feed.norm, false);
            made.feeds.push_back(band({from.right(), from.center().y()}, width,
                                      {made.place.box.left(), made.place.box.center().y()}, width));
        }
    }

    void placeTitles(double left, double right) {
        const double baseline = m_top - m.title.descent() - 2 * m.zoom;
        const auto centred = [&](double middle, const QString& text) {
            return QPointF(middle - m.title.horizontalAdvance(text) / 2, baseline);
        };
        const double tokens =
            m_begin + m.tokens - kPad * m.zoom - m.title.horizontalAdvance(m_data.tokensTitle);
        m_layout.titles = {
            {{tokens, baseline}, m_data.tokensTitle},
            {{m_begin + kPad * m.zoom, m_otherTitle}, m_data.otherTitle},
            {{left + kPad * m.zoom, baseline}, m_data.headsTitle},
            {centred(m_streamMiddle, m_data.streamTitle) - QPointF(0, std::ceil(m.title.height())),
             m_data.streamTitle},
            {{right + kPad * m.zoom, baseline}, m_data.restTitle}};
        const double high = std::ceil(m.title.height());
        double x = m_begin;
        for (const QString& text : {m_data.along, m_data.against, m_data.scales}) {
            const double wide = high + m.title.horizontalAdvance(text) + 16 * m.zoom;
            m_layout.legend.emplace_back(x, m_layout.size.height() - 1.3 * high, wide, high);
            x += wide;
        }
    }

    const FlowData& m_data;
    FlowLayout& m_layout;
    Measures m;
    double m_top = 0, m_row = 0, m_height = 0, m_reach = 0, m_width = 0, m_begin = 0, m_streamMiddle = 0;
    double m_otherTitle = 0;
    bool m_gap = false;
};

}  // namespace

FlowItem FlowLayout::itemAt(const QPointF& position) const {
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i].box.contains(position)) return {static_cast<int>(i), -1, -1, false};
    for (const NodePlace& node : nodes)
        if (node.place.box.contains(position) || node.ribbon.contains(position)) return node.item;
    return {};
}

const FlowLayout::NodePlace* FlowLayout::find(const FlowItem& item) const {
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const NodePlace& node) { return node.item == item; });
    return found == nodes.end() ? nullptr : &*found;
}

FlowLayout layOutFlow(const FlowData& data, const QSizeF& room, double zoom) {
    FlowLayout layout;
    layout.zoom = zoom;
    layout.font = textFont(kTextPx * zoom);
    layout.titleFont = textFont(kTitlePx * zoom, QFont::DemiBold);
    layout.numberFont = numberFont(kNumberPx * zoom);
    if (!data.isEmpty()) Builder(data, room, layout).run();
    return layout;
}

FlowLayout growFlow(const FlowData& data, const QSizeF& room, double zoom) {
    const QSizeF least = layOutFlow(data, {}, zoom).size;
    if (least.isEmpty()) return layOutFlow(data, room, zoom);
    const double across = room.width() / (kAmpleWidth * least.width());
    const double up = room.height() / (kAmpleHeight * least.height());
    return layOutFlow(data, room, zoom * std::clamp(std::min(across, up), 1.0, kMostGrowth));
}

FlowLayout fitFlow(const FlowData& data, const QSizeF& room) {
    constexpr double kLeastPx = 6;
    double zoom = 1;
    FlowLayout layout = layOutFlow(data, room, zoom);
    while (!layout.isEmpty() && zoom * kTextPx > kLeastPx &&
           (layout.size.width() > room.width() + 0.5 || layout.size.height() > room.height() + 0.5)) {
        zoom = std::max(zoom * 0.92, kLeastPx / kTextPx);
        layout = layOutFlow(data, room, zoom);
        if (zoom * kTextPx <= kLeastPx) break;
    }
    return layout;
}

QSizeF naturalFlowSize(const FlowData& data) {
    return layOutFlow(data, {760, 320}, 1).size;
}

}  // namespace attn::ui
