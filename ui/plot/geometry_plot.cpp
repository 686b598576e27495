#include "ui/plot/geometry_plot.h"

#include "ui/plot/geometry_painter.h"
#include "ui/style/fonts.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <utility>

namespace attn::ui {

namespace {
constexpr double kMarginPx = 8;
}

GeometryPlot::GeometryPlot(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Geometry"));
}

void GeometryPlot::setData(GeometryData data) {
    const bool same = data.samePoints(m_data) && data.query == m_data.query && data.key == m_data.key &&
                      data.weights == m_data.weights && data.editedQueries == m_data.editedQueries &&
                      data.editedKeys == m_data.editedKeys;
    m_data = std::move(data);
    setAccessibleName(m_data.title.isEmpty() ? tr("Geometry") : m_data.title);
    if (same) return;
    if (!m_dragging) m_hovered = {};
    layOut();
}

void GeometryPlot::setDraggable(bool draggable) {
    m_draggable = draggable;
}

void GeometryPlot::setPlaceholder(const QString& text) {
    if (text == m_placeholder) return;
    m_placeholder = text;
    update();
}

void GeometryPlot::layOut() {
    const QRectF area = QRectF(rect()).adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    // Axes that moved under a vector that is dragged would take it away from the pointer.
    const GeometryLayout held = m_layout;
    m_layout = layOutGeometry(m_data, area, textZoom(*this), m_dragging ? &held : nullptr);
    m_stale = true;
    update();
}

QSize GeometryPlot::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(640 * zoom), static_cast<int>(240 * zoom)};
}

QSize GeometryPlot::minimumSizeHint() const {
    return {200, 160};
}

void GeometryPlot::draw() {
    const double ratio = devicePixelRatioF();
    const QSize size = (QSizeF(this->size()) * ratio).toSize();
    if (m_picture.size() != size) m_picture = QPixmap(size);
    m_picture.setDevicePixelRatio(ratio);
    const Palette& palette = paletteFor(*this);
    m_picture.fill(palette.card);
    QPainter painter(&m_picture);
    paintGeometry(painter, m_data, m_layout, palette);
    m_stale = false;
    ++m_pictures;
}

void GeometryPlot::paintEvent(QPaintEvent*) {
    const Palette& palette = paletteFor(*this);
    QPainter painter(this);
    if (m_layout.isEmpty()) {
        painter.fillRect(rect(), palette.card);
        painter.setPen(palette.muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    if (m_stale || m_picture.devicePixelRatio() != devicePixelRatioF()) draw();
    painter.drawPixmap(0, 0, m_picture);
    if (m_hovered.isValid())
        paintGeometryHover(painter, m_data, m_layout, palette, m_hovered,
                           m_story ? m_story(m_hovered) : QString());
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette.focus, 2));
        painter.drawRoundedRect(rect().adjusted(1, 1, -1, -1), 5, 5);
    }
}

bool GeometryPlot::event(QEvent* event) {
    // Keys that move the selection are none of the window's.
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down)
            event->accept();
    }
    return QWidget::event(event);
}

void GeometryPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::PaletteChange)
        layOut();
    QWidget::changeEvent(event);
}

void GeometryPlot::resizeEvent(QResizeEvent* event) {
    layOut();
    QWidget::resizeEvent(event);
}

void GeometryPlot::hover(const GeometryPoint& point) {
    if (point == m_hovered) return;
    m_hovered = point;
    setCursor(!point.isValid() ? Qt::ArrowCursor : m_draggable ? Qt::OpenHandCursor : Qt::PointingHandCursor);
    update();
}

void GeometryPlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_pressed.isValid() && event->buttons().testFlag(Qt::LeftButton)) {
        drag(event->position());
        return;
    }
    hover(m_layout.nearest(m_data, event->position()));
}

void GeometryPlot::drag(const QPointF& place) {
    if (!m_draggable) return;
    const QPointF way = place - m_pressedAt;
    if (!m_dragging) {
        if (way.manhattanLength() < QApplication::startDragDistance()) return;
        m_dragging = true;
        setCursor(Qt::ClosedHandCursor);
        emit dragStarted(m_pressed);
    }
    PlanePoint to = m_layout.planePoint(place);
    if (m_layout.line) to.y = 0;
    emit pointDragged(m_pressed, to);
}

void GeometryPlot::leaveEvent(QEvent* event) {
    hover({});
    QWidget::leaveEvent(event);
}

void GeometryPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_pressed = m_layout.nearest(m_data, event->position());
    m_pressedAt = event->position();
    hover(m_pressed);
    if (!m_pressed.isValid()) emit emptyClicked();
}

void GeometryPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_pressed.isValid()) return;
    const GeometryPoint point = std::exchange(m_pressed, GeometryPoint{});
    if (!m_dragging) {
        emit pointClicked(point);
        return;
    }
    m_dragging = false;
    setCursor(Qt::OpenHandCursor);
    emit dragFinished();
    layOut();  // the axes may follow now
}

/// A few pixels, whatever they are in the plane's units.
bool GeometryPlot::nudge(const QKeyEvent& event) {
    if (!m_draggable || !event.modifiers().testFlag(Qt::ShiftModifier) || m_layout.isEmpty()) return false;
    const bool query = event.modifiers().testFlag(Qt::ControlModifier);
    const GeometryPoint point{query ? Role::Query : Role::Key, query ? m_data.query : m_data.key};
    if (!point.isValid()) return false;
    const double step = 5 * m_layout.zoom / m_layout.scale;
    PlanePoint by;
    if (event.key() == Qt::Key_Left) by.x = -step;
    if (event.key() == Qt::Key_Right) by.x = step;
    if (event.key() == Qt::Key_Down && !m_layout.line) by.y = -step;
    if (event.key() == Qt::Key_Up && !m_layout.line) by.y = step;
    if (by == PlanePoint{}) return false;
    emit nudged(point, by);
    return true;
}

void GeometryPlot::keyPressEvent(QKeyEvent* event) {
    if (nudge(*event)) return;
    const bool queries = event->modifiers().testFlag(Qt::ControlModifier);
    const int key = event->key();
    if (key == Qt::Key_Up || key == Qt::Key_Left) {
        queries ? emit moveRequested(-1, 0) : emit moveRequested(0, -1);
    } else if (key == Qt::Key_Down || key == Qt::Key_Right) {
        queries ? emit moveRequested(1, 0) : emit moveRequested(0, 1);
    } else if (key == Qt::Key_Escape) {
        emit escapePressed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void GeometryPlot::focusInEvent(QFocusEvent* event) {
    update();
    QWidget::focusInEvent(event);
}

void GeometryPlot::focusOutEvent(QFocusEvent* event) {
    update();
    QWidget::focusOutEvent(event);
}

}  // namespace attn::ui
