#pragma once
/// What `export` is told, and its views that have a file of their own.

#include "app/input_options.h"
#include "app/token_options.h"
#include "ui/views/figure_request.h"

#include <cstdint>
#include <string>

namespace attn::app {

/// Everything that can be said about an export.
struct ExportOptions {
    InputOptions input;
    TokenOptions tokens;
    std::string view = "heatmap", tensor = "pattern", site, layer, head = "0", width, height, dpi = "96",
                theme = "light", colormap, logits, scales, dks, keys, samples, seed, threshold, most, against,
                query, key, off, order, color, weights, output;
    bool transparent = false, values = false, probe = false;
    CLI::Option *hasLayer = nullptr, *hasWidth = nullptr, *hasHeight = nullptr, *hasColormap = nullptr,
                *hasLogits = nullptr, *hasScales = nullptr, *hasDks = nullptr, *hasKeys = nullptr,
                *hasSamples = nullptr, *hasSeed = nullptr, *hasHead = nullptr, *hasThreshold = nullptr,
                *hasMost = nullptr, *hasAgainst = nullptr, *hasQuery = nullptr, *hasKey = nullptr,
                *hasOff = nullptr, *hasOrder = nullptr, *hasColor = nullptr, *hasWeights = nullptr,
                *hasTensor = nullptr, *hasSite = nullptr;
};

/// The places that an option may name: tokens, layers, heads.
inline constexpr std::int64_t kMaxPlace = 1'000'000;

[[nodiscard]] Result<void> readLayer(const ExportOptions& options, ui::FigureRequest& request);
/// How it is drawn: size, colours. `view`: the scene's own.
[[nodiscard]] Result<void> readLooks(const ExportOptions& options, const View& view,
                                     ui::FigureRequest& request);

/// What is shown: view, tensor, site, head.
[[nodiscard]] Result<void> readSubject(const ExportOptions& options, ui::FigureRequest& request);
/// The input's trace as its tokens are to be shown.
[[nodiscard]] Result<TracePtr> shownTrace(const ExportOptions& options, const Scene& scene);
/// What the request names; for want of a site the scene's, where the trace has it, else the first.
[[nodiscard]] Result<ui::ResolvedFigure> resolveFigure(const Trace& trace, const View& view,
                                                       ui::FigureRequest& request);
/// A token that is looked at, by its number in the text: where it is hidden the next one that is shown, or an
/// error where `option` named it (`typed`). An error too where all are hidden.
[[nodiscard]] Result<Index> shownPlace(const char* option, const Trace& shown, const SiteInfo& site,
                                       Axis axis, Index token, bool typed);

/// saturation, scaling: they need no trace, and have no tensors.
[[nodiscard]] Result<void> exportExperiment(const ExportOptions& options);
/// neurons, geometry: one head's queries and keys.
[[nodiscard]] Result<void> exportVectors(const ExportOptions& options);
/// compare: the input against another scene, or what the input has pinned against the input.
[[nodiscard]] Result<void> exportComparison(const ExportOptions& options);

}  // namespace attn::app
