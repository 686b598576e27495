#pragma once
/// The experiments as text: what the command line prints and what the window exports.

#include "core/experiment/saturation.h"
#include "core/experiment/scaling.h"

#include <string>
#include <vector>

namespace attn::experiment {

/// scale,p_1…p_n,max_p,entropy_nats,jacobian_frobenius; one line for each row. Numbers read back to the same
/// doubles.
[[nodiscard]] std::string saturationToCsv(const std::vector<SaturationRow>& rows);
/// {"logits": […], "rows": [{"scale", "p": […], "max_p", "entropy_nats", "jacobian_frobenius"}…]}
[[nodiscard]] std::string saturationToJson(const std::vector<double>& logits,
                                           const std::vector<SaturationRow>& rows);

/// dk,mean,variance,scaled_mean,scaled_variance,entropy_unscaled,entropy_scaled,max_p_unscaled,max_p_scaled,
/// jacobian_unscaled,jacobian_scaled,saturated_unscaled,saturated_scaled. The settings' exponents must have 0
/// and ½.
[[nodiscard]] std::string scalingToCsv(const ScalingSnapshot& snapshot);
/// {"keys", "samples", "seed", "rows": [{…}…]} with the same names.
[[nodiscard]] std::string scalingToJson(const ScalingSnapshot& snapshot);

}  // namespace attn::experiment
