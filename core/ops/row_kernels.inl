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

/// Scores of a row without softcap, mask and bias; returns the largest.
float multiply(const float* raw, float multiplier, float* scores, std::size_t n) {
    float lanes[kLanes];
    for (float& lane : lanes) lane = -kInfinity;
    std::size_t j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            const float s = clampFinite(raw[j + l] * multiplier);
            scores[j + l] = s;
            lanes[l] = s > lanes[l] ? s : lanes[l];
        }
    }
    float largest = -kInfinity;
    for (; j < n; ++j) {
        scores[j] = clampFinite(raw[j] * multiplier);
        largest = scores[j] > largest ? scores[j] : largest;
    }
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
    return largest;
}

float adjustAndFindLargest(const float* raw, const RowAdjustment& adjustment, float* scores, std::size_t n) {
    const bool plain = adjustment.softcap <= 0 && adjustment.bias == nullptr && adjustment.allowed == nullptr;
    if (plain) return multiply(raw, adjustment.multiplier, scores, n);
    adjust(raw, adjustment, scores, n);
    return largestOf(scores, n);
}

void softmax(const float* raw, const RowAdjustment& adjustment, float* weights, std::size_t n) {
    const float largest = adjustAndFindLargest(raw, adjustment, weights, n);
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

float largestMagnitude(const float* x, std::size_t rows, std::size_t stride, std::size_t cols) {
    float lanes[kLanes] = {};
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * stride;
        std::size_t j = 0;
        for (; j + kLanes <= cols; j += kLanes) {
            for (std::size_t l = 0; l < kLanes; ++l) {
                const float magnitude = __builtin_fabsf(row[j + l]);
                lanes[l] = magnitude > lanes[l] ? magnitude : lanes[l];
            }
        }
        for (; j < cols; ++j) {
            const float magnitude = __builtin_fabsf(row[j]);
            lanes[0] = magnitude > lanes[0] ? magnitude : lanes[0];
        }
    }
    float largest = 0;
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
    return largest;
}

/// Norm of the row whose j-th number is at(j), handed to write(j, value) before gain and bias.
template <typename At, typename Write>
inline void normWith(const At& at, bool rootMeanSquare, double epsilon, std::size_t n, const Write& write) {
    constexpr std::size_t kDoubles = 8;
    const auto sum = [n](const auto& term) {
        double lanes[kDoubles] = {};
        std::size_t j = 0;
        for (; j + kDoubles <= n; j += kDoubles) {
            for (std::size_t l = 0; l < kDoubles; ++l) lanes[l] += term(j + l);
        }
        for (; j < n; ++j) lanes[0] += term(j);
        double total = 0;
        for (const double lane : lanes) total += lane;
        return total;
    };
    const double mean = rootMeanSquare ? 0 : sum(at) / static_cast<double>(n);
    const double squares = sum([&](std::size_t j) { return (at(j) - mean) * (at(j) - mean); });
    const double factor = 1 / __builtin_sqrt(squares / static_cast<double>(n) + epsilon);
    for (std::size_t j = 0; j < n; ++j) write(j, static_cast<float>((at(j) - mean) * factor));
}

void norm(const float* x, const float* residual, const float* gain, const float* bias, bool rootMeanSquare,
          double epsilon, float* y, std::size_t n) {
    const auto from = [&](const auto& at) {
        const auto into = [&](const auto& write) { normWith(at, rootMeanSquare, epsilon, n, write); };
        if (gain == nullptr) {
            into([y](std::size_t j, float value) { y[j] = value; });
        } else if (bias == nullptr) {
            into([y, gain](std::size_t j, float value) { y[j] = value * gain[j]; });
        } else {
            into([y, gain, bias](std::size_t j, float value) { y[j] = value * gain[j] + bias[j]; });
        }
    };
    if (residual == nullptr) {
        from([x](std::size_t j) { return static_cast<double>(x[j]); });
    } else {
        from([x, residual](std::size_t j) {
            return static_cast<double>(x[j]) + static_cast<double>(residual[j]);
        });
    }
}

/// 1/(1 + exp(−u)), from the side on which the exponential is at most 1.
inline float sigmoidOf(float u) {
    const float magnitude = __builtin_fabsf(u);
    const float e = expOfNonPositive(magnitude < -kNegligible ? -magnitude : kNegligible);
    return (u < 0.0F ? e : 1.0F) / (1.0F + e);
}

inline float geluTanhOf(float x) {
    // ½(1 + tanh u) = σ(2u), u = √(2/π)·(x + 0.044715·x³).
    return x * sigmoidOf(1.5957691216F * (x + 0.044715F * x * x * x));
}

/// x·Φ(x) with Φ(−|x|) = ½·erfc(|x|/√2). erfc by Abramowitz and Stegun 7.1.26, error below 1.5e-7.
inline float geluOf(float x) {
    const float magnitude = __builtin_fabsf(x);
    const float bounded = magnitude < 13.0F ? magnitude : 13.0F;  // beyond, Φ(−|x|) is 0 in float
    const float t = 1.0F / (1.0F + 0.3275911F * 0.70710678F * bounded);
    float p = 1.061405429F;
    p = p * t - 1.453152027F;
    p = p * t + 1.421413741F;
    p = p * t - 0.284496736F;
    p = p * t + 0.254829592F;
    const float tail = 0.5F * p * t * expOfNonPositive(-0.5F * bounded * bounded);
    return x * (x < 0.0F ? tail : 1.0F - tail);
}

template <typename Function>
inline void activateWith(const Function& function, float* x, const float* bias, const float* factor,
                         std::size_t n) {
    if (bias != nullptr && factor == nullptr) {
        for (std::size_t j = 0; j < n; ++j) x[j] = function(x[j] + bias[j]);
        return;
    }
    if (bias != nullptr) {
        for (std::size_t j = 0; j < n; ++j) x[j] += bias[j];
    }
    if (factor == nullptr) {
        for (std::size_t j = 0; j < n; ++j) x[j] = function(x[j]);
    } else {
        for (std::size_t j = 0; j < n; ++j) x[j] = function(x[j]) * factor[j];
    }
}

void activate(ActivationKind kind, float* x, const float* bias, const float* factor, std::size_t n) {
    switch (kind) {
        case ActivationKind::Gelu:
            return activateWith([](float u) { return geluOf(u); }, x, bias, factor, n);
        case ActivationKind::GeluTanh:
            return activateWith([](float u) { return geluTanhOf(u); }, x, bias, factor, n);
        case ActivationKind::GeluSigmoid:  // Hendrycks and Gimpel's second approximation
            return activateWith([](float u) { return u * sigmoidOf(1.702F * u); }, x, bias, factor, n);
        case ActivationKind::Silu:
            return activateWith([](float u) { return u * sigmoidOf(u); }, x, bias, factor, n);
        case ActivationKind::Relu:
            return activateWith([](float u) { return u > 0.0F ? u : 0.0F; }, x, bias, factor, n);
        case ActivationKind::Tanh:
            return activateWith([](float u) { return 2.0F * sigmoidOf(2.0F * u) - 1.0F; }, x, bias, factor,
                                n);
    }
}

/// Lowest and highest of the numbers seen, lane by lane.
struct RangeLanes {
    float lowest[kLanes], highest[kLanes];
    std::uint32_t skipped[kLanes];

    explicit RangeLanes(const NumberRange& range) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            lowest[l] = range.lowest;
            highest[l] = range.highest;
            skipped[l] = range.skipped ? 1 : 0;
        }
    }
    inline void see(std::size_t l, float x, bool counts) {
        const float low = counts ? x : kLargest;
        const float high = counts ? x : -kLargest;
        lowest[l] = low < lowest[l] ? low : lowest[l];
        highest[l] = high > highest[l] ? high : highest[l];
        skipped[l] |= counts ? 0U : 1U;
    }
    [[nodiscard]] NumberRange range() const {
        NumberRange all{lowest[0], highest[0], false};
        for (std::size_t l = 0; l < kLanes; ++l) {
            all.lowest = lowest[l] < all.lowest ? lowest[l] : all.lowest;
            all.highest = highest[l] > all.highest ? highest[l] : all.highest;
            all.skipped = all.skipped || skipped[l] != 0;
        }
        return all;
    }
};

inline bool isNumber(float x) {
    return x >= -kLargest && x <= kLargest;  // false for a NaN
}

/// Calls each(lane, j, counts) for every place; counts: a number that is not marked.
template <bool kMarked, typename Each>
inline void forNumbers(const float* x, const std::uint8_t* marks, std::uint8_t bit, std::size_t n,
                       const Each& each) {
    const auto counts = [&](std::size_t j) {
        if constexpr (kMarked) return isNumber(x[j]) && (marks[j] & bit) == 0;
        return isNumber(x[j]);
    };
    std::size_t j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) each(l, j + l, counts(j + l));
    }
    for (; j < n; ++j) each(std::size_t{0}, j, counts(j));
}

void numberRange(const float* x, std::size_t rows, std::size_t stride, std::size_t cols, NumberRange& range) {
    RangeLanes lanes(range);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x + i * stride;
        forNumbers<false>(row, nullptr, 0, cols,
                          [&](std::size_t l, std::size_t j, bool counts) { lanes.see(l, row[j], counts); });
    }
    range = lanes.range();
}

void keepLarger(const float* x, const std::uint8_t* marks, std::uint8_t bit, float* kept, std::size_t n,
                NumberRange& range) {
    RangeLanes lanes(range);
    const auto each = [&](std::size_t l, std::size_t j, bool counts) {
        lanes.see(l, x[j], counts);
        const bool larger = !(__builtin_fabsf(kept[j]) >= __builtin_fabsf(x[j]));
        kept[j] = counts && larger ? x[j] : kept[j];
    };
    if (marks == nullptr) {
        forNumbers<false>(x, marks, bit, n, each);
    } else {
        forNumbers<true>(x, marks, bit, n, each);
    }
    range = lanes.range();
}

void quantise(const float* x, const std::uint8_t* marks, std::uint8_t bit, const Quantiser& quantiser,
              std::uint16_t* out, std::size_t n, NumberRange& range) {
    RangeLanes lanes(range);
    const float low = quantiser.low;
    const float factor = quantiser.factor;
    const float last = quantiser.last;
    const auto each = [&](std::size_t l, std::size_t j, bool counts) {
        lanes.see(l, x[j], counts);
        // The difference of two large numbers may be infinite: then it lies at an end anyway.
        const float t = (x[j] - low) * factor;
        const float above = t > 0.0F ? t : 0.0F;
        const float inside = above < last ? above : last;
        const float shifted =
            inside + 0.5F;  // 0 or more: cutting it off rounds, without a call for every cell
        const auto step = static_cast<std::uint16_t>(static_cast<std::int32_t>(shifted));
        out[j] = counts ? step : quantiser.skipped;
    };
    if (marks == nullptr) {
        forNumbers<false>(x, marks, bit, n, each);
    } else {
        forNumbers<true>(x, marks, bit, n, each);
    }
    range = lanes.range();
}

#include "core/ops/few_rows.inl"

}  // namespace

const RowKernels& kernels(const char* name) {
    static RowKernels set{name, adjust,   softmax, exponentials, additive,   largestMagnitude,
                          norm, activate, fewRows, numberRange,  keepLarger, quantise};
    return set;
}

}  // namespace attn::ATTN_KERNEL_NAMESPACE
