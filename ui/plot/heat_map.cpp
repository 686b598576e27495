#include "ui/plot/heat_map.h"

#include "ui/plot/heat_map_canvas.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <optional>

namespace attn::ui {

namespace {

constexpr int kPage = 10;

}  // namespace

struct HeatMapWidget::Private {
    HeatMapWidget* q;
    HeatMapCanvas canvas;
    bool paintMode = false, painting = false;
    MatrixCell lastPainted;
    std::optional<double> scrubFrom;  ///< on the screen: the widget may move meanwhile
    QString hint;

    explicit Private(HeatMapWidget* widget) : q(widget), canvas(widget) {}

    void paintTo(const MatrixCell& cell);
    void hover(const MatrixCell& cell);
};

HeatMapWidget::HeatMapWidget(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Heat map"));
}

HeatMapWidget::~HeatMapWidget() = default;

void HeatMapWidget::setData(const HeatMapData& data) {
    HeatMapPicture& p = d->canvas.picture;
    if (data == p.data) return;
    const bool frame = data.sameFrame(p.data) && data.isEmpty() == p.data.isEmpty();
    const bool onlyRange = !frame && [&] {
        HeatMapData same = data;
        same.range = p.data.range;
        return same.sameFrame(p.data);
    }();
    p.data = data;
    if (p.hovered.row >= data.rowCount() || p.hovered.column >= data.columnCount()) p.hovered = {};
    if (frame)
        d->canvas.mark(HeatMapCanvas::kColors | HeatMapCanvas::kCells);
    else if (onlyRange)
        d->canvas.mark(HeatMapCanvas::kColors | HeatMapCanvas::kCells | HeatMapCanvas::kLabels);
    else
        d->canvas.mark(HeatMapCanvas::kLayout);
    setAccessibleName(data.title.isEmpty() ? tr("Heat map") : data.title);
}

const HeatMapData& HeatMapWidget::data() const {
    return d->canvas.picture.data;
}

void HeatMapWidget::setHeatMapStyle(const HeatMapStyle& style) {
    if (style == d->canvas.picture.style) return;
    d->canvas.picture.style = style;
    d->canvas.mark(HeatMapCanvas::kColors | HeatMapCanvas::kCells | HeatMapCanvas::kLabels);
}

const HeatMapStyle& HeatMapWidget::heatMapStyle() const {
    return d->canvas.picture.style;
}

void HeatMapWidget::setPlaceholder(const QString& text) {
    if (text == d->canvas.picture.placeholder) return;
    d->canvas.picture.placeholder = text;
    d->canvas.mark(HeatMapCanvas::kOverlay);
}

void HeatMapWidget::setCurrent(const MatrixCell& cell) {
    if (cell == d->canvas.picture.current) return;
    d->canvas.picture.current = cell;
    d->canvas.mark(HeatMapCanvas::kLabels | HeatMapCanvas::kOverlay);
    setAccessibleDescription(describe(cell));
#if QT_CONFIG(accessibility)
    if (QAccessible::isActive()) {
        QAccessibleEvent event(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&event);
    }
#endif
}

MatrixCell HeatMapWidget::current() const {
    return d->canvas.picture.current;
}

void HeatMapWidget::setHovered(const MatrixCell& cell) {
    d->canvas.setHovered(cell);
}

MatrixCell HeatMapWidget::hovered() const {
    return d->canvas.picture.hovered;
}

void HeatMapWidget::setPaintMode(bool on) {
    d->paintMode = on;
    setCursor(on ? Qt::CrossCursor : Qt::ArrowCursor);
    if (on || !d->painting) return;
    d->painting = false;
    emit paintFinished();
}

bool HeatMapWidget::paintMode() const {
    return d->paintMode;
}

MatrixCell HeatMapWidget::cellAt(const QPointF& position) const {
    return d->canvas.cellAt(position);
}

QRectF HeatMapWidget::cellRect(const MatrixCell& cell) const {
    return cell.isValid() && d->canvas.picture.drawable()
               ? d->canvas.picture.layout.cellRect(cell.row, cell.column)
               : QRectF();
}

QString HeatMapWidget::describe(const MatrixCell& cell) const {
    const HeatMapData& data = d->canvas.picture.data;
    const auto named = [](const QString& kind, const QString& label) {
        return kind.isEmpty() ? label : kind + u' ' + label;
    };
    const bool row = cell.row >= 0 && cell.row < data.rowCount();
    const bool column = cell.column >= 0 && cell.column < data.columnCount();
    if (row && column) {
        const QString value = data.isMasked(cell.row, cell.column)
                                  ? tr("masked")
                                  : shortNumber(static_cast<double>(data.value(cell.row, cell.column)), 4);
        return tr("%1, %2: %3")
            .arg(named(data.rowTitle, data.rowLabel(cell.row)),
                 named(data.columnTitle, data.columnLabel(cell.column)), value);
    }
    if (row) return named(data.rowTitle, data.rowLabel(cell.row));
    if (column) return named(data.columnTitle, data.columnLabel(cell.column));
    return {};
}

QSize HeatMapWidget::sizeHint() const {
    const double zoom = textZoom(*this);
    // It takes what is left over: what stands below it should stay in sight.
    return QSizeF(560 * zoom, 240 * zoom).toSize();
}

QSize HeatMapWidget::minimumSizeHint() const {
    return {200, 160};
}

void HeatMapWidget::setHint(const QString& hint) {
    d->hint = hint;
}

const HeatMapWidget::Counts& HeatMapWidget::counts() const {
    return d->canvas.counts;
}

void HeatMapWidget::flush() {
    d->canvas.update();
}

void HeatMapWidget::Private::hover(const MatrixCell& cell) {
    if (cell == canvas.picture.hovered) return;
    q->setHovered(cell);
    emit q->hoveredCell(cell);
}

void HeatMapWidget::Private::paintTo(const MatrixCell& cell) {
    if (!cell.isValid() || cell == lastPainted) return;
    if (!lastPainted.isValid()) {
        lastPainted = cell;
        emit q->painted(cell);
        return;
    }
    // A fast drag skips cells between two events: walk the straight line.
    const MatrixCell from = lastPainted;
    const Index rows = cell.row - from.row, columns = cell.column - from.column;
    const Index steps = std::max(std::abs(rows), std::abs(columns));
    lastPainted = cell;
    for (Index i = 1; i <= steps; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(steps);
        emit q->painted({from.row + static_cast<Index>(std::lround(t * static_cast<double>(rows))),
                         from.column + static_cast<Index>(std::lround(t * static_cast<double>(columns)))});
    }
}

void HeatMapWidget::mouseMoveEvent(QMouseEvent* event) {
    if (d->scrubFrom) {
        emit scrubbed(*d->scrubFrom - event->globalPosition().y());
        return;
    }
    const MatrixCell cell = cellAt(event->position());
    d->hover(cell);
    if (d->painting) d->paintTo(cell);
    if (!d->paintMode) {
        const MatrixCell label = d->canvas.labelAt(event->position());
        setCursor(label.row >= 0 || label.column >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }
}

void HeatMapWidget::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
    const MatrixCell cell = cellAt(event->position());
    if (cell.isValid() && !d->paintMode && event->modifiers().testFlag(Qt::ControlModifier)) {
        d->scrubFrom = event->globalPosition().y();
        emit clicked(cell, event->modifiers());
        emit scrubStarted(cell);
    } else if (cell.isValid() && d->paintMode) {
        d->painting = true;
        d->lastPainted = {};
        emit paintStarted(cell);
        d->paintTo(cell);
    } else if (cell.isValid()) {
        emit clicked(cell, event->modifiers());
    } else {
        const MatrixCell label = d->canvas.labelAt(event->position());
        if (label.row >= 0) emit rowLabelClicked(label.row);
        if (label.column >= 0) emit columnLabelClicked(label.column);
    }
}

void HeatMapWidget::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && d->scrubFrom) {
        d->scrubFrom.reset();
        emit scrubFinished();
        return;
    }
    if (event->button() != Qt::LeftButton || !d->painting) return QWidget::mouseReleaseEvent(event);
    d->painting = false;
    emit paintFinished();
}

void HeatMapWidget::mouseDoubleClickEvent(QMouseEvent* event) {
    if (d->paintMode) return mousePressEvent(event);
    const MatrixCell cell = cellAt(event->position());
    if (event->button() == Qt::LeftButton && cell.isValid()) emit doubleClicked(cell);
}

void HeatMapWidget::leaveEvent(QEvent* event) {
    d->hover({});
    QWidget::leaveEvent(event);
}

void HeatMapWidget::keyPressEvent(QKeyEvent* event) {
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
        case Qt::Key_Left:
            emit moveRequested(0, -1);
            return;
        case Qt::Key_Right:
            emit moveRequested(0, 1);
            return;
        case Qt::Key_Up:
            emit moveRequested(-1, 0);
            return;
        case Qt::Key_Down:
            emit moveRequested(1, 0);
            return;
        case Qt::Key_PageUp:
            emit moveRequested(-kPage, 0);
            return;
        case Qt::Key_PageDown:
            emit moveRequested(kPage, 0);
            return;
        case Qt::Key_Home:
            emit edgeRequested(control ? -1 : 0, -1);
            return;
        case Qt::Key_End:
            emit edgeRequested(control ? 1 : 0, 1);
            return;
        case Qt::Key_Escape:
            emit escapePressed();
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_F2:
            emit editRequested({});
            return;
        case Qt::Key_Space:
            emit activated();
            return;
        default:
            break;
    }
    const QString typed = event->text();
    const bool number = typed.size() == 1 && QStringLiteral("0123456789.-−").contains(typed);
    if (!number || control) return QWidget::keyPressEvent(event);
    emit editRequested(typed);
}

void HeatMapWidget::focusInEvent(QFocusEvent* event) {
    d->canvas.picture.focused = event->reason() == Qt::TabFocusReason ||
                                event->reason() == Qt::BacktabFocusReason ||
                                event->reason() == Qt::ShortcutFocusReason;
    d->canvas.mark(HeatMapCanvas::kOverlay);
    QWidget::focusInEvent(event);
}

void HeatMapWidget::focusOutEvent(QFocusEvent* event) {
    d->canvas.picture.focused = false;
    d->canvas.mark(HeatMapCanvas::kOverlay);
    QWidget::focusOutEvent(event);
}

void HeatMapWidget::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->canvas.mark(HeatMapCanvas::kLayout);
    // At once: a stretched old picture for one frame would flicker.
    if (isVisible()) d->canvas.update();
}

void HeatMapWidget::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    d->canvas.update();
}

void HeatMapWidget::changeEvent(QEvent* event) {
    switch (event->type()) {
        case QEvent::PaletteChange:
        case QEvent::FontChange:
        case QEvent::StyleChange:
        case QEvent::LanguageChange:
            d->canvas.mark(HeatMapCanvas::kLayout);
            break;
        default:
            break;
    }
    QWidget::changeEvent(event);
}

bool HeatMapWidget::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPointF position = help->pos();
    MatrixCell cell = cellAt(position);
    if (!cell.isValid()) cell = d->canvas.labelAt(position);
    QString text = describe(cell).toHtmlEscaped();
    if (!text.isEmpty() && cell.isValid() && !d->hint.isEmpty())
        text += QStringLiteral("<br/>") + d->hint.toHtmlEscaped();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

}  // namespace attn::ui
