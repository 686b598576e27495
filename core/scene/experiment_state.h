#pragma once
/// What the two experiments are set to: inputs in the sense of undo and saving, but no input of the pipeline.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace attn {

enum class AxisKind : std::uint8_t { Linear, Logarithmic };

/// Where softmax saturates: logits times a scale.
struct SaturationState {
    static constexpr std::size_t kLeastLogits = 2, kMostLogits = 1024;
    static constexpr std::size_t kMostTableScales = 64;
    static constexpr double kLeastScale = 0.01, kLargestScale = 1000;
    static constexpr double kLeastTableScale = 1e-6, kLargestTableScale = 1e6;

    std::vector<double> logits{1, 1, 2};  ///< 2 … 1024 finite numbers
    double scale = 1;                     ///< 0.01 … 1000
    std::vector<double> tableScales{1, 2, 3, 10, 100};
    AxisKind axis = AxisKind::Logarithmic;  ///< of the curves over the scale
    /// Whose logits they are (the keys of a sentence): one for each, or none at all.
    std::vector<std::string> labels;

    bool operator==(const SaturationState&) const = default;
};

enum class ComponentDistribution : std::uint8_t { Gaussian, Uniform, Signs };

/// What is drawn against d_k: a mean over rows of softmax weights.
enum class RowMeasure : std::uint8_t { Saturated, MaxP, Entropy, Jacobian };

/// Why scores are divided by √d_k: drawn queries and keys.
struct ScalingState {
    static constexpr std::int64_t kLargestDk = 1024;
    static constexpr std::int64_t kLeastKeys = 2, kLargestKeys = 1024;
    static constexpr std::int64_t kMostSamples = 10'000'000;

    ComponentDistribution distribution = ComponentDistribution::Gaussian;
    double correlation = 0;  ///< ρ of the keys with the query, −1 … 1
    std::int64_t dk = 64;    ///< 1 … 1024
    std::int64_t keys = 16;
    std::int64_t seed = 1;          ///< 0 … 2³² − 1
    std::int64_t samples = 10'000;  ///< where refining stops
    double exponent = 0.5;          ///< the free β of d_k^−β, 0 … 1
    std::int64_t draw = 0;          ///< the sample whose softmax is shown, 0 … kMostSamples − 1
    bool sorted = false;            ///< its weights, the largest first
    RowMeasure measure = RowMeasure::Saturated;

    bool operator==(const ScalingState&) const = default;
};

struct Experiments {
    SaturationState saturation;
    ScalingState scaling;

    bool operator==(const Experiments&) const = default;
};

}  // namespace attn
