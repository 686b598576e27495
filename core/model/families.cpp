#include "core/model/families.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;
using namespace config_limits;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

bool endsWith(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// The names that published configurations use.
constexpr std::array<std::pair<const char*, ActivationKind>, 11> kActivations{
    {{"gelu", ActivationKind::Gelu},
     {"gelu_python", ActivationKind::Gelu},
     {"gelu_new", ActivationKind::GeluTanh},
     {"gelu_pytorch_tanh", ActivationKind::GeluTanh},
     {"gelu_fast", ActivationKind::GeluTanh},
     {"gelu_accurate", ActivationKind::GeluTanh},
     {"quick_gelu", ActivationKind::GeluSigmoid},
     {"silu", ActivationKind::Silu},
     {"swish", ActivationKind::Silu},
     {"relu", ActivationKind::Relu},
     {"tanh", ActivationKind::Tanh}}};

void readGpt2(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"n_embd", "hidden_size"}, kWidth);
    a.layers = config.size({"n_layer", "num_hidden_layers"}, kLayers);
    a.heads = a.kvHeads = config.size({"n_head", "num_attention_heads"}, kHeads);
    a.context = a.positionRows = config.size({"n_positions", "n_ctx", "max_position_embeddings"}, kContext);
    a.dMlp = config.size({"n_inner"}, 4 * kWidth, 4 * a.dModel);
    a.normEpsilon = config.positive({"layer_norm_epsilon"}, 1e-5);
    a.activation = activationFrom(config, {"activation_function"}, "gelu_new");
    a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    a.scaledAttention = config.flag("scale_attn_weights", true);
    a.scaledByLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
    readHead(config, a, HeadKind::Linear, true);
}

/// BERT, RoBERTa, XLM-RoBERTa.
void readBert(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"hidden_size"}, kWidth);
    a.layers = config.size({"num_hidden_layers"}, kLayers);
    a.heads = a.kvHeads = config.size({"num_attention_heads"}, kHeads);
    a.dMlp = config.size({"intermediate_size"}, 4 * kWidth);
    a.positionRows = a.context = config.size({"max_position_embeddings"}, kContext);
    a.tokenTypes = config.size({"type_vocab_size"}, kVocabulary, 2);
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
    a.paddingId = config.count("pad_token_id", kVocabulary, 1);
    if (a.paddingId + 1 >= a.positionRows)
        config.fail(tr("%1: no positions are left after pad_token_id"), {"max_position_embeddings"});
    a.context = a.positionRows - a.paddingId - 1;
}

void readDistilbert(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"dim", "hidden_size"}, kWidth);
    a.layers = config.size({"n_layers", "num_hidden_layers"}, kLayers);
    a.heads = a.kvHeads = config.size({"n_heads", "num_attention_heads"}, kHeads);
    a.dMlp = config.size({"hidden_dim"}, 4 * kWidth, 4 * a.dModel);
    a.positionRows = a.context = config.size({"max_position_embeddings"}, kContext, 512);
    a.normEpsilon = 1e-12;
    a.activation = a.headActivation = activationFrom(config, {"activation"}, "gelu");
    a.causal = a.preNorm = a.finalNorm = false;
    a.embeddingsNorm = a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    readHead(config, a, HeadKind::Transformed, true);
}

/// An id of the vocabulary, or -1 for none.
Index tokenId(ConfigReader& config, const char* name, const Architecture& a) {
    if (config.find({name}) == nullptr) return -1;
    const Index id = config.count(name, kVocabulary, 0);
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

/// Keys of the first published BARTs for what later became families of their own.
void refuseOtherBarts(ConfigReader& config) {
    constexpr std::array<std::pair<const char*, bool>, 4> kept{{{"normalize_before", false},
                                                                {"add_final_layer_norm", false},
                                                                {"static_position_embeddings", false},
                                                                {"normalize_embedding", true}}};
    for (const auto& [name, value] : kept) {
        if (config.flag(name, value) != value)
            config.fail(tr("%1: it is not computed in this family"), {name});
    }
}

/// BART: encoder and decoder share their embeddings, each has its own positions.
void readBart(ConfigReader& config, Architecture& a) {
    a.dModel = config.size({"d_model", "hidden_size"}, kWidth);
    a.layers = config.size({"decoder_layers"}, kLayers);
    a.heads = a.kvHeads = config.size({"decoder_attention_heads"}, kHeads);
    a.dMlp = config.size({"decoder_ffn_dim"}, 4 * kWidth);
    EncoderShape encoder;
    encoder.layers = config.size({"encoder_layers", "num_hidden_layers"}, kLayers);
    encoder.heads = config.size({"encoder_attention_heads", "num_attention_heads"}, kHeads);
    encoder.dMlp = config.size({"encoder_ffn_dim"}, 4 * kWidth);
    a.encoder = encoder;
    a.context = config.size({"max_position_embeddings"}, kContext, 1024);
    a.positionOffset = 2;  // rows for padding, as the published tables have them
    a.positionRows = a.context + a.positionOffset;
    a.normEpsilon = 1e-5;
    a.activation = activationFrom(config, {"activation_function"}, "gelu");
    a.preNorm = a.finalNorm = false;
    a.embeddingsNorm = a.learnedPositions = true;
    a.queryKeyValueBias = a.outputBias = a.mlpBias = true;
    refuseOtherBarts(config);
    if (config.flag("scale_embedding", false)) a.embedScale = std::sqrt(static_cast<double>(a.dModel));
    readHead(config, a, HeadKind::Linear, true);
    a.headRequired = a.headRequired || endsWith(a.className, "ForConditionalGeneration");
    if (a.headRequired) a.head = HeadKind::Linear;
    const Index start = tokenId(config, "decoder_start_token_id", a);
    a.target.start = start >= 0 ? start : 2;
    if (a.target.start >= a.vocabulary) config.fail(tr("%1 is missing"), {"decoder_start_token_id"});
    a.target.forcedFirst = tokenId(config, "forced_bos_token_id", a);
    if (a.target.forcedFirst < 0 && config.flag("force_bos_token_to_be_generated", false))
        a.target.forcedFirst = tokenId(config, "bos_token_id", a);
    a.target.endTokens = endTokens(config, a);
    const Index last = tokenId(config, "forced_eos_token_id", a);
    if (a.target.endTokens.empty()) a.target.endTokens.push_back(last >= 0 ? last : 2);
}

constexpr std::array<Family, 11> kFamilies{{{"gpt2", readGpt2},
                                            {"bert", readBert},
                                            {"roberta", readRoberta},
                                            {"xlm-roberta", readRoberta},
                                            {"distilbert", readDistilbert},
                                            {"llama", readLlama},
                                            {"mistral", readLlama},
                                            {"qwen2", readLlama},
                                            {"qwen3", readLlama},
                                            {"smollm3", readLlama},
                                            {"bart", readBart}}};

}  // namespace

ActivationKind activationFrom(ConfigReader& config, std::initializer_list<const char*> names,
                              const char* absent) {
    const std::string name = config.text(names, absent);
    const auto* const known = std::find_if(kActivations.begin(), kActivations.end(),
                                           [&](const auto& each) { return name == each.first; });
    if (known != kActivations.end()) return known->second;
    config.fail(tr("%1: the activation '%2' is not known"), {*names.begin(), name});
    return ActivationKind::Gelu;
}

void readHead(ConfigReader& config, Architecture& a, HeadKind kind, bool tied) {
    a.tiedHead = config.flag("tie_word_embeddings", tied);
    const std::string& name = a.className;
    a.headRequired = endsWith(name, "ForCausalLM") || endsWith(name, "LMHeadModel") ||
                     endsWith(name, "DoubleHeadsModel") || endsWith(name, "ForMaskedLM") ||
                     endsWith(name, "ForPreTraining");
    a.head = kind;
    if (!name.empty() && !a.headRequired) a.head = HeadKind::None;
}

const Family* findFamily(std::string_view name) {
    const auto* const family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                            [&](const Family& each) { return name == each.name; });
    return family == kFamilies.end() ? nullptr : family;
}

std::string familyNames() {
    std::string names;
    for (const Family& each : kFamilies) names += (names.empty() ? "" : ", ") + std::string(each.name);
    return names;
}

}  // namespace attn
