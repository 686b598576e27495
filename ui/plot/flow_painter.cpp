#include "ui/plot/flow_painter.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr double kFeedOpacity = 0.32, kWriteOpacity = 0.8, kStreamOpacity = 0.3, kStrong = 0.85;
constexpr double kBehindNumber = 0.55;

QColor faded(QColor color, double opacity) {
    color.setAlphaF(static_cast<float>(opacity));
    return color;
}

const QColor& writeColor(const FlowNode& node, const Palette& palette) {
    return node.projection < 0 ? palette.negative : palette.positive;
}

void paintNode(QPainter& painter, const FlowNode& node, const FlowLayout::NodePlace& place,
               const Palette& palette, bool strong, int token) {
    for (std::size_t i = 0; i < place.feeds.size(); ++i) {
        if (token < 0 || node.feeds[i].token == token)
            painter.fillPath(place.feeds[i], faded(palette.key, strong ? kStrong : kFeedOpacity));
    }
    painter.fillPath(place.ribbon, faded(writeColor(node, palette), strong ? 1 : kWriteOpacity));
}

bool feeds(const FlowNode& node, int token) {
    return std::any_of(node.feeds.begin(), node.feeds.end(),
                       [token](const FlowFeed& feed) { return feed.token == token; });
}

void paintTokens(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                 const FlowItem& item, const QRectF& visible) {
    std::vector<char> belongs(data.tokens.size(), 0);
    if (item.isNode())
        for (const FlowFeed& feed : data.node(item).feeds) belongs[static_cast<std::size_t>(feed.token)] = 1;
    if (item.isToken()) belongs[static_cast<std::size_t>(item.token)] = 1;
    QFont bold = layout.font;
    bold.setWeight(QFont::Bold);
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        const FlowLayout::Place& place = layout.tokens[i];
        if (!visible.intersects(place.box)) continue;
        const bool query = data.tokens[i].isQuery;
        painter.setFont(query || belongs[i] != 0 ? bold : layout.font);
        painter.setPen(query                                         ? palette.query
                       : belongs[i] != 0                             ? palette.key
                       : item.isValid() || data.tokens[i].isHidden() ? palette.muted
                                                                     : palette.text);
        painter.drawText(place.text, place.label);
    }
}

void paintNodeTexts(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                    const FlowItem& item, const QRectF& visible) {
    QFont bold = layout.font;
    bold.setWeight(QFont::Bold);
    for (const FlowLayout::NodePlace& place : layout.nodes) {
        if (!visible.intersects(place.place.box)) continue;
        const FlowNode& node = data.node(place.item);
        const bool strong =
            place.item == item || (item.isToken() && feeds(node, item.token)) || place.item == data.selected;
        const bool quiet = node.off || (item.isValid() && !strong);
        painter.setFont(strong ? bold : layout.font);
        painter.setPen(quiet ? palette.muted : palette.text);
        painter.drawText(place.place.text, place.place.label);
        painter.setFont(layout.numberFont);
        painter.setPen(quiet ? palette.muted : palette.text);
        painter.drawText(place.norm, place.normText);
        if (!quiet) painter.setPen(writeColor(node, palette));
        painter.drawText(place.projection, place.projectionText);
        if (place.item != data.selected) continue;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette.accent, 1.5 * layout.zoom));
        painter.drawRoundedRect(place.place.box.adjusted(1, 0.5, -1, -0.5), 4, 4);
    }
}

void paintLegend(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette) {
    const QString texts[] = {data.along, data.against, data.scales};
    painter.setFont(layout.titleFont);
    for (std::size_t i = 0; i < layout.legend.size(); ++i) {
        const QRectF& box = layout.legend[i];
        const double side = box.height() * 0.55;
        const bool swatch = i < 2;
        if (swatch) {
            painter.fillRect(QRectF(box.left(), box.center().y() - side / 2, side, side),
                             i == 0 ? palette.positive : palette.negative);
        }
        painter.setPen(palette.muted);
        painter.drawText(box.adjusted(swatch ? box.height() * 0.8 : 0, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter, texts[i]);
    }
}

}  // namespace

void paintFlowRibbons(QPainter& painter, const FlowData& data, const FlowLayout& layout,
                      const Palette& palette, const QRectF& visible) {
    painter.setPen(Qt::NoPen);
    for (const QPainterPath& piece : layout.stream) {
        if (visible.intersects(piece.boundingRect()))
            painter.fillPath(piece, faded(palette.query, kStreamOpacity));
    }
    for (const FlowLayout::NodePlace& place : layout.nodes) {
        QRectF bounds = place.ribbon.boundingRect();
        for (const QPainterPath& feed : place.feeds) bounds = bounds.united(feed.boundingRect());
        if (visible.intersects(bounds)) paintNode(painter, data.node(place.item), place, palette, false, -1);
    }
}

void paintFlowItem(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                   const FlowItem& item) {
    painter.setPen(Qt::NoPen);
    for (const FlowLayout::NodePlace& place : layout.nodes) {
        const FlowNode& node = data.node(place.item);
        if (place.item == item || (item.isToken() && feeds(node, item.token)))
            paintNode(painter, node, place, palette, true, item.token);
    }
}

void paintFlowTexts(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                    const FlowItem& item, const QRectF& visible) {
    paintTokens(painter, data, layout, palette, item, visible);
    paintNodeTexts(painter, data, layout, palette, item, visible);
    painter.setFont(layout.titleFont);
    const QColor colors[] = {palette.key, palette.key, palette.text, palette.query, palette.text};
    for (std::size_t i = 0; i < layout.titles.size(); ++i) {
        painter.setPen(colors[i]);
        painter.drawText(layout.titles[i].at, layout.titles[i].text);
    }
    painter.setPen(palette.muted);
    for (const FlowLayout::Text& layer : layout.layers) painter.drawText(layer.at, layer.text);
    // A thin stream would strike its own number through.
    painter.setFont(layout.numberFont);
    const QFontMetricsF metrics(layout.numberFont);
    for (const FlowLayout::Text& norm : layout.streamNorms) {
        const QRectF box(norm.at.x() - 2, norm.at.y() - metrics.ascent(),
                         metrics.horizontalAdvance(norm.text) + 4, metrics.height());
        painter.fillRect(box, faded(palette.card, kBehindNumber));
        painter.setPen(palette.query);
        painter.drawText(norm.at, norm.text);
    }
    paintLegend(painter, data, layout, palette);
}

void FlowPanel::paint(QPainter& painter, const QRectF& room, const Palette& palette, bool /*vector*/) const {
    const FlowLayout layout = fitFlow(m_data, room.size());
    const QRectF all(QPointF(), layout.size);
    painter.save();
    painter.translate(room.topLeft());
    paintFlowRibbons(painter, m_data, layout, palette, all);
    paintFlowTexts(painter, m_data, layout, palette, {}, all);
    painter.restore();
}

}  // namespace attn::ui
