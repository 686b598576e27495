#include "app/example.h"

#include "core/io/file.h"
#include "core/model/builtin_models.h"

#include <utility>
#include <vector>

namespace attn::app {

Result<Scene> windowExample() {
    ExampleLibrary library = exampleLibrary(resourceFolder());
    if (const Example* start = startExample(library.examples)) return start->scene;
    return tl::unexpected(*std::move(library.error));
}

Result<Scene> toyExample() {
    Result<std::vector<Example>> examples = loadExamples(resourceFolder() / "examples");
    if (!examples) return tl::unexpected(std::move(examples.error()));
    return std::move(examples->front().scene);
}

}  // namespace attn::app
