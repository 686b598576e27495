#pragma once
/// The half formats, bit by bit: float16 (IEEE 754 binary16) and bfloat16 (the upper half of a float32).
///
/// Rounding is to the nearest representable value, ties to the even one; beyond the largest finite value plus
/// half a step it is infinity; subnormal numbers are kept. NaN keeps the upper bits of its payload.

#include <cstdint>

namespace attn::experiment {

[[nodiscard]] std::uint16_t float16FromDouble(double value);
[[nodiscard]] double doubleFromFloat16(std::uint16_t bits);

[[nodiscard]] std::uint16_t bfloat16FromDouble(double value);
[[nodiscard]] double doubleFromBfloat16(std::uint16_t bits);

inline constexpr double kLargestFloat16 = 65504;
inline constexpr double kLargestBfloat16 = 0x1.FEp127;

}  // namespace attn::experiment
