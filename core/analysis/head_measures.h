#pragma once
/// What heads do, as numbers. Most are of one text, taken between rows of the head's pattern p (Tq × Tk):
/// means over queries.
///
/// entropy      −Σ_j p_ij ln p_ij, in nats
/// largest      max_j p_ij
/// same         p_ii
/// previous     p_i,i−1                                                    queries from 1
/// next         p_i,i+1                                                    queries up to T − 2
/// first        p_i0                                                       queries from 1
/// special      Σ p_ij over special tokens j ([CLS], [SEP], <|endoftext|>)
/// duplicate    Σ p_ij over j < i with the token of i                      queries whose token stood before
/// induction    Σ p_ij over 0 < j ≤ i with the token of i at j − 1         queries whose token stood before
///
/// Clark, Khandelwal, Levy and Manning, "What Does BERT Look At?", 2019 (entropy, previous, next, same,
/// special tokens); Olsson et al., "In-context Learning and Induction Heads", 2022 (induction: prefix
/// matching), and Wang et al., "Interpretability in the Wild", 2022 (duplicate tokens), here on the text
/// itself.
///
/// likeness (of two heads, analysis/likeness.h) and the probe's measures (previous, duplicate and induction
/// on repeated random tokens, analysis/probe.h) are measures of heads as well, and come from elsewhere: NaN
/// here.
///
/// Queries that see no key (rows of 0) do not count. A measure that no query has is NaN, as is everything
/// that speaks of places or tokens where keys come from another sequence.

#include "core/tensor/matrix.h"
#include "core/text/tokenizer.h"
#include "core/trace/trace.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace attn {

enum class HeadMeasure : std::uint8_t {
    Entropy,
    Largest,
    Same,
    Previous,
    Next,
    First,
    Special,
    Duplicate,
    Induction,
    Likeness,
    ProbePrevious,
    ProbeDuplicate,
    ProbeInduction,
};
inline constexpr std::size_t kHeadMeasureCount = 13;
/// So many of them, the first ones, are taken of the text itself.
inline constexpr std::size_t kTextMeasureCount = 9;
[[nodiscard]] constexpr bool isProbed(HeadMeasure measure) {
    return measure >= HeadMeasure::ProbePrevious;
}

/// "entropy", "previous", …
[[nodiscard]] const char* toString(HeadMeasure measure);
[[nodiscard]] std::optional<HeadMeasure> headMeasureFromString(std::string_view text);
/// A few words and one sentence, marked for translation.
[[nodiscard]] const char* title(HeadMeasure measure);
[[nodiscard]] const char* explanation(HeadMeasure measure);

using HeadMeasures = std::array<float, kHeadMeasureCount>;
[[nodiscard]] inline float measureOf(const HeadMeasures& measures, HeadMeasure measure) {
    return measures[static_cast<std::size_t>(measure)];
}
/// 0 … 1, to draw it: the entropy over its largest value, ln of the number of keys; the others as they are. 0
/// for NaN.
[[nodiscard]] double shareOf(const HeadMeasures& measures, HeadMeasure measure, Index keys);

/// What the measures need to know of the tokens of a site, worked out once for all its heads.
struct MeasuredTokens {
    bool selfAttention = true;
    std::vector<std::uint8_t> specialKeys;           ///< of each key
    std::vector<std::vector<std::int32_t>> earlier;  ///< of each query: where its token stood before
};
[[nodiscard]] MeasuredTokens measuredTokens(const Trace& trace, const SiteInfo& site);

/// O(Tq·Tk).
[[nodiscard]] HeadMeasures measureHead(const MatrixView& pattern, const MeasuredTokens& tokens);

}  // namespace attn
