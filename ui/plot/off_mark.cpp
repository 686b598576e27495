#include "ui/plot/off_mark.h"

#include <QPainter>

namespace attn::ui {

void paintSwitchedOff(QPainter& painter, const QRectF& rect, const Palette& palette, bool dashed) {
    QColor pale = palette.card;
    pale.setAlphaF(0.74F);
    painter.save();
    painter.fillRect(rect, pale);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.edited, rect.width() >= 28 ? 2 : 1.4, dashed ? Qt::DashLine : Qt::SolidLine));
    painter.drawLine(rect.bottomLeft(), rect.topRight());
    painter.setPen(QPen(palette.edited, 1));
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

}  // namespace attn::ui
