#pragma once
/// The raw scores of one site, any rows of them: for the stages that keep them, and for those that do not.

#include "core/pipeline/evaluation.h"
#include "core/scene/parameter.h"
#include "core/trace/trace.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace attn {

/// The numbers that scores are made of, fetched for one pass over a site.
struct ScoreOperands {
    TensorPtr from, to;  ///< H × Tq × d and H_kv × Tk × d; additive: H × width × Tk
    TensorPtr weights;   ///< additive scores alone
    bool mayOverflow = false;

    /// Raw scores of `count` queries of a head: count × Tk.
    void fill(Index head, Index begin, Index count, MatrixSpan out) const;
};

/// Where they come from.
struct ScoreSource {
    EntryPtr from, to;
    TensorPtr weights;

    [[nodiscard]] ScoreOperands fetch(const std::stop_token& stop) const;
};

/// How raw scores become weights.
struct ScoreWeighting {
    float multiplier = 1;
    bool hard = false;
    std::shared_ptr<const MaskPlan> mask;

    /// Rows from query `begin` on; both may be the same.
    void apply(Index begin, const MatrixView& raw, MatrixSpan pattern) const;
};

}  // namespace attn
