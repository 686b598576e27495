#pragma once
/// Dot-product scaling: queries and keys with independent components are drawn, and what happens to q·k and
/// to its softmax as d_k grows is measured, with and without a scale.
///
/// A sample is one query q with n keys k_i = ρ·q + √(1 − ρ²)·e_i; the components of q and e have mean 0 and
/// variance 1. Then E[q·k] = ρ·d_k and Var[q·k] = d_k·(1 + ρ²(m₄ − 2)) with m₄ the fourth moment of a
/// component: 3 for Gaussian ones (hence d_k(1 + ρ²)), 9/5 for uniform ones, 1 for signs.

#include "core/base/error.h"
#include "core/experiment/score_statistics.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace attn::experiment {

enum class Distribution : std::uint8_t {
    Gaussian,
    Uniform,  ///< (−√3, √3)
    Signs,    ///< −1 or 1
};

inline constexpr std::int64_t kLargestDk = 1024;
inline constexpr std::int64_t kLargestKeys = 1024;
inline constexpr std::int64_t kMostSamples = 10'000'000;
inline constexpr std::size_t kMostExponents = 8;

struct ScalingSettings {
    Distribution distribution = Distribution::Gaussian;
    double correlation = 0;                                                      ///< ρ, −1 … 1
    std::vector<std::int64_t> dks{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};  ///< in any order
    std::int64_t keys = 16;
    std::uint64_t seed = 1;
    /// The scales are d_k^−exponent: 0 none, ½ 1/√d_k, 1 1/d_k; 0 … 1.
    std::vector<double> exponents{0, 0.5};
    /// Keep the dot products, up to kDrawBytes, so that a change of ρ or of the exponents draws nothing anew.
    bool keepDraws = false;

    bool operator==(const ScalingSettings&) const = default;
};

/// An error that names the first setting that is out of range: 1 … kLargestDk and 1 … kLargestKeys, at least
/// one d_k and at most kLargestDk of them, ρ, exponents.
[[nodiscard]] Result<void> checkScaling(const ScalingSettings& settings);

struct ScalingTheory {
    double mean = 0, variance = 1;  ///< of q·k; times factor and factor² for scaled scores
};
[[nodiscard]] ScalingTheory scalingTheory(Distribution distribution, double correlation, std::int64_t dk);

/// The bins of a histogram of q·k: ±6 standard deviations of the theory around its mean, a tenth of one wide.
/// Dot products of signs take every second whole number only: there a bin holds equally many of them.
[[nodiscard]] Histogram scalingBins(Distribution distribution, double correlation, std::int64_t dk);

/// The q·k of one sample, one for each key, as the experiment has them.
[[nodiscard]] std::vector<double> drawScores(const ScalingSettings& settings, std::int64_t dk,
                                             std::int64_t sample);

struct ScalingSnapshot {
    ScalingSettings settings;
    std::int64_t samples = 0;
    std::vector<ScoreMeasures>
        rows;  ///< one for each of settings.dks, in their order; scales as settings.exponents
    std::vector<Histogram> histograms;  ///< of q·k, likewise

    bool operator==(const ScalingSnapshot&) const = default;
};

/// The experiment itself, refined sample by sample. One thread at a time.
///
/// Every component is a function of (seed, sample, key, place): d_k = 64 sees the first 64 components of what
/// d_k = 1024 sees, more samples go on from those there are, and the snapshot after a number of samples has
/// the same bits on every machine, whatever the number of threads and the steps in which it was reached. Dot
/// products are summed in single precision, everything after them in double.
class ScalingExperiment {
public:
    static constexpr std::size_t kDrawBytes = std::size_t{64} << 20U;

    ScalingExperiment();

    /// Starts from no samples. What is kept of earlier draws stays where distribution, d_k, keys and seed are
    /// the same. On an error nothing changes.
    [[nodiscard]] Result<void> configure(const ScalingSettings& settings);
    [[nodiscard]] const ScalingSettings& settings() const { return m_settings; }

    /// Adds `count` samples, at most to kMostSamples, over all threads. A stop ends it early: whole batches
    /// that were done stay. Returns the number of samples there are now.
    std::int64_t advance(std::int64_t count, const std::stop_token& stop = {});
    [[nodiscard]] std::int64_t samples() const { return m_samples; }
    /// Random numbers that one sample costs: a step of 10⁷ of them fits into a frame.
    [[nodiscard]] std::int64_t numbersPerSample() const;

    [[nodiscard]] ScalingSnapshot snapshot() const;

private:
    /// What is measured for one d_k.
    struct Measured {
        ScoreAccumulator scores;
        Histogram histogram;
    };
    struct Slot;  ///< what a thread needs for one chunk

    /// Samples that are accumulated one after another; chunks are merged in order.
    static constexpr std::int64_t kChunk = 16;

    [[nodiscard]] bool advanceBatch(std::int64_t end, const std::stop_token& stop);
    void runChunk(Slot& slot, std::int64_t begin, std::int64_t end, float* kept,
                  const std::stop_token& stop) const;
    [[nodiscard]] std::size_t rowLength() const {
        return m_ends.size() * static_cast<std::size_t>(m_settings.keys + 1);
    }
    [[nodiscard]] std::int64_t batchChunks() const;

    ScalingSettings m_settings;
    std::vector<std::size_t> m_ends;  ///< the d_k, rising, each once
    std::vector<Measured> m_empty;    ///< for each of m_ends, without samples
    std::vector<Measured> m_merged;   ///< of whole chunks
    std::vector<Measured> m_open;     ///< of the last chunk where it is not whole
    std::int64_t m_samples = 0;
    std::vector<std::vector<float>> m_draws;  ///< by chunk: kChunk × (1 + keys) × d_k, ‖q‖² first
    std::int64_t m_drawn = 0;                 ///< samples that m_draws holds
};

}  // namespace attn::experiment
