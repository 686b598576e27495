#include "ui/plot/figure_sheet.h"

#include "ui/plot/figure.h"
#include "ui/plot/off_mark.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kLegendBar = 12, kLegendGap = 20, kTextGap = 6;
constexpr std::size_t kMostRectangles = 60'000;  ///< beyond that a file of vectors is too heavy to open

QFont labelFont() {
    return textFont(10);
}

struct SheetLayout {
    double left = 0, top = 0, edge = 48, gap = 8, title = 0;
    QRectF area;

    SheetLayout(const FigureSheet& sheet, const QRectF& within) : area(within) {
        const QFontMetricsF metrics(labelFont());
        for (const QString& label : sheet.rowLabels) left = std::max(left, metrics.horizontalAdvance(label));
        if (!sheet.rowLabels.isEmpty())
            left = std::max(left, metrics.horizontalAdvance(sheet.rowTitle)) + kTextGap;
        top = sheet.columnNumbers ? metrics.height() + 4 : 0;
        const bool labelled = std::any_of(sheet.pictures.begin(), sheet.pictures.end(),
                                          [](const auto& picture) { return !picture.label.isEmpty(); });
        title = labelled ? metrics.height() : 0;
        const double right = kLegendGap + kLegendBar + kTextGap + metrics.horizontalAdvance(sheet.high);
        if (area.isNull()) {
            edge = sheet.pictures.size() > 300 ? 36 : 64;
            gap = sheet.pictures.size() > 300 ? 5 : 8;
            area.setSize({left + sheet.columns * (edge + gap) + right,
                          std::max(top + sheet.rows * (edge + gap + title), 120.0)});
            return;
        }
        const double across = (area.width() - left - right) / std::max(1, sheet.columns);
        const double down = (area.height() - top) / std::max(1, sheet.rows) - title;
        const double pitch = std::max(4.0, std::min(across, down));
        gap = std::clamp(pitch * 0.12, 1.0, 10.0);
        edge = pitch - gap;
    }
    [[nodiscard]] QRectF picture(int row, int column) const {
        return {area.left() + left + column * (edge + gap),
                area.top() + top + title + row * (edge + gap + title), edge, edge};
    }
};

void paintPicture(QPainter& painter, const FigureSheet::Picture& picture, const QRectF& rect,
                  const ColorMap& map, const Palette& palette, bool rectangles, double scale) {
    if (picture.faded) painter.setOpacity(kFadedHead);
    if (rectangles) {
        HeatMapLayout layout;
        layout.cells = rect;
        layout.cellWidth = rect.width() / static_cast<double>(picture.colors.columns);
        layout.cellHeight = rect.height() / static_cast<double>(picture.colors.rows);
        paintCells(painter, picture.colors, map, layout, scale);
    } else {
        const auto pixels = static_cast<int>(std::max(1.0, std::round(rect.width() * scale)));
        const QImage image = cellImage(picture.colors, map, {pixels, pixels}, 0, palette.card.rgb());
        painter.save();
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter.setRenderHint(QPainter::LosslessImageRendering, true);
        painter.drawImage(rect, image);
        painter.restore();
    }
    painter.setOpacity(1);
    if (picture.off) paintSwitchedOff(painter, rect, palette, false);
    if (picture.share < 0) return;
    if (picture.faded) painter.setOpacity(2 * kFadedHead);
    const QRectF groove(rect.left(), rect.bottom() + 1, rect.width(),
                        std::clamp(rect.width() * 0.04, 1.0, 3.0));
    painter.fillRect(groove, palette.track);
    painter.fillRect(QRectF(groove.topLeft(), QSizeF(groove.width() * picture.share, groove.height())),
                     palette.accent);
    painter.setOpacity(1);
}

void paintSheetLegend(QPainter& painter, const FigureSheet& sheet, const SheetLayout& layout,
                      const ColorMap& map, const Palette& palette) {
    const QFontMetricsF metrics(labelFont());
    const double left = layout.area.left() + layout.left + sheet.columns * (layout.edge + layout.gap) -
                        layout.gap + kLegendGap;
    const double high = std::max(
        60.0,
        std::min(200.0, sheet.rows * (layout.edge + layout.gap + layout.title) - layout.gap - layout.title));
    const double top = layout.area.top() + layout.top + layout.title;
    constexpr int kSteps = 64;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < kSteps; ++i) {
        painter.fillRect(QRectF(left, top + high * (1 - (i + 1.0) / kSteps), kLegendBar, high / kSteps + 0.5),
                         QColor(map.at(i / (kSteps - 1.0))));
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(palette.text);
    painter.drawText(QPointF(left + kLegendBar + kTextGap, top + metrics.capHeight()), sheet.high);
    painter.drawText(QPointF(left + kLegendBar + kTextGap, top + high), QStringLiteral("0"));
}

}  // namespace

QSizeF naturalSheetSize(const FigureSheet& sheet) {
    return SheetLayout(sheet, {}).area.size();
}

void paintFigureSheet(QPainter& painter, const FigureSpec& spec, const QRectF& area, bool vector,
                      double scale) {
    const FigureSheet& sheet = *spec.sheet;
    const Palette& palette = ui::palette(spec.theme);
    const ColorMap& map = spec.style.colorMap(Quantity::Probability, spec.theme);
    const SheetLayout layout(sheet, area);
    std::size_t rectangles = 0;
    for (const FigureSheet::Picture& picture : sheet.pictures) rectangles += picture.colors.index.size();
    const bool asRectangles = vector && rectangles <= kMostRectangles;
    for (const FigureSheet::Picture& picture : sheet.pictures) {
        paintPicture(painter, picture, layout.picture(picture.row, picture.column), map, palette,
                     asRectangles, vector && !asRectangles ? 4 : scale);
    }
    const QFont font = labelFont();
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    painter.setPen(palette.muted);
    for (const FigureSheet::Picture& picture : sheet.pictures) {
        if (picture.label.isEmpty()) continue;
        const QRectF rect = layout.picture(picture.row, picture.column);
        painter.drawText(QPointF(rect.left(), rect.top() - metrics.descent() - 1),
                         metrics.elidedText(picture.label, Qt::ElideRight, rect.width() + layout.gap));
    }
    for (qsizetype row = 0; row < sheet.rowLabels.size(); ++row) {
        const QRectF rect = layout.picture(static_cast<int>(row), 0);
        const QString& label = sheet.rowLabels[row];
        painter.drawText(QPointF(rect.left() - kTextGap - metrics.horizontalAdvance(label),
                                 rect.center().y() + metrics.capHeight() / 2),
                         label);
    }
    if (sheet.columnNumbers) {
        const double baseline = layout.area.top() + metrics.ascent();
        painter.drawText(QPointF(layout.area.left(), baseline), sheet.rowTitle);
        const int every =
            std::max(1, static_cast<int>(std::ceil((metrics.horizontalAdvance(QStringLiteral("00")) + 4) /
                                                   (layout.edge + layout.gap))));
        for (int column = 0; column < sheet.columns; column += every) {
            const QString text = QString::number(column);
            const QRectF rect = layout.picture(0, column);
            painter.drawText(QPointF(rect.center().x() - metrics.horizontalAdvance(text) / 2, baseline),
                             text);
        }
    }
    paintSheetLegend(painter, sheet, layout, map, palette);
}

}  // namespace attn::ui
