#pragma once
/// The controls: one editor for every parameter of the table, in its groups and order, above a badge that
/// says where the numbers come from. Scrolls when it is higher than its place; never sideways.

#include "core/scene/edit.h"

#include <QWidget>

#include <vector>

class QScrollArea;
class QVBoxLayout;

namespace attn::ui {

class Badge;
class EditsNote;
class ModelFacts;
class PaintedNote;
class ParameterEditor;
class ParameterLabel;
class ScopeSwitch;
class SceneDocument;

class ParameterPanel : public QWidget {
    Q_OBJECT
public:
    explicit ParameterPanel(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<ParameterEditor*>& editors() const { return m_editors; }
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void editChosen(const attn::Edit& edit);  ///< a number set by hand is to be looked at

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Group {
        const char* name;       ///< marked for translation
        ParameterLabel* label;  ///< written in capitals
        bool ownedByEditor;     ///< an editor's own label at the same time
        std::vector<ParameterEditor*> editors;
    };

    void build();
    void refresh();
    void showTexts();
    void fitWidth();

    SceneDocument* m_document;
    QScrollArea* m_scroll;
    QWidget* m_content;
    QVBoxLayout* m_layout;
    std::vector<Group> m_groups;
    std::vector<ParameterEditor*> m_editors;
    PaintedNote* m_painted = nullptr;
    EditsNote* m_edits = nullptr;
    ScopeSwitch* m_scope = nullptr;
    ModelFacts* m_facts = nullptr;
    Badge* m_badge;
};

}  // namespace attn::ui
