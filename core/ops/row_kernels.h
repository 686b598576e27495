#pragma once
/// What is not a product, and products of a few rows: loops over one row of floats, built for the baseline
/// processor and for AVX2 and chosen when the program starts. Larger products are BLAS's; these would
/// otherwise run at a quarter of its speed.

#include <cstddef>
#include <cstdint>
#include <limits>

namespace attn {

/// How a row of raw scores becomes scores: s = softcap(raw · multiplier) + bias, −∞ where not allowed.
struct RowAdjustment {
    float multiplier = 1;
    float softcap = 0;                      ///< c·tanh(s/c); 0: none
    const std::uint8_t* allowed = nullptr;  ///< n cells; null: all allowed
    const float* bias = nullptr;            ///< n numbers; null: none
};

/// Lowest and highest of the finite numbers that were looked at; lowest > highest: none.
struct NumberRange {
    float lowest = std::numeric_limits<float>::max(), highest = std::numeric_limits<float>::lowest();
    bool skipped = false;  ///< something was marked, infinite or NaN
};

/// round((x − low)·factor), within 0 … last; `skipped` for what does not count.
struct Quantiser {
    float low = 0, factor = 1;
    float last = 255;
    std::uint16_t skipped = 256;
};

/// What a hidden unit does: x·Φ(x), its approximations by tanh and by x·σ(1.702·x), x·σ(x), max(x, 0), tanh
/// x. Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
enum class ActivationKind : std::uint8_t { Gelu, GeluTanh, GeluSigmoid, Silu, Relu, Tanh };

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

    /// max |x| of a matrix whose rows begin `stride` apart; 0 for none.
    float (*largestMagnitude)(const float* x, std::size_t rows, std::size_t stride, std::size_t cols);

    /// y = (s − mean s) / √(variance of s + epsilon) · gain + bias, s = x + residual; `rootMeanSquare`:
    /// without the mean, s / √(mean s² + epsilon) · gain + bias. Sums in double. `residual`, `gain` and,
    /// without a gain unused, `bias` may be null. n ≥ 1.
    void (*norm)(const float* x, const float* residual, const float* gain, const float* bias,
                 bool rootMeanSquare, double epsilon, float* y, std::size_t n);
    /// x[j] = activation(x[j] + bias[j]) · factor[j]; `bias` and `factor` may be null.
    void (*activate)(ActivationKind kind, float* x, const float* bias, const float* factor, std::size_t n);

    /// c = a·b (b: k × n) or a·bᵀ (b: n × k, `transposed`) for a few rows of a; rows begin lda, ldb, ldc
    /// apart.
    void (*fewRows)(const float* a, std::size_t lda, std::size_t rows, const float* b, std::size_t ldb,
                    bool transposed, float* c, std::size_t ldc, std::size_t n, std::size_t k);

    // What pictures are made of. Places that are marked (marks[j] & bit; marks may be null), infinite or NaN
    // do not count; `range` takes in what does.

    void (*numberRange)(const float* x, std::size_t rows, std::size_t stride, std::size_t cols,
                        NumberRange& range);
    /// kept[j] becomes x[j] where that counts and is larger by size, or kept[j] is a NaN.
    void (*keepLarger)(const float* x, const std::uint8_t* marks, std::uint8_t bit, float* kept,
                       std::size_t n, NumberRange& range);
    void (*quantise)(const float* x, const std::uint8_t* marks, std::uint8_t bit, const Quantiser& quantiser,
                     std::uint16_t* out, std::size_t n, NumberRange& range);
};

/// The fastest set that this processor runs.
[[nodiscard]] const RowKernels& rowKernels();
/// The set that every x86-64 runs, to compare with.
[[nodiscard]] const RowKernels& baselineRowKernels();

}  // namespace attn
