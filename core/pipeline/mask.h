#pragma once
#include "core/scene/scene.h"
#include "core/trace/trace.h"

#include <string>
#include <vector>

namespace attn {

/// Which pairs are allowed: the rule (causal: j ≤ i; local: |i − j| ≤ window; padding: all but the last n
/// keys; sliding: i − window < j ≤ i), then the cells painted by hand for this site, where they still fit the
/// tokens they were painted between.
[[nodiscard]] MaskPlan planMask(const EffectiveParameters& p, const std::vector<PaintedCell>& painted,
                                const std::string& site, const Tokens& queries, const Tokens& keys);

/// The painted cells of a site as a text: few, painted by hand, spelled out, so that a stage's key owns them.
[[nodiscard]] std::string paintedKey(const std::vector<PaintedCell>& painted, const std::string& site);

}  // namespace attn
