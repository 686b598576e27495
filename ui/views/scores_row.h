#pragma once
/// The selected query's row of raw scores, as logits to play with: between the tokens that are shown.

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace attn::ui {

class SceneDocument;

struct ScoresRow {
    QString query;               ///< the token that asks
    std::vector<double> logits;  ///< empty: being worked out
    std::vector<std::string> labels;
    double scale = 1;  ///< what the model multiplies them by: its scale over its temperature
    int hidden = 0;    ///< keys that are left out: the softmax of the others is theirs, renormalised
};

/// Nothing where no query is selected, or a hidden one, or where it has fewer than two keys. Raw scores, so
/// that the scale means what it means in the model; masked keys are among them. `fetch`: ask for the numbers.
[[nodiscard]] std::optional<ScoresRow> selectedScoresRow(SceneDocument& document, bool fetch = true);

}  // namespace attn::ui
