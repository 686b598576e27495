#include "core/experiment/gradient_step.h"

#include "core/base/parallel.h"
#include "core/experiment/kernels.h"
#include "core/experiment/row_measures.h"
#include "core/experiment/scaling.h"
#include "core/model/gaussian.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace attn::experiment {
namespace {

using RowD = Eigen::RowVectorXd;

MatrixD gaussianMatrix(std::uint64_t key, Index rows, Index cols, double deviation) {
    MatrixD matrix(rows, cols);
    std::vector<float> row(static_cast<std::size_t>(cols));
    for (Index r = 0; r < rows; ++r) {
        fillGaussian(mixHash(key, static_cast<std::uint64_t>(r)), 0, 1.0F, row.data(), row.size());
        for (Index c = 0; c < cols; ++c) {
            matrix(r, c) = deviation * static_cast<double>(row[static_cast<std::size_t>(c)]);
        }
    }
    return matrix;
}

MatrixD valuesOf(const MatrixD& tokens) {
    return tokens.bottomRows(tokens.rows() - 1) / std::sqrt(static_cast<double>(tokens.cols()));
}

struct Forward {
    RowD p, difference;  ///< difference: z − v_1
};

Forward forward(const Eigen::Ref<const RowD>& q, const Eigen::Ref<const MatrixD>& k, const MatrixD& values,
                double factor) {
    const RowD dots = q * k.transpose();
    Forward result;
    result.p.resize(dots.size());
    const auto n = static_cast<std::size_t>(dots.size());
    softmaxRow({dots.data(), n}, factor, {result.p.data(), n});
    result.difference = result.p * values;
    result.difference -= values.row(0);
    return result;
}

/// ∂L/∂s. They sum to 0: that of the largest weight, where the difference would cancel, is taken from the
/// others.
RowD scoreGradient(const Forward& forward, const MatrixD& values) {
    const RowD g = forward.difference * values.transpose();
    const double mean = forward.p.dot(g);
    RowD gradient(g.size());
    Index m = 0;
    forward.p.maxCoeff(&m);
    for (Index i = 0; i < g.size(); ++i) gradient(i) = forward.p(i) * (g(i) - mean);
    gradient(m) = 0;
    gradient(m) = -gradient.sum();
    return gradient;
}

/// ∂L/∂q
RowD queryGradient(const RowD& scores, const Eigen::Ref<const MatrixD>& k, double factor) {
    RowD gradient = scores * k;
    gradient *= factor;
    return gradient;
}

Spread spreadOf(std::vector<double> values) {
    Spread spread;
    if (values.empty()) return spread;
    for (const double value : values) spread.mean += value / static_cast<double>(values.size());
    std::sort(values.begin(), values.end());
    const auto quantile = [&](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
    };
    spread.low = quantile(0.1);
    spread.median = quantile(0.5);
    spread.high = quantile(0.9);
    return spread;
}

}  // namespace

ToyProblem toyProblem(const GradientSettings& settings, std::int64_t dk, std::int64_t index) {
    const std::uint64_t hash = mixHash(
        mixHash(mixHash(settings.seed, "gradient_step"), static_cast<std::uint64_t>(index)), "problem");
    const double deviation = 1 / std::sqrt(static_cast<double>(settings.dModel));
    return {gaussianMatrix(mixHash(hash, "tokens"), settings.keys + 1, settings.dModel, 1),
            gaussianMatrix(mixHash(hash, "W_Q"), settings.dModel, dk, deviation),
            gaussianMatrix(mixHash(hash, "W_K"), settings.dModel, dk, deviation)};
}

double toyLoss(const ToyProblem& problem, double factor) {
    const RowD q = problem.tokens.row(0) * problem.wq;
    const MatrixD k = problem.tokens.bottomRows(problem.tokens.rows() - 1) * problem.wk;
    return forward(q, k, valuesOf(problem.tokens), factor).difference.squaredNorm() / 2;
}

MatrixD toyGradient(const ToyProblem& problem, double factor) {
    const RowD q = problem.tokens.row(0) * problem.wq;
    const MatrixD k = problem.tokens.bottomRows(problem.tokens.rows() - 1) * problem.wk;
    const MatrixD values = valuesOf(problem.tokens);
    const RowD scores = scoreGradient(forward(q, k, values, factor), values);
    return problem.tokens.row(0).transpose() * queryGradient(scores, k, factor);
}

Result<void> GradientExperiment::configure(const GradientSettings& settings) {
    ScalingSettings shared;
    shared.dks = settings.dks;
    shared.keys = settings.keys;
    shared.exponents = settings.exponents;
    if (Result<void> good = checkScaling(shared); !good) return good;
    if (settings.keys < 2) return fail(translatable("core", "there is one key: two or more are needed"));
    if (settings.dModel < 1 || settings.dModel > 1024) {
        return fail(translatable("core", "%1: %2 is outside %3 … %4"),
                    {"d_model", std::to_string(settings.dModel), "1", "1024"});
    }
    m_settings = settings;
    m_problems = 0;
    m_sizes.clear();
    return {};
}

std::int64_t GradientExperiment::advance(std::int64_t count, const std::stop_token& stop) {
    const std::int64_t target = m_problems + std::clamp<std::int64_t>(count, 0, kMostProblems - m_problems);
    const std::size_t perProblem = m_settings.dks.size() * m_settings.exponents.size();
    m_sizes.resize(static_cast<std::size_t>(target) * perProblem);
    const std::int64_t largest = *std::max_element(m_settings.dks.begin(), m_settings.dks.end());

    parallelFor(static_cast<std::size_t>(target - m_problems), [&](std::size_t i) {
        if (stop.stop_requested()) return;
        const std::int64_t index = m_problems + static_cast<std::int64_t>(i);
        const ToyProblem problem = toyProblem(m_settings, largest, index);
        const RowD q = problem.tokens.row(0) * problem.wq;
        const MatrixD k = problem.tokens.bottomRows(m_settings.keys) * problem.wk;
        const MatrixD values = valuesOf(problem.tokens);
        const double length = problem.tokens.row(0).norm();
        Sizes* out = m_sizes.data() + static_cast<std::size_t>(index) * perProblem;
        for (const std::int64_t dk : m_settings.dks) {
            // A smaller d_k is the first columns of the largest one. A Ref of them would be a silent copy:
            // row-major.
            const RowD query = q.head(dk);
            const MatrixD keys = k.leftCols(dk);
            for (const double exponent : m_settings.exponents) {
                const double factor = powerScale(static_cast<double>(dk), exponent);
                const RowD scores = scoreGradient(forward(query, keys, values, factor), values);
                *out++ = {length * queryGradient(scores, keys, factor).norm(), scores.norm()};
            }
        }
    });
    if (!stop.stop_requested()) m_problems = target;
    return m_problems;
}

GradientSnapshot GradientExperiment::snapshot() const {
    GradientSnapshot result;
    result.settings = m_settings;
    result.problems = m_problems;
    const std::size_t exponents = m_settings.exponents.size();
    const std::size_t perProblem = m_settings.dks.size() * exponents;
    std::vector<double> weights(static_cast<std::size_t>(m_problems)), scores(weights.size());
    for (std::size_t d = 0; d < m_settings.dks.size(); ++d) {
        GradientRow row{m_settings.dks[d], {}};
        for (std::size_t e = 0; e < exponents; ++e) {
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const Sizes& sizes = m_sizes[i * perProblem + d * exponents + e];
                weights[i] = sizes.weights;
                scores[i] = sizes.scores;
            }
            row.scales.push_back({powerScale(static_cast<double>(row.dk), m_settings.exponents[e]),
                                  spreadOf(weights), spreadOf(scores)});
        }
        result.rows.push_back(std::move(row));
    }
    return result;
}

}  // namespace attn::experiment
