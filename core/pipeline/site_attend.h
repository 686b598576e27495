#pragma once
/// One site from queries, keys and values to the weighted values.

#include "core/pipeline/attention_site.h"

namespace attn {

/// Adds scores_raw, scores_scaled, scores and pattern of the site to the trace and returns what the heads
/// make of the values: H × Tq × d_v. q: H × Tq × d_k; k, v: H_kv × Tk × d_k, d_v.
EntryPtr attend(EvaluationContext& context, const AttentionSiteInputs& site, const EntryPtr& q,
                const EntryPtr& k, const EntryPtr& v);

}  // namespace attn
