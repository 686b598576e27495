#include "core/analysis/neurons.h"

#include "core/ops/attention.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace attn {
namespace {

constexpr auto kLargest = static_cast<double>(std::numeric_limits<float>::max());

MatrixView oneRow(const std::vector<float>& numbers) {
    const auto n = static_cast<Index>(numbers.size());
    return {numbers.data(), 1, n, Eigen::OuterStride<>(n)};
}

MatrixSpan oneRow(std::vector<float>& numbers) {
    const auto n = static_cast<Index>(numbers.size());
    return {numbers.data(), 1, n, Eigen::OuterStride<>(n)};
}

/// Every row divided by its length; a row of zeros stays.
Matrix directionsOf(const MatrixView& x) {
    Matrix out = x;
    for (Index i = 0; i < out.rows(); ++i) {
        const float length = out.row(i).norm();
        if (length > 0) out.row(i) /= length;
    }
    return out;
}

/// x·W by the kernel for a few rows: no library's threads on the caller's thread.
Matrix smallProduct(const MatrixView& x, const MatrixView& w) {
    Matrix out(x.rows(), w.cols());
    const auto stride = [](const MatrixView& m) { return static_cast<std::size_t>(m.outerStride()); };
    constexpr Index kRows = 16;
    for (Index begin = 0; begin < x.rows(); begin += kRows) {
        const Index count = std::min(kRows, x.rows() - begin);
        rowKernels().fewRows(x.data() + begin * x.outerStride(), stride(x), static_cast<std::size_t>(count),
                             w.data(), stride(w), false, out.data() + begin * out.cols(),
                             static_cast<std::size_t>(out.cols()), static_cast<std::size_t>(w.cols()),
                             static_cast<std::size_t>(w.rows()));
    }
    return out;
}

}  // namespace

MatrixView NeuronHead::Factors::view() const {
    return made ? attn::view(*made) : borrowed->matrix(matrix);
}

NeuronHead::NeuronHead(TracePtr trace, const SiteInfo& site, Index head, TensorPtr q, TensorPtr k,
                       const NeuronHead* before)
    : m_trace(std::move(trace)),
      m_site(site.name),
      m_head(head),
      m_keyMatrix(site.matrixOf(k->heads(), head)),
      m_q(std::move(q)),
      m_k(std::move(k)),
      m_weights(m_trace->scoreWeights(site.name)),
      m_parameters(m_trace->parameters(site)) {
    assert(head >= 0 && head < m_q->heads());
    const bool sameKeys = before != nullptr && before->m_k == m_k && before->m_head == m_head &&
                          before->m_parameters.score == m_parameters.score &&
                          before->m_weights.additiveKey == m_weights.additiveKey;
    m_right = sameKeys ? before->m_right : keyFactors();
}

TermForm NeuronHead::form() const {
    return m_weights.additiveOut && m_parameters.score == ScoreKind::Additive ? TermForm::WeightedTanh
                                                                              : TermForm::Product;
}

const char* NeuronHead::leftName() const {
    switch (m_parameters.score) {
        case ScoreKind::Cosine:
            return "q/‖q‖";
        case ScoreKind::Additive:
            return "W₁q";
        case ScoreKind::Bilinear:
            return "qᵀW";
        case ScoreKind::Dot:
            break;
    }
    return "q";
}

const char* NeuronHead::rightName() const {
    switch (m_parameters.score) {
        case ScoreKind::Cosine:
            return "k/‖k‖";
        case ScoreKind::Additive:
            return "W₂k";
        case ScoreKind::Bilinear:
        case ScoreKind::Dot:
            break;
    }
    return "k";
}

const char* NeuronHead::termName() const {
    switch (m_parameters.score) {
        case ScoreKind::Cosine:
            return "(q/‖q‖)∘(k/‖k‖)";
        case ScoreKind::Additive:
            return "w∘tanh(W₁q + W₂k)";
        case ScoreKind::Bilinear:
            return "(qᵀW)∘k";
        case ScoreKind::Dot:
            break;
    }
    return "q∘k";
}

NeuronHead::Factors NeuronHead::keyFactors() const {
    if (m_parameters.score == ScoreKind::Cosine)
        return {nullptr, 0, std::make_shared<const Matrix>(directionsOf(m_k->matrix(m_keyMatrix)))};
    if (form() == TermForm::WeightedTanh) {
        return {nullptr, 0,
                std::make_shared<const Matrix>(
                    smallProduct(m_k->matrix(m_keyMatrix), m_weights.additiveKey->matrix(m_head)))};
    }
    return {m_k, m_keyMatrix, nullptr};
}

std::vector<float> NeuronHead::queryFactors(Index query) const {
    const MatrixView q = rowsOf(m_q->matrix(m_head), query, 1);
    Matrix left = q;
    if (m_parameters.score == ScoreKind::Cosine) {
        left = directionsOf(q);
    } else if (form() == TermForm::WeightedTanh) {
        left = smallProduct(q, m_weights.additiveQuery->matrix(m_head));
    } else if (m_parameters.score == ScoreKind::Bilinear && m_weights.bilinear) {
        left = smallProduct(q, m_weights.bilinear->matrix(m_head));
    }
    return {left.data(), left.data() + left.size()};
}

std::span<const float> NeuronHead::outer() const {
    if (form() == TermForm::Product) return {};
    const MatrixView w = m_weights.additiveOut->matrix(m_head);
    return {w.data(), static_cast<std::size_t>(w.cols())};
}

double NeuronHead::term(const NeuronRow& row, Index key, Index dimension) const {
    const auto left = static_cast<double>(row.left[static_cast<std::size_t>(dimension)]);
    const auto right = static_cast<double>(m_right.view()(key, dimension));
    if (form() == TermForm::Product) return left * right;
    return static_cast<double>(outer()[static_cast<std::size_t>(dimension)]) * std::tanh(left + right);
}

/// What the site makes of raw scores: by the kernels that made its own.
QueryScores NeuronHead::finish(Index query, std::vector<float> raw) const {
    QueryScores out;
    out.raw = std::move(raw);
    out.scores.resize(out.raw.size());
    out.weights.resize(out.raw.size());
    const ScoreAdjustment adjustment{static_cast<float>(m_parameters.scale / m_parameters.temperature), 0,
                                     m_trace->mask(m_site).row(query), nullptr};
    const MatrixView from = oneRow(std::as_const(out.raw));
    adjustScores(from, adjustment, oneRow(out.scores));
    if (m_parameters.normalizer == NormalizerKind::Hard) {
        hardmaxScores(from, adjustment, oneRow(out.weights));
    } else {
        softmaxScores(from, adjustment, oneRow(out.weights));
    }
    return out;
}

NeuronRow NeuronHead::row(Index query, std::span<const Index> off) const {
    assert(query >= 0 && query < queries());
    NeuronRow row;
    row.query = query;
    row.left = queryFactors(query);
    std::vector<bool> isOff(row.left.size(), false);
    bool any = false;
    for (const Index each : off) {
        if (each < 0 || each >= width()) continue;
        isOff[static_cast<std::size_t>(each)] = true;
        any = true;
    }
    const MatrixView right = m_right.view();
    const std::span<const float> w = outer();
    std::vector<float> all, kept;
    for (Index key = 0; key < right.rows(); ++key) {
        const float* const factors = right.data() + key * right.outerStride();
        double sum = 0, without = 0;
        for (std::size_t d = 0; d < row.left.size(); ++d) {
            const auto a = static_cast<double>(row.left[d]), b = static_cast<double>(factors[d]);
            const double value = w.empty() ? a * b : static_cast<double>(w[d]) * std::tanh(a + b);
            sum += value;
            if (!isOff[d]) without += value;
        }
        all.push_back(static_cast<float>(std::clamp(sum, -kLargest, kLargest)));
        kept.push_back(static_cast<float>(std::clamp(without, -kLargest, kLargest)));
    }
    row.all = finish(query, std::move(all));
    row.kept = any ? finish(query, std::move(kept)) : row.all;
    return row;
}

std::vector<Index> NeuronHead::byContribution(const NeuronRow& row, Index key) const {
    std::vector<double> sizes;
    for (Index d = 0; d < width(); ++d) sizes.push_back(std::abs(term(row, key, d)));
    std::vector<Index> order(sizes.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return sizes[static_cast<std::size_t>(a)] > sizes[static_cast<std::size_t>(b)];
    });
    return order;
}

Index strongestKey(const QueryScores& scores) {
    const auto largest = std::max_element(scores.weights.begin(), scores.weights.end());
    return largest == scores.weights.end() || *largest <= 0 ? -1 : largest - scores.weights.begin();
}

}  // namespace attn
