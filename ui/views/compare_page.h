#pragma once
/// What the Compare page shows, worked out from two traces: maps, divergences, captions and data, without
/// widgets. The window and `attention-lab export --view compare` draw the same.

#include "core/analysis/comparison.h"
#include "core/analysis/comparison_file.h"
#include "core/trace/trace.h"
#include "ui/model/selection.h"
#include "ui/plot/curve_plot_data.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/heat_map_data.h"
#include "ui/views/figure_source.h"

#include <QCoreApplication>
#include <QString>

namespace attn::ui {

/// One of the two: a tensor of a trace at a site, and the head that is looked at.
struct ComparedSide {
    TracePtr trace;
    const SiteInfo* site = nullptr;
    TensorKey key;
    TensorPtr tensor;
    Index head = 0;

    bool operator==(const ComparedSide&) const = default;
};

class ComparePage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::ComparePage)
public:
    ComparePage() = default;
    /// Tensors of the same name, both with numbers.
    ComparePage(const ComparedSide& a, const ComparedSide& b, const HeatMapStyle& style);

    [[nodiscard]] bool isEmpty() const { return !m_comparison.a; }
    [[nodiscard]] const Comparison& comparison() const { return m_comparison; }
    [[nodiscard]] const HeatMapData& mapA() const { return m_a; }
    [[nodiscard]] const HeatMapData& mapB() const { return m_b; }
    [[nodiscard]] const HeatMapData& mapDifference() const { return m_difference; }
    /// The Jensen-Shannon divergence of each row; empty where rows are no probabilities.
    [[nodiscard]] CurvePlotData divergenceBars() const;

    /// A cell of B's tensor among the common places, and back; −1 where there is none.
    [[nodiscard]] MatrixCell commonCell(const MatrixCell& ofB) const;
    [[nodiscard]] MatrixCell cellOfB(const MatrixCell& common) const;

    /// About the selected cell's row, or about all rows where none is selected.
    [[nodiscard]] QString caption(const MatrixCell& common) const;
    /// How tokens are shown, where not one by one.
    [[nodiscard]] const QString& note() const { return m_note; }
    [[nodiscard]] PageSource source() const;

private:
    [[nodiscard]] HeatMapData map(const TensorPtr& tensor, const QString& title) const;
    [[nodiscard]] QString rowCaption(Index row) const;

    Comparison m_comparison;
    Alignment m_rows, m_columns;
    HeatMapData m_a, m_b, m_difference;
    HeatMapStyle m_style;
    ComparisonLabels m_labels;
    QString m_aText, m_bText, m_note;
};

/// "head 2 · blocks.0 · temperature = 0.5": which part of a trace, and what is not at its default.
[[nodiscard]] QString sideText(const ComparedSide& side);

}  // namespace attn::ui
