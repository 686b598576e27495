#pragma once
#include "core/scene/scene.h"
#include "core/trace/trace.h"

#include <vector>

namespace attn {

/// Which pairs are allowed: the rule (causal: j ≤ i; local: |i − j| ≤ window; padding: all but the last n
/// keys), then the cells painted by hand for this site, where they still fit the tokens they were painted
/// between.
[[nodiscard]] MaskPlan planMask(const EffectiveParameters& p, const std::vector<PaintedCell>& painted,
                                const std::string& site, const Tokens& queries, const Tokens& keys);

}  // namespace attn
