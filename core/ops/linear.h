#pragma once
/// The parts of a transformer block that have weights and are not attention.

#include "core/ops/row_kernels.h"
#include "core/tensor/tensor.h"

namespace attn {

/// y = x·W + b.
struct LinearWeights {
    TensorPtr weight;         ///< d_in × d_out; null: y = x
    bool transposed = false;  ///< the weight is d_out × d_in, as PyTorch's Linear keeps it
    TensorPtr bias;           ///< 1 × d_out, or null

    [[nodiscard]] Index outputs() const {
        return transposed ? weight->rows() : weight->heads() * weight->cols();
    }
};
/// x: T × d_in, y: T × d_out. Split over the program's threads. Without the bias where `addBias` is false.
void linear(const MatrixView& x, const LinearWeights& weights, MatrixSpan y, bool addBias = true);

struct NormWeights {
    TensorPtr gain, bias;  ///< 1 × d; no bias: null
};
/// Each row brought to mean 0 and variance 1 (Ba, Kiros and Hinton, 2016), or only to mean square 1 (Zhang
/// and Sennrich, "Root Mean Square Layer Normalization", 2019), times gain plus bias. x and y may be the
/// same.
void norm(const MatrixView& x, const NormWeights& weights, bool rootMeanSquare, double epsilon, MatrixSpan y);

/// hidden = activation(hidden + bias) ∘ factor; `bias` (1 × d) and `factor` may be null.
void activate(ActivationKind kind, MatrixSpan hidden, const TensorPtr& bias, const MatrixView* factor);

/// sum = a + b.
void add(const MatrixView& a, const MatrixView& b, MatrixSpan sum);

}  // namespace attn
