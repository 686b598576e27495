#pragma once
/// What the numbers of a trained model's site come from, for those who explain them: the forward pass's own
/// weights and inputs, not copies.

#include "core/ops/linear.h"
#include "core/ops/positions.h"
#include "core/trace/trace.h"

#include <memory>

namespace attn {

struct SiteSources {
    EntryPtr queriesFrom, keysFrom;  ///< what the projections multiply: normed in a pre-norm block
    LinearWeights q, k, v, o;
    NormWeights qNorm, kNorm;                   ///< without a gain: none
    std::shared_ptr<const RotaryTable> rotary;  ///< null: nothing turns
    NormWeights attentionNorm, mlpNorm;
    double epsilon = 1e-5;
    bool rootMeanSquare = false;
};

/// What the logits come from; without a weight there are none.
struct OutputSources {
    TensorPtr rows;  ///< T × d_model: the last residual stream, after the final norm or the head's transform
    LinearWeights output;
};

}  // namespace attn
