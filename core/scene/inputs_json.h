#pragma once
/// The members of a scene file that say what is computed: "text", "model", "parameters", "painted",
/// "ablations", "masked_tokens" and "edits". They stand in the scene itself and, once more, in its "pinned".
/// For scene_json.cpp alone.

#include "core/scene/object_reader.h"
#include "core/scene/scene.h"

namespace attn::scene_file {

/// Takes them out of `object`; errors name them as `object` does ("pinned.text.source"). `unknown`: what
/// stands inside them and this version does not know, under their names.
[[nodiscard]] Result<void> readInputs(ObjectReader& object, Inputs& out,
                                      std::vector<std::string>& unknownKeys, nlohmann::json& unknown);
/// Adds them to `object`, and takes out of `unknown` what goes back into them.
void writeInputs(const Inputs& inputs, nlohmann::json& unknown, nlohmann::ordered_json& object);

/// The member of an unknown object, which then has it no longer; null where there is none.
[[nodiscard]] nlohmann::json takeMember(nlohmann::json& unknown, const char* key);

}  // namespace attn::scene_file
