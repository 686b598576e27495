#include "ui/plot/plot_area.h"

#include <QEvent>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace attn::ui {

PlotArea::PlotArea(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
}

bool PlotArea::takesKey(int key) const {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

void PlotArea::setScrollRange(QScrollBar* bar, double content, int page, int step) {
    bar->setRange(0, std::max(0, static_cast<int>(std::ceil(content)) - page));
    bar->setPageStep(std::max(1, page));
    bar->setSingleStep(step);
}

bool PlotArea::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && takesKey(static_cast<QKeyEvent*>(event)->key()))
        event->accept();
    return QAbstractScrollArea::event(event);
}

bool PlotArea::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) leave();
    return QAbstractScrollArea::viewportEvent(event);
}

void PlotArea::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::PaletteChange) {
        layOut();
        viewport()->update();
    }
    QAbstractScrollArea::changeEvent(event);
}

void PlotArea::resizeEvent(QResizeEvent* event) {
    layOut();
    QAbstractScrollArea::resizeEvent(event);
}

void PlotArea::focusInEvent(QFocusEvent* event) {
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void PlotArea::focusOutEvent(QFocusEvent* event) {
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

}  // namespace attn::ui
