// What LogitBars looks like.
#include "ui/panels/logit_bars.h"
#include "ui/panels/quantity_field.h"
#include "ui/plot/curve_plot_painter.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace attn::ui {

namespace {

constexpr int kMostLetters = 24;  ///< of a name, that ask for room
constexpr double kWidePx = 8;     ///< narrower bars have no air between them and no grip

}  // namespace

void LogitBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    painter.fillRect(rect(), palette.card);
    paintAxis(painter, palette);
    if (!m_values.empty()) {
        if (barRect(0).width() < kWidePx) paintThinBars(painter, palette);
        for (int i = 0; i < static_cast<int>(m_values.size()); ++i) {
            if (barRect(i).width() < kWidePx && i != m_current && i != m_hovered) continue;
            paintBar(painter, palette, i);
        }
    }
    paintNames(painter, palette);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(palette.focus, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 5, 5);
    }
}

void LogitBars::paintAxis(QPainter& painter, const Palette& palette) const {
    const double zoom = textZoom(*this);
    const QRectF box = plotRect();
    const QFont small = textFont(11 * zoom);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    for (const double share : {1.0, 0.0, -1.0}) {
        const QString text = shortNumber(share * m_reach, 2);
        const double y = pixelFromValue(share * m_reach);
        painter.setPen(QPen(palette.line, 1));
        painter.drawLine(QPointF(box.left(), std::round(y) + 0.5), QPointF(box.right(), std::round(y) + 0.5));
        painter.setPen(palette.muted);
        const double left = box.left() - 6 * zoom - metrics.horizontalAdvance(text);
        painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text);
    }
}

/// A thousand bars are thinner than a pixel: whole pixels, all of one colour at once, the named ones last.
void LogitBars::paintThinBars(QPainter& painter, const Palette& palette) const {
    const int zero = static_cast<int>(std::lround(pixelFromValue(0)));
    std::map<int, std::vector<QRect>> rects;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const QRectF slot = barRect(static_cast<int>(i));
        const int y = static_cast<int>(std::lround(pixelFromValue(m_values[i])));
        const int left = static_cast<int>(slot.left());
        const int least = m_colors[i] == kBarColor ? 1 : 2;
        const int width = std::max(least, static_cast<int>(slot.right()) - left);
        rects[m_colors[i]].emplace_back(left, std::min(y, zero), width, std::max(1, std::abs(y - zero)));
    }
    painter.setPen(Qt::NoPen);
    for (const auto& [color, group] : rects) {
        painter.setBrush(plotColor(palette, color));
        painter.drawRects(group.data(), static_cast<int>(group.size()));
    }
}

void LogitBars::paintBar(QPainter& painter, const Palette& palette, int i) const {
    const auto index = static_cast<std::size_t>(i);
    const double zoom = textZoom(*this);
    const QRectF box = plotRect(), slot = barRect(i);
    const bool wide = slot.width() >= kWidePx;
    const double air = wide ? slot.width() * 0.15 : 0;
    const double y = pixelFromValue(m_values[index]), zero = std::round(pixelFromValue(0)) + 0.5;
    const QRectF bar(slot.left() + air, std::min(y, zero), std::max(1.0, slot.width() - 2 * air),
                     std::max(1.0, std::abs(y - zero)));
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (wide && (i == m_current || i == m_hovered)) {
        painter.fillRect(slot, i == m_current ? palette.hover : palette.field);
    }
    painter.fillRect(bar, plotColor(palette, m_colors[index]));
    // A grip at the end says that it can be pulled.
    painter.setPen(QPen(i == m_current && hasFocus() ? palette.focus : palette.card, 1.5 * zoom));
    painter.setBrush(plotColor(palette, m_colors[index]));
    painter.drawEllipse(QPointF(bar.center().x(), y), 4.5 * zoom, 4.5 * zoom);
    if (!numbered() && i != m_current && i != m_hovered) return;
    painter.setFont(textFont(11 * zoom, QFont::DemiBold));
    painter.setPen(palette.text);
    const QFontMetricsF metrics(painter.font());
    // Where three digits would make 3 of 2.9999 and there is room, there are more.
    QString number = shortNumber(m_values[index], 3);
    if (typedNumber(number) != m_values[index]) {
        const QString longer = shortNumber(m_values[index], 5);
        if (metrics.horizontalAdvance(longer) < slot.width()) number = longer;
    }
    const double width = metrics.horizontalAdvance(number);
    const double x =
        std::clamp(slot.center().x() - width / 2, box.left(), std::max(box.left(), box.right() - width));
    const double baseline = m_values[index] >= 0 ? y - 8 * zoom : y + 8 * zoom + metrics.ascent();
    painter.drawText(QPointF(x, baseline), number);
}

void LogitBars::paintNames(QPainter& painter, const Palette& palette) const {
    const double zoom = textZoom(*this);
    const QRectF box = plotRect();
    painter.setFont(textFont(11 * zoom));
    painter.setPen(palette.muted);
    const QFontMetricsF metrics(painter.font());
    const int count = static_cast<int>(std::min<qsizetype>(m_names.size(), std::ssize(m_values)));
    if (count == 0) return;
    // Every step-th, so that what is written can be read.
    const double pitch = barRect(0).width(), gap = 6 * zoom, longest = 64 * zoom;
    double wanted = 0;
    for (int i = 0; i < count; ++i)
        wanted = std::max(wanted, metrics.horizontalAdvance(m_names[i].left(kMostLetters)));
    const int step = std::max(1, static_cast<int>(std::ceil((std::min(wanted, longest) + gap) / pitch)));
    for (int i = 0; i < count; i += step) {
        const QString name = metrics.elidedText(m_names[i], Qt::ElideRight, step * pitch - gap);
        const double width = metrics.horizontalAdvance(name);
        const double x = std::clamp(barRect(i).center().x() - width / 2, 0.0,
                                    std::max(0.0, static_cast<double>(this->width()) - width));
        painter.drawText(QPointF(x, box.bottom() + metrics.ascent() + 4 * zoom), name);
    }
}

}  // namespace attn::ui
