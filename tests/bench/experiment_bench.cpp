// The scaling experiment against the random numbers and the dot products that it cannot do without: same
// threads, buffers allocated beforehand. And what a slider's drag costs: a frame is 16 ms.
#include "core/base/parallel.h"
#include "core/experiment/saturation.h"
#include "core/experiment/scaling.h"
#include "core/model/gaussian.h"
#include "tests/bench/pairs.h"

namespace attn::experiment {
namespace {

constexpr std::int64_t kKeys = 16;

/// As many Gaussian numbers and dot products as the experiment draws, row by row in cache.
class Bare {
public:
    explicit Bare(std::int64_t dk) : m_dk(dk) {}

    void run(std::int64_t samples) {
        const auto parts = threadCount();
        m_sums.assign(parts, 0);
        parallelFor(parts, [&](std::size_t part) {
            Eigen::VectorXf query(m_dk), key(m_dk);
            const auto n = static_cast<std::size_t>(m_dk);
            float sum = 0;
            for (auto s = static_cast<std::int64_t>(part); s < samples;
                 s += static_cast<std::int64_t>(parts)) {
                fillGaussian(static_cast<std::uint64_t>(s), 0, 1.0F, query.data(), n);
                for (std::int64_t k = 0; k < kKeys; ++k) {
                    fillGaussian(static_cast<std::uint64_t>(s * kKeys + k), 1, 1.0F, key.data(), n);
                    sum += query.dot(key);
                }
            }
            m_sums[part] = sum;
        });
        benchmark::DoNotOptimize(m_sums);
    }

private:
    std::int64_t m_dk;
    std::vector<float> m_sums;
};

ScalingSettings settingsOf(std::vector<std::int64_t> dks) {
    ScalingSettings settings;
    settings.dks = std::move(dks);
    settings.keys = kKeys;
    return settings;
}

/// Argument: d_k and the number of dot products.
void dotProducts(benchmark::State& state) {
    const std::int64_t dk = state.range(0);
    const std::int64_t samples = state.range(1) / kKeys;
    ScalingExperiment experiment;
    const ScalingSettings settings = settingsOf({dk});
    Bare bare(dk);
    bench::comparePairs(
        state, 1.5,
        [&] {
            static_cast<void>(experiment.configure(settings));
            benchmark::DoNotOptimize(experiment.advance(samples));
        },
        [&] { bare.run(samples); });
}
BENCHMARK(dotProducts)
    ->Args({1024, 400'000})
    ->Args({1024, 10'000'000})
    ->Args({64, 400'000})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

/// The first picture: eleven d_k and four scales, 256 samples. Limit: a frame.
void firstPicture(benchmark::State& state) {
    ScalingExperiment experiment;
    ScalingSettings settings;
    settings.exponents = {0, 0.5, 1, 0.3};
    for (auto _ : state) {
        ++settings.seed;
        static_cast<void>(experiment.configure(settings));
        experiment.advance(256);
        benchmark::DoNotOptimize(experiment.snapshot());
    }
}
BENCHMARK(firstPicture)->Unit(benchmark::kMillisecond)->UseRealTime();

/// A step of the exponent's slider over draws that are kept.
void exponentStep(benchmark::State& state) {
    ScalingExperiment experiment;
    ScalingSettings settings;
    settings.exponents = {0, 0.5, 1, 0.3};
    settings.keepDraws = true;
    static_cast<void>(experiment.configure(settings));
    experiment.advance(1024);
    for (auto _ : state) {
        settings.exponents.back() = settings.exponents.back() > 0.8 ? 0.3 : settings.exponents.back() + 0.01;
        static_cast<void>(experiment.configure(settings));
        experiment.advance(1024);
        benchmark::DoNotOptimize(experiment.snapshot());
    }
}
BENCHMARK(exponentStep)->Unit(benchmark::kMillisecond)->UseRealTime();

/// All curves of the saturation workspace after a logit was dragged: argument logits, 400 scales.
void saturationDrag(benchmark::State& state) {
    std::vector<double> logits(static_cast<std::size_t>(state.range(0)), 1.0);
    const std::vector<double> scales = logarithmicScales(400);
    for (auto _ : state) {
        logits.front() += 0.01;
        benchmark::DoNotOptimize(saturationCurves(logits, scales));
    }
}
BENCHMARK(saturationDrag)->Arg(3)->Arg(16)->Arg(64)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace attn::experiment

BENCHMARK_MAIN();
