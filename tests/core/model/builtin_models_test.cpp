// Which models there are, what a scene's `model` means, and what another model leaves of the inputs.
#include "core/model/builtin_models.h"

#include "core/model/open_model.h"
#include "core/pipeline/pipeline.h"
#include "core/trace/site_name.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

namespace attn {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

fs::path tinyModel(const char* name) {
    return fs::path(ATTN_TEST_DATA) / "models" / name;
}

/// Resources with two models, while it lives.
class Resources {
public:
    Resources() {
        for (const char* name : {"words", "b-model", "a-model"})
            fs::create_directories(folder() / "models" / name);
        for (const char* name : {"b-model", "a-model"})
            fs::copy_file(tinyModel("gpt2-untied") / "config.json",
                          folder() / "models" / name / "config.json");
        m_folder.write("models/a-model/card.json",
                       R"({"title": "A title", "description": "What it does.", "parameters": 123})");
        ::setenv("ATTENTION_LAB_RESOURCES", folder().c_str(), 1);
    }
    ~Resources() { ::unsetenv("ATTENTION_LAB_RESOURCES"); }
    [[nodiscard]] const fs::path& folder() const { return m_folder.path(); }
    [[nodiscard]] const TemporaryFolder& files() const { return m_folder; }

private:
    TemporaryFolder m_folder;
};

TEST(BuiltInModels, AreTheFoldersWithAConfigByName) {
    const Resources resources;
    const std::vector<BuiltInModel> models = builtInModels(resources.folder());
    ASSERT_EQ(models.size(), 2U);
    EXPECT_EQ(models[0].name, "a-model");
    EXPECT_EQ(models[0].card.title, "A title");
    EXPECT_EQ(models[0].card.description, "What it does.");
    EXPECT_EQ(models[0].card.parameters, 123);
    EXPECT_EQ(models[1].card.title, "b-model");  // it has no card
    EXPECT_TRUE(builtInModels(resources.folder() / "none").empty());
}

TEST(BuiltInModels, ACardThatCannotBeReadIsNone) {
    const TemporaryFolder folder;
    for (const char* text : {"{", "[1]", R"({"title": 3, "description": null, "parameters": "many"})"}) {
        folder.write("card.json", text);
        const ModelCard card = readModelCard(folder.path() / "");
        EXPECT_EQ(card.title, folder.path().filename().string()) << text;
        EXPECT_EQ(card.description, "");
        EXPECT_EQ(card.parameters, 0);
    }
}

TEST(BuiltInModels, NamesAndFoldersResolve) {
    const Resources resources;
    EXPECT_EQ(resolveModel("toy").value(), "toy");
    EXPECT_EQ(resolveModel("a-model").value(), "a-model");
    EXPECT_EQ(modelFolder("a-model"), resources.folder() / "models" / "a-model");
    const TemporaryFolder folder;
    fs::create_directories(folder / "lesson/model");
    const std::string whole = (folder / "lesson/model").string();
    EXPECT_EQ(resolveModel(whole).value(), whole);
    EXPECT_EQ(modelFolder(whole), whole);
    EXPECT_EQ(resolveModel("lesson/model", folder.path()).value(), whole);
    EXPECT_EQ(resolveModel("./model", folder / "lesson").value(), whole);
    EXPECT_EQ(resolveModel("model", folder / "lesson").value(), whole);
    EXPECT_THAT(resolveModel("../model", folder / "lesson").error().english(),
                HasSubstr("there is no folder"));
    EXPECT_THAT(resolveModel("nobody").error().english(), HasSubstr("no model 'nobody'"));
    EXPECT_THAT(resolveModel("words").error().english(), HasSubstr("no model 'words'"));
    EXPECT_FALSE(resolveModel("", folder.path()));

    EXPECT_EQ(modelBeside(whole, folder.path()), "./lesson/model");
    EXPECT_EQ(resolveModel(modelBeside(whole, folder.path()), folder.path()).value(), whole);
    EXPECT_EQ(modelBeside(whole, folder / "elsewhere"), whole);
    EXPECT_EQ(modelBeside("toy", folder.path()), "toy");
}

TEST(BuiltInModels, ExamplesAreAboutTheirModel) {
    const Resources resources;
    const std::vector<BuiltInModel> models = builtInModels(resources.folder());
    EXPECT_TRUE(examplesOf(models[0])->empty());
    resources.files().write("models/a-model/examples.json",
                            R"([{"id": "x", "title": "X", "hint": "look", "text": "a b",)"
                            R"( "view": {"site": "blocks.1"}}])");
    const auto examples = examplesOf(models[0]);
    ASSERT_TRUE(examples) << examples.error().english();
    EXPECT_EQ(examples->front().scene.inputs.model, "a-model");
    resources.files().write("models/a-model/examples.json", "[]");
    EXPECT_FALSE(examplesOf(models[0]));
}

TEST(WithModel, LeavesWhatBelongsToTheOldModel) {
    Inputs inputs;
    inputs.text = "a b";
    inputs.context = "c";
    inputs.ids = {1};
    inputs.segments = {1};
    inputs.maskedTokens = {0};
    setAblation(inputs.ablations, {"blocks.7", AblatedPart::Head, 3, AblationKind::Zero});
    for (const auto& [key, value] :
         {std::pair("temperature", "3"), std::pair("blocks.0.scale", "none"), std::pair("mask", "local"),
          std::pair("score", "additive"), std::pair("d_model", "32")})
        ASSERT_TRUE(inputs.parameters.setFromText(key, value));
    const Inputs toy = withModel(inputs, "toy");
    EXPECT_EQ(toy.text, "a b");
    EXPECT_EQ(toy.context, "c");
    EXPECT_FALSE(toy.ids.has_value());
    EXPECT_TRUE(toy.segments.empty());
    EXPECT_TRUE(toy.maskedTokens.empty());
    EXPECT_TRUE(toy.ablations.empty());
    Parameters expected;
    ASSERT_TRUE(expected.setFromText("d_model", "32"));
    EXPECT_EQ(toy.parameters, expected);

    const Inputs trained = withModel(inputs, tinyModel("gpt2-untied").string());
    EXPECT_FALSE(trained.context.has_value());
    EXPECT_THAT(trained.ids.value(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));  // no tokenizer
    Pipeline pipeline;
    const auto trace = pipeline.evaluate(trained);
    EXPECT_TRUE(trace) << trace.error().english();
}

TEST(Opening, TellsHowFarItIsAndCanBeStopped) {
    const Inputs inputs = withModel(Inputs{}, tinyModel("gpt2-untied").string());
    Pipeline pipeline;
    std::vector<double> fractions;
    const auto report = [&](double fraction) { fractions.push_back(fraction); };
    const auto first = pipeline.evaluate(inputs, nullptr, {{}, report});
    ASSERT_TRUE(first && *first);
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
    ASSERT_FALSE(fractions.empty());
    EXPECT_EQ(fractions.back(), 1);
    fractions.clear();
    const auto again = pipeline.evaluate(inputs, *first, {{}, report});
    ASSERT_TRUE(again && *again);
    EXPECT_TRUE(fractions.empty());  // it is open
    EXPECT_TRUE((*again)->recomputed().empty());

    std::stop_source source;
    const auto stopAtOnce = [&](double) { source.request_stop(); };
    Pipeline other;
    const auto stopped = other.evaluate(inputs, nullptr, {source.get_token(), stopAtOnce});
    ASSERT_TRUE(stopped);
    EXPECT_EQ(*stopped, nullptr);
}

TEST(Opening, AnotherModelThatFailsLeavesTheFirstOpen) {
    const Inputs inputs = withModel(Inputs{}, tinyModel("gpt2-untied").string());
    Pipeline pipeline;
    const TracePtr first = pipeline.evaluate(inputs).value();
    Inputs broken = withModel(inputs, tinyModel("llama3").string());
    broken.ids.reset();  // a text, and no tokenizer
    EXPECT_FALSE(pipeline.evaluate(broken, first));
    Inputs toy = withModel(inputs, "toy");
    EXPECT_TRUE(pipeline.evaluate(toy, first));
    const auto again = pipeline.evaluate(inputs, first);
    ASSERT_TRUE(again);
    EXPECT_TRUE((*again)->recomputed().empty());
}

TEST(NamedHeads, AreReadAsFarAsTheyMakeSense) {
    const test::TemporaryFolder folder;
    EXPECT_TRUE(readNamedHeads(folder.path()).empty());
    folder.write("heads.json", R"([{"site": "blocks.2", "head": 1, "name": "Previous token", "taught": true},
        {"site": "blocks.2", "head": -1, "name": "none"}, {"site": "", "head": 0, "name": "none"},
        {"site": "blocks.0", "head": 3, "name": "Induction", "explanation": "After the last time."}, 7])");
    ModelInfo info;
    info.namedHeads = readNamedHeads(folder.path());
    ASSERT_EQ(info.namedHeads.size(), 2U);
    ASSERT_NE(info.namedHead("blocks.2", 1), nullptr);
    EXPECT_TRUE(info.namedHead("blocks.2", 1)->taught);
    EXPECT_EQ(info.namedHead("blocks.0", 3)->explanation, "After the last time.");
    EXPECT_FALSE(info.namedHead("blocks.0", 3)->taught);
    EXPECT_EQ(info.namedHead("blocks.0", 1), nullptr);
    folder.write("heads.json", "[");
    EXPECT_TRUE(readNamedHeads(folder.path()).empty());
}

TEST(SitePlace, NamesStackAndLayer) {
    EXPECT_EQ(sitePlace("blocks.11"), (SitePlace{"blocks", 11}));
    EXPECT_EQ(sitePlace("encoder.blocks.2"), (SitePlace{"encoder.blocks", 2}));
    EXPECT_EQ(sitePlace("decoder.blocks.2.cross"), (SitePlace{"decoder.blocks.cross", 2}));
    EXPECT_EQ(sitePlace("odd"), (SitePlace{"odd", 0}));
    EXPECT_EQ(sitePlace(""), (SitePlace{"", 0}));
}

}  // namespace
}  // namespace attn
