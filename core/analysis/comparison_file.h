#pragma once
/// A comparison as a table.

#include "core/analysis/comparison.h"

#include <string>
#include <vector>

namespace attn {

/// What a comparison is of: "blocks.0.pattern", and the labels of its rows and columns.
struct ComparisonLabels {
    std::string name;
    std::vector<std::string> rows, columns;
};

/// "row,column,a,b,difference", a line for each cell; fields are empty where a side has no number.
[[nodiscard]] std::string comparisonToCsv(const Comparison& comparison, const ComparisonLabels& labels);
/// {"name", "rows", "columns", "a", "b", "difference", "divergence_nats"}; null where there is no number.
/// Ends with a line break.
[[nodiscard]] std::string comparisonToJson(const Comparison& comparison, const ComparisonLabels& labels);

}  // namespace attn
