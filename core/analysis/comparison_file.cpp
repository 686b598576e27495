#include "core/analysis/comparison_file.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace attn {
namespace {

using nlohmann::ordered_json;

std::string field(float value) {
    return std::isfinite(value) ? shortestDecimal(value) : std::string();
}

ordered_json number(double value) {
    return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json rowsOf(const Tensor& tensor) {
    ordered_json rows = ordered_json::array();
    for (Index i = 0; i < tensor.rows(); ++i) {
        ordered_json row = ordered_json::array();
        for (Index j = 0; j < tensor.cols(); ++j) {
            const float value = tensor.at(0, i, j);
            row.push_back(std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

std::string comparisonToCsv(const Comparison& comparison, const ComparisonLabels& labels) {
    std::string out = "row,column,a,b,difference\n";
    for (std::size_t i = 0; i < labels.rows.size(); ++i) {
        for (std::size_t j = 0; j < labels.columns.size(); ++j) {
            const auto row = static_cast<Index>(i), column = static_cast<Index>(j);
            out += csvField(labels.rows[i]) + "," + csvField(labels.columns[j]);
            for (const TensorPtr& each : {comparison.a, comparison.b, comparison.difference})
                out += "," + field(each->at(0, row, column));
            out += "\n";
        }
    }
    return out;
}

std::string comparisonToJson(const Comparison& comparison, const ComparisonLabels& labels) {
    ordered_json divergence = ordered_json::array();
    for (const double each : comparison.divergence) divergence.push_back(number(each));
    const ordered_json document = {
        {"name", labels.name},          {"rows", labels.rows},
        {"columns", labels.columns},    {"a", rowsOf(*comparison.a)},
        {"b", rowsOf(*comparison.b)},   {"difference", rowsOf(*comparison.difference)},
        {"divergence_nats", divergence}};
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
