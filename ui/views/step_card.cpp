#include "ui/views/step_card.h"

#include "ui/panels/flow_grid.h"

namespace attn::ui {

namespace {

constexpr int kPlotPx = 250;

}  // namespace

StepCard::StepCard(const QString& name, int columns, QWidget* parent)
    : Card(name, parent), m_plots(new FlowGrid(columns, kPlotPx, this)) {
    add(m_plots, 1);
}

}  // namespace attn::ui
