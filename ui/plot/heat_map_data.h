#pragma once
/// What a heat map shows, as plain data: the same for the window and for a figure.

#include "core/trace/trace.h"
#include "ui/plot/color_map.h"
#include "ui/style/palette.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <vector>

namespace attn::ui {

/// Token texts as they are shown (core's displayText), or null: the index of a dimension.
using Labels = std::shared_ptr<const QStringList>;

/// Bits of HeatMapData::flags.
enum CellFlag : std::uint8_t {
    kCellMasked = 1,  ///< shown as masked whatever the number is (the pattern's 0 where the mask forbids)
    kCellByHand = 2,  ///< painted: a small mark in the right corner
    kCellEdited = 4,  ///< its number was set by hand: a small mark in the left corner
};

/// The numbers that the ends of the colour map mean. For signed numbers low = −high.
struct ValueRange {
    double low = 0, high = 1;
    bool operator==(const ValueRange&) const = default;
};

/// One rows × cols matrix of a tensor with everything that is written around it. −∞ and NaN are shown as
/// masked.
struct HeatMapData {
    TensorPtr tensor;
    Index head = 0;
    Quantity quantity = Quantity::Probability;
    ValueRange range;
    Labels rows, columns;
    std::shared_ptr<const std::vector<std::uint8_t>> flags;  ///< rows × cols of CellFlag bits; null: none
    QString title;                  ///< "pattern, head 2": in figures and for screen readers
    QString rowTitle, columnTitle;  ///< "query", "key", "d_k"
    Role rowRole = Role::Query, columnRole = Role::Key;
    bool squareCells = true;  ///< tokens against tokens; otherwise cells fill the room

    [[nodiscard]] Index rowCount() const { return tensor ? tensor->rows() : 0; }
    [[nodiscard]] Index columnCount() const { return tensor ? tensor->cols() : 0; }
    [[nodiscard]] bool isEmpty() const { return rowCount() == 0 || columnCount() == 0; }
    [[nodiscard]] QString rowLabel(Index row) const;  ///< the label, else the index
    [[nodiscard]] QString columnLabel(Index column) const;
    [[nodiscard]] bool isMasked(Index row, Index column) const;
    [[nodiscard]] float value(Index row, Index column) const { return tensor->at(head, row, column); }

    bool operator==(const HeatMapData& other) const;
    /// Everything but the numbers is the same: what is written around the cells need not change.
    [[nodiscard]] bool sameFrame(const HeatMapData& other) const;
};

/// How it is drawn.
struct HeatMapStyle {
    ColorMapId sequential =
        ColorMapId::Viridis;  ///< for probabilities; signed numbers have the diverging map
    bool values = true;       ///< numbers inside cells where there is room

    [[nodiscard]] const ColorMap& colorMap(Quantity quantity, Theme theme) const;
    bool operator==(const HeatMapStyle&) const = default;
};

/// The largest value (probabilities), or the largest size of a value (signed), of one head or of all heads; 1
/// where there is none. −∞ is left out. O(size).
[[nodiscard]] double largestValue(const Tensor& tensor, Quantity quantity, Index head = -1);
/// 0 … largest for probabilities, −largest … largest for signed numbers, over all heads.
[[nodiscard]] ValueRange sharedRange(const Tensor& tensor, Quantity quantity);

/// Fit for XML and for one line: control characters as pictures (␀ …), U+FFFE, U+FFFF and lone surrogates as
/// U+FFFD.
[[nodiscard]] QString visibleText(const QString& text);

}  // namespace attn::ui
