#pragma once
/// What a model predicts: a row of logits as probabilities of tokens.
///
/// p_i = exp(l_i/t) / Σ_j exp(l_j/t), with the sampling temperature t. Worked in double from l − max l, so
/// that nothing overflows whatever the logits are; −∞ has probability 0. A row that holds NaN, or no finite
/// number at all, gives even probabilities over nothing: all are 0.
///
/// The sampling temperature acts on the last step alone; the attention's temperature acts inside every head.

#include "core/trace/trace.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace attn {

struct Prediction {
    std::int64_t id = 0;
    std::int64_t rank = 0;  ///< 0: the most likely; equal logits in the order of their ids
    double probability = 0, logProbability = 0;  ///< natural logarithm; −∞ where the probability is 0
};

/// The distribution over the vocabulary that one row of logits stands for.
class TokenDistribution {
public:
    /// `samplingTemperature` > 0: asserted. The logits are copied: vocab numbers.
    TokenDistribution(std::span<const float> logits, double samplingTemperature);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_logits.size()); }
    [[nodiscard]] double probability(std::int64_t id) const;
    [[nodiscard]] double logProbability(std::int64_t id) const;
    [[nodiscard]] std::int64_t rank(std::int64_t id) const;  ///< O(vocab)
    [[nodiscard]] double entropyNats() const { return m_entropy; }
    [[nodiscard]] Prediction of(std::int64_t id) const;
    /// The n most likely, the likeliest first; ties in the order of their ids.
    [[nodiscard]] std::vector<Prediction> top(std::size_t n) const;

private:
    [[nodiscard]] double scaled(std::int64_t id) const;  ///< (l − max l) / t

    std::vector<float> m_logits;
    double m_temperature, m_largest = 0, m_logSum = 0, m_entropy = 0;
    bool m_valid = false;
};

/// One token before and after a change.
struct PredictionChange {
    std::int64_t id = 0;
    double before = 0, after = 0;  ///< probabilities
    std::int64_t rankBefore = 0, rankAfter = 0;
};
/// The n likeliest tokens after the change, and those of the n likeliest before it that are no longer among
/// them, the likeliest (of the larger of both) first. Both must have the same vocabulary: asserted.
[[nodiscard]] std::vector<PredictionChange> compare(const TokenDistribution& before,
                                                    const TokenDistribution& after, std::size_t n);

/// The inputs without what was changed of the model: no ablations, nothing painted or edited, every parameter
/// at its default. Text, model, ids, segments, target and masked tokens stay.
[[nodiscard]] Inputs withoutChanges(const Inputs& inputs);

/// What the text's model predicts with a row of logits.
enum class PredictionKind : std::uint8_t {
    None,  ///< nothing: it has no head
    Next,  ///< the token that follows
    Same,  ///< the token that stands there, hidden or not: a masked language model
};
[[nodiscard]] PredictionKind predictionKind(const Trace& trace);
/// The tokens whose rows the logits have: the target's of an encoder-decoder, else the text's.
[[nodiscard]] const Tokens& predictingTokens(const Trace& trace);
/// Where one looks if nobody says where: the first masked token, set or typed, else the last one.
/// −1 without tokens.
[[nodiscard]] std::int64_t defaultPosition(const Trace& trace);

/// A token as it is shown: the vocabulary's name, or its number where the vocabulary is not known.
[[nodiscard]] Token tokenOf(const Trace& trace, std::int64_t id);

}  // namespace attn
