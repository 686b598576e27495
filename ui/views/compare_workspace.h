#pragma once
/// Compare: a state that was pinned as A, what is on the screen now as B, and the difference.

#include "ui/views/compare_page.h"
#include "ui/views/page_workspace.h"

#include <QTimer>

#include <optional>

class QLabel;
class QPushButton;

namespace attn::ui {

class CurvePlot;
class FlowGrid;
class HeatMapWidget;
class LayerBar;
class NewestWork;
class SceneDocument;
class SegmentedControl;

class CompareWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    explicit CompareWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return m_complete; }
    [[nodiscard]] bool needsSentence() const override { return true; }
    bool escape() override;
    void fitToText(int textPx) override;
    [[nodiscard]] const ComparePage& page() const { return m_page; }
    /// True while A and B take turns in one place.
    [[nodiscard]] bool isBlinking() const { return m_blink.isActive(); }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Question {
        ComparedSide a, b;
        HeatMapStyle style;

        bool operator==(const Question&) const = default;
    };

    void build();
    HeatMapWidget* addMap(const QString& name);
    void retranslate();
    void refresh();
    [[nodiscard]] QString obstacle(const std::optional<ComparedSide>& a,
                                   const std::optional<ComparedSide>& b) const;
    [[nodiscard]] QString progressText() const;
    void ask(const Question& question);
    void showComparison(const Question& question, ComparePage page, const QString& why);
    void showPage();
    void showTexts();
    void followSelection();
    void setBlinking(bool on);
    void pinCell(const MatrixCell& common);
    void move(int rows, int columns);
    [[nodiscard]] std::optional<ComparedSide> sideA(const TensorKey& key) const;
    [[nodiscard]] std::optional<ComparedSide> sideB() const;

    SceneDocument* m_document;
    NewestWork* m_work = nullptr;
    std::optional<Question> m_asked;  ///< what the page shows, or will in a moment
    ComparePage m_page;
    ComparedSide m_a, m_b;  ///< that the page was made from
    QString m_why;          ///< nothing can be compared, because …
    bool m_complete = true;
    QPushButton *m_pin = nullptr, *m_unpin = nullptr;
    SegmentedControl* m_look = nullptr;
    LayerBar* m_layers = nullptr;
    QLabel *m_aText = nullptr, *m_bText = nullptr, *m_caption = nullptr, *m_empty = nullptr;
    FlowGrid* m_plots = nullptr;
    HeatMapWidget *m_mapA = nullptr, *m_mapB = nullptr, *m_mapDifference = nullptr;
    CurvePlot* m_divergence = nullptr;
    QTimer m_blink;
    bool m_showsB = false;  ///< of the two that take turns
};

}  // namespace attn::ui
