#pragma once
/// The card above everything: the sentence and its tokens, examples to pick, and a second sentence as context
/// where someone wants cross-attention.

#include "core/scene/examples.h"
#include "core/trace/model_info.h"
#include "core/trace/trace.h"

#include <QFrame>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QGridLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace attn {
class TokenGroups;
}  // namespace attn

namespace attn::ui {

class ModelChooser;
class SceneDocument;
class SentenceEdit;
class TokenChips;
class TokensButton;
struct ChipNotes;

class SentenceBar : public QFrame {
    Q_OBJECT
public:
    SentenceBar(SceneDocument* document, std::vector<Example> examples, QWidget* parent = nullptr);

    /// Without the example's hint: where the window is low for the size of its text.
    void setCompact(bool compact);

    [[nodiscard]] SentenceEdit* edit() const { return m_edit; }
    [[nodiscard]] SentenceEdit* contextEdit() const { return m_contextEdit; }
    [[nodiscard]] ModelChooser* modelChooser() const { return m_models; }
    [[nodiscard]] TokenChips* chips() const { return m_chips; }
    [[nodiscard]] TokenChips* contextChips() const { return m_contextChips; }

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void connectParts();
    void followInputs();
    void takeText(const QString& text);
    void takeIds(bool wanted);
    void placeSecondChips(bool besideLabel);
    void followTrace();
    void followShown();
    void showTokens();
    void followSelection();
    void showNotes();
    void showTexts();
    void alignLabels();
    void placeButtons();
    void fillMenu();
    /// The trained model that the inputs are for; null for the toy, and while the trace is of another one.
    /// Which of the two axes of the selected site run along the tokens of these chips.
    struct Axes {
        bool queries = false, keys = false;
    };
    [[nodiscard]] Axes axesOf(const TokenChips* chips) const;
    [[nodiscard]] Sequence secondSequence() const;
    [[nodiscard]] const TokenGroups* groupsOf(const TokenChips* chips) const;
    [[nodiscard]] ChipNotes notesOf(Sequence which) const;
    [[nodiscard]] int chipOf(const TokenChips* chips, int token) const;
    [[nodiscard]] int tokenOf(const TokenChips* chips, int chip, int selected) const;
    void choose(const TokenChips* chips, int index, bool other);
    void preview(const TokenChips* chips, int index);
    [[nodiscard]] const ModelInfo* model() const;
    [[nodiscard]] QString contextNote() const;
    [[nodiscard]] QString lengthNote(const SentenceEdit& edit) const;

    SceneDocument* m_document;
    QLabel* m_label;
    SentenceEdit* m_edit;
    QToolButton* m_idsButton;
    std::vector<Example> m_examples;
    ModelChooser* m_models;
    QPushButton* m_examplesButton;
    QMenu* m_examplesMenu;
    QPushButton* m_addContext;
    TokensButton* m_shown;
    TokenChips* m_chips;
    QLabel* m_note;
    QLabel* m_hint;
    QLabel* m_contextLabel;
    SentenceEdit* m_contextEdit;
    QToolButton* m_removeContext;
    TokenChips* m_contextChips;
    QLabel* m_contextNote;
    QString m_idsProblem;  ///< why what is typed is no list of ids
    std::optional<std::vector<std::int64_t>> m_shownIds;
    std::string m_menuModel;       ///< whose examples stand first in the menu
    TracePtr m_shownTrace;         ///< whose tokens the chips show
    QWidget* m_buttons = nullptr;  ///< in one line
    bool m_chipsBesideLabel = false, m_buttonsBelow = false;
    bool m_compact = false;
};

}  // namespace attn::ui
