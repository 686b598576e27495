#pragma once
/// The loops of the experiments, built for the baseline processor and for AVX2: every set gives the same
/// bits.

#include <cstddef>

namespace attn::experiment {

struct Kernels {
    const char* name;  ///< "baseline", "AVX2"

    /// out[j] = Σ_{c < ends[j]} a[c]·b[c]; ends rise. The order of summation is fixed (16 lanes, then a tree)
    /// and does not depend on the other ends, so that a dot product of 64 components is the same beside any
    /// others.
    void (*prefixDots)(const float* a, const float* b, const std::size_t* ends, std::size_t count,
                       float* out);

    /// out[i] = exp((x[i] − shift)·factor) for arguments ≤ 709; exactly 0 below −708, also for −∞. Relative
    /// error below 4e-16.
    void (*exponentials)(const double* x, double shift, double factor, double* out, std::size_t n);
};

/// The fastest set that this processor runs.
[[nodiscard]] const Kernels& kernels();
/// The set that every processor runs, to compare with.
[[nodiscard]] const Kernels& baselineKernels();

/// exp x for x ≤ 709, the same bits on every machine.
[[nodiscard]] double portableExp(double x);
/// ln(1 + x) for x ≥ 0, the same bits on every machine; relative error below 1e-15.
[[nodiscard]] double portableLog1p(double x);
/// d^−exponent; exactly 1, 1/√d and 1/d at the exponents 0, ½ and 1. d ≥ 1.
[[nodiscard]] double powerScale(double d, double exponent);

}  // namespace attn::experiment
