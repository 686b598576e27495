#include "ui/plot/thumbnails.h"

#include "ui/plot/heat_map_painter.h"
#include "ui/plot/off_mark.h"
#include "ui/style/fonts.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attn::ui {

namespace {

constexpr int kSmallEdge = 38;

bool sameFlags(const HeadStrip::FlagsOfHeads& a, const HeadStrip::FlagsOfHeads& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first &&
               (x.second == y.second || (x.second && y.second && *x.second == *y.second));
    });
}

}  // namespace

HeadStrip::HeadStrip(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Heads"));
}

int HeadStrip::headCount() const {
    return m_data.isEmpty() ? 0 : static_cast<int>(m_data.tensor->heads());
}

void HeadStrip::setData(const HeatMapData& shown, FlagsOfHeads own) {
    if (shown.tensor == m_data.tensor && shown.range == m_data.range && shown.flags == m_data.flags &&
        shown.quantity == m_data.quantity && sameFlags(own, m_ownFlags))
        return;
    const int heads = headCount();
    const bool sameShape =
        m_data.rowCount() == shown.rowCount() && m_data.columnCount() == shown.columnCount();
    m_data = shown;
    m_ownFlags = std::move(own);
    m_images.assign(static_cast<std::size_t>(headCount()), QImage());
    if (headCount() != heads || !sameShape) updateGeometry();
    m_hovered = std::min(m_hovered, headCount() - 1);
    describe();
    update();
}

void HeadStrip::setHeatMapStyle(const HeatMapStyle& style) {
    if (style.sequential == m_style.sequential) return;
    m_style = style;
    std::fill(m_images.begin(), m_images.end(), QImage());
    update();
}

void HeadStrip::setSwitchedOff(std::vector<bool> off) {
    if (off == m_off) return;
    m_off = std::move(off);
    describe();
    update();
}

void HeadStrip::setEdited(std::vector<bool> edited) {
    if (edited == m_edited) return;
    m_edited = std::move(edited);
    describe();
    update();
}

bool HeadStrip::isEdited(int head) const {
    return head >= 0 && static_cast<std::size_t>(head) < m_edited.size() &&
           m_edited[static_cast<std::size_t>(head)];
}

bool HeadStrip::isOff(int head) const {
    return head >= 0 && static_cast<std::size_t>(head) < m_off.size() &&
           m_off[static_cast<std::size_t>(head)];
}

void HeadStrip::setCurrentHead(int head) {
    if (head == m_current) return;
    m_current = head;
    describe();
    update();
}

void HeadStrip::setThumbnailSize(int px) {
    m_edge = std::clamp(px, 8, 512);
    std::fill(m_images.begin(), m_images.end(), QImage());
    updateGeometry();
    update();
}

void HeadStrip::describe() {
    QString text = headCount() == 0 ? QString() : tr("head %1 of %2").arg(m_current).arg(headCount());
    if (isOff(m_current)) text += QStringLiteral(" — ") + tr("switched off");
    if (isEdited(m_current)) text += QStringLiteral(" — ") + tr("edited");
    setAccessibleDescription(text);
}

HeadStrip::Metrics HeadStrip::metrics(int width) const {
    Metrics m;
    const double zoom = textZoom(*this);
    const int heads = headCount();
    m.number = QFontMetrics(textFont(11 * zoom, QFont::Bold))
                   .horizontalAdvance(QString::number(std::max(9, heads - 1))) +
               static_cast<int>(std::lround(6 * zoom));
    m.gap = static_cast<int>(std::lround(10 * zoom));
    const double rows = static_cast<double>(std::max<Index>(1, m_data.rowCount()));
    const double columns = static_cast<double>(std::max<Index>(1, m_data.columnCount()));
    // Wide and flat matrices (a few queries, many keys) keep their shape within reason.
    const double aspect = std::clamp(columns / rows, 0.25, 2.0);
    const auto lines = [&](int edge) {
        m.edge = static_cast<int>(std::lround(edge * std::sqrt(zoom)));
        m.image = aspect >= 1 ? QSize(static_cast<int>(m.edge * aspect), m.edge)
                              : QSize(std::max(8, static_cast<int>(m.edge * aspect)), m.edge);
        const int pitch = m.image.width() + m.number + m.gap;
        m.columns = std::max(1, (width + m.gap - 8) / pitch);
        return (heads + m.columns - 1) / m.columns;
    };
    // Smaller ones where that saves a row: twelve heads stand in one.
    const int fewest = lines(std::min(m_edge, kSmallEdge));
    int edge = m_edge;
    while (lines(edge) > fewest) --edge;
    if (heads > 0 && m.columns < heads) {
        // Rows of equal length look better than a full one and a rest.
        m.columns = (heads + fewest - 1) / fewest;
    }
    return m;
}

QRect HeadStrip::thumbnailRect(int head) const {
    const Metrics m = metrics(width());
    const int row = head / m.columns, column = head % m.columns;
    return {4 + column * (m.image.width() + m.number + m.gap), 4 + row * (m.image.height() + m.gap),
            m.image.width(), m.image.height()};
}

int HeadStrip::headAt(const QPoint& position) const {
    const Metrics m = metrics(width());
    for (int head = 0; head < headCount(); ++head)
        if (thumbnailRect(head).adjusted(-3, -3, m.number, 3).contains(position)) return head;
    return -1;
}

int HeadStrip::heightForWidth(int width) const {
    const Metrics m = metrics(width);
    const int lines = (std::max(1, headCount()) + m.columns - 1) / m.columns;
    return 8 + lines * m.image.height() + (lines - 1) * m.gap;
}

QSize HeadStrip::sizeHint() const {
    const int heads = std::clamp(headCount(), 1, 8);
    const Metrics m = metrics(1 << 20);
    const int width = 8 + heads * (m.image.width() + m.number + m.gap);
    return {width, heightForWidth(width)};
}

QSize HeadStrip::minimumSizeHint() const {
    const Metrics m = metrics(1 << 20);
    return {8 + m.image.width() + m.number, 8 + m.image.height()};
}

void HeadStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this), ratio = devicePixelRatioF();
    const ColorMap& map = m_style.colorMap(m_data.quantity, palette.theme);
    for (int head = 0; head < headCount(); ++head) {
        const QRect rect = thumbnailRect(head);
        QImage& image = m_images[static_cast<std::size_t>(head)];
        const QSize size = (QSizeF(rect.size()) * ratio).toSize();
        if (image.size() != size) {
            HeatMapData one = m_data;
            one.head = head;
            if (const auto own = m_ownFlags.find(head); own != m_ownFlags.end()) one.flags = own->second;
            const int cell =
                std::min(size.width() / static_cast<int>(std::max<Index>(1, m_data.columnCount())),
                         size.height() / static_cast<int>(std::max<Index>(1, m_data.rowCount())));
            image = cellImage(cellColors(one, size.height(), size.width()), map, size, cell >= 5 ? 1 : 0,
                              palette.card.rgb());
            image.setDevicePixelRatio(ratio);
            ++m_builds;
        }
        painter.drawImage(rect.topLeft(), image);
        if (isOff(head)) paintSwitchedOff(painter, rect, palette, false);
        const bool current = head == m_current;
        painter.setRenderHint(QPainter::Antialiasing, true);
        if (isEdited(head)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(palette.edited);
            painter.drawEllipse(QPointF(rect.right() + 10 * zoom, rect.top() + 20 * zoom), 3 * zoom,
                                3 * zoom);
        }
        painter.setBrush(Qt::NoBrush);
        if (current || head == m_hovered) {
            painter.setPen(QPen(current ? palette.accent : palette.muted, current ? 2.5 : 1.5));
            painter.drawRoundedRect(QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5), 3, 3);
        }
        if (current && hasFocus()) {
            painter.setPen(QPen(palette.focus, 2));
            painter.drawRoundedRect(QRectF(rect).adjusted(-3, -3, 3, 3), 4, 4);
        }
        painter.setFont(textFont(11 * zoom, current ? QFont::Bold : QFont::Normal));
        painter.setPen(current ? palette.text : palette.muted);
        painter.drawText(
            QPointF(rect.right() + 6 * zoom, rect.top() + QFontMetricsF(painter.font()).capHeight() + 2),
            QString::number(head));
    }
}

void HeadStrip::choose(int head) {
    if (head < 0 || head >= headCount() || head == m_current) return;
    setCurrentHead(head);
    emit headChosen(head);
}

void HeadStrip::mouseMoveEvent(QMouseEvent* event) {
    const int head = headAt(event->position().toPoint());
    if (head == m_hovered) return;
    m_hovered = head;
    setCursor(head >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
    emit headHovered(head);
}

void HeadStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        choose(headAt(event->position().toPoint()));
    else
        QWidget::mousePressEvent(event);
}

void HeadStrip::leaveEvent(QEvent* event) {
    if (m_hovered >= 0) {
        m_hovered = -1;
        update();
        emit headHovered(-1);
    }
    QWidget::leaveEvent(event);
}

void HeadStrip::keyPressEvent(QKeyEvent* event) {
    const int columns = metrics(width()).columns;
    switch (event->key()) {
        case Qt::Key_Left:
            choose(m_current - 1);
            return;
        case Qt::Key_Right:
            choose(m_current + 1);
            return;
        case Qt::Key_Up:
            choose(m_current - columns);
            return;
        case Qt::Key_Down:
            choose(m_current + columns);
            return;
        case Qt::Key_Home:
            choose(0);
            return;
        case Qt::Key_End:
            choose(headCount() - 1);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void HeadStrip::focusInEvent(QFocusEvent* event) {
    update();
    QWidget::focusInEvent(event);
}

void HeadStrip::focusOutEvent(QFocusEvent* event) {
    update();
    QWidget::focusOutEvent(event);
}

void HeadStrip::changeEvent(QEvent* event) {
    switch (event->type()) {
        case QEvent::PaletteChange:
        case QEvent::FontChange:
        case QEvent::StyleChange:
            std::fill(m_images.begin(), m_images.end(), QImage());
            updateGeometry();
            update();
            break;
        case QEvent::LanguageChange:
            setAccessibleName(tr("Heads"));
            describe();
            break;
        default:
            break;
    }
    QWidget::changeEvent(event);
}

bool HeadStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int head = headAt(help->pos());
    if (head >= 0)
        QToolTip::showText(help->globalPos(),
                           isOff(head) ? tr("head %1, switched off").arg(head) : tr("head %1").arg(head),
                           this);
    else
        QToolTip::hideText();
    return true;
}

}  // namespace attn::ui
