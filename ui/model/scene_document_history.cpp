// Changes as undo steps, and the way back and forth through them.
#include "ui/model/change_command.h"
#include "ui/model/model_title.h"
#include "ui/model/scene_document.h"

namespace attn::ui {
namespace {

constexpr qint64 kTypingPauseMillis = 1500;  ///< a longer pause begins a new undo step

/// What a step does to the inputs, if anything: it is one itself, or one of a macro's.
const ChangeCommand<Inputs>* inputsChange(const QUndoCommand* step) {
    if (const auto* change = dynamic_cast<const ChangeCommand<Inputs>*>(step)) return change;
    for (int i = 0; i < step->childCount(); ++i)
        if (const auto* change = inputsChange(step->child(i))) return change;
    return nullptr;
}

}  // namespace

void SceneDocument::beginGesture(const QString& text) {
    if (m_gesture++ > 0) return;
    m_gestureText = text;
    ++m_mergeSerial;
}

void SceneDocument::endGesture() {
    if (m_gesture > 0 && --m_gesture == 0) {
        ++m_mergeSerial;
        emit gestureEnded();
    }
}

void SceneDocument::changeInputs(Inputs inputs, const QString& text, Merging merging) {
    if (inputs == m_scene.inputs) return;
    int mergeId = 0;
    if (m_gesture > 0) {
        mergeId = m_mergeSerial;
    } else if (merging == Merging::Typing) {
        const bool goesOn =
            m_typing.isValid() && m_typing.elapsed() < kTypingPauseMillis && m_typingText == text;
        if (!goesOn) ++m_mergeSerial;
        mergeId = m_mergeSerial;
        m_typingText = text;
        m_typing.start();
    }
    if (merging != Merging::Typing) m_typing.invalidate();
    m_undo.push(new ChangeCommand(this, m_scene.inputs, std::move(inputs),
                                  m_gesture > 0 ? m_gestureText : text, mergeId));
}

void SceneDocument::assign(const Inputs& inputs) {
    m_scene.inputs = inputs;
    m_awaitedStep.reset();
    const QString stopped = m_pending && !m_adopting ? m_opening->name : QString();
    if (!m_adopting) {
        if (m_pending) abandonOpening();
        m_requested = m_worker->request(inputs);
    }
    emit inputsChanged();
    if (!stopped.isEmpty())
        emit failed(tr("%1 was not opened: the scene was changed meanwhile.").arg(stopped));
}

void SceneDocument::changeExperiments(const Experiments& experiments, const QString& text) {
    if (experiments == m_scene.experiments) return;
    m_typing.invalidate();
    const bool gesture = m_gesture > 0;
    m_undo.push(new ChangeCommand(this, m_scene.experiments, experiments, gesture ? m_gestureText : text,
                                  gesture ? m_mergeSerial : 0));
}

void SceneDocument::assign(const Experiments& experiments) {
    m_scene.experiments = experiments;
    emit experimentsChanged();
}

const Inputs& SceneDocument::inputsAt(int step) const {
    const Inputs* inputs = &m_scene.inputs;
    for (int i = m_undo.index(); i > step; --i)
        if (const auto* change = inputsChange(m_undo.command(i - 1))) inputs = &change->before();
    for (int i = m_undo.index(); i < step; ++i)
        if (const auto* change = inputsChange(m_undo.command(i))) inputs = &change->after();
    return *inputs;
}

void SceneDocument::undo() {
    goToStep(m_awaitedStep.value_or(m_undo.index()) - 1);
}

void SceneDocument::redo() {
    goToStep(m_awaitedStep.value_or(m_undo.index()) + 1);
}

void SceneDocument::goToStep(int step) {
    if (step < 0 || step > m_undo.count()) return;
    const Inputs inputs = inputsAt(step);
    if (inputs.model != "toy" && inputs.model != m_scene.inputs.model) {
        beginOpening(inputs, modelTitle(inputs.model), [this, step] { m_undo.setIndex(step); });
        m_awaitedStep = step;
        return;
    }
    if (m_awaitedStep) cancelOpening();
    m_undo.setIndex(step);
}

}  // namespace attn::ui
