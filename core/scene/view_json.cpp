#include "core/scene/view_json.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMaxLinkHeads = 1024;
constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();

/// One of some words; an unknown one that is there already counts as the first.
Result<void> readWord(ObjectReader& reader, const char* key, const std::vector<std::string>& words,
                      std::string& out) {
    const auto found = std::find(words.begin(), words.end(), out);
    auto index = found == words.end() ? 0 : static_cast<std::size_t>(found - words.begin());
    Result<void> read = reader.choice(key, index, words);
    if (read) out = words[index];
    return read;
}

Result<void> readLinks(ObjectReader& reader, View& view) {
    LinksView& links = view.links;
    const std::vector<std::string> arrangements(LinksView::kArrangements.begin(),
                                                LinksView::kArrangements.end());
    std::optional<std::vector<std::int64_t>> heads;
    Result<void> read =
        inOrder([&] { return readWord(reader, "arrangement", arrangements, links.arrangement); },
                [&] { return reader.integers("heads", heads, kMaxLinkHeads, 0, kMaxPlace); },
                [&] { return reader.real("threshold", links.threshold, 0, 1); },
                [&] { return reader.integer("most", links.most, 1, LinksView::kMostLines); });
    if (!read || !heads) return read;
    for (const std::int64_t head : *heads) {
        if (std::find(links.heads.begin(), links.heads.end(), head) == links.heads.end())
            links.heads.push_back(head);
    }
    return {};
}

ordered_json linksToJson(const View& view) {
    return {{"arrangement", view.links.arrangement},
            {"heads", view.links.heads},
            {"threshold", view.links.threshold},
            {"most", view.links.most}};
}

Result<void> readHeads(ObjectReader& reader, View& view) {
    HeadsView& heads = view.heads;
    auto ablation = static_cast<std::size_t>(heads.ablation);
    Result<void> read = inOrder([&] { return reader.text("measure", heads.measure); },
                                [&] { return reader.toggle("sorted", heads.sorted); },
                                [&] { return reader.toggle("own_ranges", heads.ownRanges); },
                                [&] { return reader.real("least", heads.least, 0, 1); },
                                [&] { return reader.text("weights", heads.weights); },
                                [&] {
                                    return reader.choice("ablation", ablation, {"zero", "mean"});
                                });
    heads.ablation = static_cast<AblationKind>(ablation);
    return read;
}

ordered_json headsToJson(const View& view) {
    return {{"measure", view.heads.measure},      {"sorted", view.heads.sorted},
            {"own_ranges", view.heads.ownRanges}, {"least", view.heads.least},
            {"weights", view.heads.weights},      {"ablation", toString(view.heads.ablation)}};
}

Result<void> readNeurons(ObjectReader& reader, View& view) {
    NeuronsView& neurons = view.neurons;
    std::optional<std::vector<std::int64_t>> off;
    Result<void> read = inOrder(
        [&] {
            return readWord(reader, "order", {"dimension", "contribution"}, neurons.order);
        },
        [&] { return reader.integers("off", off, NeuronsView::kMostOff, 0, kMaxPlace); });
    if (!read || !off) return read;
    neurons.off = *std::move(off);
    std::sort(neurons.off.begin(), neurons.off.end());
    neurons.off.erase(std::unique(neurons.off.begin(), neurons.off.end()), neurons.off.end());
    return {};
}

ordered_json neuronsToJson(const View& view) {
    return {{"order", view.neurons.order}, {"off", view.neurons.off}};
}

Result<void> readGeometry(ObjectReader& reader, View& view) {
    GeometryView& geometry = view.geometry;
    return inOrder(
        [&] {
            return readWord(reader, "color", {"role", "position", "length"}, geometry.color);
        },
        [&] { return reader.toggle("weights", geometry.weights); });
}

ordered_json geometryToJson(const View& view) {
    return {{"color", view.geometry.color}, {"weights", view.geometry.weights}};
}

Result<void> readFlow(ObjectReader& reader, View& view) {
    FlowView& flow = view.flow;
    return inOrder([&] { return reader.integer("heads", flow.heads, 1, FlowView::kMostHeads); },
                   [&] { return reader.integer("tokens", flow.tokens, 1, FlowView::kMostTokens); });
}

ordered_json flowToJson(const View& view) {
    return {{"heads", view.flow.heads}, {"tokens", view.flow.tokens}};
}

Result<void> readTokens(ObjectReader& reader, View& view) {
    TokensView& tokens = view.tokens;
    return inOrder([&] { return reader.toggle("hide_special", tokens.hideSpecial); },
                   [&] { return reader.toggle("renormalise", tokens.renormalise); },
                   [&] { return reader.toggle("whole_words", tokens.wholeWords); });
}

ordered_json tokensToJson(const View& view) {
    return {{"hide_special", view.tokens.hideSpecial},
            {"renormalise", view.tokens.renormalise},
            {"whole_words", view.tokens.wholeWords}};
}

/// What has an object of its own inside the view.
struct Part {
    const char* name;
    Result<void> (*read)(ObjectReader& reader, View& view);
    ordered_json (*write)(const View& view);
};
constexpr std::array kParts{
    Part{"links", readLinks, linksToJson},       Part{"heads", readHeads, headsToJson},
    Part{"neurons", readNeurons, neuronsToJson}, Part{"geometry", readGeometry, geometryToJson},
    Part{"flow", readFlow, flowToJson},          Part{"tokens", readTokens, tokensToJson}};

Result<void> readParts(ObjectReader& reader, View& view, std::vector<std::string>& unknownKeys,
                       json& unknown) {
    std::vector<ObjectReader> parts;
    for (const Part& each : kParts) {
        Result<ObjectReader> part = reader.section(each.name);
        if (!part) return tl::unexpected(part.error());
        if (Result<void> read = each.read(*part, view); !read) return read;
        parts.push_back(std::move(*part));
    }
    unknown = reader.rest(unknownKeys);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (json rest = parts[i].rest(unknownKeys); !rest.empty()) unknown[kParts[i].name] = std::move(rest);
    }
    return {};
}

}  // namespace

Result<void> readView(ObjectReader& top, View& view, std::vector<std::string>& unknownKeys, json& unknown) {
    Result<ObjectReader> section = top.section("view");
    if (!section) return tl::unexpected(section.error());
    ObjectReader& reader = *section;
    const std::vector<std::string> colormaps(kColormapNames.begin(), kColormapNames.end());
    std::size_t range = 0;
    Result<void> read = inOrder([&] { return reader.text("workspace", view.workspace); },
                                [&] { return reader.text("site", view.site); },
                                [&] { return reader.text("stage", view.stage); },
                                [&] { return reader.text("tensor", view.tensor); },
                                [&] { return reader.integer("head", view.head, 0, kMaxPlace); },
                                [&] { return reader.integer("query", view.query, -1, kMaxPlace); },
                                [&] { return reader.integer("key", view.key, -1, kMaxPlace); },
                                [&] { return readWord(reader, "colormap", colormaps, view.colormap); },
                                [&] {
                                    return reader.choice("range", range, {"shared", "unit"});
                                },
                                [&] { return reader.toggle("values", view.values); },
                                [&] {
                                    return readWord(reader, "side", {"arithmetic", "predictions"}, view.side);
                                });
    if (!read) return read;
    view.range = range == 1 ? RangeMode::Unit : RangeMode::Shared;
    return readParts(reader, view, unknownKeys, unknown);
}

ordered_json viewToJson(const View& view, json unknown) {
    ordered_json object = {{"workspace", view.workspace},
                           {"site", view.site},
                           {"stage", view.stage},
                           {"tensor", view.tensor},
                           {"head", view.head},
                           {"query", view.query},
                           {"key", view.key},
                           {"colormap", view.colormap},
                           {"range", view.range == RangeMode::Unit ? "unit" : "shared"},
                           {"values", view.values},
                           {"side", view.side}};
    for (const Part& each : kParts) {
        ordered_json part = each.write(view);
        if (unknown.is_object() && unknown.contains(each.name)) {
            appendAll(part, unknown[each.name]);
            unknown.erase(each.name);
        }
        object[each.name] = std::move(part);
    }
    appendAll(object, unknown);
    return object;
}

void appendAll(ordered_json& object, const json& unknown) {
    auto& members = object.get_ref<ordered_json::object_t&>();
    for (const auto& item : unknown.items()) members.emplace_back(item.key(), ordered_json(item.value()));
}

}  // namespace attn::scene_file
