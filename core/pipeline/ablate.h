#pragma once
/// What stands in the place of parts that are switched off.

#include "core/pipeline/evaluation_context.h"
#include "core/scene/ablation.h"

#include <string>

namespace attn {

/// z in which the heads that are switched off are 0 or the mean of their rows; z itself where none is. z: H ×
/// Tq × d_v.
[[nodiscard]] EntryPtr withoutHeads(EvaluationContext& context, const std::string& site, const EntryPtr& z,
                                    const HeadAblations& ablations);
/// Every row the mean of all rows of x: T × d.
[[nodiscard]] Tensor meanOfRows(BufferPool& pool, const Tensor& x);
/// rows × columns of 0.
[[nodiscard]] Tensor zeros(BufferPool& pool, Index rows, Index columns);

}  // namespace attn
