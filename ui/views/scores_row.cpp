#include "ui/views/scores_row.h"

#include "core/scene/experiment_state.h"
#include "core/trace/shown_tokens.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

/// The number that the float was written as: 0.1f is 0.1, not 0.10000000149.
double asWritten(float value) {
    return QString::number(static_cast<double>(value), 'g', 8).toDouble();
}

}  // namespace

std::optional<ScoresRow> selectedScoresRow(SceneDocument& document, bool fetch) {
    const TracePtr& trace = document.shownTrace();
    const Selection* selection = document.selection();
    const SiteInfo* site = trace ? trace->site(selection->site().toStdString()) : nullptr;
    if (site == nullptr) return std::nullopt;
    // Scores are those of single tokens, words or not.
    const TensorKey raw{site->name, TensorName::ScoresRaw};
    const std::vector<Token>& queries = trace->tokensAlong(raw, Axis::Queries)->items;
    const std::vector<Token>& keys = trace->tokensAlong(raw, Axis::Keys)->items;
    const Index query = placeOfToken(*trace, raw, Axis::Queries, selection->pinned().query);
    if (query < 0 || query >= static_cast<Index>(queries.size()) ||
        keys.size() < SaturationState::kLeastLogits || keys.size() > SaturationState::kMostLogits) {
        return std::nullopt;
    }
    ScoresRow row;
    row.query = QString::fromStdString(displayText(queries[static_cast<std::size_t>(query)].text));
    if (trace->shownTokens())
        row.hidden = static_cast<int>(trace->shownTokens()->along(raw, Axis::Keys)->hidden());
    const EffectiveParameters parameters = trace->parameters(*site);
    row.scale = parameters.scale / parameters.temperature;
    if (!fetch) return row;
    const TensorPtr scores = document.request(trace->find(raw));
    if (!scores) return row;
    const Index head = std::clamp<Index>(selection->head(), 0, scores->heads() - 1);
    for (Index key = 0; key < scores->cols(); ++key) {
        const float value = scores->at(head, query, key);
        if (!std::isfinite(value)) return std::nullopt;
        row.logits.push_back(asWritten(value));
        row.labels.push_back(displayText(keys[static_cast<std::size_t>(key)].text));
    }
    return row;
}

}  // namespace attn::ui
