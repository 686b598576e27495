#pragma once
/// The forward pass of a trained model, block by block, through the same attention as the toy's.

#include "core/model/open_model.h"
#include "core/pipeline/attention_site.h"

namespace attn {

/// Adds every tensor and site of the model to the trace. An error where the scene asks for what this model
/// does not have, or its text has no tokens of the model.
[[nodiscard]] Result<void> evaluateTransformer(EvaluationContext& context, const Inputs& inputs,
                                               OpenModel& model);

}  // namespace attn
