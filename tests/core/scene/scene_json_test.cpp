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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(SceneJson, SaveThenLoadIsTheIdentity) {
    for (const Scene& scene : {Scene{}, fullScene()}) {
        const std::string text = sceneToJson(scene);
        const LoadedScene loaded = load(text);
        EXPECT_EQ(loaded.scene, scene);
        EXPECT_THAT(loaded.unknownKeys, IsEmpty());
        EXPECT_EQ(sceneToJson(loaded.scene), text);
    }
}

TEST(SceneJson, EveryParameterIsWritten) {
    Scene scene;
    EXPECT_FALSE(json::parse(sceneToJson(scene))["parameters"].contains("mask")) << "left to the model";
    ASSERT_TRUE(scene.inputs.parameters.setFromText("mask", "none"));
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
    const json document = json::parse(sceneToJson(scene));
    for (const ParameterSpec& spec : parameterTable())
        EXPECT_TRUE(document["parameters"].contains(spec.key)) << spec.key;
    EXPECT_EQ(document["format"], "attention-lab/scene");
    EXPECT_EQ(document["version"], 1);
    EXPECT_EQ(document["edits"], json::array());
    EXPECT_FALSE(document["text"].contains("context"));
}

TEST(SceneJson, MissingKeysHaveTheirDefault) {
    EXPECT_EQ(load(with("")).scene, Scene{});
    EXPECT_EQ(load(R"({"format":"attention-lab/scene"})").scene, Scene{});
    EXPECT_EQ(load(with(R"("text":{},"parameters":{},"painted":[],"edits":[],"view":{})")).scene, Scene{});
    EXPECT_EQ(load(with(R"("text":{"source":"a","context":null})")).scene.inputs.context, std::nullopt);
}

TEST(SceneJson, TheTargetOfAnEncoderDecoder) {
    Scene scene;
    EXPECT_FALSE(json::parse(sceneToJson(scene))["text"].contains("target"));
    scene.inputs.target = "汤姆";
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
    scene.inputs.target.reset();
    scene.inputs.targetIds = {{2, 0, 7}};
    EXPECT_EQ(json::parse(sceneToJson(scene))["text"]["target_ids"], json({2, 0, 7}));
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
    EXPECT_EQ(load(with(R"("text":{"target":null,"target_ids":null})")).scene, Scene{});
}

TEST(SceneJson, HowNeuronsAndGeometryAreLookedAt) {
    const LoadedScene loaded =
        load(with(R"("view":{"neurons":{"order":"contribution","off":[5,1,5],"zoom":2},)"
                  R"("geometry":{"color":"position","weights":false,"turn":90}})"));
    EXPECT_EQ(loaded.scene.view.neurons, (NeuronsView{"contribution", {1, 5}}));
    EXPECT_EQ(loaded.scene.view.geometry, (GeometryView{"position", false}));
    EXPECT_THAT(loaded.unknownKeys, UnorderedElementsAre("view.neurons.zoom", "view.geometry.turn"));
    const json saved = json::parse(sceneToJson(loaded.scene));
    EXPECT_EQ(saved["view"]["neurons"]["zoom"], 2);
    EXPECT_EQ(saved["view"]["geometry"]["turn"], 90);
    EXPECT_THAT(errorOf(with(R"("view":{"neurons":{"order":"size"}})")),
                HasSubstr("view.neurons.order: 'size' is none of dimension, contribution"));
    EXPECT_THAT(errorOf(with(R"("view":{"neurons":{"off":[-1]}})")),
                HasSubstr("view.neurons.off[0]: -1 is outside"));
    EXPECT_THAT(errorOf(with(R"("view":{"geometry":{"color":"red"}})")), HasSubstr("view.geometry.color"));
}

TEST(SceneJson, WhatIsSwitchedOff) {
    const LoadedScene loaded = load(with(
        R"("ablations":[{"site":"blocks.1","part":"mlp"},{"site":"blocks.0","part":"h3","kind":"mean","why":"x"},)"
        R"({"site":"blocks.0"}],"masked_tokens":[4,1,4],"view":{"heads":{"sorted":true,"zoom":2}})"));
    const Ablations expected{{"blocks.0", AblatedPart::Heads, 0, AblationKind::Zero},
                             {"blocks.0", AblatedPart::Head, 3, AblationKind::Mean},
                             {"blocks.1", AblatedPart::Mlp, 0, AblationKind::Zero}};
    EXPECT_EQ(loaded.scene.inputs.ablations, expected);
    EXPECT_THAT(loaded.scene.inputs.maskedTokens, ElementsAre(1, 4));
    EXPECT_TRUE(loaded.scene.view.heads.sorted);
    EXPECT_THAT(loaded.unknownKeys, UnorderedElementsAre("ablations[1].why", "view.heads.zoom"));
    const json saved = json::parse(sceneToJson(loaded.scene));
    EXPECT_EQ(saved["ablations"][1]["why"], "x");
    EXPECT_EQ(saved["view"]["heads"]["zoom"], 2);

    const auto error = [](const char* members) { return errorOf(with(members)); };
    EXPECT_THAT(error(R"("ablations":[{"part":"mlp"}])"), HasSubstr("ablations[0].site is missing"));
    EXPECT_THAT(error(R"("ablations":[{"site":"a","part":"h-1"}])"), HasSubstr("ablations[0].part"));
    EXPECT_THAT(error(R"("ablations":[{"site":"a","kind":"one"}])"),
                HasSubstr("ablations[0].kind: 'one' is none of zero, mean"));
    EXPECT_THAT(error(R"("ablations":[{"site":"a"},{"site":"a","kind":"mean"}])"),
                HasSubstr("heads of a is switched off twice"));
    EXPECT_THAT(error(R"("ablations":3)"), HasSubstr("ablations: expected a list"));
    EXPECT_THAT(error(R"("masked_tokens":[0,-1])"), HasSubstr("masked_tokens[1]: -1 is outside 0"));
    EXPECT_THAT(error(R"("masked_tokens":[0.5])"), HasSubstr("masked_tokens[0]: expected a whole number"));
    EXPECT_THAT(error(R"("view":{"heads":{"ablation":"none"}})"), HasSubstr("view.heads.ablation"));
}

TEST(SceneJson, NumbersChangedByHand) {
    Scene scene;
    Edit edit = *parseEdit("blocks.0.W_Q[1,2,3]=0.1");
    remember(edit, {4, 64, 16}, nullptr, nullptr);
    setEdit(scene.inputs.edits, edit);
    for (const char* text : {"embed[3,0]=-2", "target.embed[0,0]=1e6", "blocks.0.scores[0,1,2]=-inf"})
        setEdit(scene.inputs.edits, *parseEdit(text));
    scene.inputs.edits.back().rowToken = "dog\n";
    const LoadedScene loaded = load(sceneToJson(scene));
    EXPECT_EQ(loaded.scene, scene);
    EXPECT_THAT(loaded.unknownKeys, IsEmpty());
    const json saved = json::parse(sceneToJson(scene))["edits"];
    EXPECT_EQ(saved[0], json::parse(R"({"tensor":"embed","row":3,"column":0,"value":-2.0})"));
    EXPECT_EQ(saved[1], json::parse(R"({"tensor":"blocks.0.W_Q","head":1,"row":2,"column":3,"value":0.1,)"
                                    R"("heads":4,"rows":64,"columns":16})"));
    EXPECT_EQ(saved[2]["value"], json());
    EXPECT_EQ(saved[3]["row_token"], "dog\n");
    // Whatever their order in the file.
    const json unordered = {saved[3], saved[0], saved[2], saved[1]};
    EXPECT_EQ(load(with("\"edits\":" + unordered.dump())).scene, scene);
    json many = json::array();
    for (std::size_t i = 0; i <= kMaxEdits; ++i)
        many.push_back({{"tensor", "embed"}, {"row", i}, {"column", 0}, {"value", 0}});
    EXPECT_THAT(errorOf(with("\"edits\":" + many.dump())),
                HasSubstr("edits: 65537 are too many (at most 65536)"));
}

TEST(SceneJson, NumbersOfEitherKindAreTaken) {
    const Parameters parameters =
        load(with(R"("parameters":{"temperature":2,"d_k":8.0,"scale":1})")).scene.inputs.parameters;
    EXPECT_EQ(parameters.get(ParameterId::Temperature), ParameterValue(2.0));
    EXPECT_EQ(parameters.get(ParameterId::DK), ParameterValue(std::int64_t{8}));
    EXPECT_EQ(parameters.get(ParameterId::Scale), ParameterValue(1.0));
}

TEST(SceneJson, ParametersOfOneSite) {
    const Parameters parameters =
        load(with(R"("parameters":{"temperature":2,"encoder.blocks.2.temperature":3})"))
            .scene.inputs.parameters;
    EXPECT_EQ(parameters.get(ParameterId::Temperature, "blocks.0"), ParameterValue(2.0));
    EXPECT_EQ(parameters.get(ParameterId::Temperature, "encoder.blocks.2"), ParameterValue(3.0));
    EXPECT_THAT(errorOf(with(R"("parameters":{"blocks.0.seed":3})")),
                HasSubstr("parameters.blocks.0.seed: this parameter cannot be set for one site"));
}

TEST(SceneJson, UnknownKeysAreReportedAndStayWhereTheyStood) {
    const std::string text = with(
        R"("text":{"source":"a b","language":"en"},"parameters":{"temperature":2,"warp":9,"blocks.0.warp":{"x":[1]}},)"
        R"("painted":[{"site":"blocks.0","query":1,"key":0,"query_token":"b","key_token":"a","allowed":false,"note":"why"}],)"
        R"("edits":[{"tensor":"blocks.0.q","head":1,"row":2,"column":0,"value":1,"why":"later"}],)"
        R"("view":{"zoom":1.5},"author":{"name":"A","since":1e3})");
    LoadedScene loaded = load(text);
    EXPECT_THAT(loaded.unknownKeys,
                UnorderedElementsAre("text.language", "parameters.warp", "parameters.blocks.0.warp",
                                     "painted[0].note", "edits[0].why", "view.zoom", "author"));
    const std::string saved = sceneToJson(loaded.scene);
    const json document = json::parse(saved);
    EXPECT_EQ(document["text"]["language"], "en");
    EXPECT_EQ(document["parameters"]["warp"], 9);
    EXPECT_EQ(document["parameters"]["blocks.0.warp"], json::parse(R"({"x":[1]})"));
    EXPECT_EQ(document["painted"][0]["note"], "why");
    EXPECT_EQ(
        document["edits"],
        json::parse(R"([{"tensor":"blocks.0.q","head":1,"row":2,"column":0,"value":1.0,"why":"later"}])"));
    EXPECT_EQ(document["view"]["zoom"], 1.5);
    EXPECT_EQ(document["author"], json::parse(R"({"name":"A","since":1000.0})"));
    EXPECT_EQ(load(saved).scene, loaded.scene);
    EXPECT_EQ(sceneToJson(load(saved).scene), saved);

    // What was said about a cell goes with the cell.
    loaded.scene.inputs.painted.clear();
    EXPECT_EQ(json::parse(sceneToJson(loaded.scene))["painted"], json::array());
    EXPECT_EQ(json::parse(sceneToJson(loaded.scene))["author"]["name"], "A");
}

TEST(SceneJson, ExperimentsAreReadKeyByKey) {
    const Scene scene =
        load(with(R"("experiments":{"saturation":{"logits":[3,-1.5]},"scaling":{"d_k":8,"exponent":1}})"))
            .scene;
    Experiments expected;
    expected.saturation.logits = {3, -1.5};
    expected.scaling.dk = 8;
    expected.scaling.exponent = 1;
    EXPECT_EQ(scene.experiments, expected);
    EXPECT_EQ(scene.inputs, Inputs{});
}

TEST(SceneJson, UnknownKeysOfExperimentsStayWhereTheyStood) {
    const LoadedScene loaded = load(
        with(R"("experiments":{"saturation":{"note":"a"},"scaling":{"keys":3,"more":[1]},"third":{"x":2}})"));
    EXPECT_THAT(loaded.unknownKeys, UnorderedElementsAre("experiments.saturation.note",
                                                         "experiments.scaling.more", "experiments.third"));
    const std::string saved = sceneToJson(loaded.scene);
    const json experiments = json::parse(saved)["experiments"];
    EXPECT_EQ(experiments["saturation"]["note"], "a");
    EXPECT_EQ(experiments["scaling"]["more"], json::parse("[1]"));
    EXPECT_EQ(experiments["scaling"]["keys"], 3);
    EXPECT_EQ(experiments["third"]["x"], 2);
    EXPECT_EQ(load(saved).scene, loaded.scene);
    EXPECT_EQ(sceneToJson(load(saved).scene), saved);
}

TEST(SceneJson, IdsAndSegmentsStandBesideTheText) {
    Scene scene;
    scene.inputs.model = "/models/bert";
    scene.inputs.ids = {2, 7, 1};
    scene.inputs.segments = {0, 1, 1};
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
    scene.inputs.ids->clear();  // none, and yet no text
    scene.inputs.segments.clear();
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
    EXPECT_FALSE(json::parse(sceneToJson(Scene{}))["text"].contains("ids"));

    EXPECT_EQ(load(with(R"("text": {"ids": null, "segments": null})")).scene, Scene{});
    EXPECT_EQ(errorOf(with(R"("text": {"ids": 3})")), "text.ids: expected a list, got 3");
    EXPECT_EQ(errorOf(with(R"("text": {"ids": [3, 1.5]})")), "text.ids[1]: expected a whole number, got 1.5");
    EXPECT_EQ(errorOf(with(R"("text": {"ids": [-1]})")), "text.ids[0]: -1 is outside 0 … 2147483647");
    EXPECT_EQ(errorOf(with(R"("text": {"segments": ["a"]})")),
              "text.segments[0]: expected a whole number, got \"a\"");
}

TEST(SceneJson, PaintedCells) {
    const std::string cell = R"({"query":1,"key":0,"query_token":"b","key_token":"a"})";
    EXPECT_THAT(load(with(R"("painted":[)" + cell + "]")).scene.inputs.painted,
                ElementsAre(PaintedCell{"blocks.0", 1, 0, "b", "a", false}));
    EXPECT_THAT(errorOf(with(R"("painted":[)" + cell + "," + cell + "]")),
                HasSubstr("painted[1]: the cell (1, 0) of blocks.0 is painted twice"));
    EXPECT_THAT(errorOf(with(R"("painted":[{"query":1}])")), HasSubstr("painted[0].key is missing"));
    EXPECT_THAT(errorOf(with(R"("painted":[{"query":-1,"key":0,"query_token":"","key_token":""}])")),
                HasSubstr("painted[0].query: -1 is outside"));
}

TEST(SceneJson, TextsThatAreHardToWrite) {
    Scene scene;
    scene.inputs.text = std::string("NUL \0 quote \" back", 17) + " \\ line\n\u2028\ufffe \U0001f41f e\u0301";
    EXPECT_EQ(load(sceneToJson(scene)).scene.inputs.text, scene.inputs.text);
    scene.inputs.text = "broken \xff";
    EXPECT_EQ(load(sceneToJson(scene)).scene.inputs.text, "broken \ufffd");
    scene.inputs.text.assign(1'000'000, '\x01');
    EXPECT_EQ(load(sceneToJson(scene)).scene, scene);
}

}  // namespace
}  // namespace attn
