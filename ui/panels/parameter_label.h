#pragma once
/// The label of a parameter: a double click, or its context menu, brings the default back.

#include <QLabel>

namespace attn::ui {

class ParameterLabel : public QLabel {
    Q_OBJECT
public:
    explicit ParameterLabel(QWidget* parent = nullptr) : QLabel(parent) {}

signals:
    void resetRequested();

protected:
    void mouseDoubleClickEvent(QMouseEvent*) override { emit resetRequested(); }
};

}  // namespace attn::ui
