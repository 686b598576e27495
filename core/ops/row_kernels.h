#pragma once
/// What is not a product: loops over one row of floats, built for the baseline processor and for AVX2 and
/// chosen when the program starts. Products are BLAS's; these would otherwise run at a quarter of its speed.

#include <cstddef>
#include <cstdint>

namespace attn {

/// How a row of raw scores becomes scores: s = softcap(raw · multiplier) + bias, −∞ where not allowed.
struct RowAdjustment {
    float multiplier = 1;
    float softcap = 0;                      ///< c·tanh(s/c); 0: none
    const std::uint8_t* allowed = nullptr;  ///< n cells; null: all allowed
    const float* bias = nullptr;            ///< n numbers; null: none
};

struct RowKernels {
    const char* name;  ///< "baseline", "AVX2"

    /// scores, finite ones clamped to ±FLT_MAX. `raw` and `scores` may be the same row.
    void (*adjust)(const float* raw, const RowAdjustment& adjustment, float* scores, std::size_t n);

    /// Weights: exp(s − max s) / Σ. Masked cells and those more than 87 below the maximum are exactly 0; a
    /// fully masked row is all 0. Relative error below 2e-6.
    void (*softmax)(const float* raw, const RowAdjustment& adjustment, float* weights, std::size_t n);

    /// out[j] = exp(in[j]) for in ≤ 0, and their sum: the bare pass that benchmarks compare with.
    float (*exponentials)(const float* in, float* out, std::size_t n);

    /// out[j] = Σ_u w[u]·tanh(query[u] + keys[u·stride + j]): additive scores of one query with n keys.
    void (*additive)(const float* query, const float* w, std::size_t width, const float* keys,
                     std::size_t stride, float* out, std::size_t n);

    /// max |x|; 0 for none.
    float (*largestMagnitude)(const float* x, std::size_t n);
};

/// The fastest set that this processor runs.
[[nodiscard]] const RowKernels& rowKernels();
/// The set that every x86-64 runs, to compare with.
[[nodiscard]] const RowKernels& baselineRowKernels();

}  // namespace attn
