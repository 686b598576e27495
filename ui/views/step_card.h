#pragma once
/// One step of an argument: a title, one sentence that says what to see, and plots side by side.

#include "ui/views/card_grid.h"

namespace attn::ui {

class FlowGrid;

class StepCard : public Card {
    Q_OBJECT
public:
    /// `columns`: most plots side by side.
    StepCard(const QString& name, int columns, QWidget* parent = nullptr);

    [[nodiscard]] FlowGrid* plots() const { return m_plots; }

private:
    FlowGrid* m_plots;
};

}  // namespace attn::ui
