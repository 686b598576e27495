#include "ui/plot/curve_plot_data.h"

#include "ui/plot/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attn::ui {

namespace {

constexpr double kLeastPositive = 1e-300;

/// Takes in what an axis has to show.
class Extent {
public:
    explicit Extent(AxisScale scale) : m_logarithmic(scale == AxisScale::Logarithmic) {}
    void add(double value) {
        if (!std::isfinite(value) || (m_logarithmic && value < kLeastPositive)) return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }
    void add(const std::vector<double>& values) {
        for (const double value : values) add(value);
    }
    [[nodiscard]] std::optional<PlotRange> range() const {
        if (m_low > m_high) return std::nullopt;
        return PlotRange{m_low, m_high};
    }

private:
    bool m_logarithmic;
    double m_low = std::numeric_limits<double>::infinity(), m_high = -m_low;
};

/// 1, 2 or 5 times a power of ten, not below `least`.
double roundStep(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

PlotRange roundedOut(const PlotRange& range, AxisScale scale) {
    if (scale == AxisScale::Logarithmic) {
        const double low = std::floor(std::log10(range.low) + 1e-9);
        const double high = std::max(std::ceil(std::log10(range.high) - 1e-9), low + 1);
        return {std::pow(10.0, low), std::pow(10.0, high)};
    }
    double low = range.low, high = range.high;
    if (!(high > low)) {
        const double room = low == 0.0 ? 1.0 : std::abs(low) / 2;
        low -= low == 0.0 ? 0.0 : room;
        high += room;
    }
    const double step = roundStep(high / 5 - low / 5);
    if (!std::isfinite(step) || step <= 0) return {low, high};
    return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step};
}

PlotRange rangeOf(const PlotAxis& axis, const Extent& extent) {
    const bool logarithmic = axis.scale == AxisScale::Logarithmic;
    if (axis.low && axis.high && *axis.low < *axis.high && (!logarithmic || *axis.low > 0)) {
        return {*axis.low, *axis.high};
    }
    if (!axis.categories.isEmpty()) return {0.5, static_cast<double>(axis.categories.size()) + 0.5};
    return roundedOut(extent.range().value_or(logarithmic ? PlotRange{1, 10} : PlotRange{0, 1}), axis.scale);
}

QString superscript(int value) {
    static constexpr QStringView kDigits(u"⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text;
    for (const QChar digit : QString::number(std::abs(value))) text += kDigits[digit.digitValue()];
    return value < 0 ? QStringLiteral("⁻") + text : text;
}

QString powerText(int exponent) {
    if (exponent >= -3 && exponent <= 4) return shortNumber(std::pow(10.0, exponent));
    return QStringLiteral("10") + superscript(exponent);
}

AxisTicks logarithmicTicks(const PlotRange& range, int most) {
    AxisTicks ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.low) + 1e-9));
    const int last = static_cast<int>(std::ceil(std::log10(range.high) - 1e-9));
    const int decades = std::max(1, last - first);
    const int step = std::max(1, (decades + most - 1) / std::max(1, most));
    const bool between = decades * 3 <= most && decades <= 3;
    const auto inside = [&](double value) {
        return value >= range.low * (1 - 1e-9) && value <= range.high * (1 + 1e-9);
    };
    for (int exponent = first; exponent <= last; ++exponent) {
        for (int factor = 1; factor < 10; ++factor) {
            const double value = factor * std::pow(10.0, exponent);
            if (!inside(value)) continue;
            const bool major = factor == 1 && (exponent - first) % step == 0;
            const bool extra = between && (factor == 2 || factor == 5);
            if (major || extra) {
                ticks.major.push_back(value);
                ticks.labels.append(major ? powerText(exponent) : shortNumber(value));
            } else if (step == 1 && decades <= 10) {
                ticks.minor.push_back(value);
            }
        }
    }
    return ticks;
}

AxisTicks linearTicks(const PlotRange& range, int most) {
    AxisTicks ticks;
    const double step = roundStep(range.high / std::max(1, most) - range.low / std::max(1, most));
    if (!std::isfinite(step) || step <= 0) return ticks;
    const double first = std::ceil(range.low / step - 1e-6), last = std::floor(range.high / step + 1e-6);
    const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    const bool scientific = decimals > 5 || largest >= 1e6;
    for (double i = first; i <= last && ticks.major.size() < 64; ++i) {
        const double value = i * step;
        ticks.major.push_back(value);
        ticks.labels.append(scientific ? shortNumber(value, 2) : numberText(value, {decimals}));
    }
    return ticks;
}

AxisTicks categoryTicks(const PlotAxis& axis, const PlotRange& range, int most) {
    AxisTicks ticks;
    const auto count = static_cast<int>(axis.categories.size());
    const int step = std::max(1, (count + most - 1) / std::max(1, most));
    for (int i = 0; i < count; i += step) {
        const double value = i + 1;
        if (value < range.low || value > range.high) continue;
        ticks.major.push_back(value);
        ticks.labels.append(axis.categories[i]);
    }
    return ticks;
}

}  // namespace

double valueAt(const Curve& curve, double x) {
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    for (std::size_t i = 0; i + 1 < count; ++i) {
        const double a = curve.x[i], b = curve.x[i + 1];
        if (!(a <= x && x <= b)) continue;
        return b > a ? curve.y[i] + (curve.y[i + 1] - curve.y[i]) * ((x - a) / (b - a)) : curve.y[i];
    }
    return std::numeric_limits<double>::quiet_NaN();
}

bool CurvePlotData::samePicture(const CurvePlotData& other) const {
    return marker.has_value() == other.marker.has_value() && title == other.title && x == other.x &&
           y == other.y && regions == other.regions && bars == other.bars && curves == other.curves &&
           lines == other.lines && markerName == other.markerName && legend == other.legend &&
           note == other.note;
}

PlotRange rangeOfX(const CurvePlotData& data) {
    Extent extent(data.x.scale);
    for (const Curve& curve : data.curves) extent.add(curve.x);
    for (const BarSeries& bars : data.bars) {
        extent.add(bars.lowest);
        extent.add(bars.lowest + bars.width * static_cast<double>(bars.heights.size()));
    }
    for (const ReferenceLine& line : data.lines) {
        if (line.vertical) extent.add(line.value);
    }
    return rangeOf(data.x, extent);
}

PlotRange rangeOfY(const CurvePlotData& data) {
    Extent extent(data.y.scale);
    for (const Curve& curve : data.curves) {
        extent.add(curve.y);
        extent.add(curve.low);
        extent.add(curve.high);
    }
    for (const BarSeries& bars : data.bars) {
        extent.add(0);
        extent.add(bars.heights);
    }
    for (const ReferenceLine& line : data.lines) {
        if (!line.vertical) extent.add(line.value);
    }
    return rangeOf(data.y, extent);
}

AxisTicks axisTicks(const PlotAxis& axis, const PlotRange& range, int most) {
    if (!axis.categories.isEmpty()) return categoryTicks(axis, range, most);
    return axis.scale == AxisScale::Logarithmic ? logarithmicTicks(range, most) : linearTicks(range, most);
}

}  // namespace attn::ui
