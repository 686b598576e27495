#pragma once
/// What stands in the place of parts that are switched off.

#include "core/scene/ablation.h"
#include "core/tensor/buffer_pool.h"
#include "core/tensor/tensor.h"

#include <string>

namespace attn {

/// z in which the heads that are switched off are 0 or the mean of their rows. z: H × Tq × d_v.
[[nodiscard]] Tensor ablated(BufferPool& pool, const Tensor& z, const HeadAblations& ablations);
/// Every row the mean of all rows of x: T × d.
[[nodiscard]] Tensor meanOfRows(BufferPool& pool, const Tensor& x);
/// rows × columns of 0.
[[nodiscard]] Tensor zeros(BufferPool& pool, Index rows, Index columns);

/// For a stage's key: one character for each head.
[[nodiscard]] std::string keyText(const HeadAblations& ablations);

}  // namespace attn
