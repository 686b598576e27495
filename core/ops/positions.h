#pragma once
#include "core/tensor/matrix.h"

#include <vector>

namespace attn {

/// encoding(t, 2i) = strength·sin(t / 10000^(2i/d)), encoding(t, 2i+1) = strength·cos(the same). encoding:
/// T×d. Vaswani et al., "Attention Is All You Need", 2017, section 3.5.
void sinusoidalPositions(double strength, MatrixSpan encoding);

/// cos and sin of position · frequency: T × d/2 each.
struct RotaryTable {
    Matrix cosine, sine;
};
[[nodiscard]] RotaryTable rotaryTable(Index positions, const std::vector<double>& frequencies);

/// strength·base^(−2i/d) for each pair of d numbers; an odd last one belongs to none.
[[nodiscard]] std::vector<double> rotaryFrequencies(Index d, double strength, double base);

/// Turns the pair (i, i + d/2) of row t by the table's angle (t, i); an odd last dimension stays. x: T×d. Su
/// et al., "RoFormer", 2021, with the halves paired as in Llama.
void rotaryPositions(const MatrixView& x, const RotaryTable& table, MatrixSpan rotated);

}  // namespace attn
