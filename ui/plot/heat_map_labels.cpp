#include "ui/plot/heat_map_painter.h"
#include "ui/plot/number_text.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QLinearGradient>
#include <QPaintEngine>
#include <QPainter>
#include <QRawFont>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

/// Colour emoji are bitmaps inside their font, which a PDF does not show: there their pictures are laid over
/// the text.
void paintEmoji(QPainter& painter, const QPointF& baseline, const QString& text) {
    QTextLayout layout(text, painter.font());
    layout.beginLayout();
    const QTextLine line = layout.createLine();
    layout.endLayout();
    if (!line.isValid()) return;
    for (const QGlyphRun& run : layout.glyphRuns()) {
        if (!run.rawFont().familyName().contains(QStringLiteral("Emoji"))) continue;
        const QRectF box = run.boundingRect();
        if (box.isEmpty()) continue;
        constexpr double kSharpness = 6;
        QImage image((box.size() * kSharpness).toSize().expandedTo(QSize(1, 1)),
                     QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter raster(&image);
        raster.scale(kSharpness, kSharpness);
        raster.drawGlyphRun(-box.topLeft(), run);
        raster.end();
        painter.drawImage(box.translated(baseline - QPointF(0, line.ascent())), image);
    }
}

void paintText(QPainter& painter, const QPointF& baseline, const QString& text) {
    painter.drawText(baseline, text);
    const bool surrogates = std::any_of(text.begin(), text.end(), [](QChar c) { return c.isSurrogate(); });
    if (surrogates && painter.paintEngine()->type() == QPaintEngine::Pdf) paintEmoji(painter, baseline, text);
}

/// One label, bold in its role's colour when it is the current one.
struct Writer {
    QPainter& painter;
    const HeatMapLayout& layout;

    void row(Index index, const QString& text, double width) const {
        const QRectF cell = layout.cellRect(index, 0);
        const QFontMetricsF metrics(painter.font());
        const double baseline = cell.center().y() - layout.gap() / 2 + metrics.capHeight() / 2;
        paintText(painter, QPointF(layout.cells.left() - layout.labelGap - width, baseline), text);
    }
    void column(Index index, const QString& text, double width) const {
        const QRectF cell = layout.cellRect(0, index);
        const double x = cell.center().x() - layout.gap() / 2;
        const double y = layout.cells.top() - layout.labelGap;
        const double cap = QFontMetricsF(painter.font()).capHeight();
        switch (layout.columns.mode) {
            case LabelMode::Horizontal:
                paintText(painter, QPointF(x - width / 2, y), text);
                return;
            case LabelMode::Diagonal:
                turned({x + cap * 0.35, y}, -45, text);
                return;
            case LabelMode::Vertical:
                turned({x + cap / 2, y}, -90, text);
                return;
        }
    }
    void turned(const QPointF& at, double degrees, const QString& text) const {
        painter.save();
        painter.translate(at);
        painter.rotate(degrees);
        paintText(painter, QPointF(), text);
        painter.restore();
    }
};

/// Calls write(index, text, width, current) for each label that is shown. The current one is always among
/// them, and the thinned-out neighbours that it would touch make room.
template <typename Write>
void forEachLabel(const LabelPlan& plan, Index current, double cell, const QString& currentText,
                  Write write) {
    const double clear = plan.mode == LabelMode::Horizontal && !plan.items.empty() && plan.extent < plan.pitch
                             ? plan.pitch
                             : plan.pitch * 0.98;
    for (const LabelPlan::Item& item : plan.items) {
        if (item.index == current) continue;
        const bool close = current >= 0 && std::abs(static_cast<double>(item.index - current)) * cell < clear;
        if (plan.step > 1 && close) continue;
        write(item.index, item.text, item.width, false);
    }
    if (current < 0 || currentText.isEmpty()) return;
    const QFontMetricsF metrics(plan.boldFont);
    const double limit = plan.mode == LabelMode::Horizontal ? plan.limit * 1.06 : plan.limit;
    QString text = currentText;
    if (metrics.horizontalAdvance(text) > limit) text = metrics.elidedText(text, Qt::ElideRight, limit);
    write(current, text, metrics.horizontalAdvance(text), true);
}

void paintTitles(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                 const Palette& palette) {
    painter.setFont(layout.titleFont);
    const QFontMetricsF metrics(layout.titleFont);
    const double right = layout.cells.left() - layout.labelGap;
    double baseline = layout.cells.top() - layout.labelGap;
    const auto title = [&](const QString& text, Role role) {
        painter.setPen(role == Role::None ? palette.muted : palette.role(role));
        painter.drawText(QPointF(right - metrics.horizontalAdvance(text), baseline), text);
        baseline -= metrics.height();
    };
    if (!data.rowTitle.isEmpty()) title(data.rowTitle + QStringLiteral(" ↓"), data.rowRole);
    if (!data.columnTitle.isEmpty()) title(data.columnTitle + QStringLiteral(" →"), data.columnRole);
}

}  // namespace

void paintLabels(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                 const Palette& palette, Index currentRow, Index currentColumn) {
    if (layout.isEmpty()) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Writer writer{painter, layout};
    const auto dress = [&](const LabelPlan& plan, bool current, Role role) {
        painter.setFont(current ? plan.boldFont : plan.font);
        painter.setPen(current ? palette.role(role) : palette.text);
    };
    if (!layout.rows.items.empty()) {
        const Index row = currentRow < data.rowCount() ? currentRow : -1;
        const QString text = row >= 0 ? visibleText(data.rowLabel(row)) : QString();
        forEachLabel(layout.rows, row, layout.cellHeight, text,
                     [&](Index i, const QString& t, double w, bool current) {
                         dress(layout.rows, current, data.rowRole);
                         writer.row(i, t, w);
                     });
    }
    if (!layout.columns.items.empty()) {
        const Index column = currentColumn < data.columnCount() ? currentColumn : -1;
        const QString text = column >= 0 ? visibleText(data.columnLabel(column)) : QString();
        forEachLabel(layout.columns, column, layout.cellWidth, text,
                     [&](Index i, const QString& t, double w, bool current) {
                         dress(layout.columns, current, data.columnRole);
                         writer.column(i, t, w);
                     });
    }
    if (layout.titles) paintTitles(painter, data, layout, palette);
    painter.restore();
}

void paintLegend(QPainter& painter, const HeatMapData& data, const CellColors& colors, const ColorMap& map,
                 const HeatMapLayout& layout, const Palette& palette, const QString& maskedText) {
    if (layout.colorBar.isEmpty()) return;
    painter.save();
    QRectF bar = layout.colorBar;
    const double z = layout.zoom;
    painter.setFont(layout.legendFont);
    const QFontMetricsF metrics(layout.legendFont);
    const double x = bar.right() + 6 * z;
    const double cap = metrics.capHeight();
    if (colors.anyMasked) {
        const QRectF swatch(bar.left(), bar.bottom() - bar.width(), bar.width(), bar.width());
        bar.setBottom(swatch.top() - 16 * z);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(map.masked()));
        painter.drawRects(&swatch, 1);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(QColor(map.maskedHatch()), 1));
        painter.drawLine(swatch.bottomLeft(), swatch.topRight());
        painter.setPen(palette.muted);
        painter.drawText(QPointF(x, swatch.center().y() + cap / 2), maskedText);
    }
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    constexpr int kStops = 51;
    for (int i = 0; i <= kStops; ++i) {
        const double t = static_cast<double>(i) / kStops;
        gradient.setColorAt(t, QColor(map.at(t)));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRects(&bar, 1);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(palette.muted);
    const auto number = [&](double value, double baseline, QChar bound) {
        const QString text = shortNumber(value);
        painter.drawText(QPointF(x, baseline), bound.isNull() ? text : bound + text);
    };
    number(data.range.high, bar.top() + cap, colors.above ? QChar(u'≥') : QChar());
    number(data.range.low, bar.bottom(), colors.below ? QChar(u'≤') : QChar());
    if (data.range.low < 0 && data.range.high > 0 && bar.height() > 4 * metrics.height()) {
        const double zero = bar.bottom() + data.range.low / (data.range.high - data.range.low) * bar.height();
        number(0, zero + cap / 2, QChar());
    }
    painter.restore();
}

}  // namespace attn::ui
