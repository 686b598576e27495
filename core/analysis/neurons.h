#pragma once
/// Neurons: how a query's scores come about, dimension by dimension, and what they and the weights would be
/// without some of the dimensions.
///
///   scores_raw(j) = Σ_d term(d, j), where term(d, j) is
///     dot       q_d · k_jd
///     cosine    q̂_d · k̂_jd with x̂ = x/‖x‖ (a vector of zeros stays)
///     bilinear  (qᵀW)_d · k_jd
///     additive  w_d · tanh((W₁q)_d + (W₂k_j)_d), d a hidden unit
///
/// All four are exact: nothing of a score is outside of its sum. A dimension that is switched off contributes
/// 0 and changes nothing else (the lengths in a cosine stay); scale, temperature, mask and normaliser then
/// act as they do at the site, by the same kernels. Source of the view: Vig, "A Multiscale Visualization of
/// Attention in the Transformer Model", 2019, for dot products.

#include "core/trace/explain.h"
#include "core/trace/trace.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace attn {

/// One query with every key, as q and k make it: as the site's tensors of these names hold it, but for scores
/// and weights that were set by hand there.
struct QueryScores {
    std::vector<float> raw;      ///< finite: clamped to ±FLT_MAX
    std::vector<float> scores;   ///< −∞ where masked
    std::vector<float> weights;  ///< sum to 1; all 0 where every key is masked
};

struct NeuronRow {
    Index query = 0;
    std::vector<float> left;  ///< its factor of every term: q, q̂, qᵀW or W₁q
    QueryScores all;          ///< with every dimension
    QueryScores kept;         ///< without those that are off; the same where none is
};

class NeuronHead {
public:
    NeuronHead() = default;
    /// `q` H × Tq × d_k and `k` H_kv × Tk × d_k are the site's. What `before` knows of the same keys is used
    /// again: O(1) then, else O(Tk·d_k), additive O(Tk·d_k·width).
    NeuronHead(TracePtr trace, const SiteInfo& site, Index head, TensorPtr q, TensorPtr k,
               const NeuronHead* before = nullptr);

    [[nodiscard]] bool isEmpty() const { return !m_q || queries() == 0 || keys() == 0; }
    [[nodiscard]] Index queries() const { return m_q ? m_q->rows() : 0; }
    [[nodiscard]] Index keys() const { return m_k ? m_k->rows() : 0; }
    [[nodiscard]] Index head() const { return m_head; }
    [[nodiscard]] const std::string& site() const { return m_site; }
    /// Terms of a sum: dimensions, or hidden units.
    [[nodiscard]] Index width() const { return isEmpty() ? 0 : m_right.view().cols(); }

    [[nodiscard]] const EffectiveParameters& parameters() const { return m_parameters; }
    [[nodiscard]] TermForm form() const;
    [[nodiscard]] const char* leftName() const;   ///< "q", "q/‖q‖", "qᵀW", "W₁q"
    [[nodiscard]] const char* rightName() const;  ///< "k", "k/‖k‖", "k", "W₂k"
    [[nodiscard]] const char* termName() const;   ///< "q∘k", …

    /// The keys' factors: Tk × width.
    [[nodiscard]] MatrixView right() const { return m_right.view(); }
    /// w of the additive score; empty for products.
    [[nodiscard]] std::span<const float> outer() const;

    /// `off`: dimensions that contribute nothing; those that there are not are left alone. O(Tk·width).
    [[nodiscard]] NeuronRow row(Index query, std::span<const Index> off) const;
    /// One summand, with every dimension on.
    [[nodiscard]] double term(const NeuronRow& row, Index key, Index dimension) const;
    /// All dimensions, those that contribute most to a key's score (by size) first; equal ones by number.
    [[nodiscard]] std::vector<Index> byContribution(const NeuronRow& row, Index key) const;

private:
    /// Rows of somebody else's matrix, or of one that was made for it.
    struct Factors {
        TensorPtr borrowed;
        Index matrix = 0;
        std::shared_ptr<const Matrix> made;
        [[nodiscard]] MatrixView view() const;
    };
    [[nodiscard]] Factors keyFactors() const;
    [[nodiscard]] std::vector<float> queryFactors(Index query) const;
    [[nodiscard]] QueryScores finish(Index query, std::vector<float> raw) const;

    TracePtr m_trace;
    std::string m_site;
    Index m_head = 0, m_keyMatrix = 0;
    TensorPtr m_q, m_k;
    ScoreWeights m_weights;
    EffectiveParameters m_parameters{};
    Factors m_right;
};

/// Where a query's weight is largest: the first of equals, −1 where every key is masked.
[[nodiscard]] Index strongestKey(const QueryScores& scores);

}  // namespace attn
