#include "core/analysis/likeness.h"

#include "core/analysis/comparison.h"
#include "core/ops/product.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace attn {

float likeness(const MatrixView& a, const MatrixView& b) {
    assert(a.rows() == b.rows() && a.cols() == b.cols());
    const auto row = [](const MatrixView& m, Index i) {
        return std::span<const float>(m.data() + i * m.outerStride(), static_cast<std::size_t>(m.cols()));
    };
    double sum = 0;
    Index counted = 0;
    for (Index i = 0; i < a.rows(); ++i) {
        const double divergence = jensenShannon(row(a, i), row(b, i));
        if (std::isnan(divergence)) continue;
        sum += divergence;
        ++counted;
    }
    if (counted == 0) return std::numeric_limits<float>::quiet_NaN();
    return static_cast<float>(1 - sum / static_cast<double>(counted) / std::numbers::ln2);
}

LikenessStudy::LikenessStudy(TracePtr trace, const std::string& site, Index head)
    : m_trace(std::move(trace)), m_site(m_trace->site(site)), m_head(head) {
    assert(m_site != nullptr && head >= 0 && head < m_site->heads);
}

std::vector<EntryPtr> LikenessStudy::needs(std::size_t step) const {
    const SiteInfo& site = step == 0 ? *m_site : m_trace->sites()[step - 1];
    return {m_trace->find({site.name, TensorName::Pattern})};
}

bool LikenessStudy::work(std::size_t step, const std::stop_token& stop) {
    if (stop.stop_requested()) return false;
    const TensorPtr pattern = needs(step).front()->get();
    if (step == 0) {
        m_pattern = pattern->matrix(m_head);
        return true;
    }
    const SiteInfo& site = m_trace->sites()[step - 1];
    const bool comparable = site.queriesFrom == m_site->queriesFrom && site.keysFrom == m_site->keysFrom;
    std::vector<float> found(static_cast<std::size_t>(site.heads), std::numeric_limits<float>::quiet_NaN());
    for (Index head = 0; comparable && head < site.heads; ++head) {
        if (stop.stop_requested()) return false;
        found[static_cast<std::size_t>(head)] = likeness(view(m_pattern), pattern->matrix(head));
    }
    m_likenesses.push_back(std::move(found));
    return true;
}

}  // namespace attn
