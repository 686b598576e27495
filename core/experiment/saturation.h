#pragma once
/// Softmax saturation: the weights of a vector of logits times a scale a, and what is left of their gradient.

#include "core/base/error.h"
#include "core/experiment/row_measures.h"

#include <vector>

namespace attn::experiment {

/// Longest vector of logits: the longest context of the toy model.
inline constexpr std::size_t kMaxLogits = 1024;
/// Most scales in one call of saturationCurves.
inline constexpr std::size_t kMaxScales = 4096;
/// Range of the scale's slider; the functions take every finite scale above 0.
inline constexpr double kLeastScale = 0.01, kLargestScale = 1000;

struct SaturationRow {
    double scale = 1;
    std::vector<double> p;  ///< softmax(scale·logits)
    RowMeasures measures;

    bool operator==(const SaturationRow&) const = default;
};

/// An error for no logit, for one (its weight is 1 at every scale), for more than kMaxLogits, and for one
/// that is not finite, with its place from 1.
[[nodiscard]] Result<void> checkLogits(const std::vector<double>& logits);

/// The row at one scale. Errors: checkLogits; a scale that is not finite and above 0.
[[nodiscard]] Result<SaturationRow> saturationRow(const std::vector<double>& logits, double scale);

/// One row for each scale, in their order. Errors: those of saturationRow; no scale; more than kMaxScales.
[[nodiscard]] Result<std::vector<SaturationRow>> saturationCurves(const std::vector<double>& logits,
                                                                  const std::vector<double>& scales);

/// `count` ≥ 2 scales from kLeastScale to kLargestScale, evenly spaced in their logarithm.
[[nodiscard]] std::vector<double> logarithmicScales(std::size_t count);

}  // namespace attn::experiment
