// The grid's keys, wheel and pointer.
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/zoom_buttons.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_survey.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr double kZoomStep = ZoomButtons::kStep;

}  // namespace

void HeadGrid::choose(const HeadPlace& place) {
    if (!place.isHead()) return;
    Selection* selection = m_document->selection();
    selection->setSite(QString::fromStdString(m_survey->sites()[static_cast<std::size_t>(place.site)].name));
    selection->setHead(place.head);
}

void HeadGrid::toggle(const HeadPlace& place, bool wholeLayer) {
    if (place.site < 0) return;
    const QString site = QString::fromStdString(m_survey->sites()[static_cast<std::size_t>(place.site)].name);
    if (wholeLayer) {
        m_document->toggleHeads(site);
    } else if (place.head < 0) {
        m_document->toggleMlp(site);
    } else {
        m_document->toggleHead(site, place.head);
    }
    setAccessibleDescription(describe(place));
}

void HeadGrid::setHovered(const HeadPlace& place) {
    if (place == m_hovered) return;
    m_hovered = place;
    viewport()->setCursor(place.site >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
    emit hoveredChanged();
}

void HeadGrid::wheelEvent(QWheelEvent* event) {
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    arrangeAround(event->position().toPoint(),
                  m_layout.edge() * std::pow(kZoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

void HeadGrid::keyPressEvent(QKeyEvent* event) {
    const auto step = [&](int rows, int columns) { choose(m_layout.neighbour(current(), rows, columns)); };
    constexpr int kPage = 4;
    switch (event->key()) {
        case Qt::Key_Left:
            return step(0, -1);
        case Qt::Key_Right:
            return step(0, 1);
        case Qt::Key_Up:
            return step(-1, 0);
        case Qt::Key_Down:
            return step(1, 0);
        case Qt::Key_PageUp:
            for (int i = 0; i < kPage; ++i) step(-1, 0);
            return;
        case Qt::Key_PageDown:
            for (int i = 0; i < kPage; ++i) step(1, 0);
            return;
        case Qt::Key_Home:
            if (!m_layout.cells().empty()) choose(m_layout.cells().front().place);
            return;
        case Qt::Key_End:
            if (!m_layout.cells().empty()) choose(m_layout.cells().back().place);
            return;
        case Qt::Key_Space:
            return toggle(current(), event->modifiers().testFlag(Qt::ShiftModifier));
        case Qt::Key_M:
            return toggle({current().site, -1}, false);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            emit opened();
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomBy(kZoomStep);
        case Qt::Key_Minus:
            return zoomBy(1 / kZoomStep);
        case Qt::Key_0:
            return fit();
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

void HeadGrid::mousePressEvent(QMouseEvent* event) {
    const QPoint position = contentPosition(event->position().toPoint());
    if (event->button() != Qt::LeftButton) return QAbstractScrollArea::mousePressEvent(event);
    if (const int site = labelAt(position); site >= 0) {
        toggle({site, 0}, true);
        return;
    }
    const HeadPlace place = placeAt(position);
    if (place.site < 0) return;
    if (!place.isHead() || m_layout.toggleRect(place).adjusted(-2, -2, 2, 2).contains(position)) {
        toggle(place, false);
    } else {
        choose(place);
    }
}

void HeadGrid::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPoint position = contentPosition(event->position().toPoint());
    const HeadPlace place = placeAt(position);
    const bool onDot = m_layout.toggleRect(place).adjusted(-2, -2, 2, 2).contains(position);
    if (event->button() != Qt::LeftButton || !place.isHead() || onDot) {
        mousePressEvent(event);  // two quick clicks on a switch are two clicks
        return;
    }
    choose(place);
    emit opened();
}

void HeadGrid::mouseMoveEvent(QMouseEvent* event) {
    setHovered(placeAt(contentPosition(event->position().toPoint())));
}

bool HeadGrid::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) setHovered({});
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QPoint position = contentPosition(help->pos());
        QString text = describe(placeAt(position));
        if (const int site = labelAt(position); site >= 0)
            text = tr("Switch all heads of layer %1 off or on (Shift+Space)").arg(siteLabel(site));
        QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace attn::ui
