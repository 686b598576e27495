// What a long text leaves in memory, and that it is the same computation.
#include "core/pipeline/pipeline.h"
#include "core/trace/explain.h"
#include "tests/support/model_folder.h"

#include <gmock/gmock.h>

#include <random>

namespace attn {
namespace {

using test::Tensors;
using testing::ElementsAre;

constexpr std::int64_t kLayers = 6, kWidth = 16, kVocabulary = 17, kContext = 1024;

/// A GPT-2 whose patterns at 1,024 tokens take 32 MiB each layer and whose everything else is small.
class LongText : public testing::Test {
protected:
    LongText() {
        m_folder.write("config.json",
                       R"({"model_type":"gpt2","n_embd":16,"n_layer":6,"n_head":8,"n_positions":1024,)"
                       R"("vocab_size":17})");
        std::mt19937 random(7);
        Tensors tensors;
        const auto draw = [&](const std::string& name, std::vector<std::int64_t> shape) {
            std::int64_t count = 1;
            for (const std::int64_t length : shape) count *= length;
            std::vector<float> numbers;
            for (std::int64_t i = 0; i < count; ++i)
                numbers.push_back(static_cast<float>(random() % 2001) / 1000.0F - 1.0F);
            tensors[name] = {std::move(shape), std::move(numbers)};
        };
        draw("wte.weight", {kVocabulary, kWidth});
        draw("wpe.weight", {kContext, kWidth});
        const auto linear = [&](const std::string& name, std::int64_t inputs, std::int64_t outputs) {
            draw(name + ".weight", {inputs, outputs});
            draw(name + ".bias", {outputs});
        };
        const auto norm = [&](const std::string& name) {
            draw(name + ".weight", {kWidth});
            draw(name + ".bias", {kWidth});
        };
        for (std::int64_t layer = 0; layer < kLayers; ++layer) {
            const std::string p = "h." + std::to_string(layer) + ".";
            norm(p + "ln_1");
            norm(p + "ln_2");
            linear(p + "attn.c_attn", kWidth, 3 * kWidth);
            linear(p + "attn.c_proj", kWidth, kWidth);
            linear(p + "mlp.c_fc", kWidth, 4 * kWidth);
            linear(p + "mlp.c_proj", 4 * kWidth, kWidth);
        }
        norm("ln_f");
        m_folder.write("model.safetensors", test::bytesOf(tensors, "F32", [](float n) { return n; }));
    }

    [[nodiscard]] Inputs inputs(std::int64_t tokens) const {
        std::vector<std::int64_t> ids;
        for (std::int64_t i = 0; i < tokens; ++i) ids.push_back(i * i % kVocabulary);
        return test::inputsOf(m_folder.path(), std::move(ids));
    }

    const test::TemporaryFolder m_folder;
};

constexpr std::size_t kMebi = std::size_t{1} << 20U;

TEST_F(LongText, LeavesItsPatternsToThoseWhoAsk) {
    Pipeline pipeline;
    const TracePtr trace = pipeline.evaluate(inputs(kContext)).value();
    EXPECT_LT(pipeline.buffers().bytesInUse(), 24 * kMebi) << "patterns and raw scores would be 384 MiB";
    const EntryPtr pattern = trace->find({"blocks.3", TensorName::Pattern});
    EXPECT_TRUE(pattern->isRecipe());
    EXPECT_EQ(pattern->peek(), nullptr);
    const TensorPtr made = pattern->get();
    for (const Index row : {Index{0}, Index{500}, Index{1023}})
        EXPECT_NEAR(static_cast<double>(made->matrix(5).row(row).sum()), 1, 1e-5);
    EXPECT_EQ(made->at(5, 3, 4), 0.0F) << "causal";

    // Looking at everything stays within the derived cache's budget; what somebody holds on to stays there.
    for (std::int64_t layer = 0; layer < kLayers; ++layer) {
        const std::string site = "blocks." + std::to_string(layer);
        for (const TensorName name : {TensorName::ScoresRaw, TensorName::Scores, TensorName::Pattern})
            static_cast<void>(trace->find({site, name})->get());
    }
    EXPECT_LT(pipeline.buffers().bytesInUse(), DerivedCache::kBudget + (32 + 24) * kMebi);
    EXPECT_EQ(pattern->peek(), made);
}

TEST_F(LongText, IsTheSameComputation) {
    Pipeline lean, whole;
    whole.setRetention(Retention::Everything);
    const TracePtr a = lean.evaluate(inputs(600)).value(), b = whole.evaluate(inputs(600)).value();
    EXPECT_EQ(a->keys(), b->keys());
    for (const TensorName name : {TensorName::Q, TensorName::ScoresRaw, TensorName::ScoresScaled,
                                  TensorName::Scores, TensorName::Pattern, TensorName::Z, TensorName::AttnOut,
                                  TensorName::MlpOut, TensorName::ResidPost}) {
        const TensorPtr x = a->find({"blocks.4", name})->get(), y = b->find({"blocks.4", name})->get();
        ASSERT_EQ(x->shape(), y->shape());
        EXPECT_EQ(a->find({"blocks.4", name})->rank(), b->find({"blocks.4", name})->rank());
        for (const Index row : {Index{0}, Index{77}, Index{599}}) {
            const auto difference = [&](Index h) {
                return (x->matrix(h).row(row).array().max(-1e30F) - y->matrix(h).row(row).array().max(-1e30F))
                    .abs()
                    .maxCoeff();
            };
            EXPECT_LT(difference(x->heads() - 1), 2e-4F) << toString(name);
        }
    }
    EXPECT_EQ(b->find({"blocks.4", TensorName::Pattern})->isRecipe(), false);
}

TEST_F(LongText, AnExplanationSaysWhatItLacks) {
    Pipeline pipeline;
    pipeline.setRetention(Retention::Residuals);
    const TracePtr trace = pipeline.evaluate(inputs(9)).value();
    const SiteInfo& site = trace->sites()[2];
    const TensorKey key{site.name, TensorName::ScoresRaw};
    const TracePtr other = Pipeline().evaluate(inputs(9)).value();
    EXPECT_TRUE(explain(*other, site, key, 1, 4, 2)->missing.empty());
    // As after many other looks: nothing of this site is there any more.
    const EntryPtr q = trace->find({site.name, TensorName::Q});
    const EntryPtr k = trace->find({site.name, TensorName::K});
    pipeline.derivedCache().makeRoom(DerivedCache::kBudget);
    ASSERT_EQ(q->peek(), nullptr);
    const auto lacking = explain(*trace, site, key, 1, 4, 2);
    EXPECT_THAT(lacking->missing, testing::IsSupersetOf({q, k}));
    EXPECT_TRUE(lacking->steps.empty());
    std::vector<TensorPtr> held;
    for (const EntryPtr& each : lacking->missing) held.push_back(each->get());
    const std::optional<Explanation> why = explain(*trace, site, key, 1, 4, 2);
    EXPECT_TRUE(why->missing.empty());
    ASSERT_FALSE(why->steps.empty());
    EXPECT_NEAR(why->steps.back().result, static_cast<double>(trace->find(key)->get()->at(1, 4, 2)), 1e-5);
}

TEST_F(LongText, OneLayersTemperatureLeavesTheLayersBelow) {
    Pipeline pipeline;
    Inputs changed = inputs(700);
    const TracePtr first = pipeline.evaluate(changed).value();
    ASSERT_TRUE(changed.parameters.setFromText("blocks.4.temperature", "3"));
    const TracePtr second = pipeline.evaluate(changed, first).value();
    EXPECT_THAT(second->recomputed(),
                ElementsAre("blocks.4.resid_post", "blocks.5.resid_post", "final_norm"));
    const auto same = [&](const char* site, TensorName name) {
        return first->find({site, name}) == second->find({site, name});
    };
    EXPECT_TRUE(same("blocks.3", TensorName::Pattern) && same("blocks.4", TensorName::ScoresRaw));
    EXPECT_FALSE(same("blocks.4", TensorName::Pattern) || same("blocks.5", TensorName::Q));
    std::stop_source stop;
    stop.request_stop();
    changed.parameters.set(ParameterId::Temperature, 2.0);
    EXPECT_EQ(pipeline.evaluate(changed, second, {stop.get_token(), {}}).value(), nullptr);
}

/// A causal model's first rows do not know how long the text is: a short text keeps everything, a long one
/// nothing, and what is switched off is the same for both.
TEST_F(LongText, SwitchesHeadsOffAlike) {
    Pipeline pipeline;
    const auto traced = [&](std::int64_t tokens) {
        Inputs given = inputs(tokens);
        for (const char* part : {"blocks.1.h3", "blocks.2", "blocks.4.mlp"})
            setAblation(given.ablations, *parseAblation(part));
        return pipeline.evaluate(given).value();
    };
    const TracePtr whole = traced(32), lazy = traced(kContext);
    ASSERT_TRUE(lazy->find({"blocks.1", TensorName::Z})->isRecipe());
    for (const TensorKey& key :
         {TensorKey{"blocks.1", TensorName::Z}, TensorKey{"blocks.2", TensorName::Z},
          TensorKey{"blocks.4", TensorName::MlpOut}, TensorKey{"blocks.5", TensorName::ResidPost}}) {
        const TensorPtr a = whole->find(key)->get(), b = lazy->find(key)->get();
        for (Index h = 0; h < a->heads(); ++h) {
            const bool off = key.name == TensorName::Z && (key.scope == "blocks.2" || h == 3);
            if (off || key.name == TensorName::MlpOut) {
                EXPECT_EQ(b->matrix(h).cwiseAbs().maxCoeff(), 0) << key.fullName();
            }
            const double difference =
                static_cast<double>((a->matrix(h) - b->matrix(h).topRows(a->rows())).cwiseAbs().maxCoeff());
            EXPECT_LT(difference, 2e-4) << key.fullName();
        }
    }
    EXPECT_GT(lazy->find({"blocks.1", TensorName::Z})->get()->matrix(2).cwiseAbs().maxCoeff(), 0.01F);
}

}  // namespace
}  // namespace attn
