#include "ui/views/scaling_look.h"

namespace attn::ui {

experiment::StudySettings studySettings(const ScalingState& state) {
    experiment::StudySettings settings;
    settings.distribution = static_cast<experiment::Distribution>(state.distribution);
    settings.correlation = state.correlation;
    settings.dk = state.dk;
    settings.keys = state.keys;
    settings.seed = static_cast<std::uint64_t>(state.seed);
    settings.exponent = state.exponent;
    settings.samples = state.samples;
    settings.draw = state.draw;
    return settings;
}

ScalingLook scalingLook(const ScalingState& state) {
    return {state.dk, state.measure, state.sorted};
}

}  // namespace attn::ui
