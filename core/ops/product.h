#pragma once
/// Matrix products: OpenBLAS where it is built in, Eigen otherwise, and for a few rows the own kernel. Each
/// call runs on the caller's thread alone; the parallel form splits the result over the program's own
/// threads.

#include "core/tensor/matrix.h"

namespace attn {

/// c = a·b. a: m×k, b: k×n, c: m×n; c overlaps neither.
void multiply(const MatrixView& a, const MatrixView& b, MatrixSpan c);
/// c = a·bᵀ. a: m×k, b: n×k, c: m×n; c overlaps neither.
void multiplyTransposed(const MatrixView& a, const MatrixView& b, MatrixSpan c);
/// c = a·b, split by rows or by columns of c.
void multiplyParallel(const MatrixView& a, const MatrixView& b, MatrixSpan c);
/// c = a·bᵀ, split by rows or by columns of c.
void multiplyTransposedParallel(const MatrixView& a, const MatrixView& b, MatrixSpan c);

/// "OpenBLAS 0.3.21 (SkylakeX)" or "Eigen 3.4.0": what multiplies here.
[[nodiscard]] const char* productLibrary();

[[nodiscard]] inline MatrixView view(const Matrix& m) {
    return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.cols())};
}
[[nodiscard]] inline MatrixSpan span(Matrix& m) {
    return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.cols())};
}
/// Rows [begin, begin + count) of a view.
[[nodiscard]] inline MatrixView rowsOf(const MatrixView& m, Index begin, Index count) {
    return {m.data() + begin * m.outerStride(), count, m.cols(), Eigen::OuterStride<>(m.outerStride())};
}
[[nodiscard]] inline MatrixSpan rowsOf(MatrixSpan& m, Index begin, Index count) {
    return {m.data() + begin * m.outerStride(), count, m.cols(), Eigen::OuterStride<>(m.outerStride())};
}

}  // namespace attn
