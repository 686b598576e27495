#pragma once
/// What the √d_k workspace and its figure draw: plots as plain data, made of a study's picture.

#include "core/experiment/scaling_study.h"
#include "ui/plot/curve_plot_data.h"
#include "ui/views/scaling_look.h"

#include <array>
#include <cstdint>

namespace attn::ui {

enum class ScalingPlot : std::uint8_t {
    Scores,           ///< histogram of q·k, with the theory over it
    ScaledScores,     ///< the same of q·k/√d_k
    Variance,         ///< of both against d_k
    Weights,          ///< one draw's softmax(q·k)
    ScaledWeights,    ///< one draw's softmax(q·k/√d_k)
    Measure,          ///< of rows with no scale and with 1/√d_k against d_k
    Gradient,         ///< ‖∂L/∂W_Q‖ against d_k
    VarianceByScale,  ///< of the scores times each of the four scales
    MeasureByScale,
};
inline constexpr std::array kScalingPlots{
    ScalingPlot::Scores,   ScalingPlot::ScaledScores,    ScalingPlot::Variance,
    ScalingPlot::Weights,  ScalingPlot::ScaledWeights,   ScalingPlot::Measure,
    ScalingPlot::Gradient, ScalingPlot::VarianceByScale, ScalingPlot::MeasureByScale};

/// Whether its x axis is d_k: then it has a marker.
[[nodiscard]] bool isOverDk(ScalingPlot plot);

/// Empty where the picture has not got the part yet.
[[nodiscard]] CurvePlotData scalingPlot(ScalingPlot plot, const experiment::StudyPicture& picture,
                                        const ScalingLook& look);

/// A measure's mean over rows.
[[nodiscard]] experiment::Estimate measureOf(const experiment::RowMeans& row, RowMeasure measure);
/// "no scale", "1/√dₖ", "1/dₖ", "β = 0.30"
[[nodiscard]] QString scaleName(experiment::StudyScale scale, double exponent);

/// softmax(factor·dots)
[[nodiscard]] std::vector<double> softmaxWeights(const std::vector<double>& dots, double factor);

}  // namespace attn::ui
