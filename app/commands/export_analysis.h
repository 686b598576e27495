#pragma once
/// `attention-lab export` of what is worked out from several tensors of a trace.

#include "core/analysis/weights.h"
#include "core/base/error.h"
#include "core/scene/scene.h"
#include "ui/views/figure_request.h"

#include <optional>
#include <string>
#include <vector>

namespace attn::app {

/// One token's way through the layers of the stack that the requested site belongs to, or the scene's.
/// `query`: its number in the text, as typed; else the scene's selected one, else the last that is shown.
[[nodiscard]] Result<void> exportTokenFlow(const Scene& scene, const TracePtr& shown,
                                           ui::FigureRequest request, const std::optional<std::string>& query,
                                           const std::string& output);

/// A kind of weights by its name; the error says which there are.
[[nodiscard]] Result<WeightKind> readWeights(const std::string& kind);
/// Such weights between all tokens (WeightStudy), or why the site has none.
[[nodiscard]] Result<TensorPtr> studyWeights(const TracePtr& trace, const std::string& site, WeightKind kind,
                                             const std::vector<Index>& heads, Index query);

/// An alternative to the weights of a head (analysis/weights.h), by its name. `query` as above, for the flow.
[[nodiscard]] Result<void> exportWeights(const Scene& scene, const TracePtr& shown, ui::FigureRequest request,
                                         const std::string& kind, const std::optional<std::string>& query,
                                         const std::string& output);

/// All heads of all layers, or their measures; with `probed` those on repeated random tokens too.
[[nodiscard]] Result<void> exportHeads(const Scene& scene, const TracePtr& trace,
                                       const ui::FigureRequest& request, bool probed,
                                       const std::string& output);

}  // namespace attn::app
