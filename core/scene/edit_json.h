#pragma once
/// The member "edits" of a scene file: [{"tensor", "head", "row", "column", "value", and what it was made
/// against: "row_token" or "rows", "column_token" or "columns", "heads"}, …]. A value of null is −∞. For
/// scene_json.cpp alone.

#include "core/scene/edit.h"
#include "core/scene/object_reader.h"

namespace attn::scene_file {

/// "tensor", "row", "column" and "value" must be there; what it was made against may be missing. Errors: a
/// tensor that cannot be changed, a value that is no number or too large, an entry that is changed twice, too
/// many of them. `unknown`: members that this version does not know, with their places.
[[nodiscard]] Result<void> readEdits(ObjectReader& top, Edits& out, std::vector<std::string>& unknownKeys,
                                     nlohmann::json& unknown);
[[nodiscard]] nlohmann::ordered_json editsToJson(const Edits& edits, const nlohmann::json& unknown);

}  // namespace attn::scene_file
