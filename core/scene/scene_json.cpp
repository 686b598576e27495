#include "core/scene/scene_json.h"

#include "core/io/json.h"
#include "core/scene/ablation_json.h"
#include "core/scene/edit_json.h"
#include "core/scene/experiment_json.h"
#include "core/scene/object_reader.h"
#include "core/scene/view_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace attn {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using scene_file::appendAll;
using scene_file::inOrder;
using scene_file::kMaxNameBytes;
using scene_file::ObjectReader;
using scene_file::wrongType;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr const char* kFormat = "attention-lab/scene";
constexpr JsonLimits kLimits{kMaxSceneBytes, 64, std::size_t{1} << 22U};
constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();

class SceneReader {
public:
    [[nodiscard]] Result<LoadedScene> read(json document) {
        if (!document.is_object()) return fail(tr("this is no scene: the file holds no JSON object"));
        ObjectReader top(std::move(document), "");
        const Result<void> done =
            inOrder([&] { return readFormat(top); }, [&] { return readText(top); },
                    [&] { return top.text("model", m_loaded.scene.inputs.model); },
                    [&] { return readParameters(top); }, [&] { return readPainted(top); },
                    [&] { return readAblated(top); }, [&] { return readMaskedTokens(top); },
                    [&] { return readEdited(top); }, [&] { return readExperimentStates(top); },
                    [&] { return readViewState(top); });
        if (!done) return tl::unexpected(done.error());
        json unknown = top.rest(m_loaded.unknownKeys);
        unknown.update(m_unknown);
        m_loaded.scene.unknown = unknown.dump();
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

    void keepRest(ObjectReader& reader, const char* key) {
        json rest = reader.rest(m_loaded.unknownKeys);
        if (!rest.empty()) m_unknown[key] = std::move(rest);
    }

    [[nodiscard]] Result<void> readText(ObjectReader& top) {
        Result<ObjectReader> text = top.section("text");
        if (!text) return tl::unexpected(text.error());
        Inputs& inputs = m_loaded.scene.inputs;
        if (Result<void> read = text->text("source", inputs.text, kMaxTextBytes); !read) return read;
        std::optional<std::vector<std::int64_t>> segments;
        Result<void> read =
            inOrder([&] { return readOptionalText(*text, "context", inputs.context); },
                    [&] { return readOptionalText(*text, "target", inputs.target); },
                    [&] { return text->integers("target_ids", inputs.targetIds, kMaxIds, 0, kMaxPlace); },
                    [&] { return text->integers("ids", inputs.ids, kMaxIds, 0, kMaxPlace); },
                    [&] { return text->integers("segments", segments, kMaxIds, 0, kMaxPlace); });
        if (segments) inputs.segments = std::move(*segments);
        if (read) keepRest(*text, "text");
        return read;
    }

    /// null is absent.
    [[nodiscard]] static Result<void> readOptionalText(ObjectReader& reader, const char* key,
                                                       std::optional<std::string>& out) {
        std::optional<json> value = reader.take(key);
        if (!value || value->is_null()) return {};
        ObjectReader single(json{{key, std::move(*value)}}, "text.");
        std::string text;
        if (Result<void> read = single.text(key, text, kMaxTextBytes); !read) return read;
        out = std::move(text);
        return {};
    }

    [[nodiscard]] Result<void> readParameters(ObjectReader& top) {
        std::optional<json> value = top.take("parameters");
        if (!value) return {};
        if (!value->is_object()) return wrongType("parameters", tr("an object"), *value);
        json unknown = json::object();
        for (const auto& item : value->items()) {
            const std::string name = "parameters." + item.key();
            const std::size_t dot = item.key().rfind('.');
            const std::string site = dot == std::string::npos ? std::string() : item.key().substr(0, dot);
            const ParameterSpec* const found =
                findSpec(dot == std::string::npos ? std::string_view(item.key())
                                                  : std::string_view(item.key()).substr(dot + 1));
            if (found == nullptr) {
                m_loaded.unknownKeys.push_back(name);
                unknown[item.key()] = item.value();
                continue;
            }
            if (dot != std::string::npos && (found->scope != ParameterScope::Site || site.empty())) {
                return fail(tr("%1: this parameter cannot be set for one site"), {name});
            }
            Result<ParameterValue> parsed = parameterValue(*found, name, item.value());
            if (!parsed) return tl::unexpected(std::move(parsed.error()));
            if (dot == std::string::npos) {
                m_loaded.scene.inputs.parameters.set(found->id, std::move(*parsed));
            } else {
                m_loaded.scene.inputs.parameters.set(found->id, site, std::move(*parsed));
            }
        }
        if (!unknown.empty()) m_unknown["parameters"] = std::move(unknown);
        return {};
    }

    [[nodiscard]] static Result<ParameterValue> parameterValue(const ParameterSpec& spec,
                                                               const std::string& name, const json& value) {
        std::optional<ParameterValue> held;
        if (value.is_boolean()) held = value.get<bool>();
        if (value.is_string()) held = shortText(value);
        if (value.is_number()) held = value.get<double>();
        // Unsigned numbers beyond int64 stay real ones, which no range allows.
        const bool tooLarge =
            value.is_number_unsigned() &&
            value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (value.is_number_integer() && !tooLarge) held = value.get<std::int64_t>();
        if (!held) return wrongType(name, tr("a number, a text, true or false"), value);
        Result<ParameterValue> checked = checkValue(spec, *held);
        // The table's messages begin with the bare key.
        if (!checked && !checked.error().arguments.empty()) checked.error().arguments.front() = name;
        return checked;
    }

    /// A choice is short; a longer text is wrong in any case and would fill the message.
    [[nodiscard]] static std::string shortText(const json& value) {
        std::string text = value.get<std::string>();
        return text.size() > kMaxNameBytes ? jsonExcerpt(value) : text;
    }

    [[nodiscard]] Result<void> readPainted(ObjectReader& top) {
        std::optional<json> value = top.take("painted");
        if (!value) return {};
        if (!value->is_array()) return wrongType("painted", tr("a list"), *value);
        json unknown = json::array();
        std::set<std::tuple<std::string, std::int64_t, std::int64_t>> seen;
        for (std::size_t i = 0; i < value->size(); ++i) {
            const std::string name = "painted[" + std::to_string(i) + "]";
            json& entry = (*value)[i];
            if (!entry.is_object()) return wrongType(name, tr("an object"), entry);
            for (const char* key : {"query", "key", "query_token", "key_token"}) {
                if (!entry.contains(key)) return fail(tr("%1.%2 is missing"), {name, key});
            }
            ObjectReader reader(std::move(entry), name + ".");
            PaintedCell cell;
            cell.site = "blocks.0";
            Result<void> read =
                inOrder([&] { return reader.text("site", cell.site); },
                        [&] { return reader.integer("query", cell.query, 0, kMaxPlace); },
                        [&] { return reader.integer("key", cell.key, 0, kMaxPlace); },
                        [&] { return reader.text("query_token", cell.queryToken, kMaxTextBytes); },
                        [&] { return reader.text("key_token", cell.keyToken, kMaxTextBytes); },
                        [&] { return reader.toggle("allowed", cell.allowed); });
            if (!read) return read;
            if (!seen.emplace(cell.site, cell.query, cell.key).second) {
                return fail(tr("%1: the cell (%2, %3) of %4 is painted twice"),
                            {name, std::to_string(cell.query), std::to_string(cell.key), cell.site});
            }
            json rest = reader.rest(m_loaded.unknownKeys);
            if (!rest.empty()) {
                unknown.push_back(
                    {{"site", cell.site}, {"query", cell.query}, {"key", cell.key}, {"unknown", rest}});
            }
            m_loaded.scene.inputs.painted.push_back(std::move(cell));
        }
        if (!unknown.empty()) m_unknown["painted"] = std::move(unknown);
        return {};
    }

    [[nodiscard]] Result<void> readAblated(ObjectReader& top) {
        json unknown = json::array();
        Result<void> read =
            scene_file::readAblations(top, m_loaded.scene.inputs.ablations, m_loaded.unknownKeys, unknown);
        if (read && !unknown.empty()) m_unknown["ablations"] = std::move(unknown);
        return read;
    }

    [[nodiscard]] Result<void> readMaskedTokens(ObjectReader& top) {
        std::optional<std::vector<std::int64_t>> masked;
        Result<void> read = top.integers("masked_tokens", masked, kMaxIds, 0, kMaxPlace);
        if (!read || !masked) return read;
        std::sort(masked->begin(), masked->end());
        masked->erase(std::unique(masked->begin(), masked->end()), masked->end());
        m_loaded.scene.inputs.maskedTokens = *std::move(masked);
        return {};
    }

    [[nodiscard]] Result<void> readEdited(ObjectReader& top) {
        json unknown = json::array();
        Result<void> read =
            scene_file::readEdits(top, m_loaded.scene.inputs.edits, m_loaded.unknownKeys, unknown);
        if (read && !unknown.empty()) m_unknown["edits"] = std::move(unknown);
        return read;
    }

    [[nodiscard]] Result<void> readExperimentStates(ObjectReader& top) {
        json unknown = json::object();
        Result<void> read =
            scene_file::readExperiments(top, m_loaded.scene.experiments, m_loaded.unknownKeys, unknown);
        if (read && !unknown.empty()) m_unknown["experiments"] = std::move(unknown);
        return read;
    }

    [[nodiscard]] Result<void> readViewState(ObjectReader& top) {
        json unknown = json::object();
        Result<void> read = scene_file::readView(top, m_loaded.scene.view, m_loaded.unknownKeys, unknown);
        if (read && !unknown.empty()) m_unknown["view"] = std::move(unknown);
        return read;
    }

    LoadedScene m_loaded;
    json m_unknown = json::object();
};

ordered_json parametersToJson(const Parameters& parameters) {
    ordered_json object = ordered_json::object();
    const auto put = [&](const std::string& key, const ParameterValue& value) {
        std::visit([&](const auto& held) { object[key] = held; }, value);
    };
    for (const ParameterSpec& each : parameterTable())
        if (each.id != ParameterId::Mask || parameters.choosesMask()) put(each.key, parameters.get(each.id));
    for (const auto& [place, value] : parameters.ofSites())
        put(place.first + "." + spec(place.second).key, value);
    return object;
}

ordered_json paintedToJson(const std::vector<PaintedCell>& painted, const json& unknown) {
    std::map<std::tuple<std::string, std::int64_t, std::int64_t>, const json*> extras;
    for (const json& each : unknown) {
        extras.emplace(std::tuple(each.at("site").get<std::string>(), each.at("query").get<std::int64_t>(),
                                  each.at("key").get<std::int64_t>()),
                       &each.at("unknown"));
    }
    ordered_json list = ordered_json::array();
    for (const PaintedCell& cell : painted) {
        ordered_json entry = {{"site", cell.site},
                              {"query", cell.query},
                              {"key", cell.key},
                              {"query_token", cell.queryToken},
                              {"key_token", cell.keyToken},
                              {"allowed", cell.allowed}};
        const auto extra = extras.find(std::tuple(cell.site, cell.query, cell.key));
        if (extra != extras.end()) appendAll(entry, *extra->second);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace

Result<LoadedScene> sceneFromJson(std::string_view json) {
    Result<nlohmann::json> document = parseJson(json, kLimits);
    if (!document) return tl::unexpected(std::move(document.error()));
    return SceneReader().read(std::move(*document));
}

std::string sceneToJson(const Scene& scene) {
    json unknown = json::parse(scene.unknown, nullptr, false);
    if (!unknown.is_object()) unknown = json::object();
    const auto taken = [&](const char* key) {
        const auto found = unknown.find(key);
        if (found == unknown.end()) return json();
        json value = std::move(*found);
        unknown.erase(found);
        return value;
    };
    const Inputs& inputs = scene.inputs;

    ordered_json text = {{"source", inputs.text}};
    if (inputs.context) text["context"] = *inputs.context;
    if (inputs.target) text["target"] = *inputs.target;
    if (inputs.targetIds) text["target_ids"] = *inputs.targetIds;
    if (inputs.ids) text["ids"] = *inputs.ids;
    if (!inputs.segments.empty()) text["segments"] = inputs.segments;
    appendAll(text, taken("text"));
    ordered_json parameters = parametersToJson(inputs.parameters);
    appendAll(parameters, taken("parameters"));
    ordered_json view = scene_file::viewToJson(scene.view, taken("view"));

    ordered_json document = {{"format", kFormat}, {"version", kSceneVersion}};
    document["text"] = std::move(text);
    document["model"] = inputs.model;
    document["parameters"] = std::move(parameters);
    document["painted"] = paintedToJson(inputs.painted, taken("painted"));
    document["ablations"] = scene_file::ablationsToJson(inputs.ablations, taken("ablations"));
    document["masked_tokens"] = inputs.maskedTokens;
    document["edits"] = scene_file::editsToJson(inputs.edits, taken("edits"));
    document["experiments"] = scene_file::experimentsToJson(scene.experiments, taken("experiments"));
    document["view"] = std::move(view);
    appendAll(document, unknown);
    return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
