#pragma once
/// The example sentences that come with the program.

#include "core/base/error.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <string>
#include <vector>

namespace attn {

struct Example {
    std::string id;     ///< "river-bank"
    std::string title;  ///< short, in English
    std::string hint;   ///< one line on what to look for
    Scene scene;
};

/// Reads `examples.json` from a folder: a list of objects with "id", "title", "hint" and "text", and where
/// they differ from a new scene "context", "ids", "segments", "parameters", "painted" and "view" as in a
/// scene file; all of them are about `model`. The first one is what the window opens on. Errors name the
/// file, the example and what is wrong with it: a scene that its reader refuses, an unknown key, an id that
/// stands there twice, an empty list.
[[nodiscard]] Result<std::vector<Example>> loadExamples(const std::filesystem::path& folder,
                                                        const std::string& model = "toy");

}  // namespace attn
