#include "core/experiment/half.h"

#include <bit>

namespace attn::experiment {
namespace {

constexpr std::uint64_t kMantissaMask = (std::uint64_t{1} << 52U) - 1;

template <unsigned ExponentBits, unsigned MantissaBits>
struct Half {
    static constexpr std::int64_t kBias = (std::int64_t{1} << (ExponentBits - 1)) - 1;
    static constexpr std::uint64_t kExponentOnes = (std::uint64_t{1} << ExponentBits) - 1;
    static constexpr std::uint64_t kInfinity = kExponentOnes << MantissaBits;
    static constexpr unsigned kDropped = 52 - MantissaBits;

    static std::uint16_t fromDouble(double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const std::uint64_t sign = (bits >> 63U) << 15U;
        const std::uint64_t mantissa = bits & kMantissaMask;
        const auto exponent = static_cast<std::int64_t>((bits >> 52U) & 0x7ffU);
        if (exponent == 0x7ff) {
            std::uint64_t payload = mantissa >> kDropped;
            if (mantissa != 0 && payload == 0) payload = 1;  // still a NaN
            return static_cast<std::uint16_t>(sign | kInfinity | payload);
        }
        const std::int64_t rebiased = exponent - 1023 + kBias;
        if (rebiased >= static_cast<std::int64_t>(kExponentOnes)) {
            return static_cast<std::uint16_t>(sign | kInfinity);
        }
        // Below the normal range one more bit is dropped for every step of the exponent.
        std::uint64_t whole = mantissa;
        unsigned dropped = kDropped;
        if (rebiased > 0) {
            whole |= static_cast<std::uint64_t>(rebiased) << 52U;
        } else {
            if (rebiased < -static_cast<std::int64_t>(MantissaBits) - 1) {
                return static_cast<std::uint16_t>(sign);
            }
            whole |= std::uint64_t{1} << 52U;
            dropped += static_cast<unsigned>(1 - rebiased);
        }
        const std::uint64_t kept = whole >> dropped;
        const std::uint64_t rest = whole & ((std::uint64_t{1} << dropped) - 1);
        const std::uint64_t tie = std::uint64_t{1} << (dropped - 1);
        // A carry runs from the mantissa into the exponent, and from the largest exponent into infinity: as
        // it should.
        const std::uint64_t rounded = kept + ((rest > tie || (rest == tie && (kept & 1U) != 0)) ? 1 : 0);
        return static_cast<std::uint16_t>(sign | rounded);
    }

    static double toDouble(std::uint16_t half) {
        const std::uint64_t sign = (std::uint64_t{half} >> 15U) << 63U;
        const std::uint64_t exponent = (std::uint64_t{half} >> MantissaBits) & kExponentOnes;
        const std::uint64_t mantissa = half & ((std::uint64_t{1} << MantissaBits) - 1);
        if (exponent == kExponentOnes) {
            return std::bit_cast<double>(sign | (std::uint64_t{0x7ff} << 52U) | (mantissa << kDropped));
        }
        if (exponent == 0) {
            // mantissa·2^(1 − bias − MantissaBits), exact in double
            const double unit = std::bit_cast<double>(
                static_cast<std::uint64_t>(1023 + 1 - kBias - static_cast<std::int64_t>(MantissaBits))
                << 52U);
            const double magnitude = static_cast<double>(mantissa) * unit;
            return sign != 0 ? -magnitude : magnitude;
        }
        const auto rebiased = static_cast<std::uint64_t>(static_cast<std::int64_t>(exponent) - kBias + 1023);
        return std::bit_cast<double>(sign | (rebiased << 52U) | (mantissa << kDropped));
    }
};

using Float16 = Half<5, 10>;
using Bfloat16 = Half<8, 7>;

}  // namespace

std::uint16_t float16FromDouble(double value) {
    return Float16::fromDouble(value);
}
double doubleFromFloat16(std::uint16_t bits) {
    return Float16::toDouble(bits);
}
std::uint16_t bfloat16FromDouble(double value) {
    return Bfloat16::fromDouble(value);
}
double doubleFromBfloat16(std::uint16_t bits) {
    return Bfloat16::toDouble(bits);
}

}  // namespace attn::experiment
