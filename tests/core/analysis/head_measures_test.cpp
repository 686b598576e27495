#include "core/analysis/head_measures.h"

#include "core/ops/product.h"
#include "core/pipeline/pipeline.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>

namespace attn {
namespace {

using M = HeadMeasure;

/// a b a b [SEP]
MeasuredTokens fiveTokens() {
    MeasuredTokens tokens;
    tokens.specialKeys = {0, 0, 0, 0, 1};
    tokens.earlier = {{}, {}, {0}, {1}, {}};
    return tokens;
}

double of(const Matrix& pattern, M measure, const MeasuredTokens& tokens) {
    return static_cast<double>(measureOf(measureHead(view(pattern), tokens), measure));
}

TEST(HeadMeasures, OfHeadsThatDoOneThing) {
    const MeasuredTokens tokens = fiveTokens();
    const auto shifted = [](Index by) {
        Matrix pattern = Matrix::Zero(5, 5);
        for (Index i = 0; i < 5; ++i)
            if (i + by >= 0 && i + by < 5) pattern(i, i + by) = 1;
        return pattern;
    };
    const Matrix same = shifted(0), previous = shifted(-1), next = shifted(1);
    for (const auto& [pattern, measure] :
         {std::pair(same, M::Same), std::pair(previous, M::Previous), std::pair(next, M::Next)}) {
        for (const M each : {M::Same, M::Previous, M::Next})
            EXPECT_DOUBLE_EQ(of(pattern, each, tokens), each == measure ? 1 : 0) << toString(each);
        EXPECT_DOUBLE_EQ(of(pattern, M::Entropy, tokens), 0);
        EXPECT_DOUBLE_EQ(of(pattern, M::Largest, tokens), 1) << "the query that sees no key does not count";
    }
    Matrix first = Matrix::Zero(5, 5);
    first.col(0).setOnes();
    EXPECT_DOUBLE_EQ(of(first, M::First, tokens), 1);
    EXPECT_DOUBLE_EQ(of(first, M::Special, tokens), 0);
    // Queries 2 and 3 stand where a and b stood before, at 0 and 1; b and a followed there.
    EXPECT_DOUBLE_EQ(of(first, M::Duplicate, tokens), 0.5);
    EXPECT_DOUBLE_EQ(of(shifted(-2), M::Duplicate, tokens), 1);
    EXPECT_DOUBLE_EQ(of(previous, M::Induction, tokens), 1);
    const Matrix even = Matrix::Constant(5, 5, 0.2F);
    EXPECT_NEAR(of(even, M::Entropy, tokens), std::log(5.0), 1e-6);
    EXPECT_NEAR(shareOf(measureHead(view(even), tokens), M::Entropy, 5), 1, 1e-6);
    EXPECT_NEAR(of(even, M::Special, tokens), 0.2, 1e-7);
}

TEST(HeadMeasures, WhatNoQueryHasIsNotANumber) {
    MeasuredTokens one;
    one.specialKeys = {0};
    one.earlier = {{}};
    const Matrix single = Matrix::Ones(1, 1);
    for (const M measure : {M::Previous, M::Next, M::First, M::Special, M::Duplicate, M::Induction})
        EXPECT_TRUE(std::isnan(of(single, measure, one))) << toString(measure);
    EXPECT_DOUBLE_EQ(of(single, M::Same, one), 1);
    EXPECT_EQ(shareOf(measureHead(view(single), one), M::Next, 1), 0);
    MeasuredTokens cross;
    cross.selfAttention = false;
    cross.specialKeys = {0, 1};
    const Matrix pair = Matrix::Constant(3, 2, 0.5F);
    EXPECT_TRUE(std::isnan(of(pair, M::Same, cross)));
    EXPECT_DOUBLE_EQ(of(pair, M::Special, cross), 0.5);
    const Matrix nothing = Matrix::Zero(3, 2);
    EXPECT_TRUE(std::isnan(of(nothing, M::Entropy, cross)));
}

TEST(HeadMeasures, NamesAndBack) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < kHeadMeasureCount; ++i) {
        const auto measure = static_cast<M>(i);
        names.insert(toString(measure));
        EXPECT_EQ(headMeasureFromString(toString(measure)), measure);
        EXPECT_NE(std::string(title(measure)), "");
        EXPECT_NE(std::string(explanation(measure)), "");
    }
    EXPECT_EQ(names.size(), kHeadMeasureCount);
    EXPECT_EQ(headMeasureFromString("none"), std::nullopt);
}

/// The definitions again, cell by cell, in double.
RC_GTEST_PROP(HeadMeasures, EqualPlainSums, ()) {
    Inputs inputs;
    const std::vector<std::string> words{"the", "cat", "saw", "the", "dog"};
    const auto count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) inputs.text += *rc::gen::elementOf(words) + " ";
    inputs.parameters.set(ParameterId::Mask, *rc::gen::element(std::string("none"), std::string("causal")));
    inputs.parameters.set(ParameterId::Temperature, *rc::gen::element(0.2, 1.0));
    Pipeline pipeline;
    const TracePtr trace = *pipeline.evaluate(inputs);
    const SiteInfo& site = trace->sites().front();
    const TensorPtr pattern = trace->find({site.name, TensorName::Pattern})->get();
    const auto& tokens = trace->tokens().items;
    const MeasuredTokens measured = measuredTokens(*trace, site);
    const Index n = pattern->rows();
    for (Index h = 0; h < pattern->heads(); ++h) {
        const auto p = [&](Index i, Index j) { return static_cast<double>(pattern->at(h, i, j)); };
        const auto id = [&](Index i) { return tokens[static_cast<std::size_t>(i)].id; };
        double entropy = 0, previous = 0, duplicate = 0, induction = 0;
        int repeated = 0;
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j)
                if (p(i, j) > 0) entropy -= p(i, j) * std::log(p(i, j)) / static_cast<double>(n);
            if (i > 0) previous += p(i, i - 1) / static_cast<double>(n - 1);
            bool before = false;
            for (Index j = 0; j < i; ++j) {
                before |= id(j) == id(i);
                if (id(j) == id(i)) duplicate += p(i, j);
                if (id(j) == id(i)) induction += p(i, j + 1);
            }
            repeated += before ? 1 : 0;
        }
        const HeadMeasures got = measureHead(pattern->matrix(h), measured);
        const auto near = [&](M measure, double expected) {
            return std::abs(static_cast<double>(measureOf(got, measure)) - expected) < 1e-5;
        };
        RC_ASSERT(near(M::Entropy, entropy));
        if (n > 1) RC_ASSERT(near(M::Previous, previous));
        if (repeated > 0) RC_ASSERT(near(M::Duplicate, duplicate / repeated));
        if (repeated > 0) RC_ASSERT(near(M::Induction, induction / repeated));
    }
}

}  // namespace
}  // namespace attn
