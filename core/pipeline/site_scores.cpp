#include "core/pipeline/site_scores.h"

#include "core/base/parallel.h"
#include "core/ops/attention.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"

#include <algorithm>
#include <vector>

namespace attn {
namespace {

/// Over all heads. A few rows of every head at a time: heads may lie side by side.
double largestOf(const Tensor& x) {
    constexpr Index kRows = 16;
    const auto blocks = static_cast<std::size_t>((x.rows() + kRows - 1) / kRows);
    std::vector<double> largest(blocks, 0.0);
    parallelRanges(blocks, 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t block = begin; block < end; ++block) {
            const Index first = static_cast<Index>(block) * kRows;
            const Index count = std::min(kRows, x.rows() - first);
            for (Index h = 0; h < x.heads(); ++h) {
                largest[block] =
                    std::max(largest[block], largestMagnitude(rowsOf(x.matrix(h), first, count)));
            }
        }
    });
    return blocks == 0 ? 0.0 : *std::max_element(largest.begin(), largest.end());
}

}  // namespace

ScoreOperands ScoreSource::fetch(const std::stop_token& stop) const {
    ScoreOperands operands{from->get(stop), to->get(stop), weights, false};
    if (!weights) {
        operands.mayOverflow =
            dotsMayOverflow(largestOf(*operands.from), largestOf(*operands.to), operands.from->cols());
    }
    return operands;
}

void ScoreOperands::fill(Index head, Index begin, Index count, MatrixSpan out) const {
    const Index sharing = from->heads() / to->heads();
    const MatrixView keys = to->matrix(head / sharing);
    if (!weights) {
        dotScores(rowsOf(from->matrix(head), begin, count), keys, out, mayOverflow);
        return;
    }
    for (Index i = 0; i < count; ++i) {
        rowKernels().additive(from->matrix(head).row(begin + i).data(), weights->matrix(head).data(),
                              static_cast<std::size_t>(keys.rows()), keys.data(),
                              static_cast<std::size_t>(keys.outerStride()), out.row(i).data(),
                              static_cast<std::size_t>(keys.cols()));
    }
}

void ScoreWeighting::apply(Index begin, const MatrixView& raw, MatrixSpan pattern) const {
    const ScoreAdjustment adjustment{multiplier, 0, mask->row(begin), nullptr};
    const auto normalise = hard ? hardmaxScores : softmaxScores;
    normalise(raw, adjustment, pattern);
}

}  // namespace attn
