#pragma once
/// How a trace's tokens are shown where they are not shown one by one: special ones hidden, pieces of a word
/// as one. Made by core/analysis/token_view.h.

#include "core/scene/scene.h"
#include "core/trace/trace.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace attn {

/// Tokens side by side that are shown in one place.
struct TokenRun {
    Index first = 0, count = 0;

    bool operator==(const TokenRun&) const = default;
};

/// The places at which the tokens of a sequence are shown.
class TokenGroups {
public:
    TokenGroups() = default;
    /// Runs in ascending order that do not overlap: asserted. A token in none of them is hidden.
    TokenGroups(Index tokens, std::vector<TokenRun> runs);

    [[nodiscard]] Index tokens() const { return static_cast<Index>(m_places.size()); }
    [[nodiscard]] Index count() const { return static_cast<Index>(m_runs.size()); }
    [[nodiscard]] const TokenRun& run(Index place) const { return m_runs[static_cast<std::size_t>(place)]; }
    /// Where a token is shown; −1: nowhere.
    [[nodiscard]] Index placeOf(Index token) const { return m_places[static_cast<std::size_t>(token)]; }
    [[nodiscard]] Index hidden() const { return m_hidden; }
    /// Every token at a place of its own.
    [[nodiscard]] bool isIdentity() const { return count() == tokens(); }

private:
    std::vector<TokenRun> m_runs;
    std::vector<Index> m_places;
    Index m_hidden = 0;
};

/// A sequence as it is shown.
struct ShownSequence {
    TokenGroups words;   ///< along weights, which can be added up
    TokenGroups pieces;  ///< along everything else
    std::shared_ptr<const Tokens> wordTokens, pieceTokens;

    /// Of tensors that hold weights, or of others.
    [[nodiscard]] const TokenGroups& groups(TensorName name) const;
};
using ShownSequencePtr = std::shared_ptr<const ShownSequence>;

class ShownTokens {
public:
    ShownTokens(std::shared_ptr<const Trace> all, const TokensView& settings,
                std::array<ShownSequencePtr, kSequenceCount> sequences);

    /// The trace as it was computed.
    [[nodiscard]] const std::shared_ptr<const Trace>& all() const { return m_all; }
    [[nodiscard]] const TokensView& settings() const { return m_settings; }
    /// Null where the trace has no such sequence.
    [[nodiscard]] const ShownSequence* sequence(Sequence sequence) const {
        return m_sequences[static_cast<std::size_t>(sequence)].get();
    }
    [[nodiscard]] const ShownSequencePtr& shared(Sequence sequence) const {
        return m_sequences[static_cast<std::size_t>(sequence)];
    }
    [[nodiscard]] const Tokens* tokens(Sequence sequence, TensorName name) const;
    /// How tokens run along an axis of a tensor; null where none do.
    [[nodiscard]] const TokenGroups* along(const TensorKey& key, Axis axis) const;
    /// A cell between places is allowed where a pair of their tokens is, and by hand where one of them is.
    /// Made when somebody asks; thread-safe.
    [[nodiscard]] const MaskPlan& mask(const TensorKey& key) const;

private:
    std::shared_ptr<const Trace> m_all;
    TokensView m_settings;
    std::array<ShownSequencePtr, kSequenceCount> m_sequences;
    mutable std::mutex m_mutex;
    mutable std::map<std::pair<std::string, bool>, std::unique_ptr<const MaskPlan>> m_masks;
};

/// The tokens of the text that stand behind a row or column of a tensor; of a trace as it was computed, that
/// one.
[[nodiscard]] TokenRun tokensAt(const Trace& trace, const TensorKey& key, Axis axis, Index place);
/// The row or column in which a token of the text is shown; −1: it is hidden. A token that there is not is
/// handed back as it is.
[[nodiscard]] Index placeOfToken(const Trace& trace, const TensorKey& key, Axis axis, Index token);

}  // namespace attn
