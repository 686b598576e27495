// Trained models: every intermediate of tiny ones of each family against a second implementation, the
// published ones against their outputs, and what a broken folder says.
#include "core/model/transformer.h"

#include "core/io/file.h"
#include "core/pipeline/pipeline.h"
#include "core/trace/explain.h"
#include "tests/support/model_folder.h"
#include "tests/support/reference.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::errorOf;
using test::inputsOf;
using test::numbersOf;
using test::ownModels;
using test::readJson;
using test::traceOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kTolerance = 2e-5;

std::vector<std::int64_t> shapeOf(const Tensor& tensor) {
    if (tensor.rank() == 2) return {tensor.rows(), tensor.cols()};
    return {tensor.heads(), tensor.rows(), tensor.cols()};
}

void expectClose(const std::string& name, const std::vector<float>& actual,
                 const std::vector<float>& expected) {
    ASSERT_EQ(actual.size(), expected.size()) << name;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(actual[i]), static_cast<double>(expected[i]), kTolerance)
            << name << " at " << i;
    }
}

// --- own models, one of each family

std::vector<std::int64_t> idsOf(const Tokens& tokens) {
    std::vector<std::int64_t> ids;
    for (const Token& token : tokens.items) ids.push_back(token.id);
    return ids;
}

class OwnModel : public testing::TestWithParam<const char*> {
protected:
    static void expectEveryIntermediate(Retention retention);
};

void OwnModel::expectEveryIntermediate(Retention retention) {
    const fs::path folder = ownModels() / GetParam();
    const json given = readJson(folder / "inputs.json");
    Inputs inputs = inputsOf(folder, given.at("ids").get<std::vector<std::int64_t>>());
    inputs.segments = given.at("segments").get<std::vector<std::int64_t>>();
    Pipeline pipeline;
    pipeline.setRetention(retention);
    const Result<TracePtr> evaluated = pipeline.evaluate(inputs);
    ASSERT_TRUE(evaluated) << evaluated.error().english();
    const TracePtr trace = *evaluated;
    const SafetensorsFile expected =
        readSafetensors(folder / "expected.safetensors", std::size_t{1} << 24U).value();
    std::size_t compared = 0;
    for (const TensorKey& key : trace->keys()) {
        const SafetensorsEntry* const entry = expected.find(key.fullName());
        if (entry == nullptr) continue;
        ++compared;
        const TensorPtr tensor = trace->find(key)->get();
        EXPECT_EQ(shapeOf(*tensor), entry->shape) << key.fullName();
        expectClose(key.fullName(), numbersOf(*tensor), expected.floats(key.fullName()).value());
        if (HasFatalFailure()) return;
    }
    EXPECT_EQ(compared, expected.entries().size()) << "the trace lacks tensors";
    EXPECT_TRUE(describeFolder(folder).unused.empty());
    const bool writes = given.contains("generated");
    ASSERT_EQ(trace->target() != nullptr, writes);
    if (writes) {
        EXPECT_EQ(idsOf(*trace->target()), given["generated"].get<std::vector<std::int64_t>>());
    }
}

TEST_P(OwnModel, EveryIntermediateInOrder) {
    expectEveryIntermediate(Retention::Everything);
}
TEST_P(OwnModel, TheSameWhereRawScoresAreNotKept) {
    expectEveryIntermediate(Retention::Patterns);
}
TEST_P(OwnModel, TheSameWhereOnlyTheResidualStreamIsKept) {
    expectEveryIntermediate(Retention::Residuals);
}

INSTANTIATE_TEST_SUITE_P(Families, OwnModel,
                         testing::Values("gpt2-untied", "cerebras-gpt", "bert-masked", "roberta-masked",
                                         "xlm-roberta-base", "distilbert-masked", "llama3", "llama-linear",
                                         "mistral", "qwen2", "qwen3", "smollm3", "llama-base", "bart",
                                         "bart-forced"),
                         [](const auto& each) {
                             std::string name = each.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(Transformer, WeightsByHeadsAreTheProjections) {
    for (const char* name : {"gpt2-untied", "qwen2"}) {
        const TracePtr trace = traceOf(inputsOf(ownModels() / name, {3, 1, 4}));
        const SiteInfo& site = trace->sites()[1];
        const TensorPtr w = trace->find({"blocks.1", TensorName::WK})->get();
        EXPECT_THAT(w->shape(), ElementsAre(site.kvHeads, site.dModel, site.dK)) << name;
        const TensorPtr o = trace->find({"blocks.1", TensorName::WO})->get();
        EXPECT_THAT(o->shape(), ElementsAre(site.heads, site.dV, site.dModel)) << name;
        // attn_out without its bias differs between rows as Σ_h z_h·W_O_h does.
        const TensorPtr z = trace->find({"blocks.1", TensorName::Z})->get();
        const TensorPtr out = trace->find({"blocks.1", TensorName::AttnOut})->get();
        Matrix sum = Matrix::Zero(3, site.dModel);
        for (Index h = 0; h < site.heads; ++h) sum += z->matrix(h) * o->matrix(h);
        const Matrix difference = out->matrix() - sum;
        EXPECT_LT((difference.row(0) - difference.row(2)).cwiseAbs().maxCoeff(), 1e-5F) << name;
    }
}

// --- what the scene says acts on a real model

TEST(Transformer, ParametersOfOneSite) {
    Inputs inputs = inputsOf(ownModels() / "gpt2-untied", {3, 1, 4, 1});
    const TracePtr plain = traceOf(inputs);
    ASSERT_TRUE(inputs.parameters.setFromText("blocks.1.temperature", "100"));
    Pipeline pipeline;
    const TracePtr first = pipeline.evaluate(inputsOf(ownModels() / "gpt2-untied", {3, 1, 4, 1})).value();
    const TracePtr warm = pipeline.evaluate(inputs, first).value();
    const TensorPtr pattern = warm->find({"blocks.1", TensorName::Pattern})->get();
    EXPECT_NEAR(static_cast<double>(pattern->at(0, 3, 0)), 0.25, 0.02);
    EXPECT_EQ(pattern->at(0, 1, 3), 0.0F) << "the model's own mask stays";
    EXPECT_EQ(warm->find({"blocks.0", TensorName::ResidPost}),
              first->find({"blocks.0", TensorName::ResidPost}))
        << "the block before is not recomputed";
    for (const std::string& stage : warm->recomputed())
        EXPECT_EQ(stage.find("blocks.0"), std::string::npos) << stage;
    EXPECT_FALSE(warm->recomputed().empty());
}

TEST(Transformer, TheTargetFollowsWhatActsOnTheDecoder) {
    Inputs inputs = inputsOf(ownModels() / "bart", {0, 5, 9, 3, 11, 2});
    Pipeline pipeline;
    const TracePtr own = pipeline.evaluate(inputs).value();
    EXPECT_THAT(idsOf(*own->target()), ElementsAre(2, 12, 14, 3));
    EXPECT_TRUE(pipeline.evaluate(inputs, own).value()->recomputed().empty());

    const SiteInfo& cross = *own->site("decoder.blocks.1.cross");
    EXPECT_TRUE(cross.cross);
    EXPECT_EQ(&own->queryTokens(cross), own->target());
    EXPECT_EQ(&own->keyTokens(cross), &own->tokens());
    EXPECT_EQ(own->tokensAlong({cross.name, TensorName::K}, Axis::Keys), &own->tokens());
    EXPECT_EQ(own->tokensAlong({"", TensorName::Logits}, Axis::Queries), own->target());
    EXPECT_EQ(own->tokensAlong({"target", TensorName::Embed}, Axis::Queries), own->target());
    EXPECT_EQ(own->find(cross.keySource), own->find({"encoder.blocks.1", TensorName::ResidPost}));

    // The decoder's parameters leave the encoder alone and may change what is written.
    ASSERT_TRUE(inputs.parameters.setFromText("decoder.blocks.0.cross.scale", "4"));
    const TracePtr sharp = pipeline.evaluate(inputs, own).value();
    for (const std::string& stage : sharp->recomputed()) EXPECT_EQ(stage.find("encoder"), std::string::npos);
    Inputs same = inputs;
    same.targetIds = idsOf(*sharp->target());
    const TracePtr given = traceOf(same);
    expectClose("logits", numbersOf(*given->find({"", TensorName::Logits})->get()),
                numbersOf(*sharp->find({"", TensorName::Logits})->get()));

    // What it was given stays what it was given, also after a change of the text.
    same.ids = {{0, 4, 2}};
    const TracePtr other = pipeline.evaluate(same, sharp).value();
    EXPECT_EQ(idsOf(*other->target()), *same.targetIds);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(pipeline.evaluate(inputs, nullptr, {stop.get_token(), {}}).value(), nullptr);
}

TEST(Transformer, TheModelsMaskGivesWayToAChosenOne) {
    Inputs inputs = inputsOf(ownModels() / "mistral", {3, 1, 4, 1, 5});
    const auto sees = [](const TracePtr& trace, Index query, Index key) {
        return trace->find({"blocks.0", TensorName::Pattern})->get()->at(0, query, key) > 0;
    };
    const TracePtr own = traceOf(inputs);
    EXPECT_TRUE(sees(own, 4, 2) && !sees(own, 4, 1) && !sees(own, 0, 1));
    ASSERT_TRUE(inputs.parameters.setFromText("mask", "none"));
    const TracePtr none = traceOf(inputs);
    EXPECT_TRUE(sees(none, 4, 1) && sees(none, 0, 1));
    inputs.parameters.leaveMaskToModel();
    EXPECT_FALSE(sees(traceOf(inputs), 0, 1));
    ASSERT_TRUE(inputs.parameters.setFromText("blocks.0.mask", "causal"));
    EXPECT_TRUE(sees(traceOf(inputs), 4, 0));
}

TEST(Transformer, WhatAModelDoesNotHave) {
    Inputs inputs = inputsOf(ownModels() / "qwen2", {3, 99});
    EXPECT_THAT(errorOf(inputs), HasSubstr("the token 99 is outside the model's vocabulary of 17"));
    inputs.ids = {{3, 4}};
    inputs.segments = {0, 0};
    EXPECT_THAT(errorOf(inputs), HasSubstr("no token types"));
    inputs.segments.clear();
    ASSERT_TRUE(inputs.parameters.setFromText("score", "additive"));
    EXPECT_THAT(errorOf(inputs), HasSubstr("'additive' needs weights of its own"));
    inputs = inputsOf(ownModels() / "bert-masked", {3, 4});
    inputs.segments = {0, 1, 1};
    EXPECT_THAT(errorOf(inputs), HasSubstr("3 for 2 tokens"));
    inputs.segments = {0, 2};
    EXPECT_THAT(errorOf(inputs), HasSubstr("2 is outside 0 … 1"));
    inputs.segments.clear();
    inputs.ids.reset();
    EXPECT_THAT(errorOf(inputs), HasSubstr("there is no tokenizer"));
    inputs.ids.emplace();
    EXPECT_EQ(traceOf(inputs)->find({"", TensorName::Logits})->get()->rows(), 0);
    inputs.ids->assign(40, 3);
    const TracePtr cut = traceOf(inputs);
    EXPECT_EQ(cut->tokens().items.size(), 16U);
    EXPECT_EQ(cut->tokens().found, 40U);
}

TEST(Transformer, OnlyAttentionItselfIsExplainedAsTheToys) {
    const TracePtr trace = traceOf(inputsOf(ownModels() / "qwen2", {3, 1, 4}));
    const SiteInfo& site = trace->sites()[0];
    for (const TensorName name : {TensorName::ScoresRaw, TensorName::Pattern, TensorName::Z, TensorName::Q,
                                  TensorName::AttnOut, TensorName::ResidPost, TensorName::TokenEmbed}) {
        const TensorKey key{name == TensorName::TokenEmbed ? "" : "blocks.0", name};
        const std::optional<Explanation> why = explain(*trace, site, key, 3, 2, 1);
        ASSERT_TRUE(why) << toString(name);
        const bool ranked = trace->find(key)->rank() == 3;
        EXPECT_NEAR(why->value, static_cast<double>(trace->find(key)->get()->at(ranked ? 3 : 0, 2, 1)), 1e-6);
        ASSERT_FALSE(why->steps.empty());
        EXPECT_NEAR(why->steps.back().result, why->value, 1e-5) << toString(name);
    }
}

// --- published outputs

void expectPublished(const char* name, const char* output, const TensorKey& key, bool types) {
    const fs::path models = test::referenceFolder("models");
    if (models.empty()) GTEST_SKIP() << "no reference models beside the checkout";
    const json expected = readJson(models / name / "expected.json");
    for (std::size_t s = 0; s < expected.at("sequences").size(); ++s) {
        Inputs inputs = inputsOf(models / name, expected["sequences"][s].get<std::vector<std::int64_t>>());
        if (types) inputs.segments = expected["token_types"][s].get<std::vector<std::int64_t>>();
        const TracePtr trace = traceOf(inputs);
        ASSERT_TRUE(trace);
        std::vector<float> wanted;
        for (const json& row : expected.at(output)[s]) {
            for (const json& number : row) wanted.push_back(number.get<float>());
        }
        expectClose(name, numbersOf(*trace->find(key)->get()), wanted);
    }
}

TEST(PublishedModels, TinyGpt2) {
    expectPublished("tiny-gpt2", "logits", {"", TensorName::Logits}, false);
}
TEST(PublishedModels, TinyLlama) {
    expectPublished("tiny-llama", "logits", {"", TensorName::Logits}, false);
}
TEST(PublishedModels, TinyBert) {
    expectPublished("tiny-bert", "hidden", {"blocks.1", TensorName::ResidPost}, true);
}

}  // namespace
}  // namespace attn
