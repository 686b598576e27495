#pragma once
/// Slider positions 0 … positions() against the values of a parameter, linear or logarithmic.
///
/// Both ends are reached exactly. Values are round: integers, multiples of the step, or three significant
/// digits. A logarithmic integer v lies at log(v − min + 1) / log(max − min + 1), so that a range may begin
/// at 0.

#include "core/scene/parameter.h"

namespace attn::ui {

class SliderMapping {
public:
    SliderMapping() = default;
    SliderMapping(double minimum, double maximum, double step, SliderScale scale, bool integer);
    explicit SliderMapping(const ParameterSpec& spec);

    /// Whether a slider over the range makes sense: a seed's four thousand million values do not fit one.
    [[nodiscard]] static bool fits(const ParameterSpec& spec);

    [[nodiscard]] double minimum() const { return m_minimum; }
    [[nodiscard]] double maximum() const { return m_maximum; }
    [[nodiscard]] bool isInteger() const { return m_integer; }

    [[nodiscard]] int positions() const { return m_positions; }  ///< the last position
    [[nodiscard]] double value(int position) const;
    [[nodiscard]] int position(double value) const;  ///< the nearest; values outside lie at the ends
    /// What a key press makes of a value: `steps` small steps up or down (a fortieth of a decade where the
    /// scale is logarithmic and the values real).
    [[nodiscard]] double stepped(double value, int steps) const;
    /// The same for Page Up and Page Down: a tenth of the range, or twice and half, or a quarter of a decade.
    [[nodiscard]] double paged(double value, int pages) const;

private:
    [[nodiscard]] double rounded(double value) const;
    [[nodiscard]] double clamped(double value) const;

    double m_minimum = 0, m_maximum = 1, m_step = 1;
    bool m_logarithmic = false, m_integer = false;
    int m_positions = 1;
};

}  // namespace attn::ui
