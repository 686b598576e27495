#include "ui/views/head_legend.h"

#include "ui/style/fonts.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

namespace attn::ui {

namespace {

constexpr int kBarPx = 88, kAirPx = 6;

}  // namespace

HeadLegend::HeadLegend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("heads.legend"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void HeadLegend::set(ColorMapId map, const QString& high) {
    if (map == m_map && high == m_high) return;
    m_map = map;
    m_high = high;
    setAccessibleName(tr("Colours from 0 to %1").arg(high));
    updateGeometry();
    update();
}

QSize HeadLegend::sizeHint() const {
    const QFontMetrics metrics(textFont(11 * textZoom(*this)));
    return {metrics.horizontalAdvance(u'0') + metrics.horizontalAdvance(m_high) + kBarPx + 2 * kAirPx + 2,
            metrics.height()};
}

void HeadLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    painter.setFont(textFont(11 * textZoom(*this)));
    painter.setPen(palette.muted);
    const QFontMetrics metrics(painter.font());
    const int baseline = (height() + metrics.capHeight()) / 2;
    painter.drawText(0, baseline, QStringLiteral("0"));
    const int left = metrics.horizontalAdvance(u'0') + kAirPx;
    const ColorMap& map = ColorMap::of(m_map, palette.theme);
    const int high = metrics.capHeight() + 2;
    for (int x = 0; x < kBarPx; ++x)
        painter.fillRect(left + x, (height() - high) / 2, 1, high, QColor(map.at(x / (kBarPx - 1.0))));
    painter.drawText(left + kBarPx + kAirPx, baseline, m_high);
}

void HeadLegend::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateGeometry();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
