#include "ui/plot/curve_plot.h"

#include "ui/plot/curve_plot_painter.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attn::ui {

struct CurvePlot::Private {
    CurvePlotData data;
    CurvePlotLayout layout;
    QPixmap picture;
    bool stale = true;
    QString placeholder;
    Point hovered;
    double step = 0.01;
    double grab = 0;  ///< from the pointer to the marker
    bool dragging = false, keying = false;
    int pictures = 0;

    void layOut(const CurvePlot& plot) {
        const double zoom = textZoom(plot);
        layout = layOutCurves(data, QRectF(plot.rect()).adjusted(2, 2, -2, -2), zoom);
    }
    /// Where the marker is, as a share of the axis.
    [[nodiscard]] double share() const {
        return (layout.pixelX(*data.marker) - layout.plot.left()) / std::max(1.0, layout.plot.width());
    }
};

QString CurvePlot::sentence() const {
    const CurvePlotData& data = d->data;
    if (!data.marker) return {};
    QStringList values;
    for (const Curve& curve : data.curves) {
        const double y = valueAt(curve, *data.marker);
        if (!curve.name.isEmpty() && std::isfinite(y))
            values.append(curve.name + QLatin1Char(' ') + shortNumber(y));
    }
    const QString place = QStringLiteral("%1 = %2").arg(data.markerName, shortNumber(*data.marker));
    return values.isEmpty() ? place : tr("%1: %2").arg(place, values.join(QStringLiteral(", ")));
}

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>()) {
    setMouseTracking(true);
    // It stands on a card: to blend with the card's rounded frame in every frame of a drag would cost more
    // than the plot.
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Plot"));
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::setData(CurvePlotData data) {
    if (data == d->data) return;
    const bool same = data.samePicture(d->data);
    d->data = std::move(data);
    if (!same) {
        d->stale = true;
        d->hovered = {};
        d->layOut(*this);
    }
    setAccessibleName(d->data.title.isEmpty() ? tr("Plot") : d->data.title);
    setAccessibleDescription(sentence());
    update();
}

const CurvePlotData& CurvePlot::data() const {
    return d->data;
}

void CurvePlot::setMarker(double x) {
    if (!d->data.marker || *d->data.marker == x) return;
    d->data.marker = x;
    setAccessibleDescription(sentence());
    update();
}

void CurvePlot::setMarkerStep(double share) {
    d->step = share;
}

void CurvePlot::setPlaceholder(const QString& text) {
    if (text == d->placeholder) return;
    d->placeholder = text;
    update();
}

QRectF CurvePlot::plotArea() const {
    return d->layout.plot;
}

double CurvePlot::pixelFromX(double x) const {
    return d->layout.pixelX(x);
}

double CurvePlot::xFromPixel(double pixel) const {
    return d->layout.valueX(pixel);
}

double CurvePlot::pixelFromY(double y) const {
    return d->layout.pixelY(y);
}

CurvePlot::Point CurvePlot::pointAt(const QPointF& position) const {
    const double reach = 22 * d->layout.zoom;
    if (!d->layout.plot.adjusted(-reach, -reach, reach, reach).contains(position)) return {};
    Point nearest;
    double best = reach * reach;
    for (std::size_t c = 0; c < d->data.curves.size(); ++c) {
        const Curve& curve = d->data.curves[c];
        if (curve.name.isEmpty()) continue;
        for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
            const double dx = d->layout.pixelX(curve.x[i]) - position.x();
            if (!(std::abs(dx) < reach)) continue;
            const double dy = d->layout.pixelY(curve.y[i]) - position.y();
            // A line is followed along x: where it is near in y, the point below the pointer counts.
            const double distance = 4 * dx * dx + dy * dy;
            if (distance < best) {
                best = distance;
                nearest = {static_cast<int>(c), static_cast<int>(i)};
            }
        }
    }
    return nearest;
}

CurvePlot::Point CurvePlot::hovered() const {
    return d->hovered;
}

QString CurvePlot::describe(const Point& point) const {
    if (!point.isValid() || point.curve >= static_cast<int>(d->data.curves.size())) return {};
    const Curve& curve = d->data.curves[static_cast<std::size_t>(point.curve)];
    const auto i = static_cast<std::size_t>(point.index);
    if (point.index < 0 || i >= std::min(curve.x.size(), curve.y.size())) return {};
    const QString name = d->data.markerName.isEmpty() ? d->data.x.title : d->data.markerName;
    QString text =
        tr("%1 at %2 = %3: %4").arg(curve.name, name, shortNumber(curve.x[i]), shortNumber(curve.y[i], 4));
    if (i < std::min(curve.low.size(), curve.high.size())) {
        text += tr(" (%1 … %2)").arg(shortNumber(curve.low[i]), shortNumber(curve.high[i]));
    }
    return text;
}

QString CurvePlot::describeBarAt(const QPointF& position) const {
    if (!d->layout.plot.contains(position)) return {};
    const double x = d->layout.valueX(position.x());
    for (const BarSeries& bars : d->data.bars) {
        const double place = std::floor((x - bars.lowest) / bars.width);
        if (!(place >= 0 && place < static_cast<double>(bars.heights.size()))) continue;
        const double height = bars.heights[static_cast<std::size_t>(place)];
        const double low = bars.lowest + place * bars.width;
        const auto category = static_cast<qsizetype>(std::floor(low));  // bar i + 1 begins at i + ½
        const QStringList& names = d->data.x.categories;
        const bool named = category >= 0 && category < names.size();
        if (height == 0.0 && named) continue;  // another series has this bar
        return tr("%1: %2").arg(
            named ? names[category] : tr("%1 … %2").arg(shortNumber(low), shortNumber(low + bars.width)),
            shortNumber(height, 4));
    }
    return {};
}

QSize CurvePlot::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(420 * zoom), static_cast<int>(240 * zoom)};
}

QSize CurvePlot::minimumSizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(200 * zoom), static_cast<int>(140 * zoom)};
}

int CurvePlot::pictureCount() const {
    return d->pictures;
}

bool CurvePlot::event(QEvent* event) {
    // A key that moves the marker is none of the window's.
    if (event->type() == QEvent::ShortcutOverride && d->data.marker) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) event->accept();
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = describeBarAt(help->pos());
        if (!text.isEmpty()) {
            QToolTip::showText(help->globalPos(), QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()),
                               this);
            return true;
        }
    }
    return QWidget::event(event);
}

void CurvePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::StyleChange) {
        d->stale = true;
        d->layOut(*this);
        updateGeometry();
        update();
    }
    QWidget::changeEvent(event);
}

void CurvePlot::resizeEvent(QResizeEvent* event) {
    d->stale = true;
    d->layOut(*this);
    QWidget::resizeEvent(event);
}

void CurvePlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    if (d->data.isEmpty()) {
        painter.fillRect(rect(), palette.card);
        painter.setPen(palette.muted);
        painter.drawText(rect(), static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, d->placeholder);
        return;
    }
    const double ratio = devicePixelRatioF();
    if (d->stale || d->picture.devicePixelRatio() != ratio) {
        d->picture = QPixmap((QSizeF(size()) * ratio).toSize());
        d->picture.setDevicePixelRatio(ratio);
        d->picture.fill(palette.card);
        QPainter inner(&d->picture);
        paintCurves(inner, d->data, d->layout, palette);
        d->stale = false;
        ++d->pictures;
    }
    painter.drawPixmap(0, 0, d->picture);
    paintMarker(painter, d->data, d->layout, palette, hasFocus());
    if (d->hovered.isValid() && !d->dragging) {
        paintPoint(painter, d->data, d->layout, palette, d->hovered.curve, d->hovered.index,
                   describe(d->hovered));
    }
    if (hasFocus() && !d->data.marker) {
        painter.setPen(QPen(palette.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    }
}

void CurvePlot::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (d->dragging) {
        emit markerMoved(d->layout.valueX(at.x() + d->grab));
        return;
    }
    const bool near = d->data.marker &&
                      std::abs(at.x() - d->layout.pixelX(*d->data.marker)) < 7 * d->layout.zoom &&
                      at.y() > d->layout.markerTop;
    setCursor(near ? Qt::SizeHorCursor : Qt::ArrowCursor);
    const Point point = pointAt(at);
    if (point == d->hovered) return;
    d->hovered = point;
    update();
    emit pointHovered(point);
}

void CurvePlot::mousePressEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    const double reach = 8 * d->layout.zoom;
    if (event->button() != Qt::LeftButton || d->data.isEmpty() ||
        !d->layout.plot.adjusted(-reach, -24 * d->layout.zoom, reach, 24 * d->layout.zoom).contains(at)) {
        QWidget::mousePressEvent(event);
        return;
    }
    if (!d->data.marker) {
        emit clickedAt(d->layout.valueX(at.x()));
        return;
    }
    // Near the marker it is taken where it is; elsewhere it comes to the pointer.
    const double distance = d->layout.pixelX(*d->data.marker) - at.x();
    d->grab = std::abs(distance) < reach ? distance : 0;
    d->dragging = true;
    setCursor(Qt::SizeHorCursor);
    emit markerPressed();
    if (d->grab == 0.0) emit markerMoved(d->layout.valueX(at.x()));
}

void CurvePlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !d->dragging) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    d->dragging = false;
    emit markerReleased();
    update();
}

void CurvePlot::leaveEvent(QEvent* event) {
    if (d->hovered.isValid()) {
        d->hovered = {};
        update();
        emit pointHovered({});
    }
    QWidget::leaveEvent(event);
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
    if (!d->data.marker || d->layout.isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    double share = d->share();
    switch (event->key()) {
        case Qt::Key_Left:
            share -= d->step;
            break;
        case Qt::Key_Right:
            share += d->step;
            break;
        case Qt::Key_PageDown:
            share -= 0.1;
            break;
        case Qt::Key_PageUp:
            share += 0.1;
            break;
        case Qt::Key_Home:
            share = 0;
            break;
        case Qt::Key_End:
            share = 1;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    if (!d->keying) {
        d->keying = true;
        emit markerPressed();
    }
    emit markerMoved(d->layout.valueX(d->layout.plot.left() + share * d->layout.plot.width()));
}

void CurvePlot::keyReleaseEvent(QKeyEvent* event) {
    if (!event->isAutoRepeat() && d->keying) {
        d->keying = false;
        emit markerReleased();
    }
    QWidget::keyReleaseEvent(event);
}

void CurvePlot::focusInEvent(QFocusEvent* event) {
    update();
    QWidget::focusInEvent(event);
}

void CurvePlot::focusOutEvent(QFocusEvent* event) {
    if (d->keying || d->dragging) {
        d->keying = d->dragging = false;
        emit markerReleased();
    }
    update();
    QWidget::focusOutEvent(event);
}

}  // namespace attn::ui
