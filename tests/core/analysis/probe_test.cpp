#include "core/analysis/probe.h"

#include "core/io/file.h"
#include "core/ops/product.h"
#include "tests/support/model_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace attn {
namespace {

using test::inputsOf;
using test::ownModels;
using test::traceOf;

Probe probed(const TracePtr& trace, const ProbeSettings& settings = {}) {
    Probe probe;
    for (const Inputs& inputs : probeInputs(*trace, settings)) probe.add(*traceOf(inputs));
    return probe;
}

/// Ids between the special tokens that stand around them.
std::map<std::int64_t, int> occurrences(const std::vector<std::int64_t>& ids) {
    std::map<std::int64_t, int> counts;
    for (const std::int64_t id : ids) ++counts[id];
    return counts;
}

TEST(Probe, RepeatsDifferentRandomTokensTheSameOnEveryRun) {
    const TracePtr trace = traceOf(inputsOf(ownModels() / "gpt2-untied", {3, 1, 4}));
    ProbeSettings settings;
    settings.length = 6;
    settings.repeats = 3;
    settings.sequences = 2;
    const auto all = probeInputs(*trace, settings);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all, probeInputs(*trace, settings));
    EXPECT_NE(*all[0].ids, *all[1].ids);
    settings.seed = 2;
    EXPECT_NE(all, probeInputs(*trace, settings));
    for (const Inputs& inputs : all) {
        ASSERT_EQ(inputs.ids->size() % 6, 0U);
        const auto repeats = static_cast<int>(inputs.ids->size() / 6);
        EXPECT_GE(repeats, 2);
        const auto counts = occurrences(*inputs.ids);
        EXPECT_EQ(counts.size(), 6U);
        for (const auto& each : counts) EXPECT_EQ(each.second, repeats);
        for (std::size_t i = 6; i < inputs.ids->size(); ++i)
            EXPECT_EQ((*inputs.ids)[i], (*inputs.ids)[i - 6]);
        EXPECT_LE(inputs.ids->size(), static_cast<std::size_t>(trace->model()->context));
    }
}

TEST(Probe, KeepsTheModelsChangesAndForgetsTheText) {
    Inputs inputs = inputsOf(ownModels() / "gpt2-untied", {3, 1, 4});
    inputs.parameters.set(ParameterId::Temperature, 2.0);
    setAblation(inputs.ablations, *parseAblation("blocks.0.h1"));
    inputs.painted.push_back({"blocks.0", 0, 0, "a", "b", true});
    inputs.edits.push_back(*parseEdit("blocks.0.W_Q[0,0,0]=1"));
    inputs.edits.push_back(*parseEdit("blocks.0.q[0,0,0]=1"));
    for (const Inputs& each : probeInputs(*traceOf(inputs))) {
        EXPECT_EQ(each.parameters.get(ParameterId::Temperature), ParameterValue(2.0));
        EXPECT_EQ(each.ablations, inputs.ablations);
        EXPECT_TRUE(each.painted.empty());
        ASSERT_EQ(each.edits.size(), 1U);
        EXPECT_EQ(each.edits.front().tensor.name, TensorName::WQ);
    }
    Inputs longer = inputs;
    longer.ids->push_back(7);
    EXPECT_EQ(probedModel(inputs), probedModel(longer));
    longer.parameters.set(ParameterId::Temperature, 1.0);
    EXPECT_FALSE(probedModel(inputs) == probedModel(longer));
}

TEST(Probe, AStorytellersInductionHeadIsFound) {
    Inputs inputs;
    inputs.model = (resourceFolder() / "models" / "storyteller").string();
    inputs.text = "Once upon a time";
    const TracePtr trace = traceOf(inputs);
    const Probe probe = probed(trace);
    EXPECT_EQ(probe.count(), 4U);
    const float induction = probe.measure(1, 0, HeadMeasure::ProbeInduction);
    EXPECT_GE(induction, 0.4F);
    for (Index head = 0; head < trace->sites()[0].heads; ++head)
        EXPECT_LT(probe.measure(0, head, HeadMeasure::ProbeInduction), induction) << "blocks.0, " << head;
    EXPECT_TRUE(std::isnan(probe.measure(99, 0, HeadMeasure::ProbeInduction)));
}

TEST(Probe, AHandMadeInductionPatternHasInductionOne) {
    // a b c a b c: every query of the second half looks at what came after its token's first place.
    Inputs inputs;
    inputs.text = "a b c a b c";
    const TracePtr trace = traceOf(inputs);
    const MeasuredTokens tokens = measuredTokens(*trace, trace->sites().front());
    Matrix pattern = Matrix::Identity(6, 6);
    for (Index i = 3; i < 6; ++i) {
        pattern.row(i).setZero();
        pattern(i, i - 2) = 1;
    }
    const HeadMeasures measures = measureHead(view(pattern), tokens);
    EXPECT_FLOAT_EQ(measureOf(measures, HeadMeasure::Induction), 1);
    EXPECT_FLOAT_EQ(measureOf(measures, HeadMeasure::Duplicate), 0);
    EXPECT_TRUE(std::isnan(measureOf(measures, HeadMeasure::ProbeInduction))) << "not of this text";
}

TEST(Probe, IsTheMeanOfItsTexts) {
    Inputs inputs;
    inputs.text = "anything";
    const TracePtr trace = traceOf(inputs);
    const auto all = probeInputs(*trace);
    ASSERT_EQ(all.size(), 4U);
    double sum = 0;
    for (const Inputs& each : all) {
        const TracePtr text = traceOf(each);
        EXPECT_EQ(text->tokens().items.size(), 100U) << each.text;
        std::set<std::string> different;
        for (const Token& token : text->tokens().items) different.insert(token.text);
        EXPECT_EQ(different.size(), 25U);
        const SiteInfo& site = text->sites().front();
        sum += static_cast<double>(
            measureOf(measureHead(text->find({site.name, TensorName::Pattern})->get()->matrix(1),
                                  measuredTokens(*text, site)),
                      HeadMeasure::Duplicate));
    }
    EXPECT_NEAR(probed(trace).measure(0, 1, HeadMeasure::ProbeDuplicate), sum / 4, 1e-6);
}

TEST(Probe, FitsEveryTokenizerAndEverySequence) {
    for (const char* tokenizer : {"words", "characters", "bytes"}) {
        Inputs inputs;
        inputs.text = "x";
        inputs.parameters.set(ParameterId::Tokenizer, std::string(tokenizer));
        const auto all = probeInputs(*traceOf(inputs));
        ASSERT_FALSE(all.empty());
        EXPECT_EQ(traceOf(all.front())->tokens().items.size(), 100U) << tokenizer;
    }
    const TracePtr bart = traceOf(inputsOf(ownModels() / "bart", {3, 1, 4}));
    const auto all = probeInputs(*bart);
    ASSERT_FALSE(all.empty());
    const TracePtr read = traceOf(all.front());
    EXPECT_EQ(read->target()->items.front().id, bart->target()->items.front().id);
    EXPECT_GT(read->target()->items.size(), 4U);
    Probe probe;
    probe.add(*read);
    for (std::size_t s = 0; s < bart->sites().size(); ++s)
        EXPECT_EQ(std::isnan(probe.measure(s, 0, HeadMeasure::ProbeInduction)), bart->sites()[s].cross);
}

}  // namespace
}  // namespace attn
