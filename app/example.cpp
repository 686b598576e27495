#include "app/example.h"

#include "core/io/file.h"
#include "core/model/builtin_models.h"

#include <utility>

namespace attn::app {

Result<Scene> builtInExample() {
    ExampleLibrary library = exampleLibrary(resourceFolder());
    if (const Example* start = startExample(library.examples)) return start->scene;
    return tl::unexpected(*std::move(library.error));
}

}  // namespace attn::app
