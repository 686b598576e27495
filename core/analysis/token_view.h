#pragma once
/// A trace as its tokens are shown: special tokens hidden, pieces of a word as one. The one mechanism behind
/// every view, table and file.
///
/// Hidden: the token's rows and columns are left out of every tensor. What weights lose by it is either
/// missing from their rows, or, renormalised, made up for.
///
/// Whole words, for weights p (Tq × Tk) alone, because they can be added up: with the pieces I of a query
/// word and J of a key word
///
///     p(I, J) = mean over i ∈ I of Σ_{j ∈ J} p_ij
///
/// where a piece that sees no key does not count; a row sums to 1 again if nothing is hidden. Renormalised,
/// it is divided by what is left of its sum; a row of which nothing is left stays 0. (Clark, Khandelwal, Levy
/// and Manning, "What Does BERT Look At?", 2019, section 4.1, merge words in this way.) Other tensors keep a
/// row for every piece.

#include "core/scene/scene.h"
#include "core/tensor/buffer_pool.h"
#include "core/trace/shown_tokens.h"
#include "core/trace/trace.h"

#include <memory>

namespace attn {

/// Where the tokens are shown.
[[nodiscard]] TokenGroups groupTokens(const Tokens& tokens, bool hideSpecial, bool wholeWords);
/// The tokens of those places. A word of several pieces has their joined text and an id below 0, the same for
/// the same text.
[[nodiscard]] Tokens groupedTokens(const Tokens& tokens, const TokenGroups& groups);

/// H × Tq × Tk weights between places. O(H·Tq·Tk).
[[nodiscard]] Tensor groupWeights(BufferPool& pool, const Tensor& weights, const TokenGroups& queries,
                                  const TokenGroups& keys, bool renormalise);
/// The rows and columns of the places' first tokens; null: all of them.
[[nodiscard]] Tensor selectTokens(BufferPool& pool, const Tensor& tensor, const TokenGroups* rows,
                                  const TokenGroups* columns);
/// How much of their weight the shown queries put on hidden keys: a mean over those that see a key, 0 … 1.
/// `head` −1: over all heads.
[[nodiscard]] double hiddenShare(const Tensor& weights, Index head, const TokenGroups& queries,
                                 const TokenGroups& keys);

/// Shows one trace after another. What did not change keeps its objects, so that nobody repaints it.
class TokenLens {
public:
    /// The trace itself where every token is shown by itself. Tensors are recipes, made when somebody asks.
    [[nodiscard]] TracePtr show(const TracePtr& trace, const TokensView& settings);

private:
    [[nodiscard]] std::array<ShownSequencePtr, kSequenceCount> sequencesOf(const Trace& trace,
                                                                           const TokensView& settings) const;
    [[nodiscard]] EntryPtr entryOf(const Trace& trace, const TensorKey& key, const ShownTokens& shown) const;

    TracePtr m_all, m_shown;  ///< the last trace, and what was shown of it
    TokensView m_settings;
    BufferPool m_pool;
    std::shared_ptr<DerivedCache> m_cache = std::make_shared<DerivedCache>();
};

}  // namespace attn
