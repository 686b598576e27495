#pragma once
/// A query's scores, term by term, as tables.

#include "core/analysis/neurons.h"

#include <string>
#include <vector>

namespace attn {

/// What stands beside the numbers.
struct NeuronLabels {
    std::string queryToken;
    std::vector<std::string> keyTokens;
    std::vector<Index> off;  ///< dimensions
};

/// A row for each key: "key,key_token,scores_raw,scores,pattern", where dimensions are off
/// "scores_raw_without,scores_without,pattern_without", then the terms "term_0" … A masked score is "-inf".
[[nodiscard]] std::string neuronsToCsv(const NeuronHead& head, const NeuronRow& row,
                                       const NeuronLabels& labels);
/// {"site", "head", "query", "query_token", "terms": "q∘k", "left", "off", "keys": [{"key", "key_token",
/// "right", "terms", "scores_raw", "scores", "pattern", "without": {…}}…]}; "outer" (w) for additive scores.
/// A masked score is null. Ends with a line break.
[[nodiscard]] std::string neuronsToJson(const NeuronHead& head, const NeuronRow& row,
                                        const NeuronLabels& labels);

}  // namespace attn
