#pragma once
/// What a softmax does to one row: its weights, how concentrated they are, and how much gradient it lets
/// through.

#include "core/tensor/matrix.h"

#include <cstddef>
#include <span>

namespace attn::experiment {

/// √½: the largest value that the Frobenius norm of a softmax Jacobian can have, at the weights (½, ½, 0, …).
inline constexpr double kLargestJacobianNorm = 0.70710678118654752440;
/// A row with a smaller Frobenius norm is called saturated: 1 % of the largest possible value.
inline constexpr double kSaturationThreshold = 0.01 * kLargestJacobianNorm;

struct RowMeasures {
    double maxP = 0;               ///< largest weight
    double entropyNats = 0;        ///< H = −Σ p ln p, from 0 to ln n
    double jacobianFrobenius = 0;  ///< ‖J‖_F of J_ij = ∂p_i/∂s_j = p_i(δ_ij − p_j), from 0 to √½
    double jacobianLargest = 0;    ///< largest |J_ij|: p(1 − p) of the largest weight, from 0 to ¼
    bool saturated = false;        ///< ‖J‖_F < kSaturationThreshold

    bool operator==(const RowMeasures&) const = default;

    /// exp(H), from 1 to n: as many equal weights would have this entropy.
    [[nodiscard]] double effectiveNumber() const;
};

/// weights = softmax(scale·logits), and their measures. n ≥ 1 finite logits, scale > 0; weights: n.
///
/// The maximum is subtracted before multiplying, for scale·logit may overflow. A weight below e^−708 of the
/// largest is exactly 0. No cancellation: 1 − p of the largest weight is the sum of the others, H = ln Σe +
/// Σp·(max − s), and ‖J‖_F adds squares only, relative to the largest entry, in O(n). The same bits on every
/// machine.
RowMeasures softmaxRow(std::span<const double> logits, double scale, std::span<double> weights);

/// J_ij = p_i(δ_ij − p_j), n × n, of weights that sum to 1.
[[nodiscard]] MatrixD softmaxJacobian(std::span<const double> weights);

}  // namespace attn::experiment
