#include "core/analysis/neurons_file.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace attn {
namespace {

using nlohmann::ordered_json;

std::string fields(const QueryScores& scores, std::size_t key) {
    return "," + shortestDecimal(scores.raw[key]) + "," + shortestDecimal(scores.scores[key]) + "," +
           shortestDecimal(scores.weights[key]);
}

ordered_json members(const QueryScores& scores, std::size_t key) {
    const float score = scores.scores[key];
    return {{"scores_raw", scores.raw[key]},
            {"scores", std::isfinite(score) ? ordered_json(score) : ordered_json(nullptr)},
            {"pattern", scores.weights[key]}};
}

}  // namespace

std::string neuronsToCsv(const NeuronHead& head, const NeuronRow& row, const NeuronLabels& labels) {
    std::string out = "key,key_token,scores_raw,scores,pattern";
    if (!labels.off.empty()) out += ",scores_raw_without,scores_without,pattern_without";
    for (Index d = 0; d < head.width(); ++d) out += ",term_" + std::to_string(d);
    out += "\n";
    for (Index key = 0; key < head.keys(); ++key) {
        const auto place = static_cast<std::size_t>(key);
        out += std::to_string(key) + "," + csvField(labels.keyTokens.at(place)) + fields(row.all, place);
        if (!labels.off.empty()) out += fields(row.kept, place);
        for (Index d = 0; d < head.width(); ++d)
            out += "," + shortestDecimal(static_cast<float>(head.term(row, key, d)));
        out += "\n";
    }
    return out;
}

std::string neuronsToJson(const NeuronHead& head, const NeuronRow& row, const NeuronLabels& labels) {
    ordered_json keys = ordered_json::array();
    for (Index key = 0; key < head.keys(); ++key) {
        const auto place = static_cast<std::size_t>(key);
        const auto right = head.right().row(key);
        std::vector<float> terms;
        for (Index d = 0; d < head.width(); ++d) terms.push_back(static_cast<float>(head.term(row, key, d)));
        ordered_json entry = {{"key", key},
                              {"key_token", labels.keyTokens.at(place)},
                              {"right", std::vector<float>(right.data(), right.data() + right.size())},
                              {"terms", terms}};
        entry.update(members(row.all, place));
        if (!labels.off.empty()) entry["without"] = members(row.kept, place);
        keys.push_back(std::move(entry));
    }
    ordered_json document = {{"site", head.site()},      {"head", head.head()},
                             {"query", row.query},       {"query_token", labels.queryToken},
                             {"terms", head.termName()}, {"left", row.left},
                             {"off", labels.off}};
    if (const auto outer = head.outer(); !outer.empty())
        document["outer"] = std::vector<float>(outer.begin(), outer.end());
    document["keys"] = std::move(keys);
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
