#include "core/analysis/head_table.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace attn {

std::string headsToCsv(const std::vector<HeadRow>& rows) {
    std::string out = "site,head,off";
    for (std::size_t i = 0; i < kHeadMeasureCount; ++i)
        out += std::string(",") + toString(static_cast<HeadMeasure>(i));
    out += "\n";
    for (const HeadRow& row : rows) {
        out +=
            csvField(row.site) + "," + std::to_string(row.head) + "," + (row.off ? toString(*row.off) : "");
        for (const float value : row.measures)
            out += "," + (std::isnan(value) ? std::string() : shortestDecimal(value));
        out += "\n";
    }
    return out;
}

std::string headsToJson(const std::vector<HeadRow>& rows) {
    using nlohmann::ordered_json;
    ordered_json heads = ordered_json::array();
    for (const HeadRow& row : rows) {
        ordered_json head = {{"site", row.site}, {"head", row.head}};
        head["off"] = row.off ? ordered_json(toString(*row.off)) : ordered_json();
        for (std::size_t i = 0; i < kHeadMeasureCount; ++i) {
            const float value = row.measures[i];
            head[toString(static_cast<HeadMeasure>(i))] =
                std::isnan(value) ? ordered_json() : ordered_json(value);
        }
        heads.push_back(std::move(head));
    }
    return ordered_json{{"heads", std::move(heads)}}.dump() + "\n";
}

}  // namespace attn
