#pragma once
/// Paints the parts of a heat map with a QPainter: on the screen as a cached image, in figures as vectors.

#include "ui/plot/heat_map_layout.h"

#include <QImage>
#include <QRectF>

#include <cstdint>
#include <vector>

class QPainter;

namespace attn::ui {

/// Every cell as an entry of the colour map. Where there are more cells than pixels, an entry is the largest
/// (by size) of the cells that fall on it: a strong weight among weak ones stays visible.
struct CellColors {
    static constexpr std::uint16_t kMasked = 256;

    Index rows = 0, columns = 0;       ///< of `index`: the matrix's, or fewer
    std::vector<std::uint16_t> index;  ///< 0 … 255, or kMasked
    bool reduced = false;
    bool anyMasked = false;
    bool below = false, above = false;  ///< numbers lie outside the range: the legend says so
    double lowest = 0, highest = 0;     ///< of the finite ones
};
[[nodiscard]] CellColors cellColors(const HeatMapData& data, Index maxRows, Index maxColumns);
/// The same cells where the colours run to another number: `factor` is the old end of the range divided by
/// the new one. What lies above the new end has the last colour.
[[nodiscard]] CellColors rescaled(const CellColors& colors, double factor);

/// The cells as they stand on the screen, in device pixels. `gap` device pixels of `ground` lie between
/// cells; masked cells are hatched where they are large enough to see it.
[[nodiscard]] QImage cellImage(const CellColors& colors, const ColorMap& map, const QSize& size, int gap,
                               QRgb ground);

/// The cells as rectangles, snapped to whole pixels of 1/scale. Without gaps each reaches a little under the
/// next, or viewers show hairlines between them.
inline constexpr double kGapFrom = 9;
void paintCells(QPainter& painter, const CellColors& colors, const ColorMap& map, const HeatMapLayout& layout,
                double scale);

/// Numbers inside the cells, if there is room and not more than kMaxNumbers are to be written.
inline constexpr Index kMaxNumbers = 4096;
void paintNumbers(QPainter& painter, const HeatMapData& data, const CellColors& colors, const ColorMap& map,
                  const HeatMapLayout& layout, bool asStrings);

/// A small mark in the corner of cells that were set by hand: painted ones to the right, changed numbers to
/// the left, which are marked in small cells too.
void paintFlags(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                const Palette& palette);

/// Labels and the titles of the axes; the current row and column bold, in their role's colour.
void paintLabels(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                 const Palette& palette, Index currentRow, Index currentColumn);

/// The colour bar with the numbers that its ends mean: "≥" where numbers lie outside, and what masked looks
/// like.
void paintLegend(QPainter& painter, const HeatMapData& data, const CellColors& colors, const ColorMap& map,
                 const HeatMapLayout& layout, const Palette& palette, const QString& maskedText);

/// Outlines of the current row and column.
void paintCurrent(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                  const Palette& palette, Index row, Index column);
/// A faint cross through a cell, and the cell's outline.
void paintHover(QPainter& painter, const HeatMapLayout& layout, const Palette& palette, const ColorMap& map,
                Index row, Index column);

}  // namespace attn::ui
