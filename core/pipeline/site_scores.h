#pragma once
/// The raw scores of one site, any rows of them: for the stages that keep them, and for those that do not.

#include "core/pipeline/edit_step.h"
#include "core/pipeline/evaluation.h"
#include "core/scene/parameter.h"
#include "core/trace/trace.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace attn {

/// The numbers that scores are made of, fetched for one pass over a site.
struct ScoreOperands {
    TensorPtr from, to;    ///< H × Tq × d and H_kv × Tk × d; additive: H × width × Tk
    TensorPtr weights;     ///< additive scores alone
    TensorEditsPtr edits;  ///< raw scores that were set by hand; null: none
    bool mayOverflow = false;

    /// Raw scores of `count` queries of a head: count × Tk.
    void fill(Index head, Index begin, Index count, MatrixSpan out) const;
};

/// Where they come from.
struct ScoreSource {
    EntryPtr from, to;
    TensorPtr weights;
    TensorEditsPtr edits;

    [[nodiscard]] ScoreOperands fetch(const std::stop_token& stop) const;
};

/// How raw scores become weights. Every function works on rows of a head, from query `begin` on; both
/// matrices may be the same.
struct ScoreWeighting {
    float multiplier = 1;
    bool hard = false;
    std::shared_ptr<const MaskPlan> mask;
    TensorEditsPtr scaledEdits, scoreEdits;  ///< scores set by hand, before the mask and after; null: none
    PatternEdits patternEdits;

    /// scores_scaled: before the mask.
    void scale(Index head, Index begin, const MatrixView& raw, MatrixSpan scaled) const;
    /// scores: after the mask.
    void adjust(Index head, Index begin, const MatrixView& raw, MatrixSpan scores) const;
    /// pattern.
    void apply(Index head, Index begin, const MatrixView& raw, MatrixSpan pattern) const;

private:
    /// pattern of one row of scores, −∞ where masked; changes the scores.
    void normalise(MatrixSpan scores, MatrixSpan pattern) const;
    [[nodiscard]] std::vector<Index> editedRows(Index head, Index begin, Index count) const;
};

}  // namespace attn
