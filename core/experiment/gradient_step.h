#pragma once
/// One step of gradient for a one-layer toy problem whose target is known: how much of it reaches W_Q, with
/// and without scaling, as d_k grows.
///
/// The problem. n + 1 tokens x_0 … x_n with d_model Gaussian components of variance 1; W_Q and W_K, d_model ×
/// d_k, with entries of variance 1/d_model, so that the components of q and k have variance 1; values v_i =
/// x_i/√d_model, of length about 1. Token 0 asks and tokens 1 … n answer; it should have found token 1:
///   q = x_0·W_Q;  k_i = x_i·W_K;  s_i = factor·q·k_i;  p = softmax(s);  z = Σ p_i·v_i;  L = ½‖z − v_1‖².
/// Back-propagation, through the real softmax:
///   g_i = v_i·(z − v_1);  ∂L/∂s_i = p_i(g_i − Σ_j p_j·g_j);  ∂L/∂W_Q = x_0 ⊗ factor·Σ_i ∂L/∂s_i·k_i.
///
/// What to expect: without scaling the gradient is not small for every draw, for q·k has no factor 1/√d_k
/// before it and k is √d_k long. It is unsteady: nothing where the row is saturated, large where two keys are
/// near a tie. Hence quantiles over draws, and beside ∂L/∂W_Q what is left of the gradient at the scores.

#include "core/base/error.h"
#include "core/tensor/matrix.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace attn::experiment {

struct GradientSettings {
    std::vector<std::int64_t> dks{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};  ///< 1 … 1024
    std::int64_t keys = 16;                                                      ///< 2 … 1024
    std::int64_t dModel = 32;                                                    ///< 1 … 1024
    std::uint64_t seed = 1;
    std::vector<double> exponents{0, 0.5};  ///< factor = d_k^−exponent, 0 … 1

    bool operator==(const GradientSettings&) const = default;
};

struct ToyProblem {
    MatrixD tokens;  ///< (1 + keys) × d_model
    MatrixD wq, wk;  ///< d_model × d_k
};

/// Problem number `index`: every number is a function of (seed, index, place), so that a larger d_k keeps the
/// columns of a smaller one.
[[nodiscard]] ToyProblem toyProblem(const GradientSettings& settings, std::int64_t dk, std::int64_t index);
/// L
[[nodiscard]] double toyLoss(const ToyProblem& problem, double factor);
/// ∂L/∂W_Q, d_model × d_k
[[nodiscard]] MatrixD toyGradient(const ToyProblem& problem, double factor);

/// How a positive number is spread over draws.
struct Spread {
    double mean = 0, low = 0, median = 0, high = 0;  ///< low, high: 10 % and 90 % of the draws lie below

    bool operator==(const Spread&) const = default;
};

struct GradientScale {
    double factor = 1;
    Spread weights;  ///< ‖∂L/∂W_Q‖_F
    Spread scores;   ///< ‖∂L/∂s‖

    bool operator==(const GradientScale&) const = default;
};

struct GradientRow {
    std::int64_t dk = 1;
    std::vector<GradientScale> scales;  ///< one for each exponent

    bool operator==(const GradientRow&) const = default;
};

struct GradientSnapshot {
    GradientSettings settings;
    std::int64_t problems = 0;
    std::vector<GradientRow> rows;  ///< one for each of settings.dks, in their order

    bool operator==(const GradientSnapshot&) const = default;
};

/// Problem after problem; the same seed gives the same problems. One thread at a time.
class GradientExperiment {
public:
    static constexpr std::int64_t kMostProblems = 4096;

    /// Starts from no problems. An error names the first setting that is out of range; then nothing changes.
    [[nodiscard]] Result<void> configure(const GradientSettings& settings);
    [[nodiscard]] const GradientSettings& settings() const { return m_settings; }
    [[nodiscard]] std::int64_t problems() const { return m_problems; }

    /// Adds `count` problems, at most to kMostProblems, over all threads; none of them where a stop is
    /// requested. Returns the number of problems there are now.
    std::int64_t advance(std::int64_t count, const std::stop_token& stop = {});

    [[nodiscard]] GradientSnapshot snapshot() const;

private:
    struct Sizes {
        double weights, scores;
    };

    GradientSettings m_settings;
    std::int64_t m_problems = 0;
    std::vector<Sizes> m_sizes;  ///< problems × d_k × exponents
};

}  // namespace attn::experiment
