#include "core/analysis/head_table.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace attn {

std::vector<HeadMeasure> tabledMeasures(bool probed) {
    std::vector<HeadMeasure> measures;
    for (std::size_t i = 0; i < kHeadMeasureCount; ++i) {
        const auto measure = static_cast<HeadMeasure>(i);
        if (i < kTextMeasureCount || (probed && isProbed(measure))) measures.push_back(measure);
    }
    return measures;
}

std::string headsToCsv(const std::vector<HeadRow>& rows, const std::vector<HeadMeasure>& measures) {
    std::string out = "site,head,off";
    for (const HeadMeasure measure : measures) out += std::string(",") + toString(measure);
    out += "\n";
    for (const HeadRow& row : rows) {
        out +=
            csvField(row.site) + "," + std::to_string(row.head) + "," + (row.off ? toString(*row.off) : "");
        for (const HeadMeasure measure : measures) {
            const float value = measureOf(row.measures, measure);
            out += "," + (std::isnan(value) ? std::string() : shortestDecimal(value));
        }
        out += "\n";
    }
    return out;
}

std::string headsToJson(const std::vector<HeadRow>& rows, const std::vector<HeadMeasure>& measures) {
    using nlohmann::ordered_json;
    ordered_json heads = ordered_json::array();
    for (const HeadRow& row : rows) {
        ordered_json head = {{"site", row.site}, {"head", row.head}};
        head["off"] = row.off ? ordered_json(toString(*row.off)) : ordered_json();
        for (const HeadMeasure measure : measures) {
            const float value = measureOf(row.measures, measure);
            head[toString(measure)] = std::isnan(value) ? ordered_json() : ordered_json(value);
        }
        heads.push_back(std::move(head));
    }
    return ordered_json{{"heads", std::move(heads)}}.dump() + "\n";
}

}  // namespace attn
