#include "ui/plot/figure_panels.h"

#include "ui/plot/curve_plot_painter.h"
#include "ui/plot/links_painter.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>

namespace attn::ui {

namespace {

constexpr double kColumnPx = 420, kGapX = 28, kGapY = 22;

struct Place {
    int row = 0, column = 0, span = 1;
};

int columnsOf(const FigureSpec& spec) {
    return std::max(1, std::min(spec.panelColumns, static_cast<int>(spec.panels.size())));
}

/// Left to right, a new row where a panel does not fit any more.
std::vector<Place> placesOf(const FigureSpec& spec) {
    const int columns = columnsOf(spec);
    std::vector<Place> places;
    int row = 0, column = 0;
    for (const FigurePanel& panel : spec.panels) {
        const int span = std::clamp(panel.span, 1, columns);
        if (column + span > columns) {
            ++row;
            column = 0;
        }
        places.push_back({row, column, span});
        column += span;
    }
    return places;
}

const PaintedPanel* painted(const FigurePanel& panel) {
    const auto* own = std::get_if<std::shared_ptr<const PaintedPanel>>(&panel.content);
    return own == nullptr ? nullptr : own->get();
}

/// Of what knows its own size; nothing: it takes what it gets.
std::optional<QSizeF> naturalSize(const FigurePanel& panel) {
    if (const auto* links = std::get_if<LinksData>(&panel.content)) return naturalLinksSize(*links);
    if (const PaintedPanel* own = painted(panel)) return own->naturalSize();
    return std::nullopt;
}

double naturalHeight(const FigurePanel& panel) {
    const std::optional<QSizeF> size = naturalSize(panel);
    return size ? size->height() : panel.heightPx;
}

std::vector<double> rowHeights(const FigureSpec& spec, const std::vector<Place>& places) {
    std::vector<double> heights(places.empty() ? 0 : static_cast<std::size_t>(places.back().row) + 1, 0);
    for (std::size_t i = 0; i < places.size(); ++i) {
        double& height = heights[static_cast<std::size_t>(places[i].row)];
        height = std::max(height, naturalHeight(spec.panels[i]));
    }
    return heights;
}

double totalHeight(const std::vector<double>& heights) {
    double total = kGapY * std::max(0.0, static_cast<double>(heights.size()) - 1);
    for (const double height : heights) total += height;
    return total;
}

}  // namespace

QSizeF naturalPanelsSize(const FigureSpec& spec) {
    const int columns = columnsOf(spec);
    double width = columns * kColumnPx + (columns - 1) * kGapX;
    for (const FigurePanel& panel : spec.panels) {
        if (const std::optional<QSizeF> size = naturalSize(panel)) width = std::max(width, size->width());
    }
    return {width, totalHeight(rowHeights(spec, placesOf(spec)))};
}

std::vector<PanelLayout> layOutPanels(const FigureSpec& spec, const QRectF& area) {
    const std::vector<Place> places = placesOf(spec);
    const std::vector<double> heights = rowHeights(spec, places);
    const int columns = columnsOf(spec);
    const double column = std::max(8.0, (area.width() - (columns - 1) * kGapX) / columns);
    const double gaps = kGapY * std::max(0.0, static_cast<double>(heights.size()) - 1);
    const double stretch = std::max(0.0, area.height() - gaps) / std::max(1.0, totalHeight(heights) - gaps);
    std::vector<double> tops{area.top()};
    for (const double height : heights) tops.push_back(tops.back() + height * stretch + kGapY);

    std::vector<PanelLayout> panels;
    const QFont font = textFont(12.5, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Place& place = places[i];
        const auto row = static_cast<std::size_t>(place.row);
        PanelLayout panel;
        panel.box = QRectF(area.left() + place.column * (column + kGapX), tops[row],
                           place.span * column + (place.span - 1) * kGapX, heights[row] * stretch);
        panel.titleFont = font;
        panel.title = panel.box.topLeft() + QPointF(0, metrics.ascent());
        const double head = spec.panels[i].title.isEmpty() ? 0 : std::ceil(metrics.height()) + 4;
        const QRectF inside = panel.box.adjusted(0, std::min(head, panel.box.height() / 2), 0, 0);
        panel.inside = inside;
        if (const auto* curves = std::get_if<CurvePlotData>(&spec.panels[i].content)) {
            panel.content = layOutCurves(*curves, inside, 1);
        } else if (const auto* links = std::get_if<LinksData>(&spec.panels[i].content)) {
            panel.content = fitLinks(*links, inside.size());
        } else if (painted(spec.panels[i]) == nullptr) {
            LayoutOptions options;
            options.area = inside;
            options.labelPx = 11;
            options.minLabelPx = 8;
            panel.content = layOut(std::get<HeatMapData>(spec.panels[i].content), options);
        }
        panels.push_back(std::move(panel));
    }
    return panels;
}

bool isEmpty(const FigurePanel& panel) {
    if (const PaintedPanel* own = painted(panel)) return own->isEmpty();
    return std::visit(
        [](const auto& content) {
            if constexpr (requires { content.isEmpty(); }) return content.isEmpty();
            return true;  // nobody to paint it
        },
        panel.content);
}

void paintPanels(QPainter& painter, const FigureSpec& spec, const std::vector<PanelLayout>& panels,
                 bool vector, const std::function<void(const HeatMapData&, const HeatMapLayout&)>& paintMap) {
    const Palette& palette = ui::palette(spec.theme);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const PanelLayout& panel = panels[i];
        painter.setFont(panel.titleFont);
        painter.setPen(palette.text);
        painter.drawText(panel.title, QFontMetricsF(panel.titleFont)
                                          .elidedText(visibleText(spec.panels[i].title), Qt::ElideRight,
                                                      panel.box.width()));
        if (const auto* curves = std::get_if<CurvePlotData>(&spec.panels[i].content)) {
            const auto& layout = std::get<CurvePlotLayout>(panel.content);
            paintCurves(painter, *curves, layout, palette);
            paintMarker(painter, *curves, layout, palette, false);
        } else if (const auto* links = std::get_if<LinksData>(&spec.panels[i].content)) {
            const auto& layout = std::get<LinksLayout>(panel.content);
            const QRectF all(QPointF(), layout.size);
            painter.save();
            painter.translate(panel.inside.topLeft());
            paintLinkLines(painter, links->lines, layout, palette, all);
            paintLinkTokens(painter, *links, layout, palette, nullptr, all);
            painter.restore();
        } else if (const PaintedPanel* own = painted(spec.panels[i])) {
            own->paint(painter, panel.inside, palette, vector);
        } else {
            paintMap(std::get<HeatMapData>(spec.panels[i].content), std::get<HeatMapLayout>(panel.content));
        }
    }
}

}  // namespace attn::ui
