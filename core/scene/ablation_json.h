#pragma once
/// The member "ablations" of a scene file: [{"site", "part": "heads" | "h5" | "mlp", "kind": "zero" |
/// "mean"}, …]. For scene_json.cpp alone.

#include "core/scene/ablation.h"
#include "core/scene/object_reader.h"

namespace attn::scene_file {

/// "site" must be there; a missing part is all heads, a missing kind zero. An error: a place that is switched
/// off twice. `unknown`: members that this version does not know, with their places.
[[nodiscard]] Result<void> readAblations(ObjectReader& top, Ablations& out,
                                         std::vector<std::string>& unknownKeys, nlohmann::json& unknown);
[[nodiscard]] nlohmann::ordered_json ablationsToJson(const Ablations& ablations,
                                                     const nlohmann::json& unknown);

}  // namespace attn::scene_file
