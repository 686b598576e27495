#include "core/experiment/gradient_step.h"

#include <gmock/gmock.h>

#include <cmath>

namespace attn::experiment {
namespace {

GradientSettings small() {
    GradientSettings settings;
    settings.dks = {1, 4, 16};
    settings.keys = 5;
    settings.dModel = 6;
    settings.seed = 3;
    return settings;
}

TEST(GradientStep, backPropagationAgreesWithCentralDifferences) {
    for (const std::int64_t dk : {1, 4, 16}) {
        for (const double factor : {1.0, 1 / std::sqrt(static_cast<double>(dk)), 0.2}) {
            for (std::int64_t index = 0; index < 3; ++index) {
                ToyProblem problem = toyProblem(small(), dk, index);
                const MatrixD gradient = toyGradient(problem, factor);
                ASSERT_EQ(gradient.rows(), 6);
                ASSERT_EQ(gradient.cols(), dk);
                const double h = 1e-5;
                for (Index r = 0; r < gradient.rows(); ++r) {
                    for (Index c = 0; c < gradient.cols(); ++c) {
                        const double weight = problem.wq(r, c);
                        problem.wq(r, c) = weight + h;
                        const double up = toyLoss(problem, factor);
                        problem.wq(r, c) = weight - h;
                        const double down = toyLoss(problem, factor);
                        problem.wq(r, c) = weight;
                        ASSERT_NEAR(gradient(r, c), (up - down) / (2 * h), 1e-7)
                            << "d_k " << dk << " factor " << factor << " problem " << index << " at " << r
                            << ',' << c;
                    }
                }
            }
        }
    }
}

TEST(GradientStep, theLossIsItsDefinition) {
    const ToyProblem problem = toyProblem(small(), 4, 0);
    const double factor = 0.5;
    std::vector<double> p;
    double sum = 0;
    for (Index i = 1; i <= 5; ++i) {
        double score = 0;
        for (Index c = 0; c < 4; ++c) {
            double q = 0, k = 0;
            for (Index m = 0; m < 6; ++m) {
                q += problem.tokens(0, m) * problem.wq(m, c);
                k += problem.tokens(i, m) * problem.wk(m, c);
            }
            score += q * k;
        }
        p.push_back(std::exp(factor * score));
        sum += p.back();
    }
    double loss = 0;
    for (Index m = 0; m < 6; ++m) {
        double z = 0;
        for (Index i = 1; i <= 5; ++i)
            z += p[static_cast<std::size_t>(i - 1)] / sum * problem.tokens(i, m) / std::sqrt(6.0);
        const double difference = z - problem.tokens(1, m) / std::sqrt(6.0);
        loss += difference * difference / 2;
    }
    EXPECT_NEAR(toyLoss(problem, factor), loss, 1e-13);
}

TEST(GradientStep, aLargerDkKeepsTheColumnsOfASmallerOne) {
    const ToyProblem narrow = toyProblem(small(), 4, 2), wide = toyProblem(small(), 16, 2);
    EXPECT_EQ(narrow.tokens, wide.tokens);
    EXPECT_EQ(narrow.wq, wide.wq.leftCols(4));
    EXPECT_EQ(narrow.wk, wide.wk.leftCols(4));
    EXPECT_NE(narrow.wq, toyProblem(small(), 4, 3).wq);
}

TEST(GradientStep, theExperimentMeasuresTheGradientsOfItsProblems) {
    GradientExperiment experiment;
    ASSERT_TRUE(experiment.configure(small()).has_value());
    EXPECT_EQ(experiment.advance(5), 5);
    const GradientSnapshot snapshot = experiment.snapshot();
    ASSERT_EQ(snapshot.rows.size(), 3U);
    for (const GradientRow& row : snapshot.rows) {
        ASSERT_EQ(row.scales.size(), 2U);
        EXPECT_DOUBLE_EQ(row.scales[1].factor, 1 / std::sqrt(static_cast<double>(row.dk)));
        for (const GradientScale& scale : row.scales) {
            std::vector<double> sizes;
            for (std::int64_t i = 0; i < 5; ++i) {
                sizes.push_back(toyGradient(toyProblem(small(), row.dk, i), scale.factor).norm());
            }
            std::sort(sizes.begin(), sizes.end());
            EXPECT_NEAR(scale.weights.median, sizes[2], 1e-12);
            EXPECT_NEAR(scale.weights.low, sizes[0] + 0.4 * (sizes[1] - sizes[0]), 1e-12);
            EXPECT_NEAR(scale.weights.high, sizes[3] + 0.6 * (sizes[4] - sizes[3]), 1e-12);
            double mean = 0;
            for (const double size : sizes) mean += size / 5;
            EXPECT_NEAR(scale.weights.mean, mean, 1e-12);
        }
    }
}

TEST(GradientStep, moreProblemsGoOnFromThoseThereAre) {
    GradientExperiment once, twice;
    ASSERT_TRUE(once.configure(small()).has_value());
    ASSERT_TRUE(twice.configure(small()).has_value());
    once.advance(40);
    twice.advance(7);
    twice.advance(33);
    EXPECT_EQ(once.snapshot(), twice.snapshot());
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(twice.advance(10, stop.get_token()), 40);
    EXPECT_EQ(once.snapshot(), twice.snapshot());
}

TEST(GradientStep, withoutScalingTheScoresGetNoGradientAtLargeDk) {
    GradientSettings settings;
    settings.dks = {4, 1024};
    GradientExperiment experiment;
    ASSERT_TRUE(experiment.configure(settings).has_value());
    experiment.advance(200);
    const GradientSnapshot snapshot = experiment.snapshot();
    const auto& narrow = snapshot.rows[0].scales;
    const auto& wide = snapshot.rows[1].scales;
    EXPECT_LT(wide[0].scores.median, 0.1 * narrow[0].scores.median);
    EXPECT_GT(wide[1].scores.median, 0.5 * narrow[1].scores.median);
    // Unsteady: without scaling the draws lie further apart.
    EXPECT_GT(wide[0].weights.high / wide[0].weights.low, 10 * wide[1].weights.high / wide[1].weights.low);
}

TEST(GradientStep, badSettingsAreRefused) {
    const auto message = [](auto change) {
        GradientSettings settings;
        change(settings);
        const Result<void> result = GradientExperiment().configure(settings);
        return result ? std::string("no error") : result.error().english();
    };
    EXPECT_THAT(message([](GradientSettings& s) { s.dks = {0}; }), testing::HasSubstr("d_k: 0"));
    EXPECT_THAT(message([](GradientSettings& s) { s.keys = 1; }), testing::HasSubstr("one key"));
    EXPECT_THAT(message([](GradientSettings& s) { s.dModel = 0; }), testing::HasSubstr("d_model: 0"));
}

}  // namespace
}  // namespace attn::experiment
