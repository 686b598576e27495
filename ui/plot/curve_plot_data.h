#pragma once
/// What a plot of curves shows, as plain data: the same for the window and for a figure.

#include <QString>
#include <QStringList>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace attn::ui {

enum class AxisScale : std::uint8_t { Linear, Logarithmic };

struct PlotAxis {
    QString title;
    AxisScale scale = AxisScale::Linear;
    /// What the axis reaches; both or none. None: all that is shown, rounded outwards to ticks.
    std::optional<double> low, high;
    /// Names in place of numbers: entry i stands at i + 1 (a bar for each key). Too many for the room: every
    /// n-th.
    QStringList categories;

    bool operator==(const PlotAxis&) const = default;
};

/// Where a colour comes from: a slot of the palette's series, or one of the quiet ones.
inline constexpr int kMutedColor = -1;  ///< grey: what stands behind
inline constexpr int kTextColor = -2;   ///< the text's: a theory over measured colours
inline constexpr int kBarColor = -3;    ///< a weight's bar

enum class CurveLook : std::uint8_t { Line, Dashed, Points, LineAndPoints, Thin };

/// One line, or points. Where x or y is no number, or not above 0 on a logarithmic axis, the line has a gap.
struct Curve {
    QString name;  ///< in the legend and under the pointer; empty: in neither
    std::vector<double> x, y;
    std::vector<double> low, high;  ///< a band around it (standard errors, quantiles); empty: none
    int color = 0;
    CurveLook look = CurveLook::Line;

    bool operator==(const Curve&) const = default;
};

/// y at x, between two points in a straight line; NaN outside of the curve. x rises.
[[nodiscard]] double valueAt(const Curve& curve, double x);

/// Bars that stand on 0: bar i reaches from lowest + i·width to lowest + (i + 1)·width.
struct BarSeries {
    QString name;
    double lowest = 0, width = 1;
    std::vector<double> heights;
    int color = kBarColor;
    double gap = 0;        ///< share of the width that stays free between bars
    bool outline = false;  ///< its contour alone: a second histogram over a first
    bool numbers = false;  ///< each height above its bar, where there is room

    bool operator==(const BarSeries&) const = default;
};

/// A part of the x axis that has a name: "saturated".
struct ShadedRegion {
    double low = 0, high = 0;  ///< what lies outside of the axis is cut off
    QString name;

    bool operator==(const ShadedRegion&) const = default;
};

struct ReferenceLine {
    bool vertical = false;
    double value = 0;
    QString name;
    int color = kMutedColor;

    bool operator==(const ReferenceLine&) const = default;
};

struct CurvePlotData {
    QString title;  ///< above the plot in figures; for screen readers
    PlotAxis x, y;
    std::vector<ShadedRegion> regions;
    std::vector<BarSeries> bars;  ///< behind the curves
    std::vector<Curve> curves;
    std::vector<ReferenceLine> lines;
    /// A vertical line at the state that the window shows; it can be dragged. None: no marker.
    std::optional<double> marker;
    QString markerName;  ///< "a": the marker is labelled "a = 1"
    bool legend = true;
    QString note;  ///< one quiet line under the title: what is left out

    [[nodiscard]] bool isEmpty() const { return curves.empty() && bars.empty(); }
    /// Everything but the marker's place is the same.
    [[nodiscard]] bool samePicture(const CurvePlotData& other) const;
    bool operator==(const CurvePlotData&) const = default;
};

/// What both axes reach, with the scale's demands met: low < high, and above 0 where logarithmic.
struct PlotRange {
    double low = 0, high = 1;

    bool operator==(const PlotRange&) const = default;
};
[[nodiscard]] PlotRange rangeOfX(const CurvePlotData& data);
[[nodiscard]] PlotRange rangeOfY(const CurvePlotData& data);

/// Where numbers stand on an axis.
struct AxisTicks {
    std::vector<double> major, minor;
    QStringList labels;  ///< one for each of major; empty where there is no room for it
};
/// About `most` of them at round numbers; on a logarithmic axis at powers of ten, and at 2 and 5 where few
/// decades are shown.
[[nodiscard]] AxisTicks axisTicks(const PlotAxis& axis, const PlotRange& range, int most);

}  // namespace attn::ui
