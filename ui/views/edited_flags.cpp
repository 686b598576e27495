#include "ui/views/edited_flags.h"

#include "core/trace/shown_tokens.h"

namespace attn::ui {

std::vector<MatrixCell> editedCells(const Trace& trace, const TensorKey& key, Index head, Index rows,
                                    Index columns) {
    std::vector<MatrixCell> cells;
    const TensorEdits* const edits = trace.edits(key);
    if (edits == nullptr) return cells;
    const auto [rowAxis, columnAxis] = axes(key);
    for (const EditedCell& cell : edits->cells()) {
        if (cell.head != head) continue;
        const MatrixCell place{placeOfToken(trace, key, rowAxis, cell.row),
                               placeOfToken(trace, key, columnAxis, cell.column)};
        if (place.isValid() && place.row < rows && place.column < columns) cells.push_back(place);
    }
    return cells;
}

CellFlags withEditedCells(const CellFlags& base, const std::vector<MatrixCell>& cells, Index rows,
                          Index columns) {
    if (cells.empty()) return base;
    auto flags = base ? std::make_shared<std::vector<std::uint8_t>>(*base)
                      : std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(rows * columns));
    for (const MatrixCell& cell : cells) {
        auto& flag = (*flags)[static_cast<std::size_t>(cell.row * columns + cell.column)];
        flag = static_cast<std::uint8_t>((flag & ~kCellMasked) | kCellEdited);
    }
    return flags;
}

std::map<Index, CellFlags> flagsOfEditedHeads(const CellFlags& base, const Trace& trace, const TensorKey& key,
                                              Index rows, Index columns) {
    std::map<Index, CellFlags> flags;
    const TensorEdits* const edits = trace.edits(key);
    if (edits == nullptr) return flags;
    for (const EditedCell& cell : edits->cells()) {
        if (flags.contains(cell.head)) continue;
        flags[cell.head] =
            withEditedCells(base, editedCells(trace, key, cell.head, rows, columns), rows, columns);
    }
    return flags;
}

}  // namespace attn::ui
