#include "core/model/architecture.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace attn {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(Architecture, ConfigsThatLie) {
    const auto error = [](const char* text) {
        const Result<Architecture> a = architectureFromConfig(json::parse(text));
        return a ? std::string("no error") : a.error().english();
    };
    EXPECT_THAT(error("[]"), HasSubstr("no JSON object"));
    EXPECT_THAT(error("{}"), HasSubstr("model_type is missing"));
    EXPECT_THAT(error(R"({"model_type":"t5"})"), HasSubstr("the family 't5' is not known"));
    EXPECT_THAT(error(R"({"model_type":"gpt2","vocab_size":null})"), HasSubstr("vocab_size is missing"));
    EXPECT_THAT(error(R"({"model_type":"gpt2","vocab_size":-4})"), HasSubstr("vocab_size: -4"));
    EXPECT_THAT(error(R"({"model_type":"gpt2","vocab_size":9,"n_embd":8,"n_layer":1e9,"n_head":2})"),
                HasSubstr("n_layer"));
    EXPECT_THAT(
        error(R"({"model_type":"gpt2","vocab_size":9,"n_embd":8,"n_layer":1,"n_head":3,"n_positions":4})"),
        HasSubstr("the width 8 cannot be shared by 3 heads"));
    const std::string bart =
        R"({"model_type":"bart","vocab_size":9,"d_model":8,"encoder_layers":1,"decoder_layers":1,)"
        R"("encoder_attention_heads":3,"decoder_attention_heads":2,"encoder_ffn_dim":4,"decoder_ffn_dim":4)";
    EXPECT_THAT(error((bart + "}").c_str()), HasSubstr("the width 8 cannot be shared by 3 heads"));
    EXPECT_THAT(error((bart + R"(,"decoder_start_token_id":9})").c_str()),
                HasSubstr("decoder_start_token_id: 9 is outside the vocabulary of 9"));
    EXPECT_THAT(error((bart + R"(,"eos_token_id":[1,"x"]})").c_str()), HasSubstr("eos_token_id: \"x\""));
    const std::string llama =
        R"({"model_type":"llama","vocab_size":9,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,)"
        R"("intermediate_size":4,)";
    EXPECT_THAT(error((llama + R"("num_key_value_heads":0})").c_str()), HasSubstr("num_key_value_heads: 0"));
    EXPECT_THAT(error((llama + R"("hidden_act":"mish"})").c_str()), HasSubstr("'mish' is not known"));
    EXPECT_THAT(error((llama + R"("rope_scaling":{"type":"yarn","factor":2}})").c_str()),
                HasSubstr("'yarn' is not computed"));
    EXPECT_THAT(error((llama + R"("rms_norm_eps":-1})").c_str()), HasSubstr("rms_norm_eps"));
    EXPECT_EQ(error((llama + R"("num_key_value_heads":null,"rope_scaling":null,"head_dim":null})").c_str()),
              "no error");
}

/// Small configs that are read, by family; a key more or another value is what a test adds.
json configOf(const std::string& family) {
    if (family == "gpt2") {
        return {{"model_type", family}, {"vocab_size", 9}, {"n_embd", 8},
                {"n_layer", 3},         {"n_head", 2},     {"n_positions", 16}};
    }
    if (family == "bart") {
        return {{"model_type", family},         {"vocab_size", 9},      {"d_model", 8},
                {"encoder_layers", 1},          {"decoder_layers", 3},  {"encoder_attention_heads", 2},
                {"decoder_attention_heads", 2}, {"encoder_ffn_dim", 4}, {"decoder_ffn_dim", 4}};
    }
    json config = {{"model_type", family},      {"vocab_size", 9},          {"hidden_size", 8},
                   {"num_hidden_layers", 3},    {"num_attention_heads", 2}, {"intermediate_size", 4},
                   {"use_sliding_window", true}};
    if (family == "bert" || family == "roberta") config["max_position_embeddings"] = 16;
    return config;
}

Architecture readWith(const std::string& family, const json& changes) {
    json config = configOf(family);
    config.update(changes);
    const Result<Architecture> a = architectureFromConfig(json::parse(config.dump()));
    EXPECT_TRUE(a) << changes.dump() << ": " << (a ? "" : a.error().english());
    return a ? *a : Architecture{};
}

std::string errorWith(const std::string& family, const json& changes) {
    json config = configOf(family);
    config.update(changes);
    const Result<Architecture> a = architectureFromConfig(json::parse(config.dump()));
    return a ? "no error" : a.error().english();
}

TEST(Architecture, WhatIsNotComputedIsRefusedByItsKey) {
    for (const char* family : {"gpt2", "bert", "roberta", "llama", "mistral", "qwen2", "qwen3"}) {
        EXPECT_EQ(errorWith(family, json::object()), "no error") << family;
        EXPECT_THAT(errorWith(family, {{"quantization_config", {{"quant_method", "gptq"}}}}),
                    HasSubstr("quantization_config"));
        EXPECT_THAT(errorWith(family, {{"pruned_heads", {{"0", {1}}}}}), HasSubstr("pruned_heads"));
        EXPECT_THAT(errorWith(family, {{"add_cross_attention", true}}), HasSubstr("add_cross_attention"));
        EXPECT_EQ(errorWith(family, {{"quantization_config", nullptr},
                                     {"pruned_heads", json::object()},
                                     {"add_cross_attention", false}}),
                  "no error");
    }
    EXPECT_THAT(errorWith("bert", {{"position_embedding_type", "relative_key_query"}}),
                HasSubstr("position_embedding_type"));
    EXPECT_THAT(errorWith("bart", {{"normalize_before", true}}), HasSubstr("normalize_before"));
    EXPECT_THAT(errorWith("bart", {{"normalize_embedding", false}}), HasSubstr("normalize_embedding"));
    EXPECT_EQ(errorWith("bart", {{"add_final_layer_norm", false}, {"normalize_embedding", true}}),
              "no error");
}

TEST(Architecture, RotaryPositionsThatAreNotComputed) {
    for (const char* kind : {"yarn", "dynamic", "longrope", "su", "mrope"}) {
        for (const char* key : {"type", "rope_type"}) {
            EXPECT_THAT(errorWith("llama", {{"rope_scaling", {{key, kind}, {"factor", 2}}}}),
                        testing::AllOf(HasSubstr("rope_scaling"), HasSubstr(kind)));
            EXPECT_THAT(errorWith("qwen3", {{"rope_parameters", {{key, kind}, {"factor", 2}}}}),
                        testing::AllOf(HasSubstr("rope_parameters"), HasSubstr(kind)));
        }
    }
    EXPECT_THAT(errorWith("llama", {{"partial_rotary_factor", 0.5}}), HasSubstr("partial_rotary_factor"));
    EXPECT_THAT(errorWith("llama", {{"rope_parameters", {{"partial_rotary_factor", 0.25}}}}),
                HasSubstr("rope_parameters: partial_rotary_factor"));
    EXPECT_EQ(errorWith("llama", {{"partial_rotary_factor", 1.0}}), "no error");
    EXPECT_THAT(errorWith("llama", {{"rope_parameters", {{"full_attention", {{"rope_theta", 1e6}}}}}}),
                HasSubstr("rope_parameters.full_attention"));
    const json llama3 = {{"rope_type", "llama3"},
                         {"factor", 8},
                         {"low_freq_factor", 1},
                         {"high_freq_factor", 4},
                         {"original_max_position_embeddings", 8192}};
    EXPECT_EQ(errorWith("llama", {{"rope_scaling", llama3}}), "no error");
    for (const auto& item : llama3.items()) {
        if (item.key() == "rope_type") continue;
        json lacking = llama3;
        lacking.erase(item.key());
        EXPECT_THAT(errorWith("llama", {{"rope_scaling", lacking}}), HasSubstr(item.key() + " is missing"));
    }
}

TEST(Architecture, OldAndNewKeysOfRotaryPositionsMeanTheSame) {
    const Architecture older = readWith(
        "llama", {{"rope_theta", 500000.0}, {"rope_scaling", {{"type", "linear"}, {"factor", 4.0}}}});
    const Architecture newer = readWith(
        "llama", {{"rope_parameters", {{"rope_theta", 500000.0}, {"rope_type", "linear"}, {"factor", 4.0}}}});
    EXPECT_EQ(older.rotaryBase, 500000.0);
    EXPECT_EQ(older.rotaryScaling.factor, 4.0);
    EXPECT_EQ(rotaryFrequencies(older), rotaryFrequencies(newer));
    // Where a file has both objects, the older one says what is scaled.
    const Architecture both =
        readWith("llama", {{"rope_scaling", {{"rope_type", "linear"}, {"factor", 4.0}}},
                           {"rope_parameters", {{"rope_theta", 500000.0}, {"rope_type", "default"}}}});
    EXPECT_EQ(rotaryFrequencies(both), rotaryFrequencies(older));
    EXPECT_EQ(readWith("llama", {{"rope_scaling", {{"rope_theta", 7.0}}}}).rotaryBase, 7.0);
}

TEST(Architecture, WindowsAsTheFamiliesPublishThem) {
    using testing::Each;
    using testing::ElementsAre;
    EXPECT_THAT(readWith("mistral", {{"sliding_window", 5}}).windows, Each(5));
    EXPECT_THAT(readWith("mistral", {{"sliding_window", nullptr}}).windows, Each(0));
    EXPECT_THAT(readWith("mistral", json::object()).windows, Each(4096)) << "the published default";
    EXPECT_THAT(readWith("llama", {{"sliding_window", 5}}).windows, Each(0)) << "it has none";
    for (const char* family : {"qwen2", "qwen3"}) {
        EXPECT_THAT(readWith(family, {{"sliding_window", 5}, {"max_window_layers", 1}}).windows,
                    ElementsAre(0, 5, 5));
        EXPECT_THAT(readWith(family, {{"sliding_window", 5}}).windows, Each(0)) << "from layer 28 on";
        EXPECT_THAT(readWith(family, {{"sliding_window", nullptr}, {"max_window_layers", 0}}).windows,
                    Each(0));
        EXPECT_THAT(
            readWith(family, {{"sliding_window", 5}, {"max_window_layers", 0}, {"use_sliding_window", false}})
                .windows,
            Each(0));
        const json types = {"sliding_attention", "full_attention", "sliding_attention"};
        EXPECT_THAT(readWith(family, {{"sliding_window", 5}, {"layer_types", types}}).windows,
                    ElementsAre(5, 0, 5));
        EXPECT_THAT(errorWith(family, {{"layer_types", types}, {"use_sliding_window", false}}),
                    HasSubstr("layer_types: layer 0 says sliding_attention"));
    }
    const json full = {"full_attention", "full_attention", "full_attention"};
    EXPECT_EQ(errorWith("llama", {{"layer_types", full}}), "no error");
    EXPECT_THAT(errorWith("mistral", {{"layer_types", full}}), HasSubstr("layer_types: layer 0"));
    EXPECT_THAT(errorWith("qwen3", {{"layer_types", {"full_attention"}}}), HasSubstr("each of the 3 layers"));
    EXPECT_THAT(
        errorWith("qwen3", {{"layer_types", {"full_attention", "linear_attention", "full_attention"}}}),
        HasSubstr("\"linear_attention\""));
}

TEST(Architecture, LayersWithoutRotation) {
    using testing::ElementsAre;
    const json four = {{"num_hidden_layers", 4}};
    EXPECT_THAT(readWith("smollm3", four).unrotated, ElementsAre(false, false, false, true));
    EXPECT_THAT(readWith("smollm3", {{"no_rope_layer_interval", 2}}).unrotated,
                ElementsAre(false, true, false));
    const Architecture listed =
        readWith("smollm3", {{"no_rope_layers", {0, 1, 0}}, {"sliding_window", 5}, {"rope_theta", nullptr}});
    EXPECT_THAT(listed.unrotated, ElementsAre(true, false, true));
    EXPECT_THAT(listed.windows, ElementsAre(5, 0, 5));
    EXPECT_EQ(listed.rotaryBase, 2e6);
    EXPECT_TRUE(listed.tiedHead);
    EXPECT_FALSE(listed.block(0).rotary);
    EXPECT_TRUE(listed.block(1).rotary);
    EXPECT_THAT(readWith("smollm3", json::object()).windows, testing::Each(0)) << "it publishes no width";
    EXPECT_THAT(errorWith("smollm3", {{"no_rope_layers", {0, 1}}}), HasSubstr("each of the 3 layers"));
    EXPECT_THAT(errorWith("smollm3", {{"no_rope_layers", {0, 1, 2}}}), HasSubstr("2 is neither 0 nor 1"));
    EXPECT_THAT(errorWith("llama", {{"no_rope_layers", {1, 0, 1}}}), HasSubstr("no_rope_layers"));
    EXPECT_EQ(errorWith("llama", {{"no_rope_layers", {1, 1, 1}}}), "no error");
}

TEST(Architecture, DefaultsOfThePublishedConfigurations) {
    EXPECT_EQ(readWith("llama", json::object()).context, 2048);
    EXPECT_EQ(readWith("mistral", json::object()).context, 131072);
    EXPECT_EQ(readWith("qwen2", json::object()).context, 32768);
    EXPECT_EQ(readWith("qwen3", json::object()).dHead, 128);
    EXPECT_EQ(readWith("qwen2", json::object()).dHead, 4);
    EXPECT_EQ(readWith("gpt2", {{"architectures", {"GPT2DoubleHeadsModel"}}}).head, HeadKind::Linear);
    EXPECT_EQ(readWith("gpt2", {{"activation_function", "quick_gelu"}}).activation,
              ActivationKind::GeluSigmoid);
    EXPECT_EQ(readWith("gpt2", {{"activation_function", "tanh"}}).activation, ActivationKind::Tanh);
    EXPECT_EQ(
        readWith("bart", {{"force_bos_token_to_be_generated", true}, {"bos_token_id", 4}}).target.forcedFirst,
        4);
}

}  // namespace
}  // namespace attn
