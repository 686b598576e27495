#include "ui/plot/prediction_bars.h"

#include "ui/plot/heat_map_data.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace attn::ui {

PredictionBars::PredictionBars(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

QString PredictionBars::percent(double probability) {
    const double value = 100 * probability;
    if (value >= 10) return QStringLiteral("%1 %").arg(value, 0, 'f', 1);
    if (value >= 0.1) return QStringLiteral("%1 %").arg(value, 0, 'f', 2);
    return shortNumber(value, 2) + QStringLiteral(" %");
}

QString PredictionBars::points(double difference) {
    const double value = 100 * difference;
    if (std::abs(value) < 0.005) return QStringLiteral("±0");
    const int decimals = std::abs(value) >= 10 ? 1 : 2;
    const QString size = QString::number(std::abs(value), 'f', decimals);
    return (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) + size;
}

void PredictionBars::setBars(std::vector<PredictionBar> bars) {
    if (bars == m_bars) return;
    const bool resized = bars.size() != m_bars.size();
    m_bars = std::move(bars);
    describe();
    if (resized) updateGeometry();
    update();
}

bool PredictionBars::compares() const {
    return std::any_of(m_bars.begin(), m_bars.end(), [](const PredictionBar& bar) { return bar.before; });
}

void PredictionBars::describe() {
    setAccessibleName(tr("Predicted tokens"));
    QStringList lines;
    for (const PredictionBar& bar : m_bars) {
        lines << (bar.before
                      ? tr("%1: %2, before %3").arg(bar.label, percent(bar.after), percent(*bar.before))
                      : tr("%1: %2").arg(bar.label, percent(bar.after)));
    }
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
}

double PredictionBars::lineHeight() const {
    return std::round(24 * textZoom(*this));
}

QSize PredictionBars::sizeHint() const {
    return {static_cast<int>(280 * textZoom(*this)),
            static_cast<int>(lineHeight() * static_cast<double>(std::max<std::size_t>(1, m_bars.size())))};
}

QSize PredictionBars::minimumSizeHint() const {
    return {160, sizeHint().height()};
}

void PredictionBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this), line = lineHeight(), air = 8 * zoom;
    const QFont label = textFont(kBaseTextPx * zoom), bold = textFont(kBaseTextPx * zoom, QFont::Bold);
    const QFont number = numberFont(12 * zoom);
    const QFontMetricsF figures(number);
    bool compared = compares();
    double labels = 0, scale = 0, values = 0, differences = 0;
    for (const PredictionBar& bar : m_bars) {
        labels = std::max(labels, QFontMetricsF(bold).horizontalAdvance(visibleText(bar.label)));
        scale = std::max({scale, bar.after, bar.before.value_or(0)});
        values = std::max(values, figures.horizontalAdvance(percent(bar.after)));
        if (bar.before)
            differences = std::max(differences, figures.horizontalAdvance(points(bar.after - *bar.before)));
    }
    labels = std::min(labels, 0.34 * width());
    // Where there is no room, the tool tip says it.
    if (width() - labels - values - differences - 3 * air < 40 * zoom) compared = false;
    const double bars =
        std::max(20.0, width() - labels - values - 2 * air - (compared ? differences + air : 0));
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const PredictionBar& bar = m_bars[i];
        const double centre = (static_cast<double>(i) + 0.5) * line;
        painter.setFont(bar.isHere ? bold : label);
        painter.setPen(bar.isHere ? palette.query : palette.text);
        const QString text =
            QFontMetricsF(painter.font()).elidedText(visibleText(bar.label), Qt::ElideRight, labels);
        painter.drawText(QPointF(labels - QFontMetricsF(painter.font()).horizontalAdvance(text),
                                 centre + QFontMetricsF(painter.font()).capHeight() / 2),
                         text);
        const double thick = std::round(14 * zoom);
        const QRectF groove(labels + air, centre - thick / 2, bars, thick);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette.ground);
        painter.drawRoundedRect(groove, 2, 2);
        const auto length = [&](double p) { return scale > 0 ? std::max(1.0, p / scale * bars) : 1.0; };
        painter.setBrush(palette.bar);
        painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(length(bar.after), thick)), 2, 2);
        if (bar.before) {
            const double at = groove.left() + length(*bar.before);
            painter.setPen(QPen(palette.card, 4));
            painter.drawLine(QPointF(at, groove.top() - 1), QPointF(at, groove.bottom() + 1));
            painter.setPen(QPen(palette.text, 2));
            painter.drawLine(QPointF(at, groove.top() - 2), QPointF(at, groove.bottom() + 2));
        }
        painter.setFont(number);
        painter.setPen(palette.text);
        const double baseline = centre + figures.capHeight() / 2;
        const QString value = percent(bar.after);
        painter.drawText(QPointF(groove.right() + air + values - figures.horizontalAdvance(value), baseline),
                         value);
        if (!bar.before || !compared) continue;
        const QString change = points(bar.after - *bar.before);
        const bool same = change == points(0);
        painter.setPen(same ? palette.muted : bar.after > *bar.before ? palette.positive : palette.negative);
        painter.drawText(QPointF(width() - figures.horizontalAdvance(change), baseline), change);
    }
}

bool PredictionBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto line = static_cast<std::size_t>(std::max(0.0, help->pos().y() / lineHeight()));
    if (line < m_bars.size()) {
        const PredictionBar& bar = m_bars[line];
        const QString text =
            bar.before ? tr("‘%1’: %2 → %3").arg(bar.label, percent(*bar.before), percent(bar.after))
                       : tr("‘%1’: %2").arg(bar.label, percent(bar.after));
        QToolTip::showText(help->globalPos(), QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void PredictionBars::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateGeometry();
    if (event->type() == QEvent::LanguageChange) describe();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
