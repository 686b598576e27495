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

std::string wordOf(const ShownSequence& shown, Index key) {
    const auto place = static_cast<std::size_t>(shown.words.placeOf(key));
    return tokenForFile(shown.wordTokens->items[place].text);
}

/// The weights of all pieces of a key's word.
float wordWeight(const ShownSequence& shown, const QueryScores& scores, Index key) {
    const TokenRun& run = shown.words.run(shown.words.placeOf(key));
    double sum = 0;
    for (Index j = run.first; j < run.first + run.count; ++j)
        sum += static_cast<double>(scores.weights[static_cast<std::size_t>(j)]);
    return static_cast<float>(sum);
}

}  // namespace

std::vector<Index> NeuronLabels::shownKeys(Index keys) const {
    std::vector<Index> list;
    for (Index key = 0; key < keys; ++key)
        if (!shown || shown->pieces.placeOf(key) >= 0) list.push_back(key);
    return list;
}

bool NeuronLabels::hasWords() const {
    return shown && shown->words.count() < shown->pieces.count();
}

std::string neuronsToCsv(const NeuronHead& head, const NeuronRow& row, const NeuronLabels& labels) {
    std::string out = "key,key_token,scores_raw,scores,pattern";
    if (!labels.off.empty()) out += ",scores_raw_without,scores_without,pattern_without";
    if (labels.hasWords()) out += ",word,word_pattern";
    if (labels.hasWords() && !labels.off.empty()) out += ",word_pattern_without";
    for (Index d = 0; d < head.width(); ++d) out += ",term_" + std::to_string(d);
    out += "\n";
    for (const Index key : labels.shownKeys(head.keys())) {
        const auto place = static_cast<std::size_t>(key);
        out += std::to_string(key) + "," + csvField(labels.keyTokens.at(place)) + fields(row.all, place);
        if (!labels.off.empty()) out += fields(row.kept, place);
        if (labels.hasWords()) {
            const ShownSequence& shown = *labels.shown;
            out +=
                "," + csvField(wordOf(shown, key)) + "," + shortestDecimal(wordWeight(shown, row.all, key));
            if (!labels.off.empty()) out += "," + shortestDecimal(wordWeight(shown, row.kept, key));
        }
        for (Index d = 0; d < head.width(); ++d)
            out += "," + shortestDecimal(static_cast<float>(head.term(row, key, d)));
        out += "\n";
    }
    return out;
}

std::string neuronsToJson(const NeuronHead& head, const NeuronRow& row, const NeuronLabels& labels) {
    ordered_json keys = ordered_json::array();
    for (const Index key : labels.shownKeys(head.keys())) {
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
        if (labels.hasWords()) {
            entry["word"] = wordOf(*labels.shown, key);
            entry["word_pattern"] = wordWeight(*labels.shown, row.all, key);
            if (!labels.off.empty())
                entry["without"]["word_pattern"] = wordWeight(*labels.shown, row.kept, key);
        }
        keys.push_back(std::move(entry));
    }
    ordered_json document = {{"site", head.site()},      {"head", head.head()},
                             {"query", row.query},       {"query_token", labels.queryToken},
                             {"terms", head.termName()}, {"left", row.left},
                             {"off", labels.off}};
    if (const auto outer = head.outer(); !outer.empty())
        document["outer"] = std::vector<float>(outer.begin(), outer.end());
    if (labels.shown && labels.shown->pieces.hidden() > 0) {
        document["hidden"] = labels.shown->pieces.hidden();
        document["renormalised"] = labels.renormalised;
    }
    document["keys"] = std::move(keys);
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
