#pragma once
/// A wheel that scrolls a page changes no number on its way: sliders, numbers and choices take it only while
/// they have the keyboard.

#include <QObject>

namespace attn::ui {

/// Watches all widgets of the application for as long as it lives.
class WheelGuard : public QObject {
    Q_OBJECT
public:
    explicit WheelGuard(QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace attn::ui
