#include "core/scene/ablation_json.h"

#include "core/scene/view_json.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

}  // namespace

Result<void> readAblations(ObjectReader& top, Ablations& out, std::vector<std::string>& unknownKeys,
                           json& unknown) {
    std::optional<json> value = top.take("ablations");
    if (!value) return {};
    const std::string list = top.fullName("ablations");
    if (!value->is_array()) return wrongType(list, translatable("core", "a list"), *value);
    std::vector<std::pair<Ablation, json>> extras;
    for (std::size_t i = 0; i < value->size(); ++i) {
        const std::string name = list + "[" + std::to_string(i) + "]";
        json& entry = (*value)[i];
        if (!entry.is_object()) return wrongType(name, translatable("core", "an object"), entry);
        if (!entry.contains("site")) return fail(translatable("core", "%1.%2 is missing"), {name, "site"});
        ObjectReader reader(std::move(entry), name + ".");
        Ablation ablation;
        std::string part = "heads";
        auto kind = static_cast<std::size_t>(ablation.kind);
        Result<void> read = inOrder([&] { return reader.text("site", ablation.site); },
                                    [&] { return reader.text("part", part); },
                                    [&] {
                                        return reader.choice("kind", kind, {"zero", "mean"});
                                    });
        if (!read) return read;
        ablation.kind = static_cast<AblationKind>(kind);
        if (!setPart(ablation, part)) {
            return fail(translatable("core", "%1: expected %2, got %3"),
                        {name + ".part", "heads, mlp, h0, h1, …", jsonExcerpt(json(part))});
        }
        json rest = reader.rest(unknownKeys);
        if (!rest.empty()) extras.emplace_back(ablation, std::move(rest));
        out.push_back(std::move(ablation));
    }
    std::sort(out.begin(), out.end(),
              [](const Ablation& a, const Ablation& b) { return std::is_lt(comparePlaces(a, b)); });
    // In the order in which they are written, so that a scene that was saved and read is the same scene.
    std::stable_sort(extras.begin(), extras.end(), [](const auto& a, const auto& b) {
        return std::is_lt(comparePlaces(a.first, b.first));
    });
    for (auto& [ablation, rest] : extras) {
        unknown.push_back(
            {{"site", ablation.site}, {"part", partText(ablation)}, {"unknown", std::move(rest)}});
    }
    const auto twice = std::adjacent_find(out.begin(), out.end(), [](const Ablation& a, const Ablation& b) {
        return comparePlaces(a, b) == std::strong_ordering::equal;
    });
    if (twice == out.end()) return {};
    return fail(translatable("core", "%1: %2 of %3 is switched off twice"),
                {list, partText(*twice), twice->site});
}

ordered_json ablationsToJson(const Ablations& ablations, const json& unknown) {
    std::map<std::pair<std::string, std::string>, const json*> extras;
    for (const json& each : unknown) {
        extras.emplace(std::pair(each.at("site").get<std::string>(), each.at("part").get<std::string>()),
                       &each.at("unknown"));
    }
    ordered_json list = ordered_json::array();
    for (const Ablation& ablation : ablations) {
        ordered_json entry = {
            {"site", ablation.site}, {"part", partText(ablation)}, {"kind", toString(ablation.kind)}};
        const auto extra = extras.find({ablation.site, partText(ablation)});
        if (extra != extras.end()) appendAll(entry, *extra->second);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace attn::scene_file
