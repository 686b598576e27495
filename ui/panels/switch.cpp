#include "ui/panels/switch.h"

#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QPainter>

namespace attn::ui {

QSize Switch::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(36 * zoom), static_cast<int>(22 * zoom)};
}

void Switch::paintEvent(QPaintEvent*) {
    const Palette& colours = paletteFor(*this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF groove = QRectF(rect()).adjusted(2, 2, -2, -2);
    const double radius = groove.height() / 2;

    QColor ground = isChecked() ? colours.accent : colours.track;
    if (!isEnabled() && isChecked()) ground = colours.disabled;
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(groove, radius, radius);

    const bool right = isChecked() != isRightToLeft();
    const QPointF centre(right ? groove.right() - radius : groove.left() + radius, groove.center().y());
    painter.setBrush(isChecked() ? colours.accentText : colours.card);
    painter.drawEllipse(centre, radius - 3, radius - 3);

    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.focus, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius + 1, radius + 1);
    }
}

}  // namespace attn::ui
