#include "ui/plot/links_painter.h"

#include "ui/plot/curve_plot_painter.h"
#include "ui/plot/number_text.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

using Side = LinksToken::Side;

constexpr double kThinnestPx = 0.8, kWidestPx = 6, kFaintest = 0.12;

/// A weight that would be written as 0 is not written.
constexpr float kWorthWriting = 0.005F;

QColor lineColor(const Palette& palette, int color) {
    return color < 0 ? palette.muted : plotColor(palette, color);
}

QString weightText(float weight) {
    NumberFormat format;
    format.bareFraction = true;
    return numberText(static_cast<double>(weight), format);
}

/// Whether a token of a side belongs to the focus: itself, the token that is marked too, or one at the other
/// end with weight.
struct Emphasis {
    bool strong = false, linked = false;
    float weight = 0;
};

Emphasis emphasisOf(const LinksFocus& focus, Side side, Index index) {
    Emphasis emphasis;
    if (focus.token.side == side) {
        emphasis.strong = focus.token.index == index;
        return emphasis;
    }
    const auto place = static_cast<std::size_t>(index);
    emphasis.weight = place < focus.weights.size() ? focus.weights[place] : 0;
    emphasis.linked = emphasis.weight >= kWorthWriting;
    emphasis.strong = focus.other == index;
    return emphasis;
}

void paintSide(QPainter& painter, const LinksLayout& layout, const Palette& palette, const LinksFocus* focus,
               Side side, const QRectF& visible) {
    const std::vector<LinksLayout::Place>& places = layout.side(side);
    const QColor& role = palette.role(side == Side::Query ? Role::Query : Role::Key);
    QFont bold = layout.font;
    bold.setWeight(QFont::Bold);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const LinksLayout::Place& place = places[i];
        const auto index = static_cast<Index>(i);
        const QRectF number = layout.numberBox(side, index);
        if (!visible.intersects(place.box.united(number))) continue;
        const Emphasis emphasis = focus != nullptr ? emphasisOf(*focus, side, index) : Emphasis{};
        const bool quiet = focus != nullptr && !emphasis.strong && !emphasis.linked;
        painter.setFont(emphasis.strong ? bold : layout.font);
        painter.setPen(emphasis.strong ? role : quiet ? palette.muted : palette.text);
        painter.drawText(place.text, place.label);
        if (!emphasis.linked) continue;
        painter.setFont(layout.numberFont);
        painter.setPen(emphasis.strong ? role : palette.muted);
        const bool columns = layout.arrangement == LinksArrangement::Columns;
        const int across = !columns ? Qt::AlignHCenter : side == Side::Query ? Qt::AlignRight : Qt::AlignLeft;
        painter.drawText(number, across | Qt::AlignVCenter, weightText(emphasis.weight));
    }
}

void paintLegend(QPainter& painter, const LinksData& data, const LinksLayout& layout,
                 const Palette& palette) {
    painter.setFont(layout.titleFont);
    for (std::size_t i = 0; i < layout.legend.size(); ++i) {
        const QRectF& box = layout.legend[i];
        const double side = box.height() * 0.5;
        painter.setPen(Qt::NoPen);
        painter.setBrush(lineColor(palette, data.legend[i].color));
        painter.drawEllipse(QRectF(box.left(), box.center().y() - side / 2, side, side));
        painter.setPen(palette.text);
        painter.drawText(box.adjusted(box.height() * 0.75, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         data.legend[i].name);
    }
}

}  // namespace

void paintLinkLines(QPainter& painter, const std::vector<LinkLine>& lines, const LinksLayout& layout,
                    const Palette& palette, const QRectF& visible) {
    painter.setBrush(Qt::NoBrush);
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const QPainterPath path = layout.path(line->query, line->key);
        // A line across is a rectangle without height.
        if (!visible.intersects(
                path.controlPointRect().adjusted(-kWidestPx, -kWidestPx, kWidestPx, kWidestPx)))
            continue;
        const double share = std::sqrt(std::clamp(line->weight, 0.0, 1.0));
        QColor color = lineColor(palette, line->color);
        color.setAlphaF(static_cast<float>(kFaintest + (1 - kFaintest) * share));
        painter.setPen(QPen(color, (kThinnestPx + (kWidestPx - kThinnestPx) * line->weight) * layout.zoom,
                            Qt::SolidLine, Qt::FlatCap));
        painter.drawPath(path);
    }
}

void paintLinkTokens(QPainter& painter, const LinksData& data, const LinksLayout& layout,
                     const Palette& palette, const LinksFocus* focus, const QRectF& visible) {
    // On one line every token is both: which one is meant, the focus says.
    const bool both = layout.oneLine && data.oneSequence;
    if (!both || focus == nullptr || focus->token.side == Side::Query) {
        paintSide(painter, layout, palette, focus, Side::Key, visible);
    }
    if (!both) {
        paintSide(painter, layout, palette, focus, Side::Query, visible);
    } else if (focus != nullptr) {
        // The one that asks, over what was written for it as a key.
        const auto& place = layout.side(focus->token.side)[static_cast<std::size_t>(focus->token.index)];
        if (focus->token.side == Side::Key) paintSide(painter, layout, palette, focus, Side::Query, visible);
        QFont bold = layout.font;
        bold.setWeight(QFont::Bold);
        painter.setFont(bold);
        painter.fillRect(place.box.adjusted(0, 2, 0, -2), palette.card);
        painter.setPen(palette.role(focus->token.side == Side::Query ? Role::Query : Role::Key));
        painter.drawText(place.text, place.label);
    }
    paintLegend(painter, data, layout, palette);
    painter.setFont(layout.titleFont);
    painter.setPen(palette.query);
    painter.drawText(layout.queryTitle, data.queryTitle);
    if (layout.oneLine) return;
    painter.setPen(palette.key);
    painter.drawText(layout.keyTitle, data.keyTitle);
}

}  // namespace attn::ui
