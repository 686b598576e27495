#include "ui/plot/links_plot.h"

#include "ui/plot/links_painter.h"
#include "ui/style/fonts.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {
constexpr int kMarginPx = 12;
constexpr int kRestMillis = 150;
constexpr double kSmoothBudgetMillis = 8;  ///< half a frame
constexpr double kFaded = 0.18;            ///< of the other lines while a token is looked at
}  // namespace

LinksPlot::LinksPlot(QWidget* parent) : PlotArea(parent) {
    setAccessibleName(tr("Links"));
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMillis);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        m_stale = true;
        viewport()->update();
    });
}

void LinksPlot::setData(LinksData data) {
    if (data == m_data) return;
    const bool sameTokens = data.sameTokens(m_data);
    m_data = std::move(data);
    m_stale = true;
    if (!sameTokens) {
        m_hovered = {};
        m_focus.reset();
        layOut();
    }
    setAccessibleName(m_data.title.isEmpty() ? tr("Links") : m_data.title);
    viewport()->update();
}

void LinksPlot::setHighlight(std::optional<LinksFocus> focus) {
    if (focus == m_focus) return;
    m_focus = std::move(focus);
    viewport()->update();
}

void LinksPlot::setPlaceholder(const QString& text) {
    if (text == m_placeholder) return;
    m_placeholder = text;
    viewport()->update();
}

QPointF LinksPlot::origin() const {
    // What is smaller than the viewport stands in its middle.
    const QSizeF room = viewport()->size();
    const auto free = [](double have, double need) { return std::max(0.0, std::floor((have - need) / 2)); };
    return {free(room.width(), m_layout.size.width()) - horizontalScrollBar()->value(),
            static_cast<double>(kMarginPx) - verticalScrollBar()->value()};
}

QRectF LinksPlot::boxOf(const LinksToken& token) const {
    const auto& places = m_layout.side(token.side);
    if (!token.isValid() || token.index >= static_cast<Index>(places.size())) return {};
    return places[static_cast<std::size_t>(token.index)].box.translated(origin());
}

void LinksPlot::layOut() {
    const QSizeF room(viewport()->width(), viewport()->height() - 2 * kMarginPx);
    m_layout = layOutLinks(m_data, room, textZoom(*this));
    m_stale = true;
    setScrollRange(horizontalScrollBar(), m_layout.size.width(), viewport()->width());
    setScrollRange(verticalScrollBar(), m_layout.size.height() + 2 * kMarginPx, viewport()->height());
}

void LinksPlot::reveal(const LinksToken& token) {
    const QRectF box = boxOf(token);
    if (box.isNull()) return;
    const auto show = [](QScrollBar* bar, double low, double high, int page) {
        if (low < 0) bar->setValue(bar->value() + static_cast<int>(std::floor(low)) - 8);
        if (high > page) bar->setValue(bar->value() + static_cast<int>(std::ceil(high - page)) + 8);
    };
    show(horizontalScrollBar(), box.left(), box.right(), viewport()->width());
    show(verticalScrollBar(), box.top(), box.bottom(), viewport()->height());
}

QSize LinksPlot::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(640 * zoom), static_cast<int>(420 * zoom)};
}

QSize LinksPlot::minimumSizeHint() const {
    return {200, 160};
}

/// Hundreds of smooth lines take longer than a frame: while they change from frame to frame they are plain.
void LinksPlot::drawLines() {
    const bool changing = m_sinceDrawn.isValid() && m_sinceDrawn.elapsed() < kRestMillis;
    const bool plain = changing && m_smoothMillis > kSmoothBudgetMillis;
    m_sinceDrawn.start();
    const double scale = devicePixelRatioF();
    const QSize size = (QSizeF(viewport()->size()) * scale).toSize();
    if (m_lines.size() != size) m_lines = QPixmap(size);
    m_lines.setDevicePixelRatio(scale);
    m_lines.fill(Qt::transparent);
    QPainter painter(&m_lines);
    painter.setRenderHint(QPainter::Antialiasing, !plain);
    painter.translate(origin());
    paintLinkLines(painter, m_data.lines, m_layout, paletteFor(*this), QRectF(-origin(), viewport()->size()));
    m_stale = false;
    ++m_pictures;
    if (plain) {
        m_rest.start();
    } else {
        m_rest.stop();
        m_smoothMillis = static_cast<double>(m_sinceDrawn.nsecsElapsed()) / 1e6;
    }
}

void LinksPlot::paintEvent(QPaintEvent*) {
    const Palette& palette = paletteFor(*this);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette.card);
    if (m_layout.isEmpty()) {
        painter.setPen(palette.muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    if (m_stale || m_lines.devicePixelRatio() != devicePixelRatioF()) drawLines();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(m_focus ? kFaded : 1);
    painter.drawPixmap(0, 0, m_lines);
    painter.setOpacity(1);
    painter.translate(origin());
    const QRectF visible(-origin(), viewport()->size());
    if (m_focus) paintLinkLines(painter, m_focus->lines, m_layout, palette, visible);
    paintLinkTokens(painter, m_data, m_layout, palette, m_focus ? &*m_focus : nullptr, visible);
    if (hasFocus() && m_focus) {
        painter.setPen(QPen(palette.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(boxOf(m_focus->token).translated(-origin()).adjusted(1, 1, -1, -1), 5, 5);
    }
}

bool LinksPlot::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const LinksToken token = m_layout.tokenAt(QPointF(help->pos()) - origin());
        const Labels& labels = token.side == LinksToken::Side::Query ? m_data.queries : m_data.keys;
        // The whole token where it is elided.
        if (token.isValid() && labels) QToolTip::showText(help->globalPos(), (*labels)[token.index], this);
        return true;
    }
    return PlotArea::viewportEvent(event);
}

void LinksPlot::scrollContentsBy(int, int) {
    m_stale = true;
    viewport()->update();
}

void LinksPlot::hover(const LinksToken& token) {
    if (token == m_hovered) return;
    m_hovered = token;
    viewport()->setCursor(token.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    emit tokenHovered(token);
}

void LinksPlot::mouseMoveEvent(QMouseEvent* event) {
    hover(m_layout.tokenAt(event->position() - origin()));
}

void LinksPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const LinksToken token = m_layout.tokenAt(event->position() - origin());
    if (token.isValid()) {
        emit tokenClicked(token);
    } else {
        emit emptyClicked();
    }
}

void LinksPlot::keyPressEvent(QKeyEvent* event) {
    // Along a side and across to the other.
    const bool columns = m_data.arrangement == LinksArrangement::Columns;
    switch (event->key()) {
        case Qt::Key_Up:
            columns ? emit moveRequested(-1, 0) : emit moveRequested(0, -1);
            return;
        case Qt::Key_Down:
            columns ? emit moveRequested(1, 0) : emit moveRequested(0, 1);
            return;
        case Qt::Key_Left:
            columns ? emit moveRequested(0, -1) : emit moveRequested(-1, 0);
            return;
        case Qt::Key_Right:
            columns ? emit moveRequested(0, 1) : emit moveRequested(1, 0);
            return;
        case Qt::Key_Escape:
            emit escapePressed();
            return;
        default:
            PlotArea::keyPressEvent(event);
    }
}

}  // namespace attn::ui
