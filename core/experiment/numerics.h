#pragma once
/// The softmax as number formats compute it: float64, float32, float16 and bfloat16, each with and without
/// subtracting the maximum first.

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace attn::experiment {

enum class NumberFormat : std::uint8_t { Float64, Float32, Float16, Bfloat16 };
inline constexpr std::array<NumberFormat, 4> kNumberFormats{NumberFormat::Float64, NumberFormat::Float32,
                                                            NumberFormat::Float16, NumberFormat::Bfloat16};

[[nodiscard]] const char* toString(NumberFormat format);  ///< "float64" …
[[nodiscard]] double largestFinite(NumberFormat format);
/// The value of the format nearest to `value`, ties to even; infinity beyond the largest; subnormals kept.
[[nodiscard]] double roundTo(NumberFormat format, double value);

/// What went wrong first, in the order of the computation.
enum class NumericsEvent : std::uint8_t {
    None,
    InputOverflow,  ///< scale·logit itself is beyond the format's largest number
    ExpOverflow,    ///< exp of a score is
    SumOverflow,    ///< every exp is finite, their sum is not
    SumZero,        ///< every exp is rounded to 0: 0/0
};

/// One softmax in one format. Every operation's result is rounded into the format before the next one uses
/// it:
///   x = scale·logit;  s = x − max x (or x);  e = exp s;  Σ = e_1 + e_2 + … from the left;  p = e/Σ.
/// exp is computed in higher precision and then rounded. Values are given as doubles, which hold all four
/// formats.
struct NumericsCell {
    NumberFormat format = NumberFormat::Float64;
    bool maximumSubtracted = false;
    std::vector<double> scores;        ///< x
    std::vector<double> shifted;       ///< s
    std::vector<double> exponentials;  ///< e; infinity where it overflowed
    double sum = 0;
    std::vector<double> weights;  ///< p; NaN from ∞/∞ and 0/0 as the format gives it

    NumericsEvent event = NumericsEvent::None;
    std::optional<std::size_t> eventAt;  ///< the first logit at which InputOverflow or ExpOverflow occurred
    std::optional<Error> message;        ///< one sentence for the event: at which logit and why
    /// max |p − p of float64 with the maximum subtracted|; infinity where a weight is NaN.
    double largestError = 0;
};

/// All eight cells: each format without, then with the maximum subtracted. Errors: those of saturationRow.
[[nodiscard]] Result<std::vector<NumericsCell>> softmaxNumerics(const std::vector<double>& logits,
                                                                double scale);

}  // namespace attn::experiment
