#pragma once
/// Where the tokens and lines of a picture of links go. Geometry alone, the same for widget and figure.

#include "ui/plot/links_data.h"

#include <QFont>
#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>

#include <vector>

namespace attn::ui {

struct LinksLayout {
    struct Place {
        QRectF box;      ///< what is hovered and clicked
        QPointF text;    ///< left end of the baseline
        QPointF anchor;  ///< where its lines begin or end
        QString label;   ///< elided to the room that there is
    };
    LinksArrangement arrangement = LinksArrangement::Columns;
    QFont font, titleFont, numberFont;
    std::vector<Place> queries, keys;  ///< Arcs over one sequence: both are the same
    QPointF queryTitle, keyTitle;      ///< left ends of baselines
    std::vector<QRectF> legend;        ///< of each item of the legend, its dot and its name
    QSizeF size;                       ///< that all of it takes
    double zoom = 1;
    bool oneLine = false;  ///< both sides are one: arcs above look back, arcs below look ahead

    [[nodiscard]] bool isEmpty() const { return queries.empty() || keys.empty(); }
    [[nodiscard]] const std::vector<Place>& side(LinksToken::Side side) const {
        return side == LinksToken::Side::Query ? queries : keys;
    }
    [[nodiscard]] QPainterPath path(Index query, Index key) const;
    /// Where a weight is written beside a token: its rectangle.
    [[nodiscard]] QRectF numberBox(LinksToken::Side side, Index index) const;
    /// The token at a place; invalid: none.
    [[nodiscard]] LinksToken tokenAt(const QPointF& position) const;
};

/// At least so large as the tokens need, at most as the room allows where there is enough of it.
[[nodiscard]] LinksLayout layOutLinks(const LinksData& data, const QSizeF& room, double zoom);
/// The same, with text made smaller down to 6 px where it does not fit: for a page that does not scroll.
[[nodiscard]] LinksLayout fitLinks(const LinksData& data, const QSizeF& room);

/// What a page needs at 100 %.
[[nodiscard]] QSizeF naturalLinksSize(const LinksData& data);

}  // namespace attn::ui
