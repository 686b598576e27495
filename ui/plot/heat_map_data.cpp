#include "ui/plot/heat_map_data.h"

#include "core/ops/row_kernels.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

QString label(const Labels& labels, Index i) {
    if (labels && i >= 0 && i < labels->size()) return (*labels)[i];
    return QString::number(i);
}

bool sameLabels(const Labels& a, const Labels& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace

QString HeatMapData::rowLabel(Index row) const {
    return label(rows, row);
}
QString HeatMapData::columnLabel(Index column) const {
    return label(columns, column);
}

bool HeatMapData::isMasked(Index row, Index column) const {
    if (flags && ((*flags)[static_cast<std::size_t>(row * columnCount() + column)] & kCellMasked) != 0)
        return true;
    return !std::isfinite(value(row, column));
}

bool HeatMapData::sameFrame(const HeatMapData& other) const {
    return rowCount() == other.rowCount() && columnCount() == other.columnCount() &&
           quantity == other.quantity && range == other.range && sameLabels(rows, other.rows) &&
           sameLabels(columns, other.columns) && title == other.title && rowTitle == other.rowTitle &&
           columnTitle == other.columnTitle && rowRole == other.rowRole && columnRole == other.columnRole &&
           squareCells == other.squareCells;
}

bool HeatMapData::operator==(const HeatMapData& other) const {
    return tensor == other.tensor && head == other.head && flags == other.flags && sameFrame(other);
}

const ColorMap& HeatMapStyle::colorMap(Quantity quantity, Theme theme) const {
    return ColorMap::of(quantity == Quantity::Signed ? ColorMapId::Diverging : sequential, theme);
}

double largestValue(const Tensor& tensor, Quantity quantity, Index head) {
    const Index first = head < 0 ? 0 : head;
    const Index last = head < 0 ? tensor.heads() : head + 1;
    NumberRange range;
    for (Index h = first; h < last; ++h) {
        const MatrixView m = tensor.matrix(h);
        rowKernels().numberRange(m.data(), static_cast<std::size_t>(m.rows()),
                                 static_cast<std::size_t>(m.outerStride()),
                                 static_cast<std::size_t>(m.cols()), range);
    }
    const float largest =
        quantity == Quantity::Signed ? std::max(-range.lowest, range.highest) : range.highest;
    return largest > 0 ? static_cast<double>(largest) : 1.0;
}

ValueRange sharedRange(const Tensor& tensor, Quantity quantity) {
    const double largest = largestValue(tensor, quantity);
    return {quantity == Quantity::Signed ? -largest : 0.0, largest};
}

QString visibleText(const QString& text) {
    QString shown = text;
    for (qsizetype i = 0; i < shown.size(); ++i) {
        const char16_t c = shown[i].unicode();
        if (c < 0x20) {
            shown[i] = QChar(static_cast<char16_t>(0x2400 + c));
        } else if (c == 0x7f) {
            shown[i] = QChar(u'␡');
        } else if (QChar::isHighSurrogate(c) && i + 1 < shown.size() && shown[i + 1].isLowSurrogate()) {
            // The last two code points of every plane are no characters either, but XML takes them.
            ++i;
        } else if (c >= 0xfffe || QChar::isSurrogate(c) || (c >= 0x80 && c < 0xa0) || c == 0x2028 ||
                   c == 0x2029) {
            shown[i] = QChar(QChar::ReplacementCharacter);
        }
    }
    return shown;
}

}  // namespace attn::ui
