#include "core/scene/experiment_json.h"

#include <limits>

namespace attn::scene_file {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kLargestSeed = std::numeric_limits<std::uint32_t>::max();
constexpr double kLargestLogit = std::numeric_limits<double>::max();

constexpr std::size_t kMaxLabelBytes = 4096;  ///< a token may be a long word

const std::vector<std::string>& axisNames() {
    static const std::vector<std::string> names{"linear", "logarithmic"};
    return names;
}

const std::vector<std::string>& distributionNames() {
    static const std::vector<std::string> names{"gaussian", "uniform", "signs"};
    return names;
}

const std::vector<std::string>& measureNames() {
    static const std::vector<std::string> names{"saturated", "max_p", "entropy", "jacobian"};
    return names;
}

Result<void> readSaturation(ObjectReader& reader, SaturationState& state) {
    using State = SaturationState;
    auto axis = static_cast<std::size_t>(state.axis);
    Result<void> read = inOrder(
        [&] {
            return reader.reals("logits", state.logits, State::kLeastLogits, State::kMostLogits,
                                -kLargestLogit, kLargestLogit);
        },
        [&] { return reader.real("scale", state.scale, State::kLeastScale, State::kLargestScale); },
        [&] {
            return reader.reals("table_scales", state.tableScales, 0, State::kMostTableScales,
                                State::kLeastTableScale, State::kLargestTableScale);
        },
        [&] { return reader.choice("axis", axis, axisNames()); });
    state.axis = static_cast<AxisKind>(axis);
    if (!read) return read;
    read = reader.texts("labels", state.labels, State::kMostLogits, kMaxLabelBytes);
    if (read && !state.labels.empty() && state.labels.size() != state.logits.size()) {
        return fail(translatable("core", "%1: %2 texts for %3 logits"),
                    {reader.fullName("labels"), std::to_string(state.labels.size()),
                     std::to_string(state.logits.size())});
    }
    return read;
}

Result<void> readScaling(ObjectReader& reader, ScalingState& state) {
    using State = ScalingState;
    auto distribution = static_cast<std::size_t>(state.distribution);
    auto measure = static_cast<std::size_t>(state.measure);
    Result<void> read =
        inOrder([&] { return reader.choice("distribution", distribution, distributionNames()); },
                [&] { return reader.real("correlation", state.correlation, -1, 1); },
                [&] { return reader.integer("d_k", state.dk, 1, State::kLargestDk); },
                [&] { return reader.integer("keys", state.keys, State::kLeastKeys, State::kLargestKeys); },
                [&] { return reader.integer("seed", state.seed, 0, kLargestSeed); },
                [&] { return reader.integer("samples", state.samples, 1, State::kMostSamples); },
                [&] { return reader.real("exponent", state.exponent, 0, 1); },
                [&] { return reader.integer("draw", state.draw, 0, State::kMostSamples - 1); },
                [&] { return reader.toggle("sorted", state.sorted); },
                [&] { return reader.choice("measure", measure, measureNames()); });
    state.distribution = static_cast<ComponentDistribution>(distribution);
    state.measure = static_cast<RowMeasure>(measure);
    return read;
}

/// Unknown members are none of those that are there: none is looked for.
void appendMember(ordered_json& object, const std::string& key, const json& value) {
    object.get_ref<ordered_json::object_t&>().emplace_back(key, ordered_json(value));
}

void append(ordered_json& object, const json& unknown, const char* key) {
    if (!unknown.is_object() || !unknown.contains(key)) return;
    for (const auto& item : unknown.at(key).items()) appendMember(object, item.key(), item.value());
}

}  // namespace

Result<void> readExperiments(ObjectReader& top, Experiments& out, std::vector<std::string>& unknownKeys,
                             json& unknown) {
    Result<ObjectReader> section = top.section("experiments");
    if (!section) return tl::unexpected(section.error());
    Result<ObjectReader> saturation = section->section("saturation");
    if (!saturation) return tl::unexpected(saturation.error());
    Result<ObjectReader> scaling = section->section("scaling");
    if (!scaling) return tl::unexpected(scaling.error());
    Result<void> read = inOrder([&] { return readSaturation(*saturation, out.saturation); },
                                [&] { return readScaling(*scaling, out.scaling); });
    if (!read) return read;
    unknown = section->rest(unknownKeys);
    if (json rest = saturation->rest(unknownKeys); !rest.empty()) unknown["saturation"] = std::move(rest);
    if (json rest = scaling->rest(unknownKeys); !rest.empty()) unknown["scaling"] = std::move(rest);
    return {};
}

ordered_json experimentsToJson(const Experiments& experiments, const json& unknown) {
    const SaturationState& first = experiments.saturation;
    ordered_json saturation = {{"logits", first.logits},
                               {"scale", first.scale},
                               {"table_scales", first.tableScales},
                               {"axis", axisNames()[static_cast<std::size_t>(first.axis)]},
                               {"labels", first.labels}};
    const ScalingState& second = experiments.scaling;
    ordered_json scaling = {
        {"distribution", distributionNames()[static_cast<std::size_t>(second.distribution)]},
        {"correlation", second.correlation},
        {"d_k", second.dk},
        {"keys", second.keys},
        {"seed", second.seed},
        {"samples", second.samples},
        {"exponent", second.exponent},
        {"draw", second.draw},
        {"sorted", second.sorted},
        {"measure", measureNames()[static_cast<std::size_t>(second.measure)]}};
    append(saturation, unknown, "saturation");
    append(scaling, unknown, "scaling");
    ordered_json object = ordered_json::object();
    object["saturation"] = std::move(saturation);
    object["scaling"] = std::move(scaling);
    if (unknown.is_object()) {
        for (const auto& item : unknown.items()) {
            if (item.key() != "saturation" && item.key() != "scaling") {
                appendMember(object, item.key(), item.value());
            }
        }
    }
    return object;
}

}  // namespace attn::scene_file
