#include "core/experiment/scaling.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace attn::experiment {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

Result<void> checkWhole(const char* what, std::int64_t value, std::int64_t most) {
    if (value >= 1 && value <= most) return {};
    return fail(tr("%1: %2 is outside %3 … %4"), {what, std::to_string(value), "1", std::to_string(most)});
}

double fourthMoment(Distribution distribution) {
    switch (distribution) {
        case Distribution::Gaussian:
            return 3;
        case Distribution::Uniform:
            return 1.8;
        case Distribution::Signs:
            return 1;
    }
    return 3;
}

}  // namespace

Result<void> checkScaling(const ScalingSettings& settings) {
    if (settings.dks.empty()) return fail(tr("there is no d_k: one or more are needed"));
    if (settings.dks.size() > static_cast<std::size_t>(kLargestDk)) {
        return fail(tr("%1 values of d_k are too many (at most %2)"),
                    {std::to_string(settings.dks.size()), std::to_string(kLargestDk)});
    }
    for (const std::int64_t dk : settings.dks) {
        if (Result<void> good = checkWhole("d_k", dk, kLargestDk); !good) return good;
    }
    if (Result<void> good = checkWhole("keys", settings.keys, kLargestKeys); !good) return good;
    // Written so that NaN is outside.
    if (!(settings.correlation >= -1 && settings.correlation <= 1)) {
        return fail(tr("the correlation is outside −1 … 1"));
    }
    if (settings.exponents.size() > kMostExponents) {
        return fail(tr("%1 exponents are too many (at most %2)"),
                    {std::to_string(settings.exponents.size()), std::to_string(kMostExponents)});
    }
    for (const double exponent : settings.exponents) {
        if (!(exponent >= 0 && exponent <= 1)) return fail(tr("an exponent of the scale is outside 0 … 1"));
    }
    return {};
}

ScalingTheory scalingTheory(Distribution distribution, double correlation, std::int64_t dk) {
    const auto d = static_cast<double>(dk);
    return {correlation * d, d * (1 + correlation * correlation * (fourthMoment(distribution) - 2))};
}

Histogram scalingBins(Distribution distribution, double correlation, std::int64_t dk) {
    const ScalingTheory theory = scalingTheory(distribution, correlation, dk);
    Histogram bins;
    constexpr double kDeviations = 6, kWidth = 0.1;
    const double deviation = std::sqrt(theory.variance);
    if (distribution == Distribution::Signs && deviation > 0) {
        // q·k = ρ·d_k + √(1 − ρ²)·(q·e), and q·e is one of −d_k, −d_k + 2, … d_k: edges lie between those.
        const double step = 2 * std::sqrt(1 - correlation * correlation);
        const double perBin = std::max(1.0, std::round(kWidth * deviation / step));
        const auto d = static_cast<double>(dk);
        const double values = std::min(d, std::floor(kDeviations * std::sqrt(d)));  // |q·e| that is shown
        const double fromLowest = std::floor((d - values) / 2);  // values left out on one side
        const double shown = d + 1 - 2 * fromLowest;
        const double count = std::ceil(shown / perBin);
        bins.width = step * perBin;
        bins.lowest = theory.mean + step / 2 * (2 * fromLowest - d - 1);
        bins.counts.assign(static_cast<std::size_t>(count), 0);
        return bins;
    }
    // Without any spread (ρ = ±1 and signs) all are one number, in the middle of a bin.
    const double unit = deviation > 0 ? deviation : 1;
    const auto count = static_cast<std::size_t>(std::lround(2 * kDeviations / kWidth)) + 1;
    bins.width = kWidth * unit;
    bins.lowest = theory.mean - bins.width * static_cast<double>(count) / 2;
    bins.counts.assign(count, 0);
    return bins;
}

}  // namespace attn::experiment
