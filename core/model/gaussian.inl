// The bodies of fillGaussian and its siblings, compiled once for each instruction set: the including file
// defines ATTN_KERNEL_NAMESPACE.
//
// Trap: as in core/ops/row_kernels.inl, no inline function of another header may be called. And nothing may
// be fused into multiply-adds (-ffp-contract=off, no -mfma): every set gives the same bits.

#include <cstddef>
#include <cstdint>

namespace attn::ATTN_KERNEL_NAMESPACE {
namespace {

/// A bijection of 32-bit numbers whose output bits all depend on all input bits (two rounds of
/// xor-shift-multiply).
std::uint32_t scramble(std::uint32_t x) {
    x ^= x >> 16U;
    x *= 0x7feb352dU;
    x ^= x >> 15U;
    x *= 0x846ca68bU;
    x ^= x >> 16U;
    return x;
}

/// ln x for normal positive x: x = 2^k·m with m in [√½, √2), ln m = 2 artanh((m − 1)/(m + 1)) as an odd
/// series.
float naturalLog(float x) {
    const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t shifted = bits - 0x3f3504f3U;  // bits of √½
    const auto k = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float m = __builtin_bit_cast(float, (shifted & 0x007fffffU) + 0x3f3504f3U);
    const float r = (m - 1.0F) / (m + 1.0F);
    const float square = r * r;
    const float series =
        2.0F + square * (0.66666667F + square * (0.4F + square * (0.28571430F + square * 0.2222222F)));
    return k * 0.69314718F + r * series;
}

/// Φ⁻¹((1 + x)/2) = √2·erf⁻¹(x), x in (−1, 1).
float normalFromUniform(float x) {
    const float w = -naturalLog((1.0F - x) * (1.0F + x));
    const float c = w - 2.5F;
    float p = 2.81022636e-08F;
    p = 3.43273939e-07F + p * c;
    p = -3.5233877e-06F + p * c;
    p = -4.39150654e-06F + p * c;
    p = 0.00021858087F + p * c;
    p = -0.00125372503F + p * c;
    p = -0.00417768164F + p * c;
    p = 0.246640727F + p * c;
    p = 1.50140941F + p * c;
    const float t = __builtin_sqrtf(w < 5.0F ? 5.0F : w) - 3.0F;
    float q = -0.000200214257F;
    q = 0.000100950558F + q * t;
    q = 0.00134934322F + q * t;
    q = -0.00367342844F + q * t;
    q = 0.00573950773F + q * t;
    q = -0.0076224613F + q * t;
    q = 0.00943887047F + q * t;
    q = 1.00167406F + q * t;
    q = 2.83297682F + q * t;
    return 1.41421356F * x * (w < 5.0F ? p : q);
}

/// 24 bits at the middles of 2^24 equal intervals of (−1, 1): never 0 or ±1.
float uniformAt(std::uint32_t low, std::uint32_t high, std::uint32_t column) {
    const std::uint32_t bits = scramble(scramble(column * 0x9e3779b9U + low) ^ high);
    const auto step = static_cast<float>(static_cast<std::int32_t>(bits >> 8U) - 8388608);
    return (step + 0.5F) * (1.0F / 8388608.0F);
}

}  // namespace

void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    const auto low = static_cast<std::uint32_t>(key);
    const auto high = static_cast<std::uint32_t>(key >> 32U);
    const auto first = static_cast<std::uint32_t>(firstColumn);
    for (std::size_t c = 0; c < n; ++c) {
        out[c] = gain * normalFromUniform(uniformAt(low, high, first + static_cast<std::uint32_t>(c)));
    }
}

void fillUniform(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    const auto low = static_cast<std::uint32_t>(key);
    const auto high = static_cast<std::uint32_t>(key >> 32U);
    const auto first = static_cast<std::uint32_t>(firstColumn);
    const float halfWidth = gain * 1.73205081F;
    for (std::size_t c = 0; c < n; ++c) {
        out[c] = halfWidth * uniformAt(low, high, first + static_cast<std::uint32_t>(c));
    }
}

void fillSigns(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    const auto low = static_cast<std::uint32_t>(key);
    const auto high = static_cast<std::uint32_t>(key >> 32U);
    const auto first = static_cast<std::uint32_t>(firstColumn);
    for (std::size_t c = 0; c < n; ++c) {
        const float x = uniformAt(low, high, first + static_cast<std::uint32_t>(c));
        out[c] = x < 0.0F ? -gain : gain;
    }
}

}  // namespace attn::ATTN_KERNEL_NAMESPACE
