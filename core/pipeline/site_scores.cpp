#include "core/pipeline/site_scores.h"

#include "core/base/parallel.h"
#include "core/ops/attention.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <utility>
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
    ScoreOperands operands{from->get(stop), to->get(stop), weights, edits, false};
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
    }
    for (Index i = 0; weights && i < count; ++i) {
        rowKernels().additive(from->matrix(head).row(begin + i).data(), weights->matrix(head).data(),
                              static_cast<std::size_t>(keys.rows()), keys.data(),
                              static_cast<std::size_t>(keys.outerStride()), out.row(i).data(),
                              static_cast<std::size_t>(keys.cols()));
    }
    if (edits) edits->apply(head, begin, out);
}

void ScoreWeighting::scale(Index head, Index begin, const MatrixView& raw, MatrixSpan scaled) const {
    adjustScores(raw, {multiplier, 0, nullptr, nullptr}, scaled);
    if (scaledEdits) scaledEdits->apply(head, begin, scaled);
}

void ScoreWeighting::adjust(Index head, Index begin, const MatrixView& raw, MatrixSpan scores) const {
    adjustScores(raw, {multiplier, 0, mask->row(begin), nullptr}, scores);
    if (scaledEdits) {
        for (const EditedCell& cell : scaledEdits->inRows(head, begin, scores.rows())) {
            if (mask->allowed(cell.row, cell.column)) scores(cell.row - begin, cell.column) = cell.value;
        }
    }
    if (scoreEdits) scoreEdits->apply(head, begin, scores);
}

std::vector<Index> ScoreWeighting::editedRows(Index head, Index begin, Index count) const {
    std::vector<Index> rows;
    for (const TensorEdits* edits : {scaledEdits.get(), scoreEdits.get()}) {
        if (edits == nullptr) continue;
        for (const EditedCell& cell : edits->inRows(head, begin, count)) rows.push_back(cell.row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void ScoreWeighting::normalise(MatrixSpan scores, MatrixSpan pattern) const {
    std::vector<std::uint8_t> allowed(static_cast<std::size_t>(scores.cols()));
    for (Index j = 0; j < scores.cols(); ++j) {
        const bool masked = std::isinf(scores(0, j));
        allowed[static_cast<std::size_t>(j)] = masked ? 0 : 1;
        if (masked) scores(0, j) = 0;
    }
    const MatrixView finite(scores.data(), 1, scores.cols(), Eigen::OuterStride<>(scores.outerStride()));
    const auto normaliseRow = hard ? hardmaxScores : softmaxScores;
    normaliseRow(finite, {1, 0, allowed.data(), nullptr}, pattern);
}

void ScoreWeighting::apply(Index head, Index begin, const MatrixView& raw, MatrixSpan pattern) const {
    const std::vector<Index> edited = editedRows(head, begin, raw.rows());
    Matrix kept(static_cast<Index>(edited.size()), raw.cols());  // raw may be overwritten below
    for (std::size_t r = 0; r < edited.size(); ++r)
        kept.row(static_cast<Index>(r)) = raw.row(edited[r] - begin);
    const auto normaliseAll = hard ? hardmaxScores : softmaxScores;
    normaliseAll(raw, {multiplier, 0, mask->row(begin), nullptr}, pattern);
    for (std::size_t r = 0; r < edited.size(); ++r) {
        Matrix scores(1, raw.cols());
        adjust(head, edited[r], rowsOf(view(kept), static_cast<Index>(r), 1), span(scores));
        normalise(span(scores), rowsOf(pattern, edited[r] - begin, 1));
    }
    patternEdits.apply(head, begin, pattern);
}

}  // namespace attn
