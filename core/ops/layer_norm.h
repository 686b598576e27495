#pragma once
#include "core/tensor/matrix.h"

namespace attn {

/// y = (s − mean) / √(variance + ε) for each row of s = x + residual; no gain, no bias. All T×d; without a
/// residual s = x. Worked in double: where a row's entries are nearly equal, the division magnifies the last
/// bit of s up to 1/√ε = 316 times. Ba, Kiros and Hinton, "Layer Normalization", 2016.
void layerNorm(const MatrixView& x, const MatrixView* residual, MatrixSpan y, double epsilon = 1e-5);

}  // namespace attn
