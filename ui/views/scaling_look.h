#pragma once
/// From a scene's state of the scaling experiment: what is asked of the draws, and how they are looked at.

#include "core/experiment/scaling_study.h"
#include "core/scene/experiment_state.h"

namespace attn::ui {

/// How the picture is looked at: nothing is measured anew for it.
struct ScalingLook {
    std::int64_t dk = 64;  ///< where the marker stands
    RowMeasure measure = RowMeasure::Saturated;
    bool sorted = false;

    bool operator==(const ScalingLook&) const = default;
};

/// A study's question from a scene's state.
[[nodiscard]] experiment::StudySettings studySettings(const ScalingState& state);
[[nodiscard]] ScalingLook scalingLook(const ScalingState& state);

}  // namespace attn::ui
