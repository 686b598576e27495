#pragma once
/// The √d_k page for taking away: a figure of all its plots, and its table.

#include "core/experiment/scaling_study.h"
#include "ui/views/figure_source.h"
#include "ui/views/scaling_plots.h"

#include <vector>

namespace attn::ui {

/// A picture that has all its parts, refined to `settings.samples`; on the thread that asks. Errors: settings
/// out of range. `trace`: whose q and k are measured beside; null: none.
[[nodiscard]] Result<experiment::StudyPicture> scalingPicture(const experiment::StudySettings& settings,
                                                              TracePtr trace = nullptr,
                                                              const std::string& site = {});

/// The plots of the page in the order of the argument; with `only`, that one alone.
[[nodiscard]] FigureSpec scalingFigure(const experiment::StudyPicture& picture, const ScalingLook& look,
                                       std::optional<ScalingPlot> only = std::nullopt);

/// Figure and data of a picture. The data are the columns of `attention-lab scaling`, one row for each d_k
/// of the curves; where those are the usual ones, one more for the chosen d_k if it is none of them.
[[nodiscard]] PageSource scalingSource(const experiment::StudyPicture& picture, const ScalingLook& look,
                                       std::optional<ScalingPlot> only = std::nullopt);

}  // namespace attn::ui
