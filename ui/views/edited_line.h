#pragma once
/// Under the inspector's headline: that the number was set by hand and what it was, and the ways to change it
/// and back.

#include "core/trace/explain.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace attn::ui {

class EditedLine : public QWidget {
    Q_OBJECT
public:
    explicit EditedLine(QWidget* parent = nullptr);

    void showCell(const Explanation& explanation, bool setByHand);
    void retranslate();

signals:
    void changeRequested();
    void resetRequested();

private:
    QLabel* m_text;
    QPushButton *m_change, *m_reset;
};

}  // namespace attn::ui
