#pragma once
/// Two matrices set against each other, number by number: of two texts, heads, layers, models or settings.

#include "core/tensor/tensor.h"

#include <span>
#include <string>
#include <vector>

namespace attn {

/// A place of a common sequence: where it stands in either, or −1 where only the other one has it.
struct AlignedPlace {
    Index a = -1, b = -1;

    bool operator==(const AlignedPlace&) const = default;
};
using Alignment = std::vector<AlignedPlace>;

/// As many equal tokens as possible stand together, in both orders (a longest common subsequence); what only
/// `a` has comes before what only `b` has. O(|a|·|b|) time, a byte of memory for each pair.
[[nodiscard]] Alignment alignTokens(std::span<const std::string> a, std::span<const std::string> b);
/// Places 0 … n − 1 of either; the longer one's rest alone. For dimensions, which have no names.
[[nodiscard]] Alignment alignPlaces(Index a, Index b);

/// ½ Σ p ln(p/m) + ½ Σ q ln(q/m) with m = (p + q)/2, in nats: 0 for equal rows, ln 2 for rows that share no
/// key. Weights ≥ 0 of the same keys. NaN where one of the rows sums to 0. Source: Lin, "Divergence measures
/// based on the Shannon entropy", 1991.
[[nodiscard]] double jensenShannon(std::span<const float> p, std::span<const float> q);

struct Comparison {
    TensorPtr a, b;        ///< over the common places; −∞ where the one does not have the row or column
    TensorPtr difference;  ///< b − a; −∞ where either has nothing (a masked score is nothing)
    double largestDifference = 0;    ///< by size; 0: they are the same wherever both have a number
    std::vector<double> divergence;  ///< of each row; NaN where a row has no partner. Empty: no probabilities
};

/// `probabilities`: rows are weights, and have a divergence; columns that one side lacks count as weight 0.
[[nodiscard]] Comparison compareMatrices(BufferPool& pool, const MatrixView& a, const MatrixView& b,
                                         const Alignment& rows, const Alignment& columns, bool probabilities);

}  // namespace attn
