#pragma once
/// Softmax: where it saturates. Logits times a scale, the weights that come of it, and the gradient that is
/// left.

#include "ui/views/page_workspace.h"
#include "ui/views/softmax_page.h"

#include <vector>

class QLabel;
class QPushButton;

namespace attn::ui {

class Card;
class CardGrid;
class CurvePlot;
class HeatMapWidget;
class LogitBars;
class NumberListEdit;
class NumericsCard;
class QuantityField;
class ScalesCard;
class SceneDocument;
class SegmentedControl;

class SoftmaxWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    explicit SoftmaxWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return !m_wantsRow; }
    [[nodiscard]] const SoftmaxPage& page() const { return m_page; }
    /// The raw scores of the selected query in the shown head become the logits, and the model's own scale
    /// the scale. Where they have to be worked out first, it happens when they are there.
    void takeSelectedRow();

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void changeEvent(QEvent* event) override;

private:
    void buildHead();
    void buildLogits();
    void buildPlots();
    void buildTables();
    void connectJacobian();
    CurvePlot* addScalePlot(Card* card, const QString& name);
    void connectState();
    void retranslate();
    void refresh();
    void showLogits();
    void showRowState();
    void change(SaturationState state, const QString& text);
    void setScale(double scale);
    void setLogit(int index, double value);
    void addLogit();
    void removeLogit(int index);

    SceneDocument* m_document;
    SoftmaxPage m_page;
    QWidget* m_head = nullptr;
    QuantityField* m_scale = nullptr;
    SegmentedControl* m_axis = nullptr;
    QLabel* m_caption = nullptr;
    CardGrid* m_grid = nullptr;
    Card *m_logitsCard = nullptr, *m_weightsCard = nullptr, *m_curvesCard = nullptr, *m_entropyCard = nullptr,
         *m_gradientCard = nullptr, *m_jacobianCard = nullptr;
    LogitBars* m_bars = nullptr;
    NumberListEdit* m_list = nullptr;
    QPushButton *m_add = nullptr, *m_remove = nullptr, *m_take = nullptr, *m_default = nullptr;
    CurvePlot *m_weights = nullptr, *m_curves = nullptr, *m_entropy = nullptr, *m_effective = nullptr,
              *m_gradient = nullptr;
    HeatMapWidget* m_jacobian = nullptr;
    ScalesCard* m_table = nullptr;
    NumericsCard* m_numerics = nullptr;
    bool m_wantsRow = false;  ///< scores that were asked for are on their way
};

}  // namespace attn::ui
