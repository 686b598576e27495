#pragma once
#include "core/scene/scene.h"

#include <QUndoCommand>

namespace attn::ui {

class SceneDocument;

/// One undo step: the inputs before and after. Steps of one gesture (a drag, a stroke, a run of typing)
/// merge.
class InputsCommand : public QUndoCommand {
public:
    /// `mergeId`: steps with the same positive id merge; 0 never does.
    InputsCommand(SceneDocument* document, Inputs before, Inputs after, const QString& text, int mergeId);

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override { return m_mergeId > 0 ? 1 : -1; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    SceneDocument* m_document;
    Inputs m_before, m_after;
    int m_mergeId;
};

/// The same for what the experiments are set to.
class ExperimentsCommand : public QUndoCommand {
public:
    ExperimentsCommand(SceneDocument* document, Experiments before, Experiments after, const QString& text,
                       int mergeId);

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override { return m_mergeId > 0 ? 2 : -1; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    SceneDocument* m_document;
    Experiments m_before, m_after;
    int m_mergeId;
};

}  // namespace attn::ui
