#pragma once
/// The controls of the √d_k workspace. What the user chooses goes to the document as an undoable change; a
/// drag is one step.

#include "core/scene/experiment_state.h"
#include "ui/panels/slider_mapping.h"

#include <QWidget>

#include <functional>
#include <utility>
#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace attn::ui {

class ParameterLabel;
class QuantityField;
class ScalingRun;
class SceneDocument;
class SegmentedControl;

class ScalingControls : public QWidget {
    Q_OBJECT
public:
    ScalingControls(SceneDocument* document, ScalingRun* run, QWidget* parent = nullptr);

    [[nodiscard]] QuantityField* dk() const { return m_dk; }
    [[nodiscard]] QSize sizeHint() const override;

    /// A control of d_k alone, for a bar before an audience; it follows the document.
    static QuantityField* makeDk(SceneDocument* document, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    using Change = std::function<void(ScalingState&)>;

    void addGroup(const char* title);
    void addDistribution();
    void addSeed();
    void addSamples();
    /// A number of the state. `name`: as in "parameter.scaling.d_k".
    QuantityField* addNumber(const char* name, const SliderMapping& mapping, double start,
                             std::function<void(ScalingState&, double)> set);
    void change(const QString& what, const Change& change);
    void refresh();
    void followRun();
    void retranslate();

    SceneDocument* m_document;
    ScalingRun* m_run;
    QVBoxLayout* m_layout;
    std::vector<std::pair<QLabel*, const char*>> m_groups;
    QuantityField *m_dk, *m_keys, *m_correlation, *m_seed, *m_exponent, *m_samples;
    ParameterLabel* m_distributionLabel;
    SegmentedControl* m_distribution;
    QToolButton* m_die;
    QLabel* m_state;
    QProgressBar* m_progress;
    QPushButton *m_more, *m_stop;
};

}  // namespace attn::ui
