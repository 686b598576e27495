#include "core/analysis/predictions.h"

#include "core/io/file.h"
#include "core/pipeline/pipeline.h"
#include "core/trace/row_entries.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

namespace attn {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

fs::path own(const char* name) {
    return fs::path(ATTN_TEST_DATA) / "models" / name;
}

TracePtr traceOf(const Inputs& inputs) {
    Pipeline pipeline;
    Result<TracePtr> trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

std::vector<std::int64_t> idsOf(const std::vector<Prediction>& predictions) {
    std::vector<std::int64_t> ids;
    ids.reserve(predictions.size());
    for (const Prediction& each : predictions) ids.push_back(each.id);
    return ids;
}

// ln 1, ln 2, ln 3, ln 4: probabilities 0.1, 0.2, 0.3, 0.4; at temperature 0.5 their squares over 30.
TEST(Predictions, ProbabilitiesRanksAndEntropy) {
    const std::vector<float> logits{0, std::log(3.0F), std::log(2.0F), std::log(4.0F)};
    const TokenDistribution d(logits, 1);
    const std::vector<double> expected{0.1, 0.3, 0.2, 0.4};
    double entropy = 0;
    for (std::int64_t id = 0; id < 4; ++id) {
        const double p = expected[static_cast<std::size_t>(id)];
        EXPECT_NEAR(d.probability(id), p, 1e-7);
        EXPECT_NEAR(d.logProbability(id), std::log(p), 1e-6);
        entropy -= p * std::log(p);
    }
    EXPECT_NEAR(d.entropyNats(), entropy, 1e-7);
    EXPECT_EQ(d.rank(3), 0);
    EXPECT_EQ(d.rank(0), 3);
    EXPECT_THAT(idsOf(d.top(3)), ElementsAre(3, 1, 2));
    EXPECT_EQ(d.top(3)[2].rank, 2);
    EXPECT_EQ(d.top(100).size(), 4U);
    EXPECT_NEAR(TokenDistribution(logits, 0.5).probability(3), 16.0 / 30, 1e-6);
    EXPECT_NEAR(TokenDistribution(logits, 100).probability(0), 0.25, 3e-3);
    EXPECT_GT(TokenDistribution(logits, 0.01).probability(3), 1 - 1e-12);
}

TEST(Predictions, ExtremeLogits) {
    constexpr float kHuge = std::numeric_limits<float>::max();
    constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
    const TokenDistribution huge(std::vector<float>{kHuge, -kHuge, kHuge}, 0.01);
    EXPECT_DOUBLE_EQ(huge.probability(0), 0.5);
    EXPECT_EQ(huge.probability(1), 0);
    EXPECT_NEAR(huge.entropyNats(), std::log(2.0), 1e-12);
    EXPECT_THAT(idsOf(huge.top(2)), ElementsAre(0, 2)) << "ties in the order of their ids";
    const TokenDistribution masked(std::vector<float>{kMinusInfinity, 5}, 1);
    EXPECT_EQ(masked.probability(0), 0);
    EXPECT_EQ(masked.probability(1), 1);
    EXPECT_EQ(masked.entropyNats(), 0);
    for (const float bad : {kMinusInfinity, std::numeric_limits<float>::quiet_NaN()}) {
        const TokenDistribution none(std::vector<float>{bad, bad}, 1);
        EXPECT_EQ(none.probability(0), 0);
        EXPECT_THAT(none.top(3), IsEmpty());
    }
    EXPECT_THAT(TokenDistribution({}, 1).top(3), IsEmpty());
}

RC_GTEST_PROP(Predictions, SumToOneAndDoNotShift,
              (const std::vector<std::int16_t>& numbers, std::int16_t shift)) {
    RC_PRE(!numbers.empty());
    std::vector<float> logits, shifted;
    for (const std::int16_t each : numbers) {
        logits.push_back(static_cast<float>(each) / 512);
        shifted.push_back(static_cast<float>(each) / 512 + static_cast<float>(shift) / 512);
    }
    const double temperature = *rc::gen::element(0.01, 0.3, 1.0, 7.0, 100.0);
    const TokenDistribution a(logits, temperature), b(shifted, temperature);
    double sum = 0;
    for (std::int64_t id = 0; id < a.size(); ++id) {
        sum += a.probability(id);
        RC_ASSERT(std::abs(a.probability(id) - b.probability(id)) < 1e-9);
    }
    RC_ASSERT(std::abs(sum - 1) < 1e-9);
    RC_ASSERT(a.entropyNats() <= std::log(static_cast<double>(a.size())) + 1e-9);
    const auto top = a.top(logits.size());
    for (std::size_t i = 0; i < top.size(); ++i) {
        RC_ASSERT(top[i].rank == static_cast<std::int64_t>(i));
        RC_ASSERT(a.rank(top[i].id) == top[i].rank);
    }
}

TEST(Predictions, BeforeAndAfter) {
    const TokenDistribution before(std::vector<float>{3, 2, 1, 0, -1}, 1);
    const TokenDistribution after(std::vector<float>{0, 2, 1, 3, -1}, 1);
    const auto changes = compare(before, after, 2);
    ASSERT_EQ(changes.size(), 3U) << "3 and 1 after, 0 before";
    EXPECT_THAT((std::vector<std::int64_t>{changes[0].id, changes[1].id, changes[2].id}),
                ElementsAre(0, 3, 1));
    EXPECT_DOUBLE_EQ(changes[0].before, before.probability(0));
    EXPECT_DOUBLE_EQ(changes[0].after, after.probability(0));
    EXPECT_EQ(changes[0].rankBefore, 0);
    EXPECT_EQ(changes[0].rankAfter, 3);
    EXPECT_EQ(compare(before, before, 2).size(), 2U);
}

TEST(Predictions, ARowIsTheRowOfAllLogits) {
    for (const char* model : {"gpt2-untied", "bert-masked", "llama3"}) {
        Inputs inputs;
        inputs.model = own(model).string();
        inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5};
        const TracePtr trace = traceOf(inputs);
        ASSERT_TRUE(trace->logitRows());
        EXPECT_EQ(predictionKind(*trace),
                  std::string(model) == "bert-masked" ? PredictionKind::Same : PredictionKind::Next);
        const EntryPtr whole = trace->find({"", TensorName::Logits});
        const EntryPtr row = trace->logitRows()->row(3);
        EXPECT_EQ(row->shape(), (std::array<Index, 3>{1, 1, whole->shape()[2]}));
        EXPECT_EQ(row, trace->logitRows()->row(3)) << "as long as somebody holds it";
        const TensorPtr numbers = row->get();
        EXPECT_FALSE(whole->peek()) << "one row does not need the others";
        EXPECT_LT((numbers->matrix().row(0) - whole->get()->matrix().row(3)).cwiseAbs().maxCoeff(), 1e-6F);
    }
    Inputs base;
    base.model = own("llama-base").string();
    base.ids = std::vector<std::int64_t>{1, 2};
    EXPECT_EQ(predictionKind(*traceOf(base)), PredictionKind::None);
    EXPECT_EQ(predictionKind(*traceOf(Inputs{})), PredictionKind::None) << "the toy";
}

TEST(Predictions, OfADecodersOwnTokens) {
    Inputs inputs;
    inputs.model = own("bart").string();
    inputs.ids = std::vector<std::int64_t>{0, 5, 9, 3, 11, 2};
    Pipeline pipeline;
    const TracePtr generated = *pipeline.evaluate(inputs);
    ASSERT_NE(generated->target(), nullptr);
    EXPECT_EQ(&predictingTokens(*generated), generated->target());
    EXPECT_EQ(predictionKind(*generated), PredictionKind::Next);
    const auto count = static_cast<Index>(generated->target()->items.size());
    EXPECT_EQ(generated->logitRows()->rows(), count);
    EXPECT_EQ(defaultPosition(*generated), count - 1);
    EXPECT_EQ(generated->maskTokenId(), -1);
    // The sampling temperature writes no other target.
    ASSERT_TRUE(inputs.parameters.setFromText("sampling_temperature", "5"));
    const TracePtr again = *pipeline.evaluate(inputs, generated);
    EXPECT_EQ(again->target(), generated->target());
    EXPECT_THAT(again->recomputed(), IsEmpty());
}

TEST(Predictions, TheSamplingTemperatureTouchesNoStage) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.model = own("gpt2-untied").string();
    inputs.ids = std::vector<std::int64_t>{3, 1, 4};
    const TracePtr before = *pipeline.evaluate(inputs);
    ASSERT_TRUE(inputs.parameters.setFromText("sampling_temperature", "0.3"));
    const TracePtr after = *pipeline.evaluate(inputs, before);
    EXPECT_THAT(after->recomputed(), IsEmpty());
    EXPECT_EQ(after->logitRows(), before->logitRows());
    EXPECT_FALSE(inputs.parameters.setFromText("blocks.0.sampling_temperature", "0.3")) << "no site has one";
}

TEST(Predictions, WithoutChangesTheQuestionStays) {
    Inputs inputs;
    inputs.text = "a b";
    inputs.model = "somewhere";
    inputs.maskedTokens = {1};
    const Inputs question = inputs;
    ASSERT_TRUE(inputs.parameters.setFromText("blocks.0.temperature", "0.3"));
    inputs.ablations = {{"blocks.0", AblatedPart::Heads, 0, AblationKind::Zero}};
    inputs.painted = {{"blocks.0", 0, 0, "a", "a", false}};
    EXPECT_EQ(withoutChanges(inputs), question);
}

/// A tiny BERT with a vocabulary of its own.
class MaskedTokens : public testing::Test {
protected:
    MaskedTokens() {
        for (const char* name : {"config.json", "model.safetensors"})
            m_folder.write(name, *readFile(own("bert-masked") / name, std::size_t{1} << 24U));
        m_folder.write(
            "vocab.txt",
            "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\non\na\nmat\n##s\ndog\nran\nto\nit\n.\n");
        m_inputs.model = m_folder.path().string();
        m_inputs.text = "the cat sat";
    }
    std::vector<std::int64_t> ids(const TracePtr& trace) {
        std::vector<std::int64_t> out;
        for (const Token& token : trace->tokens().items) out.push_back(token.id);
        return out;
    }

    const test::TemporaryFolder m_folder;
    Inputs m_inputs;
};

TEST_F(MaskedTokens, TakeTheMasksPlace) {
    const TracePtr plain = traceOf(m_inputs);
    EXPECT_THAT(ids(plain), ElementsAre(2, 5, 6, 7, 3));
    EXPECT_EQ(plain->maskTokenId(), 4);
    EXPECT_EQ(defaultPosition(*plain), 4);
    m_inputs.maskedTokens = {2, 9};
    const TracePtr masked = traceOf(m_inputs);
    EXPECT_THAT(ids(masked), ElementsAre(2, 5, 4, 7, 3));
    EXPECT_EQ(masked->tokens().items[2].text, "[MASK]");
    EXPECT_TRUE(masked->tokens().items[2].special);
    EXPECT_EQ(defaultPosition(*masked), 2);
    Inputs typed = m_inputs;
    typed.maskedTokens.clear();
    typed.text = "[MASK] " + typed.text;
    EXPECT_EQ(defaultPosition(*traceOf(typed)), 1) << "a mask that stands in the text";
    EXPECT_EQ(tokenOf(*masked, 12).text, "dog");
    EXPECT_GT((masked->logitRows()->row(2)->get()->matrix() - plain->logitRows()->row(2)->get()->matrix())
                  .cwiseAbs()
                  .maxCoeff(),
              1e-4F);
    // As if the mask had been written.
    m_inputs.text = "the [MASK] sat";
    m_inputs.maskedTokens.clear();
    const TracePtr written = traceOf(m_inputs);
    EXPECT_LT((written->logitRows()->row(2)->get()->matrix() - masked->logitRows()->row(2)->get()->matrix())
                  .cwiseAbs()
                  .maxCoeff(),
              1e-6F);
}

TEST_F(MaskedTokens, SleepWhereThereIsNoMask) {
    Inputs inputs;
    inputs.model = own("gpt2-untied").string();
    inputs.ids = std::vector<std::int64_t>{1, 2};
    inputs.maskedTokens = {0};
    Pipeline pipeline;
    EXPECT_FALSE(pipeline.evaluate(inputs)) << "its tokenizer is not there to say what the mask is";
    inputs.model = "toy";
    inputs.ids.reset();
    inputs.text = "one two";
    EXPECT_THAT(ids(traceOf(inputs)), ElementsAre(0, 1));
}

// A mask stands in the source, where the encoder sees both sides; what is predicted is the target.
TEST(MaskedSource, AnEncoderDecodersSourceTakesTheMask) {
    const test::TemporaryFolder folder;
    for (const char* name : {"config.json", "model.safetensors"})
        folder.write(name, *readFile(own("bart") / name, std::size_t{1} << 24U));
    const auto write = [&](const char* mask) {
        folder.write("tokenizer.json",
                     std::string(R"({"added_tokens":[{"id":16,"content":")") + mask +
                         R"(","special":true,"lstrip":true}],"normalizer":null,)"
                         R"("pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},)"
                         R"("post_processor":null,"decoder":{"type":"ByteLevel"},)"
                         R"("model":{"type":"BPE","vocab":{"a":3,"b":4,"c":5,"\u0120":7},"merges":[]}})");
    };
    write("<mask>");
    Inputs inputs;
    inputs.model = folder.path().string();
    inputs.text = "a b";
    inputs.targetIds = {3, 4};
    const TracePtr plain = traceOf(inputs);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->maskTokenId(), 16);
    EXPECT_EQ(predictionKind(*plain), PredictionKind::Next);
    inputs.maskedTokens = {2};
    const TracePtr masked = traceOf(inputs);
    EXPECT_EQ(masked->tokens().items[2].id, 16);
    EXPECT_EQ(masked->tokens().items[0], plain->tokens().items[0]);
    EXPECT_EQ(*masked->target(), *plain->target());
    EXPECT_EQ(defaultPosition(*masked), defaultPosition(*plain)) << "a place of the target's";
    const auto cross = [](const TracePtr& trace) {
        return trace->find({"decoder.blocks.0.cross", TensorName::Pattern})->get()->at(0, 0, 0);
    };
    EXPECT_NE(cross(masked), cross(plain));
    write("<other>");
    EXPECT_EQ(traceOf(inputs)->maskTokenId(), -1) << "its tokenizer has none";
}

}  // namespace
}  // namespace attn
