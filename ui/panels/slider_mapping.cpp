#include "ui/panels/slider_mapping.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr int kFinePositions =
    20000;  // 1,024 integers on a logarithmic scale each get a position of their own
constexpr double kMostLinear = 1e6;
constexpr double kStepsPerDecade = 40;

double significant(double value, int digits) {
    if (value == 0) return 0;
    const double decade = std::floor(std::log10(std::abs(value)));
    const double exponent = digits - 1 - decade;
    // Dividing by a power of ten gives the double nearest to the decimal number; multiplying by 0.01 does
    // not.
    if (exponent >= 0) {
        const double unit = std::pow(10.0, exponent);
        return std::round(value * unit) / unit;
    }
    const double unit = std::pow(10.0, -exponent);
    return std::round(value / unit) * unit;
}

}  // namespace

SliderMapping::SliderMapping(double minimum, double maximum, double step, SliderScale scale, bool integer)
    : m_minimum(minimum),
      m_maximum(maximum),
      m_step(step),
      m_logarithmic(scale == SliderScale::Logarithmic),
      m_integer(integer) {
    const double steps = std::round((maximum - minimum) / step);
    m_positions =
        m_logarithmic || steps > kMostLinear ? kFinePositions : std::max(1, static_cast<int>(steps));
}

SliderMapping::SliderMapping(const ParameterSpec& spec)
    : SliderMapping(spec.minimum, spec.maximum, spec.step, spec.sliderScale,
                    spec.kind == ParameterKind::Integer) {}

bool SliderMapping::fits(const ParameterSpec& spec) {
    return spec.sliderScale == SliderScale::Logarithmic ||
           (spec.maximum - spec.minimum) / spec.step <= kMostLinear;
}

double SliderMapping::value(int position) const {
    if (position <= 0) return m_minimum;
    if (position >= m_positions) return m_maximum;
    const double t = static_cast<double>(position) / m_positions;
    if (!m_logarithmic) return rounded(m_minimum + t * (m_maximum - m_minimum));
    if (m_integer) return rounded(m_minimum - 1 + std::exp(t * std::log(m_maximum - m_minimum + 1)));
    return rounded(m_minimum * std::exp(t * std::log(m_maximum / m_minimum)));
}

int SliderMapping::position(double value) const {
    const double inside = clamped(value);
    double t = 0;
    if (!m_logarithmic) {
        t = (inside - m_minimum) / (m_maximum - m_minimum);
    } else if (m_integer) {
        t = std::log(inside - m_minimum + 1) / std::log(m_maximum - m_minimum + 1);
    } else {
        t = std::log(inside / m_minimum) / std::log(m_maximum / m_minimum);
    }
    return static_cast<int>(std::lround(t * m_positions));
}

double SliderMapping::stepped(double value, int steps) const {
    if (!m_logarithmic || m_integer) return rounded(value + steps * m_step);
    // To the next mark of the grid, not one step from wherever a typed value lies.
    const double mark = std::log10(clamped(value)) * kStepsPerDecade;
    const double near = std::round(mark);
    const bool onGrid = significant(std::pow(10.0, near / kStepsPerDecade), 3) == significant(value, 3);
    const double from = onGrid ? near : (steps > 0 ? std::floor(mark) : std::ceil(mark));
    return rounded(std::pow(10.0, (from + steps) / kStepsPerDecade));
}

double SliderMapping::paged(double value, int pages) const {
    if (!m_logarithmic) {
        const double page = std::max(m_step, std::round((m_maximum - m_minimum) / 10 / m_step) * m_step);
        return rounded(value + pages * page);
    }
    if (!m_integer) return stepped(value, pages * static_cast<int>(kStepsPerDecade / 4));
    const double scaled = value * std::exp2(pages);
    return rounded(pages > 0 ? std::max(scaled, value + pages) : std::floor(scaled));
}

double SliderMapping::rounded(double value) const {
    if (m_integer) return clamped(std::round(value));
    if (m_logarithmic) return clamped(significant(value, 3));
    const double perUnit = std::round(1 / m_step);
    const double steps = std::round((value - m_minimum) / m_step);
    return clamped(perUnit >= 1 && std::abs(perUnit * m_step - 1) < 1e-9 ? m_minimum + steps / perUnit
                                                                         : m_minimum + steps * m_step);
}

double SliderMapping::clamped(double value) const {
    return std::clamp(value, m_minimum, m_maximum);
}

}  // namespace attn::ui
