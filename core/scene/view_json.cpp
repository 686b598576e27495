#include "core/scene/view_json.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMaxLinkHeads = 1024;
constexpr std::int64_t kMaxPlace = std::numeric_limits<std::int32_t>::max();

Result<void> readLinks(ObjectReader& reader, LinksView& links) {
    const std::vector<std::string> arrangements{"columns", "rows", "arcs"};
    auto arrangement = static_cast<std::size_t>(
        std::find(arrangements.begin(), arrangements.end(), links.arrangement) - arrangements.begin());
    std::optional<std::vector<std::int64_t>> heads;
    Result<void> read = inOrder([&] { return reader.choice("arrangement", arrangement, arrangements); },
                                [&] { return reader.integers("heads", heads, kMaxLinkHeads, 0, kMaxPlace); },
                                [&] { return reader.real("threshold", links.threshold, 0, 1); },
                                [&] { return reader.integer("most", links.most, 1, LinksView::kMostLines); });
    if (!read) return read;
    links.arrangement = arrangements[arrangement];
    if (!heads) return {};
    for (const std::int64_t head : *heads) {
        if (std::find(links.heads.begin(), links.heads.end(), head) == links.heads.end())
            links.heads.push_back(head);
    }
    return {};
}

Result<void> readHeads(ObjectReader& reader, HeadsView& heads) {
    auto ablation = static_cast<std::size_t>(heads.ablation);
    Result<void> read = inOrder([&] { return reader.text("measure", heads.measure); },
                                [&] { return reader.toggle("sorted", heads.sorted); },
                                [&] { return reader.toggle("own_ranges", heads.ownRanges); },
                                [&] {
                                    return reader.choice("ablation", ablation, {"zero", "mean"});
                                });
    heads.ablation = static_cast<AblationKind>(ablation);
    return read;
}

Result<void> readNeurons(ObjectReader& reader, NeuronsView& neurons) {
    const std::vector<std::string> orders{"dimension", "contribution"};
    std::size_t order = neurons.order == orders[1] ? 1 : 0;
    std::optional<std::vector<std::int64_t>> off;
    Result<void> read =
        inOrder([&] { return reader.choice("order", order, orders); },
                [&] { return reader.integers("off", off, NeuronsView::kMostOff, 0, kMaxPlace); });
    if (!read) return read;
    neurons.order = orders[order];
    if (!off) return {};
    neurons.off = *std::move(off);
    std::sort(neurons.off.begin(), neurons.off.end());
    neurons.off.erase(std::unique(neurons.off.begin(), neurons.off.end()), neurons.off.end());
    return {};
}

Result<void> readGeometry(ObjectReader& reader, GeometryView& geometry) {
    const std::vector<std::string> colors{"role", "position", "length"};
    auto color =
        static_cast<std::size_t>(std::find(colors.begin(), colors.end(), geometry.color) - colors.begin());
    Result<void> read = inOrder([&] { return reader.choice("color", color, colors); },
                                [&] { return reader.toggle("weights", geometry.weights); });
    if (!read) return read;
    geometry.color = colors[color];
    return {};
}

}  // namespace

Result<void> readView(ObjectReader& top, View& view, std::vector<std::string>& unknownKeys, json& unknown) {
    Result<ObjectReader> section = top.section("view");
    if (!section) return tl::unexpected(section.error());
    ObjectReader& reader = *section;
    const std::vector<std::string> colormaps(kColormapNames.begin(), kColormapNames.end());
    std::size_t colormap = 0, range = 0;
    Result<void> read = inOrder([&] { return reader.text("workspace", view.workspace); },
                                [&] { return reader.text("site", view.site); },
                                [&] { return reader.text("stage", view.stage); },
                                [&] { return reader.text("tensor", view.tensor); },
                                [&] { return reader.integer("head", view.head, 0, kMaxPlace); },
                                [&] { return reader.integer("query", view.query, -1, kMaxPlace); },
                                [&] { return reader.integer("key", view.key, -1, kMaxPlace); },
                                [&] { return reader.choice("colormap", colormap, colormaps); },
                                [&] {
                                    return reader.choice("range", range, {"shared", "unit"});
                                },
                                [&] { return reader.toggle("values", view.values); });
    if (!read) return read;
    view.colormap = colormaps[colormap];
    view.range = range == 1 ? RangeMode::Unit : RangeMode::Shared;
    Result<ObjectReader> links = reader.section("links");
    if (!links) return tl::unexpected(links.error());
    Result<ObjectReader> heads = reader.section("heads");
    if (!heads) return tl::unexpected(heads.error());
    Result<ObjectReader> neurons = reader.section("neurons");
    if (!neurons) return tl::unexpected(neurons.error());
    Result<ObjectReader> geometry = reader.section("geometry");
    if (!geometry) return tl::unexpected(geometry.error());
    read =
        inOrder([&] { return readLinks(*links, view.links); }, [&] { return readHeads(*heads, view.heads); },
                [&] { return readNeurons(*neurons, view.neurons); },
                [&] { return readGeometry(*geometry, view.geometry); });
    if (!read) return read;
    unknown = reader.rest(unknownKeys);
    if (json rest = links->rest(unknownKeys); !rest.empty()) unknown["links"] = std::move(rest);
    if (json rest = heads->rest(unknownKeys); !rest.empty()) unknown["heads"] = std::move(rest);
    if (json rest = neurons->rest(unknownKeys); !rest.empty()) unknown["neurons"] = std::move(rest);
    if (json rest = geometry->rest(unknownKeys); !rest.empty()) unknown["geometry"] = std::move(rest);
    return {};
}

ordered_json viewToJson(const View& view, json unknown) {
    ordered_json object = {
        {"workspace", view.workspace},
        {"site", view.site},
        {"stage", view.stage},
        {"tensor", view.tensor},
        {"head", view.head},
        {"query", view.query},
        {"key", view.key},
        {"colormap", view.colormap},
        {"range", view.range == RangeMode::Unit ? "unit" : "shared"},
        {"values", view.values},
        {"links",
         {{"arrangement", view.links.arrangement},
          {"heads", view.links.heads},
          {"threshold", view.links.threshold},
          {"most", view.links.most}}},
        {"heads",
         {{"measure", view.heads.measure},
          {"sorted", view.heads.sorted},
          {"own_ranges", view.heads.ownRanges},
          {"ablation", toString(view.heads.ablation)}}},
        {"neurons", {{"order", view.neurons.order}, {"off", view.neurons.off}}},
        {"geometry", {{"color", view.geometry.color}, {"weights", view.geometry.weights}}}};
    for (const char* part : {"links", "heads", "neurons", "geometry"}) {
        if (!unknown.is_object() || !unknown.contains(part)) continue;
        appendAll(object[part], unknown[part]);
        unknown.erase(part);
    }
    appendAll(object, unknown);
    return object;
}

void appendAll(ordered_json& object, const json& unknown) {
    auto& members = object.get_ref<ordered_json::object_t&>();
    for (const auto& item : unknown.items()) members.emplace_back(item.key(), ordered_json(item.value()));
}

}  // namespace attn::scene_file
