#pragma once
/// Where everything in a picture of a token's way goes. Geometry alone, the same for widget and figure.
///
/// From left to right: the tokens that are read, heads, the stream, the rest that is written. The first block
/// is the lowest.

#include "ui/plot/flow_data.h"

#include <QFont>
#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <vector>

namespace attn::ui {

struct FlowLayout {
    struct Place {
        QRectF box;    ///< what is hovered and clicked
        QPointF text;  ///< left end of the baseline
        QString label;
    };
    struct NodePlace {
        FlowItem item;
        Place place;
        QPointF norm, projection;  ///< right ends of the numbers' baselines
        QString normText, projectionText;
        QPainterPath ribbon;              ///< to the stream
        std::vector<QPainterPath> feeds;  ///< from the tokens, as FlowNode::feeds
    };
    struct Text {
        QPointF at;  ///< left end of the baseline
        QString text;
    };
    QFont font, titleFont, numberFont;
    std::vector<Place> tokens;
    std::vector<NodePlace> nodes;
    std::vector<Text> titles;          ///< tokens, other tokens, heads, stream, rest: empty ones too
    std::vector<Text> layers;          ///< names of the blocks
    std::vector<Text> streamNorms;     ///< on the stream
    std::vector<QPainterPath> stream;  ///< pieces, one for each stage
    std::vector<QRectF> legend;        ///< along, against, scales
    QSizeF size;
    double zoom = 1;

    [[nodiscard]] bool isEmpty() const { return stream.empty(); }
    [[nodiscard]] FlowItem itemAt(const QPointF& position) const;
    [[nodiscard]] const NodePlace* find(const FlowItem& item) const;
};

/// At least so large as the content needs; wider and higher where there is room.
[[nodiscard]] FlowLayout layOutFlow(const FlowData& data, const QSizeF& room, double zoom);
/// The same, with text made larger where there is ample room: for a large window.
[[nodiscard]] FlowLayout growFlow(const FlowData& data, const QSizeF& room, double zoom);
/// The same, with text made smaller down to 6 px where it does not fit: for a page that does not scroll.
[[nodiscard]] FlowLayout fitFlow(const FlowData& data, const QSizeF& room);
/// What a page needs at 100 %.
[[nodiscard]] QSizeF naturalFlowSize(const FlowData& data);

}  // namespace attn::ui
