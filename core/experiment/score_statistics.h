#pragma once
/// Statistics of dot products q·k, gathered row by row (one query with its keys) and merged in a fixed order.

#include <cstdint>
#include <span>
#include <vector>

namespace attn::experiment {

/// A measured number and its standard error, which is infinite where one row is all there is.
struct Estimate {
    double value = 0;
    double standardError = 0;

    bool operator==(const Estimate&) const = default;
};

/// Means over rows of the measures of softmax(factor·row).
struct RowMeans {
    double factor = 1;  ///< what the dot products were multiplied by
    Estimate entropyNats, maxP, jacobianFrobenius;
    Estimate saturated;  ///< share of rows, 0 … 1

    bool operator==(const RowMeans&) const = default;
};

/// What was measured on dot products with d_k components.
struct ScoreMeasures {
    std::int64_t dk = 1;
    std::int64_t rows = 0;         ///< queries
    std::int64_t dotProducts = 0;  ///< queries × keys
    /// Over all dot products; the variance divides by their number. Rows are taken as independent, the dot
    /// products of one row are not (they share the query): the standard errors come from the spread between
    /// rows.
    Estimate mean, variance;
    std::vector<RowMeans> scales;  ///< one for each factor

    bool operator==(const ScoreMeasures&) const = default;

    /// Mean and variance of factor·q·k.
    [[nodiscard]] Estimate scaledMean(double factor) const {
        return {mean.value * factor, mean.standardError * factor};
    }
    [[nodiscard]] Estimate scaledVariance(double factor) const {
        return {variance.value * factor * factor, variance.standardError * factor * factor};
    }
};

/// Equal bins: bin i holds lowest + i·width ≤ x < lowest + (i + 1)·width. What lies outside is counted, not
/// dropped. Scaled scores have the same counts in bins that are scaled alike.
struct Histogram {
    double lowest = 0, width = 1;
    std::vector<std::uint64_t> counts;
    std::uint64_t below = 0, above = 0;

    bool operator==(const Histogram&) const = default;

    void add(double x);
    void merge(const Histogram& other);  ///< of the same bins
    [[nodiscard]] std::uint64_t total() const;
    /// The histogram of factor·x, factor > 0.
    [[nodiscard]] Histogram scaledBy(double factor) const;
    /// Probability density in bin i: count / (total·width); 0 without any.
    [[nodiscard]] double density(std::size_t bin) const;
};

/// Running means and centred second moments (Welford; merged after Chan, Golub and LeVeque 1979). Bitwise
/// reproducible: what it holds depends on the rows and on where merges happen, so those must be fixed.
class ScoreAccumulator {
public:
    ScoreAccumulator() = default;
    /// `centre`: a number near the mean of the dot products, against cancellation.
    ScoreAccumulator(std::int64_t dk, double centre, std::vector<double> factors);

    /// One row of n ≥ 1 finite dot products. `weights`: scratch for n numbers.
    void addRow(std::span<const double> dots, std::span<double> weights);
    /// Appends rows of the same d_k, centre and factors.
    void merge(const ScoreAccumulator& other);

    [[nodiscard]] std::int64_t rows() const { return m_rows; }
    [[nodiscard]] ScoreMeasures measures() const;

private:
    struct Moments {
        double mean = 0, squares = 0;  ///< squares: Σ (x − mean)²
    };
    static constexpr std::size_t kMeasures = 3;  ///< entropy, largest weight, Jacobian norm

    void add(Moments& moments, double x, double inverseCount) const;
    void merge(Moments& moments, const Moments& other, double share, double weight) const;
    [[nodiscard]] Estimate estimate(const Moments& moments) const;

    std::int64_t m_dk = 1, m_rows = 0, m_dots = 0;
    double m_centre = 0;
    std::vector<double> m_factors;
    Moments m_first, m_second;              ///< of a row's mean of y and of y², y = q·k − centre
    double m_cross = 0;                     ///< Σ of the products of their deviations
    std::vector<Moments> m_rowMeasures;     ///< kMeasures for each factor
    std::vector<std::int64_t> m_saturated;  ///< rows, for each factor
};

}  // namespace attn::experiment
