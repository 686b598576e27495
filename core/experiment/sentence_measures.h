#pragma once
/// The measures of the scaling experiment for a sentence's own q and k, so that the theory can be held
/// against what is on the screen.

#include "core/experiment/score_statistics.h"
#include "core/trace/trace.h"

#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace attn::experiment {

struct SentenceMeasures {
    std::vector<ScoreMeasures> heads;
    ScoreMeasures all;  ///< of all heads together

    bool operator==(const SentenceMeasures&) const = default;
};

/// Dot products of all queries with all keys of a site, and the softmax of each row times d_k^−exponent, one
/// row of measures for each exponent (0: none, ½: 1/√d_k).
///
/// They speak of q and k alone: the scene's score function, scale, temperature and mask do not enter. A
/// product beyond the range of float counts as ±FLT_MAX. Null for a site that the trace does not have, and
/// when a stop was requested. Multiplies: for the thread that computes.
[[nodiscard]] std::optional<SentenceMeasures> sentenceMeasures(const Trace& trace, std::string_view site,
                                                               const std::vector<double>& exponents = {0,
                                                                                                       0.5},
                                                               const std::stop_token& stop = {});

}  // namespace attn::experiment
