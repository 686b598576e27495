// The bodies of Kernels, compiled once for each instruction set: the including file defines
// ATTN_KERNEL_NAMESPACE.
//
// Trap: as in core/ops/row_kernels.inl, no inline function of another header may be called. And nothing may
// be fused into multiply-adds (-ffp-contract=off, no -mfma): every set gives the same bits.

#include "core/experiment/kernels.h"

#include <cstdint>

namespace attn::experiment::ATTN_KERNEL_NAMESPACE {
namespace {

constexpr std::size_t kLanes = 16;

float sumOfLanes(float* lane) {
    for (std::size_t width = kLanes / 2; width > 0; width /= 2) {
        for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
    }
    return lane[0];
}

void prefixDots(const float* a, const float* b, const std::size_t* ends, std::size_t count, float* out) {
    // Vectors by name: the compiler's own choice, to gather across blocks, is six times slower.
    using Eight = float __attribute__((vector_size(32)));
    static_assert(kLanes * sizeof(float) == 2 * sizeof(Eight));
    Eight low = {};
    Eight high = {};
    std::size_t c = 0;
    for (std::size_t j = 0; j < count; ++j) {
        const std::size_t end = ends[j];
        const std::size_t whole = end - end % kLanes;
        for (; c < whole; c += kLanes) {
            Eight x, y;
            __builtin_memcpy(&x, a + c, sizeof x);
            __builtin_memcpy(&y, b + c, sizeof y);
            low += x * y;
            __builtin_memcpy(&x, a + c + kLanes / 2, sizeof x);
            __builtin_memcpy(&y, b + c + kLanes / 2, sizeof y);
            high += x * y;
        }
        float lane[kLanes];
        __builtin_memcpy(lane, &low, sizeof low);
        __builtin_memcpy(lane + kLanes / 2, &high, sizeof high);
        for (std::size_t l = 0; l < end - whole; ++l) lane[l] += a[whole + l] * b[whole + l];
        out[j] = sumOfLanes(lane);
    }
}

/// exp x = 2^k·exp f with |f| ≤ ln 2 / 2; exp f by its Taylor polynomial of degree 13 (remainder below
/// 1e-17).
inline double expOf(double x) {
    constexpr double kRound =
        6755399441055744.0;  // 1.5·2^52: adding it leaves the nearest integer in the low bits
    const double bounded = x > -708.0 ? x : -708.0;
    const double shifted = bounded * 1.4426950408889634 + kRound;
    const std::uint64_t k =
        __builtin_bit_cast(std::uint64_t, shifted) - __builtin_bit_cast(std::uint64_t, kRound);
    const double whole = shifted - kRound;
    const double f = (bounded - whole * 6.93147180369123816490e-01) - whole * 1.90821492927058770002e-10;
    double p = 1.0 / 6227020800.0;
    p = p * f + 1.0 / 479001600.0;
    p = p * f + 1.0 / 39916800.0;
    p = p * f + 1.0 / 3628800.0;
    p = p * f + 1.0 / 362880.0;
    p = p * f + 1.0 / 40320.0;
    p = p * f + 1.0 / 5040.0;
    p = p * f + 1.0 / 720.0;
    p = p * f + 1.0 / 120.0;
    p = p * f + 1.0 / 24.0;
    p = p * f + 1.0 / 6.0;
    p = p * f + 0.5;
    const double value = (p * f * f + f) + 1.0;
    const double power = __builtin_bit_cast(double, (k + 1023U) << 52U);
    return x < -708.0 ? 0.0 : value * power;
}

void exponentials(const double* x, double shift, double factor, double* out, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = expOf((x[i] - shift) * factor);
}

}  // namespace

const Kernels& kernels(const char* name) {
    static const Kernels set{name, prefixDots, exponentials};
    return set;
}

}  // namespace attn::experiment::ATTN_KERNEL_NAMESPACE
