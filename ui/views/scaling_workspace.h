#pragma once
/// √d_k: why scores are divided by it, in five steps: the scores spread, the softmax saturates, the gradient
/// gets lost, why one half, and the sentence on the screen.

#include "core/experiment/scaling_study.h"
#include "ui/views/page_workspace.h"
#include "ui/views/scaling_plots.h"

#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace attn::ui {

class CurvePlot;
class FlowGrid;
class QuantityField;
class ScalingControls;
class ScalingRun;
class SceneDocument;
class SegmentedControl;
class StepCard;

class ScalingWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    explicit ScalingWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override;
    void setPresenting(bool presenting) override;

    [[nodiscard]] ScalingRun* run() const { return m_run; }
    [[nodiscard]] ScalingControls* controls() const { return m_controls; }
    [[nodiscard]] CurvePlot* plot(ScalingPlot plot) const;
    /// Of step 1 … 5.
    [[nodiscard]] StepCard* card(int step) const { return m_cards[static_cast<std::size_t>(step - 1)]; }

protected:
    [[nodiscard]] PageSource pageSource() const override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildCards();
    void buildTools();
    QWidget* buildSentence();
    QWidget* scrolling(QWidget* content, const QString& name);
    CurvePlot* addPlot(StepCard* card, ScalingPlot plot);
    SegmentedControl* addMeasures(const QString& name, QWidget* parent);
    void change(const QString& text, const std::function<void(ScalingState&)>& change);
    void moveMarker(double x);

    void followState();
    void followTrace();
    void followPicture();
    void showNextPlots();
    void showWords();
    void showSentence(const experiment::StudyPicture& picture);
    void retranslate();

    SceneDocument* m_document;
    ScalingRun* m_run;
    ScalingControls* m_controls;
    QWidget* m_side = nullptr;
    QuantityField* m_bar;
    std::vector<StepCard*> m_cards;
    std::vector<CurvePlot*> m_plots;  ///< by ScalingPlot
    std::vector<SegmentedControl*> m_measures;
    QToolButton* m_sorted = nullptr;
    QPushButton* m_another = nullptr;
    QLabel* m_drawCaption = nullptr;
    QWidget* m_table = nullptr;
    std::vector<QLabel*> m_cells;  ///< three for each line, headings first
    QPushButton* m_match = nullptr;
    ScalingLook m_look;
    std::optional<ScalingPlot> m_only;  ///< whose menu is open
    /// A frame has room for some plots: they take turns. How many still show an older picture, and whose turn
    /// it is.
    std::size_t m_behind = 0, m_turn = 0;
    QTimer m_nextFrame;
    QTimer m_wordsRest;  ///< words that change with every frame cannot be read, and cost a layout each
};

}  // namespace attn::ui
