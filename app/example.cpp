#include "app/example.h"

#include "core/io/file.h"
#include "core/scene/examples.h"

#include <utility>
#include <vector>

namespace attn::app {

Result<Scene> builtInExample() {
    Result<std::vector<Example>> examples = loadExamples(resourceFolder() / "examples");
    if (!examples) return tl::unexpected(std::move(examples.error()));
    return std::move(examples->front().scene);
}

}  // namespace attn::app
