#include "ui/model/inputs_command.h"

#include "ui/model/scene_document.h"

namespace attn::ui {

InputsCommand::InputsCommand(SceneDocument* document, Inputs before, Inputs after, const QString& text,
                             int mergeId)
    : QUndoCommand(text),
      m_document(document),
      m_before(std::move(before)),
      m_after(std::move(after)),
      m_mergeId(mergeId) {}

void InputsCommand::undo() {
    m_document->assign(m_before);
}
void InputsCommand::redo() {
    m_document->assign(m_after);
}

bool InputsCommand::mergeWith(const QUndoCommand* other) {
    const auto* next = dynamic_cast<const InputsCommand*>(other);
    if (next == nullptr || next->m_mergeId != m_mergeId) return false;
    m_after = next->m_after;
    // A slider that came back to where it was pressed leaves no step behind.
    setObsolete(m_after == m_before);
    return true;
}

ExperimentsCommand::ExperimentsCommand(SceneDocument* document, Experiments before, Experiments after,
                                       const QString& text, int mergeId)
    : QUndoCommand(text),
      m_document(document),
      m_before(std::move(before)),
      m_after(std::move(after)),
      m_mergeId(mergeId) {}

void ExperimentsCommand::undo() {
    m_document->assign(m_before);
}
void ExperimentsCommand::redo() {
    m_document->assign(m_after);
}

bool ExperimentsCommand::mergeWith(const QUndoCommand* other) {
    const auto* next = dynamic_cast<const ExperimentsCommand*>(other);
    if (next == nullptr || next->m_mergeId != m_mergeId) return false;
    m_after = next->m_after;
    setObsolete(m_after == m_before);
    return true;
}

}  // namespace attn::ui
