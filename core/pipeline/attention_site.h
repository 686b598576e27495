#pragma once
/// One place where attention happens: from what enters it to attn_out. Every model's blocks go through it.

#include "core/ops/linear.h"
#include "core/ops/positions.h"
#include "core/pipeline/edit_step.h"
#include "core/pipeline/evaluation_context.h"
#include "core/scene/ablation.h"
#include "core/scene/parameter.h"

#include <memory>
#include <optional>
#include <string>

namespace attn {

/// Weights of the projections. Without a weight it is the identity: q = k = v = x and attn_out = z.
struct ProjectionWeights {
    LinearWeights q, k, v;     ///< heads side by side: d_model × H·d, H_kv·d, H_kv·d_v
    LinearWeights o;           ///< heads one below another: H·d_v × d_model
    NormWeights qNorm, kNorm;  ///< root mean square norms of each head's q and k; without a gain: none
    double normEpsilon = 1e-6;
};

struct AttentionSiteInputs {
    std::string name;                ///< "blocks.0"
    bool cross = false;              ///< keys and values from another sequence
    EntryPtr queriesFrom, keysFrom;  ///< Tq × d_model, Tk × d_model: what the projections multiply
    ProjectionWeights weights;
    ScoreWeights scoreWeights;
    std::shared_ptr<const RotaryTable> rotary;  ///< turns q and k by their positions; null: nothing does
    EffectiveParameters parameters;
    std::shared_ptr<const MaskPlan> mask;
    HeadAblations ablations;  ///< heads whose z is replaced; empty: none
    EditStep edits;           ///< numbers changed by hand
};

/// Writes what was changed by hand in W_Q … W_O over the site's weights; before evaluateAttention.
void editWeights(EvaluationContext& context, AttentionSiteInputs& site);

/// Adds W_Q … attn_out of the site to the trace and returns attn_out (Tq × d_model).
EntryPtr evaluateAttention(EvaluationContext& context, const AttentionSiteInputs& site);

/// Rows of an entry's tensor.
[[nodiscard]] inline Index rowsOf(const TensorEntry& entry) {
    return entry.shape()[1];
}

/// The stages that the stage bar shows for such a site, in the order of the computation.
[[nodiscard]] std::vector<StageInfo> attentionStages(const AttentionSiteInputs& site);

}  // namespace attn
