#include "ui/plot/geometry_plot.h"

#include "ui/plot/geometry_painter.h"
#include "ui/style/fonts.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

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
                      data.weights == m_data.weights;
    m_data = std::move(data);
    setAccessibleName(m_data.title.isEmpty() ? tr("Geometry") : m_data.title);
    if (same) return;
    m_hovered = {};
    layOut();
}

void GeometryPlot::setPlaceholder(const QString& text) {
    if (text == m_placeholder) return;
    m_placeholder = text;
    update();
}

void GeometryPlot::layOut() {
    const QRectF area = QRectF(rect()).adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    m_layout = layOutGeometry(m_data, area, textZoom(*this));
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
    setCursor(point.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void GeometryPlot::mouseMoveEvent(QMouseEvent* event) {
    hover(m_layout.nearest(m_data, event->position()));
}

void GeometryPlot::leaveEvent(QEvent* event) {
    hover({});
    QWidget::leaveEvent(event);
}

void GeometryPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const GeometryPoint point = m_layout.nearest(m_data, event->position());
    if (point.isValid()) {
        emit pointClicked(point);
    } else {
        emit emptyClicked();
    }
}

void GeometryPlot::keyPressEvent(QKeyEvent* event) {
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
