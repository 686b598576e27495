#pragma once
/// The selected query's row of raw scores, as logits to play with.

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
};

/// Nothing where no query is selected, or where it has fewer than two keys. Raw scores, so that the scale
/// means what it means in the model; masked keys are among them. `fetch`: ask for the numbers.
[[nodiscard]] std::optional<ScoresRow> selectedScoresRow(SceneDocument& document, bool fetch = true);

}  // namespace attn::ui
