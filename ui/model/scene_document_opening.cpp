// What is opened: evaluated first, taken over when its trace is there.
#include "core/model/builtin_models.h"
#include "core/model/open_model.h"
#include "ui/model/error_text.h"
#include "ui/model/model_title.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QScopedValueRollback>

#include <utility>

namespace attn::ui {
void SceneDocument::openModel(const QString& model) {
    const auto resolved = resolveModel(model.toStdString());
    if (!resolved) {
        emit failed(errorText(resolved.error()));
        return;
    }
    const QString name = modelTitle(*resolved);
    const QString text = tr("Open %1").arg(name);
    const Inputs inputs = withModel(m_scene.inputs, *resolved);
    if (*resolved == "toy") {
        if (m_scene.inputs.model != "toy") changeInputs(inputs, text, Merging::Never);
        return;
    }
    const bool isFolder = modelFolder(*resolved) == std::filesystem::path(*resolved);
    const QString folder = isFolder ? QString::fromStdString(*resolved) : QString();
    beginOpening(inputs, name, [this, inputs, text, folder] {
        changeInputs(inputs, text, Merging::Never);
        if (!folder.isEmpty()) emit opened(folder, {});
    });
}

void SceneDocument::applyExample(const Scene& scene, const QString& title) {
    const QString text = tr("Example: %1").arg(title);
    if (scene.inputs.model == "toy") {
        takeExample(scene, text);
    } else {
        beginOpening(scene.inputs, title, [this, scene, text] { takeExample(scene, text); });
    }
}

void SceneDocument::takeExample(const Scene& scene, const QString& text) {
    applyView(scene.view);
    // An example about attention leaves the experiments as they are, and what is pinned.
    const bool experiments = !(scene.experiments == Experiments{});
    const bool more = experiments || scene.pinned;
    if (more) m_undo.beginMacro(text);
    if (experiments) changeExperiments(scene.experiments, text);
    if (scene.pinned) changePinned(scene.pinned, text);
    changeInputs(scene.inputs, text, Merging::Never);
    if (more) m_undo.endMacro();
}

void SceneDocument::beginOpening(const Inputs& inputs, const QString& name, std::function<void()> commit) {
    abandonOpening();
    m_requested = m_worker->request(inputs);
    m_pending = Pending{m_requested, std::move(commit)};
    m_awaitedStep.reset();
    m_opening = Opening{name, 0, true};
    emit openingChanged();
}

void SceneDocument::finishOpening(Worker::Delivery delivery) {
    const Pending pending = *std::exchange(m_pending, std::nullopt);
    if (!delivery.trace) {
        const QString message = errorText(delivery.trace.error());
        abandonOpening();
        emit failed(message);
        return;
    }
    endProgress();
    adopt(std::move(delivery));
    {
        const QScopedValueRollback guard(m_adopting, true);
        pending.commit();
    }
    settleSelection();
    emit traceChanged();
}

void SceneDocument::cancelOpening() {
    m_awaitedStep.reset();
    if (m_pending) abandonOpening();
}

void SceneDocument::abandonOpening() {
    const bool awaited = m_opening && m_opening->cancellable;
    if (m_pending) m_worker->cancel();
    m_pending.reset();
    endProgress();
    if (!awaited) return;
    // What was asked for before it may never have been worked out.
    const bool shown = m_trace && m_trace->inputs() == m_scene.inputs;
    if (!shown) m_requested = m_worker->request(m_scene.inputs);
    m_firstWanted = shown ? m_requested + 1 : m_requested;
    if (shown) m_delivered = m_requested;
}

void SceneDocument::reportOpening(std::uint64_t serial, double fraction) {
    if (serial != m_requested || isCurrent()) return;
    if (!m_opening) m_opening = Opening{modelTitle(m_scene.inputs.model), 0, false};
    m_opening->fraction = fraction;
    emit openingChanged();
}

void SceneDocument::endProgress() {
    if (!m_opening) return;
    m_opening.reset();
    emit openingChanged();
}

}  // namespace attn::ui
