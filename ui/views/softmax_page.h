#pragma once
/// What the Softmax page shows, worked out from its state: numbers and plots, without widgets. The window and
/// `attention-lab export --view saturation` draw the same.

#include "core/experiment/saturation.h"
#include "core/scene/experiment_state.h"
#include "ui/plot/curve_plot_data.h"
#include "ui/plot/heat_map_data.h"
#include "ui/views/figure_source.h"

#include <QCoreApplication>
#include <QString>

#include <memory>
#include <utility>
#include <vector>

namespace attn::ui {

/// What depends on the logits and the kind of axis alone, and stays while the scale is dragged.
struct SoftmaxCurves {
    std::vector<double> logits;
    AxisKind axis = AxisKind::Logarithmic;
    std::vector<std::size_t> order;                ///< of the keys, largest logit first
    std::vector<std::vector<std::size_t>> groups;  ///< keys of equal logits share a curve; largest first
    std::vector<experiment::SaturationRow> rows;   ///< over the axis
    double axisLow = 0, axisHigh = 1;
    /// Where ‖J‖ is below the threshold, inside of the slider's range.
    std::vector<std::pair<double, double>> saturated;
};

class SoftmaxPage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::SoftmaxPage)
public:
    static constexpr std::size_t kNamed = 8;  ///< curves with a name and a colour of their own
    static constexpr std::size_t kThin = 24;  ///< more curves than these are shown as the band they fill
    static constexpr std::size_t kMapSide = 64;

    SoftmaxPage();

    /// A valid state: 2 … 1024 finite logits, a scale above 0.
    void setState(const SaturationState& state);
    [[nodiscard]] const SaturationState& state() const { return m_state; }
    [[nodiscard]] const experiment::SaturationRow& row() const { return m_row; }  ///< at the present scale
    [[nodiscard]] const SoftmaxCurves& curves() const { return *m_curves; }
    [[nodiscard]] std::size_t keyCount() const { return m_state.logits.size(); }

    /// "p₃", or with a label "p₃ ‘cat’".
    [[nodiscard]] QString weightName(std::size_t key) const;
    /// Under a bar and beside the map: the label, else the number from 1.
    [[nodiscard]] QString keyName(std::size_t key) const;
    /// A slot of the palette's series for the named ones, else a quiet colour.
    [[nodiscard]] int colorOf(std::size_t key) const;

    [[nodiscard]] CurvePlotData weightBars() const;
    [[nodiscard]] CurvePlotData weightCurves() const;
    [[nodiscard]] CurvePlotData entropyCurve() const;
    [[nodiscard]] CurvePlotData effectiveCurve() const;
    [[nodiscard]] CurvePlotData gradientCurves() const;
    [[nodiscard]] HeatMapData jacobian() const;

    /// All of it on one page, and the table at the chosen scales.
    [[nodiscard]] PageSource source() const;

private:
    [[nodiscard]] CurvePlotData overScale(const QString& title) const;
    [[nodiscard]] QString groupName(const std::vector<std::size_t>& group) const;
    [[nodiscard]] std::vector<std::size_t> shownKeys(std::size_t most) const;
    template <typename Measure>
    [[nodiscard]] Curve measured(const QString& name, int color, Measure measure) const;

    SaturationState m_state;
    experiment::SaturationRow m_row;
    std::shared_ptr<const SoftmaxCurves> m_curves;
    std::shared_ptr<BufferPool> m_pool;
};

}  // namespace attn::ui
