#pragma once
/// Makes a style sheet see a dynamic property that changed. Costs nothing before the widget is first shown,
/// for then it is styled anyway.

#include <QStyle>
#include <QWidget>

namespace attn::ui {

inline void restyle(QWidget* widget) {
    if (!widget->testAttribute(Qt::WA_WState_Polished)) return;
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

}  // namespace attn::ui
