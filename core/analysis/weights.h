#pragma once
/// How much a query attends to a key, measured in other ways than by the head's own weights.
///
/// pattern            α_ij: the weights as they are computed
/// value_norms        ‖α_ij f(x_j)‖ with f(x_j) = v_j W_O of the head, biases of v included: how much of the
///                    key's vector arrives. Kobayashi, Kuribayashi, Yokoi and Inui, "Attention is Not Only a
///                    Weight: Analyzing Transformers with Vector Norms", 2020
/// layer_value_norms  ‖Σ_h α^h_ij f^h(x_j)‖: the heads' vectors summed before the norm is taken (same source)
/// mean_of_heads      the mean of α over the heads of the site
/// mean_of_all        the mean of α over all heads of all layers of the site's stack
/// rollout            A_l ··· A_0 with A = ½ (mean of heads) + ½ I, rows brought to sum 1: how much of the
///                    input token j has mixed into token i after layer l, if values were only mixed. Abnar
///                    and Zuidema, "Quantifying Attention Flow in Transformers", 2020
/// flow               the largest flow from the query above layer l to each input token, where the entries of
///                    A_l … A_0 are the capacities (same source). For one query
///
/// Rows of pattern, the means and rollout sum to 1 (a query that sees no key has zeros; rollout leaves it
/// with itself); the others do not. What is switched off keeps its weights here: z is what changes. Where
/// weights set by hand make an entry of A negative, it counts as 0 in rollout and flow, which share out; a
/// row of which nothing is left stays with itself.

#include "core/analysis/layered_flow.h"
#include "core/analysis/study.h"
#include "core/trace/trace.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

enum class WeightKind : std::uint8_t {
    Pattern,
    ValueNorms,
    LayerValueNorms,
    MeanOfHeads,
    MeanOfAll,
    Rollout,
    Flow,
};
inline constexpr std::size_t kWeightKindCount = 7;

/// "pattern", "value_norms", …
[[nodiscard]] const char* toString(WeightKind kind);
[[nodiscard]] std::optional<WeightKind> weightKindFromString(std::string_view text);
/// A few words and one sentence, marked for translation.
[[nodiscard]] const char* title(WeightKind kind);
[[nodiscard]] const char* explanation(WeightKind kind);
/// Whether each head has its own; the others are of the site or of several.
[[nodiscard]] bool isOfHead(WeightKind kind);
/// Why a site has none of a kind, marked for translation; null where it has some.
[[nodiscard]] const char* whyNone(const Trace& trace, const SiteInfo& site, WeightKind kind);

/// Arcs of the graph of layers beyond which the flow is not worked out: it would take more than some seconds.
inline constexpr Index kMostFlowArcs = Index{200} << 10U;

/// ‖v_j W_O‖ of a head for every key. v: H_kv × Tk × d_v; wO: H × d_v × d_model.
[[nodiscard]] std::vector<float> valueNorms(const SiteInfo& site, const Tensor& v, const Tensor& wO,
                                            Index head);

/// Works one of them out. The site must have it (whyNone): asserted.
class WeightStudy : public Study {
public:
    /// `head` where each has its own, `query` for the flow; both inside: asserted.
    WeightStudy(TracePtr trace, const std::string& site, WeightKind kind, Index head, Index query);
    /// The same of several heads, one at least. Where all share it they say nothing.
    WeightStudy(TracePtr trace, const std::string& site, WeightKind kind, std::vector<Index> heads,
                Index query);

    [[nodiscard]] std::size_t steps() const override;
    [[nodiscard]] std::vector<EntryPtr> needs(std::size_t step) const override;
    [[nodiscard]] bool work(std::size_t step, const std::stop_token& stop) override;

    /// Tq × Tk, of several heads one matrix for each, of the flow 1 × Tk. Null until the last step is done.
    [[nodiscard]] const TensorPtr& result() const { return m_result; }

private:
    [[nodiscard]] const SiteInfo& site() const { return *m_sites.back(); }
    [[nodiscard]] TensorPtr tensor(const SiteInfo& site, TensorName name) const;
    void addHeads(const SiteInfo& from);
    void mixLayer(const SiteInfo& from);
    bool takeHeads(const std::stop_token& stop);
    bool sumVectors(const std::stop_token& stop);
    void flowTo(std::size_t target);
    void keep(const Matrix& weights);

    TracePtr m_trace;
    WeightKind m_kind;
    std::vector<Index> m_heads;
    Index m_query;
    std::vector<const SiteInfo*> m_sites;  ///< whose patterns are read, the site itself last
    BufferPool m_pool;
    Matrix m_sum;                 ///< means and rollout, as far as they are
    Index m_summed = 0;           ///< heads in it
    std::vector<Matrix> m_mixes;  ///< of each layer, for the flow
    std::unique_ptr<LayeredFlow> m_flow;
    TensorPtr m_result;
};

}  // namespace attn
