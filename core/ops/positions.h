#pragma once
#include "core/tensor/matrix.h"

namespace attn {

/// encoding(t, 2i) = strength·sin(t / 10000^(2i/d)), encoding(t, 2i+1) = strength·cos(the same). encoding:
/// T×d. Vaswani et al., "Attention Is All You Need", 2017, section 3.5.
void sinusoidalPositions(double strength, MatrixSpan encoding);

/// Turns the pair (i, i + d/2) of row t by the angle strength·t·base^(−2i/d); an odd last dimension stays. x:
/// T×d. Su et al., "RoFormer", 2021, with the halves paired as in Llama.
void rotaryPositions(const MatrixView& x, double strength, double base, MatrixSpan rotated);

}  // namespace attn
