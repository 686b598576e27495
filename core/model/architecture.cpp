#include "core/model/architecture.h"

#include "core/io/file.h"
#include "core/io/json.h"
#include "core/model/config_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <system_error>

namespace attn {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMaxWidth = 1 << 20, kMaxLayers = 4096, kMaxHeads = 1 << 16, kMaxVocabulary = 1 << 24,
                       kMaxContext = 1 << 28;

ActivationKind activationFrom(ConfigReader& config, std::initializer_list<const char*> names,
                              const char* absent) {
    const std::string name = config.text(names, absent);
    if (name == "gelu") return ActivationKind::Gelu;
    if (name == "gelu_new" || name == "gelu_pytorch_tanh" || name == "gelu_fast")
        return ActivationKind::GeluTanh;
    if (name == "silu" || name == "swish") return ActivationKind::Silu;
    if (name == "relu") return ActivationKind::Relu;
    config.fail(tr("%1: the activation '%2' is not known"), {*names.begin(), name});
    return ActivationKind::Gelu;
}

std::string firstClass(ConfigReader& config) {
    const json* const list = config.find({"architectures"});
    if (list == nullptr || !list->is_array() || list->empty() || !list->front().is_string()) return {};
    return list->front().get<std::string>();
}

bool endsWith(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Which head the class has. Without a class: the one that the weights show.
void readHead(ConfigReader& config, Architecture& a, HeadKind kind, bool tied) {
    a.tiedHead = config.flag("tie_word_embeddings", tied);
    const std::string& name = a.className;
    a.headRequired = endsWith(name, "ForCausalLM") || endsWith(name, "LMHeadModel") ||
                     endsWith(name, "ForMaskedLM") || endsWith(name, "ForPreTraining");
    a.head = kind;
    if (!name.empty() && !a.headRequired) a.head = HeadKind::None;
}

void readGpt2(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"n_embd", "hidden_size"}, kMaxWidth);
    a.layers = config.size({"n_layer", "num_hidden_layers"}, kMaxLayers);
    a.heads = a.kvHeads = config.size({"n_head", "num_attention_heads"}, kMaxHeads);
    a.context = a.positionRows =
        config.size({"n_positions", "n_ctx", "max_position_embeddings"}, kMaxContext);
    a.dMlp = config.size({"n_inner"}, 4 * kMaxWidth, 4 * a.dModel);
    a.normEpsilon = config.positive({"layer_norm_epsilon"}, 1e-5);
    a.activation = activationFrom(config, {"activation_function"}, "gelu_new");
    a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    a.scaledAttention = config.flag("scale_attn_weights", true);
    a.scaledByLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
    if (config.flag("add_cross_attention", false))
        config.fail(tr("%1: cross-attention in this family is not computed"), {"add_cross_attention"});
    readHead(config, a, HeadKind::Linear, true);
}

/// BERT, RoBERTa, XLM-RoBERTa.
void readBert(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"hidden_size"}, kMaxWidth);
    a.layers = config.size({"num_hidden_layers"}, kMaxLayers);
    a.heads = a.kvHeads = config.size({"num_attention_heads"}, kMaxHeads);
    a.dMlp = config.size({"intermediate_size"}, 4 * kMaxWidth);
    a.positionRows = a.context = config.size({"max_position_embeddings"}, kMaxContext);
    a.tokenTypes = config.size({"type_vocab_size"}, kMaxVocabulary, 2);
    a.normEpsilon = config.positive({"layer_norm_eps"}, 1e-12);
    a.activation = a.headActivation = activationFrom(config, {"hidden_act"}, "gelu");
    a.causal = config.flag("is_decoder", false);
    a.preNorm = a.finalNorm = false;
    a.embeddingsNorm = a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    const std::string positions = config.text({"position_embedding_type"}, "absolute");
    if (positions != "absolute")
        config.fail(tr("%1: positions of the kind '%2' are not computed"),
                    {"position_embedding_type", positions});
    readHead(config, a, HeadKind::Transformed, true);
}

void readRoberta(ConfigReader& config, Architecture& a) {
    readBert(config, a);
    a.headActivation = ActivationKind::Gelu;
    a.paddingId = config.count("pad_token_id", kMaxVocabulary, 1);
    if (a.paddingId + 1 >= a.positionRows)
        config.fail(tr("%1: no positions are left after pad_token_id"), {"max_position_embeddings"});
    a.context = a.positionRows - a.paddingId - 1;
}

void readDistilbert(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"dim", "hidden_size"}, kMaxWidth);
    a.layers = config.size({"n_layers", "num_hidden_layers"}, kMaxLayers);
    a.heads = a.kvHeads = config.size({"n_heads", "num_attention_heads"}, kMaxHeads);
    a.dMlp = config.size({"hidden_dim"}, 4 * kMaxWidth, 4 * a.dModel);
    a.positionRows = a.context = config.size({"max_position_embeddings"}, kMaxContext, 512);
    a.normEpsilon = 1e-12;
    a.activation = a.headActivation = activationFrom(config, {"activation"}, "gelu");
    a.causal = a.preNorm = a.finalNorm = false;
    a.embeddingsNorm = a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    readHead(config, a, HeadKind::Transformed, true);
}

void readRotary(ConfigReader& config, Architecture& a) {
    const json* const newer = config.find({"rope_parameters"});
    const json* scaling = config.find({"rope_scaling"});
    a.rotaryBase = config.positive({"rope_theta"}, 10000);
    if (scaling == nullptr) scaling = newer;
    if (scaling == nullptr) return;
    if (!scaling->is_object()) {
        config.fail(tr("%1: %2 is no object"), {"rope_scaling", jsonExcerpt(*scaling)});
        return;
    }
    ConfigReader reader(*scaling);
    if (newer != nullptr) a.rotaryBase = ConfigReader(*newer).positive({"rope_theta"}, a.rotaryBase);
    const std::string kind = reader.text({"rope_type", "type"}, "default");
    if (kind == "linear" || kind == "llama3") {
        a.rotaryScaling.kind = kind == "linear" ? RotaryScaling::Kind::Linear : RotaryScaling::Kind::Llama3;
        a.rotaryScaling.factor = reader.positive({"factor"}, 0);
        if (a.rotaryScaling.factor == 0) config.fail(tr("%1 is missing"), {"rope_scaling.factor"});
        a.rotaryScaling.lowFrequency = reader.positive({"low_freq_factor"}, 1);
        a.rotaryScaling.highFrequency = reader.positive({"high_freq_factor"}, 4);
        a.rotaryScaling.originalContext =
            reader.positive({"original_max_position_embeddings"}, static_cast<double>(a.context));
        if (kind == "llama3" && a.rotaryScaling.highFrequency <= a.rotaryScaling.lowFrequency)
            config.fail(tr("%1: high_freq_factor is not above low_freq_factor"), {"rope_scaling"});
    } else if (kind != "default") {
        config.fail(tr("%1: the kind '%2' is not computed (linear and llama3 are)"), {"rope_scaling", kind});
    }
    if (reader.error()) config.fail("rope_scaling: %1", {reader.error()->english()});
}

/// Llama and what came after it.
void readLlama(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"hidden_size"}, kMaxWidth);
    a.layers = config.size({"num_hidden_layers"}, kMaxLayers);
    a.heads = config.size({"num_attention_heads"}, kMaxHeads);
    a.kvHeads = config.size({"num_key_value_heads"}, kMaxHeads, a.heads);
    a.dMlp = config.size({"intermediate_size"}, 4 * kMaxWidth);
    a.context = config.size({"max_position_embeddings"}, kMaxContext, 2048);
    const bool isQwen3 = a.family == "qwen3";
    a.dHead = config.size({"head_dim"}, kMaxWidth, isQwen3 ? 128 : 0);
    a.norm = NormKind::RootMeanSquare;
    a.normEpsilon = config.positive({"rms_norm_eps"}, 1e-6);
    a.activation = activationFrom(config, {"hidden_act"}, "silu");
    a.gatedMlp = a.rotary = true;
    a.queryKeyNorm = isQwen3;
    a.queryKeyValueBias = a.family == "qwen2" || config.flag("attention_bias", false);
    a.outputBias = a.family != "qwen2" && config.flag("attention_bias", false);
    a.mlpBias = config.flag("mlp_bias", false);
    readRotary(config, a);
    readHead(config, a, HeadKind::Linear, false);
}

/// An id of the vocabulary, or -1 for none.
Index tokenId(ConfigReader& config, const char* name, const Architecture& a) {
    if (config.find({name}) == nullptr) return -1;
    const Index id = config.count(name, kMaxVocabulary, 0);
    if (id >= a.vocabulary) {
        config.fail(tr("%1: %2 is outside the vocabulary of %3"),
                    {name, std::to_string(id), std::to_string(a.vocabulary)});
    }
    return id;
}

/// eos_token_id: one or a list of them.
std::vector<Index> endTokens(ConfigReader& config, const Architecture& a) {
    const json* const ends = config.find({"eos_token_id"});
    if (ends == nullptr) return {};
    if (!ends->is_array()) return {tokenId(config, "eos_token_id", a)};
    std::vector<Index> ids;
    for (const json& each : *ends) {
        const json one = {{"eos_token_id", each}};
        ConfigReader reader(one);
        const Index id = tokenId(reader, "eos_token_id", a);
        if (reader.error()) config.fail("%1", {reader.error()->english()});
        if (id >= 0) ids.push_back(id);
    }
    return ids;
}

/// BART: encoder and decoder share their embeddings, each has its own positions.
void readBart(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"d_model", "hidden_size"}, kMaxWidth);
    a.layers = config.size({"decoder_layers"}, kMaxLayers);
    a.heads = a.kvHeads = config.size({"decoder_attention_heads"}, kMaxHeads);
    a.dMlp = config.size({"decoder_ffn_dim"}, 4 * kMaxWidth);
    EncoderShape encoder;
    encoder.layers = config.size({"encoder_layers", "num_hidden_layers"}, kMaxLayers);
    encoder.heads = config.size({"encoder_attention_heads", "num_attention_heads"}, kMaxHeads);
    encoder.dMlp = config.size({"encoder_ffn_dim"}, 4 * kMaxWidth);
    a.encoder = encoder;
    a.context = config.size({"max_position_embeddings"}, kMaxContext, 1024);
    a.positionOffset = 2;  // rows for padding, as the published tables have them
    a.positionRows = a.context + a.positionOffset;
    a.normEpsilon = 1e-5;
    a.activation = activationFrom(config, {"activation_function"}, "gelu");
    a.preNorm = a.finalNorm = false;
    a.embeddingsNorm = a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    if (config.flag("scale_embedding", false)) a.embedScale = std::sqrt(static_cast<double>(a.dModel));
    readHead(config, a, HeadKind::Linear, true);
    a.headRequired = a.headRequired || endsWith(a.className, "ForConditionalGeneration");
    if (a.headRequired) a.head = HeadKind::Linear;
    const Index start = tokenId(config, "decoder_start_token_id", a);
    a.target.start = start >= 0 ? start : 2;
    if (a.target.start >= a.vocabulary) config.fail(tr("%1 is missing"), {"decoder_start_token_id"});
    a.target.forcedFirst = tokenId(config, "forced_bos_token_id", a);
    a.target.endTokens = endTokens(config, a);
    const Index last = tokenId(config, "forced_eos_token_id", a);
    if (a.target.endTokens.empty()) a.target.endTokens.push_back(last >= 0 ? last : 2);
}

/// Layers whose queries see the last `sliding_window` keys alone.
void readWindows(ConfigReader& config, Architecture& a) {
    a.windows.assign(static_cast<std::size_t>(a.layers), 0);
    const bool mistral = a.family == "mistral";
    if (!mistral && a.family != "qwen2" && a.family != "qwen3") return;
    const bool named = config.find({"sliding_window"}) != nullptr;
    if (mistral ? !named : !config.flag("use_sliding_window", false)) return;
    const Index window = config.size({"sliding_window"}, kMaxContext, 4096);
    const std::int64_t first = mistral ? 0 : config.count("max_window_layers", kMaxLayers, 28);
    const json* const types = config.find({"layer_types"});
    for (std::size_t layer = 0; layer < a.windows.size(); ++layer) {
        const bool listed = types != nullptr && types->is_array() && layer < types->size();
        const bool slides =
            listed ? (*types)[layer] == "sliding_attention" : static_cast<std::int64_t>(layer) >= first;
        if (slides) a.windows[layer] = window;
    }
}

struct Family {
    const char* name;
    void (*read)(ConfigReader&, Architecture&);
};
constexpr std::array<Family, 10> kFamilies{{{"gpt2", readGpt2},
                                            {"bert", readBert},
                                            {"roberta", readRoberta},
                                            {"xlm-roberta", readRoberta},
                                            {"distilbert", readDistilbert},
                                            {"llama", readLlama},
                                            {"mistral", readLlama},
                                            {"qwen2", readLlama},
                                            {"qwen3", readLlama},
                                            {"bart", readBart}}};

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
    return {heads, kvHeads, dHead, dMlp, causal, windows[static_cast<std::size_t>(layer)], scale(layer)};
}

BlockShape Architecture::crossBlock(Index layer) const {
    return {heads, kvHeads, dHead, dMlp, false, 0, scale(layer)};
}

BlockShape Architecture::encoderBlock() const {
    const double scale = 1 / std::sqrt(static_cast<double>(encoder->dHead));
    return {encoder->heads, encoder->heads, encoder->dHead, encoder->dMlp, false, 0, scale};
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
    const auto* const family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                            [&](const Family& each) { return a.family == each.name; });
    if (family == kFamilies.end()) {
        std::string known;
        for (const Family& each : kFamilies) known += (known.empty() ? "" : ", ") + std::string(each.name);
        return fail(tr("model_type: the family '%1' is not known (%2 are)"), {a.family, known});
    }
    a.className = firstClass(config);
    a.vocabulary = config.size({"vocab_size"}, kMaxVocabulary);
    family->read(config, a);
    if (!config.error()) readWindows(config, a);
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
