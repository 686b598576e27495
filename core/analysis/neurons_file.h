#pragma once
/// A query's scores, term by term, as tables.

#include "core/analysis/neurons.h"
#include "core/trace/shown_tokens.h"

#include <string>
#include <vector>

namespace attn {

/// What stands beside the numbers.
struct NeuronLabels {
    std::string queryToken;
    std::vector<std::string> keyTokens;  ///< of all keys
    std::vector<Index> off;              ///< dimensions
    ShownSequencePtr shown = nullptr;    ///< how keys are shown; null: one by one
    bool renormalised = false;           ///< the row's weights are, among the shown keys

    /// The keys that are shown, of `keys` ones.
    [[nodiscard]] std::vector<Index> shownKeys(Index keys) const;
    /// Some of them are pieces of words.
    [[nodiscard]] bool hasWords() const;
};

/// A row for each key that is shown: "key,key_token,scores_raw,scores,pattern", where dimensions are off
/// "scores_raw_without,scores_without,pattern_without", where words are asked for "word,word_pattern" (this
/// query's weights of all pieces of the word, added up), then the terms "term_0" … A masked score is "-inf".
[[nodiscard]] std::string neuronsToCsv(const NeuronHead& head, const NeuronRow& row,
                                       const NeuronLabels& labels);
/// {"site", "head", "query", "query_token", "terms": "q∘k", "left", "off", "keys": [{"key", "key_token",
/// "right", "terms", "scores_raw", "scores", "pattern", "without": {…}}…]}; "outer" (w) for additive scores.
/// A masked score is null. "hidden" (how many keys are) and "renormalised" where keys are hidden; "word" and
/// "word_pattern" as above. Ends with a line break.
[[nodiscard]] std::string neuronsToJson(const NeuronHead& head, const NeuronRow& row,
                                        const NeuronLabels& labels);

}  // namespace attn
