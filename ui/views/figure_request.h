#pragma once
/// A trace and a wish (which tensor, how large, in which colours) -> a figure or its data. The export dialog,
/// the plots' context menus and `attention-lab export` all go through it, so the same scene gives the same
/// file.

#include "core/base/error.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/plot/figure.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace attn::ui {

enum class FigureView : std::uint8_t {
    HeatMap,  ///< one matrix, or with `head` = kAllHeads a contact sheet
    Heads,    ///< the contact sheet of all heads, whatever `head` says
};
/// "heatmap", "heads"
[[nodiscard]] const char* toString(FigureView view);
[[nodiscard]] std::optional<FigureView> figureViewFromString(std::string_view name);

inline constexpr Index kAllHeads = -1;

struct FigureRequest {
    FigureView view = FigureView::HeatMap;
    std::string tensor =
        "pattern";               ///< a name of the site ("q"), of the whole model ("embed"), or a full name
    std::string site;            ///< empty: the first
    std::optional<Index> layer;  ///< instead of a site: the n-th one, counted from 0
    Index head = 0;              ///< kAllHeads: all of them
    int width = 0, height = 0;   ///< pixels at 96 dpi; 0: from the content
    int dpi = 96;
    bool transparent = false;
    Theme theme = Theme::Light;
    ColorMapId colormap = ColorMapId::Viridis;
    bool values = false;  ///< numbers inside cells where there is room
    RangeMode range = RangeMode::Shared;
};

/// "d_k = 8 · mask = causal": the parameters at a site that are not at their default and take part.
[[nodiscard]] QString parameterText(const Trace& trace, const SiteInfo& site);

/// A request whose names were looked up in a trace.
struct ResolvedFigure {
    const SiteInfo* site = nullptr;  ///< whose parameters the caption names
    TensorKey key;
    TensorPtr tensor;
    Index head = 0;  ///< kAllHeads: a contact sheet; a tensor without heads has head 0
};

/// Works a recipe out if need be. Errors name what there is not: the site, the tensor, the head, the layer.
[[nodiscard]] Result<ResolvedFigure> resolveFigure(const Trace& trace, const FigureRequest& request);

/// Title: tensor, head and site. Caption: the formula, and the parameters that are not at their default.
[[nodiscard]] Result<FigureSpec> makeFigure(const Trace& trace, const FigureRequest& request);

enum class DataFormat : std::uint8_t { Csv, Json, Npy };
/// By the file name's ending, whatever its case.
[[nodiscard]] std::optional<DataFormat> dataFormat(const std::filesystem::path& path);

/// The numbers themselves. Of all heads: in NPY heads × rows × columns, in CSV and JSON the heads' rows one
/// below another, labelled "head 2: it".
[[nodiscard]] Result<std::string> makeData(const Trace& trace, const FigureRequest& request,
                                           DataFormat format);

/// Writes a figure (png, svg, pdf) or data (csv, json, npy), by the ending of `path`; the whole file or
/// nothing.
[[nodiscard]] Result<void> exportFile(const Trace& trace, const FigureRequest& request,
                                      const std::filesystem::path& path);

}  // namespace attn::ui
