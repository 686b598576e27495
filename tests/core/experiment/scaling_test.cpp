#include "core/experiment/scaling.h"

#include "core/experiment/row_measures.h"
#include "core/model/gaussian.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <thread>

namespace attn::experiment {
namespace {

using testing::HasSubstr;

ScalingSettings settingsOf(std::vector<std::int64_t> dks, Distribution distribution = Distribution::Gaussian,
                           double correlation = 0) {
    ScalingSettings settings;
    settings.dks = std::move(dks);
    settings.distribution = distribution;
    settings.correlation = correlation;
    return settings;
}

ScalingSnapshot measured(const ScalingSettings& settings, std::int64_t samples) {
    ScalingExperiment experiment;
    EXPECT_TRUE(experiment.configure(settings).has_value());
    EXPECT_EQ(experiment.advance(samples), samples);
    return experiment.snapshot();
}

const char* nameOf(Distribution distribution) {
    return distribution == Distribution::Gaussian  ? "Gaussian"
           : distribution == Distribution::Uniform ? "uniform"
                                                   : "signs";
}

constexpr Distribution kDistributions[] = {Distribution::Gaussian, Distribution::Uniform,
                                           Distribution::Signs};

TEST(Scaling, theShareOfSaturatedRows) {
    const ScalingSnapshot snapshot = measured(settingsOf({16, 64, 256, 1024}), 20'000);
    const double unscaled[] = {0.03, 0.23, 0.50, 0.72};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(snapshot.rows[i].scales[0].saturated.value, unscaled[i], 0.02) << snapshot.rows[i].dk;
        EXPECT_EQ(snapshot.rows[i].scales[1].saturated.value, 0) << snapshot.rows[i].dk;
    }
}

TEST(Scaling, meansAndVariancesFollowTheTheory) {
    for (const Distribution distribution : kDistributions) {
        for (const double correlation : {0.0, 0.5, -0.8, 1.0}) {
            const ScalingSnapshot snapshot =
                measured(settingsOf({1, 3, 16, 100, 512}, distribution, correlation), 4000);
            for (const ScoreMeasures& row : snapshot.rows) {
                SCOPED_TRACE(testing::Message()
                             << nameOf(distribution) << ", rho " << correlation << ", d_k " << row.dk);
                const ScalingTheory theory = scalingTheory(distribution, correlation, row.dk);
                const auto d = static_cast<double>(row.dk);
                EXPECT_EQ(theory.mean, correlation * d);
                EXPECT_LE(std::abs(row.mean.value - theory.mean), 4 * row.mean.standardError + 1e-6 * d);
                EXPECT_LE(std::abs(row.variance.value - theory.variance),
                          4 * row.variance.standardError + 1e-6 * d);
                // The band is narrow enough to say something.
                EXPECT_LT(row.variance.standardError, 0.25 * (theory.variance + 1e-9) + 1e-9);
            }
        }
    }
}

TEST(Scaling, theTheoryOfGaussianKeys) {
    for (const double rho : {0.0, 0.3, -1.0}) {
        EXPECT_DOUBLE_EQ(scalingTheory(Distribution::Gaussian, rho, 64).mean, 64 * rho);
        EXPECT_DOUBLE_EQ(scalingTheory(Distribution::Gaussian, rho, 64).variance, 64 * (1 + rho * rho));
    }
    EXPECT_EQ(scalingTheory(Distribution::Signs, 1, 64).variance, 0);  // q·q of signs is d_k
}

TEST(Scaling, standardErrorsAreThoseOfRowsThatShareAQuery) {
    // For ρ = 0: Var(mean of a row) = d/n; Var(mean square of a row) = Var‖q‖² + E[2‖q‖⁴]/n = 2d + 2(d² +
    // 2d)/n.
    constexpr std::int64_t kSamples = 20'000;
    const ScalingSnapshot snapshot = measured(settingsOf({4, 64}), kSamples);
    for (const ScoreMeasures& row : snapshot.rows) {
        const auto d = static_cast<double>(row.dk);
        EXPECT_NEAR(row.mean.standardError / std::sqrt(d / 16 / kSamples), 1, 0.05);
        EXPECT_NEAR(row.variance.standardError / std::sqrt((2 * d + 2 * (d * d + 2 * d) / 16) / kSamples), 1,
                    0.05);
    }
}

/// q·k from the definition, in double, component by component.
std::vector<double> naiveDots(const ScalingSettings& settings, std::int64_t dk, std::int64_t sample) {
    const auto d = static_cast<std::size_t>(dk);
    const auto fill = settings.distribution == Distribution::Gaussian  ? fillGaussian
                      : settings.distribution == Distribution::Uniform ? fillUniform
                                                                       : fillSigns;
    const std::uint64_t hash =
        mixHash(mixHash(mixHash(settings.seed, "scaling"), static_cast<std::uint64_t>(settings.distribution)),
                static_cast<std::uint64_t>(sample));
    std::vector<float> q(d), e(d);
    fill(mixHash(hash, 0), 0, 1.0F, q.data(), d);
    std::vector<double> dots;
    for (std::int64_t key = 1; key <= settings.keys; ++key) {
        fill(mixHash(hash, static_cast<std::uint64_t>(key)), 0, 1.0F, e.data(), d);
        double dot = 0;
        for (std::size_t c = 0; c < d; ++c) {
            const double qc = static_cast<double>(q[c]);
            const double k =
                settings.correlation * qc +
                std::sqrt(1 - settings.correlation * settings.correlation) * static_cast<double>(e[c]);
            dot += qc * k;
        }
        dots.push_back(dot);
    }
    return dots;
}

TEST(Scaling, agreesWithANaiveComputation) {
    for (const Distribution distribution : kDistributions) {
        SCOPED_TRACE(nameOf(distribution));
        ScalingSettings settings = settingsOf({100, 5}, distribution, 0.25);
        settings.keys = 7;
        settings.seed = 99;
        settings.exponents = {0, 0.5, 1, 0.3};
        constexpr std::int64_t kSamples = 137;
        const ScalingSnapshot snapshot = measured(settings, kSamples);
        for (std::size_t r = 0; r < settings.dks.size(); ++r) {
            const ScoreMeasures& row = snapshot.rows[r];
            const auto d = static_cast<double>(row.dk);
            double sum = 0, squares = 0;
            std::vector<double> entropy(4), maxP(4), norm(4), saturated(4);
            for (std::int64_t s = 0; s < kSamples; ++s) {
                const std::vector<double> dots = naiveDots(settings, row.dk, s);
                for (const double dot : dots) {
                    sum += dot;
                    squares += dot * dot;
                }
                for (std::size_t f = 0; f < 4; ++f) {
                    const double factor = std::pow(d, -settings.exponents[f]);
                    double total = 0, largest = 0, entries = 0, nats = 0;
                    for (const double dot : dots) total += std::exp(factor * dot);
                    for (std::size_t a = 0; a < dots.size(); ++a) {
                        const double p = std::exp(factor * dots[a]) / total;
                        largest = std::max(largest, p);
                        nats -= p * std::log(p);
                        for (std::size_t b = 0; b < dots.size(); ++b) {
                            const double entry =
                                a == b ? p * (1 - p) : p * std::exp(factor * dots[b]) / total;
                            entries += entry * entry;
                        }
                    }
                    entropy[f] += nats / kSamples;
                    maxP[f] += largest / kSamples;
                    norm[f] += std::sqrt(entries) / kSamples;
                    saturated[f] += (std::sqrt(entries) < 0.01 * std::sqrt(0.5) ? 1.0 : 0.0) / kSamples;
                }
            }
            const double n = 7 * kSamples;
            EXPECT_EQ(row.rows, kSamples);
            EXPECT_EQ(row.dotProducts, 7 * kSamples);
            EXPECT_NEAR(row.mean.value, sum / n, 1e-5);
            EXPECT_NEAR(row.variance.value, squares / n - sum * sum / n / n, 1e-5 * d);
            EXPECT_NEAR(row.scaledMean(row.scales[1].factor).value, row.mean.value / std::sqrt(d), 1e-12);
            EXPECT_NEAR(row.scaledVariance(row.scales[1].factor).value, row.variance.value / d, 1e-12);
            for (std::size_t f = 0; f < 4; ++f) {
                EXPECT_NEAR(row.scales[f].factor, std::pow(d, -settings.exponents[f]), 1e-15);
                EXPECT_NEAR(row.scales[f].entropyNats.value, entropy[f], 1e-5) << f;
                EXPECT_NEAR(row.scales[f].maxP.value, maxP[f], 1e-5) << f;
                EXPECT_NEAR(row.scales[f].jacobianFrobenius.value, norm[f], 1e-5) << f;
                EXPECT_NEAR(row.scales[f].saturated.value, saturated[f], 1e-12) << f;
            }
        }
    }
}

TEST(Scaling, oneDrawIsARowOfTheExperiment) {
    const ScalingSettings settings = settingsOf({64}, Distribution::Uniform, 0.5);
    const std::vector<double> row = drawScores(settings, 64, 3), naive = naiveDots(settings, 64, 3);
    ASSERT_EQ(row.size(), 16U);
    for (std::size_t i = 0; i < row.size(); ++i) EXPECT_NEAR(row[i], naive[i], 1e-4);
}

TEST(Scaling, stepsAndThreadsDoNotChangeABit) {
    ScalingSettings settings = settingsOf({1, 7, 40});
    const ScalingSnapshot whole = measured(settings, 1003);
    ScalingExperiment experiment;
    for (const std::int64_t step : {1, 5, 16, 100, 333}) {
        ASSERT_TRUE(experiment.configure(settings).has_value());
        while (experiment.samples() < 1003) {
            // A step of one sample runs on one thread.
            experiment.advance(std::min(step, 1003 - experiment.samples()));
        }
        EXPECT_EQ(experiment.snapshot(), whole) << step;
    }
}

TEST(Scaling, otherDksDoNotChangeABit) {
    const ScalingSnapshot all = measured(settingsOf({64, 1, 17, 64, 256}), 200);
    ASSERT_EQ(all.rows.size(), 5U);
    for (const std::size_t i : {0U, 1U, 2U, 4U}) {
        const ScalingSnapshot alone = measured(settingsOf({all.rows[i].dk}), 200);
        EXPECT_EQ(alone.rows[0], all.rows[i]);
        EXPECT_EQ(alone.histograms[0], all.histograms[i]);
    }
    EXPECT_EQ(all.rows[0], all.rows[3]);
}

TEST(Scaling, drawsThatAreKeptGiveTheSameBits) {
    ScalingSettings settings = settingsOf({8, 32});
    settings.keepDraws = true;
    ScalingExperiment experiment;
    ASSERT_TRUE(experiment.configure(settings).has_value());
    experiment.advance(100);
    for (const double correlation : {0.4, -0.2}) {
        settings.correlation = correlation;
        settings.exponents = {0, 0.5, 0.1};
        ASSERT_TRUE(experiment.configure(settings).has_value());
        EXPECT_EQ(experiment.samples(), 0);
        experiment.advance(170);  // some kept, some new
        ScalingSnapshot kept = experiment.snapshot();
        ScalingSettings anew = settings;
        anew.keepDraws = false;
        ScalingSnapshot drawn = measured(anew, 170);
        drawn.settings.keepDraws = true;
        EXPECT_EQ(kept, drawn);
    }
    settings.seed = 2;
    ASSERT_TRUE(experiment.configure(settings).has_value());
    experiment.advance(50);
    settings.keepDraws = false;
    const ScalingSnapshot other = measured(settings, 50);
    EXPECT_EQ(experiment.snapshot().rows, other.rows);
}

TEST(Scaling, theSameSeedGivesTheSameNumbersOnEveryMachine) {
    const ScalingSnapshot snapshot = measured(settingsOf({64}), 100);
    EXPECT_EQ(snapshot.rows[0].mean.value, 0x1.b9cf6788f5c29p-2);
    EXPECT_EQ(snapshot.rows[0].variance.value, 0x1.e5ab306b0b76dp+5);
    EXPECT_EQ(snapshot.rows[0].scales[0].entropyNats.value, 0x1.92411845e0d61p-2);
    EXPECT_EQ(snapshot.rows[0].scales[1].jacobianFrobenius.value, 0x1.356ecd221fb12p-2);
    ScalingSettings other = settingsOf({64});
    other.seed = 2;
    EXPECT_NE(measured(other, 100).rows[0].mean.value, snapshot.rows[0].mean.value);
}

TEST(Scaling, histogramsCountEveryDotProduct) {
    for (const Distribution distribution : kDistributions) {
        for (const double correlation : {0.0, 0.6, 1.0}) {
            const ScalingSnapshot snapshot =
                measured(settingsOf({1, 2, 64, 1024}, distribution, correlation), 500);
            for (const Histogram& histogram : snapshot.histograms) EXPECT_EQ(histogram.total(), 500U * 16);
        }
    }
}

TEST(Scaling, theHistogramHasTheShapeOfTheTheory) {
    const ScalingSnapshot snapshot = measured(settingsOf({256}), 20'000);
    const Histogram scaled = snapshot.histograms[0].scaledBy(1 / std::sqrt(256.0));
    EXPECT_NEAR(scaled.width, 0.1, 1e-12);
    double area = 0;
    for (std::size_t i = 0; i < scaled.counts.size(); ++i) {
        const double x = scaled.lowest + scaled.width * (static_cast<double>(i) + 0.5);
        const double normal = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979);
        EXPECT_NEAR(scaled.density(i), normal, 0.02) << x;
        area += scaled.density(i) * scaled.width;
    }
    EXPECT_NEAR(area, 1, 1e-3);
}

TEST(Scaling, binsOfSignsHoldEquallyManyNumbers) {
    // q·k takes every second whole number only: unequal bins would make a comb of a bell.
    for (const std::int64_t dk : {1, 2, 15, 64, 511, 1024}) {
        for (const double correlation : {0.0, 0.6}) {
            Histogram bins = scalingBins(Distribution::Signs, correlation, dk);
            const double rest = std::sqrt(1 - correlation * correlation);
            for (std::int64_t dot = -dk; dot <= dk; dot += 2) {
                bins.add(correlation * static_cast<double>(dk) + rest * static_cast<double>(dot));
            }
            for (std::size_t i = 1; i + 1 < bins.counts.size(); ++i) {
                EXPECT_EQ(bins.counts[i], bins.counts[0]) << dk << ' ' << correlation << ' ' << i;
            }
            EXPECT_LE(bins.above, bins.below);
            EXPECT_LT(bins.below - bins.above, 2 * bins.counts[0]);
            EXPECT_LE(bins.counts.size(), 181U);
        }
    }
}

TEST(Scaling, aStopLeavesWholeBatches) {
    ScalingExperiment experiment;
    const ScalingSettings settings = settingsOf({1024});
    ASSERT_TRUE(experiment.configure(settings).has_value());
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(experiment.advance(1000, stop.get_token()), 0);
    EXPECT_EQ(experiment.snapshot().rows[0].rows, 0);
    // From another thread, somewhere in the middle: whatever was reached is a valid state to go on from.
    std::stop_source later;
    std::thread stopper([&] { later.request_stop(); });
    const std::int64_t reached = experiment.advance(4000, later.get_token());
    stopper.join();
    EXPECT_EQ(experiment.snapshot().samples, reached);
    experiment.advance(4000 - reached);
    EXPECT_EQ(experiment.snapshot(), measured(settings, 4000));
}

TEST(Scaling, oneSampleHasNoStandardError) {
    const ScalingSnapshot snapshot = measured(settingsOf({4}), 1);
    EXPECT_TRUE(std::isinf(snapshot.rows[0].mean.standardError));
    EXPECT_TRUE(std::isfinite(snapshot.rows[0].variance.value));
    const ScalingSnapshot none = measured(settingsOf({4}), 0);
    EXPECT_EQ(none.rows[0].variance.value, 0);
}

TEST(Scaling, oneKeyTakesAllTheWeight) {
    ScalingSettings settings = settingsOf({4});
    settings.keys = 1;
    const RowMeans row = measured(settings, 20).rows[0].scales[0];
    EXPECT_EQ(row.maxP.value, 1);
    EXPECT_EQ(row.entropyNats.value, 0);
    EXPECT_EQ(row.saturated.value, 1);
}

TEST(Scaling, badSettingsAreRefusedInOneLine) {
    const auto message = [](auto change) {
        ScalingSettings settings;
        change(settings);
        ScalingExperiment experiment;
        const ScalingSettings before = experiment.settings();
        const Result<void> result = experiment.configure(settings);
        EXPECT_EQ(experiment.settings(), before);
        return result ? std::string("no error") : result.error().english();
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(message([](ScalingSettings& s) { s.dks.clear(); }), HasSubstr("no d_k"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.dks = {4, 0}; }), HasSubstr("d_k: 0 is outside 1 … 1024"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.dks = {1025}; }), HasSubstr("d_k: 1025"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.dks.assign(1025, 1); }), HasSubstr("1025 values"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.keys = 0; }), HasSubstr("keys: 0 is outside"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.keys = -3; }), HasSubstr("keys: -3 is outside"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.correlation = 1.1; }), HasSubstr("correlation"));
    EXPECT_THAT(message([&](ScalingSettings& s) { s.correlation = nan; }), HasSubstr("correlation"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.exponents = {0, -0.1}; }), HasSubstr("exponent"));
    EXPECT_THAT(message([&](ScalingSettings& s) { s.exponents = {nan}; }), HasSubstr("exponent"));
    EXPECT_THAT(message([](ScalingSettings& s) { s.exponents.assign(9, 0.5); }), HasSubstr("9 exponents"));
}

TEST(Scaling, samplesStopAtTheirLimit) {
    ScalingExperiment experiment;
    ScalingSettings settings = settingsOf({1});
    settings.keys = 1;
    settings.exponents.clear();
    ASSERT_TRUE(experiment.configure(settings).has_value());
    EXPECT_EQ(experiment.advance(-5), 0);
    EXPECT_EQ(experiment.advance(20), 20);
}

}  // namespace
}  // namespace attn::experiment
