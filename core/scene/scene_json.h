#pragma once
/// Scenes as JSON text: {"format": "attention-lab/scene", "version": 1, INPUTS, "experiments":
/// {"saturation": {…}, "scaling": {…}} (experiment_json.h), "view": {"workspace", "site", "stage", "tensor",
/// "head", "query", "key", "colormap", "range", "values", "side", "links": {…}, "heads": {…}, "neurons": {…},
/// "geometry": {…}, "flow": {…}, "tokens": {…}} (view_json.cpp), "pinned": {INPUTS, "site", "head"}}.
///
/// INPUTS, of the scene and of the state that was pinned to be compared with: "text": {"source", "context",
/// "target", "target_ids", "ids", "segments"}, "model", "parameters": {"temperature": 1, "blocks.0.mask":
/// "causal", …}, "painted": [{"site", "query", "key", "query_token", "key_token", "allowed"}, …],
/// "ablations": [{"site", "part", "kind"}, …], "masked_tokens": [3, …], "edits": [{"tensor", "head", "row",
/// "column", "value", …}, …] (edit_json.h).

#include "core/base/error.h"
#include "core/scene/scene.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

inline constexpr int kSceneVersion = 1;
/// Longest scene file, in bytes: three texts of the greatest length and as many that are pinned, every byte
/// written as \u00…
inline constexpr std::size_t kMaxSceneBytes = 37 * kMaxTextBytes;

struct LoadedScene {
    Scene scene;
    std::vector<std::string>
        unknownKeys;  ///< full names ("view.zoom", "painted[2].note"), kept in scene.unknown
};

/// "ids", where it is there, are the tokens that a trained model takes in place of the source; "segments" are
/// token types. A missing key has its default; "format", and where a painted cell lies and what it was
/// painted between, must be there. A known key of the wrong type or out of range is an error that names it
/// and the value ("pinned.parameters.temperature: 0 is outside 0.01 … 100"), as are text that is no JSON
/// (with line and column), another format, a newer version, and a cell that is painted twice.
[[nodiscard]] Result<LoadedScene> sceneFromJson(std::string_view json);

/// Every key, also those at their default; unknown ones go back into the objects where they stood, those of a
/// painted cell or of what is pinned as long as that is there. Text that is no UTF-8 is repaired. Ends with a
/// line break.
[[nodiscard]] std::string sceneToJson(const Scene& scene);

}  // namespace attn
