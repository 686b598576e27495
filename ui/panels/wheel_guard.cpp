#include "ui/panels/wheel_guard.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QSlider>

namespace attn::ui {

namespace {

QWidget* guarded(QObject* object) {
    if (auto* slider = qobject_cast<QSlider*>(object)) return slider;
    if (auto* number = qobject_cast<QAbstractSpinBox*>(object)) return number;
    return qobject_cast<QComboBox*>(object);
}

}  // namespace

WheelGuard::WheelGuard(QObject* parent) : QObject(parent) {
    qApp->installEventFilter(this);
}

bool WheelGuard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Polish) {
        // Else the wheel itself would give them the keyboard.
        if (QWidget* widget = guarded(watched); widget != nullptr && widget->focusPolicy() == Qt::WheelFocus)
            widget->setFocusPolicy(Qt::StrongFocus);
    } else if (event->type() == QEvent::Wheel) {
        // Not accepted, it goes on to what lies behind: the page that scrolls.
        if (const QWidget* widget = guarded(watched); widget != nullptr && !widget->hasFocus()) {
            event->ignore();
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace attn::ui
