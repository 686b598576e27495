#include "ui/plot/flow_plot.h"

#include "ui/plot/flow_painter.h"
#include "ui/style/fonts.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {
constexpr int kMarginPx = 12;
constexpr double kFaded = 0.3;  ///< of the other ribbons while an item is looked at
}  // namespace

FlowPlot::FlowPlot(QWidget* parent) : PlotArea(parent) {
    setAccessibleName(tr("Flow of one token"));
}

void FlowPlot::setData(FlowData data) {
    if (data == m_data) return;
    const bool otherStages = data.stages.size() != m_data.stages.size();
    m_data = std::move(data);
    m_hovered = {};
    layOut();
    if (otherStages) verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    setAccessibleName(m_data.title.isEmpty() ? tr("Flow of one token") : m_data.title);
    viewport()->update();
}

void FlowPlot::setPlaceholder(const QString& text) {
    if (text == m_placeholder) return;
    m_placeholder = text;
    viewport()->update();
}

QPointF FlowPlot::origin() const {
    // What is lower than the viewport stands in its middle; across, the layout takes all the room there is.
    const double free = std::floor((viewport()->height() - m_layout.size.height()) / 2);
    return {-static_cast<double>(horizontalScrollBar()->value()),
            std::max(static_cast<double>(kMarginPx), free) - verticalScrollBar()->value()};
}

QRectF FlowPlot::boxOf(const FlowItem& item) const {
    if (item.isToken()) {
        const auto place = static_cast<std::size_t>(item.token);
        return place < m_layout.tokens.size() ? m_layout.tokens[place].box.translated(origin()) : QRectF();
    }
    const FlowLayout::NodePlace* const node = m_layout.find(item);
    return node == nullptr ? QRectF() : node->place.box.translated(origin());
}

/// The first block is the lowest: who looks there goes on looking there.
void FlowPlot::layOut() {
    const bool atEnd = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    const QSizeF room(viewport()->width(), viewport()->height() - 2 * kMarginPx);
    m_layout = growFlow(m_data, room, textZoom(*this));
    m_stale = true;
    setScrollRange(horizontalScrollBar(), m_layout.size.width(), viewport()->width());
    setScrollRange(verticalScrollBar(), m_layout.size.height() + 2 * kMarginPx, viewport()->height());
    if (atEnd) verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

QSize FlowPlot::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(760 * zoom), static_cast<int>(460 * zoom)};
}

void FlowPlot::drawRibbons() {
    const double scale = devicePixelRatioF();
    const QSize size = (QSizeF(viewport()->size()) * scale).toSize();
    if (m_ribbons.size() != size) m_ribbons = QPixmap(size);
    m_ribbons.setDevicePixelRatio(scale);
    m_ribbons.fill(Qt::transparent);
    QPainter painter(&m_ribbons);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(origin());
    paintFlowRibbons(painter, m_data, m_layout, paletteFor(*this), QRectF(-origin(), viewport()->size()));
    m_stale = false;
    ++m_pictures;
}

void FlowPlot::paintEvent(QPaintEvent*) {
    const Palette& palette = paletteFor(*this);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette.card);
    if (m_layout.isEmpty()) {
        painter.setPen(palette.muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    if (m_stale || m_ribbons.devicePixelRatio() != devicePixelRatioF()) drawRibbons();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(m_hovered.isValid() ? kFaded : 1);
    painter.drawPixmap(0, 0, m_ribbons);
    painter.setOpacity(1);
    painter.translate(origin());
    const QRectF visible(-origin(), viewport()->size());
    if (m_hovered.isValid()) paintFlowItem(painter, m_data, m_layout, palette, m_hovered);
    paintFlowTexts(painter, m_data, m_layout, palette, m_hovered, visible);
    if (hasFocus()) {
        painter.resetTransform();
        painter.setPen(QPen(palette.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 5, 5);
    }
}

void FlowPlot::scrollContentsBy(int, int) {
    m_stale = true;
    viewport()->update();
}

void FlowPlot::hover(const FlowItem& item) {
    if (item == m_hovered) return;
    m_hovered = item;
    viewport()->setCursor(item.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
    emit itemHovered(item);
}

void FlowPlot::mouseMoveEvent(QMouseEvent* event) {
    hover(m_layout.itemAt(event->position() - origin()));
}

void FlowPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const FlowItem item = m_layout.itemAt(event->position() - origin());
    if (item.isValid()) emit itemClicked(item);
}

void FlowPlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Up:
            emit moveRequested(0, 1);
            return;
        case Qt::Key_Down:
            emit moveRequested(0, -1);
            return;
        case Qt::Key_Left:
            emit moveRequested(-1, 0);
            return;
        case Qt::Key_Right:
            emit moveRequested(1, 0);
            return;
        case Qt::Key_Escape:
            emit escapePressed();
            return;
        default:
            PlotArea::keyPressEvent(event);
    }
}

}  // namespace attn::ui
