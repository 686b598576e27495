#include "core/scene/scene_json.h"

#include "core/io/json.h"
#include "core/scene/experiment_json.h"
#include "core/scene/inputs_json.h"
#include "core/scene/object_reader.h"
#include "core/scene/view_json.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <optional>
#include <utility>

namespace attn {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using scene_file::appendAll;
using scene_file::inOrder;
using scene_file::ObjectReader;
using scene_file::takeMember;
using scene_file::wrongType;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr const char* kFormat = "attention-lab/scene";
constexpr JsonLimits kLimits{kMaxSceneBytes, 64, std::size_t{1} << 23U};
constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();

class SceneReader {
public:
    [[nodiscard]] Result<LoadedScene> read(json document) {
        if (!document.is_object()) return fail(tr("this is no scene: the file holds no JSON object"));
        ObjectReader top(std::move(document), "");
        Scene& scene = m_loaded.scene;
        const Result<void> done = inOrder(
            [&] { return readFormat(top); },
            [&] { return scene_file::readInputs(top, scene.inputs, m_loaded.unknownKeys, m_unknown); },
            [&] { return readPart("experiments", scene_file::readExperiments, top, scene.experiments); },
            [&] { return readPart("view", scene_file::readView, top, scene.view); },
            [&] { return readPinned(top); });
        if (!done) return tl::unexpected(done.error());
        json unknown = top.rest(m_loaded.unknownKeys);
        unknown.update(m_unknown);
        scene.unknown = unknown.dump();
        return std::move(m_loaded);
    }

private:
    [[nodiscard]] static Result<void> readFormat(ObjectReader& top) {
        const std::optional<json> format = top.take("format");
        if (!format) return fail(tr("this is no scene: \"format\" is missing"));
        if (*format != kFormat)
            return fail(tr("format: expected %1, got %2"), {kFormat, jsonExcerpt(*format)});
        std::int64_t version = kSceneVersion;
        if (Result<void> read = top.integer("version", version, 1, std::numeric_limits<std::int64_t>::max());
            !read) {
            return read;
        }
        if (version > kSceneVersion) {
            return fail(tr("version %1 is newer than this program reads (%2)"),
                        {std::to_string(version), std::to_string(kSceneVersion)});
        }
        return {};
    }

    template <typename Reader, typename Part>
    [[nodiscard]] Result<void> readPart(const char* key, const Reader& reader, ObjectReader& top, Part& out) {
        json unknown = json::object();
        Result<void> read = reader(top, out, m_loaded.unknownKeys, unknown);
        if (read && !unknown.empty()) m_unknown[key] = std::move(unknown);
        return read;
    }

    /// null is absent.
    [[nodiscard]] Result<void> readPinned(ObjectReader& top) {
        std::optional<json> value = top.take("pinned");
        if (!value || value->is_null()) return {};
        if (!value->is_object()) return wrongType("pinned", tr("an object"), *value);
        ObjectReader reader(*std::move(value), "pinned.");
        PinnedState& pinned = m_loaded.scene.pinned.emplace();
        json inside = json::object();
        Result<void> read = inOrder(
            [&] { return scene_file::readInputs(reader, pinned.inputs, m_loaded.unknownKeys, inside); },
            [&] { return reader.text("site", pinned.site); },
            [&] { return reader.integer("head", pinned.head, 0, kMaxPlace); });
        if (!read) return read;
        json unknown = reader.rest(m_loaded.unknownKeys);
        unknown.update(inside);
        pinned.unknown = unknown.dump();
        return {};
    }

    LoadedScene m_loaded;
    json m_unknown = json::object();
};

/// What a scene keeps of keys that this version does not know.
json unknownMembers(const std::string& text) {
    json unknown = json::parse(text, nullptr, false);
    return unknown.is_object() ? unknown : json::object();
}

ordered_json pinnedToJson(const PinnedState& pinned) {
    json unknown = unknownMembers(pinned.unknown);
    ordered_json object = ordered_json::object();
    scene_file::writeInputs(pinned.inputs, unknown, object);
    object["site"] = pinned.site;
    object["head"] = pinned.head;
    appendAll(object, unknown);
    return object;
}

}  // namespace

Result<LoadedScene> sceneFromJson(std::string_view json) {
    Result<nlohmann::json> document = parseJson(json, kLimits);
    if (!document) return tl::unexpected(std::move(document.error()));
    return SceneReader().read(std::move(*document));
}

std::string sceneToJson(const Scene& scene) {
    json unknown = unknownMembers(scene.unknown);
    ordered_json document = {{"format", kFormat}, {"version", kSceneVersion}};
    scene_file::writeInputs(scene.inputs, unknown, document);
    document["experiments"] =
        scene_file::experimentsToJson(scene.experiments, takeMember(unknown, "experiments"));
    document["view"] = scene_file::viewToJson(scene.view, takeMember(unknown, "view"));
    if (scene.pinned) document["pinned"] = pinnedToJson(*scene.pinned);
    appendAll(document, unknown);
    return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
