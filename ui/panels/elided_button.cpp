#include "ui/panels/elided_button.h"

#include <QStyleOptionButton>
#include <QStylePainter>

#include <algorithm>

namespace attn::ui {

QSize ElidedButton::minimumSizeHint() const {
    constexpr int kLetters = 6;
    const QSize whole = QPushButton::minimumSizeHint();
    return {std::min(whole.width(), kLetters * fontMetrics().height()), whole.height()};
}

void ElidedButton::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    const int around = sizeHint().width() - fontMetrics().horizontalAdvance(text());
    option.text = fontMetrics().elidedText(text(), Qt::ElideMiddle, std::max(0, width() - around));
    painter.drawControl(QStyle::CE_PushButton, option);
}

}  // namespace attn::ui
