#include "core/scene/inputs_json.h"

#include "core/scene/ablation_json.h"
#include "core/scene/edit_json.h"
#include "core/scene/view_json.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();

/// Where a painted cell lies.
using CellPlace = std::tuple<std::string, std::int64_t, std::int64_t>;

/// A choice is short; a longer text is wrong in any case and would fill the message.
std::string shortText(const json& value) {
    std::string text = value.get<std::string>();
    return text.size() > kMaxNameBytes ? jsonExcerpt(value) : text;
}

Result<ParameterValue> parameterValue(const ParameterSpec& spec, const std::string& name, const json& value) {
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

class InputsReader {
public:
    InputsReader(ObjectReader& object, Inputs& out, std::vector<std::string>& unknownKeys, json& unknown)
        : m_object(object), m_inputs(out), m_unknownKeys(unknownKeys), m_unknown(unknown) {}

    [[nodiscard]] Result<void> read() {
        return inOrder([&] { return readText(); }, [&] { return m_object.text("model", m_inputs.model); },
                       [&] { return readParameters(); }, [&] { return readPainted(); },
                       [&] { return readList("ablations", readAblations, m_inputs.ablations); },
                       [&] { return readMaskedTokens(); },
                       [&] { return readList("edits", readEdits, m_inputs.edits); });
    }

private:
    void keep(const char* key, json unknown) {
        if (!unknown.empty()) m_unknown[key] = std::move(unknown);
    }

    [[nodiscard]] Result<void> readText() {
        Result<ObjectReader> text = m_object.section("text");
        if (!text) return tl::unexpected(text.error());
        std::optional<std::vector<std::int64_t>> segments;
        const auto ids = [&](const char* key, std::optional<std::vector<std::int64_t>>& out) {
            return text->integers(key, out, kMaxIds, 0, kMaxPlace);
        };
        Result<void> read =
            inOrder([&] { return text->text("source", m_inputs.text, kMaxTextBytes); },
                    [&] { return text->optionalText("context", m_inputs.context, kMaxTextBytes); },
                    [&] { return text->optionalText("target", m_inputs.target, kMaxTextBytes); },
                    [&] { return ids("target_ids", m_inputs.targetIds); },
                    [&] { return ids("ids", m_inputs.ids); }, [&] { return ids("segments", segments); });
        if (!read) return read;
        if (segments) m_inputs.segments = *std::move(segments);
        keep("text", text->rest(m_unknownKeys));
        return {};
    }

    [[nodiscard]] Result<void> readParameters() {
        std::optional<json> value = m_object.take("parameters");
        if (!value) return {};
        const std::string section = m_object.fullName("parameters");
        if (!value->is_object()) return wrongType(section, tr("an object"), *value);
        json unknown = json::object();
        for (const auto& item : value->items()) {
            const std::string name = section + "." + item.key();
            const std::size_t dot = item.key().rfind('.');
            const bool ofSite = dot != std::string::npos;
            const std::string site = ofSite ? item.key().substr(0, dot) : std::string();
            const ParameterSpec* const found =
                findSpec(std::string_view(item.key()).substr(ofSite ? dot + 1 : 0));
            if (found == nullptr) {
                m_unknownKeys.push_back(name);
                unknown[item.key()] = item.value();
                continue;
            }
            if (ofSite && (found->scope != ParameterScope::Site || site.empty()))
                return fail(tr("%1: this parameter cannot be set for one site"), {name});
            Result<ParameterValue> parsed = parameterValue(*found, name, item.value());
            if (!parsed) return tl::unexpected(std::move(parsed.error()));
            if (ofSite) {
                m_inputs.parameters.set(found->id, site, *std::move(parsed));
            } else {
                m_inputs.parameters.set(found->id, *std::move(parsed));
            }
        }
        keep("parameters", std::move(unknown));
        return {};
    }

    [[nodiscard]] Result<void> readPainted() {
        std::optional<json> value = m_object.take("painted");
        if (!value) return {};
        const std::string list = m_object.fullName("painted");
        if (!value->is_array()) return wrongType(list, tr("a list"), *value);
        json unknown = json::array();
        std::set<CellPlace> seen;
        for (std::size_t i = 0; i < value->size(); ++i) {
            const std::string name = list + "[" + std::to_string(i) + "]";
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
            json rest = reader.rest(m_unknownKeys);
            if (!rest.empty()) {
                unknown.push_back(
                    {{"site", cell.site}, {"query", cell.query}, {"key", cell.key}, {"unknown", rest}});
            }
            m_inputs.painted.push_back(std::move(cell));
        }
        keep("painted", std::move(unknown));
        return {};
    }

    [[nodiscard]] Result<void> readMaskedTokens() {
        std::optional<std::vector<std::int64_t>> masked;
        Result<void> read = m_object.integers("masked_tokens", masked, kMaxIds, 0, kMaxPlace);
        if (!read || !masked) return read;
        std::sort(masked->begin(), masked->end());
        masked->erase(std::unique(masked->begin(), masked->end()), masked->end());
        m_inputs.maskedTokens = *std::move(masked);
        return {};
    }

    /// A list that has a reader of its own.
    template <typename Reader, typename List>
    [[nodiscard]] Result<void> readList(const char* key, const Reader& reader, List& out) {
        json unknown = json::array();
        Result<void> read = reader(m_object, out, m_unknownKeys, unknown);
        if (read) keep(key, std::move(unknown));
        return read;
    }

    ObjectReader& m_object;
    Inputs& m_inputs;
    std::vector<std::string>& m_unknownKeys;
    json& m_unknown;
};

ordered_json textToJson(const Inputs& inputs, const json& unknown) {
    ordered_json text = {{"source", inputs.text}};
    if (inputs.context) text["context"] = *inputs.context;
    if (inputs.target) text["target"] = *inputs.target;
    if (inputs.targetIds) text["target_ids"] = *inputs.targetIds;
    if (inputs.ids) text["ids"] = *inputs.ids;
    if (!inputs.segments.empty()) text["segments"] = inputs.segments;
    appendAll(text, unknown);
    return text;
}

ordered_json parametersToJson(const Parameters& parameters, const json& unknown) {
    ordered_json object = ordered_json::object();
    const auto put = [&](const std::string& key, const ParameterValue& value) {
        std::visit([&](const auto& held) { object[key] = held; }, value);
    };
    for (const ParameterSpec& each : parameterTable())
        if (each.id != ParameterId::Mask || parameters.choosesMask()) put(each.key, parameters.get(each.id));
    for (const auto& [place, value] : parameters.ofSites())
        put(place.first + "." + spec(place.second).key, value);
    appendAll(object, unknown);
    return object;
}

ordered_json paintedToJson(const std::vector<PaintedCell>& painted, const json& unknown) {
    std::map<CellPlace, const json*> extras;
    for (const json& each : unknown) {
        extras.emplace(CellPlace(each.at("site").get<std::string>(), each.at("query").get<std::int64_t>(),
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
        const auto extra = extras.find(CellPlace(cell.site, cell.query, cell.key));
        if (extra != extras.end()) appendAll(entry, *extra->second);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace

json takeMember(json& unknown, const char* key) {
    const auto found = unknown.find(key);
    if (found == unknown.end()) return {};
    json value = std::move(*found);
    unknown.erase(found);
    return value;
}

Result<void> readInputs(ObjectReader& object, Inputs& out, std::vector<std::string>& unknownKeys,
                        json& unknown) {
    return InputsReader(object, out, unknownKeys, unknown).read();
}

void writeInputs(const Inputs& inputs, json& unknown, ordered_json& object) {
    object["text"] = textToJson(inputs, takeMember(unknown, "text"));
    object["model"] = inputs.model;
    object["parameters"] = parametersToJson(inputs.parameters, takeMember(unknown, "parameters"));
    object["painted"] = paintedToJson(inputs.painted, takeMember(unknown, "painted"));
    object["ablations"] = ablationsToJson(inputs.ablations, takeMember(unknown, "ablations"));
    object["masked_tokens"] = inputs.maskedTokens;
    object["edits"] = editsToJson(inputs.edits, takeMember(unknown, "edits"));
}

}  // namespace attn::scene_file
