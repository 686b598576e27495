#pragma once
/// The member "view" of a scene file. For scene_json.cpp alone.

#include "core/scene/object_reader.h"
#include "core/scene/scene.h"

namespace attn::scene_file {

/// `unknown`: members that this version does not know, those of its parts ("links", "heads" …) under
/// their names.
[[nodiscard]] Result<void> readView(ObjectReader& top, View& view, std::vector<std::string>& unknownKeys,
                                    nlohmann::json& unknown);
[[nodiscard]] nlohmann::ordered_json viewToJson(const View& view, nlohmann::json unknown);

/// Adds the members of an unknown object without looking for each among those that are there: they are none
/// of them.
void appendAll(nlohmann::ordered_json& object, const nlohmann::json& unknown);

}  // namespace attn::scene_file
