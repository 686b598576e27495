#pragma once
/// The entries of one tensor that were changed by hand and are awake.

#include "core/scene/edit.h"
#include "core/tensor/tensor.h"

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace attn {

struct EditedCell {
    Index head = 0, row = 0, column = 0;
    float value = 0;

    bool operator==(const EditedCell&) const = default;
};

/// Of one tensor, which never changes; sorted by head, row and column, one for each place.
class TensorEdits {
public:
    explicit TensorEdits(std::vector<EditedCell> cells) : m_cells(std::move(cells)) {}

    [[nodiscard]] std::span<const EditedCell> cells() const { return m_cells; }
    /// Those in `count` rows of a head, from `begin` on: one after another.
    [[nodiscard]] std::span<const EditedCell> inRows(Index head, Index begin, Index count) const;
    /// Null where the entry was left alone.
    [[nodiscard]] const EditedCell* find(Index head, Index row, Index column) const;

    /// Writes those of a head that lie in `rows`, which begins at row `begin`.
    void apply(Index head, Index begin, MatrixSpan rows) const;
    /// Writes all of them.
    void apply(Tensor& tensor) const;

    bool operator==(const TensorEdits&) const = default;

private:
    std::vector<EditedCell> m_cells;
};
using TensorEditsPtr = std::shared_ptr<const TensorEdits>;

}  // namespace attn
