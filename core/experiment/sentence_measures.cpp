#include "core/experiment/sentence_measures.h"

#include "core/base/parallel.h"
#include "core/experiment/kernels.h"
#include "core/ops/product.h"

#include <algorithm>
#include <cfloat>
#include <string>

namespace attn::experiment {
namespace {

/// Rows that are multiplied at once: enough for the product to be fast, few enough to stop soon.
constexpr Index kBlock = 64;

void addHead(const MatrixView& q, const MatrixView& k, ScoreAccumulator& statistics,
             const std::stop_token& stop) {
    Matrix block(std::min(kBlock, q.rows()), k.rows());
    std::vector<double> dots(static_cast<std::size_t>(k.rows())), weights(dots.size());
    for (Index first = 0; first < q.rows() && !stop.stop_requested(); first += kBlock) {
        const Index rows = std::min(kBlock, q.rows() - first);
        MatrixSpan all = span(block);
        multiplyTransposed(rowsOf(q, first, rows), k, rowsOf(all, 0, rows));
        for (Index r = 0; r < rows; ++r) {
            for (Index c = 0; c < k.rows(); ++c) {
                const float dot = std::clamp(block(r, c), -FLT_MAX, FLT_MAX);
                dots[static_cast<std::size_t>(c)] = static_cast<double>(dot);
            }
            statistics.addRow(dots, weights);
        }
    }
}

}  // namespace

std::optional<SentenceMeasures> sentenceMeasures(const Trace& trace, std::string_view site,
                                                 const std::vector<double>& exponents,
                                                 const std::stop_token& stop) {
    const SiteInfo* const info = trace.site(site);
    if (info == nullptr) return std::nullopt;
    const EntryPtr queries = trace.find({std::string(site), TensorName::Q});
    const EntryPtr keys = trace.find({std::string(site), TensorName::K});
    if (queries == nullptr || keys == nullptr) return std::nullopt;
    const TensorPtr q = queries->get();
    const TensorPtr k = keys->get();

    std::vector<double> factors;
    factors.reserve(exponents.size());
    for (const double exponent : exponents) {
        factors.push_back(powerScale(static_cast<double>(std::max<Index>(info->dK, 1)), exponent));
    }
    const ScoreAccumulator empty(info->dK, 0, factors);
    std::vector<ScoreAccumulator> heads(static_cast<std::size_t>(q->heads()), empty);
    if (q->rows() > 0 && k->rows() > 0) {
        parallelFor(heads.size(), [&](std::size_t h) {
            const auto head = static_cast<Index>(h);
            addHead(q->matrix(head), k->matrix(head * k->heads() / q->heads()), heads[h], stop);
        });
    }
    if (stop.stop_requested()) return std::nullopt;

    SentenceMeasures result;
    ScoreAccumulator all = empty;
    for (const ScoreAccumulator& head : heads) {
        result.heads.push_back(head.measures());
        all.merge(head);
    }
    result.all = all.measures();
    return result;
}

}  // namespace attn::experiment
