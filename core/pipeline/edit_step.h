#pragma once
/// The step behind a stage that writes the numbers that were changed by hand over what the stage has made.
/// What it made stays, so that taking the change back recomputes nothing before it.

#include "core/ops/linear.h"
#include "core/pipeline/evaluation_context.h"
#include "core/scene/edit.h"
#include "core/scene/parameter.h"

#include <string>

namespace attn {

/// Of the tensors of one scope: a site, or a sequence's embeddings. Must not outlive the evaluation.
class EditStep {
public:
    EditStep() = default;  ///< none
    /// `queries` and `keys`: the tokens that run along rows of queries and of keys.
    EditStep(EvaluationContext& context, const Edits& edits, std::string scope, const Tokens& queries,
             const Tokens& keys);

    /// The edits of a tensor that are awake, the same object while they are equal; null: none.
    [[nodiscard]] TensorEditsPtr of(TensorName name, const TensorShape& shape) const;

    /// Whether the tensor was left alone; edits that sleep count.
    [[nodiscard]] bool none(TensorName name) const;

    /// `made` with its edits, as a stage of its own ("q_edited"); `made` itself without.
    [[nodiscard]] EntryPtr applied(TensorName name, const EntryPtr& made) const;

    /// W_Q, W_K, W_V or W_O of a site with `edits`: a copy, for the model's own may be a mapped file.
    /// `shape`: heads × rows × columns as the trace shows it.
    [[nodiscard]] LinearWeights applied(TensorName name, const LinearWeights& weights,
                                        const TensorShape& shape, const TensorEditsPtr& edits) const;

    /// Tells the trace what was changed and what it would be without.
    void tell(TensorName name, const TensorEditsPtr& edits, const EntryPtr& before) const;

private:
    EvaluationContext* m_context = nullptr;
    const Edits* m_edits = nullptr;
    std::string m_scope;
    const Tokens *m_queries = nullptr, *m_keys = nullptr;
    bool m_any = false;
};

/// Weights of attention that were set by hand, and what becomes of their rows.
struct PatternEdits {
    TensorEditsPtr cells;  ///< null: none
    EditedRowsKind rule = EditedRowsKind::Renormalised;

    /// Rows of a head from `begin` on. Renormalised: with t the sum of what was set in a row and r > 0 that
    /// of the others, these are multiplied by (1 − t)/r; where t > 1 they become 0 and what was set is
    /// divided by t. So the row sums to 1, unless nothing in it is above 0.
    void apply(Index head, Index begin, MatrixSpan rows) const;
};

}  // namespace attn
