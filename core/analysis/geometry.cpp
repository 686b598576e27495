#include "core/analysis/geometry.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

namespace attn {
namespace {

using Eigen::VectorXd;

std::vector<double> lengthsOf(const MatrixView& vectors) {
    std::vector<double> lengths;
    for (Index i = 0; i < vectors.rows(); ++i) lengths.push_back(vectors.row(i).cast<double>().norm());
    return lengths;
}

void fixSign(MatrixD& axes, Index axis) {
    Index largest = 0;
    // Two numbers of the same size may differ in their last bits.
    constexpr double kSame = 1e-9;
    for (Index d = 1; d < axes.cols(); ++d) {
        if (std::abs(axes(axis, d)) > std::abs(axes(axis, largest)) + kSame) largest = d;
    }
    if (axes(axis, largest) < 0) axes.row(axis) *= -1;
}

/// The two components of centred rows, and their shares of the variance. The smaller of XᵀX and XXᵀ has the
/// same eigenvalues.
void findComponents(const MatrixD& centred, Geometry& out) {
    const bool wide = centred.cols() > centred.rows();
    const MatrixD products =
        wide ? MatrixD(centred * centred.transpose()) : MatrixD(centred.transpose() * centred);
    const double total = products.trace();
    out.axes = MatrixD::Zero(2, centred.cols());
    if (!(total > 0)) return;
    const Eigen::SelfAdjointEigenSolver<MatrixD> solver(products);
    std::array<double, 2> shares{};
    for (Index axis = 0; axis < std::min<Index>(2, products.rows()); ++axis) {
        const Index place = products.rows() - 1 - axis;  // eigenvalues rise
        const double value = solver.eigenvalues()(place);
        if (!(value > 1e-12 * total)) continue;
        shares[static_cast<std::size_t>(axis)] = value / total;
        VectorXd vector = solver.eigenvectors().col(place);
        if (wide) vector = VectorXd(centred.transpose() * vector) / std::sqrt(value);
        out.axes.row(axis) = vector.transpose();
        fixSign(out.axes, axis);
    }
    out.first = shares[0];
    out.second = shares[1];
}

std::vector<PlanePoint> pointsOf(const MatrixD& vectors, Index begin, Index count, const Geometry& plane) {
    std::vector<PlanePoint> points;
    for (Index i = begin; i < begin + count; ++i) {
        const Eigen::RowVectorXd from = vectors.row(i) - plane.mean;
        points.push_back({from.dot(plane.axes.row(0)), from.dot(plane.axes.row(1))});
    }
    return points;
}

}  // namespace

Geometry geometryOf(const MatrixView& queries, const MatrixView& keys) {
    assert(queries.cols() == keys.cols());
    Geometry out;
    out.width = queries.cols();
    out.exact = out.width <= 2;
    out.queryLengths = lengthsOf(queries);
    out.keyLengths = lengthsOf(keys);
    MatrixD all(queries.rows() + keys.rows(), out.width);
    all.topRows(queries.rows()) = queries.cast<double>();
    all.bottomRows(keys.rows()) = keys.cast<double>();
    out.mean = Eigen::RowVectorXd::Zero(out.width);
    if (all.rows() == 0 || out.width == 0) {
        out.axes = MatrixD::Zero(2, out.width);
        return out;
    }
    const Eigen::RowVectorXd mean = all.colwise().mean();
    const MatrixD centred = all.rowwise() - mean;
    if (out.exact) {
        const double total = centred.squaredNorm();
        out.axes = MatrixD::Identity(2, out.width);
        if (total > 0) {
            out.first = centred.col(0).squaredNorm() / total;
            out.second = 1 - out.first;
        }
    } else {
        out.mean = mean;
        findComponents(centred, out);
    }
    out.queries = pointsOf(all, 0, queries.rows(), out);
    out.keys = pointsOf(all, queries.rows(), keys.rows(), out);
    out.zero = {-out.mean.dot(out.axes.row(0)), -out.mean.dot(out.axes.row(1))};
    return out;
}

PairGeometry pairGeometry(const MatrixView& queries, Index query, const MatrixView& keys, Index key) {
    const Eigen::RowVectorXd q = queries.row(query).cast<double>();
    const Eigen::RowVectorXd k = keys.row(key).cast<double>();
    PairGeometry pair;
    pair.queryLength = q.norm();
    pair.keyLength = k.norm();
    pair.product = q.dot(k);
    const double lengths = pair.queryLength * pair.keyLength;
    pair.cosine = lengths > 0 ? std::clamp(pair.product / lengths, -1.0, 1.0) : 0;
    pair.degrees = std::acos(pair.cosine) * 180 / std::numbers::pi;
    pair.projection = pair.queryLength > 0 ? pair.product / pair.queryLength : 0;
    return pair;
}

}  // namespace attn
