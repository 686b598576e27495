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

}  // namespace
}  // namespace attn
