#pragma once
/// What turns the last residual stream into logits.

#include "core/model/transformer.h"
#include "core/pipeline/evaluation_context.h"

namespace attn {

/// What the head's last product multiplies: the residual stream after the final norm and, for a masked
/// language model, its transformation (T × d_model). Null where the model has no head.
TensorPtr headInput(EvaluationContext& context, const TransformerPtr& model, const EntryPtr& residual);

/// logits = headInput·Wᵀ + b of some of its rows.
void logitsOf(const Transformer& model, const MatrixView& headInput, MatrixSpan logits);

/// Adds the logits to the trace, of all rows together and each by itself, to be made when somebody looks.
void addLogits(EvaluationContext& context, const TransformerPtr& model, const TensorPtr& headInput);

}  // namespace attn
