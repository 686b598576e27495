#include "core/ops/linear.h"

#include "core/base/parallel.h"
#include "core/ops/product.h"

#include <cassert>

namespace attn {
namespace {

/// Calls each(i) for every row, from several threads.
template <typename Each>
void forRows(Index rows, const Each& each) {
    constexpr std::size_t kGrain = 8;
    parallelRanges(static_cast<std::size_t>(rows), kGrain, [&](std::size_t begin, std::size_t end) {
        for (auto i = static_cast<Index>(begin); i < static_cast<Index>(end); ++i) each(i);
    });
}

const float* numbers(const TensorPtr& vector) {
    return vector ? vector->matrix().data() : nullptr;
}

}  // namespace

void linear(const MatrixView& x, const LinearWeights& weights, MatrixSpan y, bool addBias) {
    if (!weights.weight) {
        y = x;
    } else if (weights.transposed) {
        multiplyTransposedParallel(x, weights.weight->matrix(), y);
    } else {
        multiplyParallel(x, weights.weight->interleaved(), y);
    }
    if (!weights.bias || !addBias) return;
    const MatrixView bias = weights.bias->matrix();
    assert(bias.cols() == y.cols());
    forRows(y.rows(), [&](Index i) { y.row(i) += bias.row(0); });
}

void norm(const MatrixView& x, const NormWeights& weights, bool rootMeanSquare, double epsilon,
          MatrixSpan y) {
    assert(x.rows() == y.rows() && x.cols() == y.cols());
    const float* const gain = numbers(weights.gain);
    const float* const bias = numbers(weights.bias);
    forRows(x.rows(), [&](Index i) {
        rowKernels().norm(x.data() + i * x.outerStride(), nullptr, gain, bias, rootMeanSquare, epsilon,
                          y.data() + i * y.outerStride(), static_cast<std::size_t>(x.cols()));
    });
}

void activate(ActivationKind kind, MatrixSpan hidden, const TensorPtr& bias, const MatrixView* factor) {
    const float* const biasNumbers = numbers(bias);
    forRows(hidden.rows(), [&](Index i) {
        rowKernels().activate(kind, hidden.data() + i * hidden.outerStride(), biasNumbers,
                              factor == nullptr ? nullptr : factor->data() + i * factor->outerStride(),
                              static_cast<std::size_t>(hidden.cols()));
    });
}

void add(const MatrixView& a, const MatrixView& b, MatrixSpan sum) {
    forRows(sum.rows(), [&](Index i) { sum.row(i) = a.row(i) + b.row(i); });
}

}  // namespace attn
