#pragma once
/// The arithmetic of the selected cell with its real numbers: a sentence, then the steps that led to it.

#include "core/trace/explain.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

class QBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace attn::ui {

class EditedLine;
class InspectorHeadline;
class InspectorStep;
class SceneDocument;

class Inspector : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(SceneDocument* document, QWidget* parent = nullptr);

    /// What is shown, or nothing where no cell is selected.
    [[nodiscard]] const std::optional<Explanation>& explanation() const { return m_explanation; }
    /// All of it as text, every term written out.
    [[nodiscard]] QString plainText() const;
    [[nodiscard]] InspectorStep* step(std::size_t index) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

public slots:
    void copyText();

signals:
    void copyFigureRequested();
    void exportRequested();
    void changeRequested(attn::Index row, attn::Index column);  ///< another number for this cell

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void follow();
    void retranslate();
    /// Asks for what an explanation lacks; it is explained again when that is there.
    void fetch(const std::vector<EntryPtr>& missing, const TracePtr& trace);
    void showExplanation(const Trace& trace, const SiteInfo& site);
    void showFacts(const Trace* trace, const SiteInfo* site, const TensorKey& key);
    void chooseKey(int key);
    void showPieces();
    void arrange();
    void arrangeButtons();
    /// At most `terms` of each sum; 0: all.
    [[nodiscard]] QString textOf(qsizetype terms) const;

    SceneDocument* m_document;
    std::optional<Explanation> m_explanation;
    std::weak_ptr<const Trace> m_wantedOf;
    std::vector<EntryPtr> m_wanted;  ///< what the arithmetic reads of a long text's trace
    std::vector<TensorPtr> m_read;   ///< those that are there, kept as long as this trace is shown
    InspectorHeadline* m_headline;
    EditedLine* m_edited;
    QLabel* m_hint;
    QLabel* m_facts;
    QLabel* m_pieces = nullptr;
    QScrollArea* m_scroll;
    QVBoxLayout* m_content;  ///< what scrolls
    QVBoxLayout* m_stepLayout;
    bool m_compact = false;  ///< headline and buttons scroll too
    std::vector<InspectorStep*> m_steps;
    QBoxLayout* m_buttons;
    QPushButton* m_copy;
    QPushButton* m_export;
    QTimer m_describe;
};

}  // namespace attn::ui
