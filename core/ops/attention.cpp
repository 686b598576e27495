#include "core/ops/attention.h"

#include "core/ops/product.h"
#include "core/ops/row_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace attn {
namespace {

RowAdjustment rowAdjustment(const ScoreAdjustment& adjustment, Index row, Index cols) {
    return {adjustment.multiplier, adjustment.softcap,
            adjustment.allowed == nullptr ? nullptr : adjustment.allowed + row * cols,
            adjustment.bias == nullptr ? nullptr : adjustment.bias + row * cols};
}

constexpr auto kLargest = static_cast<double>(std::numeric_limits<float>::max());

/// Equal keys can get scores that differ in the last bits (vector lanes against the tail of a row).
constexpr float kTieTolerance = 1e-6F;

}  // namespace

void adjustScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan scores) {
    assert(scoresRaw.rows() == scores.rows() && scoresRaw.cols() == scores.cols());
    const auto n = static_cast<std::size_t>(scores.cols());
    for (Index i = 0; i < scores.rows(); ++i) {
        rowKernels().adjust(scoresRaw.data() + i * scoresRaw.outerStride(),
                            rowAdjustment(adjustment, i, scores.cols()),
                            scores.data() + i * scores.outerStride(), n);
    }
}

void softmaxScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan pattern) {
    assert(scoresRaw.rows() == pattern.rows() && scoresRaw.cols() == pattern.cols());
    const auto n = static_cast<std::size_t>(pattern.cols());
    for (Index i = 0; i < pattern.rows(); ++i) {
        rowKernels().softmax(scoresRaw.data() + i * scoresRaw.outerStride(),
                             rowAdjustment(adjustment, i, pattern.cols()),
                             pattern.data() + i * pattern.outerStride(), n);
    }
}

void hardmaxScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan pattern) {
    adjustScores(scoresRaw, adjustment, pattern);
    for (Index i = 0; i < pattern.rows(); ++i) {
        float* row = pattern.data() + i * pattern.outerStride();
        float* const end = row + pattern.cols();
        if (row == end) continue;
        const float largest = *std::max_element(row, end);
        if (largest == -std::numeric_limits<float>::infinity()) {
            std::fill(row, end, 0.0F);
            continue;
        }
        const float threshold = largest - kTieTolerance * std::max(std::abs(largest), 1e-30F);
        const auto ties = std::count_if(row, end, [&](float s) { return s >= threshold; });
        const float share = 1.0F / static_cast<float>(ties);
        std::transform(row, end, row, [&](float s) { return s >= threshold ? share : 0.0F; });
    }
}

double largestMagnitude(const MatrixView& m) {
    return static_cast<double>(rowKernels().largestMagnitude(m.data(), static_cast<std::size_t>(m.rows()),
                                                             static_cast<std::size_t>(m.outerStride()),
                                                             static_cast<std::size_t>(m.cols())));
}

bool dotsMayOverflow(double largestQ, double largestK, Index terms) {
    return largestQ * largestK * static_cast<double>(terms) > kLargest;
}

bool dotsMayOverflow(const MatrixView& q, const MatrixView& k) {
    return dotsMayOverflow(largestMagnitude(q), largestMagnitude(k), q.cols());
}

void dotScores(const MatrixView& q, const MatrixView& k, MatrixSpan scoresRaw, bool mayOverflow) {
    if (!mayOverflow) {
        multiplyTransposed(q, k, scoresRaw);
        return;
    }
    // Rare enough for plain loops: the sum could pass through infinity, or through ∞ − ∞, on its way.
    for (Index i = 0; i < q.rows(); ++i) {
        for (Index j = 0; j < k.rows(); ++j) {
            const double sum = q.row(i).cast<double>().dot(k.row(j).cast<double>());
            scoresRaw(i, j) = static_cast<float>(std::clamp(sum, -kLargest, kLargest));
        }
    }
}

}  // namespace attn
