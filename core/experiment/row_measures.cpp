#include "core/experiment/row_measures.h"

#include "core/experiment/kernels.h"

#include <algorithm>
#include <cmath>

namespace attn::experiment {
namespace {

struct JacobianNorm {
    double frobenius, largest;
};

/// The largest entry is L = p_m·(1 − p_m) of the largest weight p_m. Sum of squares over L², with u = p/L so
/// that tiny entries do not underflow:
///   1 + Σ_{i≠m} [(u_i(1 − p_i))² + 2(p_m·u_i)²] + 2 Σ_{i≠m} p_i²·Σ_{j<i, j≠m} u_j².
JacobianNorm jacobianNorm(std::span<const double> p, std::size_t m, double others) {
    const double largest = p[m] * others;
    if (largest == 0) return {0, 0};
    const double inverse = 1 / largest;
    const double twicePm = 2 * p[m] * p[m];
    double sum = 1, before = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (i == m) continue;
        const double u = p[i] * inverse;
        const double rest = 1 - p[i];
        const double square = u * u;
        sum += square * (rest * rest + twicePm) + 2 * (p[i] * p[i]) * before;
        before += square;
    }
    return {largest * std::sqrt(sum), largest};
}

}  // namespace

double RowMeasures::effectiveNumber() const {
    return portableExp(entropyNats);
}

RowMeasures softmaxRow(std::span<const double> logits, double scale, std::span<double> weights) {
    const auto top = std::max_element(logits.begin(), logits.end());
    const auto m = static_cast<std::size_t>(top - logits.begin());
    const double maximum = *top;
    kernels().exponentials(logits.data(), maximum, scale, weights.data(), logits.size());

    double others = 0, distance = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (i == m || weights[i] == 0) continue;  // 0·∞ would be NaN
        others += weights[i];
        distance += weights[i] * ((maximum - logits[i]) * scale);
    }
    const double sum = 1 + others;
    const double inverse = 1 / sum;
    for (double& weight : weights) weight *= inverse;

    RowMeasures measures;
    measures.maxP = weights[m];
    measures.entropyNats = portableLog1p(others) + distance * inverse;
    const JacobianNorm norm = jacobianNorm(weights, m, others * inverse);
    measures.jacobianFrobenius = norm.frobenius;
    measures.jacobianLargest = norm.largest;
    measures.saturated = norm.frobenius < kSaturationThreshold;
    return measures;
}

MatrixD softmaxJacobian(std::span<const double> weights) {
    const auto n = static_cast<Index>(weights.size());
    MatrixD jacobian(n, n);
    double sum = 0;
    for (const double p : weights) sum += p;
    for (Index i = 0; i < n; ++i) {
        const double p = weights[static_cast<std::size_t>(i)];
        for (Index j = 0; j < n; ++j) jacobian(i, j) = -p * weights[static_cast<std::size_t>(j)];
        double others = 0;
        for (Index j = 0; j < n; ++j) others += j == i ? 0 : weights[static_cast<std::size_t>(j)];
        jacobian(i, i) = p * (others / sum);
    }
    return jacobian;
}

}  // namespace attn::experiment
