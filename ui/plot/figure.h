#pragma once
/// Figures for taking away: PNG, SVG and PDF from plain data, independent of any window.

#include "core/base/error.h"
#include "ui/plot/curve_plot_data.h"
#include "ui/plot/heat_map_data.h"
#include "ui/plot/links_data.h"
#include "ui/plot/painted_panel.h"

#include <QImage>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

class QMimeData;

namespace attn::ui {

struct FigureSheet;  // plot/figure_sheet.h

/// One plot on a page of several: with axes, colour bar and title of its own.
struct FigurePanel {
    QString title;
    std::variant<CurvePlotData, HeatMapData, LinksData, std::shared_ptr<const PaintedPanel>> content;
    int span = 1;  ///< columns of the page that it takes
    double heightPx =
        250;  ///< of curves and maps, where nobody asks for another size; the others know theirs
};

/// One heat map, or several on a contact sheet that share one range, one colour bar and one set of labels; or
/// a page of panels.
struct FigureSpec {
    QString title;
    QString caption;                ///< formula and parameters, below the title
    std::vector<HeatMapData> maps;  ///< more than one: a contact sheet; each map's own title stands above it
    std::vector<FigurePanel> panels;  ///< not empty: a page of these, and maps are not looked at
    int panelColumns = 2;
    std::shared_ptr<const FigureSheet> sheet;  ///< if there is one, it is drawn instead
    HeatMapStyle style;
    Theme theme = Theme::Light;
    bool transparent = false;   ///< no ground behind the figure
    int width = 0, height = 0;  ///< pixels at 96 dpi; 0: from the content (one of them 0: that one)
    int dpi = 96;               ///< a raster has width·dpi/96 × height·dpi/96 pixels
};

enum class FigureFormat : std::uint8_t { Png, Svg, Pdf };

/// By the file name's ending, whatever its case.
[[nodiscard]] std::optional<FigureFormat> figureFormat(const std::filesystem::path& path);

inline constexpr int kMinFigurePx = 64, kMaxFigurePx = 16384;
inline constexpr int kMinDpi = 24, kMaxDpi = 1200;
/// Pixels of a raster, so that a size and a dpi that are each allowed cannot take all memory together.
inline constexpr qint64 kMaxRasterPixels = qint64{128} << 20;

/// The size in pixels at 96 dpi that the figure will have: what was asked for, else what the content needs.
[[nodiscard]] QSize figureSize(const FigureSpec& spec);

/// The file's bytes. Up to 128 rows and columns cells are vectors in SVG and PDF, beyond that a lossless
/// image; text is always text. Errors: a size or dpi out of range, nothing to show.
[[nodiscard]] Result<QByteArray> renderFigure(const FigureSpec& spec, FigureFormat format);
/// Renders and writes the whole file or nothing.
[[nodiscard]] Result<void> writeFigure(const FigureSpec& spec, const std::filesystem::path& path);

/// For the clipboard.
[[nodiscard]] Result<QImage> figureImage(const FigureSpec& spec);
/// Image and SVG together: a drawing program takes the vectors, everything else the picture.
[[nodiscard]] Result<std::unique_ptr<QMimeData>> figureMimeData(const FigureSpec& spec);

}  // namespace attn::ui
