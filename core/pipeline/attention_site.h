#pragma once
/// One place where attention happens: from what enters it to attn_out. Every model's blocks go through it.

#include "core/pipeline/evaluation.h"
#include "core/pipeline/trace_builder.h"
#include "core/scene/parameter.h"
#include "core/tensor/buffer_pool.h"
#include "core/trace/trace.h"

#include <memory>
#include <optional>
#include <string>

namespace attn {

/// What the pipeline's parts share during one evaluation.
struct EvaluationContext {
    Evaluation& evaluation;
    TraceBuilder& builder;
    BufferPool& pool;
    std::shared_ptr<DerivedCache> derived;
};

/// Weights of the projections. Null means the identity: q = k = v = x and attn_out = z.
struct ProjectionWeights {
    TensorPtr q, k, v;  ///< heads side by side: d_model × H·d
    TensorPtr o;        ///< H × d_v × d_model, stacked
};

struct AttentionSiteInputs {
    std::string name;                 ///< "blocks.0"
    bool cross = false;               ///< keys and values from another sequence
    TensorPtr queriesFrom, keysFrom;  ///< Tq × d_model, Tk × d_model
    ProjectionWeights weights;
    ScoreWeights scoreWeights;
    EffectiveParameters parameters;
    std::shared_ptr<const MaskPlan> mask;
};

/// Adds W_Q … attn_out of the site to the trace and returns attn_out (Tq × d_model).
TensorPtr evaluateAttention(EvaluationContext& context, const AttentionSiteInputs& site);

/// The stages that the stage bar shows for such a site, in the order of the computation.
[[nodiscard]] std::vector<StageInfo> attentionStages(const AttentionSiteInputs& site);

}  // namespace attn
