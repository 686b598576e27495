#pragma once
/// One token's way through the layers of a stack: its residual stream, and every vector that is written to
/// it.
///
/// At an attention site    Σ_h z_h W_O^h + b_O = attn_out;  at an MLP  mlp_out.
/// A pre-norm block adds what is written:       x' = x + written.
/// A post-norm block norms the sum (so does the toy, with its switch on): x' = norm(x + written); what the
/// norm changes, norm(s) − s, counts as one more vector that is written.
/// What was changed by hand between them (an edit of resid_pre, attn_out, …) counts as a vector as well.
/// So the stream at the end is the sum of the stream at the beginning and of all that was written, whatever
/// the model. With d = x_end / ‖x_end‖ a written vector w has its norm ‖w‖ and its projection w·d; all
/// projections together make ‖x_end‖. The stream ends behind the last block, before a final norm.
///
/// Which tokens feed a head: ‖α_ij f(x_j)‖ (analysis/weights.h). Of a word that is shown as one it is the sum
/// over its pieces; what hidden tokens feed is added up apart, so that nothing is lost. The token whose way
/// it is stays a single one, shown: streams cannot be merged.
///
/// Elhage et al., "A Mathematical Framework for Transformer Circuits", 2021 (heads write to the residual
/// stream independently of each other); nostalgebraist, "interpreting GPT: the logit lens", 2020 (all layers
/// read in the last one's terms).

#include "core/analysis/study.h"
#include "core/trace/trace.h"

#include <cstdint>
#include <string>
#include <vector>

namespace attn {

/// A token whose value a head reads.
struct FlowSource {
    Index key = 0;    ///< its place in the trace as it is shown
    double norm = 0;  ///< ‖α_ij f(x_j)‖

    bool operator==(const FlowSource&) const = default;
};

enum class FlowPart : std::uint8_t {
    Head,
    Others,  ///< the heads that are not named, as one vector
    Bias,    ///< b_O
    Mlp,
    Norm,  ///< norm(s) − s, where the block norms its sums
    Edit,  ///< what was changed by hand
};

/// A vector that is added to the stream.
struct FlowWrite {
    FlowPart part = FlowPart::Head;
    Index head = -1;                  ///< of FlowPart::Head
    double norm = 0, projection = 0;  ///< ‖w‖ and w·d
    std::vector<FlowSource> sources;  ///< of a named head, the strongest first; none where it is switched off
    double otherSources = 0;          ///< Σ ‖α_ij f(x_j)‖ of the tokens that are not listed
    double hiddenSources = 0;         ///< the same of those that are hidden

    bool operator==(const FlowWrite&) const = default;
};

/// An attention site, or the MLP behind it.
struct FlowStep {
    std::string site;
    bool mlp = false;
    bool carries = true;  ///< the stream goes on beside what is written: not in a toy without residual
    double before = 0, after = 0;   ///< norms of the stream
    std::vector<FlowWrite> heads;   ///< all of them, those that write most first
    std::size_t named = 0;          ///< so many of them have sources of their own
    std::vector<FlowWrite> others;  ///< the rest of the heads together: one, or none
    std::vector<FlowWrite> rest;    ///< bias, MLP, norm, edit: those that there are

    bool operator==(const FlowStep&) const = default;
};

struct TokenFlow {
    Index query = -1;                       ///< a token of the text
    double start = 0, startProjection = 0;  ///< the stream before the first block
    double end = 0;                         ///< and behind the last one
    std::vector<FlowStep> steps;            ///< in the order of the computation

    bool operator==(const TokenFlow&) const = default;
};

struct FlowLimits {
    Index heads = 3;    ///< that are named at each site
    Index sources = 3;  ///< tokens that are listed for each of them
};

/// The sites of the stack that a site belongs to: "decoder.blocks.0", "decoder.blocks.0.cross", … for either.
[[nodiscard]] std::vector<const SiteInfo*> sitesOfStack(const Trace& trace, const SiteInfo& site);

/// Which token is looked at where nobody says which: the last one that is no special token, else the last.
/// −1 without tokens. `trace`: as it was computed.
[[nodiscard]] Index defaultQuery(const Trace& trace, const SiteInfo& site);

/// A step for each site. `trace` may be one as its tokens are shown. `query` is a token of the sequence that
/// the stack's sites read: asserted.
class FlowStudy : public Study {
public:
    FlowStudy(TracePtr trace, const std::string& site, Index query, const FlowLimits& limits);

    [[nodiscard]] std::size_t steps() const override { return m_sites.size(); }
    [[nodiscard]] std::vector<EntryPtr> needs(std::size_t step) const override;
    [[nodiscard]] bool work(std::size_t step, const std::stop_token& stop) override;

    /// As far as it is worked out.
    [[nodiscard]] const TokenFlow& flow() const { return m_flow; }
    /// As it was given.
    [[nodiscard]] const TracePtr& trace() const { return m_shown; }
    [[nodiscard]] const std::vector<const SiteInfo*>& sites() const { return m_sites; }

private:
    using Vector = Eigen::VectorXd;

    [[nodiscard]] Vector row(const std::string& site, TensorName name) const;
    [[nodiscard]] FlowWrite write(FlowPart part, const Vector& vector) const;
    [[nodiscard]] Vector afterAttention(std::size_t step, const Vector& normed) const;
    [[nodiscard]] Vector normed(const SiteInfo& site, const Vector& sum, bool mlp) const;
    void begin();
    [[nodiscard]] bool addHeads(const SiteInfo& site, FlowStep& step, Vector& written,
                                const std::stop_token& stop) const;
    void addMlp(const SiteInfo& site, const std::string& block, const Vector& before);
    void addSources(const SiteInfo& site, FlowWrite& head) const;
    void addRest(FlowStep& step, FlowPart part, const Vector& vector, double scale) const;

    TracePtr m_shown, m_trace;  ///< as its tokens are shown, and as it was computed
    std::vector<const SiteInfo*> m_sites;
    FlowLimits m_limits;
    Vector m_direction;  ///< d
    Vector m_stream;     ///< behind the last step
    TokenFlow m_flow;
};

}  // namespace attn
