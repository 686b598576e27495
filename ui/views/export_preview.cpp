#include "ui/views/export_preview.h"

#include "ui/style/palette.h"

#include <QPainter>

namespace attn::ui {

ExportPreview::ExportPreview(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("export.preview"));
    setAccessibleName(tr("Preview of the figure"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ExportPreview::setPicture(const QImage& picture, bool transparent) {
    m_picture = picture;
    m_transparent = transparent;
    update();
}

void ExportPreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    painter.fillRect(rect(), palette.ground);
    if (m_picture.isNull()) return;
    const QRect room = rect().adjusted(8, 8, -8, -8);
    const QSizeF natural = QSizeF(m_picture.size()) / m_picture.devicePixelRatio();
    QSizeF size = natural.scaled(room.size(), Qt::KeepAspectRatio);
    if (size.width() > natural.width()) size = natural;  // never blown up
    QRectF target(QPointF(), size);
    target.moveCenter(QRectF(room).center());
    if (m_transparent) {
        constexpr int kSquare = 8;
        painter.setClipRect(target);
        for (int y = 0; y <= static_cast<int>(target.height()) / kSquare; ++y) {
            for (int x = 0; x <= static_cast<int>(target.width()) / kSquare; ++x) {
                painter.fillRect(
                    QRectF(target.left() + x * kSquare, target.top() + y * kSquare, kSquare, kSquare),
                    (x + y) % 2 == 0 ? palette.card : palette.line);
            }
        }
        painter.setClipping(false);
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
    painter.drawImage(target, m_picture);
    painter.setPen(palette.line);
    painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5));
}

}  // namespace attn::ui
