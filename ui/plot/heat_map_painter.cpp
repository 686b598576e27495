#include "ui/plot/heat_map_painter.h"

#include "core/ops/row_kernels.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace attn::ui {

namespace {

constexpr int kHatchPeriod = 7;
constexpr double kMinHatchedCell = 8;
constexpr double kSmallestMark = 4;  ///< of a changed number, however small its cell

/// A matrix into entries of the colour map.
struct Scanner {
    const HeatMapData& data;
    CellColors& out;
    Quantiser quantiser;
    NumberRange range{};

    [[nodiscard]] const std::uint8_t* flagsOf(Index row, Index columns) const {
        return data.flags ? data.flags->data() + row * columns : nullptr;
    }
    void scan(const MatrixView& m) {
        const auto columns = static_cast<std::size_t>(m.cols());
        if (m.outerStride() == m.cols()) {  // no gaps: as one long row
            rowKernels().quantise(m.data(), flagsOf(0, m.cols()), kCellMasked, quantiser, out.index.data(),
                                  out.index.size(), range);
            return;
        }
        for (Index i = 0; i < m.rows(); ++i) {
            rowKernels().quantise(m.data() + i * m.outerStride(), flagsOf(i, m.cols()), kCellMasked,
                                  quantiser, out.index.data() + i * m.cols(), columns, range);
        }
    }
    /// First the rows that fall on one line of pixels become one, then its columns.
    void scanReduced(const MatrixView& m) {
        constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
        const auto columns = static_cast<std::size_t>(m.cols());
        std::vector<float> line(columns), largest(static_cast<std::size_t>(out.columns));
        NumberRange unused;
        for (Index r = 0; r < out.rows; ++r) {
            std::fill(line.begin(), line.end(), kNone);
            const Index first = r * m.rows() / out.rows;
            const Index last = std::max(first + 1, (r + 1) * m.rows() / out.rows);
            for (Index i = first; i < last; ++i) {
                rowKernels().keepLarger(m.data() + i * m.outerStride(), flagsOf(i, m.cols()), kCellMasked,
                                        line.data(), columns, range);
            }
            for (Index c = 0; c < out.columns; ++c) {
                float kept = kNone;
                const auto edge = [&](Index i) { return (i * m.cols() + out.columns - 1) / out.columns; };
                for (Index j = edge(c); j < edge(c + 1); ++j) {
                    const float v = line[static_cast<std::size_t>(j)];
                    if (!(std::abs(kept) >= std::abs(v)) && !std::isnan(v)) kept = v;
                }
                largest[static_cast<std::size_t>(c)] = kept;
            }
            rowKernels().quantise(largest.data(), nullptr, 0, quantiser, out.index.data() + r * out.columns,
                                  largest.size(), unused);
        }
    }
};

QColor withAlpha(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

}  // namespace

CellColors cellColors(const HeatMapData& data, Index maxRows, Index maxColumns) {
    CellColors out;
    if (data.isEmpty()) return out;
    const MatrixView m = data.tensor->matrix(data.head);
    out.rows = std::clamp<Index>(maxRows, 1, m.rows());
    out.columns = std::clamp<Index>(maxColumns, 1, m.cols());
    out.reduced = out.rows < m.rows() || out.columns < m.cols();
    out.index.resize(static_cast<std::size_t>(out.rows * out.columns));
    const double width = data.range.high - data.range.low;
    const bool usable = width > 0 && std::isfinite(width);
    Quantiser quantiser{static_cast<float>(data.range.low), usable ? static_cast<float>(255.0 / width) : 0.0F,
                        255.0F, CellColors::kMasked};
    Scanner scanner{data, out, quantiser};
    if (out.reduced)
        scanner.scanReduced(m);
    else
        scanner.scan(m);
    out.anyMasked = scanner.range.skipped;
    if (scanner.range.lowest <= scanner.range.highest) {
        out.lowest = static_cast<double>(scanner.range.lowest);
        out.highest = static_cast<double>(scanner.range.highest);
        // Ranges are doubles made from floats: a rounding is no number outside.
        const double slack = 1e-6 * std::max(std::abs(data.range.low), std::abs(data.range.high));
        out.below = out.lowest < data.range.low - slack;
        out.above = out.highest > data.range.high + slack;
    }
    return out;
}

namespace {

/// First pixel of the i-th of `count` cells.
Index edge(Index i, Index count, Index pixels) {
    return (2 * i * pixels + count) / (2 * count);
}

/// One scan line of a row of cells; `masked` becomes 1 where hatching may go.
struct LineMaker {
    const CellColors& colors;
    const std::array<QRgb, 257>& table;
    Index width;
    int gap;
    QRgb ground;
    bool hatched;
    std::vector<QRgb> line;
    std::vector<std::uint8_t> masked;
    std::vector<std::uint32_t> source;  ///< cell of each pixel

    LineMaker(const CellColors& c, const std::array<QRgb, 257>& t, Index w, int g, QRgb gr, bool h)
        : colors(c),
          table(t),
          width(w),
          gap(g),
          ground(gr),
          hatched(h),
          line(static_cast<std::size_t>(w)),
          masked(static_cast<std::size_t>(h ? w : 0)),
          source(static_cast<std::size_t>(w)) {
        for (Index i = 0; i < colors.columns; ++i)
            std::fill(source.begin() + edge(i, colors.columns, width),
                      source.begin() + edge(i + 1, colors.columns, width), static_cast<std::uint32_t>(i));
    }
    /// Returns whether there is a masked cell.
    bool make(const std::uint16_t* row) {
        for (std::size_t x = 0; x < line.size(); ++x) line[x] = table[row[source[x]]];
        if (gap > 0)
            for (Index i = 1; i < colors.columns; ++i) {
                const Index right = edge(i, colors.columns, width);
                std::fill(line.begin() + std::max<Index>(0, right - gap), line.begin() + right, ground);
            }
        if (!hatched) return false;
        bool any = false;
        for (std::size_t x = 0; x < line.size(); ++x) {
            const bool here = row[source[x]] == CellColors::kMasked && line[x] != ground;
            masked[x] = here ? 1 : 0;
            any |= here;
        }
        return any;
    }
};

}  // namespace

CellColors rescaled(const CellColors& colors, double factor) {
    CellColors out = colors;
    for (std::uint16_t& index : out.index) {
        if (index == CellColors::kMasked) continue;
        const double wanted = static_cast<double>(index) * factor;
        index = static_cast<std::uint16_t>(std::lround(std::clamp(wanted, 0.0, 255.0)));
        if (wanted > 255.5) out.above = true;
    }
    return out;
}

QImage cellImage(const CellColors& colors, const ColorMap& map, const QSize& size, int gap, QRgb ground) {
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull()) return image;
    const Index width = size.width(), height = size.height();
    std::array<QRgb, 257> table{};
    std::copy(map.table().begin(), map.table().end(), table.begin());
    table[CellColors::kMasked] = map.masked();
    const bool hatched = colors.anyMasked && width >= colors.columns * static_cast<Index>(kMinHatchedCell) &&
                         height >= colors.rows * static_cast<Index>(kMinHatchedCell);
    LineMaker maker(colors, table, width, gap, ground, hatched);
    for (Index r = 0; r < colors.rows; ++r) {
        const bool anyMasked = maker.make(colors.index.data() + r * colors.columns);
        const Index top = edge(r, colors.rows, height), bottom = edge(r + 1, colors.rows, height);
        const Index inner = r + 1 < colors.rows ? std::max(top, bottom - gap) : bottom;
        for (Index y = top; y < bottom; ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
            if (y >= inner) {
                std::fill(line, line + width, ground);
                continue;
            }
            std::memcpy(line, maker.line.data(), static_cast<std::size_t>(width) * sizeof(QRgb));
            if (!anyMasked) continue;
            for (Index p = (kHatchPeriod - y % kHatchPeriod) % kHatchPeriod; p < width; p += kHatchPeriod)
                if (maker.masked[static_cast<std::size_t>(p)] != 0) line[p] = map.maskedHatch();
        }
    }
    return image;
}

void paintCells(QPainter& painter, const CellColors& colors, const ColorMap& map, const HeatMapLayout& layout,
                double scale) {
    const double w = layout.cells.width() / static_cast<double>(colors.columns);
    const double h = layout.cells.height() / static_cast<double>(colors.rows);
    const double gap = std::min(w, h) >= kGapFrom ? std::min(1.0, std::min(w, h) / 12) : 0;
    const QPaintEngine::Type engine = painter.paintEngine()->type();
    // Viewers of PDF blend the edges of neighbours and show the ground between them: each reaches under the
    // next.
    const double under = engine == QPaintEngine::Pdf && gap <= 0 ? std::min(0.35, 0.2 * std::min(w, h)) : 0;
    // Vectors are looked at closely: there, whole pixels would make small cells visibly unequal.
    const double grid = engine == QPaintEngine::Raster ? scale : std::min(w, h) >= 16 ? 1.0 : 20.0;
    const auto snap = [grid](double v) { return std::round(v * grid) / grid; };
    const auto rect = [&](Index r, Index c) {
        const double left = snap(layout.cells.left() + static_cast<double>(c) * w);
        const double top = snap(layout.cells.top() + static_cast<double>(r) * h);
        const double right = snap(layout.cells.left() + static_cast<double>(c + 1) * w);
        const double bottom = snap(layout.cells.top() + static_cast<double>(r + 1) * h);
        return QRectF(left, top, right - left - (c + 1 < colors.columns ? gap - under : 0),
                      bottom - top - (r + 1 < colors.rows ? gap - under : 0));
    };
    const auto color = [&](std::size_t i) {
        return QColor(i == CellColors::kMasked ? map.masked() : map.table()[i]);
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    if (under > 0) {
        for (Index r = 0; r < colors.rows; ++r)
            for (Index c = 0; c < colors.columns; ++c) {
                painter.setBrush(color(colors.index[static_cast<std::size_t>(r * colors.columns + c)]));
                const QRectF one = rect(r, c);
                painter.drawRects(&one, 1);
            }
        painter.restore();
        return;
    }
    // One group for each colour: an SVG writes all its attributes again whenever the brush changes.
    std::vector<std::vector<QRectF>> groups(257);
    for (Index r = 0; r < colors.rows; ++r)
        for (Index c = 0; c < colors.columns; ++c)
            groups[colors.index[static_cast<std::size_t>(r * colors.columns + c)]].push_back(rect(r, c));
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (groups[i].empty()) continue;
        painter.setBrush(color(i));
        painter.drawRects(groups[i].data(), static_cast<int>(groups[i].size()));
    }
    if (!groups[CellColors::kMasked].empty() && std::min(w, h) >= kMinHatchedCell) {
        std::vector<QLineF> hatch;
        hatch.reserve(groups[CellColors::kMasked].size());
        for (const QRectF& cell : groups[CellColors::kMasked])
            hatch.emplace_back(cell.bottomLeft(), cell.topRight());
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(QColor(map.maskedHatch()), 0.8, Qt::SolidLine, Qt::FlatCap));
        painter.drawLines(hatch.data(), static_cast<int>(hatch.size()));
    }
    painter.restore();
}

void paintNumbers(QPainter& painter, const HeatMapData& data, const CellColors& colors, const ColorMap& map,
                  const HeatMapLayout& layout, bool asStrings) {
    if (colors.reduced || data.tensor->rows() * data.tensor->cols() > kMaxNumbers) return;
    const double low = std::min(data.range.low, colors.lowest),
                 high = std::max(data.range.high, colors.highest);
    // The largest size that shows all decimals that say something, else the largest that shows any.
    std::optional<NumberFormat> format;
    double size = 0;
    constexpr double kTextPx = 12, kAir = 1.35,
                     kAirOfLarge = 4.5;  // height of a cell over that of its number
    for (const double px : {20.0, 18.0, 16.0, 14.0, kTextPx, 11.0, 10.0, 9.0}) {
        const double tried = std::max(7.0, px * layout.zoom);
        if (layout.cellHeight < tried * (px > kTextPx ? kAirOfLarge : kAir)) continue;
        const std::optional<NumberFormat> found = numberFormat(
            data.quantity, low, high, NumberBatch(textFont(tried)).fitting(layout.cellWidth - 4));
        if (!found || (format && found->decimals <= format->decimals)) continue;
        format = found;
        size = tried;
    }
    if (!format) return;
    NumberBatch batch(textFont(size));
    const QPointF half(layout.gap() / 2, layout.gap() / 2);
    for (Index r = 0; r < colors.rows; ++r)
        for (Index c = 0; c < colors.columns; ++c) {
            const auto i = colors.index[static_cast<std::size_t>(r * colors.columns + c)];
            if (i == CellColors::kMasked) continue;
            batch.add(static_cast<double>(data.value(r, c)), *format, layout.cellRect(r, c).center() - half,
                      map.darkTextOn(i));
        }
    batch.paint(painter, QColor(ColorMap::lightText()), QColor(ColorMap::darkText()), asStrings);
}

void paintFlags(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                const Palette& palette) {
    if (!data.flags) return;
    const double side = std::min({layout.cellWidth * 0.28, layout.cellHeight * 0.28, 9 * layout.zoom});
    const double ofEdited = std::max(side, kSmallestMark * layout.zoom);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(palette.card, 1));
    painter.setBrush(palette.edited);
    const std::vector<std::uint8_t>& flags = *data.flags;
    for (Index r = 0; r < data.rowCount(); ++r)
        for (Index c = 0; c < data.columnCount(); ++c) {
            const std::uint8_t flag = flags[static_cast<std::size_t>(r * data.columnCount() + c)];
            if ((flag & (kCellByHand | kCellEdited)) == 0) continue;
            const QRectF cell = layout.cellRect(r, c);
            const auto mark = [&](const QPointF& corner, double across, double down) {
                const std::array<QPointF, 3> triangle{corner, corner + QPointF(across, 0),
                                                      corner + QPointF(0, down)};
                painter.drawPolygon(triangle.data(), 3);
            };
            if ((flag & kCellByHand) != 0 && side >= 1)
                mark(cell.topRight() - QPointF(layout.gap(), 0), -side, side);
            if ((flag & kCellEdited) != 0) mark(cell.topLeft(), ofEdited, ofEdited);
        }
    painter.restore();
}

void paintCurrent(QPainter& painter, const HeatMapData& data, const HeatMapLayout& layout,
                  const Palette& palette, Index row, Index column) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    // Outside the cells, as far as there is room beside the neighbours: the numbers stay readable.
    const double side = std::min(layout.cellWidth, layout.cellHeight);
    const double pen = std::clamp(side / 10, 1.25, 2.5 * std::clamp(layout.zoom, 1.0, 1.6));
    const double halo = side >= 6 ? 1.5 : 0.75;
    const auto outline = [&](QRectF rect, const QColor& color, double radius) {
        // A row may be half a pixel high: its frame still has an inside.
        if (rect.height() < 2) rect.adjust(0, -1, 0, 1);
        if (rect.width() < 2) rect.adjust(-1, 0, 1, 0);
        const double out = pen / 2 + halo / 2;
        const QRectF frame = rect.adjusted(-out, -out, out - layout.gap(), out - layout.gap());
        painter.setPen(QPen(palette.card, pen + halo));
        painter.drawRoundedRect(frame, radius, radius);
        painter.setPen(QPen(color, pen));
        painter.drawRoundedRect(frame, radius, radius);
    };
    if (column >= 0 && column < data.columnCount()) {
        const QRectF cell = layout.cellRect(0, column);
        outline({cell.left(), layout.cells.top(), cell.width(), layout.cells.height()},
                palette.role(data.columnRole), 3);
    }
    if (row >= 0 && row < data.rowCount()) {
        const QRectF cell = layout.cellRect(row, 0);
        outline({layout.cells.left(), cell.top(), layout.cells.width(), cell.height()},
                palette.role(data.rowRole), 3);
    }
    painter.restore();
}

void paintHover(QPainter& painter, const HeatMapLayout& layout, const Palette& palette, const ColorMap& map,
                Index row, Index column) {
    painter.save();
    const QRectF cell = layout.cellRect(row, column);
    // Against what most cells look like: near zero.
    const int zero = map.id() == ColorMapId::Diverging ? 127 : 0;
    const QColor veil = withAlpha(QColor(map.textOn(zero)), map.darkTextOn(zero) ? 0.10 : 0.16);
    const QRectF& all = layout.cells;
    // The cell itself keeps its colour.
    painter.fillRect(QRectF(all.left(), cell.top(), cell.left() - all.left(), cell.height()), veil);
    painter.fillRect(QRectF(cell.right(), cell.top(), all.right() - cell.right(), cell.height()), veil);
    painter.fillRect(QRectF(cell.left(), all.top(), cell.width(), cell.top() - all.top()), veil);
    painter.fillRect(QRectF(cell.left(), cell.bottom(), cell.width(), all.bottom() - cell.bottom()), veil);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.card, 3));
    painter.drawRect(cell.adjusted(0, 0, -layout.gap(), -layout.gap()));
    painter.setPen(QPen(palette.text, 1.5));
    painter.drawRect(cell.adjusted(0, 0, -layout.gap(), -layout.gap()));
    painter.restore();
}

}  // namespace attn::ui
