// Any bytes as a scene file: refused with one line, or read into a scene that is written and read again
// unchanged.
#include "core/scene/scene_json.h"
#include "tests/fuzz/require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using attn::fuzz::require;
    const std::string text(data, data + size);
    const attn::Result<attn::LoadedScene> loaded = attn::sceneFromJson(text);
    if (!loaded) {
        require(!loaded.error().english().empty());
        require(loaded.error().english().find('\n') == std::string::npos);
        return 0;
    }
    for (const attn::ParameterSpec& spec : attn::parameterTable()) {
        require(attn::checkValue(spec, loaded->scene.inputs.parameters.get(spec.id)).has_value());
        if (const auto& pinned = loaded->scene.pinned)
            require(attn::checkValue(spec, pinned->inputs.parameters.get(spec.id)).has_value());
    }
    const std::string saved = attn::sceneToJson(loaded->scene);
    const attn::Result<attn::LoadedScene> again = attn::sceneFromJson(saved);
    require(again.has_value());
    require(again->scene == loaded->scene);
    require(again->unknownKeys.size() == loaded->unknownKeys.size());
    require(attn::sceneToJson(again->scene) == saved);
    return 0;
}
