#include "ui/plot/heat_map_canvas.h"

#include "ui/style/fonts.h"

#include <QPainter>
#include <QRegion>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace attn::ui {

namespace {

/// The cells and what stands inside them.
class CellsPlottable : public QCPAbstractPlottable {
public:
    CellsPlottable(QCPAxis* x, QCPAxis* y, const HeatMapPicture& picture)
        : QCPAbstractPlottable(x, y), m_picture(picture) {}

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
    QCPRange getKeyRange(bool& found, QCP::SignDomain) const override {
        found = !m_picture.data.isEmpty();
        return {0, static_cast<double>(m_picture.data.columnCount())};
    }
    QCPRange getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const override {
        found = !m_picture.data.isEmpty();
        return {0, static_cast<double>(m_picture.data.rowCount())};
    }

protected:
    void draw(QCPPainter* painter) override {
        if (!m_picture.drawable()) return;
        const HeatMapPicture& p = m_picture;
        const bool vectors = painter->modes().testFlag(QCPPainter::pmVectorized);
        if (vectors && !p.colors.reduced && std::max(p.colors.rows, p.colors.columns) <= 128)
            paintCells(*painter, p.colors, p.map(), p.layout, 1.0);
        else
            painter->drawImage(p.layout.cells.topLeft(), p.image);
        if (p.style.values) paintNumbers(*painter, p.data, p.colors, p.map(), p.layout, vectors);
        paintFlags(*painter, p.data, p.layout, *p.palette);
    }
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

private:
    const HeatMapPicture& m_picture;
};

/// A layer's content given as a function.
class Painted : public QCPLayerable {
public:
    using Draw = std::function<void(QPainter&)>;
    Painted(QCustomPlot* plot, const QString& layer, Draw draw)
        : QCPLayerable(plot, layer), m_draw(std::move(draw)) {}

protected:
    void applyDefaultAntialiasingHint(QCPPainter*) const override {}
    QRect clipRect() const override { return mParentPlot->viewport(); }
    void draw(QCPPainter* painter) override { m_draw(*painter); }

private:
    Draw m_draw;
};

/// The plot, with what changes at every move of the pointer painted over its buffers: no buffer is redrawn
/// for it, and only the parts of the window that change are.
class Surface : public QCustomPlot {
public:
    using Draw = std::function<void(QPainter&)>;
    Surface(QWidget* parent, Draw overlay) : QCustomPlot(parent), m_overlay(std::move(overlay)) {}

protected:
    /// QCustomPlot's own replots at once; the canvas does that when the layout fits the new size.
    void resizeEvent(QResizeEvent*) override { setViewport(rect()); }
    void paintEvent(QPaintEvent* event) override {
        QCustomPlot::paintEvent(event);
        QPainter painter(this);
        m_overlay(painter);
    }

private:
    Draw m_overlay;
};

}  // namespace

HeatMapCanvas::HeatMapCanvas(QWidget* widget) : m_widget(widget) {
    m_plot = new Surface(widget, [this](QPainter& painter) { paintOverlay(painter); });
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setNoAntialiasingOnDrag(false);
    m_plot->plotLayout()->setMargins(QMargins());
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_plot->axisRect()->setMargins(QMargins());
    m_plot->axisRect()->setupFullAxesBox(true);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis, m_plot->xAxis2, m_plot->yAxis2}) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    m_plot->yAxis->setRangeReversed(true);
    m_plot->axisRect()->insetLayout()->remove(m_plot->legend);
    m_cells = m_plot->layer(QStringLiteral("main"));
    m_labels = m_plot->layer(QStringLiteral("axes"));
    for (QCPLayer* layer : {m_cells, m_labels}) layer->setMode(QCPLayer::lmBuffered);
    for (const char* name : {"background", "grid", "legend", "overlay"})
        if (QCPLayer* layer = m_plot->layer(QString::fromLatin1(name))) m_plot->removeLayer(layer);
    m_plot->setCurrentLayer(m_cells);
    new CellsPlottable(m_plot->xAxis, m_plot->yAxis, picture);  // the m_plot owns it
    // A replot that was queued before may come between new data and their frame.
    QObject::connect(m_plot, &QCustomPlot::beforeReplot, widget, [this] {
        if (m_widget->width() > 0 && m_widget->height() > 0) settle();
    });
    new Painted(m_plot, m_labels->name(), [this](QPainter& painter) {
        const HeatMapPicture& p = picture;
        if (!p.drawable()) return;
        paintLabels(painter, p.data, p.layout, *p.palette, p.current.row, p.current.column);
        paintLegend(painter, p.data, p.colors, p.map(), p.layout, *p.palette, p.maskedText);
    });
    m_frame.setSingleShot(true);
    m_frame.setInterval(0);
    QObject::connect(&m_frame, &QTimer::timeout, widget, [this] {
        if (m_widget->isVisible()) update();
    });
    mark(kLayout);
}

HeatMapCanvas::~HeatMapCanvas() {
    // Its layers draw from what is here: they go first.
    delete m_plot;
}

void HeatMapCanvas::paintOverlay(QPainter& painter) const {
    const HeatMapPicture& p = picture;
    if (p.palette == nullptr) return;
    if (p.drawable()) {
        if (p.hovered.isValid())
            paintHover(painter, p.layout, *p.palette, p.map(), p.hovered.row, p.hovered.column);
        paintCurrent(painter, p.data, p.layout, *p.palette, p.current.row, p.current.column);
        if (p.colors.reduced) {
            painter.setFont(p.layout.legendFont);
            painter.setPen(p.palette->muted);
            const QRectF line(p.layout.cells.left(), p.layout.cells.bottom() + 4, p.layout.cells.width(),
                              16 * p.layout.zoom);
            painter.drawText(line, Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip,
                             HeatMapWidget::tr("Each pixel shows the largest of its cells"));
        }
    } else if (!p.placeholder.isEmpty()) {
        painter.setFont(m_widget->font());
        painter.setPen(p.palette->muted);
        painter.drawText(QRectF(m_widget->rect()), Qt::AlignCenter | Qt::TextWordWrap, p.placeholder);
    }
    if (p.focused) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(p.palette->focus, 2));
        painter.drawRoundedRect(QRectF(m_widget->rect()).adjusted(1, 1, -1, -1), 6, 6);
    }
}

void HeatMapCanvas::updateCross(const MatrixCell& cell) const {
    if (!cell.isValid() || !picture.drawable()) return;
    const HeatMapLayout& layout = picture.layout;
    const QRectF at = layout.cellRect(cell.row, cell.column);
    const QRectF across(layout.cells.left(), at.top(), layout.cells.width(), at.height());
    const QRectF down(at.left(), layout.cells.top(), at.width(), layout.cells.height());
    m_plot->update(QRegion(across.toAlignedRect().adjusted(-3, -3, 3, 3)) |
                   QRegion(down.toAlignedRect().adjusted(-3, -3, 3, 3)));
}

void HeatMapCanvas::mark(unsigned what) {
    m_dirty |= what;
    if (!m_frame.isActive()) m_frame.start();
}

void HeatMapCanvas::updateLayout() {
    picture.palette = &paletteFor(*m_widget);
    LayoutOptions options;
    options.zoom = textZoom(*m_widget);
    // A short sentence in a large window: a stage's figure rather than a stamp.
    constexpr double kLargestSquarePx = 112;
    if (picture.data.squareCells) options.maxCell = kLargestSquarePx;
    const double margin = std::round(6 * options.zoom);
    options.area = QRectF(m_widget->rect()).adjusted(margin, margin, -margin, -margin);
    if (picture.data.rowCount() > 256 || picture.data.columnCount() > 256)
        options.area.adjust(0, 0, 0, -std::round(16 * options.zoom));  // the line about reduced cells
    picture.layout = layOut(picture.data, options);
    picture.maskedText = HeatMapWidget::tr("masked");
    ++counts.layouts;
    m_plot->setGeometry(m_widget->rect());
    m_plot->setBackground(QBrush(picture.palette->card));
    const QRect cellArea =
        picture.layout.isEmpty() ? QRect(0, 0, 1, 1) : picture.layout.cells.toAlignedRect();
    m_plot->axisRect()->setMargins(QMargins(cellArea.left(), cellArea.top(),
                                            m_widget->width() - cellArea.right() - 1,
                                            m_widget->height() - cellArea.bottom() - 1));
    m_plot->xAxis->setRange(0, std::max<double>(1, static_cast<double>(picture.data.columnCount())));
    m_plot->yAxis->setRange(0, std::max<double>(1, static_cast<double>(picture.data.rowCount())));
}

void HeatMapCanvas::updateColors() {
    if (!picture.drawable()) {
        picture.image = {};
        picture.colors = {};
        return;
    }
    const double ratio = m_widget->devicePixelRatioF();
    const QSize size((picture.layout.cells.size() * ratio).toSize().expandedTo(QSize(1, 1)));
    const bool wasReduced = picture.colors.reduced, wasMasked = picture.colors.anyMasked;
    const bool wasBelow = picture.colors.below, wasAbove = picture.colors.above;
    picture.colors = cellColors(picture.data, size.height(), size.width());
    picture.image =
        cellImage(picture.colors, picture.map(), size,
                  static_cast<int>(std::lround(picture.layout.gap() * ratio)), picture.palette->card.rgb());
    picture.image.setDevicePixelRatio(ratio);
    ++counts.images;
    if (wasMasked != picture.colors.anyMasked || wasBelow != picture.colors.below ||
        wasAbove != picture.colors.above)
        m_dirty |= kLabels;
    if (wasReduced != picture.colors.reduced) m_dirty |= kOverlay;
}

/// Layout and colours of the present data. True: the layout was new.
bool HeatMapCanvas::settle() {
    const bool everything = (m_dirty & kLayout) != 0;
    if (everything) updateLayout();
    if ((m_dirty & (kLayout | kColors)) != 0) updateColors();
    m_dirty &= ~(kLayout | kColors);
    return everything;
}

void HeatMapCanvas::update() {
    m_frame.stop();
    if (m_dirty == kNothing || m_widget->width() <= 0 || m_widget->height() <= 0) return;
    if (settle()) {
        m_plot->replot(QCustomPlot::rpQueuedRefresh);
        counts.replots += 2;
    } else {
        const auto replot = [this](unsigned bit, QCPLayer* layer) {
            if ((m_dirty & bit) == 0) return;
            layer->replot();
            ++counts.replots;
        };
        replot(kCells, m_cells);
        replot(kLabels, m_labels);
        if ((m_dirty & kOverlay) != 0) m_plot->update();
    }
    m_dirty = kNothing;
}

void HeatMapCanvas::setHovered(const MatrixCell& cell) {
    const HeatMapData& data = picture.data;
    const bool inside = cell.isValid() && cell.row < data.rowCount() && cell.column < data.columnCount();
    const MatrixCell now = inside ? cell : MatrixCell{};
    if (now == picture.hovered) return;
    updateCross(picture.hovered);
    picture.hovered = now;
    updateCross(now);
}

MatrixCell HeatMapCanvas::cellAt(const QPointF& position) const {
    if (!picture.drawable()) return {};
    const MatrixCell cell{picture.layout.rowAt(position.y()), picture.layout.columnAt(position.x())};
    const bool inside =
        cell.isValid() && cell.row < picture.data.rowCount() && cell.column < picture.data.columnCount();
    return inside ? cell : MatrixCell{};
}

MatrixCell HeatMapCanvas::labelAt(const QPointF& position) const {
    if (!picture.drawable()) return {};
    const HeatMapLayout& layout = picture.layout;
    if (position.x() < layout.cells.left() &&
        position.x() > layout.cells.left() - layout.labelGap - layout.rows.extent - 4)
        return {layout.rowAt(position.y()), -1};
    if (position.y() < layout.cells.top() &&
        position.y() > layout.cells.top() - layout.labelGap - layout.columns.extent) {
        // Turned labels lean to the right as far as they are high.
        const double lean =
            layout.columns.mode == LabelMode::Diagonal ? layout.cells.top() - position.y() : 0;
        const Index column = layout.columnAt(position.x() - lean);
        if (column >= 0) return {-1, column};
    }
    return {};
}

}  // namespace attn::ui
