#include "core/scene/examples.h"

#include "core/io/file.h"
#include "core/io/json.h"
#include "core/scene/scene_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace attn {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;

/// Takes a text out of an example, so that what is left over at the end is what nobody knows.
Result<std::string> takeText(json& example, const char* key) {
    const auto found = example.find(key);
    if (found == example.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) {
        return fail(tr("'%1' is missing or no text"), {key});
    }
    std::string text = found->get<std::string>();
    example.erase(found);
    return text;
}

/// The example's own keys as the scene file that they stand for.
Result<Scene> takeScene(json& example, const std::string& model) {
    Result<std::string> text = takeText(example, "text");
    if (!text) return tl::unexpected(text.error());
    json file = {{"format", "attention-lab/scene"},
                 {"version", kSceneVersion},
                 {"model", model},
                 {"text", {{"source", *std::move(text)}}}};
    const auto move = [&](const char* key, json& target) {
        const auto found = example.find(key);
        if (found == example.end()) return;
        target[key] = std::move(*found);
        example.erase(found);
    };
    move("context", file["text"]);
    for (const char* key : {"ids", "segments", "parameters", "painted", "view"}) move(key, file);
    Result<LoadedScene> loaded = sceneFromJson(file.dump());
    if (!loaded) return tl::unexpected(loaded.error());
    if (!loaded->unknownKeys.empty()) return fail(tr("unknown key '%1'"), {loaded->unknownKeys.front()});
    return std::move(loaded->scene);
}

Result<Example> takeExample(json& value, const std::string& model) {
    if (!value.is_object()) return fail(tr("it is no object"));
    Example example;
    for (const auto& [key, target] : {std::pair("id", &example.id), std::pair("title", &example.title),
                                      std::pair("hint", &example.hint)}) {
        Result<std::string> text = takeText(value, key);
        if (!text) return tl::unexpected(text.error());
        *target = *std::move(text);
    }
    Result<Scene> scene = takeScene(value, model);
    if (!scene) return tl::unexpected(scene.error());
    if (!value.empty()) return fail(tr("unknown key '%1'"), {value.begin().key()});
    example.scene = *std::move(scene);
    return example;
}

}  // namespace

Result<std::vector<Example>> loadExamples(const std::filesystem::path& folder, const std::string& model) {
    const std::filesystem::path file = folder / "examples.json";
    const Result<std::string> bytes = readFile(file, kMaxFileBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    Result<json> list = parseJson(*bytes, JsonLimits{});
    if (!list) return fail(tr("%1: %2"), {file.string(), list.error().english()});
    if (!list->is_array() || list->empty())
        return fail(tr("%1: expected a list of examples"), {file.string()});

    std::vector<Example> examples;
    examples.reserve(list->size());
    for (json& value : *list) {
        const std::string number = std::to_string(examples.size() + 1);
        Result<Example> example = takeExample(value, model);
        if (!example)
            return fail(tr("%1: example %2: %3"), {file.string(), number, example.error().english()});
        const auto same = [&](const Example& other) { return other.id == example->id; };
        if (std::any_of(examples.begin(), examples.end(), same)) {
            return fail(tr("%1: example %2: the id '%3' stands there twice"),
                        {file.string(), number, example->id});
        }
        examples.push_back(*std::move(example));
    }
    return examples;
}

}  // namespace attn
