#include "core/analysis/comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace attn {
namespace {

constexpr float kNothing = -std::numeric_limits<float>::infinity();

/// x ln(x/m), 0 for x = 0.
double term(double x, double m) {
    return x > 0 ? x * std::log(x / m) : 0;
}

/// The matrix over the common places.
Tensor spread(BufferPool& pool, const MatrixView& matrix, const Alignment& rows, const Alignment& columns,
              Index AlignedPlace::*side) {
    Tensor out = Tensor::allocate(pool, static_cast<Index>(rows.size()), static_cast<Index>(columns.size()));
    MatrixSpan span = out.span();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < columns.size(); ++j) {
            const Index row = rows[i].*side, column = columns[j].*side;
            assert(row < matrix.rows() && column < matrix.cols());
            span(static_cast<Index>(i), static_cast<Index>(j)) =
                row < 0 || column < 0 ? kNothing : matrix(row, column);
        }
    }
    return out;
}

/// A row's weights, 0 where there is none.
std::vector<float> weightsOf(const Tensor& spread, Index row) {
    std::vector<float> weights;
    for (Index j = 0; j < spread.cols(); ++j) weights.push_back(std::max(spread.at(0, row, j), 0.0F));
    return weights;
}

}  // namespace

Alignment alignTokens(std::span<const std::string> a, std::span<const std::string> b) {
    enum : std::uint8_t { Both, OnlyA, OnlyB };
    const std::size_t wide = b.size() + 1;
    // Lengths of common subsequences from (i, j) on, of two rows at a time; how to go on, of all.
    std::vector<std::uint8_t> step((a.size() + 1) * wide, OnlyB);
    std::vector<std::uint32_t> below(wide, 0), row(wide, 0);
    for (std::size_t i = a.size() + 1; i-- > 0;) {
        for (std::size_t j = wide; j-- > 0;) {
            const bool endA = i == a.size(), endB = j == b.size();
            std::uint32_t best = 0;
            std::uint8_t how = OnlyB;
            if (!endA && !endB && a[i] == b[j]) {
                best = below[j + 1] + 1;
                how = Both;
            } else if (!endA && (endB || below[j] >= row[j + 1])) {
                best = below[j];
                how = OnlyA;
            } else if (!endB) {
                best = row[j + 1];
            }
            row[j] = best;
            step[i * wide + j] = how;
        }
        std::swap(row, below);
    }
    Alignment places;
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        const std::uint8_t how = step[i * wide + j];
        AlignedPlace place;
        if (how != OnlyB) place.a = static_cast<Index>(i++);
        if (how != OnlyA) place.b = static_cast<Index>(j++);
        places.push_back(place);
    }
    return places;
}

Alignment alignPlaces(Index a, Index b) {
    Alignment places;
    for (Index i = 0; i < std::max(a, b); ++i) places.push_back({i < a ? i : -1, i < b ? i : -1});
    return places;
}

double jensenShannon(std::span<const float> p, std::span<const float> q) {
    assert(p.size() == q.size());
    double sum = 0, ofP = 0, ofQ = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const auto x = static_cast<double>(p[i]), y = static_cast<double>(q[i]);
        const double middle = (x + y) / 2;
        sum += (term(x, middle) + term(y, middle)) / 2;
        ofP += x;
        ofQ += y;
    }
    if (!(ofP > 0) || !(ofQ > 0)) return std::numeric_limits<double>::quiet_NaN();
    return std::max(sum, 0.0);
}

Comparison compareMatrices(BufferPool& pool, const MatrixView& a, const MatrixView& b, const Alignment& rows,
                           const Alignment& columns, bool probabilities) {
    Comparison comparison;
    Tensor left = spread(pool, a, rows, columns, &AlignedPlace::a);
    Tensor right = spread(pool, b, rows, columns, &AlignedPlace::b);
    Tensor difference = Tensor::allocate(pool, left.rows(), left.cols());
    MatrixSpan span = difference.span();
    double largest = 0;
    for (Index i = 0; i < left.rows(); ++i) {
        for (Index j = 0; j < left.cols(); ++j) {
            const float x = left.at(0, i, j), y = right.at(0, i, j);
            const bool both = std::isfinite(x) && std::isfinite(y);
            span(i, j) = both ? y - x : kNothing;
            if (both) largest = std::max(largest, std::abs(static_cast<double>(y) - static_cast<double>(x)));
        }
    }
    comparison.largestDifference = largest;
    for (std::size_t i = 0; probabilities && i < rows.size(); ++i) {
        const bool partners = rows[i].a >= 0 && rows[i].b >= 0;
        const auto row = static_cast<Index>(i);
        comparison.divergence.push_back(partners ? jensenShannon(weightsOf(left, row), weightsOf(right, row))
                                                 : std::numeric_limits<double>::quiet_NaN());
    }
    comparison.a = std::make_shared<const Tensor>(std::move(left));
    comparison.b = std::make_shared<const Tensor>(std::move(right));
    comparison.difference = std::make_shared<const Tensor>(std::move(difference));
    return comparison;
}

}  // namespace attn
