#pragma once
/// The experiments' part of a scene file: {"saturation": {"logits", "scale", "table_scales", "axis",
/// "labels"}, "scaling": {"distribution", "correlation", "d_k", "keys", "seed", "samples", "exponent"}}.

#include "core/scene/experiment_state.h"
#include "core/scene/object_reader.h"

namespace attn::scene_file {

/// Takes "experiments" from the scene's members. Keys that are unknown are listed by name and kept in
/// `unknown`, an object like "experiments" itself.
[[nodiscard]] Result<void> readExperiments(ObjectReader& top, Experiments& out,
                                           std::vector<std::string>& unknownKeys, nlohmann::json& unknown);

/// Every key; the members of `unknown` go back to where they stood.
[[nodiscard]] nlohmann::ordered_json experimentsToJson(const Experiments& experiments,
                                                       const nlohmann::json& unknown);

}  // namespace attn::scene_file
