#include "ui/plot/bars.h"

#include "ui/plot/heat_map_data.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

/// Left edge of the i-th of n slots in a width.
double slotLeft(double width, std::size_t i, std::size_t n) {
    return width * static_cast<double>(i) / static_cast<double>(n);
}

int slotAt(double width, double x, std::size_t n) {
    if (n == 0 || x < 0 || x >= width) return -1;
    return static_cast<int>(x / width * static_cast<double>(n));
}

double largestSize(const std::vector<float>& values) {
    double largest = 0;
    for (const float v : values)
        if (std::isfinite(v)) largest = std::max(largest, std::abs(static_cast<double>(v)));
    return largest > 0 ? largest : 1;
}

QColor mixed(const QColor& a, const QColor& b, double t) {
    const auto channel = [t](float x, float y) {
        return static_cast<float>(static_cast<double>(x) + static_cast<double>(y - x) * t);
    };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()),
                            channel(a.blueF(), b.blueF()));
}

}  // namespace

SignedBars::SignedBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SignedBars::setValues(std::vector<float> values) {
    if (values == m_values) return;
    m_values = std::move(values);
    m_hovered = -1;
    update();
}

void SignedBars::setScale(double largest) {
    m_scale = largest;
    update();
}

int SignedBars::barAt(const QPoint& position) const {
    return slotAt(width(), position.x(), m_values.size());
}

QSize SignedBars::sizeHint() const {
    return {240, static_cast<int>(std::lround(40 * textZoom(*this)))};
}
QSize SignedBars::minimumSizeHint() const {
    return {60, sizeHint().height()};
}

void SignedBars::paintEvent(QPaintEvent*) {
    if (m_values.empty()) return;
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double scale = m_scale > 0 ? m_scale : largestSize(m_values);
    double up = 0, down = 0;
    for (const float v : m_values) {
        if (!std::isfinite(v)) continue;
        up = std::max(up, static_cast<double>(v));
        down = std::max(down, -static_cast<double>(v));
    }
    // The zero line lies where both directions have the same scale and the room is used.
    const double total = std::max({std::min(up, scale) + std::min(down, scale), scale, 1e-30});
    const double room = height() - 2;
    const double zero = 1 + room * std::min(up, scale) / total;
    const double pitch = static_cast<double>(width()) / static_cast<double>(m_values.size());
    const double gap = pitch >= 6 ? 2 : pitch >= 3 ? 1 : 0;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const double v =
            std::isfinite(m_values[i]) ? std::clamp(static_cast<double>(m_values[i]), -scale, scale) : 0.0;
        const double left = std::round(slotLeft(width(), i, m_values.size()));
        const double right = std::max(left + 1, std::round(slotLeft(width(), i + 1, m_values.size())) - gap);
        if (v == 0.0) continue;
        const double length = std::max(1.5, std::abs(v) / total * room);
        const QColor color = v < 0 ? palette.negative : palette.positive;
        painter.fillRect(QRectF(left, v < 0 ? zero : zero - length, right - left, length),
                         static_cast<int>(i) == m_hovered ? mixed(color, palette.text, 0.35) : color);
    }
    painter.setPen(QPen(palette.line, 1));
    painter.drawLine(QPointF(0, std::round(zero) + 0.5), QPointF(width(), std::round(zero) + 0.5));
}

void SignedBars::mouseMoveEvent(QMouseEvent* event) {
    const int bar = barAt(event->position().toPoint());
    if (bar == m_hovered) return;
    m_hovered = bar;
    update();
    emit barHovered(bar);
}

void SignedBars::leaveEvent(QEvent* event) {
    m_hovered = -1;
    update();
    emit barHovered(-1);
    QWidget::leaveEvent(event);
}

WeightBars::WeightBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WeightBars::setBars(std::vector<WeightBar> bars) {
    const bool resized = bars.size() != m_bars.size();
    const bool sameLabels =
        !resized && std::equal(bars.begin(), bars.end(), m_bars.begin(),
                               [](const WeightBar& a, const WeightBar& b) { return a.label == b.label; });
    if (!sameLabels) m_labelWidth = -1;
    m_bars = std::move(bars);
    if (resized) {
        m_hovered = -1;
        updateGeometry();
    }
    update();
}

void WeightBars::setCurrent(int index, Role role) {
    if (index == m_current && role == m_role) return;
    m_current = index;
    m_role = role;
    update();
}

WeightBars::Columns WeightBars::columns() const {
    const double zoom = textZoom(*this);
    Columns c;
    c.line = std::round(24 * zoom);
    c.label = labelWidth(zoom);
    // All figures have one width, and a thousand keys are too many to measure for every hover.
    const double digit =
        QFontMetricsF(numberFont(12 * zoom, QFont::Bold)).horizontalAdvance(QLatin1Char('0'));
    qsizetype first = 0, last = 0;
    for (const WeightBar& bar : m_bars) {
        first = std::max(first, bar.first.size());
        last = std::max(last, bar.last.size());
    }
    c.first = digit * static_cast<double>(first);
    c.last = digit * static_cast<double>(last);
    const double air = 8 * zoom;
    c.label = std::min(c.label, 0.3 * width());
    c.bar = std::max(24.0, width() - c.label - c.first - c.last - 3 * air);
    return c;
}

double WeightBars::labelWidth(double zoom) const {
    if (m_labelWidth >= 0 && std::abs(m_labelZoom - zoom) < 1e-9) return m_labelWidth;
    const QFontMetricsF text(textFont(kBaseTextPx * zoom, QFont::Bold));
    m_labelWidth = 0;
    m_labelZoom = zoom;
    for (const WeightBar& bar : m_bars)
        m_labelWidth = std::max(m_labelWidth, text.horizontalAdvance(bar.label));
    return m_labelWidth;
}

int WeightBars::barAt(const QPoint& position) const {
    const int line = static_cast<int>(position.y() / columns().line);
    return position.y() >= 0 && line < static_cast<int>(m_bars.size()) ? line : -1;
}

QSize WeightBars::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(260 * zoom),
            static_cast<int>(std::round(24 * zoom) *
                             static_cast<double>(std::max<std::size_t>(1, m_bars.size())))};
}

QSize WeightBars::minimumSizeHint() const {
    return {120, sizeHint().height()};
}

void WeightBars::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const Columns c = columns();
    const double air = 8 * zoom;
    const QFont label = textFont(kBaseTextPx * zoom), boldLabel = textFont(kBaseTextPx * zoom, QFont::Bold);
    const QFont number = numberFont(12 * zoom), boldNumber = numberFont(12 * zoom, QFont::Bold);
    // A list of a thousand keys lies in a scroll area: only what is seen is painted.
    const int first = std::max(0, static_cast<int>(event->rect().top() / c.line));
    const int last =
        std::min(static_cast<int>(m_bars.size()) - 1, static_cast<int>(event->rect().bottom() / c.line));
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (int i = first; i <= last; ++i) {
        const WeightBar& bar = m_bars[static_cast<std::size_t>(i)];
        const bool current = i == m_current;
        const QRectF line(0, i * c.line, width(), c.line);
        if (i == m_hovered) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(palette.hover);
            painter.drawRoundedRect(line, 4, 4);
        }
        painter.setFont(current ? boldLabel : label);
        painter.setPen(bar.masked ? palette.disabled : current ? palette.role(m_role) : palette.text);
        const QString text =
            QFontMetricsF(painter.font()).elidedText(visibleText(bar.label), Qt::ElideRight, c.label);
        const double textWidth = QFontMetricsF(painter.font()).horizontalAdvance(text);
        const double baseline = line.center().y() + QFontMetricsF(painter.font()).capHeight() / 2;
        painter.drawText(QPointF(c.label - textWidth, baseline), text);

        const double thick = std::round(14 * zoom);
        const QRectF groove(c.label + air, line.center().y() - thick / 2, c.bar, thick);
        painter.setPen(Qt::NoPen);
        if (bar.masked) {
            painter.setBrush(palette.masked);
            painter.drawRoundedRect(groove, 2, 2);
            painter.setBrush(QBrush(palette.maskedHatch, Qt::BDiagPattern));
            painter.drawRoundedRect(groove, 2, 2);
            continue;
        }
        painter.setBrush(palette.ground);
        painter.drawRoundedRect(groove, 2, 2);
        const double share = std::isfinite(bar.weight) ? std::clamp(bar.weight, 0.0, 1.0) : 0.0;
        painter.setBrush(current ? palette.role(m_role) : palette.bar);
        if (share > 0)
            painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(std::max(1.0, share * c.bar), thick)), 2,
                                    2);

        painter.setFont(number);
        painter.setPen(palette.muted);
        const QFontMetricsF metrics(number), bold(current ? boldNumber : number);
        const double numberBaseline = line.center().y() + metrics.capHeight() / 2;
        painter.drawText(
            QPointF(groove.right() + air + c.first - metrics.horizontalAdvance(bar.first), numberBaseline),
            bar.first);
        painter.setFont(current ? boldNumber : number);
        painter.setPen(palette.text);
        painter.drawText(QPointF(width() - bold.horizontalAdvance(bar.last), numberBaseline), bar.last);
    }
}

void WeightBars::mouseMoveEvent(QMouseEvent* event) {
    const int bar = barAt(event->position().toPoint());
    if (bar == m_hovered) return;
    m_hovered = bar;
    update();
    emit barHovered(bar);
}

void WeightBars::mousePressEvent(QMouseEvent* event) {
    const int bar = barAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && bar >= 0)
        emit barClicked(bar);
    else
        QWidget::mousePressEvent(event);
}

void WeightBars::leaveEvent(QEvent* event) {
    m_hovered = -1;
    update();
    emit barHovered(-1);
    QWidget::leaveEvent(event);
}

void WeightBars::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateGeometry();
    QWidget::changeEvent(event);
}

VectorStrip::VectorStrip(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void VectorStrip::setValues(std::vector<float> values) {
    if (values == m_values) return;
    m_values = std::move(values);
    m_hovered = -1;
    update();
}

int VectorStrip::cellAt(const QPoint& position) const {
    return slotAt(width(), position.x(), m_values.size());
}

QSize VectorStrip::sizeHint() const {
    return {240, static_cast<int>(std::lround(26 * textZoom(*this)))};
}
QSize VectorStrip::minimumSizeHint() const {
    return {60, sizeHint().height()};
}

void VectorStrip::paintEvent(QPaintEvent*) {
    if (m_values.empty()) return;
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const ColorMap& map = ColorMap::of(ColorMapId::Diverging, palette.theme);
    const double scale = largestSize(m_values);
    const double pitch = static_cast<double>(width()) / static_cast<double>(m_values.size());
    const double gap = pitch >= 6 ? 2 : pitch >= 3 ? 1 : 0;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const double left = std::round(slotLeft(width(), i, m_values.size()));
        const double right = std::max(left + 1, std::round(slotLeft(width(), i + 1, m_values.size())) - gap);
        const QRectF cell(left, 0, right - left, height());
        painter.fillRect(cell, QColor(map.at((static_cast<double>(m_values[i]) / scale + 1) / 2)));
        painter.setPen(static_cast<int>(i) == m_hovered ? palette.text : palette.line);
        if (gap > 0) painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void VectorStrip::mouseMoveEvent(QMouseEvent* event) {
    const int cell = cellAt(event->position().toPoint());
    if (cell == m_hovered) return;
    m_hovered = cell;
    update();
    emit cellHovered(cell);
}

void VectorStrip::leaveEvent(QEvent* event) {
    m_hovered = -1;
    update();
    emit cellHovered(-1);
    QWidget::leaveEvent(event);
}

}  // namespace attn::ui
