#include "core/pipeline/edit_step.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace attn {
namespace {

/// Where the entry of W lies in the matrix as the model keeps it.
std::pair<Index, Index> placeInWeight(const EditedCell& cell, const TensorShape& shape, bool stacked,
                                      bool transposed) {
    const auto [heads, rows, cols] = shape.sizes;
    const Index row = stacked ? cell.head * rows + cell.row : cell.row;
    const Index col = stacked ? cell.column : cell.head * cols + cell.column;
    return transposed ? std::pair(col, row) : std::pair(row, col);
}

/// No matrix is the identity: then there is one now, in which numbers can be changed.
Tensor identity(BufferPool& pool, Index size) {
    Tensor out = Tensor::allocate(pool, 1, size, size, Tensor::Layout::HeadsFirst);
    out.span().setIdentity();
    return out;
}

void renormalise(Eigen::Ref<Eigen::RowVectorXf> row, std::span<const EditedCell> set) {
    double others = 0, chosen = 0;
    for (const EditedCell& cell : set) {
        chosen += static_cast<double>(row(cell.column));
        row(cell.column) = 0;  // not by a difference: next to a large number small ones would be lost
    }
    for (Index j = 0; j < row.cols(); ++j) others += static_cast<double>(row(j));
    double factor = 1, ofChosen = 1;
    if (chosen > 1) {
        factor = 0;
        ofChosen = 1 / chosen;
    } else if (others > 0) {
        factor = (1 - chosen) / others;
    } else if (chosen > 0) {
        ofChosen = 1 / chosen;
    }
    row = (row.cast<double>() * factor).cast<float>();  // the factor alone may be beyond a float
    for (const EditedCell& cell : set)
        row(cell.column) = static_cast<float>(static_cast<double>(cell.value) * ofChosen);
}

}  // namespace

EditStep::EditStep(EvaluationContext& context, const Edits& edits, std::string scope, const Tokens& queries,
                   const Tokens& keys)
    : m_context(&context), m_edits(&edits), m_scope(std::move(scope)), m_queries(&queries), m_keys(&keys) {
    // Sorted by tensor: first by scope.
    const auto first =
        std::lower_bound(edits.begin(), edits.end(), m_scope,
                         [](const Edit& edit, const std::string& name) { return edit.tensor.scope < name; });
    m_any = first != edits.end() && first->tensor.scope == m_scope;
}

bool EditStep::none(TensorName name) const {
    return !m_any || editsOf(*m_edits, {m_scope, name}).empty();
}

TensorEditsPtr EditStep::of(TensorName name, const TensorShape& shape) const {
    if (none(name)) return nullptr;
    const TensorKey key{m_scope, name};
    const std::span<const Edit> all = editsOf(*m_edits, key);
    const auto tokens = [&](Axis axis) {
        return axis == Axis::Queries ? m_queries : axis == Axis::Keys ? m_keys : nullptr;
    };
    const auto [rowAxis, columnAxis] = axes(key);
    const std::array<std::int64_t, 3> sizes{shape.sizes[0], shape.sizes[1], shape.sizes[2]};
    std::vector<EditedCell> cells;
    for (const Edit& edit : all) {
        if (fits(edit, sizes, tokens(rowAxis), tokens(columnAxis)))
            cells.push_back({edit.head, edit.row, edit.column, static_cast<float>(edit.value)});
    }
    if (cells.empty()) return nullptr;
    // A key of its own each time: the comparison decides.
    return m_context->evaluation.comparedStage<TensorEdits>(m_scope + "/" + toString(name) + ".edits",
                                                            StageKey(std::make_shared<const int>(0)),
                                                            [&] { return TensorEdits(std::move(cells)); });
}

EntryPtr EditStep::applied(TensorName name, const EntryPtr& made) const {
    const TensorShape shape{made->rank(), made->shape()};
    const TensorEditsPtr edits = of(name, shape);
    if (!edits) return made;
    tell(name, edits, made);
    const std::string stage = std::string(toString(name)) + "_edited";
    return madeOrRecipe(*m_context, m_scope, stage, stage, StageKey(made, edits), shape,
                        [pool = m_context->pool, made, edits](const std::stop_token& stop) mutable {
                            Tensor changed = made->get(stop)->copy(pool);
                            edits->apply(changed);
                            return changed;
                        });
}

LinearWeights EditStep::applied(TensorName name, const LinearWeights& weights, const TensorShape& shape,
                                const TensorEditsPtr& edits) const {
    LinearWeights changed = weights;
    const TensorPtr& own = weights.weight;
    changed.weight = m_context->evaluation.stage<Tensor>(
        m_scope + "." + toString(name) + "_edited", StageKey(own, edits, shape.sizes[1]), [&] {
            Tensor copy = own ? own->copy(m_context->pool) : identity(m_context->pool, shape.sizes[1]);
            if (copy.rank() == 3) {
                edits->apply(copy);
                return copy;
            }
            for (const EditedCell& cell : edits->cells()) {
                const auto [row, col] =
                    placeInWeight(cell, shape, name == TensorName::WO, weights.transposed);
                copy.span()(row, col) = cell.value;
            }
            return copy;
        });
    return changed;
}

void EditStep::tell(TensorName name, const TensorEditsPtr& edits, const EntryPtr& before) const {
    m_context->builder.addEdited({m_scope, name}, edits, before);
}

void PatternEdits::apply(Index head, Index begin, MatrixSpan rows) const {
    if (!cells) return;
    const std::span<const EditedCell> all = cells->inRows(head, begin, rows.rows());
    cells->apply(head, begin, rows);
    if (rule == EditedRowsKind::Kept) return;
    for (auto first = all.begin(); first != all.end();) {
        auto last = first;
        while (last != all.end() && last->row == first->row) ++last;
        renormalise(rows.row(first->row - begin), {first, last});
        first = last;
    }
}

}  // namespace attn
