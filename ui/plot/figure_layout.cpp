#include "ui/plot/figure_layout.h"

#include "ui/plot/figure_sheet.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kMargin = 20;
constexpr double kSheetGap = 18;
constexpr double kLegendWidth = 24 + 14 + 6;

LayoutOptions optionsOf(const FigureSpec& spec) {
    LayoutOptions options;
    options.labelPx = spec.maps.size() > 1 ? 10 : 12;
    options.minLabelPx = spec.maps.size() > 1 ? 6 : 8;
    options.maxLabelShare = 0.35;
    options.maxLabelPx = spec.maps.size() > 1 ? 90 : 180;
    options.maxCell = 72;
    return options;
}

/// Lines no wider than `width`; what does not fit into `most` of them ends in an ellipsis.
QStringList wrapped(const QString& text, const QFont& font, double width, int most) {
    QStringList lines;
    const QFontMetricsF metrics(font);
    for (const QString& paragraph : text.split(u'\n', Qt::SkipEmptyParts)) {
        const QString shown = visibleText(paragraph);
        QTextLayout layout(shown, font);
        layout.setTextOption(QTextOption(Qt::AlignLeft));
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(width);
            if (lines.size() + 1 == most) {
                const QString rest = shown.mid(line.textStart());
                lines.append(metrics.elidedText(rest, Qt::ElideRight, width));
                layout.endLayout();
                return lines;
            }
            lines.append(shown.mid(line.textStart(), line.textLength()).trimmed());
        }
        layout.endLayout();
    }
    return lines;
}

/// Appends title and caption and returns where the rest begins.
double header(const FigureSpec& spec, double width, std::vector<FigureLayout::Line>& lines) {
    double y = kMargin;
    const auto block = [&](const QString& text, const QFont& font, bool muted, int most) {
        const QFontMetricsF metrics(font);
        for (const QString& line : wrapped(text, font, width - 2 * kMargin, most)) {
            lines.push_back({line, {kMargin, y + metrics.ascent()}, font, muted});
            y += std::ceil(metrics.height());
        }
    };
    block(spec.title, textFont(16, QFont::DemiBold), false, 3);
    block(spec.caption, textFont(11.5), true, 4);
    if (!lines.empty()) y += 10;
    return y;
}

/// The size of a cell at which a figure of its own size reads well.
QSizeF naturalCell(const HeatMapData& map, bool sheet) {
    const double rows = static_cast<double>(map.rowCount()), columns = static_cast<double>(map.columnCount());
    const auto fit = [](double room, double count, double least, double most) {
        return std::clamp(std::floor(room / count), least, most);
    };
    if (sheet) {
        const double side = std::max(rows, columns);
        const double cell = side > 160 ? 160 / side : fit(160, side, 1, 18);
        return {cell, cell};
    }
    if (map.squareCells) {
        const double side = std::max(rows, columns);
        const double cell = side > 896 ? 896 / side : fit(896, side, 1, side <= 24 ? 40 : 28);
        return {cell, cell};
    }
    return {columns > 896 ? 896 / columns : fit(896, columns, 1, 44),
            rows > 896 ? 896 / rows : fit(760, rows, 1, 28)};
}

int sheetColumns(std::size_t maps) {
    return maps <= 3 ? static_cast<int>(maps)
                     : static_cast<int>(std::ceil(std::sqrt(static_cast<double>(maps) * 1.3)));
}

struct Sheet {
    int columns = 1, rows = 1;
    QSizeF cell, map;
    HeatMapLayout labels;  ///< of a map that has both kinds
    double titleHeight = 0;
    QFont titleFont;

    Sheet(const FigureSpec& spec) {
        columns = sheetColumns(spec.maps.size());
        rows = (static_cast<int>(spec.maps.size()) + columns - 1) / columns;
        titleFont = textFont(11, QFont::DemiBold);
        titleHeight = std::ceil(QFontMetricsF(titleFont).height()) + 2;
    }
    void setCell(const FigureSpec& spec, const QSizeF& size) {
        const HeatMapData& first = spec.maps.front();
        cell = size;
        map = {size.width() * static_cast<double>(first.columnCount()),
               size.height() * static_cast<double>(first.rowCount())};
        LayoutOptions options = optionsOf(spec);
        labels = layOutAt(first, options, size, {});
    }
    /// Turned labels of one map must not run into the next map's title: titles stand above the labels.
    [[nodiscard]] double gapX() const { return std::max(kSheetGap, labels.columns.overhang + 6); }
    [[nodiscard]] double width() const {
        return labels.frame.left() + columns * map.width() + (columns - 1) * gapX() + kLegendWidth +
               labels.legendText;
    }
    [[nodiscard]] double height() const {
        return labels.frame.top() + rows * (map.height() + titleHeight) + (rows - 1) * kSheetGap;
    }
};

void layOutSheet(const FigureSpec& spec, const QRectF& area, FigureLayout& figure) {
    Sheet sheet(spec);
    const HeatMapData& first = spec.maps.front();
    // The labels' room depends on the cells, and the other way round: start large and shrink.
    QSizeF cell(area.width() / static_cast<double>(first.columnCount()),
                area.height() / static_cast<double>(first.rowCount()));
    for (int round = 0; round < 6; ++round) {
        sheet.setCell(spec, cell);
        const double w = (area.width() - (sheet.width() - sheet.columns * sheet.map.width())) / sheet.columns;
        const double h = (area.height() - (sheet.height() - sheet.rows * sheet.map.height())) / sheet.rows;
        QSizeF fitted(std::max(1.0, w) / static_cast<double>(first.columnCount()),
                      std::max(1.0, h) / static_cast<double>(first.rowCount()));
        if (first.squareCells) fitted = QSizeF(1, 1) * std::min(fitted.width(), fitted.height());
        fitted = fitted.boundedTo(QSizeF(72, 72));
        const bool agreed = fitted.width() >= cell.width() - 0.01 && fitted.height() >= cell.height() - 0.01;
        cell = fitted.boundedTo(cell);
        if (agreed) break;
    }
    sheet.setCell(spec, cell);
    const double left =
        area.left() + sheet.labels.frame.left() + std::max(0.0, area.width() - sheet.width()) / 2;
    double y = area.top();
    for (int row = 0; row < sheet.rows; ++row) {
        const double titleTop = y;
        y += sheet.titleHeight + (row == 0 ? sheet.labels.frame.top() : 0);
        for (int column = 0; column < sheet.columns; ++column) {
            const std::size_t i = static_cast<std::size_t>(row) * static_cast<std::size_t>(sheet.columns) +
                                  static_cast<std::size_t>(column);
            if (i >= spec.maps.size()) break;
            const double x = left + column * (sheet.map.width() + sheet.gapX());
            LayoutOptions options = optionsOf(spec);
            options.legend = false;
            options.rowLabels = column == 0;
            options.columnLabels = row == 0;
            figure.maps.push_back(layOutAt(spec.maps[i], options, cell, {x, y}));
            figure.lines.push_back(
                {QFontMetricsF(sheet.titleFont)
                     .elidedText(visibleText(spec.maps[i].title), Qt::ElideRight, sheet.map.width()),
                 {x, titleTop + QFontMetricsF(sheet.titleFont).ascent()},
                 sheet.titleFont,
                 false});
        }
        y += sheet.map.height() + kSheetGap;
    }
    figure.legend = sheet.labels;
    const double top = area.top() + sheet.titleHeight + sheet.labels.frame.top();
    const double right = left + sheet.columns * sheet.map.width() + (sheet.columns - 1) * sheet.gapX();
    figure.legend.colorBar =
        QRectF(right + 24, top, 14, std::max(60.0, std::min(y - kSheetGap, area.bottom()) - top));
}

}  // namespace

FigureLayout layOutFigure(const FigureSpec& spec, const QSize& size) {
    FigureLayout figure;
    figure.size = size;
    const double top = header(spec, size.width(), figure.lines);
    const QRectF area(kMargin, top, std::max(8.0, size.width() - 2 * kMargin),
                      std::max(8.0, size.height() - top - kMargin));
    if (spec.sheet) {
        figure.sheet = area;
        return figure;
    }
    if (!spec.panels.empty()) {
        figure.panels = layOutPanels(spec, area);
        return figure;
    }
    if (spec.maps.size() > 1) {
        layOutSheet(spec, area, figure);
        return figure;
    }
    LayoutOptions options = optionsOf(spec);
    options.area = area;
    figure.maps.push_back(layOut(spec.maps.front(), options));
    figure.legend = figure.maps.front();
    return figure;
}

namespace {

/// What all maps need, with their labels and the colour bar.
QSizeF mapsSize(const FigureSpec& spec) {
    const HeatMapData& first = spec.maps.front();
    if (spec.maps.size() > 1) {
        Sheet sheet(spec);
        sheet.setCell(spec, naturalCell(first, true));
        return {sheet.width(), std::max(sheet.height(), sheet.titleHeight + sheet.labels.frame.top() + 96)};
    }
    const HeatMapLayout layout = layOutAt(first, optionsOf(spec), naturalCell(first, false), {});
    QSizeF content = layout.cells.marginsAdded(layout.frame).size();
    content.setHeight(
        std::max(content.height(), layout.frame.top() + layout.colorBar.height() + layout.frame.bottom()));
    return content;
}

}  // namespace

QSize figureSize(const FigureSpec& spec) {
    if (spec.width > 0 && spec.height > 0) return {spec.width, spec.height};
    const bool panels = !spec.panels.empty();
    if (!panels && !spec.sheet && (spec.maps.empty() || spec.maps.front().isEmpty()))
        return {spec.width, spec.height};
    const QSizeF content = spec.sheet ? naturalSheetSize(*spec.sheet)
                           : panels   ? naturalPanelsSize(spec)
                                      : mapsSize(spec);
    const double width = std::max(content.width() + 2 * kMargin, 240.0);
    std::vector<FigureLayout::Line> lines;
    const double page = spec.width > 0 ? spec.width : width;
    const double above = header(spec, page, lines);
    const double height = above + content.height() + kMargin;
    if (spec.width > 0)
        return {spec.width,
                static_cast<int>(std::ceil(above + kMargin +
                                           content.height() * (spec.width - 2 * kMargin) / content.width()))};
    if (spec.height > 0) return {static_cast<int>(std::ceil(width * spec.height / height)), spec.height};
    return {static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height))};
}

}  // namespace attn::ui
