#include "core/experiment/saturation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace attn::experiment {

namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

SaturationRow rowOf(const std::vector<double>& logits, double scale) {
    const Result<SaturationRow> row = saturationRow(logits, scale);
    EXPECT_TRUE(row.has_value()) << row.error().english();
    return row.value_or(SaturationRow{});
}

/// All of it by definition, in long double.
struct Naive {
    Naive(const std::vector<double>& logits, double scale) {
        const auto exact = [](double x) { return static_cast<long double>(x); };
        const long double top = exact(*std::max_element(logits.begin(), logits.end()));
        long double sum = 0;
        for (const double logit : logits) p.push_back(std::exp((exact(logit) - top) * exact(scale)));
        for (const long double e : p) sum += e;
        for (long double& e : p) e /= sum;
        long double squares = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            if (p[i] > 0) entropy -= p[i] * std::log(p[i]);
            for (std::size_t j = 0; j < p.size(); ++j) {
                const long double entry = p[i] * ((i == j ? 1.0L : 0.0L) - p[j]);
                squares += entry * entry;
                largest = std::max(largest, std::abs(entry));
            }
        }
        frobenius = std::sqrt(squares);
    }
    std::vector<long double> p;
    long double entropy = 0, frobenius = 0, largest = 0;
};

void expectNaive(const std::vector<double>& logits, double scale) {
    SCOPED_TRACE(testing::Message() << "scale " << scale << ", logits " << testing::PrintToString(logits));
    const SaturationRow row = rowOf(logits, scale);
    const Naive naive(logits, scale);
    for (std::size_t i = 0; i < logits.size(); ++i) {
        EXPECT_NEAR(row.p[i], static_cast<double>(naive.p[i]), 1e-14) << i;
    }
    EXPECT_NEAR(std::accumulate(row.p.begin(), row.p.end(), 0.0), 1, 1e-14);
    EXPECT_EQ(row.measures.maxP, *std::max_element(row.p.begin(), row.p.end()));
    EXPECT_NEAR(row.measures.entropyNats, static_cast<double>(naive.entropy), 1e-13);
    EXPECT_NEAR(row.measures.effectiveNumber(), static_cast<double>(std::exp(naive.entropy)), 1e-11);
    EXPECT_NEAR(row.measures.jacobianFrobenius, static_cast<double>(naive.frobenius), 1e-14);
    EXPECT_NEAR(row.measures.jacobianLargest, static_cast<double>(naive.largest), 1e-14);
    EXPECT_EQ(row.measures.saturated, naive.frobenius < 0.01L * std::sqrt(0.5L));
}

TEST(Saturation, publishedWeightsOfOneOneTwo) {
    const std::vector<double> logits{1, 1, 2};
    EXPECT_NEAR(rowOf(logits, 1).measures.maxP, 0.5761168848, 5e-11);
    EXPECT_NEAR(rowOf(logits, 2).measures.maxP, 0.7869860422, 5e-11);
    EXPECT_NEAR(rowOf(logits, 3).measures.maxP, 0.9094429985, 5e-11);
    EXPECT_NEAR(rowOf(logits, 10).measures.maxP, 0.9999092084, 5e-11);
    EXPECT_NEAR(rowOf(logits, 100).measures.maxP, 1, 1e-15);
}

TEST(Saturation, agreesWithTheClosedFormOnTheWholeSlider) {
    for (const double a : logarithmicScales(500)) {
        const RowMeasures row = rowOf({1, 1, 2}, a).measures;
        // p of the largest is 1/(1 + 2e^−a), p of the others e^−a/(1 + 2e^−a).
        const long double e = std::exp(-static_cast<long double>(a));
        const long double small = e / (1 + 2 * e);
        const long double large = 1 / (1 + 2 * e);
        EXPECT_NEAR(row.maxP, static_cast<double>(large), 1e-15) << a;
        const long double entropy = std::log1p(2 * e) + 2 * small * static_cast<long double>(a);
        EXPECT_NEAR(row.entropyNats, static_cast<double>(entropy), 1e-14) << a;
        const long double diagonal =
            2 * small * small * (1 - small) * (1 - small) + 4 * small * large * small * large;
        const long double norm =
            std::sqrt(diagonal + 4 * large * large * small * small + 2 * small * small * small * small);
        // The relative agreement holds down to the smallest gradient that a double can be.
        if (a < 700) {
            EXPECT_NEAR(row.jacobianFrobenius / static_cast<double>(norm), 1, 1e-12) << a;
        }
        EXPECT_LE(row.jacobianFrobenius, kLargestJacobianNorm);
    }
}

TEST(Saturation, agreesWithTheDefinition) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> logit(-6, 6);
    for (int round = 0; round < 300; ++round) {
        std::vector<double> logits(2 + random() % 20);
        for (double& value : logits) value = logit(random);
        if (round % 5 == 0) logits.back() = logits.front();
        for (const double scale : {0.01, 0.3, 1.0, 4.0, 30.0, 1000.0}) expectNaive(logits, scale);
    }
}

TEST(Saturation, theJacobianIsWhatTheNormSpeaksOf) {
    const SaturationRow row = rowOf({0.3, -1, 2, 2, 0}, 1.7);
    const MatrixD jacobian = softmaxJacobian(row.p);
    EXPECT_NEAR(jacobian.norm(), row.measures.jacobianFrobenius, 1e-15);
    EXPECT_NEAR(jacobian.cwiseAbs().maxCoeff(), row.measures.jacobianLargest, 1e-16);
    for (Index i = 0; i < jacobian.rows(); ++i) {
        EXPECT_NEAR(jacobian.row(i).sum(), 0, 1e-15);
        for (Index j = 0; j < jacobian.cols(); ++j) {
            const double h = 1e-6;
            std::vector<double> up{0.3, -1, 2, 2, 0}, down = up;
            up[static_cast<std::size_t>(j)] += h / 1.7;
            down[static_cast<std::size_t>(j)] -= h / 1.7;
            const auto at = static_cast<std::size_t>(i);
            EXPECT_NEAR(jacobian(i, j), (rowOf(up, 1.7).p[at] - rowOf(down, 1.7).p[at]) / (2 * h), 1e-9);
        }
    }
}

TEST(Saturation, theLargestNormIsThatOfTwoEqualWeights) {
    EXPECT_DOUBLE_EQ(rowOf({4, 4}, 3).measures.jacobianFrobenius, 0.5);
    const RowMeasures two = rowOf({0, 0, -1e6}, 1).measures;
    EXPECT_DOUBLE_EQ(two.jacobianFrobenius, 0.5);
    EXPECT_DOUBLE_EQ(two.entropyNats, std::log(2.0));
    EXPECT_DOUBLE_EQ(two.effectiveNumber(), 2);
}

TEST(Saturation, noWeightIsCertain) {
    // Where Σp² − 2Σp³ + (Σp²)² would be negative by rounding.
    for (const double scale : {30.0, 37.0, 40.0, 100.0, 600.0}) {
        const RowMeasures row = rowOf({1, 1, 2}, scale).measures;
        EXPECT_GT(row.jacobianFrobenius, 0) << scale;
        EXPECT_TRUE(row.saturated);
        EXPECT_GT(row.entropyNats, 0);
    }
    EXPECT_EQ(rowOf({1, 1, 2}, 1000).measures.jacobianFrobenius, 0);
}

TEST(Saturation, saturationBeginsAtOnePercentOfTheLargestNorm) {
    // Two logits a apart: ‖J‖_F = 2p(1 − p).
    const double p = (1 - std::sqrt(1 - 0.02 * std::sqrt(0.5))) / 2;
    const double edge = std::log((1 - p) / p);
    EXPECT_FALSE(rowOf({0, 1}, edge * (1 - 1e-9)).measures.saturated);
    EXPECT_TRUE(rowOf({0, 1}, edge * (1 + 1e-9)).measures.saturated);
}

TEST(Saturation, hugeLogitsDoNotOverflow) {
    for (const double scale : {0.01, 1.0, 1000.0}) {
        const SaturationRow apart = rowOf({-1e300, 1e300, 0}, scale);
        EXPECT_EQ(apart.p, (std::vector<double>{0, 1, 0}));
        EXPECT_EQ(apart.measures.entropyNats, 0);
        EXPECT_TRUE(apart.measures.saturated);
        const SaturationRow equal = rowOf({1e300, 1e300}, scale);
        EXPECT_EQ(equal.p, (std::vector<double>{0.5, 0.5}));
        const double largest = std::numeric_limits<double>::max();
        EXPECT_EQ(rowOf({-largest, largest}, scale).p, (std::vector<double>{0, 1}));
    }
}

TEST(Saturation, aShiftOfAllLogitsChangesNothing) {
    const SaturationRow row = rowOf({0, 1, 3}, 2), shifted = rowOf({16, 17, 19}, 2);
    EXPECT_EQ(row, shifted);
}

TEST(Saturation, curvesAreTheRows) {
    const std::vector<double> logits{1, 1, 2}, scales{100, 1, 10};
    const auto rows = saturationCurves(logits, scales);
    ASSERT_TRUE(rows.has_value());
    ASSERT_EQ(rows->size(), 3U);
    for (std::size_t i = 0; i < scales.size(); ++i) EXPECT_EQ((*rows)[i], rowOf(logits, scales[i]));
}

TEST(Saturation, theSliderRunsFromEndToEnd) {
    const std::vector<double> scales = logarithmicScales(6);
    EXPECT_EQ(scales.front(), 0.01);
    EXPECT_EQ(scales.back(), 1000);
    for (std::size_t i = 1; i < scales.size(); ++i) EXPECT_NEAR(scales[i] / scales[i - 1], 10, 1e-9);
}

TEST(Saturation, badLogitsAreRefusedInOneLine) {
    const auto message = [](const std::vector<double>& logits, double scale = 1) {
        const Result<SaturationRow> row = saturationRow(logits, scale);
        return row ? std::string("no error") : row.error().english();
    };
    EXPECT_THAT(message({}), HasSubstr("no logits"));
    EXPECT_THAT(message({1}), HasSubstr("two or more"));
    EXPECT_THAT(message({1, kNan, 2}), HasSubstr("logit 2 is NaN"));
    EXPECT_THAT(message({1, 2, -kInfinity}), HasSubstr("logit 3 is −∞"));
    EXPECT_THAT(message(std::vector<double>(1025, 1)), HasSubstr("1025 logits are too many"));
    EXPECT_THAT(message({1, 2}, kNan), HasSubstr("scale 1 is NaN"));
    EXPECT_THAT(message({1, 2}, kInfinity), HasSubstr("scale 1 is ∞"));
    EXPECT_THAT(message({1, 2}, 0), HasSubstr("scale 1 is not above 0"));
    EXPECT_THAT(message({1, 2}, -1), HasSubstr("not above 0"));
    const auto none = saturationCurves({1, 2}, {});
    ASSERT_FALSE(none.has_value());
    EXPECT_THAT(none.error().english(), HasSubstr("no scales"));
    const auto second = saturationCurves({1, 2}, {1, -2});
    ASSERT_FALSE(second.has_value());
    EXPECT_THAT(second.error().english(), HasSubstr("scale 2"));
    EXPECT_FALSE(saturationCurves({1, 2}, std::vector<double>(kMaxScales + 1, 1)).has_value());
}

}  // namespace
}  // namespace attn::experiment
