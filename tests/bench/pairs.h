#pragma once
/// Timing in pairs: the program's work and the bare work it cannot do without, in turn, so that a machine
/// whose speed drifts slows both. What is reported is the median of the pairs' ratios.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace attn::bench {

inline double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <typename Work>
double secondsOf(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs both until the benchmark has enough; `limit` is the ratio that the project promises, for the reader.
template <typename Work, typename Bare>
void comparePairs(benchmark::State& state, double limit, Work work, Bare bare) {
    std::vector<double> ratios, ours, theirs;
    work();
    bare();
    for (auto _ : state) {
        const double a = secondsOf(work);
        const double b = secondsOf(bare);
        state.SetIterationTime(a);
        ours.push_back(a);
        theirs.push_back(b);
        ratios.push_back(a / b);
    }
    state.counters["ratio"] = median(ratios);
    state.counters["limit"] = limit;
    state.counters["ours_ms"] = median(ours) * 1e3;
    state.counters["bare_ms"] = median(theirs) * 1e3;
}

}  // namespace attn::bench
