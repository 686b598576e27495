#include "core/analysis/geometry_file.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

namespace attn {
namespace {

using nlohmann::ordered_json;

std::string field(double value) {
    return "," + shortestDecimal(static_cast<float>(value));
}

Index numberOf(const std::vector<Index>& numbers, std::size_t place) {
    return numbers.empty() ? static_cast<Index>(place) : numbers.at(place);
}

void appendRows(std::string& out, const char* role, const std::vector<PlanePoint>& points,
                const std::vector<double>& lengths, const std::vector<std::string>& tokens,
                const std::vector<Index>& numbers) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        out += std::string(role) + "," + std::to_string(numberOf(numbers, i)) + "," + csvField(tokens.at(i)) +
               field(points[i].x) + field(points[i].y) + field(lengths[i]) + "\n";
    }
}

ordered_json entries(const std::vector<PlanePoint>& points, const std::vector<double>& lengths,
                     const std::vector<std::string>& tokens, const std::vector<Index>& numbers) {
    ordered_json list = ordered_json::array();
    for (std::size_t i = 0; i < points.size(); ++i) {
        list.push_back({{"index", numberOf(numbers, i)},
                        {"token", tokens.at(i)},
                        {"x", points[i].x},
                        {"y", points[i].y},
                        {"length", lengths[i]}});
    }
    return list;
}

}  // namespace

std::string geometryToCsv(const Geometry& geometry, const GeometryLabels& labels) {
    std::string out = "role,index,token,x,y,length\n";
    appendRows(out, "query", geometry.queries, geometry.queryLengths, labels.queryTokens, labels.queries);
    appendRows(out, "key", geometry.keys, geometry.keyLengths, labels.keyTokens, labels.keys);
    return out;
}

std::string geometryToJson(const Geometry& geometry, const GeometryLabels& labels) {
    ordered_json axes = ordered_json::array();
    for (Index axis = 0; axis < geometry.axes.rows(); ++axis) {
        const Eigen::RowVectorXd row = geometry.axes.row(axis);
        axes.push_back(std::vector<double>(row.data(), row.data() + row.size()));
    }
    const ordered_json document = {
        {"site", labels.site},
        {"head", labels.head},
        {"d_k", geometry.width},
        {"exact", geometry.exact},
        {"explained", {geometry.first, geometry.second}},
        {"zero", {geometry.zero.x, geometry.zero.y}},
        {"mean", std::vector<double>(geometry.mean.data(), geometry.mean.data() + geometry.mean.size())},
        {"axes", std::move(axes)},
        {"queries", entries(geometry.queries, geometry.queryLengths, labels.queryTokens, labels.queries)},
        {"keys", entries(geometry.keys, geometry.keyLengths, labels.keyTokens, labels.keys)}};
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
