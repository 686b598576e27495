#pragma once
/// Queries and keys of a head as points of one plane.
///
/// With d_k ≤ 2 the plane is exact: x and y are the vectors' own numbers, seen from 0. With more dimensions
/// it is spanned by the first two principal components of all queries and keys together: they are centred
/// on their common mean, and the components are the eigenvectors of their covariance with the largest
/// eigenvalues (Pearson, "On lines and planes of closest fit to systems of points in space", 1901).
/// A component's sign is such that its largest number by size (the first of equals) is positive; one
/// without variance is 0.

#include "core/tensor/matrix.h"

#include <vector>

namespace attn {

struct PlanePoint {
    double x = 0, y = 0;

    bool operator==(const PlanePoint&) const = default;
};

struct Geometry {
    Index width = 0;    ///< d_k
    bool exact = true;  ///< d_k ≤ 2
    std::vector<PlanePoint> queries, keys;
    std::vector<double> queryLengths, keyLengths;  ///< ‖q‖ and ‖k‖, with every dimension
    PlanePoint zero;                               ///< where the vector 0 lies
    double first = 0, second = 0;  ///< shares of the variance along x and y; both 0: there is none
    MatrixD axes;                  ///< 2 × d_k: the components. x = (v − mean)·axes₀
    Eigen::RowVectorXd mean;       ///< d_k numbers, 0 where the plane is exact

    [[nodiscard]] double explained() const { return first + second; }
};

/// queries: Tq × d_k, keys: Tk × d_k. O(n·d² + m³) with n = Tq + Tk, d = d_k, m = min(n, d).
[[nodiscard]] Geometry geometryOf(const MatrixView& queries, const MatrixView& keys);

/// Lengths and angle of a query and a key in all their dimensions: q·k = ‖q‖ ‖k‖ cos θ.
struct PairGeometry {
    double queryLength = 0, keyLength = 0;
    double product = 0;     ///< q·k
    double cosine = 0;      ///< 0 where one of them has no length
    double degrees = 0;     ///< θ: 0 … 180
    double projection = 0;  ///< ‖k‖ cos θ: how far k reaches along q
};
[[nodiscard]] PairGeometry pairGeometry(const MatrixView& queries, Index query, const MatrixView& keys,
                                        Index key);

}  // namespace attn
