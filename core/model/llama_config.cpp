#include "core/model/families.h"

#include <array>
#include <string>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;
using namespace config_limits;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// A factor that has to be there: published code has no default for it.
double required(ConfigReader& reader, const char* name) {
    const double value = reader.positive({name}, 0);
    if (value == 0) reader.fail(tr("%1 is missing"), {name});
    return value;
}

void readScaling(ConfigReader& reader, RotaryScaling& scaling) {
    const std::string kind = reader.text({"rope_type", "type"}, "default");
    if (kind == "default") return;
    if (kind != "linear" && kind != "llama3") {
        reader.fail(tr("the kind '%1' is not computed (linear and llama3 are)"), {kind});
        return;
    }
    scaling.factor = required(reader, "factor");
    scaling.kind = RotaryScaling::Kind::Linear;
    if (kind == "linear") return;
    scaling.kind = RotaryScaling::Kind::Llama3;
    scaling.lowFrequency = required(reader, "low_freq_factor");
    scaling.highFrequency = required(reader, "high_freq_factor");
    scaling.originalContext = required(reader, "original_max_position_embeddings");
    if (scaling.highFrequency <= scaling.lowFrequency)
        reader.fail(tr("high_freq_factor is not above low_freq_factor"), {});
}

/// A part of each head that turns, while the rest stays.
void refusePartialRotation(ConfigReader& reader) {
    if (reader.positive({"partial_rotary_factor"}, 1) != 1)
        reader.fail(tr("%1: rotary positions for a part of each head are not computed"),
                    {"partial_rotary_factor"});
}

/// One of the objects that say how positions turn q and k; it may hold the base too.
void readRotaryObject(ConfigReader& config, const char* name, bool scales, Architecture& a) {
    const json& object = *config.find({name});
    if (!object.is_object()) {
        config.fail(tr("%1: %2 is no object"), {name, jsonExcerpt(object)});
        return;
    }
    for (const auto& item : object.items()) {
        if (!item.value().is_object()) continue;
        config.fail(tr("%1.%2: positions that differ from layer to layer are not computed"),
                    {name, item.key()});
        return;
    }
    ConfigReader reader(object);
    a.rotaryBase = reader.positive({"rope_theta"}, a.rotaryBase);
    refusePartialRotation(reader);
    if (scales) readScaling(reader, a.rotaryScaling);
    if (reader.error()) config.fail("%1: %2", {name, reader.error()->english()});
}

/// rope_theta with rope_scaling, or rope_parameters in place of both; where there are two, rope_scaling says
/// what is scaled.
void readRotary(ConfigReader& config, double base, Architecture& a) {
    a.rotary = true;
    a.rotaryBase = config.positive({"rope_theta"}, base);
    refusePartialRotation(config);
    const bool older = config.find({"rope_scaling"}) != nullptr;
    if (config.find({"rope_parameters"}) != nullptr) readRotaryObject(config, "rope_parameters", !older, a);
    if (older) readRotaryObject(config, "rope_scaling", true, a);
}

/// no_rope_layers: 0 for a layer without rotation, else 1. SmolLM3 leaves out every fourth where it is
/// absent.
void readUnrotated(ConfigReader& config, Architecture& a) {
    const bool smol = a.family == "smollm3";
    const json* const list = config.find({"no_rope_layers"});
    const std::int64_t interval = config.size({"no_rope_layer_interval"}, kLayers, 4);
    if (list == nullptr && !smol) return;
    const auto layers = static_cast<std::size_t>(a.layers);
    if (list != nullptr && (!list->is_array() || list->size() < layers)) {
        config.fail(tr("%1: it does not name the kind of each of the %2 layers"),
                    {"no_rope_layers", std::to_string(layers)});
        return;
    }
    for (std::size_t layer = 0; layer < layers; ++layer) {
        const bool turns =
            list != nullptr ? (*list)[layer] == 1 : (static_cast<std::int64_t>(layer) + 1) % interval != 0;
        if (list != nullptr && !turns && (*list)[layer] != 0)
            config.fail(tr("%1: %2 is neither 0 nor 1"), {"no_rope_layers", jsonExcerpt((*list)[layer])});
        if (!turns && !smol) config.fail(tr("%1: it is not computed in this family"), {"no_rope_layers"});
        a.unrotated.push_back(!turns);
    }
}

/// Of each layer whether `layer_types` says that it slides; empty where nothing is said.
std::vector<bool> slidingLayers(ConfigReader& config, const Architecture& a) {
    const json* const types = config.find({"layer_types"});
    if (types == nullptr) return {};
    if (!types->is_array() || types->size() != static_cast<std::size_t>(a.layers)) {
        config.fail(tr("%1: it does not name the kind of each of the %2 layers"),
                    {"layer_types", std::to_string(a.layers)});
        return {};
    }
    std::vector<bool> slides;
    for (const json& type : *types) {
        slides.push_back(type == "sliding_attention");
        if (type != "sliding_attention" && type != "full_attention")
            config.fail(tr("%1: layers of the kind %2 are not computed"), {"layer_types", jsonExcerpt(type)});
    }
    return slides;
}

/// Layers whose queries see the last `sliding_window` keys alone: in Mistral all, unless the window is null;
/// in Qwen and SmolLM3, where `use_sliding_window` says so, those of `layer_types`, without it those from
/// `max_window_layers` on, or those without rotation.
void readWindows(ConfigReader& config, Architecture& a) {
    constexpr Index kPublishedWindow = 4096;
    const bool mistral = a.family == "mistral", qwen = a.family == "qwen2" || a.family == "qwen3";
    const bool smol = a.family == "smollm3", optional = qwen || smol;
    const bool used = mistral || (optional && config.flag("use_sliding_window", false));
    Index window = 0;
    if (used && !config.isNull("sliding_window"))
        window = config.size({"sliding_window"}, kContext, smol ? 0 : kPublishedWindow);
    const std::int64_t first = qwen ? config.count("max_window_layers", kLayers, 28) : 0;
    const std::vector<bool> listed = slidingLayers(config, a);
    a.windows.assign(static_cast<std::size_t>(a.layers), 0);
    for (std::size_t layer = 0; layer < a.windows.size(); ++layer) {
        const bool byNumber =
            window > 0 && (smol ? a.unrotated[layer] : static_cast<std::int64_t>(layer) >= first);
        const bool slides = listed.empty() ? byNumber : listed[layer];
        if (slides) a.windows[layer] = window;
        const bool possible = (optional && window > 0) || slides == byNumber;
        if (!possible) {
            config.fail(
                tr("%1: layer %2 says %3, which the other keys do not allow"),
                {"layer_types", std::to_string(layer), slides ? "sliding_attention" : "full_attention"});
        }
    }
}

struct Defaults {
    const char* family;
    Index context, dHead;  ///< dHead 0: d_model over heads
    double rotaryBase;
};
constexpr std::array<Defaults, 5> kDefaults{{{"llama", 2048, 0, 1e4},
                                             {"mistral", 131072, 0, 1e4},
                                             {"qwen2", 32768, 0, 1e4},
                                             {"qwen3", 32768, 128, 1e4},
                                             {"smollm3", 32768, 0, 2e6}}};

}  // namespace

void readLlama(ConfigReader& config, Architecture& a) {
    Defaults defaults = kDefaults.front();
    for (const Defaults& each : kDefaults) {
        if (a.family == each.family) defaults = each;
    }
    a.dModel = config.size({"hidden_size"}, kWidth);
    a.layers = config.size({"num_hidden_layers"}, kLayers);
    a.heads = config.size({"num_attention_heads"}, kHeads);
    a.kvHeads = config.size({"num_key_value_heads"}, kHeads, a.heads);
    a.dMlp = config.size({"intermediate_size"}, 4 * kWidth);
    a.context = config.size({"max_position_embeddings"}, kContext, defaults.context);
    a.dHead = config.size({"head_dim"}, kWidth, defaults.dHead);
    a.norm = NormKind::RootMeanSquare;
    a.normEpsilon = config.positive({"rms_norm_eps"}, 1e-6);
    a.activation = activationFrom(config, {"hidden_act"}, "silu");
    a.gatedMlp = true;
    a.queryKeyNorm = a.family == "qwen3";
    a.queryKeyValueBias = a.family == "qwen2" || config.flag("attention_bias", false);
    a.outputBias = a.family != "qwen2" && config.flag("attention_bias", false);
    a.mlpBias = config.flag("mlp_bias", false);
    readRotary(config, defaults.rotaryBase, a);
    readUnrotated(config, a);
    readHead(config, a, HeadKind::Linear, a.family == "smollm3");
    if (!config.error()) readWindows(config, a);
}

}  // namespace attn
