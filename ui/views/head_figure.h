#pragma once
/// All heads of a model as a figure, and their measures as a table: what the Heads workspace and
/// `attention-lab export --view heads` hand on.

#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/views/figure_source.h"
#include "ui/views/head_survey.h"

#include <vector>

namespace attn::ui {

/// Pictures and measures of every site of a trace, worked out now, one site after another.
[[nodiscard]] std::vector<HeadSurvey::Site> surveyHeads(const Trace& trace);

/// Puts a measure's numbers, by site and head, beside those that the patterns have.
void takeMeasure(std::vector<HeadSurvey::Site>& sites, HeadMeasure measure,
                 const std::vector<std::vector<float>>& values);

/// The sheet in the view's order and colours. `trace` may be null: nothing to show then. Data: the measures
/// of the text, those of the probe where `probed`, and the view's own.
[[nodiscard]] PageSource headsSource(const TracePtr& trace, const View& view,
                                     const std::vector<HeadSurvey::Site>& sites, bool probed = false);

/// A site as it stands beside a row: "3" for "blocks.3".
[[nodiscard]] QString shortSiteName(const std::string& site);

/// The heads with most of a measure first; those that have none of it last, layer by layer.
[[nodiscard]] std::vector<std::pair<int, int>> headsByMeasure(const std::vector<HeadSurvey::Site>& sites,
                                                              HeadMeasure measure);

}  // namespace attn::ui
