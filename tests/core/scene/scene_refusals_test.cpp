// What is no scene file: one line that names the place.
#include "tests/core/scene/scene_text.h"

#include <gmock/gmock.h>

namespace attn {
namespace {

using test::errorOf;
using test::fullScene;
using test::with;
using testing::HasSubstr;

TEST(SceneRefusals, WrongTypesAreErrorsThatNameKeyAndValue) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"("text":"a")", "text: expected an object, got \"a\""},
        {R"("text":{"source":1})", "text.source: expected a text, got 1"},
        {R"("text":{"context":[]})", "text.context: expected a text, got []"},
        {R"("text":{"target":1})", "text.target: expected a text, got 1"},
        {R"("text":{"target_ids":1})", "text.target_ids: expected a list, got 1"},
        {R"("text":{"target_ids":[1,-1]})", "text.target_ids[1]: -1 is outside 0"},
        {R"("text":{"target_ids":[1,2.5]})", "text.target_ids[1]: expected a whole number, got 2.5"},
        {R"("model":null)", "model: expected a text, got null"},
        {R"("parameters":[])", "parameters: expected an object, got []"},
        {R"("parameters":{"temperature":"hot"})", "parameters.temperature"},
        {R"("parameters":{"temperature":true})", "parameters.temperature"},
        {R"("parameters":{"temperature":null})", "parameters.temperature"},
        {R"("parameters":{"temperature":[1]})", "parameters.temperature"},
        {R"("parameters":{"d_k":2.5})", "parameters.d_k"},
        {R"("parameters":{"residual":1})", "parameters.residual"},
        {R"("parameters":{"mask":"diagonal"})", "parameters.mask: 'diagonal'"},
        {R"("painted":{})", "painted: expected a list, got {}"},
        {R"("painted":[1])", "painted[0]: expected an object, got 1"},
        {R"("edits":{})", "edits: expected a list"},
        {R"("edits":[3])", "edits[0]: expected an object"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0}])", "edits[0].value is missing"},
        {R"("edits":[{"tensor":"blocks.0.queries","row":0,"column":0,"value":1}])",
         "edits[0].tensor: \"blocks.0.queries\" is no tensor that can be changed"},
        {R"("edits":[{"tensor":"logits","row":0,"column":0,"value":1}])", "is no tensor that can be changed"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":"1"}])",
         "edits[0].value: expected a number or null, got \"1\""},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":1e7}])",
         "edits[0].value: 10000000.0 is outside -1e+06 … 1e+06"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":null}])",
         "edits[0].value: only an entry of scores can be −∞ (null)"},
        {R"("edits":[{"tensor":"embed","head":1,"row":0,"column":0,"value":1}])",
         "edits[0].head: 1 is outside 0 … 0"},
        {R"("edits":[{"tensor":"embed","row":-1,"column":0,"value":1}])", "edits[0].row: -1 is outside"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":1,"row_token":3}])",
         "edits[0].row_token: expected a text"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":1},)"
         R"({"tensor":"embed","row":0,"column":0,"value":2}])",
         "edits: embed[0,0] is changed twice"},
        {R"("view":1)", "view: expected an object, got 1"},
        {R"("view":{"head":"0"})", "view.head: expected a whole number, got \"0\""},
        {R"("view":{"head":1.5})", "view.head: expected a whole number, got 1.5"},
        {R"("view":{"values":0})", "view.values: expected true or false, got 0"},
        {R"("view":{"range":"all"})", "view.range: 'all' is none of shared, unit"},
        {R"("view":{"colormap":"jet"})",
         "view.colormap: 'jet' is none of viridis, cividis, magma, blues, greys"},
        {R"("experiments":[])", "experiments: expected an object, got []"},
        {R"("experiments":{"saturation":3})", "experiments.saturation: expected an object, got 3"},
        {R"("experiments":{"saturation":{"logits":3}})",
         "experiments.saturation.logits: expected a list, got 3"},
        {R"("experiments":{"saturation":{"logits":[1,null]}})",
         "experiments.saturation.logits[1]: expected a number, got null"},
        {R"("experiments":{"saturation":{"axis":"log"}})",
         "experiments.saturation.axis: 'log' is none of linear, logarithmic"},
        {R"("experiments":{"saturation":{"labels":["a",2,"c"]}})",
         "experiments.saturation.labels[1]: expected a text, got 2"},
        {R"("experiments":{"saturation":{"labels":["a","b"]}})",
         "experiments.saturation.labels: 2 texts for 3 logits"},
        {R"("experiments":{"scaling":{"distribution":"cauchy"}})",
         "experiments.scaling.distribution: 'cauchy' is none of gaussian, uniform, signs"},
        {R"("experiments":{"scaling":{"measure":"variance"}})",
         "experiments.scaling.measure: 'variance' is none of saturated, max_p, entropy, jacobian"},
        {R"("experiments":{"scaling":{"sorted":1}})", "experiments.scaling.sorted: expected true or false"},
        {R"("experiments":{"scaling":{"d_k":2.5}})", "experiments.scaling.d_k: expected a whole number"},
    };
    for (const auto& [members, message] : cases)
        EXPECT_THAT(errorOf(with(members)), HasSubstr(message)) << members;
}

TEST(SceneRefusals, ValuesOutOfRangeAreErrorsThatNameKeyAndValue) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"("parameters":{"temperature":0})", "parameters.temperature: 0 is outside 0.01 … 100"},
        {R"("parameters":{"temperature":1000})", "parameters.temperature: 1000 is outside"},
        {R"("parameters":{"blocks.0.temperature":-1})", "parameters.blocks.0.temperature: -1 is outside"},
        {R"("parameters":{"seed":-1})", "parameters.seed: -1"},
        {R"("parameters":{"seed":4294967296})", "parameters.seed: 4294967296"},
        {R"("parameters":{"seed":18446744073709551615})", "parameters.seed"},
        {R"("parameters":{"heads":33})", "parameters.heads: 33"},
        {R"("view":{"head":-1})", "view.head: -1 is outside"},
        {R"("view":{"query":-2})", "view.query: -2 is outside"},
        {R"("view":{"key":18446744073709551615})", "view.key: 18446744073709551615 is outside"},
        {R"("experiments":{"saturation":{"scale":0}})",
         "experiments.saturation.scale: 0 is outside 0.01 … 1000"},
        {R"("experiments":{"saturation":{"logits":[1]}})",
         "experiments.saturation.logits: 1 numbers, expected 2 … 1024"},
        {R"("experiments":{"saturation":{"table_scales":[1,-2]}})",
         "experiments.saturation.table_scales[1]: -2 is outside"},
        {R"("experiments":{"scaling":{"d_k":0}})", "experiments.scaling.d_k: 0 is outside 1 … 1024"},
        {R"("experiments":{"scaling":{"keys":1}})", "experiments.scaling.keys: 1 is outside 2 … 1024"},
        {R"("experiments":{"scaling":{"draw":10000000}})",
         "experiments.scaling.draw: 10000000 is outside 0 … 9999999"},
        {R"("experiments":{"scaling":{"samples":-5}})", "experiments.scaling.samples: -5 is outside"},
        {R"("experiments":{"scaling":{"correlation":1.5}})",
         "experiments.scaling.correlation: 1.5 is outside -1 … 1"},
        {R"("experiments":{"scaling":{"seed":4294967296}})",
         "experiments.scaling.seed: 4294967296 is outside"},
    };
    for (const auto& [members, message] : cases)
        EXPECT_THAT(errorOf(with(members)), HasSubstr(message)) << members;
}

TEST(SceneRefusals, AnotherFormatOrANewerVersionIsRefused) {
    EXPECT_THAT(errorOf("{}"), HasSubstr("\"format\" is missing"));
    EXPECT_THAT(errorOf(R"({"format":"other"})"),
                HasSubstr("format: expected attention-lab/scene, got \"other\""));
    EXPECT_THAT(errorOf(R"({"format":"attention-lab/scene","version":2})"), HasSubstr("version 2 is newer"));
    EXPECT_THAT(errorOf(R"({"format":"attention-lab/scene","version":99999999999999999999})"),
                HasSubstr("version"));
    EXPECT_THAT(errorOf(R"({"format":"attention-lab/scene","version":0})"),
                HasSubstr("version: 0 is outside"));
    EXPECT_THAT(errorOf(R"({"format":"attention-lab/scene","version":"1"})"), HasSubstr("version: expected"));
    EXPECT_THAT(errorOf("[]"), HasSubstr("no scene"));
}

TEST(SceneRefusals, WhatIsNoJsonIsAnErrorWithItsPlace) {
    EXPECT_THAT(errorOf(""), HasSubstr("line 1, column 1: "));
    EXPECT_THAT(errorOf("{\n  \"format\": attention\n}"), HasSubstr("line 2, column 13: "));
    EXPECT_THAT(errorOf(with(R"("parameters":{"temperature":NaN})")), HasSubstr("line 1, column "));
    EXPECT_THAT(errorOf(with(R"("parameters":{"temperature":1e999})")), HasSubstr("number overflow"));
    EXPECT_THAT(errorOf(with(R"("text":{"source":"\ud800"})")), HasSubstr("surrogate"));
    EXPECT_THAT(errorOf(with("\"text\":{\"source\":\"\xff\"}")), HasSubstr("line 1, column "));
    EXPECT_THAT(errorOf(with("") + "x"), HasSubstr("line 1, column "));
}

TEST(SceneRefusals, EveryTruncationIsAnError) {
    const std::string whole = sceneToJson(fullScene());
    const std::size_t end = whole.rfind('}');
    for (std::size_t size = 0; size <= end; ++size)
        EXPECT_NE(errorOf(whole.substr(0, size)), "no error") << size;
}

TEST(SceneRefusals, LimitsHold) {
    EXPECT_THAT(errorOf(with("\"x\":" + std::string(100'000, '['))), HasSubstr("nested too deeply"));
    EXPECT_THAT(errorOf(with("\"x\":" + std::string(100, '[') + std::string(100, ']'))),
                HasSubstr("nested too deeply"));
    EXPECT_EQ(errorOf(with("\"x\":" + std::string(60, '[') + std::string(60, ']'))), "no error");
    std::string many = "\"x\":[0";
    for (int i = 0; i < 9'000'000; ++i) many += ",0";
    EXPECT_THAT(errorOf(with(many + "]")), HasSubstr("too many values"));
    EXPECT_THAT(errorOf(with(R"("text":{"source":")" + std::string(kMaxTextBytes + 1, 'a') + "\"}")),
                HasSubstr("text.source: 16777217 bytes are too many"));
    EXPECT_THAT(errorOf(with(R"("view":{"stage":")" + std::string(1000, 'a') + "\"}")),
                HasSubstr("view.stage"));
    EXPECT_LT(errorOf(with(R"("parameters":{"mask":")" + std::string(100'000, 'a') + "\"}")).size(), 1000U);
}

}  // namespace
}  // namespace attn
