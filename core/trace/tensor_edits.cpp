#include "core/trace/tensor_edits.h"

#include <algorithm>
#include <tuple>

namespace attn {
namespace {

std::tuple<Index, Index, Index> placeOf(const EditedCell& cell) {
    return {cell.head, cell.row, cell.column};
}

}  // namespace

std::span<const EditedCell> TensorEdits::inRows(Index head, Index begin, Index count) const {
    const auto before = [](const EditedCell& cell, const std::tuple<Index, Index, Index>& place) {
        return placeOf(cell) < place;
    };
    const auto first =
        std::lower_bound(m_cells.begin(), m_cells.end(), std::tuple(head, begin, Index{0}), before);
    const auto last =
        std::lower_bound(first, m_cells.end(), std::tuple(head, begin + count, Index{0}), before);
    return {first, last};
}

const EditedCell* TensorEdits::find(Index head, Index row, Index column) const {
    const std::span<const EditedCell> there = inRows(head, row, 1);
    const auto found = std::find_if(there.begin(), there.end(),
                                    [&](const EditedCell& cell) { return cell.column == column; });
    return found == there.end() ? nullptr : &*found;
}

void TensorEdits::apply(Index head, Index begin, MatrixSpan rows) const {
    for (const EditedCell& cell : inRows(head, begin, rows.rows()))
        rows(cell.row - begin, cell.column) = cell.value;
}

void TensorEdits::apply(Tensor& tensor) const {
    for (const EditedCell& cell : m_cells) tensor.span(cell.head)(cell.row, cell.column) = cell.value;
}

}  // namespace attn
