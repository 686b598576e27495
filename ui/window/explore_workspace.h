#pragma once
/// Explore: controls, the trace stage by stage, and the arithmetic of the selected cell.

#include "ui/views/workspace.h"

class QSplitter;

namespace attn::ui {

class ExploreSide;
class ExploreView;
class SceneDocument;

class ExploreWorkspace : public Workspace {
    Q_OBJECT
public:
    explicit ExploreWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override;
    void copyFigure() override;
    void exportFigure() override;
    void copyData() override;
    void saveData() override;
    bool escape() override;
    [[nodiscard]] bool needsSentence() const override { return true; }
    void setPresenting(bool presenting) override;
    void fitToText(int textPx) override;

    [[nodiscard]] QSplitter* splitter() const { return m_splitter; }

private:
    SceneDocument* m_document;
    ExploreView* m_explore;
    ExploreSide* m_side;
    QSplitter* m_splitter;
};

}  // namespace attn::ui
