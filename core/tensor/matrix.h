#pragma once
/// Scalar and matrix aliases. Row-major everywhere: a row is a token, and a scan line.

#include <Eigen/Core>

namespace attn {

using Index = Eigen::Index;

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Read-only view of rows that may lie further apart than they are long (one head inside a T × H·d_k buffer).
using MatrixView = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
/// The same, writable.
using MatrixSpan = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

}  // namespace attn
