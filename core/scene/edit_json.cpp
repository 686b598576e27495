#include "core/scene/edit_json.h"

#include "core/scene/parameter.h"
#include "core/scene/scene.h"
#include "core/scene/view_json.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

Result<void> readTensor(ObjectReader& reader, Edit& edit) {
    std::string name;
    if (Result<void> read = reader.text("tensor", name); !read) return read;
    const std::optional<TensorKey> tensor = TensorKey::fromFullName(name);
    if (!tensor || !isEditable(tensor->name)) {
        return fail(tr("%1: %2 is no tensor that can be changed"),
                    {reader.fullName("tensor"), jsonExcerpt(json(name))});
    }
    edit.tensor = *tensor;
    return {};
}

/// null is −∞, as in a trace's file.
Result<void> readValue(ObjectReader& reader, const json& value, Edit& edit) {
    const std::string name = reader.fullName("value");
    static_cast<void>(reader.take("value"));
    if (!value.is_number() && !value.is_null()) return wrongType(name, tr("a number or null"), value);
    edit.value = value.is_null() ? kMinusInfinity : value.get<double>();
    if (isEditValue(edit.tensor.name, edit.value)) return {};
    if (value.is_null()) return fail(tr("%1: only an entry of scores can be −∞ (null)"), {name});
    return fail(tr("%1: %2 is outside %3 … %4"),
                {name, jsonExcerpt(value), formatValue(-kLargestEdit), formatValue(kLargestEdit)});
}

Result<void> readPlace(ObjectReader& reader, Edit& edit) {
    const auto integer = [&](const char* key, std::int64_t& out) {
        return reader.integer(key, out, 0, kMaxPlace);
    };
    return inOrder(
        [&] { return reader.integer("head", edit.head, 0, hasHeads(edit.tensor.name) ? kMaxPlace : 0); },
        [&] { return integer("row", edit.row); }, [&] { return integer("column", edit.column); },
        [&] { return integer("heads", edit.heads); }, [&] { return integer("rows", edit.rows); },
        [&] { return integer("columns", edit.columns); },
        [&] { return reader.text("row_token", edit.rowToken, kMaxTextBytes); },
        [&] { return reader.text("column_token", edit.columnToken, kMaxTextBytes); });
}

}  // namespace

Result<void> readEdits(ObjectReader& top, Edits& out, std::vector<std::string>& unknownKeys, json& unknown) {
    std::optional<json> list = top.take("edits");
    if (!list) return {};
    const std::string place = top.fullName("edits");
    if (!list->is_array()) return wrongType(place, tr("a list"), *list);
    if (list->size() > kMaxEdits) {
        return fail(tr("%1: %2 are too many (at most %3)"),
                    {place, std::to_string(list->size()), std::to_string(kMaxEdits)});
    }
    std::vector<std::pair<Edit, json>> extras;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string name = place + "[" + std::to_string(i) + "]";
        json& entry = (*list)[i];
        if (!entry.is_object()) return wrongType(name, tr("an object"), entry);
        for (const char* key : {"tensor", "row", "column", "value"}) {
            if (!entry.contains(key)) return fail(tr("%1.%2 is missing"), {name, key});
        }
        const json value = entry["value"];
        ObjectReader reader(std::move(entry), name + ".");
        Edit edit;
        Result<void> read =
            inOrder([&] { return readTensor(reader, edit); }, [&] { return readValue(reader, value, edit); },
                    [&] { return readPlace(reader, edit); });
        if (!read) return read;
        json rest = reader.rest(unknownKeys);
        if (!rest.empty()) extras.emplace_back(edit, std::move(rest));
        out.push_back(std::move(edit));
    }
    const auto before = [](const Edit& a, const Edit& b) { return std::is_lt(comparePlaces(a, b)); };
    std::sort(out.begin(), out.end(), before);
    std::stable_sort(extras.begin(), extras.end(),
                     [&](const auto& a, const auto& b) { return before(a.first, b.first); });
    for (auto& [edit, rest] : extras)
        unknown.push_back({{"place", formatPlace(edit)}, {"unknown", std::move(rest)}});
    const auto twice = std::adjacent_find(out.begin(), out.end(),
                                          [&](const Edit& a, const Edit& b) { return !before(a, b); });
    if (twice == out.end()) return {};
    return fail(tr("%1: %2 is changed twice"), {place, formatPlace(*twice)});
}

ordered_json editsToJson(const Edits& edits, const json& unknown) {
    std::map<std::string, const json*> extras;
    for (const json& each : unknown) extras.emplace(each.at("place").get<std::string>(), &each.at("unknown"));
    ordered_json list = ordered_json::array();
    for (const Edit& edit : edits) {
        ordered_json entry = {{"tensor", edit.tensor.fullName()}};
        if (hasHeads(edit.tensor.name)) entry["head"] = edit.head;
        entry["row"] = edit.row;
        entry["column"] = edit.column;
        entry["value"] = edit.value == kMinusInfinity ? ordered_json() : ordered_json(edit.value);
        const auto putLength = [&](const char* key, std::int64_t length) {
            if (length > 0) entry[key] = length;
        };
        const auto putToken = [&](const char* key, const std::string& token) {
            if (!token.empty()) entry[key] = token;
        };
        putLength("heads", edit.heads);
        putLength("rows", edit.rows);
        putLength("columns", edit.columns);
        putToken("row_token", edit.rowToken);
        putToken("column_token", edit.columnToken);
        const auto extra = extras.find(formatPlace(edit));
        if (extra != extras.end()) appendAll(entry, *extra->second);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace attn::scene_file
