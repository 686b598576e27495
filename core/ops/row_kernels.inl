// The bodies of RowKernels, compiled once for each instruction set: the including file defines
// ATTN_KERNEL_NAMESPACE.
//
// Trap: nothing here may call an inline function of another header. The linker keeps one copy of such a
// function, and the one built for AVX2 would then run on processors that have none. Hence plain loops and
// compiler builtins only. Loops are written so that the compiler turns them into vector code without being
// allowed to reorder sums: kLanes partial results side by side.

#include "core/ops/row_kernels.h"

namespace attn::ATTN_KERNEL_NAMESPACE {
namespace {

constexpr std::size_t kLanes = 16;
constexpr float kInfinity = __builtin_inff();
constexpr float kLargest = __FLT_MAX__;
constexpr float kNegligible = -87.0F;  // exp(-87) is the last normal number

inline float fromBits(std::uint32_t bits) {
    return __builtin_bit_cast(float, bits);
}
inline std::uint32_t toBits(float x) {
    return __builtin_bit_cast(std::uint32_t, x);
}

/// exp(x) for x in [-87, 0]; anything at all, but no trap, elsewhere.
/// x = k·ln 2 + f, |f| ≤ ln 2 / 2; exp(f) by its Taylor polynomial of degree 7 (error 4e-9), 2^k by its
/// exponent bits.
inline float expOfNonPositive(float x) {
    constexpr float kRound = 12582912.0F;  // 1.5·2^23: adding it leaves the nearest integer in the low bits
    const float shifted = x * 1.44269504F + kRound;
    const std::uint32_t k = toBits(shifted) - toBits(kRound);
    const float whole = shifted - kRound;
    const float f = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
    float p = 1.9841270e-4F;
    p = p * f + 1.3888889e-3F;
    p = p * f + 8.3333333e-3F;
    p = p * f + 4.1666668e-2F;
    p = p * f + 1.6666667e-1F;
    p = p * f + 0.5F;
    p = p * f + 1.0F;
    p = p * f + 1.0F;
    return p * fromBits((k + 127U) << 23U);
}

/// tanh(x): (1 − e)/(1 + e) with e = exp(−2|x|), and near 0, where that cancels, its odd polynomial.
inline float tanhOf(float x) {
    const float magnitude = __builtin_fabsf(x);
    const float bounded = magnitude < 20.0F ? magnitude : 20.0F;
    const float e = expOfNonPositive(-2.0F * bounded);
    const float far = (1.0F - e) / (1.0F + e);
    const float square = bounded * bounded;
    float p = -5.70498872745e-3F;  // minimax on |x| < 0.625, after Cephes
    p = p * square + 2.06390887954e-2F;
    p = p * square - 5.37397155531e-2F;
    p = p * square + 1.33314422036e-1F;
    p = p * square - 3.33332819422e-1F;
    const float near = bounded + bounded * square * p;
    return __builtin_copysignf(bounded < 0.625F ? near : far, x);
}

inline float clampFinite(float s) {
    const float low = s < -kLargest ? -kLargest : s;
    return low > kLargest ? kLargest : low;
}

void adjust(const float* raw, const RowAdjustment& adjustment, float* scores, std::size_t n) {
    const float multiplier = adjustment.multiplier;
    for (std::size_t j = 0; j < n; ++j) scores[j] = clampFinite(raw[j] * multiplier);
    if (adjustment.softcap > 0) {
        const float cap = adjustment.softcap;
        for (std::size_t j = 0; j < n; ++j) scores[j] = cap * tanhOf(scores[j] / cap);
    }
    if (adjustment.bias != nullptr) {
        const float* bias = adjustment.bias;
        for (std::size_t j = 0; j < n; ++j) {
            const float sum = clampFinite(scores[j] + bias[j]);
            scores[j] = bias[j] == -kInfinity ? -kInfinity : sum;
        }
    }
    if (adjustment.allowed != nullptr) {
        const std::uint8_t* allowed = adjustment.allowed;
        for (std::size_t j = 0; j < n; ++j) scores[j] = allowed[j] != 0 ? scores[j] : -kInfinity;
    }
}

float largestOf(const float* x, std::size_t n) {
    float lanes[kLanes];
    for (float& lane : lanes) lane = -kInfinity;
    std::size_t j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) lanes[l] = x[j + l] > lanes[l] ? x[j + l] : lanes[l];
    }
    for (; j < n; ++j) lanes[0] = x[j] > lanes[0] ? x[j] : lanes[0];
    float largest = lanes[0];
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
    return largest;
}

/// x[j] becomes exp(x[j] − shift), 0 where that is negligible or x[j] is −∞; returns the sum.
float exponentialsOf(const float* x, float shift, float* out, std::size_t n) {
    float lanes[kLanes] = {};
    std::size_t j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            const float difference = x[j + l] - shift;
            const float e = expOfNonPositive(difference);
            const float kept = difference >= kNegligible ? e : 0.0F;
            out[j + l] = kept;
            lanes[l] += kept;
        }
    }
    for (; j < n; ++j) {
        const float difference = x[j] - shift;
        const float e = expOfNonPositive(difference);
        out[j] = difference >= kNegligible ? e : 0.0F;
        lanes[j % kLanes] += out[j];
    }
    float sum = 0;
    for (const float lane : lanes) sum += lane;
    return sum;
}

void softmax(const float* raw, const RowAdjustment& adjustment, float* weights, std::size_t n) {
    adjust(raw, adjustment, weights, n);
    const float largest = largestOf(weights, n);
    if (largest == -kInfinity) {
        for (std::size_t j = 0; j < n; ++j) weights[j] = 0.0F;
        return;
    }
    const float factor = 1.0F / exponentialsOf(weights, largest, weights, n);
    for (std::size_t j = 0; j < n; ++j) weights[j] *= factor;
}

float exponentials(const float* in, float* out, std::size_t n) {
    return exponentialsOf(in, 0.0F, out, n);
}

void additive(const float* query, const float* w, std::size_t width, const float* keys, std::size_t stride,
              float* out, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) out[j] = 0.0F;
    for (std::size_t u = 0; u < width; ++u) {
        const float a = query[u];
        const float factor = w[u];
        const float* row = keys + u * stride;
        for (std::size_t j = 0; j < n; ++j) out[j] += factor * tanhOf(a + row[j]);
    }
}

float largestMagnitude(const float* x, std::size_t n) {
    float lanes[kLanes] = {};
    std::size_t j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            const float magnitude = __builtin_fabsf(x[j + l]);
            lanes[l] = magnitude > lanes[l] ? magnitude : lanes[l];
        }
    }
    for (; j < n; ++j) {
        const float magnitude = __builtin_fabsf(x[j]);
        lanes[0] = magnitude > lanes[0] ? magnitude : lanes[0];
    }
    float largest = 0;
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
    return largest;
}

}  // namespace

const RowKernels& kernels(const char* name) {
    static RowKernels set{name, adjust, softmax, exponentials, additive, largestMagnitude};
    return set;
}

}  // namespace attn::ATTN_KERNEL_NAMESPACE
