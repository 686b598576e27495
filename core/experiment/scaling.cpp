#include "core/experiment/scaling.h"

#include "core/base/parallel.h"
#include "core/experiment/kernels.h"
#include "core/model/gaussian.h"

#include <algorithm>
#include <cmath>

namespace attn::experiment {
namespace {

/// Draws one sample after another: ‖q‖² and the q·e of every key, for every d_k.
class Sampler {
public:
    Sampler(const ScalingSettings& settings, const std::vector<std::size_t>& ends)
        : m_settings(&settings), m_ends(&ends), m_query(ends.back()), m_key(ends.back()) {
        m_seed =
            mixHash(mixHash(settings.seed, "scaling"), static_cast<std::uint64_t>(settings.distribution));
    }

    /// out: (1 + keys) × ends
    void draw(std::int64_t sample, float* out) {
        const std::uint64_t hash = mixHash(m_seed, static_cast<std::uint64_t>(sample));
        fill(mixHash(hash, 0), m_query);
        const auto rows = static_cast<std::size_t>(m_settings->keys + 1);
        for (std::size_t row = 0; row < rows; ++row) {
            if (row > 0) fill(mixHash(hash, row), m_key);
            kernels().prefixDots(m_query.data(), row > 0 ? m_key.data() : m_query.data(), m_ends->data(),
                                 m_ends->size(), out + row * m_ends->size());
        }
    }

private:
    void fill(std::uint64_t key, std::vector<float>& components) const {
        switch (m_settings->distribution) {
            case Distribution::Gaussian:
                fillGaussian(key, 0, 1.0F, components.data(), components.size());
                break;
            case Distribution::Uniform:
                fillUniform(key, 0, 1.0F, components.data(), components.size());
                break;
            case Distribution::Signs:
                fillSigns(key, 0, 1.0F, components.data(), components.size());
                break;
        }
    }

    const ScalingSettings* m_settings;
    const std::vector<std::size_t>* m_ends;
    std::vector<float> m_query, m_key;
    std::uint64_t m_seed = 0;
};

/// q·k = ρ‖q‖² + √(1 − ρ²)·q·e for every key, at the d_k that stands at `place` of `ends`.
void correlate(const float* draws, std::size_t ends, std::size_t place, double correlation,
               std::vector<double>& dots) {
    const double shift = correlation * static_cast<double>(draws[place]);
    const double rest = std::sqrt(1 - correlation * correlation);
    for (std::size_t i = 0; i < dots.size(); ++i) {
        dots[i] = shift + rest * static_cast<double>(draws[(i + 1) * ends + place]);
    }
}

}  // namespace

struct ScalingExperiment::Slot {
    Slot(const ScalingSettings& settings, const std::vector<std::size_t>& ends, std::size_t rowLength)
        : sampler(settings, ends),
          draws(rowLength),
          dots(static_cast<std::size_t>(settings.keys)),
          weights(static_cast<std::size_t>(settings.keys)) {}

    Sampler sampler;
    std::vector<float> draws;
    std::vector<double> dots, weights;
    std::vector<Measured> measured;
};

std::vector<double> drawScores(const ScalingSettings& settings, std::int64_t dk, std::int64_t sample) {
    const std::vector<std::size_t> ends{static_cast<std::size_t>(dk)};
    std::vector<float> draws(static_cast<std::size_t>(settings.keys + 1));
    Sampler(settings, ends).draw(sample, draws.data());
    std::vector<double> dots(static_cast<std::size_t>(settings.keys));
    correlate(draws.data(), 1, 0, settings.correlation, dots);
    return dots;
}

ScalingExperiment::ScalingExperiment() {
    // The default settings are within range.
    static_cast<void>(configure(ScalingSettings{}));
}

Result<void> ScalingExperiment::configure(const ScalingSettings& settings) {
    if (Result<void> good = checkScaling(settings); !good) return good;
    const bool sameDraws = settings.keepDraws && settings.distribution == m_settings.distribution &&
                           settings.dks == m_settings.dks && settings.keys == m_settings.keys &&
                           settings.seed == m_settings.seed;
    if (!sameDraws) {
        m_draws.clear();
        m_drawn = 0;
    }
    m_settings = settings;
    m_ends.assign(settings.dks.begin(), settings.dks.end());
    std::sort(m_ends.begin(), m_ends.end());
    m_ends.erase(std::unique(m_ends.begin(), m_ends.end()), m_ends.end());

    m_empty.clear();
    for (const std::size_t end : m_ends) {
        const auto dk = static_cast<std::int64_t>(end);
        std::vector<double> factors;
        for (const double exponent : settings.exponents) {
            factors.push_back(powerScale(static_cast<double>(dk), exponent));
        }
        const double centre = scalingTheory(settings.distribution, settings.correlation, dk).mean;
        m_empty.push_back({ScoreAccumulator(dk, centre, std::move(factors)),
                           scalingBins(settings.distribution, settings.correlation, dk)});
    }
    m_merged = m_open = m_empty;
    m_samples = 0;
    return {};
}

std::int64_t ScalingExperiment::numbersPerSample() const {
    return (m_settings.keys + 1) * static_cast<std::int64_t>(m_ends.back());
}

/// So many chunks at once that threads are busy and a stop is soon noticed; no result depends on it.
std::int64_t ScalingExperiment::batchChunks() const {
    constexpr std::int64_t kNumbers = std::int64_t{1} << 24U;
    constexpr std::int64_t kSlotNumbers = std::int64_t{1} << 23U;
    const std::int64_t byWork = kNumbers / (kChunk * numbersPerSample());
    const std::int64_t perSlot = static_cast<std::int64_t>(rowLength() + m_ends.size() * 200);
    const std::int64_t most = std::min<std::int64_t>({byWork, kSlotNumbers / perSlot, 64});
    return std::max(most, static_cast<std::int64_t>(threadCount()));
}

void ScalingExperiment::runChunk(Slot& slot, std::int64_t begin, std::int64_t end, float* kept,
                                 const std::stop_token& stop) const {
    for (std::int64_t sample = begin; sample < end && !stop.stop_requested(); ++sample) {
        float* draws = slot.draws.data();
        if (kept != nullptr) draws = kept + static_cast<std::size_t>(sample % kChunk) * rowLength();
        if (kept == nullptr || sample >= m_drawn) slot.sampler.draw(sample, draws);
        for (std::size_t place = 0; place < m_ends.size(); ++place) {
            correlate(draws, m_ends.size(), place, m_settings.correlation, slot.dots);
            slot.measured[place].scores.addRow(slot.dots, slot.weights);
            for (const double dot : slot.dots) slot.measured[place].histogram.add(dot);
        }
    }
}

bool ScalingExperiment::advanceBatch(std::int64_t end, const std::stop_token& stop) {
    const std::int64_t firstChunk = m_samples / kChunk;
    const std::int64_t chunks = (end - 1) / kChunk - firstChunk + 1;

    std::vector<Slot> slots;
    for (std::int64_t c = 0; c < chunks; ++c) {
        slots.emplace_back(m_settings, m_ends, rowLength());
        slots.back().measured = c == 0 ? m_open : m_empty;
    }
    const std::size_t chunkFloats = static_cast<std::size_t>(kChunk) * rowLength();
    const auto keepable = static_cast<std::int64_t>(kDrawBytes / (chunkFloats * sizeof(float)));
    while (m_settings.keepDraws &&
           static_cast<std::int64_t>(m_draws.size()) < std::min(firstChunk + chunks, keepable)) {
        m_draws.emplace_back(chunkFloats);
    }

    parallelFor(static_cast<std::size_t>(chunks), [&](std::size_t i) {
        const std::int64_t chunk = firstChunk + static_cast<std::int64_t>(i);
        const bool keep = chunk < static_cast<std::int64_t>(m_draws.size());
        runChunk(slots[i], std::max(m_samples, chunk * kChunk), std::min(end, (chunk + 1) * kChunk),
                 keep ? m_draws[static_cast<std::size_t>(chunk)].data() : nullptr, stop);
    });
    if (stop.stop_requested()) return false;

    for (std::int64_t c = 0; c < chunks; ++c) {
        std::vector<Measured>& measured = slots[static_cast<std::size_t>(c)].measured;
        if ((firstChunk + c + 1) * kChunk > end) {
            m_open = std::move(measured);
            break;
        }
        for (std::size_t place = 0; place < m_ends.size(); ++place) {
            m_merged[place].scores.merge(measured[place].scores);
            m_merged[place].histogram.merge(measured[place].histogram);
        }
        m_open = m_empty;
    }
    m_samples = end;
    m_drawn = std::max(m_drawn, std::min(end, static_cast<std::int64_t>(m_draws.size()) * kChunk));
    return true;
}

std::int64_t ScalingExperiment::advance(std::int64_t count, const std::stop_token& stop) {
    const std::int64_t target = m_samples + std::clamp<std::int64_t>(count, 0, kMostSamples - m_samples);
    const std::int64_t batch = batchChunks() * kChunk;
    while (m_samples < target && !stop.stop_requested()) {
        const std::int64_t wholeBatch = (m_samples / kChunk) * kChunk + batch;
        if (!advanceBatch(std::min(target, wholeBatch), stop)) break;
    }
    return m_samples;
}

ScalingSnapshot ScalingExperiment::snapshot() const {
    ScalingSnapshot result;
    result.settings = m_settings;
    result.samples = m_samples;
    for (const std::int64_t dk : m_settings.dks) {
        const auto end = std::lower_bound(m_ends.begin(), m_ends.end(), static_cast<std::size_t>(dk));
        const auto place = static_cast<std::size_t>(end - m_ends.begin());
        Measured whole = m_merged[place];
        whole.scores.merge(m_open[place].scores);
        whole.histogram.merge(m_open[place].histogram);
        result.rows.push_back(whole.scores.measures());
        result.histograms.push_back(std::move(whole.histogram));
    }
    return result;
}

}  // namespace attn::experiment
