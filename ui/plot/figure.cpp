#include "ui/plot/figure.h"

#include "core/io/file.h"
#include "ui/plot/figure_layout.h"
#include "ui/plot/figure_sheet.h"
#include "ui/plot/heat_map_painter.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr Index kMaxVectorCells = 128;  // along one side

struct FigureText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::FigureText)
};

enum class Device : std::uint8_t { Raster, Vector };

void paintMap(QPainter& painter, const FigureSpec& spec, const HeatMapData& map, const HeatMapLayout& layout,
              const CellColors& colors, Device device, double scale) {
    const Palette& palette = ui::palette(spec.theme);
    const ColorMap& colorMap = spec.style.colorMap(map.quantity, spec.theme);
    if (!colors.reduced && std::max(colors.rows, colors.columns) <= kMaxVectorCells) {
        paintCells(painter, colors, colorMap, layout, scale);
    } else {
        // Several pixels for each cell, so that no viewer blurs its way from one to the next.
        const auto pixels = [&](double length, Index cells) {
            const Index wanted =
                device == Device::Raster ? static_cast<Index>(std::lround(length * scale)) : 2048;
            return static_cast<int>(device == Device::Raster ? wanted
                                                             : cells * std::max<Index>(1, wanted / cells));
        };
        const QSize size(pixels(layout.cells.width(), colors.columns),
                         pixels(layout.cells.height(), colors.rows));
        const QImage image = cellImage(colors, colorMap, size.expandedTo(QSize(1, 1)), 0, palette.card.rgb());
        painter.save();
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter.setRenderHint(QPainter::LosslessImageRendering, true);
        painter.drawImage(layout.cells, image);
        painter.restore();
    }
    if (spec.style.values) paintNumbers(painter, map, colors, colorMap, layout, device == Device::Vector);
    paintFlags(painter, map, layout, palette);
    paintLabels(painter, map, layout, palette, -1, -1);
}

CellColors colorsFor(const HeatMapData& map, const HeatMapLayout& layout, Device device, double scale) {
    const double finest = device == Device::Vector ? 1e6 : scale;
    return cellColors(map, static_cast<Index>(std::max(1.0, std::round(layout.cells.height() * finest))),
                      static_cast<Index>(std::max(1.0, std::round(layout.cells.width() * finest))));
}

void paintFigure(QPainter& painter, const FigureSpec& spec, const FigureLayout& figure, Device device,
                 double scale) {
    const Palette& palette = ui::palette(spec.theme);
    if (!spec.transparent) painter.fillRect(QRectF(QPointF(), QSizeF(figure.size)), palette.card);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
    for (const FigureLayout::Line& line : figure.lines) {
        painter.setFont(line.font);
        painter.setPen(line.muted ? palette.muted : palette.text);
        painter.drawText(line.at, line.text);
    }
    if (spec.sheet) {
        paintFigureSheet(painter, spec, figure.sheet, device == Device::Vector, scale);
        return;
    }
    if (!spec.panels.empty()) {
        const auto paintWithLegend = [&](const HeatMapData& map, const HeatMapLayout& layout) {
            const CellColors colors = colorsFor(map, layout, device, scale);
            paintMap(painter, spec, map, layout, colors, device, scale);
            paintLegend(painter, map, colors, spec.style.colorMap(map.quantity, spec.theme), layout, palette,
                        FigureText::tr("masked"));
        };
        paintPanels(painter, spec, figure.panels, device == Device::Vector, paintWithLegend);
        return;
    }
    CellColors all;
    for (std::size_t i = 0; i < spec.maps.size(); ++i) {
        const CellColors colors = colorsFor(spec.maps[i], figure.maps[i], device, scale);
        paintMap(painter, spec, spec.maps[i], figure.maps[i], colors, device, scale);
        all.anyMasked |= colors.anyMasked;
        all.above |= colors.above;
        all.below |= colors.below;
    }
    const HeatMapData& first = spec.maps.front();
    paintLegend(painter, first, all, spec.style.colorMap(first.quantity, spec.theme), figure.legend, palette,
                FigureText::tr("masked"));
}

bool isEmpty(const FigureSpec& spec) {
    if (spec.sheet) return spec.sheet->pictures.empty();
    if (!spec.panels.empty()) {
        return std::any_of(spec.panels.begin(), spec.panels.end(),
                           [](const FigurePanel& panel) { return ui::isEmpty(panel); });
    }
    return spec.maps.empty() || std::any_of(spec.maps.begin(), spec.maps.end(),
                                            [](const HeatMapData& map) { return map.isEmpty(); });
}

Result<void> check(const FigureSpec& spec, const QSize& size) {
    if (isEmpty(spec)) return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
    if (spec.dpi < kMinDpi || spec.dpi > kMaxDpi)
        return fail(translatable("core", "dpi %1 is not between %2 and %3"),
                    {std::to_string(spec.dpi), std::to_string(kMinDpi), std::to_string(kMaxDpi)});
    for (const int length : {size.width(), size.height(), spec.width < 0 ? -1 : size.width(),
                             spec.height < 0 ? -1 : size.height()})
        if (length < kMinFigurePx || length > kMaxFigurePx)
            return fail(translatable("core", "a figure of %1 × %2 pixels: both must lie between %3 and %4"),
                        {std::to_string(size.width()), std::to_string(size.height()),
                         std::to_string(kMinFigurePx), std::to_string(kMaxFigurePx)});
    return {};
}

Result<QImage> rasterOf(const FigureSpec& spec, const QSize& size) {
    const double scale = spec.dpi / 96.0;
    const QSize pixels((QSizeF(size) * scale).toSize());
    if (qint64{pixels.width()} * pixels.height() > kMaxRasterPixels)
        return fail(
            translatable("core", "a picture of %1 × %2 pixels is too large: choose a smaller size or dpi"),
            {std::to_string(pixels.width()), std::to_string(pixels.height())});
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return fail(translatable("core", "not enough memory for a picture of %1 × %2 pixels"),
                    {std::to_string(pixels.width()), std::to_string(pixels.height())});
    image.fill(Qt::transparent);
    const int perMeter = static_cast<int>(std::lround(spec.dpi / 0.0254));
    QPainter painter(&image);
    painter.scale(scale, scale);
    paintFigure(painter, spec, layOutFigure(spec, size), Device::Raster, scale);
    painter.end();
    image.setDotsPerMeterX(perMeter);
    image.setDotsPerMeterY(perMeter);
    return image;
}

/// QSvgGenerator repeats the font in every group, though every text has its own; and it knows one family
/// alone: a viewer without Inter shall fall back to another sans serif, and Chinese to its own forms.
QByteArray tidied(const QByteArray& svg, const QSize& size, bool dense) {
    QByteArray tidy;
    tidy.reserve(svg.size());
    for (const QByteArray& line : svg.split('\n'))
        if (!line.startsWith("font-family=")) tidy.append(line).append('\n');
    // Millimetres of broken pixels would leave a dark line where a viewer rounds up.
    const qsizetype box = tidy.indexOf("<svg width="), end = tidy.indexOf(" viewBox=", box);
    if (box >= 0 && end > box)
        tidy.replace(box, end - box,
                     "<svg width=\"" + QByteArray::number(size.width()) + "\" height=\"" +
                         QByteArray::number(size.height()) + "\"\n");
    tidy.replace("font-family=\"Inter\"",
                 "font-family=\"Inter, 'Noto Sans CJK SC', 'Helvetica Neue', Arial, sans-serif\"");
    // Cells without gaps between them: edges that are blended would show as a grid.
    if (dense)
        tidy.replace("<g fill=\"none\" stroke=\"black\"",
                     "<g shape-rendering=\"crispEdges\" fill=\"none\" stroke=\"black\"");
    return tidy;
}

QByteArray svgOf(const FigureSpec& spec, const QSize& size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);  // else 72, and everything is a third too large
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    // QSvgGenerator writes both as they are.
    generator.setTitle(visibleText(spec.title).toHtmlEscaped());
    generator.setDescription(visibleText(spec.caption).toHtmlEscaped());
    QPainter painter(&generator);
    const FigureLayout figure = layOutFigure(spec, size);
    paintFigure(painter, spec, figure, Device::Vector, 1.0);
    painter.end();
    buffer.close();
    // Curves want smooth edges, whatever cells stand beside them.
    const bool dense =
        spec.sheet ? true
                   : spec.panels.empty() &&
                         std::min(figure.maps.front().cellWidth, figure.maps.front().cellHeight) < kGapFrom;
    return tidied(bytes, size, dense);
}

QByteArray pdfOf(const FigureSpec& spec, const QSize& size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(960);
    writer.setTitle(visibleText(spec.title));
    writer.setCreator(QStringLiteral("Attention Lab"));
    writer.setPageSize(QPageSize(QSizeF(size) * 0.75, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter(&writer);
    painter.scale(10, 10);
    paintFigure(painter, spec, layOutFigure(spec, size), Device::Vector, 1.0);
    painter.end();
    buffer.close();
    return bytes;
}

}  // namespace

std::optional<FigureFormat> figureFormat(const std::filesystem::path& path) {
    const QString ending = QString::fromStdString(path.extension().string()).toLower();
    if (ending == QStringLiteral(".png")) return FigureFormat::Png;
    if (ending == QStringLiteral(".svg")) return FigureFormat::Svg;
    if (ending == QStringLiteral(".pdf")) return FigureFormat::Pdf;
    return std::nullopt;
}

Result<QByteArray> renderFigure(const FigureSpec& spec, FigureFormat format) {
    const QSize size = figureSize(spec);
    if (Result<void> ok = check(spec, size); !ok) return tl::unexpected(ok.error());
    if (format == FigureFormat::Svg) return svgOf(spec, size);
    if (format == FigureFormat::Pdf) return pdfOf(spec, size);
    const Result<QImage> image = rasterOf(spec, size);
    if (!image) return tl::unexpected(image.error());
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    const QImage opaque = spec.transparent ? *image : image->convertToFormat(QImage::Format_RGB32);
    if (!opaque.save(&buffer, "PNG"))
        return fail(translatable("core", "the picture could not be encoded as PNG"));
    return bytes;
}

Result<void> writeFigure(const FigureSpec& spec, const std::filesystem::path& path) {
    const std::optional<FigureFormat> format = figureFormat(path);
    if (!format)
        return fail(translatable("core", "%1: a figure's name ends in .png, .svg or .pdf"), {path.string()});
    const Result<QByteArray> bytes = renderFigure(spec, *format);
    if (!bytes) return tl::unexpected(bytes.error());
    return writeFile(path, {bytes->constData(), static_cast<std::size_t>(bytes->size())});
}

Result<QImage> figureImage(const FigureSpec& spec) {
    const QSize size = figureSize(spec);
    if (Result<void> ok = check(spec, size); !ok) return tl::unexpected(ok.error());
    return rasterOf(spec, size);
}

Result<std::unique_ptr<QMimeData>> figureMimeData(const FigureSpec& spec) {
    const Result<QImage> image = figureImage(spec);
    if (!image) return tl::unexpected(image.error());
    auto data = std::make_unique<QMimeData>();
    data->setImageData(*image);
    data->setData(QStringLiteral("image/svg+xml"), svgOf(spec, figureSize(spec)));
    return data;
}

}  // namespace attn::ui
