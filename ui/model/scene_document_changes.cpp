// What is switched off or hidden in the model, what it predicts without that, and how tokens are shown.
#include "core/analysis/predictions.h"
#include "core/text/tokenizer.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"

#include <algorithm>

namespace attn::ui {

void SceneDocument::toggleHead(const QString& site, int head) {
    const SiteInfo* const info = m_trace ? m_trace->site(site.toStdString()) : nullptr;
    if (info == nullptr || head < 0 || head >= info->heads) return;
    Inputs inputs = m_scene.inputs;
    attn::toggleHead(inputs.ablations, info->name, head, info->heads, m_scene.view.heads.ablation);
    const bool off = ablationOfHead(inputs.ablations, info->name, head).has_value();
    const QString text = off ? tr("Switch head %1 of %2 off") : tr("Switch head %1 of %2 on");
    changeInputs(std::move(inputs), text.arg(head).arg(site), Merging::Never);
}

void SceneDocument::toggleHeads(const QString& site) {
    const SiteInfo* const info = m_trace ? m_trace->site(site.toStdString()) : nullptr;
    if (info == nullptr) return;
    Inputs inputs = m_scene.inputs;
    attn::toggleHeads(inputs.ablations, info->name, info->heads, m_scene.view.heads.ablation);
    const bool off = !ablationsOfHeads(inputs.ablations, info->name, info->heads).empty();
    const QString text = off ? tr("Switch all heads of %1 off") : tr("Switch all heads of %1 on");
    changeInputs(std::move(inputs), text.arg(site), Merging::Never);
}

void SceneDocument::toggleMlp(const QString& site) {
    const std::string name = site.toStdString();
    if (!m_trace || m_trace->find({name, TensorName::MlpOut}) == nullptr) return;
    Inputs inputs = m_scene.inputs;
    attn::toggleMlp(inputs.ablations, name, m_scene.view.heads.ablation);
    const bool off = ablationOfMlp(inputs.ablations, name).has_value();
    const QString text = off ? tr("Switch the MLP of %1 off") : tr("Switch the MLP of %1 on");
    changeInputs(std::move(inputs), text.arg(site), Merging::Never);
}

void SceneDocument::clearAblations() {
    Inputs inputs = m_scene.inputs;
    inputs.ablations.clear();
    changeInputs(std::move(inputs), tr("Switch everything on"), Merging::Never);
}

void SceneDocument::setAblationKind(AblationKind kind) {
    HeadsView heads = m_scene.view.heads;
    heads.ablation = kind;
    setHeadsView(heads);
    Inputs inputs = m_scene.inputs;
    for (Ablation& each : inputs.ablations) each.kind = kind;
    changeInputs(std::move(inputs), tr("Change what switching off means"), Merging::Never);
}

void SceneDocument::toggleMaskedToken(int position) {
    if (!m_trace || position < 0 || static_cast<std::size_t>(position) >= m_trace->tokens().items.size())
        return;
    Inputs inputs = m_scene.inputs;
    std::vector<std::int64_t>& masked = inputs.maskedTokens;
    const auto place = std::lower_bound(masked.begin(), masked.end(), position);
    const bool hide = place == masked.end() || *place != position;
    if (hide) {
        masked.insert(place, position);
    } else {
        masked.erase(place);
    }
    changeInputs(std::move(inputs),
                 hide ? tr("Hide token %1").arg(position) : tr("Show token %1").arg(position),
                 Merging::Never);
}

void SceneDocument::setSegmentFrom(int token, int segment) {
    const ModelInfo* const model = m_trace ? m_trace->model() : nullptr;
    if (model == nullptr || segment < 0 || segment >= model->tokenTypes || token < 0) return;
    Inputs inputs = m_scene.inputs;
    inputs.segments.resize(m_trace->tokens().found, 0);
    for (auto at = static_cast<std::size_t>(token); at < inputs.segments.size(); ++at)
        inputs.segments[at] = segment;
    const bool none = std::all_of(inputs.segments.begin(), inputs.segments.end(),
                                  [](std::int64_t each) { return each == 0; });
    if (none) inputs.segments.clear();
    changeInputs(std::move(inputs), tr("Segment %1 from token %2 on").arg(segment).arg(token),
                 Merging::Never);
}

void SceneDocument::clearSegments() {
    Inputs inputs = m_scene.inputs;
    inputs.segments.clear();
    changeInputs(std::move(inputs), tr("One segment"), Merging::Never);
}

std::shared_ptr<const RowEntries> SceneDocument::requestBaseline() {
    if (!m_trace || !m_trace->logitRows()) return nullptr;
    Inputs present = m_trace->inputs();
    // A target that the model writes by itself would be another one without the changes: the same is
    // compared.
    if (const Tokens* target = m_trace->target();
        target != nullptr && !present.target && !present.targetIds) {
        present.targetIds.emplace();
        for (const Token& token : target->items) present.targetIds->push_back(token.id);
    }
    const Inputs wanted = withoutChanges(present);
    present.parameters.set(ParameterId::SamplingTemperature,
                           spec(ParameterId::SamplingTemperature).defaultValue);
    if (present == wanted) {  // nothing was changed
        m_baselineInputs = wanted;
        m_baseline = m_trace->logitRows();
        return m_baseline;
    }
    if (m_baseline && m_baselineInputs == wanted) return m_baseline;
    if (m_baselineAsked != wanted) {
        m_baselineAsked = wanted;
        m_worker->requestAside(Worker::Aside::Baseline, wanted);
    }
    return nullptr;
}

void SceneDocument::requestProbe(const Inputs& inputs) {
    m_worker->requestAside(Worker::Aside::Probe, inputs);
}

void SceneDocument::cancelProbe() {
    m_worker->cancelAside(Worker::Aside::Probe);
}

/// The trace itself is let go: a row of its last residual stream is all that is looked at.
void SceneDocument::receiveBaseline(const Result<TracePtr>& trace) {
    m_baselineAsked.reset();
    if (!trace) {
        emit failed(errorText(trace.error()));
        return;
    }
    m_baselineInputs = (*trace)->inputs();
    m_baseline = (*trace)->logitRows();
    emit baselineReady();
}

namespace {

/// What the decoder of an encoder-decoder reads after the token that it starts with.
std::vector<std::int64_t> targetIds(const Tokens& target) {
    std::vector<std::int64_t> ids;
    for (std::size_t i = 1; i < target.items.size(); ++i) ids.push_back(target.items[i].id);
    return ids;
}

}  // namespace

void SceneDocument::writeToken(std::int64_t id) {
    if (!m_trace || !isCurrent()) return;
    Inputs inputs = m_scene.inputs;
    const std::string token = tokenOf(*m_trace, id).text;
    if (m_trace->target() != nullptr) {
        inputs.target.reset();
        inputs.targetIds = targetIds(*m_trace->target());
        inputs.targetIds->push_back(id);
    } else if (inputs.ids) {
        inputs.ids->push_back(id);
    } else {
        if (inputs.text.size() + token.size() > kMaxTextBytes) return;
        inputs.text += token;
    }
    changeInputs(std::move(inputs), tr("Write ‘%1’").arg(QString::fromStdString(displayText(token, 40))),
                 Merging::Never);
}

void SceneDocument::eraseLastToken() {
    if (!m_trace || !isCurrent()) return;
    Inputs inputs = m_scene.inputs;
    if (m_trace->target() != nullptr) {
        inputs.target.reset();
        inputs.targetIds = targetIds(*m_trace->target());
        if (inputs.targetIds->empty()) return;
        inputs.targetIds->pop_back();
    } else if (inputs.ids) {
        if (inputs.ids->empty()) return;
        inputs.ids->pop_back();
    } else {
        const Tokens& tokens = m_trace->tokens();
        if (tokens.items.empty() || tokens.truncated()) return;
        const std::string& last = tokens.items.back().text;
        if (last.empty() || !inputs.text.ends_with(last)) return;
        inputs.text.resize(inputs.text.size() - last.size());
    }
    changeInputs(std::move(inputs), tr("Take the last token back"), Merging::Never);
}

}  // namespace attn::ui
