#pragma once
/// Where everything of a heat map goes: cells, labels, colour bar. Geometry alone, the same for widget and
/// figure.

#include "ui/plot/heat_map_data.h"

#include <QFont>
#include <QMarginsF>
#include <QRectF>
#include <QString>

#include <cstdint>
#include <vector>

namespace attn::ui {

enum class LabelMode : std::uint8_t { Horizontal, Diagonal, Vertical };

/// The labels of one axis. Their boxes never overlap: they shrink, turn, are thinned out, and are elided.
struct LabelPlan {
    struct Item {
        Index index;
        QString text;  ///< elided where it is longer than the limit
        double width;
    };
    LabelMode mode = LabelMode::Horizontal;
    QFont font, boldFont;
    Index step = 1;       ///< every step-th is shown
    double limit = 0;     ///< longest text, in pixels
    double pitch = 0;     ///< room that one label needs along its axis
    double extent = 0;    ///< away from the cells
    double overhang = 0;  ///< beyond the last cell (turned column labels lean to the right)
    std::vector<Item> items;
};

struct LayoutOptions {
    QRectF area;
    double zoom = 1;      ///< multiplies all lengths that belong to text
    double labelPx = 13;  ///< before zoom; labels shrink to minLabelPx where cells are small
    double minLabelPx = 9;
    double maxCell = 64;          ///< before zoom
    double maxLabelShare = 0.25;  ///< of the area that labels may take in their direction
    double maxLabelPx = 160;      ///< longest label, before zoom
    bool rowLabels = true, columnLabels = true, legend = true;
    bool centred = true;  ///< what is left over goes to both sides
};

struct HeatMapLayout {
    QRectF area;
    QRectF cells;
    double cellWidth = 0, cellHeight = 0;
    LabelPlan rows, columns;
    QFont titleFont, legendFont;
    QRectF colorBar;        ///< the bar without its numbers
    double legendText = 0;  ///< width kept for the numbers
    QMarginsF frame;        ///< what surrounds the cells
    double labelGap = 8;    ///< between labels and cells
    double zoom = 1;
    bool titles = true;  ///< of the axes, in the corner: where both have labels

    [[nodiscard]] bool isEmpty() const { return cells.isEmpty(); }
    [[nodiscard]] QRectF cellRect(Index row, Index column) const;
    [[nodiscard]] Index rowAt(double y) const;     ///< −1 outside
    [[nodiscard]] Index columnAt(double x) const;  ///< −1 outside
    /// A thin line of the card between cells, where cells are large enough for it: 1, else 0.
    [[nodiscard]] double gap() const { return std::min(cellWidth, cellHeight) >= 10 ? 1.0 : 0.0; }
};

[[nodiscard]] HeatMapLayout layOut(const HeatMapData& data, const LayoutOptions& options);

/// The same around cells of a given size, whose upper left corner is at `topLeft`. options.area only limits
/// labels, and not at all if it is null. `frame` then says how much room all of it takes.
[[nodiscard]] HeatMapLayout layOutAt(const HeatMapData& data, const LayoutOptions& options,
                                     const QSizeF& cell, const QPointF& topLeft);

}  // namespace attn::ui
