#include "ui/panels/flow_row.h"

#include <QWidget>

#include <algorithm>

namespace attn::ui {

FlowRow::FlowRow(int gapPx, int lineGapPx, QWidget* parent)
    : QLayout(parent), m_gapPx(gapPx), m_lineGapPx(lineGapPx) {
    setContentsMargins(0, 0, 0, 0);
}

FlowRow::~FlowRow() {
    qDeleteAll(m_items);
}

QLayoutItem* FlowRow::takeAt(int index) {
    return index >= 0 && index < count() ? m_items.takeAt(index) : nullptr;
}

/// Puts all of them into lines; returns the height that they take.
int FlowRow::arrange(const QRect& rect, bool move) const {
    int y = rect.top(), i = 0;
    bool first = true;
    while (i < count()) {
        int used = 0, high = 0, end = i, shown = 0, trailing = 0;
        for (; end < count(); ++end) {
            if (m_items[end]->isEmpty()) continue;
            const QSize size = m_items[end]->sizeHint();
            const int more = size.width() + (shown > 0 ? m_gapPx : 0);
            if (shown > 0 && used + more > rect.width()) break;
            used += more;
            high = std::max(high, size.height());
            ++shown;
        }
        if (shown == 0) break;
        if (!first) y += m_lineGapPx;
        first = false;
        if (i <= m_gapAt && m_gapAt < end) trailing = std::max(0, rect.width() - used);
        int x = rect.left();
        for (; i < end; ++i) {
            if (i == m_gapAt) x += trailing;
            if (m_items[i]->isEmpty()) continue;
            const QSize size = m_items[i]->sizeHint().boundedTo({rect.width(), high});
            if (move) m_items[i]->setGeometry({QPoint(x, y + (high - size.height()) / 2), size});
            x += size.width() + m_gapPx;
        }
        y += high;
    }
    return y - rect.top();
}

int FlowRow::heightForWidth(int width) const {
    return arrange({0, 0, width, 0}, false);
}

QSize FlowRow::sizeHint() const {
    QSize size(0, 0);
    int shown = 0;
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize one = item->sizeHint();
        size = {size.width() + one.width() + (shown++ > 0 ? m_gapPx : 0),
                std::max(size.height(), one.height())};
    }
    return size;
}

/// As narrow as its widest child.
QSize FlowRow::minimumSize() const {
    QSize size(0, 0);
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
    }
    return size;
}

void FlowRow::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

}  // namespace attn::ui
