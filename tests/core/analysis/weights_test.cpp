// Alternatives to the raw weights against plain loops in double.
#include "core/analysis/weights.h"

#include "tests/support/model_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace attn {
namespace {

using test::inputsOf;
using test::ownModels;
using test::traceOf;
using Naive = std::vector<std::vector<double>>;

TracePtr toyTrace(const std::string& mask = "none") {
    Inputs inputs;
    inputs.text = "the cat sat on the mat";
    inputs.parameters.set(ParameterId::Mask, mask);
    return traceOf(inputs);
}

TracePtr tinyTrace(const char* model) {
    return traceOf(inputsOf(ownModels() / model, {3, 1, 4, 1, 5, 9, 2, 6}));
}

TensorPtr weightsOf(const TracePtr& trace, const std::string& site, WeightKind kind, Index head = 0,
                    Index query = 0) {
    WeightStudy study(trace, site, kind, head, query);
    EXPECT_EQ(study.result(), nullptr);
    EXPECT_TRUE(finish(study));
    return study.result();
}

TEST(Weights, SeveralHeadsAreOneMatrixEach) {
    const TracePtr trace = tinyTrace("gpt2-untied");
    const std::vector<Index> heads{2, 0};
    for (const WeightKind kind : {WeightKind::Pattern, WeightKind::ValueNorms}) {
        WeightStudy study(trace, "blocks.1", kind, heads, 0);
        ASSERT_TRUE(finish(study));
        ASSERT_EQ(study.result()->heads(), 2);
        for (std::size_t place = 0; place < heads.size(); ++place) {
            const TensorPtr own = weightsOf(trace, "blocks.1", kind, heads[place]);
            EXPECT_EQ(study.result()->matrix(static_cast<Index>(place)), own->matrix());
        }
    }
}

Naive zeros(Index rows, Index cols) {
    return Naive(static_cast<std::size_t>(rows), std::vector<double>(static_cast<std::size_t>(cols), 0.0));
}

void expectNear(const Tensor& made, const Naive& expected) {
    ASSERT_EQ(made.rows(), static_cast<Index>(expected.size()));
    for (Index i = 0; i < made.rows(); ++i)
        for (Index j = 0; j < made.cols(); ++j)
            ASSERT_NEAR(static_cast<double>(made.at(0, i, j)),
                        expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)], 1e-5)
                << i << ", " << j;
}

/// f(x_j) W_O of a head, number by number.
std::vector<double> written(const TracePtr& trace, const SiteInfo& site, Index head, Index key) {
    const TensorPtr v = trace->find({site.name, TensorName::V})->get();
    const TensorPtr wO = trace->find({site.name, TensorName::WO})->get();
    std::vector<double> out(static_cast<std::size_t>(site.dModel), 0.0);
    for (Index c = 0; c < site.dModel; ++c)
        for (Index d = 0; d < v->cols(); ++d)
            out[static_cast<std::size_t>(c)] +=
                static_cast<double>(v->at(site.matrixOf(v->heads(), head), key, d)) *
                static_cast<double>(wO->at(head, d, c));
    return out;
}

double normOf(const std::vector<double>& vector) {
    double sum = 0;
    for (const double each : vector) sum += each * each;
    return std::sqrt(sum);
}

Naive meanPattern(const TracePtr& trace, const std::string& site) {
    const TensorPtr pattern = trace->find({site, TensorName::Pattern})->get();
    Naive out = zeros(pattern->rows(), pattern->cols());
    for (Index h = 0; h < pattern->heads(); ++h)
        for (Index i = 0; i < pattern->rows(); ++i)
            for (Index j = 0; j < pattern->cols(); ++j)
                out[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] +=
                    static_cast<double>(pattern->at(h, i, j)) / static_cast<double>(pattern->heads());
    return out;
}

Naive mixed(Naive mean) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < mean.size(); ++j) {
            mean[i][j] = 0.5 * mean[i][j] + (i == j ? 0.5 : 0);
            sum += mean[i][j];
        }
        for (double& each : mean[i]) each /= sum;
    }
    return mean;
}

Naive product(const Naive& a, const Naive& b) {
    Naive out(a.size(), std::vector<double>(a.size(), 0.0));
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t k = 0; k < a.size(); ++k)
            for (std::size_t j = 0; j < a.size(); ++j) out[i][j] += a[i][k] * b[k][j];
    return out;
}

void expectNorms(const TracePtr& trace, const std::string& name) {
    const SiteInfo& site = *trace->site(name);
    const TensorPtr pattern = trace->find({name, TensorName::Pattern})->get();
    Naive together = zeros(site.queries, site.keys);
    for (Index i = 0; i < site.queries; ++i) {
        for (Index j = 0; j < site.keys; ++j) {
            std::vector<double> sum(static_cast<std::size_t>(site.dModel), 0.0);
            for (Index h = 0; h < site.heads; ++h) {
                const std::vector<double> vector = written(trace, site, h, j);
                for (std::size_t c = 0; c < sum.size(); ++c)
                    sum[c] += static_cast<double>(pattern->at(h, i, j)) * vector[c];
            }
            together[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = normOf(sum);
        }
    }
    expectNear(*weightsOf(trace, name, WeightKind::LayerValueNorms), together);
    for (Index h = 0; h < site.heads; ++h) {
        Naive alone = zeros(site.queries, site.keys);
        for (Index i = 0; i < site.queries; ++i)
            for (Index j = 0; j < site.keys; ++j)
                alone[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
                    static_cast<double>(pattern->at(h, i, j)) * normOf(written(trace, site, h, j));
        expectNear(*weightsOf(trace, name, WeightKind::ValueNorms, h), alone);
    }
}

TEST(Weights, ValueNormsAreTheLengthsOfWhatArrives) {
    expectNorms(toyTrace(), "blocks.0");
    expectNorms(tinyTrace("qwen2"), "blocks.1");  // heads share keys and values; biases
    expectNorms(tinyTrace("bert-masked"), "blocks.0");
    expectNorms(tinyTrace("bart"), "decoder.blocks.0.cross");
}

TEST(Weights, MeansOverHeadsAndLayers) {
    const TracePtr trace = tinyTrace("gpt2-untied");
    ASSERT_GE(trace->sites().size(), 2U);
    const std::string last = trace->sites().back().name;
    expectNear(*weightsOf(trace, last, WeightKind::MeanOfHeads), meanPattern(trace, last));
    Naive all = zeros(8, 8);
    for (const SiteInfo& site : trace->sites()) {
        const Naive mean = meanPattern(trace, site.name);
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = 0; j < all.size(); ++j)
                all[i][j] += mean[i][j] / static_cast<double>(trace->sites().size());
    }
    expectNear(*weightsOf(trace, last, WeightKind::MeanOfAll), all);
    const TensorPtr raw = trace->find({last, TensorName::Pattern})->get();
    EXPECT_EQ(weightsOf(trace, last, WeightKind::Pattern, 1)->at(0, 3, 2), raw->at(1, 3, 2));
}

TEST(Weights, RolloutIsTheProductOfTheLayers) {
    for (const char* model : {"gpt2-untied", "bert-masked"}) {
        const TracePtr trace = tinyTrace(model);
        Naive expected = mixed(meanPattern(trace, "blocks.0"));
        expectNear(*weightsOf(trace, "blocks.0", WeightKind::Rollout), expected);
        for (std::size_t l = 1; l < trace->sites().size(); ++l) {
            const std::string site = "blocks." + std::to_string(l);
            expected = product(mixed(meanPattern(trace, site)), expected);
            const TensorPtr made = weightsOf(trace, site, WeightKind::Rollout);
            expectNear(*made, expected);
            for (Index i = 0; i < made->rows(); ++i) EXPECT_NEAR(made->matrix().row(i).sum(), 1, 1e-5);
        }
    }
    // A query that sees no key stays with itself.
    Inputs inputs;
    inputs.text = "a b";
    inputs.parameters.set(ParameterId::Mask, std::string("padding"));
    inputs.parameters.set(ParameterId::MaskPadding, std::int64_t{2});
    const TensorPtr alone = weightsOf(traceOf(inputs), "blocks.0", WeightKind::Rollout);
    EXPECT_EQ(alone->matrix(), Matrix::Identity(2, 2));
}

TEST(Weights, NumbersBelowZeroThatWereSetByHand) {
    Inputs inputs;
    inputs.text = "one two three";
    inputs.parameters.set(ParameterId::Heads, std::int64_t{1});
    inputs.parameters.set(ParameterId::EditedRows, std::string("kept"));
    for (const char* text : {"blocks.0.pattern[0,0,0]=-1", "blocks.0.pattern[0,0,1]=0",
                             "blocks.0.pattern[0,0,2]=0", "blocks.0.pattern[0,1,2]=-0.5"})
        setEdit(inputs.edits, *parseEdit(text));
    const TracePtr trace = traceOf(inputs);
    EXPECT_GT(weightsOf(trace, "blocks.0", WeightKind::ValueNorms, 0)->at(0, 1, 2), 0.0F) << "a length";
    for (const WeightKind kind : {WeightKind::Rollout, WeightKind::Flow}) {
        const TensorPtr made = weightsOf(trace, "blocks.0", kind);
        EXPECT_TRUE(made->matrix().allFinite()) << toString(kind);
        EXPECT_GE(made->matrix().minCoeff(), 0.0F) << toString(kind);
    }
    const TensorPtr rollout = weightsOf(trace, "blocks.0", WeightKind::Rollout);
    EXPECT_EQ(rollout->at(0, 0, 0), 1.0F) << "nothing is left to share: it stays with itself";
    for (Index i = 0; i < 3; ++i) EXPECT_NEAR(rollout->matrix().row(i).sum(), 1, 1e-6);
}

TEST(Weights, FlowOfOneLayerIsItsMixAndOfMoreLiesBetweenRolloutAndOne) {
    const TracePtr toy = toyTrace();
    const Naive mix = mixed(meanPattern(toy, "blocks.0"));
    const TensorPtr made = weightsOf(toy, "blocks.0", WeightKind::Flow, 0, 3);
    ASSERT_EQ(made->rows(), 1);
    for (Index j = 0; j < made->cols(); ++j)
        EXPECT_NEAR(made->at(0, 0, j), mix[3][static_cast<std::size_t>(j)], 1e-5);

    const TracePtr trace = tinyTrace("bert-masked");
    const std::string last = trace->sites().back().name;
    const TensorPtr rollout = weightsOf(trace, last, WeightKind::Rollout);
    for (const Index query : {Index{0}, Index{5}}) {
        const TensorPtr flow = weightsOf(trace, last, WeightKind::Flow, 0, query);
        for (Index j = 0; j < flow->cols(); ++j) {
            // What rollout sends along each path is a flow of this size; no more than 1 leaves the query.
            EXPECT_GE(flow->at(0, 0, j), rollout->at(0, query, j) - 1e-5F);
            EXPECT_LE(flow->at(0, 0, j), 1 + 1e-5F);
        }
    }
    const TracePtr causal = tinyTrace("gpt2-untied");
    const TensorPtr first = weightsOf(causal, causal->sites().back().name, WeightKind::Flow, 0, 0);
    EXPECT_NEAR(first->at(0, 0, 0), 1, 1e-5);
    EXPECT_EQ(first->matrix().row(0).tail(7).sum(), 0) << "nothing comes from what is not seen";
}

TEST(Weights, WhatASiteDoesNotHaveIsSaid) {
    const TracePtr bart = tinyTrace("bart");
    const SiteInfo& cross = *bart->site("decoder.blocks.0.cross");
    for (const WeightKind kind : {WeightKind::Rollout, WeightKind::Flow}) {
        EXPECT_NE(whyNone(*bart, cross, kind), nullptr) << toString(kind);
        EXPECT_EQ(whyNone(*bart, *bart->site("encoder.blocks.0"), kind), nullptr) << toString(kind);
        EXPECT_EQ(whyNone(*bart, *bart->site("decoder.blocks.1"), kind), nullptr) << toString(kind);
    }
    EXPECT_EQ(whyNone(*bart, cross, WeightKind::ValueNorms), nullptr);
    // Each stack for itself: the encoder's rollout has the encoder's tokens.
    EXPECT_EQ(weightsOf(bart, "encoder.blocks.1", WeightKind::Rollout)->cols(),
              bart->site("encoder.blocks.1")->keys);
    Inputs inputs;
    EXPECT_NE(whyNone(*traceOf(inputs), traceOf(inputs)->sites().front(), WeightKind::MeanOfHeads), nullptr);
    inputs.parameters.set(ParameterId::Tokenizer, std::string("characters"));
    inputs.text = std::string(1024, 'x');
    const TracePtr longToy = traceOf(inputs);
    EXPECT_NE(whyNone(*longToy, longToy->sites().front(), WeightKind::Flow), nullptr);
    EXPECT_EQ(whyNone(*longToy, longToy->sites().front(), WeightKind::Rollout), nullptr);
}

TEST(Weights, NamesAreReadBack) {
    for (std::size_t i = 0; i < kWeightKindCount; ++i) {
        const auto kind = static_cast<WeightKind>(i);
        EXPECT_EQ(weightKindFromString(toString(kind)), kind);
        EXPECT_GT(std::string(explanation(kind)).size(), 20U);
    }
    EXPECT_FALSE(weightKindFromString("raw"));
}

}  // namespace
}  // namespace attn
