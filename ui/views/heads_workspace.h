#pragma once
/// Heads: all of them at once, layer by layer, to find one, to switch some off, and to see what becomes of
/// the predictions.

#include "core/analysis/head_measures.h"
#include "ui/views/page_workspace.h"

#include <string>

class QComboBox;
class QFrame;
class QLabel;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace attn::ui {

class ElidedLabel;
class HeadExtras;
class HeadGrid;
class HeadLegend;
class HeadSurvey;
class PredictionsView;
class QuantityField;
class SceneDocument;
class SegmentedControl;
class WeightsView;
class ZoomButtons;

class HeadsWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    explicit HeadsWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override;
    [[nodiscard]] bool needsSentence() const override { return true; }
    void setPresenting(bool presenting) override;
    void fitToText(int textPx) override;

    [[nodiscard]] HeadGrid* grid() const { return m_grid; }
    [[nodiscard]] HeadSurvey* survey() const { return m_survey; }
    [[nodiscard]] PredictionsView* predictions() const { return m_predictions; }
    [[nodiscard]] WeightsView* weights() const { return m_weights; }

protected:
    [[nodiscard]] PageSource pageSource() const override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildTools(QWidget* page);
    QToolButton* addTool(const QString& name, bool checkable);
    void connectAll();
    void retranslate();
    void followView();
    void followInputs();
    void showStatus();
    void openHead();
    [[nodiscard]] HeadMeasure measure() const;

    SceneDocument* m_document;
    HeadSurvey* m_survey;
    HeadExtras* m_extras;
    QFrame *m_tools = nullptr, *m_controls = nullptr;
    QComboBox* m_measure = nullptr;
    QToolButton *m_sort = nullptr, *m_own = nullptr, *m_like = nullptr;
    ZoomButtons* m_zoom = nullptr;
    QuantityField* m_least = nullptr;
    std::string m_measureBefore = "entropy";  ///< before heads like one were asked for
    SegmentedControl* m_kind = nullptr;
    QPushButton* m_clear = nullptr;
    QLabel *m_measureLabel = nullptr, *m_kindLabel = nullptr, *m_tokens = nullptr;
    ElidedLabel* m_status = nullptr;
    HeadLegend* m_legend = nullptr;
    HeadGrid* m_grid = nullptr;
    WeightsView* m_weights = nullptr;
    PredictionsView* m_predictions = nullptr;
    QScrollArea* m_side = nullptr;  ///< where both scroll
};

}  // namespace attn::ui
