#include "ui/views/scores_row.h"

#include "core/scene/experiment_state.h"
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
    const TracePtr& trace = document.trace();
    const Selection* selection = document.selection();
    const SiteInfo* site = trace ? trace->site(selection->site().toStdString()) : nullptr;
    const int query = selection->pinned().query;
    if (site == nullptr || query < 0 || query >= site->queries ||
        site->keys < static_cast<Index>(SaturationState::kLeastLogits) ||
        site->keys > static_cast<Index>(SaturationState::kMostLogits)) {
        return std::nullopt;
    }
    ScoresRow row;
    row.query = QString::fromStdString(
        displayText(trace->queryTokens(*site).items[static_cast<std::size_t>(query)].text));
    const EffectiveParameters parameters = trace->parameters(*site);
    row.scale = parameters.scale / parameters.temperature;
    if (!fetch) return row;
    const TensorPtr scores = document.request({site->name, TensorName::ScoresRaw});
    if (!scores) return row;
    const Index head = std::clamp<Index>(selection->head(), 0, scores->heads() - 1);
    for (Index key = 0; key < scores->cols(); ++key) {
        const float value = scores->at(head, query, key);
        if (!std::isfinite(value)) return std::nullopt;
        row.logits.push_back(asWritten(value));
        row.labels.push_back(displayText(trace->keyTokens(*site).items[static_cast<std::size_t>(key)].text));
    }
    return row;
}

}  // namespace attn::ui
