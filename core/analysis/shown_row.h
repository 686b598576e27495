#pragma once
/// One query of a trace whose tokens are not shown one by one (token_view.h): which token it is, and what
/// becomes of its weights. For views that show single tokens with numbers that cannot be added up.

#include "core/trace/shown_tokens.h"
#include "core/trace/trace.h"

#include <memory>
#include <span>
#include <vector>

namespace attn {

/// The trace as it was computed: itself where every token is shown by itself.
[[nodiscard]] const Trace& asComputed(const Trace& trace);
[[nodiscard]] TracePtr asComputed(const TracePtr& trace);

/// The token itself where it is shown, else the next one that is, else the last one; −1: all are hidden.
[[nodiscard]] Index nearestShownToken(const Trace& trace, const TensorKey& key, Axis axis, Index token);

/// A query's weights of all tokens, where hidden keys have 0, and, renormalised, what is left sums to 1;
/// where nothing is left all are 0.
[[nodiscard]] std::vector<float> shownWeights(std::span<const float> weights, const TokenGroups& keys,
                                              bool renormalise);
/// The weight of hidden keys as a part of all of it: 0 … 1.
[[nodiscard]] double hiddenShare(std::span<const float> weights, const TokenGroups& keys);

}  // namespace attn
