#include "core/model/architecture.h"

#include "core/io/file.h"
#include "core/io/json.h"
#include "core/model/families.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <system_error>

namespace attn {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string firstClass(ConfigReader& config) {
    const json* const list = config.find({"architectures"});
    if (list == nullptr || !list->is_array() || list->empty() || !list->front().is_string()) return {};
    return list->front().get<std::string>();
}

void checkHeads(ConfigReader& config, Architecture& a) {
    if (a.kvHeads > a.heads || a.heads % a.kvHeads != 0) {
        config.fail(tr("%1 heads cannot share %2 heads of keys and values"),
                    {std::to_string(a.heads), std::to_string(a.kvHeads)});
        return;
    }
    if (a.dHead == 0) {
        if (a.dModel % a.heads != 0) {
            config.fail(tr("the width %1 cannot be shared by %2 heads"),
                        {std::to_string(a.dModel), std::to_string(a.heads)});
            return;
        }
        a.dHead = a.dModel / a.heads;
    }
    if (a.encoder) {
        if (a.dModel % a.encoder->heads != 0) {
            config.fail(tr("the width %1 cannot be shared by %2 heads"),
                        {std::to_string(a.dModel), std::to_string(a.encoder->heads)});
            return;
        }
        a.encoder->dHead = a.dModel / a.encoder->heads;
    }
    if (a.rotary && a.dHead % 2 != 0)
        config.fail(tr("rotary positions need an even width of a head, not %1"), {std::to_string(a.dHead)});
}

/// Keys of published configurations that change the arithmetic in ways that are computed for no family.
void refuseUncomputed(ConfigReader& config, const Architecture& a) {
    if (config.find({"quantization_config"}) != nullptr)
        config.fail(tr("%1: quantised weights are not computed"), {"quantization_config"});
    const json* const pruned = config.find({"pruned_heads"});
    if (pruned != nullptr && !pruned->empty())
        config.fail(tr("%1: layers with different numbers of heads are not computed"), {"pruned_heads"});
    if (!a.encoder && config.flag("add_cross_attention", false))
        config.fail(tr("%1: cross-attention in this family is not computed"), {"add_cross_attention"});
}

constexpr std::size_t kMaxConfigBytes = std::size_t{4} << 20U;

Result<json> readConfig(const std::filesystem::path& path) {
    const Result<std::string> bytes = readFile(path, kMaxConfigBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    Result<json> config = parseJson(*bytes, {kMaxConfigBytes, 32, std::size_t{1} << 18U});
    if (!config) return fail("%1: %2", {path.string(), config.error().english()});
    return config;
}

}  // namespace

PositionsKind Architecture::positionsKind() const {
    if (rotary) return PositionsKind::Rotary;
    return learnedPositions ? PositionsKind::Learned : PositionsKind::None;
}

double Architecture::scale(Index layer) const {
    const double scale = scaledAttention ? 1 / std::sqrt(static_cast<double>(dHead)) : 1;
    return scaledByLayer ? scale / static_cast<double>(layer + 1) : scale;
}

BlockShape Architecture::block(Index layer) const {
    const auto place = static_cast<std::size_t>(layer);
    const bool turns = rotary && (unrotated.empty() || !unrotated[place]);
    return {heads, kvHeads, dHead, dMlp, causal, turns, windows[place], scale(layer)};
}

BlockShape Architecture::crossBlock(Index layer) const {
    return {heads, kvHeads, dHead, dMlp, false, false, 0, scale(layer)};
}

BlockShape Architecture::encoderBlock() const {
    const double scale = 1 / std::sqrt(static_cast<double>(encoder->dHead));
    return {encoder->heads, encoder->heads, encoder->dHead, encoder->dMlp, false, false, 0, scale};
}

std::vector<double> rotaryFrequencies(const Architecture& a) {
    const RotaryScaling& scaling = a.rotaryScaling;
    std::vector<double> frequencies(static_cast<std::size_t>(a.dHead / 2));
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        double frequency =
            std::pow(a.rotaryBase, -2.0 * static_cast<double>(i) / static_cast<double>(a.dHead));
        if (scaling.kind == RotaryScaling::Kind::Linear) frequency /= scaling.factor;
        if (scaling.kind == RotaryScaling::Kind::Llama3) {
            const double turns = scaling.originalContext * frequency / (2 * std::numbers::pi);
            const double smooth = std::clamp(
                (turns - scaling.lowFrequency) / (scaling.highFrequency - scaling.lowFrequency), 0.0, 1.0);
            frequency = (1 - smooth) * frequency / scaling.factor + smooth * frequency;
        }
        frequencies[i] = frequency;
    }
    return frequencies;
}

Result<Architecture> architectureFromConfig(const json& document) {
    if (!document.is_object()) return fail(tr("it is no JSON object"));
    ConfigReader config(document);
    Architecture a;
    a.family = config.text({"model_type"}, "");
    if (config.error()) return tl::unexpected(*config.error());
    if (a.family.empty()) return fail(tr("%1 is missing"), {"model_type"});
    const Family* const family = findFamily(a.family);
    if (family == nullptr)
        return fail(tr("model_type: the family '%1' is not known (%2 are)"), {a.family, familyNames()});
    a.className = firstClass(config);
    a.vocabulary = config.size({"vocab_size"}, config_limits::kVocabulary);
    family->read(config, a);
    if (a.windows.empty() && !config.error()) a.windows.assign(static_cast<std::size_t>(a.layers), 0);
    refuseUncomputed(config, a);
    if (!config.error()) checkHeads(config, a);
    if (config.error()) return tl::unexpected(*config.error());
    return a;
}

Result<Architecture> readArchitecture(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    const Result<json> config = readConfig(path);
    if (!config) return tl::unexpected(config.error());
    Result<Architecture> architecture = architectureFromConfig(*config);
    if (!architecture) return fail("%1: %2", {path.string(), architecture.error().english()});
    return architecture;
}

Result<std::string> readModelType(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return std::string();
    const Result<json> config = readConfig(path);
    if (!config) return tl::unexpected(config.error());
    const auto type = config->is_object() ? config->find("model_type") : config->end();
    return config->is_object() && type != config->end() && type->is_string() ? type->get<std::string>()
                                                                             : std::string();
}

}  // namespace attn
