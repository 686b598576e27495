#include "core/experiment/kernels.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace attn::experiment {
namespace kernels_baseline {
const Kernels& kernels(const char* name);
}
#ifdef ATTN_HAVE_AVX2_KERNELS
namespace kernels_avx2 {
const Kernels& kernels(const char* name);
}
#endif

namespace {

/// ln((1 + r)/(1 − r)) = 2 artanh r, |r| ≤ 0.172.
double twiceArtanh(double r) {
    const double square = r * r;
    double p = 2.0 / 23.0;
    for (int k = 21; k >= 3; k -= 2) p = p * square + 2.0 / k;
    return 2.0 * r + r * square * p;
}

/// ln x for normal positive x: x = 2^k·m with m in [√½, √2).
double portableLog(double x) {
    constexpr std::uint64_t kRootOfHalf = 0x3fe6a09e667f3bcdULL;
    const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) - kRootOfHalf;
    const auto k = static_cast<double>(static_cast<std::int64_t>(shifted) >> 52);
    const auto m = std::bit_cast<double>((shifted & 0x000fffffffffffffULL) + kRootOfHalf);
    return k * 6.93147180369123816490e-01 +
           (twiceArtanh((m - 1.0) / (m + 1.0)) + k * 1.90821492927058770002e-10);
}

}  // namespace

const Kernels& baselineKernels() {
    return kernels_baseline::kernels("baseline");
}

const Kernels& kernels() {
#ifdef ATTN_HAVE_AVX2_KERNELS
    static const bool hasAvx2 = __builtin_cpu_supports("avx2") != 0;
    if (hasAvx2) return kernels_avx2::kernels("AVX2");
#endif
    return baselineKernels();
}

double portableExp(double x) {
    double result = 0;
    baselineKernels().exponentials(&x, 0, 1, &result, 1);
    return result;
}

double portableLog1p(double x) {
    return x < 0.4 ? twiceArtanh(x / (2.0 + x)) : portableLog(1.0 + x);
}

double powerScale(double d, double exponent) {
    if (exponent == 0) return 1;
    if (exponent == 0.5) return 1 / std::sqrt(d);
    if (exponent == 1) return 1 / d;
    return portableExp(-exponent * portableLog1p(d - 1));
}

}  // namespace attn::experiment
