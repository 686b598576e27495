#include "ui/panels/flow_grid.h"

#include "ui/style/fonts.h"

#include <QEvent>
#include <QGridLayout>

#include <algorithm>

namespace attn::ui {

FlowGrid::FlowGrid(int columns, int columnPx, QWidget* parent)
    : QWidget(parent), m_layout(new QGridLayout(this)), m_mostColumns(columns), m_columnPx(columnPx) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    hide();  // no room for nothing
}

void FlowGrid::setSpacing(int px) {
    m_layout->setSpacing(px);
}

void FlowGrid::add(QWidget* item, int span, bool grows) {
    m_items.push_back({item, span, grows});
    arrange(columnsFor(width()));
    show();
}

int FlowGrid::columnsFor(int width) const {
    const int column = static_cast<int>(m_columnPx * textZoom(*this));
    const int gap = std::max(0, m_layout->horizontalSpacing());
    return std::clamp((width + gap) / (column + gap), 1, m_mostColumns);
}

void FlowGrid::arrange(int columns) {
    for (const Item& item : m_items) m_layout->removeWidget(item.widget);
    for (int c = 0; c < m_mostColumns; ++c) m_layout->setColumnStretch(c, c < columns ? 1 : 0);
    for (int r = 0; r < m_layout->rowCount(); ++r) m_layout->setRowStretch(r, 0);
    m_columns = columns;
    int row = 0, column = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const int span = std::min(m_items[i].span, columns);
        if (column + span > columns) {
            ++row;
            column = 0;
        }
        const int next = i + 1 < m_items.size() ? std::min(m_items[i + 1].span, columns) : columns + 1;
        const bool last = column + span + next > columns;
        m_layout->addWidget(m_items[i].widget, row, column, 1, last ? columns - column : span);
        if (m_items[i].grows) m_layout->setRowStretch(row, 1);
        column += span;
    }
    updateGeometry();
}

QSize FlowGrid::minimumSizeHint() const {
    // As narrow as one column: fewer columns are always possible.
    return {0, m_layout->minimumSize().height()};
}

void FlowGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int columns = columnsFor(width());
    if (columns != m_columns) arrange(columns);
}

void FlowGrid::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) arrange(columnsFor(width()));
}

}  // namespace attn::ui
