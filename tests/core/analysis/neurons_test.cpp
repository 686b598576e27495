#include "core/analysis/neurons.h"

#include "core/analysis/neurons_file.h"
#include "core/analysis/shown_row.h"
#include "core/analysis/token_view.h"
#include "core/pipeline/pipeline.h"
#include "tests/support/model_folder.h"
#include "tests/support/tiny_bert.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;
using test::traceOf;

constexpr double kTolerance = 1e-5;
constexpr double kMasked = -std::numeric_limits<double>::infinity();

Inputs toyInputs(const std::vector<std::pair<std::string, std::string>>& parameters,
                 const std::string& text = "the cat saw a bird and the tired bird saw the cat") {
    Inputs inputs;
    inputs.text = text;
    for (const auto& [key, value] : parameters) {
        const auto set = inputs.parameters.setFromText(key, value);
        EXPECT_TRUE(set) << set.error().english();
    }
    return inputs;
}

TensorPtr tensor(const TracePtr& trace, TensorName name, const std::string& site = "blocks.0") {
    return trace->find({site, name})->get();
}

NeuronHead headOf(const TracePtr& trace, Index head, const std::string& site = "blocks.0") {
    return {trace, *trace->site(site), head, tensor(trace, TensorName::Q, site),
            tensor(trace, TensorName::K, site)};
}

/// The terms of one pair, as the formulas say, in double.
std::vector<double> naiveTerms(const TracePtr& trace, ScoreKind kind, Index head, Index i, Index j) {
    const auto number = [](const TensorPtr& t, Index h, Index r, Index c) {
        return static_cast<double>(t->at(h, r, c));
    };
    const TensorPtr q = tensor(trace, TensorName::Q), k = tensor(trace, TensorName::K);
    const ScoreWeights& w = trace->scoreWeights("blocks.0");
    const Index d = q->cols();
    double qLength = 0, kLength = 0;
    for (Index c = 0; c < d; ++c) {
        qLength += number(q, head, i, c) * number(q, head, i, c);
        kLength += number(k, head, j, c) * number(k, head, j, c);
    }
    std::vector<double> terms;
    if (kind == ScoreKind::Additive) {
        for (Index u = 0; u < w.additiveOut->cols(); ++u) {
            double inner = 0;
            for (Index c = 0; c < d; ++c) {
                inner += number(q, head, i, c) * number(w.additiveQuery, head, c, u) +
                         number(k, head, j, c) * number(w.additiveKey, head, c, u);
            }
            terms.push_back(number(w.additiveOut, head, 0, u) * std::tanh(inner));
        }
        return terms;
    }
    for (Index c = 0; c < d; ++c) {
        double left = number(q, head, i, c);
        if (kind == ScoreKind::Bilinear) {
            left = 0;
            for (Index b = 0; b < d; ++b) left += number(q, head, i, b) * number(w.bilinear, head, b, c);
        }
        terms.push_back(left * number(k, head, j, c));
        if (kind == ScoreKind::Cosine) terms.back() /= std::sqrt(qLength) * std::sqrt(kLength);
    }
    return terms;
}

struct NaiveRow {
    std::vector<double> raw, scores, weights;
};

NaiveRow naiveRow(const TracePtr& trace, ScoreKind kind, Index head, Index i, const std::vector<Index>& off) {
    const EffectiveParameters p = trace->parameters(*trace->site("blocks.0"));
    const Index keys = tensor(trace, TensorName::K)->rows();
    NaiveRow row;
    double largest = kMasked;
    for (Index j = 0; j < keys; ++j) {
        std::vector<double> terms = naiveTerms(trace, kind, head, i, j);
        for (const Index each : off)
            if (each < static_cast<Index>(terms.size())) terms[static_cast<std::size_t>(each)] = 0;
        row.raw.push_back(std::accumulate(terms.begin(), terms.end(), 0.0));
        const bool allowed = trace->mask("blocks.0").allowed(i, j);
        row.scores.push_back(allowed ? row.raw.back() * p.scale / p.temperature : kMasked);
        largest = std::max(largest, row.scores.back());
    }
    double sum = 0;
    for (const double score : row.scores) {
        const bool hard = p.normalizer == NormalizerKind::Hard;
        row.weights.push_back(score == kMasked ? 0
                              : hard           ? (score >= largest - 1e-9)
                                               : std::exp(score - largest));
        sum += row.weights.back();
    }
    if (sum > 0)
        for (double& weight : row.weights) weight /= sum;
    return row;
}

void expectRow(const QueryScores& actual, const NaiveRow& expected) {
    ASSERT_EQ(actual.raw.size(), expected.raw.size());
    for (std::size_t j = 0; j < expected.raw.size(); ++j) {
        EXPECT_NEAR(static_cast<double>(actual.raw[j]), expected.raw[j], kTolerance) << j;
        if (expected.scores[j] == kMasked) {
            EXPECT_EQ(actual.scores[j], -std::numeric_limits<float>::infinity()) << j;
        } else {
            EXPECT_NEAR(static_cast<double>(actual.scores[j]), expected.scores[j], kTolerance) << j;
        }
        EXPECT_NEAR(static_cast<double>(actual.weights[j]), expected.weights[j], kTolerance) << j;
    }
}

struct Case {
    const char* name;
    ScoreKind kind;
    const char *score, *mask, *normalizer, *scale, *temperature;
};

class Neurons : public testing::TestWithParam<Case> {
protected:
    TracePtr trace = traceOf(toyInputs({{"score", GetParam().score},
                                        {"mask", GetParam().mask},
                                        {"normalizer", GetParam().normalizer},
                                        {"scale", GetParam().scale},
                                        {"temperature", GetParam().temperature},
                                        {"score_width", "7"},
                                        {"d_k", "12"}}));
};

TEST_P(Neurons, TermsAddUpToTheTracesScoresAndWeights) {
    const TensorPtr raw = tensor(trace, TensorName::ScoresRaw), pattern = tensor(trace, TensorName::Pattern);
    for (Index head = 0; head < raw->heads(); ++head) {
        const NeuronHead neurons = headOf(trace, head);
        for (Index i = 0; i < raw->rows(); ++i) {
            const NeuronRow row = neurons.row(i, {});
            for (Index j = 0; j < raw->cols(); ++j) {
                double sum = 0;
                const std::vector<double> terms = naiveTerms(trace, GetParam().kind, head, i, j);
                ASSERT_EQ(neurons.width(), static_cast<Index>(terms.size()));
                for (Index d = 0; d < neurons.width(); ++d) {
                    EXPECT_NEAR(neurons.term(row, j, d), terms[static_cast<std::size_t>(d)], kTolerance);
                    sum += neurons.term(row, j, d);
                }
                const auto key = static_cast<std::size_t>(j);
                EXPECT_NEAR(sum, static_cast<double>(raw->at(head, i, j)), kTolerance);
                EXPECT_NEAR(row.all.raw[key], raw->at(head, i, j), kTolerance);
                EXPECT_NEAR(row.all.weights[key], pattern->at(head, i, j), kTolerance);
            }
        }
    }
}

TEST_P(Neurons, WhatIsOffContributesNothingAndTheRestOfTheScorePathIsTheSites) {
    const std::vector<Index> off{0, 3, 6, 500};  // of the last there is none
    for (const Index head : {Index{0}, Index{2}}) {
        const NeuronHead neurons = headOf(trace, head);
        for (Index i = 0; i < neurons.queries(); ++i) {
            const NeuronRow row = neurons.row(i, off);
            expectRow(row.all, naiveRow(trace, GetParam().kind, head, i, {}));
            expectRow(row.kept, naiveRow(trace, GetParam().kind, head, i, off));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryScore, Neurons,
    testing::Values(Case{"Dot", ScoreKind::Dot, "dot", "none", "softmax", "inv_sqrt_dk", "1"},
                    Case{"DotCausal", ScoreKind::Dot, "dot", "causal", "softmax", "0.3", "0.5"},
                    Case{"DotHard", ScoreKind::Dot, "dot", "local", "hard", "inv_dk", "2"},
                    Case{"Cosine", ScoreKind::Cosine, "cosine", "none", "softmax", "none", "0.5"},
                    Case{"CosineCausal", ScoreKind::Cosine, "cosine", "causal", "hard", "none", "1"},
                    Case{"Additive", ScoreKind::Additive, "additive", "none", "softmax", "none", "1"},
                    Case{"AdditivePadding", ScoreKind::Additive, "additive", "padding", "softmax", "none",
                         "3"},
                    Case{"Bilinear", ScoreKind::Bilinear, "bilinear", "none", "softmax", "inv_sqrt_dk", "1"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(Neurons, WithoutAnythingOffBothAreTheSame) {
    const TracePtr trace = traceOf(toyInputs({}));
    const NeuronHead neurons = headOf(trace, 1);
    const std::vector<Index> none{-1, 16};
    const NeuronRow row = neurons.row(4, none);
    EXPECT_EQ(row.kept.weights, row.all.weights);
    std::vector<Index> everything(16);
    std::iota(everything.begin(), everything.end(), Index{0});
    const NeuronRow nothing = neurons.row(4, everything);
    for (const float weight : nothing.kept.weights) EXPECT_NEAR(weight, 1.0 / 12, 1e-6);
}

TEST(Neurons, AFullyMaskedRowHasNoWeights) {
    const TracePtr trace = traceOf(toyInputs({{"mask", "padding"}, {"mask_padding", "12"}}));
    const NeuronRow row = headOf(trace, 0).row(3, {});
    for (const float weight : row.all.weights) EXPECT_EQ(weight, 0);
    EXPECT_EQ(strongestKey(row.all), -1);
}

TEST(Neurons, TheLargestContributionsComeFirst) {
    const TracePtr trace = traceOf(toyInputs({}));
    const NeuronHead neurons = headOf(trace, 3);
    const NeuronRow row = neurons.row(2, {});
    const std::vector<Index> order = neurons.byContribution(row, 5);
    ASSERT_EQ(order.size(), 16U);
    for (std::size_t i = 1; i < order.size(); ++i) {
        EXPECT_GE(std::abs(neurons.term(row, 5, order[i - 1])), std::abs(neurons.term(row, 5, order[i])));
    }
    const Index strongest = strongestKey(row.all);
    for (const float weight : row.all.weights)
        EXPECT_LE(weight, row.all.weights[static_cast<std::size_t>(strongest)]);
}

TEST(Neurons, AreTheSameWithOrWithoutWhatWasKnownOfTheKeys) {
    Inputs inputs = toyInputs({{"score", "additive"}, {"score_width", "9"}});
    Pipeline pipeline;
    const TracePtr first = *pipeline.evaluate(inputs);
    inputs.parameters.set(ParameterId::Temperature, 0.5);
    const TracePtr second = *pipeline.evaluate(inputs, first);
    const NeuronHead before = headOf(first, 1);
    const NeuronHead after(second, *second->site("blocks.0"), 1, tensor(second, TensorName::Q),
                           tensor(second, TensorName::K), &before);
    EXPECT_EQ(after.right().data(), before.right().data()) << "the keys did not change";
    EXPECT_EQ(after.row(2, {}).all.weights, headOf(second, 1).row(2, {}).all.weights);
    const NeuronHead other(second, *second->site("blocks.0"), 2, tensor(second, TensorName::Q),
                           tensor(second, TensorName::K), &before);
    EXPECT_EQ(other.row(2, {}).all.weights, headOf(second, 2).row(2, {}).all.weights);
}

/// Heads that share keys, rotary positions, norms on q and k, another sequence's keys.
TEST(Neurons, OfTrainedModels) {
    for (const char* name : {"qwen3", "mistral", "bart", "bert-masked"}) {
        const auto folder = test::ownModels() / name;
        Inputs inputs = test::inputsOf(
            folder, test::readJson(folder / "inputs.json")["ids"].get<std::vector<std::int64_t>>());
        const TracePtr trace = traceOf(inputs);
        for (const SiteInfo& site : trace->sites()) {
            const TensorPtr pattern = tensor(trace, TensorName::Pattern, site.name);
            for (Index head = 0; head < site.heads; ++head) {
                const NeuronHead neurons = headOf(trace, head, site.name);
                for (Index i = 0; i < site.queries; ++i) {
                    const NeuronRow row = neurons.row(i, {});
                    for (Index j = 0; j < site.keys; ++j) {
                        EXPECT_NEAR(row.all.weights[static_cast<std::size_t>(j)], pattern->at(head, i, j),
                                    kTolerance)
                            << name << " " << site.name << " " << head << " " << i << " " << j;
                    }
                }
            }
        }
    }
}

TEST(NeuronsFile, LeavesHiddenKeysOutAndAddsThePiecesOfAWordUp) {
    const test::TemporaryFolder folder;
    Inputs inputs;
    inputs.model = test::writeTinyBert(folder);
    inputs.text = "the cats sat";
    const TracePtr trace = traceOf(inputs);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, true, true});
    const NeuronHead neurons = headOf(trace, 1);
    NeuronRow row = neurons.row(1, {});
    NeuronLabels labels{"the", {"[CLS]", "the", "cat", "##s", "sat", "[SEP]"}, {}};
    labels.shown = shown->shownTokens()->shared(Sequence::Text);
    labels.renormalised = true;
    row.all.weights = shownWeights(row.all.weights, labels.shown->pieces, true);
    EXPECT_THAT(labels.shownKeys(6), testing::ElementsAre(1, 2, 3, 4));
    const std::string csv = neuronsToCsv(neurons, row, labels);
    EXPECT_THAT(csv, testing::StartsWith("key,key_token,scores_raw,scores,pattern,word,word_pattern,term_0"));
    EXPECT_THAT(csv, testing::HasSubstr("\n3,##s,"));
    EXPECT_THAT(csv, testing::Not(testing::HasSubstr("[CLS]")));
    const json document = json::parse(neuronsToJson(neurons, row, labels));
    EXPECT_EQ(document["hidden"], 2);
    EXPECT_EQ(document["renormalised"], true);
    ASSERT_EQ(document["keys"].size(), 4U);
    double sum = 0;
    for (const json& key : document["keys"]) sum += key["pattern"].get<double>();
    EXPECT_NEAR(sum, 1, 1e-6);
    const json &cat = document["keys"][1], &piece = document["keys"][2];
    EXPECT_EQ(piece["word"], "cats");
    EXPECT_NEAR(piece["word_pattern"].get<double>(),
                cat["pattern"].get<double>() + piece["pattern"].get<double>(), 1e-6);
    // Words are a matter of weights alone: terms and scores are those of the tokens.
    EXPECT_NEAR(piece["scores_raw"].get<double>(),
                static_cast<double>(tensor(trace, TensorName::ScoresRaw)->at(1, 1, 3)), kTolerance);
}

TEST(NeuronsFile, HoldsEveryTermAndWhatIsLeftWithout) {
    const TracePtr trace = traceOf(toyInputs({{"mask", "causal"}, {"d_k", "3"}}, "a, b"));
    const NeuronHead neurons = headOf(trace, 0);
    const NeuronLabels labels{"a", {"a", ",", "b"}, {1}};
    const NeuronRow row = neurons.row(1, labels.off);
    const std::string csv = neuronsToCsv(neurons, row, labels);
    EXPECT_TRUE(
        csv.starts_with("key,key_token,scores_raw,scores,pattern,scores_raw_without,scores_without,"
                        "pattern_without,term_0,term_1,term_2\n0,a,"))
        << csv;
    EXPECT_THAT(csv, testing::HasSubstr("\n1,\",\","));
    EXPECT_THAT(csv, testing::HasSubstr(",-inf,0,"));
    const json document = json::parse(neuronsToJson(neurons, row, labels));
    EXPECT_EQ(document["terms"], "q∘k");
    EXPECT_EQ(document["off"], json({1}));
    ASSERT_EQ(document["keys"].size(), 3U);
    EXPECT_TRUE(document["keys"][2]["scores"].is_null());
    const json& key = document["keys"][0];
    double sum = 0;
    for (std::size_t d = 0; d < 3; ++d) {
        const double left = document["left"][d], right = key["right"][d], term = key["terms"][d];
        EXPECT_NEAR(left * right, term, 1e-6);
        sum += term;
    }
    EXPECT_NEAR(sum, key["scores_raw"].get<double>(), 1e-6);
    EXPECT_NEAR(sum - key["terms"][1].get<double>(), key["without"]["scores_raw"].get<double>(), 1e-6);
}

}  // namespace
}  // namespace attn
