#pragma once
/// The weights of a head, or what stands in their place (analysis/weights.h), as a heat map: the same in the
/// window and for `attention-lab export --weights`.

#include "core/analysis/weights.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/plot/heat_map_data.h"
#include "ui/views/figure_source.h"

#include <QString>

namespace attn::ui {

/// What a WeightStudy has worked out.
struct WeightsPicture {
    TracePtr trace;
    const SiteInfo* site = nullptr;  ///< of the trace
    WeightKind kind = WeightKind::Pattern;
    Index head = 0, query = 0;
    TensorPtr weights;
};

/// The same as tokens are shown (trace_adapter.h): words and what is left of the rows. A flow is that of one
/// token, and keeps all of them.
[[nodiscard]] WeightsPicture pictureShown(const WeightsPicture& picture, const TracePtr& shown);
/// A study's result as tokens are shown; null stays null.
[[nodiscard]] TensorPtr weightsShown(const TensorPtr& all, const Trace& shown, const std::string& site);
/// From 0 to the largest entry. A flow has one row, its query's.
[[nodiscard]] HeatMapData weightsMap(const WeightsPicture& picture);
/// "rollout · blocks.3", "times value norms, head 2 · blocks.3".
[[nodiscard]] QString weightsTitle(const WeightsPicture& picture);
[[nodiscard]] PageSource weightsSource(const WeightsPicture& picture, const HeatMapStyle& style);

}  // namespace attn::ui
