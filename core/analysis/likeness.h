#pragma once
/// How alike other heads' patterns are to one head's.
///
/// likeness = 1 − (mean over queries of the Jensen-Shannon divergence of both rows) / ln 2: 1 for the same
/// pattern, 0 for heads that never look at the same key. Queries of which one head sees no key do not count.
/// A head of a site with other tokens (cross-attention beside self-attention) has none: NaN.
///
/// Lin, "Divergence measures based on the Shannon entropy", 1991; between heads: Clark, Khandelwal, Levy and
/// Manning, "What Does BERT Look At?", 2019.

#include "core/analysis/study.h"
#include "core/trace/trace.h"

#include <string>
#include <vector>

namespace attn {

/// Both Tq × Tk, rows of weights. NaN where no query counts.
[[nodiscard]] float likeness(const MatrixView& a, const MatrixView& b);

/// Of every head of every site to one of them: a step to read that one, and one for each site.
class LikenessStudy : public Study {
public:
    /// The head must be there: asserted.
    LikenessStudy(TracePtr trace, const std::string& site, Index head);

    [[nodiscard]] std::size_t steps() const override { return m_trace->sites().size() + 1; }
    [[nodiscard]] std::vector<EntryPtr> needs(std::size_t step) const override;
    [[nodiscard]] bool work(std::size_t step, const std::stop_token& stop) override;

    /// Of each site of the trace in order, as far as it is worked out, its heads' likenesses.
    [[nodiscard]] const std::vector<std::vector<float>>& likenesses() const { return m_likenesses; }

private:
    TracePtr m_trace;
    const SiteInfo* m_site;
    Index m_head;
    Matrix m_pattern;
    std::vector<std::vector<float>> m_likenesses;
};

}  // namespace attn
