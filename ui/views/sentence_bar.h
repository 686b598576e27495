#pragma once
/// The card above everything: the sentence and its tokens, examples to pick, and a second sentence as context
/// where someone wants cross-attention.

#include "core/scene/examples.h"

#include <QFrame>

#include <vector>

class QGridLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace attn::ui {

class SceneDocument;
class SentenceEdit;
class TokenChips;

class SentenceBar : public QFrame {
    Q_OBJECT
public:
    SentenceBar(SceneDocument* document, std::vector<Example> examples, QWidget* parent = nullptr);

    /// Without the example's hint: where the window is low for the size of its text.
    void setCompact(bool compact);

    [[nodiscard]] SentenceEdit* edit() const { return m_edit; }
    [[nodiscard]] SentenceEdit* contextEdit() const { return m_contextEdit; }
    [[nodiscard]] TokenChips* chips() const { return m_chips; }
    [[nodiscard]] TokenChips* contextChips() const { return m_contextChips; }

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void connectParts();
    void followInputs();
    void followTrace();
    void followSelection();
    void showNotes();
    void showTexts();
    void alignLabels();
    void fillMenu();
    void pickExample(std::size_t index);
    [[nodiscard]] QString lengthNote(const SentenceEdit& edit) const;

    SceneDocument* m_document;
    QLabel* m_label;
    SentenceEdit* m_edit;
    QPushButton* m_examplesButton;
    QMenu* m_examplesMenu;
    QPushButton* m_addContext;
    TokenChips* m_chips;
    QLabel* m_note;
    QLabel* m_hint;
    QLabel* m_contextLabel;
    SentenceEdit* m_contextEdit;
    QToolButton* m_removeContext;
    TokenChips* m_contextChips;
    QLabel* m_contextNote;
    std::vector<Example> m_examples;
    bool m_compact = false;
};

}  // namespace attn::ui
