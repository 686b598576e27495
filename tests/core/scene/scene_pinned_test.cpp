// The state that was pinned to be compared with, as a scene file holds it.
#include "tests/core/scene/scene_text.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace attn {
namespace {

using nlohmann::json;
using test::errorOf;
using test::fullScene;
using test::load;
using test::with;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

PinnedState pinnedOf(const std::string& members) {
    const LoadedScene loaded = load(with("\"pinned\":{" + members + "}"));
    EXPECT_TRUE(loaded.scene.pinned);
    return loaded.scene.pinned.value_or(PinnedState{});
}

TEST(ScenePinned, EverythingOfItIsSavedAndRead) {
    Scene scene;
    Inputs& inputs = scene.pinned.emplace().inputs;
    inputs = fullScene().inputs;
    inputs.target = "Ziel";
    inputs.targetIds = {{1, 2}};
    inputs.ids = {{7, 8, 9}};
    inputs.segments = {0, 1, 1};
    inputs.model = "/models/bert";
    Edit edit = *parseEdit("blocks.0.q[1,0,3]=0.5");
    edit.rowToken = "我";
    setEdit(inputs.edits, edit);
    scene.pinned->site = "blocks.3";
    scene.pinned->head = 11;
    const std::string text = sceneToJson(scene);
    const LoadedScene loaded = load(text);
    EXPECT_EQ(loaded.scene, scene);
    EXPECT_THAT(loaded.unknownKeys, IsEmpty());
    EXPECT_EQ(sceneToJson(loaded.scene), text);
    // The same members as the scene's own.
    const json own = json::parse(sceneToJson({inputs, {}, {}, {}, "{}"})),
               pinned = json::parse(text)["pinned"];
    for (const char* key : {"text", "model", "parameters", "painted", "ablations", "masked_tokens", "edits"})
        EXPECT_EQ(pinned[key], own[key]) << key;
    EXPECT_EQ(json::parse(text)["text"]["source"], "") << "the scene's own inputs are others";
}

TEST(ScenePinned, WithoutOneThereIsNone) {
    EXPECT_FALSE(json::parse(sceneToJson(Scene{})).contains("pinned"));
    EXPECT_EQ(load(with(R"("pinned":null)")).scene, Scene{});
    EXPECT_EQ(pinnedOf(""), PinnedState{});
    EXPECT_EQ(pinnedOf(R"("text":{"source":"a","context":null},"head":2)").inputs.context, std::nullopt);
}

TEST(ScenePinned, ErrorsNameThePlaceInIt) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"("text":"a")", "pinned.text: expected an object, got \"a\""},
        {R"("text":{"source":1})", "pinned.text.source: expected a text, got 1"},
        {R"("text":{"context":1})", "pinned.text.context: expected a text, got 1"},
        {R"("text":{"ids":[1,-1]})", "pinned.text.ids[1]: -1 is outside 0"},
        {R"("text":{"segments":3})", "pinned.text.segments: expected a list, got 3"},
        {R"("model":3)", "pinned.model: expected a text, got 3"},
        {R"("parameters":[])", "pinned.parameters: expected an object, got []"},
        {R"("parameters":{"temperature":0})", "pinned.parameters.temperature: 0 is outside 0.01 … 100"},
        {R"("parameters":{"blocks.1.mask":"diagonal"})", "pinned.parameters.blocks.1.mask: 'diagonal'"},
        {R"("parameters":{"blocks.1.seed":1})", "pinned.parameters.blocks.1.seed: this parameter cannot"},
        {R"("painted":3)", "pinned.painted: expected a list, got 3"},
        {R"("painted":[{"query":1}])", "pinned.painted[0].key is missing"},
        {R"("painted":[{"query":-1,"key":0,"query_token":"","key_token":""}])",
         "pinned.painted[0].query: -1 is outside"},
        {R"("ablations":3)", "pinned.ablations: expected a list, got 3"},
        {R"("ablations":[{"site":"a","part":"h-1"}])", "pinned.ablations[0].part: expected"},
        {R"("ablations":[{"site":"a"},{"site":"a"}])", "pinned.ablations: heads of a is switched off twice"},
        {R"("masked_tokens":[0.5])", "pinned.masked_tokens[0]: expected a whole number"},
        {R"("edits":{})", "pinned.edits: expected a list, got {}"},
        {R"("edits":[{"tensor":"logits","row":0,"column":0,"value":1}])",
         "pinned.edits[0].tensor: \"logits\" is no tensor that can be changed"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":1e7}])", "pinned.edits[0].value: 1"},
        {R"("edits":[{"tensor":"embed","row":0,"column":0,"value":1},)"
         R"({"tensor":"embed","row":0,"column":0,"value":2}])",
         "pinned.edits: embed[0,0] is changed twice"},
        {R"("site":3)", "pinned.site: expected a text, got 3"},
        {R"("head":-1)", "pinned.head: -1 is outside 0"},
        {R"("head":1.5)", "pinned.head: expected a whole number, got 1.5"},
    };
    for (const auto& [members, message] : cases) {
        const std::string error = errorOf(with(std::string("\"pinned\":{") + members + "}"));
        EXPECT_THAT(error, HasSubstr(message)) << members;
        EXPECT_EQ(error.find('\n'), std::string::npos) << members;
    }
    EXPECT_EQ(errorOf(with(R"("pinned":[])")), "pinned: expected an object, got []");
    EXPECT_EQ(errorOf(with(R"("pinned":true)")), "pinned: expected an object, got true");
}

TEST(ScenePinned, UnknownKeysOfItStayInItAndGoWithIt) {
    const std::string text = with(
        R"("pinned":{"text":{"source":"a b","language":"en"},"parameters":{"warp":9},"note":"why","format":"x",)"
        R"("painted":[{"query":1,"key":0,"query_token":"b","key_token":"a","by":"hand"}],)"
        R"("ablations":[{"site":"blocks.0","part":"h1","because":1}],)"
        R"("edits":[{"tensor":"embed","row":2,"column":0,"value":1,"when":"later"}]},"author":"A")");
    LoadedScene loaded = load(text);
    EXPECT_THAT(loaded.unknownKeys,
                UnorderedElementsAre("pinned.text.language", "pinned.parameters.warp", "pinned.note",
                                     "pinned.format", "pinned.painted[0].by", "pinned.ablations[0].because",
                                     "pinned.edits[0].when", "author"));
    const std::string saved = sceneToJson(loaded.scene);
    const json pinned = json::parse(saved)["pinned"];
    EXPECT_EQ(pinned["text"]["language"], "en");
    EXPECT_EQ(pinned["parameters"]["warp"], 9);
    EXPECT_EQ(pinned["note"], "why");
    EXPECT_EQ(pinned["painted"][0]["by"], "hand");
    EXPECT_EQ(pinned["ablations"][0]["because"], 1);
    EXPECT_EQ(pinned["edits"][0]["when"], "later");
    EXPECT_FALSE(json::parse(saved).contains("note"));
    EXPECT_EQ(load(saved).scene, loaded.scene);
    EXPECT_EQ(sceneToJson(load(saved).scene), saved);

    loaded.scene.pinned = PinnedState{};  // another one
    EXPECT_FALSE(json::parse(sceneToJson(loaded.scene))["pinned"].contains("note"));
    EXPECT_EQ(json::parse(sceneToJson(loaded.scene))["author"], "A");
}

}  // namespace
}  // namespace attn
