#include "ui/plot/geometry_plot.h"

#include "ui/plot/geometry_painter.h"
#include "ui/style/fonts.h"

#include <QApplication>
#include <QGestureEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace attn::ui {

namespace {
constexpr double kMarginPx = 8, kZoomStep = 1.25;  // a step as of the buttons
}

GeometryPlot::GeometryPlot(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    grabGesture(Qt::PinchGesture);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Geometry"));
}

void GeometryPlot::setData(GeometryData data) {
    const bool same = data.samePoints(m_data) && data.query == m_data.query && data.key == m_data.key &&
                      data.weights == m_data.weights && data.editedQueries == m_data.editedQueries &&
                      data.editedKeys == m_data.editedKeys;
    const bool otherPair = data.query != m_data.query || data.key != m_data.key;
    // Another head or sentence has another plane: a part of it would be any part.
    const auto points = [](const GeometryData& of) {
        return of.isEmpty() ? std::pair<std::size_t, std::size_t>()
                            : std::pair(of.plane->queries.size(), of.plane->keys.size());
    };
    const bool otherPlane = data.title != m_data.title || points(data) != points(m_data) ||
                            (!data.isEmpty() && data.plane->width != m_data.plane->width);
    m_data = std::move(data);
    setAccessibleName(m_data.title.isEmpty() ? tr("Geometry") : m_data.title);
    if (same) return;
    if (!m_dragging) m_hovered = {};
    if (otherPlane && m_frame) {
        m_frame.reset();
        emit zoomChanged();
    }
    layOut();
    if (otherPair && m_frame && !m_dragging) reveal();
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
    const GeometryFrame held = m_frame ? *m_frame : m_layout.frame();
    m_layout = layOutGeometry(m_data, area, textZoom(*this), m_dragging || m_frame ? &held : nullptr);
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
    if (event->type() == QEvent::Hide || event->type() == QEvent::UngrabMouse) endDrag();
    // Keys that move the selection are none of the window's.
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down)
            event->accept();
    }
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomAt(1 + gesture->value(), gesture->position());
            return true;
        }
    }
    if (event->type() == QEvent::Gesture) {
        auto* gestures = static_cast<QGestureEvent*>(event);
        if (auto* pinch = static_cast<QPinchGesture*>(gestures->gesture(Qt::PinchGesture))) {
            zoomAt(pinch->scaleFactor(), mapFromGlobal(pinch->centerPoint()));
            gestures->accept(pinch);
            return true;
        }
    }
    return QWidget::event(event);
}

void GeometryPlot::setFrame(const GeometryFrame& frame) {
    if (m_layout.isEmpty() || m_data.isEmpty()) return;
    const std::optional<GeometryFrame> next =
        frame.scale <= m_layout.fitted.scale ? std::nullopt : std::optional(frame);
    if (next == m_frame) return;
    m_frame = next;
    layOut();
    emit zoomChanged();
}

void GeometryPlot::zoomAt(double factor, const QPointF& place) {
    if (m_layout.isEmpty() || m_dragging || !(factor > 0)) return;
    m_hovered = {};
    setFrame(m_layout.zoomed(factor, place));
}

void GeometryPlot::zoomBy(double factor) {
    zoomAt(factor, anchor());
}

void GeometryPlot::fit() {
    if (!m_layout.isEmpty() && !m_dragging) setFrame(m_layout.fitted);
}

QPointF GeometryPlot::anchor() const {
    for (const GeometryPoint& point :
         {GeometryPoint{Role::Key, m_data.key}, GeometryPoint{Role::Query, m_data.query}}) {
        if (!point.isValid() || m_data.isEmpty()) continue;
        if (const QPointF at = m_layout.pointOf(m_data, point); m_layout.shows(at)) return at;
    }
    return m_layout.plot.center();
}

/// Whether there was any way to go.
bool GeometryPlot::moveBy(const QPointF& px) {
    if (!m_frame) return false;
    const GeometryFrame next = m_layout.moved(m_data, px);
    const QPointF way = QPointF(next.middle.x - m_frame->middle.x, next.middle.y - m_frame->middle.y);
    if (way.manhattanLength() * next.scale < 0.5) return false;
    setFrame(next);
    return true;
}

/// What was chosen elsewhere, or by a key, comes into sight.
void GeometryPlot::reveal() {
    for (const GeometryPoint& point :
         {GeometryPoint{Role::Query, m_data.query}, GeometryPoint{Role::Key, m_data.key}}) {
        if (!point.isValid()) continue;
        const QPointF at = m_layout.pointOf(m_data, point);
        const double inset = 40 * m_layout.zoom;
        const QRectF room = m_layout.plot.adjusted(inset, inset, -inset, -inset);
        if (room.isEmpty() || room.contains(at)) continue;
        moveBy({at.x() - std::clamp(at.x(), room.left(), room.right()),
                at.y() - std::clamp(at.y(), room.top(), room.bottom())});
    }
}

/// With Ctrl it zooms, as elsewhere; else it moves a plane that is larger than its room, and after that the
/// page.
void GeometryPlot::wheelEvent(QWheelEvent* event) {
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        zoomAt(std::pow(kZoomStep, event->angleDelta().y() / 120.0), event->position());
        event->accept();
        return;
    }
    const QPointF px =
        event->pixelDelta().isNull() ? QPointF(event->angleDelta()) / 2.0 : QPointF(event->pixelDelta());
    const bool moved =
        moveBy(event->modifiers().testFlag(Qt::ShiftModifier) && px.x() == 0 ? QPointF(-px.y(), 0) : -px);
    event->setAccepted(moved);
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
    setCursor(point.isValid() ? (m_draggable ? Qt::SizeAllCursor : Qt::PointingHandCursor)
              : m_frame       ? Qt::OpenHandCursor
                              : Qt::ArrowCursor);
    update();
}

void GeometryPlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_pressed.isValid() && event->buttons().testFlag(Qt::LeftButton)) {
        drag(event->position());
        return;
    }
    if (m_pressedEmpty && event->buttons().testFlag(Qt::LeftButton)) {
        if (!m_frame) return;
        if (!m_moving &&
            (event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance())
            return;
        m_moving = true;
        setCursor(Qt::ClosedHandCursor);
        moveBy(m_movedTo - event->position());
        m_movedTo = event->position();
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
    m_pressedAt = m_movedTo = event->position();
    m_pressedEmpty = !m_pressed.isValid();
    hover(m_pressed);
}

void GeometryPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    if (std::exchange(m_pressedEmpty, false)) {
        // In a part of the plane the ground is there to be taken, and Escape lets go of the selection.
        if (!std::exchange(m_moving, false) && !m_frame) emit emptyClicked();
        setCursor(m_frame ? Qt::OpenHandCursor : Qt::ArrowCursor);
        return;
    }
    if (!m_pressed.isValid()) return;
    const GeometryPoint point = m_pressed;
    if (m_dragging) {
        endDrag();
        setCursor(Qt::SizeAllCursor);
    } else {
        m_pressed = {};
        emit pointClicked(point);
    }
}

/// However it ends: what was changed so far is one step.
void GeometryPlot::endDrag() {
    m_pressed = {};
    m_pressedEmpty = m_moving = false;
    if (!std::exchange(m_dragging, false)) return;
    emit dragFinished();
    layOut();  // the axes may follow now
}

void GeometryPlot::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !m_layout.nearest(m_data, event->position()).isValid())
        fit();
    else
        mousePressEvent(event);  // the second of two clicks on a point is a click
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
    } else if (key == Qt::Key_Plus || key == Qt::Key_Equal) {
        zoomBy(kZoomStep);
    } else if (key == Qt::Key_Minus) {
        zoomBy(1 / kZoomStep);
    } else if (key == Qt::Key_Home || key == Qt::Key_0) {
        fit();
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
