#pragma once
#include "ui/model/scene_document.h"

#include <QUndoCommand>

#include <utility>

namespace attn::ui {

/// One undo step: a part of the scene (its inputs, its experiments, what is pinned) before and after. Steps
/// of one gesture (a drag, a stroke, a run of typing) merge.
template <typename Value>
class ChangeCommand : public QUndoCommand {
public:
    /// `mergeId`: steps with the same positive id merge; 0 never does.
    ChangeCommand(SceneDocument* document, Value before, Value after, const QString& text, int mergeId)
        : QUndoCommand(text),
          m_document(document),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_mergeId(mergeId) {}

    [[nodiscard]] const Value& before() const { return m_before; }
    [[nodiscard]] const Value& after() const { return m_after; }

    void undo() override { m_document->assign(m_before); }
    void redo() override { m_document->assign(m_after); }
    [[nodiscard]] int id() const override { return m_mergeId > 0 ? 1 : -1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = dynamic_cast<const ChangeCommand*>(other);
        if (next == nullptr || next->m_mergeId != m_mergeId) return false;
        m_after = next->m_after;
        // A slider that came back to where it was pressed leaves no step behind.
        setObsolete(m_after == m_before);
        return true;
    }

private:
    SceneDocument* m_document;
    Value m_before, m_after;
    int m_mergeId;
};

}  // namespace attn::ui
