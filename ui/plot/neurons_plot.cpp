#include "ui/plot/neurons_plot.h"

#include "ui/plot/neurons_painter.h"
#include "ui/style/fonts.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace attn::ui {

NeuronsPlot::NeuronsPlot(QWidget* parent) : PlotArea(parent) {
    setAccessibleName(tr("Neurons"));
}

void NeuronsPlot::setData(NeuronsData data) {
    const bool sameFrame = data.sameFrame(m_data);
    m_data = std::move(data);
    if (!sameFrame) {
        m_marks.hovered = {};  // another place may lie there now, or none
        m_column =
            std::clamp<Index>(m_column, 0, std::max<Index>(0, static_cast<Index>(m_data.columns.size()) - 1));
        layOut();
    }
    m_marks.dimension = currentDimension();
    setAccessibleName(m_data.title.isEmpty() ? tr("Neurons") : m_data.title);
    viewport()->update();
}

void NeuronsPlot::setCurrentKey(Index key) {
    if (key == m_marks.key) return;
    m_marks.key = key;
    viewport()->update();
}

void NeuronsPlot::setPlaceholder(const QString& text) {
    if (text == m_placeholder) return;
    m_placeholder = text;
    viewport()->update();
}

Index NeuronsPlot::currentDimension() const {
    return m_column < static_cast<Index>(m_data.columns.size())
               ? m_data.columns[static_cast<std::size_t>(m_column)]
               : -1;
}

Index NeuronsPlot::lineOf(Index key) const {
    const auto found = std::find(m_data.shown.begin(), m_data.shown.end(), key);
    return found == m_data.shown.end() ? -1 : static_cast<Index>(found - m_data.shown.begin());
}

void NeuronsPlot::layOut() {
    m_layout = layOutNeurons(m_data, viewport()->width(), textZoom(*this));
    const int body = std::max(0, viewport()->height() - static_cast<int>(m_layout.headHeight));
    setScrollRange(horizontalScrollBar(), m_layout.width, viewport()->width(), 24);
    setScrollRange(verticalScrollBar(), m_layout.bodyHeight(), body,
                   static_cast<int>(std::max(1.0, m_layout.lineHeight)));
}

void NeuronsPlot::reveal(Index key) {
    const Index index = lineOf(key);
    if (index < 0) return;
    const QRectF line = m_layout.line(index);
    QScrollBar* const bar = verticalScrollBar();
    const double room = viewport()->height() - m_layout.headHeight;
    if (line.top() < bar->value()) bar->setValue(static_cast<int>(std::floor(line.top())));
    if (line.bottom() > bar->value() + room) bar->setValue(static_cast<int>(std::ceil(line.bottom() - room)));
}

NeuronsPlace NeuronsPlot::placeAt(const QPointF& position) const {
    NeuronsPlace place;
    if (m_layout.isEmpty()) return place;
    const double x = position.x() + horizontalScrollBar()->value();
    if (position.y() < m_layout.headHeight) {
        place.query = position.y() >= m_layout.titleHeight;
    } else {
        const auto index = static_cast<Index>(
            (position.y() - m_layout.headHeight + verticalScrollBar()->value()) / m_layout.lineHeight);
        if (index >= m_layout.lines) return place;
        place.key = m_data.shown[static_cast<std::size_t>(index)];
    }
    if (!place.isValid()) return place;
    Index column = m_layout.columnAt(m_layout.factors, x);
    if (column < 0) {
        column = m_layout.columnAt(m_layout.terms, x);
        place.terms = column >= 0;
    }
    if (column >= 0) place.dimension = m_data.columns[static_cast<std::size_t>(column)];
    return place;
}

QRectF NeuronsPlot::boxOf(const NeuronsPlace& place) const {
    const Index index = lineOf(place.key);
    if (m_layout.isEmpty() || (!place.query && index < 0)) return {};
    const double top = m_layout.headHeight - verticalScrollBar()->value();
    const QRectF line = place.query ? m_layout.queryLine() : m_layout.line(index).translated(0, top);
    const double left = -static_cast<double>(horizontalScrollBar()->value());
    const auto found = std::find(m_data.columns.begin(), m_data.columns.end(), place.dimension);
    if (found == m_data.columns.end()) return line.translated(left, 0);
    return m_layout
        .cell(place.terms ? m_layout.terms : m_layout.factors, line, found - m_data.columns.begin())
        .translated(left, 0);
}

QSize NeuronsPlot::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(760 * zoom), static_cast<int>(240 * zoom)};
}

QSize NeuronsPlot::minimumSizeHint() const {
    return {200, 160};
}

void NeuronsPlot::paintEvent(QPaintEvent*) {
    const Palette& palette = paletteFor(*this);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette.card);
    if (m_layout.isEmpty()) {
        painter.setPen(palette.muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    const double left = -static_cast<double>(horizontalScrollBar()->value());
    const int scrolled = verticalScrollBar()->value();
    NeuronsMarks marks = m_marks;
    marks.focused = hasFocus();
    const auto first = static_cast<Index>(scrolled / m_layout.lineHeight);
    const double end = (scrolled + viewport()->height() - m_layout.headHeight) / m_layout.lineHeight;
    const Index last = std::clamp<Index>(static_cast<Index>(std::ceil(end)), first, m_layout.lines);
    painter.save();
    painter.setClipRect(QRectF(0, m_layout.headHeight, viewport()->width(), viewport()->height()));
    painter.translate(left, m_layout.headHeight - scrolled);
    paintNeuronsLines(painter, m_data, m_layout, palette, marks, first, last, false);
    painter.restore();
    painter.translate(left, 0);
    paintNeuronsHead(painter, m_data, m_layout, palette, marks, false);
}

bool NeuronsPlot::takesKey(int key) const {
    return key == Qt::Key_Space || PlotArea::takesKey(key);
}

void NeuronsPlot::scrollContentsBy(int, int) {
    viewport()->update();
}

void NeuronsPlot::hover(const NeuronsPlace& place) {
    if (place == m_marks.hovered) return;
    m_marks.hovered = place;
    viewport()->setCursor(place.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
    emit placeHovered(place);
}

void NeuronsPlot::mouseMoveEvent(QMouseEvent* event) {
    hover(placeAt(event->position()));
}

void NeuronsPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const NeuronsPlace place = placeAt(event->position());
    if (place.dimension >= 0) {
        m_column =
            std::find(m_data.columns.begin(), m_data.columns.end(), place.dimension) - m_data.columns.begin();
        m_marks.dimension = place.dimension;
    }
    if (place.query && place.dimension >= 0) {
        emit dimensionToggled(place.dimension);
    } else if (place.key >= 0) {
        emit keyClicked(place.key);
    }
}

void NeuronsPlot::moveColumn(Index steps) {
    if (m_data.isEmpty()) return;
    m_column = std::clamp<Index>(m_column + steps, 0, static_cast<Index>(m_data.columns.size()) - 1);
    m_marks.dimension = currentDimension();
    viewport()->update();
    emit dimensionReached(m_marks.dimension);
}

void NeuronsPlot::keyPressEvent(QKeyEvent* event) {
    const bool queries = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
        case Qt::Key_Up:
            queries ? emit moveRequested(-1, 0) : emit moveRequested(0, -1);
            return;
        case Qt::Key_Down:
            queries ? emit moveRequested(1, 0) : emit moveRequested(0, 1);
            return;
        case Qt::Key_Left:
            moveColumn(-1);
            return;
        case Qt::Key_Right:
            moveColumn(1);
            return;
        case Qt::Key_Space:
            if (currentDimension() >= 0) emit dimensionToggled(currentDimension());
            return;
        case Qt::Key_Escape:
            emit escapePressed();
            return;
        default:
            PlotArea::keyPressEvent(event);
    }
}

}  // namespace attn::ui
