#include "core/experiment/score_statistics.h"

#include "core/experiment/row_measures.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace attn::experiment {

void Histogram::add(double x) {
    const double place = (x - lowest) / width;
    if (place < 0) {
        ++below;
    } else if (place >= static_cast<double>(counts.size())) {
        ++above;
    } else {
        ++counts[static_cast<std::size_t>(place)];
    }
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    below += other.below;
    above += other.above;
}

std::uint64_t Histogram::total() const {
    return std::accumulate(counts.begin(), counts.end(), below + above);
}

Histogram Histogram::scaledBy(double factor) const {
    Histogram scaled = *this;
    scaled.lowest *= factor;
    scaled.width *= factor;
    return scaled;
}

double Histogram::density(std::size_t bin) const {
    const std::uint64_t all = total();
    return all == 0 ? 0 : static_cast<double>(counts[bin]) / (static_cast<double>(all) * width);
}

ScoreAccumulator::ScoreAccumulator(std::int64_t dk, double centre, std::vector<double> factors)
    : m_dk(dk),
      m_centre(centre),
      m_factors(std::move(factors)),
      m_rowMeasures(kMeasures * m_factors.size()),
      m_saturated(m_factors.size()) {}

void ScoreAccumulator::add(Moments& moments, double x, double inverseCount) const {
    const double delta = x - moments.mean;
    moments.mean += delta * inverseCount;
    moments.squares += delta * (x - moments.mean);
}

void ScoreAccumulator::addRow(std::span<const double> dots, std::span<double> weights) {
    double sum = 0, squares = 0;
    for (const double dot : dots) {
        const double y = dot - m_centre;
        sum += y;
        squares += y * y;
    }
    const auto n = static_cast<double>(dots.size());
    ++m_rows;
    m_dots += static_cast<std::int64_t>(dots.size());
    const double inverse = 1 / static_cast<double>(m_rows);
    const double firstDelta = sum / n - m_first.mean;
    add(m_first, sum / n, inverse);
    add(m_second, squares / n, inverse);
    m_cross += firstDelta * (squares / n - m_second.mean);

    for (std::size_t f = 0; f < m_factors.size(); ++f) {
        const RowMeasures row = softmaxRow(dots, m_factors[f], weights.first(dots.size()));
        Moments* const out = &m_rowMeasures[kMeasures * f];
        add(out[0], row.entropyNats, inverse);
        add(out[1], row.maxP, inverse);
        add(out[2], row.jacobianFrobenius, inverse);
        m_saturated[f] += row.saturated ? 1 : 0;
    }
}

void ScoreAccumulator::merge(Moments& moments, const Moments& other, double share, double weight) const {
    const double delta = other.mean - moments.mean;
    moments.mean += delta * share;
    moments.squares += other.squares + delta * delta * weight;
}

void ScoreAccumulator::merge(const ScoreAccumulator& other) {
    if (other.m_rows == 0) return;
    const auto ours = static_cast<double>(m_rows);
    const auto theirs = static_cast<double>(other.m_rows);
    const double share = theirs / (ours + theirs);
    const double weight = ours * share;
    m_cross +=
        other.m_cross + (other.m_first.mean - m_first.mean) * (other.m_second.mean - m_second.mean) * weight;
    merge(m_first, other.m_first, share, weight);
    merge(m_second, other.m_second, share, weight);
    for (std::size_t i = 0; i < m_rowMeasures.size(); ++i) {
        merge(m_rowMeasures[i], other.m_rowMeasures[i], share, weight);
    }
    for (std::size_t f = 0; f < m_saturated.size(); ++f) m_saturated[f] += other.m_saturated[f];
    m_rows += other.m_rows;
    m_dots += other.m_dots;
}

Estimate ScoreAccumulator::estimate(const Moments& moments) const {
    const auto rows = static_cast<double>(m_rows);
    if (m_rows < 2) return {moments.mean, std::numeric_limits<double>::infinity()};
    return {moments.mean, std::sqrt(moments.squares / (rows * (rows - 1)))};
}

ScoreMeasures ScoreAccumulator::measures() const {
    ScoreMeasures result;
    result.dk = m_dk;
    result.rows = m_rows;
    result.dotProducts = m_dots;
    result.mean = estimate(m_first);
    result.mean.value += m_centre;
    // variance = mean(b) − mean(a)², a and b a row's means of y and y²: to first order its error is that of
    // the mean of b − 2·mean(a)·a.
    const double a = m_first.mean;
    const double spread = m_second.squares - 4 * a * m_cross + 4 * a * a * m_first.squares;
    result.variance = estimate({m_second.mean - a * a, spread > 0 ? spread : 0});
    for (std::size_t f = 0; f < m_factors.size(); ++f) {
        const Moments* const row = &m_rowMeasures[kMeasures * f];
        // A share of 0 or 1 has no spread; others have that of a Bernoulli variable.
        const auto saturated = static_cast<double>(m_saturated[f]);
        const double share = m_rows > 0 ? saturated / static_cast<double>(m_rows) : 0;
        result.scales.push_back({m_factors[f], estimate(row[0]), estimate(row[1]), estimate(row[2]),
                                 estimate({share, saturated * (1 - share)})});
    }
    return result;
}

}  // namespace attn::experiment
