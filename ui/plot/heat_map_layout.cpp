#include "ui/plot/heat_map_layout.h"

#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kLine = 1.2;      // line height over font size
constexpr double kSlant = 0.7071;  // sin and cos of 45°
constexpr std::array<Index, 19> kTokenSteps{1,  2,  3,  4,  5,  6,   8,   10,  12, 16,
                                            20, 25, 32, 50, 64, 100, 128, 200, 256};
constexpr std::array<Index, 11> kIndexSteps{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

template <std::size_t N>
Index stepFor(const std::array<Index, N>& steps, double pitch, double cell) {
    for (const Index step : steps)
        if (static_cast<double>(step) * cell >= pitch) return step;
    return static_cast<Index>(std::ceil(pitch / std::max(cell, 1e-6)));
}

struct Axis1D {
    const Labels& labels;
    Index count;
    [[nodiscard]] QString text(Index i) const {
        return labels && i < labels->size() ? visibleText((*labels)[i]) : QString::number(i);
    }
};

void setFont(LabelPlan& plan, double px) {
    plan.font = textFont(px);
    plan.boldFont = textFont(px, QFont::Bold);
}

/// Fills the items and returns the widest one's width. A bold label may become current without moving the
/// others.
double place(LabelPlan& plan, const Axis1D& axis, double limit) {
    const QFontMetricsF metrics(plan.font);
    plan.items.clear();
    plan.limit = limit;
    double widest = 0;
    for (Index i = 0; i < axis.count; i += plan.step) {
        QString text = axis.text(i);
        double width = metrics.horizontalAdvance(text);
        if (width > limit) {
            text = metrics.elidedText(text, Qt::ElideRight, limit);
            width = metrics.horizontalAdvance(text);
        }
        widest = std::max(widest, width);
        plan.items.push_back({i, std::move(text), width});
    }
    return widest;
}

LabelPlan planRows(const HeatMapData& data, const LayoutOptions& o, double cell, double limit) {
    LabelPlan plan;
    if (!o.rowLabels) return plan;
    const Axis1D axis{data.rows, data.rowCount()};
    const double px = std::clamp(std::floor(cell / kLine), o.minLabelPx * o.zoom, o.labelPx * o.zoom);
    setFont(plan, px);
    plan.pitch = std::round(px) * kLine;
    plan.step = data.rows ? stepFor(kTokenSteps, plan.pitch, cell) : stepFor(kIndexSteps, plan.pitch, cell);
    plan.extent = place(plan, axis, limit) * 1.06;
    return plan;
}

LabelPlan planColumns(const HeatMapData& data, const LayoutOptions& o, double cell, double limit) {
    LabelPlan plan;
    if (!o.columnLabels) return plan;
    const Axis1D axis{data.columns, data.columnCount()};
    const double px = o.labelPx * o.zoom;
    const double air = 8 * o.zoom;
    if (!data.columns) {
        // Indices are short: every second, fourth … one, upright.
        setFont(plan, std::max(o.minLabelPx + 2, o.minLabelPx) * o.zoom);
        plan.pitch = QFontMetricsF(plan.font).horizontalAdvance(QString::number(axis.count)) + air;
        plan.step = stepFor(kIndexSteps, plan.pitch, cell);
        place(plan, axis, limit);
        plan.extent = plan.font.pixelSize() * kLine;
        plan.overhang = std::max(0.0, (plan.pitch - cell) / 2);
        return plan;
    }
    setFont(plan, px);
    // Only few columns can be wide enough: do not measure a thousand labels for nothing.
    if (cell > 1.5 * px) {
        const double widest = place(plan, axis, limit);
        if (widest * 1.06 + air <= cell) {
            plan.pitch = widest + air;
            plan.extent = plan.font.pixelSize() * kLine;
            return plan;
        }
    }
    const double slanted = cell * kSlant / kLine;
    if (slanted >= 0.8 * px) {
        plan.mode = LabelMode::Diagonal;
        setFont(plan, std::min(px, std::floor(slanted)));
        plan.pitch = plan.font.pixelSize() * kLine / kSlant;
        const double widest = place(plan, axis, limit / kSlant) * 1.06;
        plan.extent = (widest + 0.5 * plan.font.pixelSize()) * kSlant;
        for (const LabelPlan::Item& item : plan.items) {
            const double right = (static_cast<double>(item.index - axis.count) + 0.5) * cell +
                                 (item.width * 1.06 + plan.font.pixelSize() * 0.4) * kSlant;
            plan.overhang = std::max(plan.overhang, right);
        }
        return plan;
    }
    plan.mode = LabelMode::Vertical;
    setFont(plan, std::clamp(std::floor(cell / kLine), o.minLabelPx * o.zoom, px));
    plan.pitch = plan.font.pixelSize() * kLine;
    plan.step = stepFor(kTokenSteps, plan.pitch, cell);
    plan.extent = place(plan, axis, limit) * 1.06;
    plan.overhang = std::max(0.0, (plan.pitch - cell) / 2);
    return plan;
}

QString rowTitleText(const HeatMapData& data) {
    return data.rowTitle + QStringLiteral(" ↓");
}
QString columnTitleText(const HeatMapData& data) {
    return data.columnTitle + QStringLiteral(" →");
}

/// What surrounds the cells, from the plans of both axes.
QMarginsF frameOf(const HeatMapData& data, const LayoutOptions& o, const HeatMapLayout& layout) {
    QMarginsF frame;
    const double z = o.zoom;
    double left = layout.rows.extent, top = layout.columns.extent;
    const QFontMetricsF titles(layout.titleFont);
    const double line = titles.height();
    if (layout.titles && !data.rowTitle.isEmpty()) {
        left = std::max(left, titles.horizontalAdvance(rowTitleText(data)));
        top = std::max(top, line);
    }
    if (layout.titles && !data.columnTitle.isEmpty()) {
        left = std::max(left, titles.horizontalAdvance(columnTitleText(data)));
        top = std::max(top, (data.rowTitle.isEmpty() ? 1 : 2) * line);
    }
    if (left > 0) frame.setLeft(left + layout.labelGap);
    if (top > 0) frame.setTop(top + layout.labelGap);
    const double legend = o.legend ? (24 + 14 + 6) * z + layout.legendText : 4 * z;
    frame.setRight(std::max(legend, layout.columns.overhang + 2 * z));
    frame.setBottom(4 * z);
    return frame;
}

/// Cells of token × token are square, up to a limit; where there are many more of one kind than of the other
/// they stretch along the short side, else three keys would be a hair's breadth beside three hundred queries.
QSizeF fitCells(const HeatMapData& data, const LayoutOptions& o, double width, double height) {
    const double columns = static_cast<double>(data.columnCount()),
                 rows = static_cast<double>(data.rowCount());
    const double limit = o.maxCell * o.zoom;
    const double w = std::max(width, 1.0) / columns, h = std::max(height, 1.0) / rows;
    if (!data.squareCells) return {std::min(w, 2 * limit), std::min(h, 0.75 * limit)};
    const double side = std::min({w, h, limit});
    return {std::min({w, limit, side * std::clamp(rows / columns / 2, 1.0, 6.0)}),
            std::min({h, limit, side * std::clamp(columns / rows / 2, 1.0, 6.0)})};
}

/// Large cells have whole pixels, so that all are of one size; small ones keep the room instead.
double wholePixels(double cell) {
    return cell >= 16 ? std::floor(cell) : cell;
}

void prepare(HeatMapLayout& layout, const LayoutOptions& o) {
    layout.area = o.area;
    layout.zoom = o.zoom;
    layout.titles = o.rowLabels && o.columnLabels;
    layout.labelGap = 8 * o.zoom;
    layout.titleFont = textFont(11 * o.zoom, QFont::DemiBold);
    layout.legendFont = textFont(11 * o.zoom);
    // A fixed width, whatever the numbers: the picture must not jump while a slider moves the range.
    layout.legendText = QFontMetricsF(layout.legendFont).horizontalAdvance(QStringLiteral("≥−0.0000"));
}

QSizeF labelLimits(const LayoutOptions& o) {
    const double longest = o.maxLabelPx * o.zoom;
    if (o.area.isNull()) return {longest, longest};
    return {std::min(o.maxLabelShare * o.area.width(), longest),
            std::min(o.maxLabelShare * o.area.height(), longest)};
}

void placeLegend(HeatMapLayout& layout, const LayoutOptions& o, double height) {
    if (!o.legend) return;
    layout.colorBar = QRectF(layout.cells.right() + std::round(24 * o.zoom), layout.cells.top(),
                             std::round(14 * o.zoom), std::round(height));
}

}  // namespace

QRectF HeatMapLayout::cellRect(Index row, Index column) const {
    return {cells.left() + static_cast<double>(column) * cellWidth,
            cells.top() + static_cast<double>(row) * cellHeight, cellWidth, cellHeight};
}

Index HeatMapLayout::rowAt(double y) const {
    return y < cells.top() || y >= cells.bottom() ? -1 : static_cast<Index>((y - cells.top()) / cellHeight);
}

Index HeatMapLayout::columnAt(double x) const {
    return x < cells.left() || x >= cells.right() ? -1 : static_cast<Index>((x - cells.left()) / cellWidth);
}

HeatMapLayout layOut(const HeatMapData& data, const LayoutOptions& o) {
    HeatMapLayout layout;
    prepare(layout, o);
    if (data.isEmpty() || o.area.width() < 8 || o.area.height() < 8) return layout;
    const QSizeF limit = labelLimits(o);

    // Labels depend on the cells' size and the cells' size on the labels: shrink until both agree.
    QSizeF cell = fitCells(data, o, o.area.width(), o.area.height());
    for (int round = 0; round < 6; ++round) {
        layout.rows = planRows(data, o, cell.height(), limit.width());
        layout.columns = planColumns(data, o, cell.width(), limit.height());
        layout.frame = frameOf(data, o, layout);
        const QSizeF room = o.area.marginsRemoved(layout.frame).size();
        const QSizeF fitted = fitCells(data, o, room.width(), room.height());
        const bool agreed = fitted.width() >= cell.width() - 0.01 && fitted.height() >= cell.height() - 0.01;
        cell = fitted.boundedTo(cell);
        if (agreed) break;
    }
    if (data.squareCells && std::abs(cell.width() - cell.height()) < 1e-6)
        layout.cellWidth = layout.cellHeight = wholePixels(cell.width());
    else
        layout.cellWidth = wholePixels(cell.width()), layout.cellHeight = wholePixels(cell.height());
    const QRectF room = o.area.marginsRemoved(layout.frame);
    const QSizeF size(layout.cellWidth * static_cast<double>(data.columnCount()),
                      layout.cellHeight * static_cast<double>(data.rowCount()));
    const double spareX = o.centred ? std::max(0.0, room.width() - size.width()) / 2 : 0;
    const double spareY = o.centred ? std::max(0.0, room.height() - size.height()) / 2 : 0;
    layout.cells = QRectF({std::round(room.left() + spareX), std::round(room.top() + spareY)}, size);
    placeLegend(layout, o,
                std::max(size.height(), std::min(96 * o.zoom, o.area.bottom() - layout.cells.top())));
    return layout;
}

HeatMapLayout layOutAt(const HeatMapData& data, const LayoutOptions& o, const QSizeF& cell,
                       const QPointF& topLeft) {
    HeatMapLayout layout;
    prepare(layout, o);
    if (data.isEmpty()) return layout;
    const QSizeF limit = labelLimits(o);
    layout.cellWidth = cell.width();
    layout.cellHeight = cell.height();
    layout.rows = planRows(data, o, cell.height(), limit.width());
    layout.columns = planColumns(data, o, cell.width(), limit.height());
    layout.frame = frameOf(data, o, layout);
    layout.cells = QRectF(topLeft, QSizeF(cell.width() * static_cast<double>(data.columnCount()),
                                          cell.height() * static_cast<double>(data.rowCount())));
    placeLegend(layout, o, std::max(layout.cells.height(), 96 * o.zoom));
    return layout;
}

}  // namespace attn::ui
