#include "ui/panels/value_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QWheelEvent>

#include <cmath>

namespace attn::ui {

namespace {

constexpr int kMagnetPx = 2;
constexpr int kWheelRestMillis = 500;

}  // namespace

ValueSlider::ValueSlider(const SliderMapping& mapping, QWidget* parent)
    : QSlider(Qt::Horizontal, parent), m_mapping(mapping), m_number(mapping.minimum()) {
    setRange(0, mapping.positions());
    setFocusPolicy(Qt::StrongFocus);
    setPageStep(std::max(1, mapping.positions() / 10));
    m_wheelRest.setSingleShot(true);
    m_wheelRest.setInterval(kWheelRestMillis);
    connect(&m_wheelRest, &QTimer::timeout, this, &ValueSlider::end);
    // Whatever else moves the handle, assistive technology for one.
    connect(this, &QSlider::valueChanged, this, [this](int position) {
        if (m_updating) return;
        m_number = m_mapping.value(position);
        emit numberMoved(m_number);
    });
}

void ValueSlider::setNumber(double number) {
    m_number = number;
    const QScopedValueRollback guard(m_updating, true);
    setValue(m_mapping.position(number));
}

void ValueSlider::step(int steps) {
    move(m_mapping.stepped(m_number, steps));
}

void ValueSlider::move(double number) {
    if (number == m_number) return;
    setNumber(number);
    emit numberMoved(number);
}

void ValueSlider::begin() {
    m_wheelRest.stop();
    if (m_gesture) return;
    m_gesture = true;
    emit gestureStarted();
}

void ValueSlider::end() {
    m_wheelRest.stop();
    if (!m_gesture) return;
    m_gesture = false;
    emit gestureEnded();
}

int ValueSlider::positionAt(int x) const {
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect groove = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
    const int handle =
        style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this).width();
    return QStyle::sliderValueFromPosition(minimum(), maximum(), x - groove.left() - handle / 2,
                                           groove.width() - handle, option.upsideDown);
}

void ValueSlider::dragTo(int x) {
    const int position = positionAt(x - m_grab);
    double number = m_mapping.value(position);
    if (m_magnet && !m_mapping.isInteger()) {
        const int reach = m_mapping.positions() * kMagnetPx / std::max(1, width());
        if (std::abs(position - m_mapping.position(*m_magnet)) <= reach) number = *m_magnet;
    }
    move(number);
}

void ValueSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    const QPoint at = event->position().toPoint();
    const bool onHandle = handle.contains(at);
    m_grab = onHandle ? at.x() - handle.center().x() : 0;
    event->accept();
    begin();
    setSliderDown(true);
    if (!onHandle) dragTo(at.x());
}

void ValueSlider::mouseMoveEvent(QMouseEvent* event) {
    if (!isSliderDown()) {
        event->ignore();
        return;
    }
    event->accept();
    dragTo(event->position().toPoint().x());
}

void ValueSlider::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !isSliderDown()) {
        event->ignore();
        return;
    }
    event->accept();
    setSliderDown(false);
    end();
}

void ValueSlider::keyPressEvent(QKeyEvent* event) {
    const int forward = isRightToLeft() ? -1 : 1;
    double number = m_number;
    switch (event->key()) {
        case Qt::Key_Left:
            number = m_mapping.stepped(m_number, -forward);
            break;
        case Qt::Key_Right:
            number = m_mapping.stepped(m_number, forward);
            break;
        case Qt::Key_Down:
            number = m_mapping.stepped(m_number, -1);
            break;
        case Qt::Key_Up:
            number = m_mapping.stepped(m_number, 1);
            break;
        case Qt::Key_PageDown:
            number = m_mapping.paged(m_number, -1);
            break;
        case Qt::Key_PageUp:
            number = m_mapping.paged(m_number, 1);
            break;
        case Qt::Key_Home:
            number = m_mapping.minimum();
            break;
        case Qt::Key_End:
            number = m_mapping.maximum();
            break;
        default:
            event->ignore();
            return;
    }
    event->accept();
    begin();
    move(number);
}

void ValueSlider::keyReleaseEvent(QKeyEvent* event) {
    if (event->isAutoRepeat() || isSliderDown()) {
        event->ignore();
        return;
    }
    QSlider::keyReleaseEvent(event);
    end();
}

void ValueSlider::wheelEvent(QWheelEvent* event) {
    if (!hasFocus()) {
        event->ignore();
        return;
    }
    event->accept();
    m_wheel += event->angleDelta().y();
    const int steps = m_wheel / QWheelEvent::DefaultDeltasPerStep;
    if (steps == 0) return;
    m_wheel -= steps * QWheelEvent::DefaultDeltasPerStep;
    begin();
    step(steps);
    m_wheelRest.start();
}

void ValueSlider::focusOutEvent(QFocusEvent* event) {
    QSlider::focusOutEvent(event);
    if (!isSliderDown()) end();
}

void ValueSlider::hideEvent(QHideEvent* event) {
    QSlider::hideEvent(event);
    setSliderDown(false);
    end();
}

void ValueSlider::changeEvent(QEvent* event) {
    QSlider::changeEvent(event);
    if (event->type() == QEvent::EnabledChange && !isEnabled()) {
        setSliderDown(false);
        end();
    }
}

}  // namespace attn::ui
