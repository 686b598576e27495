// A of the comparison: what was pinned, and its trace.
#include "ui/model/change_command.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <utility>

namespace attn::ui {

void SceneDocument::pinState() {
    if (!m_trace) return;
    changePinned(PinnedState{m_trace->inputs(), m_selection->site().toStdString(), m_selection->head(), "{}"},
                 tr("Pin as A"));
}

void SceneDocument::unpinState() {
    changePinned(std::nullopt, tr("Let A go"));
}

void SceneDocument::changePinned(std::optional<PinnedState> pinned, const QString& text) {
    if (pinned == m_scene.pinned) return;
    m_typing.invalidate();
    m_undo.push(new ChangeCommand(this, m_scene.pinned, std::move(pinned), text, 0));
}

void SceneDocument::assign(const std::optional<PinnedState>& pinned) {
    m_scene.pinned = pinned;
    const TracePtr& trace = m_pinnedWork.trace;
    if (!pinned || !trace || trace->inputs() != pinned->inputs) {
        m_worker->cancelAside(Worker::Aside::Pinned);
        m_pinnedWork = {};
    }
    takePresentTrace();
    emit pinnedChanged();
}

/// What is on the screen is not worked out twice.
void SceneDocument::takePresentTrace() {
    if (!m_scene.pinned || m_pinnedWork.trace || !m_trace) return;
    if (m_trace->inputs() == m_scene.pinned->inputs) m_pinnedWork.trace = m_trace;
}

TracePtr SceneDocument::requestPinned() {
    takePresentTrace();
    if (!m_scene.pinned || m_pinnedWork.trace || m_pinnedWork.serial > 0) return m_pinnedWork.trace;
    const bool onItsWay = !isCurrent() && m_scene.inputs == m_scene.pinned->inputs;
    if (!onItsWay)
        m_pinnedWork.serial = m_worker->requestAside(Worker::Aside::Pinned, m_scene.pinned->inputs);
    return nullptr;
}

void SceneDocument::receivePinned(const Worker::Delivery& delivery) {
    if (delivery.serial != m_pinnedWork.serial || m_pinnedWork.trace) return;
    if (delivery.trace) {
        m_pinnedWork.trace = *delivery.trace;
    } else {
        m_pinnedWork.fault = errorText(delivery.trace.error());
    }
    emit pinnedChanged();
}

void SceneDocument::reportPinned(double fraction) {
    if (m_pinnedWork.serial == 0 || m_pinnedWork.trace) return;
    m_pinnedWork.fraction = fraction;
    emit pinnedChanged();
}

}  // namespace attn::ui
