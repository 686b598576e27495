// A token's way through the layers: what is written adds up, in models of every kind.
#include "core/analysis/flow.h"

#include "core/analysis/flow_file.h"
#include "core/analysis/token_view.h"
#include "core/trace/site_sources.h"
#include "tests/support/model_folder.h"
#include "tests/support/tiny_bert.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;
using test::inputsOf;
using test::ownModels;
using test::traceOf;
using Vector = std::vector<double>;

TracePtr tinyTrace(const char* model, std::initializer_list<const char*> ablations = {}) {
    Inputs inputs = inputsOf(ownModels() / model, {3, 1, 4, 1, 5, 9, 2, 6});
    for (const char* text : ablations) setAblation(inputs.ablations, *parseAblation(text));
    return traceOf(inputs);
}

TracePtr toyTrace(const std::vector<std::pair<std::string, std::string>>& parameters = {}) {
    Inputs inputs;
    inputs.text = "the cat sat on the mat";
    for (const auto& each : parameters) EXPECT_TRUE(inputs.parameters.setFromText(each.first, each.second));
    return traceOf(inputs);
}

TokenFlow flowOf(const TracePtr& trace, const std::string& site, Index query, FlowLimits limits = {}) {
    FlowStudy study(trace, site, query, limits);
    EXPECT_TRUE(finish(study));
    return study.flow();
}

Vector rowOf(const TracePtr& trace, const std::string& site, TensorName name, Index row) {
    const TensorPtr tensor = trace->find({site, name})->get();
    Vector out;
    for (Index c = 0; c < tensor->cols(); ++c) out.push_back(static_cast<double>(tensor->at(0, row, c)));
    return out;
}

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

Vector sum(Vector a, const Vector& b, double factor = 1) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
    return a;
}

/// z_h W_O^h.
Vector headOf(const TracePtr& trace, const SiteInfo& site, Index head, Index query) {
    const TensorPtr z = trace->find({site.name, TensorName::Z})->get();
    const TensorPtr wO = trace->find({site.name, TensorName::WO})->get();
    Vector out(static_cast<std::size_t>(site.dModel), 0.0);
    for (Index c = 0; c < site.dModel; ++c)
        for (Index d = 0; d < z->cols(); ++d)
            out[static_cast<std::size_t>(c)] +=
                static_cast<double>(z->at(head, query, d)) * static_cast<double>(wO->at(head, d, c));
    return out;
}

const FlowWrite* part(const FlowStep& step, FlowPart wanted) {
    for (const FlowWrite& each : step.rest)
        if (each.part == wanted) return &each;
    return nullptr;
}

double projections(const TokenFlow& flow) {
    double total = flow.startProjection;
    for (const FlowStep& step : flow.steps) {
        for (const FlowWrite& head : step.heads) total += head.projection;
        for (const FlowWrite& write : step.rest) total += write.projection;
    }
    return total;
}

/// Everything that there is to say of a flow, worked out again.
void expectAddsUp(const TracePtr& trace, const std::string& site, Index query) {
    SCOPED_TRACE(site);
    const TokenFlow flow = flowOf(trace, site, query);
    const Vector end = rowOf(trace, flow.steps.back().site, TensorName::ResidPost, query);
    EXPECT_NEAR(flow.end, std::sqrt(dot(end, end)), 1e-4);
    EXPECT_NEAR(projections(flow), flow.end, 1e-4 * (1 + flow.end)) << "all of it makes the end";
    double stream = flow.start;
    for (const FlowStep& step : flow.steps) {
        EXPECT_NEAR(step.before, stream, 1e-4 * (1 + stream)) << step.site;
        stream = step.after;
        EXPECT_EQ(part(step, FlowPart::Edit), nullptr) << step.site << ": nothing was changed by hand";
        if (step.mlp) continue;
        const SiteInfo& info = *trace->site(step.site);
        ASSERT_EQ(step.heads.size(), static_cast<std::size_t>(info.heads));
        Vector rest = rowOf(trace, step.site, TensorName::AttnOut, query);
        Vector others(rest.size(), 0.0);
        for (std::size_t i = 0; i < step.heads.size(); ++i) {
            const FlowWrite& head = step.heads[i];
            const Vector vector = headOf(trace, info, head.head, query);
            EXPECT_NEAR(head.norm, std::sqrt(dot(vector, vector)), 1e-5);
            EXPECT_NEAR(head.projection, dot(vector, end) / flow.end, 1e-5);
            if (i > 0) {
                EXPECT_GE(step.heads[i - 1].norm, head.norm);
            }
            if (i >= step.named) others = sum(others, vector);
            rest = sum(rest, vector, -1);
        }
        if (!step.others.empty()) {
            EXPECT_NEAR(step.others.front().norm, std::sqrt(dot(others, others)), 1e-5);
        }
        // What of attn_out comes from no head is the bias.
        const FlowWrite* bias = part(step, FlowPart::Bias);
        EXPECT_NEAR(bias != nullptr ? bias->norm : 0, std::sqrt(dot(rest, rest)), 1e-4);
        if (const SiteSources* sources = trace->sources(step.site); sources != nullptr && sources->o.bias) {
            EXPECT_NEAR(bias->norm, static_cast<double>(sources->o.bias->matrix().norm()), 1e-4);
        }
    }
    EXPECT_NEAR(stream, flow.end, 1e-4 * (1 + stream));
}

TEST(Flow, WhatIsWrittenAddsUpInModelsOfEveryKind) {
    expectAddsUp(toyTrace(), "blocks.0", 2);
    expectAddsUp(toyTrace({{"layer_norm", "false"}}), "blocks.0", 5);
    expectAddsUp(tinyTrace("gpt2-untied"), "blocks.0", 7);
    expectAddsUp(tinyTrace("llama3"), "blocks.1", 4);
    expectAddsUp(tinyTrace("qwen2"), "blocks.1", 4);
    expectAddsUp(tinyTrace("bert-masked"), "blocks.1", 3);
    expectAddsUp(tinyTrace("bart"), "encoder.blocks.0", 3);
    expectAddsUp(tinyTrace("bart"), "decoder.blocks.0", 0);
    expectAddsUp(tinyTrace("bart"), "decoder.blocks.1.cross", 0);
}

TEST(Flow, NormsAreAPartOnlyWhereTheBlockNormsItsSums) {
    for (const FlowStep& step : flowOf(tinyTrace("gpt2-untied"), "blocks.0", 3).steps)
        EXPECT_EQ(part(step, FlowPart::Norm), nullptr) << step.site << (step.mlp ? " mlp" : "");
    for (const FlowStep& step : flowOf(tinyTrace("bert-masked"), "blocks.0", 3).steps)
        EXPECT_NE(part(step, FlowPart::Norm), nullptr) << step.site << (step.mlp ? " mlp" : "");
    EXPECT_EQ(part(flowOf(toyTrace({{"layer_norm", "false"}}), "blocks.0", 1).steps.front(), FlowPart::Norm),
              nullptr);
    EXPECT_TRUE(flowOf(toyTrace(), "blocks.0", 1).steps.front().carries);
    EXPECT_FALSE(flowOf(toyTrace({{"residual", "false"}}), "blocks.0", 1).steps.front().carries);
}

TEST(Flow, AnEncoderDecodersCrossSitesAreWritersOfTheirOwn) {
    const TracePtr trace = tinyTrace("bart");
    const TokenFlow flow = flowOf(trace, "decoder.blocks.1.cross", 0);
    std::vector<std::string> order;
    for (const FlowStep& step : flow.steps) order.push_back(step.site + (step.mlp ? " mlp" : ""));
    ASSERT_GE(order.size(), 3U);
    EXPECT_EQ(order[0], "decoder.blocks.0");
    EXPECT_EQ(order[1], "decoder.blocks.0.cross");
    EXPECT_EQ(order[2], "decoder.blocks.0 mlp");
    EXPECT_EQ(flow, flowOf(trace, "decoder.blocks.0", 0)) << "either site belongs to the same stack";
}

TEST(Flow, TheTokensThatFeedAHead) {
    const TracePtr trace = tinyTrace("gpt2-untied");
    const TokenFlow all = flowOf(trace, "blocks.0", 6, {2, 100});
    const TokenFlow some = flowOf(trace, "blocks.0", 6, {2, 3});
    const FlowWrite &whole = all.steps.front().heads.front(), &few = some.steps.front().heads.front();
    ASSERT_EQ(whole.sources.size(), 7U) << "a causal query sees those before it and itself";
    EXPECT_EQ(whole.otherSources, 0);
    ASSERT_EQ(few.sources.size(), 3U);
    double left = 0;
    for (std::size_t i = 0; i < whole.sources.size(); ++i) {
        if (i > 0) {
            EXPECT_GE(whole.sources[i - 1].norm, whole.sources[i].norm);
        }
        if (i < 3) {
            EXPECT_EQ(whole.sources[i], few.sources[i]);
        }
        if (i >= 3) left += whole.sources[i].norm;
    }
    EXPECT_NEAR(few.otherSources, left, 1e-9);
    // The vectors whose norms these are sum to what the head writes.
    const SiteInfo& site = *trace->site("blocks.0");
    const TensorPtr pattern = trace->find({site.name, TensorName::Pattern})->get();
    const TensorPtr v = trace->find({site.name, TensorName::V})->get();
    const TensorPtr wO = trace->find({site.name, TensorName::WO})->get();
    for (const FlowSource& source : whole.sources) {
        const Matrix vector = pattern->at(whole.head, 6, source.key) * v->matrix(whole.head).row(source.key) *
                              wO->matrix(whole.head);
        EXPECT_NEAR(source.norm, static_cast<double>(vector.norm()), 1e-5);
    }
    for (std::size_t h = 2; h < all.steps.front().heads.size(); ++h)
        EXPECT_TRUE(all.steps.front().heads[h].sources.empty());
}

TEST(Flow, WhatIsSwitchedOffWritesNothing) {
    const TracePtr trace = tinyTrace("gpt2-untied", {"blocks.0.h1", "blocks.1.mlp"});
    const TokenFlow flow = flowOf(trace, "blocks.0", 6);
    for (const FlowWrite& head : flow.steps.front().heads) {
        if (head.head != 1) continue;
        EXPECT_EQ(head.norm, 0);
        EXPECT_TRUE(head.sources.empty());
    }
    EXPECT_EQ(part(flow.steps[3], FlowPart::Mlp)->norm, 0);
    EXPECT_NEAR(projections(flow), flow.end, 1e-4 * flow.end);
}

TEST(Flow, WhatWasChangedByHandIsAPartOfItsOwn) {
    for (const char* model : {"gpt2-untied", "bert-masked"}) {
        for (const char* edit : {"blocks.1.resid_pre[6,2]=3", "blocks.0.attn_out[6,1]=-2",
                                 "blocks.1.resid_post[6,0]=4", "blocks.0.mlp_out[6,3]=2"}) {
            SCOPED_TRACE(std::string(model) + " " + edit);
            Inputs inputs = inputsOf(ownModels() / model, {3, 1, 4, 1, 5, 9, 2, 6});
            inputs.edits.push_back(*parseEdit(edit));
            const TracePtr trace = traceOf(inputs);
            const TokenFlow flow = flowOf(trace, "blocks.0", 6);
            EXPECT_NEAR(projections(flow), flow.end, 1e-4 * (1 + flow.end));
            const auto edited = std::count_if(flow.steps.begin(), flow.steps.end(), [](const FlowStep& step) {
                return part(step, FlowPart::Edit) != nullptr;
            });
            // What an MLP writes is what it writes, changed or not.
            EXPECT_EQ(edited, std::string(edit).find("mlp_out") == std::string::npos ? 1 : 0);
        }
    }
}

// [CLS] the cat ##s sat [SEP]: what hidden tokens feed is kept apart, pieces add up, and nothing is lost.
TEST(Flow, OfShownTokensAddsUpToWhatItWas) {
    const test::TemporaryFolder folder;
    Inputs inputs;
    inputs.model = test::writeTinyBert(folder);
    inputs.text = "the cats sat";
    const TracePtr trace = traceOf(inputs);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, false, true});
    const FlowLimits all{8, 12};
    const TokenFlow whole = flowOf(trace, "blocks.0", 3, all), flow = flowOf(shown, "blocks.0", 3, all);
    EXPECT_EQ(flow.query, 3);
    EXPECT_DOUBLE_EQ(flow.end, whole.end);
    ASSERT_EQ(flow.steps.size(), whole.steps.size());
    for (std::size_t s = 0; s < flow.steps.size(); ++s) {
        ASSERT_EQ(flow.steps[s].heads.size(), whole.steps[s].heads.size());
        for (std::size_t h = 0; h < flow.steps[s].heads.size(); ++h) {
            const FlowWrite &head = flow.steps[s].heads[h], &before = whole.steps[s].heads[h];
            EXPECT_EQ(head.norm, before.norm);
            double norms[6] = {}, words[3] = {};
            for (const FlowSource& source : before.sources) norms[source.key] = source.norm;
            for (const FlowSource& source : head.sources) words[source.key] = source.norm;
            EXPECT_NEAR(words[0], norms[1], 1e-12);
            EXPECT_NEAR(words[1], norms[2] + norms[3], 1e-12) << "the pieces of a word";
            EXPECT_NEAR(words[2], norms[4], 1e-12);
            EXPECT_NEAR(head.hiddenSources, norms[0] + norms[5], 1e-12);
            EXPECT_GT(head.hiddenSources, 0);
        }
    }
    const std::string csv = flowToCsv(*shown, flow);
    EXPECT_NE(csv.find(",2,cats,"), std::string::npos) << "by the number of its first piece\n" << csv;
    EXPECT_NE(csv.find("blocks.0,hidden,"), std::string::npos);
    EXPECT_EQ(csv.find("[CLS]"), std::string::npos);
    const json document = json::parse(flowToJson(*shown, flow));
    EXPECT_EQ(document["token"], "##s");
    EXPECT_EQ(document["steps"][0]["hidden_keys"], 2);
    EXPECT_DOUBLE_EQ(document["steps"][0]["heads"][0]["hidden_sources"],
                     flow.steps[0].heads[0].hiddenSources);
    // The strongest words are listed, the others counted: limits speak of words.
    const TokenFlow two = flowOf(shown, "blocks.0", 3, {8, 2});
    EXPECT_EQ(two.steps[0].heads[0].sources.size(), 2U);
    EXPECT_NEAR(two.steps[0].heads[0].otherSources, flow.steps[0].heads[0].sources[2].norm, 1e-12);
}

TEST(Flow, ItsTables) {
    const TracePtr trace = tinyTrace("gpt2-untied");
    const TokenFlow flow = flowOf(trace, "blocks.0", 6, {1, 2});
    const std::string csv = flowToCsv(*trace, flow);
    EXPECT_TRUE(csv.starts_with("site,part,head,key,key_token,norm,projection\nblocks.0,start,"));
    int sources = 0, heads = 0;
    for (std::size_t at = csv.find('\n'); at != std::string::npos; at = csv.find('\n', at + 1)) {
        sources += csv.compare(at + 1, 16, "blocks.0,source,") == 0 ? 1 : 0;
        heads += csv.compare(at + 1, 14, "blocks.0,head,") == 0 ? 1 : 0;
    }
    EXPECT_EQ(sources, 2);
    EXPECT_EQ(heads, static_cast<int>(trace->site("blocks.0")->heads));
    const json document = json::parse(flowToJson(*trace, flow));
    EXPECT_EQ(document["query"], 6);
    EXPECT_EQ(document["steps"].size(), flow.steps.size());
    EXPECT_EQ(document["steps"][0]["heads"][0]["sources"].size(), 2U);
    EXPECT_TRUE(document["steps"][1].contains("mlp_out"));
    EXPECT_DOUBLE_EQ(document["end"], flow.end);
}

TEST(Flow, GivesUpWhereItIsStopped) {
    std::stop_source stop;
    FlowStudy study(tinyTrace("gpt2-untied"), "blocks.0", 0, {});
    EXPECT_TRUE(study.work(0, stop.get_token()));
    stop.request_stop();
    EXPECT_FALSE(study.work(1, stop.get_token()));
}

}  // namespace
}  // namespace attn
