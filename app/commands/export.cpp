#include "app/commands/commands.h"
#include "app/commands/export_analysis.h"
#include "app/commands/export_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "core/analysis/shown_row.h"
#include "ui/views/links_page.h"
#include "ui/views/tokens_note.h"
#include "ui/views/weights_figure.h"

#include <memory>
#include <optional>
#include <utility>

namespace attn::app {
namespace {

using ui::FigureRequest;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxHeads = 1024;
constexpr const char* kViews =
    "heatmap, heads, links, arcs, neurons, geometry, flow, compare, saturation, scaling";

using Options = ExportOptions;

tl::unexpected<Error> noneOf(const char* option, const std::string& value, const char* choices) {
    return fail(tr("%1: '%2' is none of %3"), {option, value, choices});
}

}  // namespace

Result<void> readLayer(const Options& options, FigureRequest& request) {
    if (options.hasLayer->count() == 0) return {};
    const Result<std::int64_t> layer = parseInteger("--layer", options.layer, 0, kMaxPlace);
    if (!layer) return tl::unexpected(layer.error());
    request.layer = *layer;
    return {};
}

Result<void> readLooks(const Options& options, const View& view, FigureRequest& request) {
    const auto size = [](const char* name, const CLI::Option* given, const std::string& text, int least,
                         int most, int& value) -> Result<void> {
        if (given != nullptr && given->count() == 0) return {};
        const Result<std::int64_t> number = parseInteger(name, text, least, most);
        if (!number) return tl::unexpected(number.error());
        value = static_cast<int>(*number);
        return {};
    };
    using ui::kMaxFigurePx, ui::kMinFigurePx;
    if (auto read =
            size("--width", options.hasWidth, options.width, kMinFigurePx, kMaxFigurePx, request.width);
        !read) {
        return read;
    }
    if (auto read =
            size("--height", options.hasHeight, options.height, kMinFigurePx, kMaxFigurePx, request.height);
        !read) {
        return read;
    }
    if (auto read = size("--dpi", nullptr, options.dpi, ui::kMinDpi, ui::kMaxDpi, request.dpi); !read)
        return read;
    if (options.theme != "light" && options.theme != "dark")
        return noneOf("--theme", options.theme, "light, dark");
    request.theme = options.theme == "dark" ? ui::Theme::Dark : ui::Theme::Light;
    request.transparent = options.transparent;
    request.values = options.values;
    request.range = view.range;
    const bool chosen = options.hasColormap->count() > 0;
    const std::optional<ui::ColorMapId> map =
        ui::colorMapFromString(chosen ? options.colormap : view.colormap);
    if (!map && chosen)
        return noneOf("--colormap", options.colormap, "viridis, cividis, magma, blues, greys");
    request.colormap = map.value_or(ui::ColorMapId::Viridis);
    return {};
}

Result<TracePtr> shownTrace(const Options& options, const Scene& scene) {
    const Result<TokensView> tokens = options.tokens.view(scene);
    if (!tokens) return tl::unexpected(tokens.error());
    return shownTrace(options.input, scene, *tokens);
}

Result<ui::ResolvedFigure> resolveFigure(const Trace& trace, const View& view, FigureRequest& request) {
    if (request.site.empty() && !request.layer && trace.site(view.site) != nullptr) request.site = view.site;
    return ui::resolveFigure(trace, request);
}

Result<Index> shownPlace(const char* option, const Trace& shown, const SiteInfo& site, Axis axis, Index token,
                         bool typed) {
    const TensorKey scores{site.name, TensorName::Scores};
    const Index nearest = nearestShownToken(shown, scores, axis, token);
    if (nearest < 0) return fail(tr("there is nothing to draw: all tokens are hidden"));
    if (typed && nearest != token) return fail(tr("%1: token %2 is hidden"), {option, std::to_string(token)});
    return nearest;
}

Result<void> readSubject(const Options& options, FigureRequest& request) {
    if (options.view != "compare") {
        const std::optional<ui::FigureView> view = ui::figureViewFromString(options.view);
        if (!view) return noneOf("--view", options.view, kViews);
        request.view = *view;
    }
    request.tensor = options.tensor;
    request.site = options.site;
    if (Result<void> read = readLayer(options, request); !read) return read;
    if (options.head == "all") {
        request.head = ui::kAllHeads;
        return {};
    }
    const Result<std::int64_t> head = parseInteger("--head", options.head, 0, kMaxPlace);
    if (!head) return tl::unexpected(head.error());
    request.head = *head;
    return {};
}

namespace {

bool isExperiment(const Options& options) {
    return options.view == "saturation" || options.view == "scaling";
}

bool isVectors(const Options& options) {
    return options.view == "neurons" || options.view == "geometry";
}

/// What is worked out from several tensors.
bool isAnalysis(const Options& options) {
    return options.view == "flow" || (options.hasWeights->count() > 0 && options.view == "heatmap");
}

bool isLinks(const Options& options) {
    return options.view == "links" || options.view == "arcs";
}

/// The scene's own settings, with what the command line says instead. `heads`: of the site.
Result<LinksView> linksView(const Options& options, const LinksView& scene, const SiteInfo& site) {
    LinksView view = scene;
    if (options.view == "arcs") {
        view.arrangement = "arcs";
    } else if (view.arrangement == "arcs") {
        view.arrangement = "columns";
    }
    if (options.hasHead->count() > 0) {
        view.heads.clear();
        if (options.head == "all") {
            for (Index head = 0; head < site.heads; ++head) view.heads.push_back(head);
        } else {
            auto heads = parseIntegers("--head", options.head, 0, site.heads - 1, kMaxHeads);
            if (!heads) return tl::unexpected(heads.error());
            view.heads = *std::move(heads);
        }
    }
    if (options.hasThreshold->count() > 0) {
        const auto threshold = parseReals("--threshold", options.threshold, 1);
        if (!threshold) return tl::unexpected(threshold.error());
        view.threshold = threshold->front();
        if (view.threshold < 0 || view.threshold > 1)
            return fail(tr("%1: %2 is outside %3 … %4"), {"--threshold", options.threshold, "0", "1"});
    }
    if (options.hasMost->count() > 0) {
        const auto most = parseInteger("--most", options.most, 1, LinksView::kMostLines);
        if (!most) return tl::unexpected(most.error());
        view.most = *most;
    }
    return view;
}

Result<void> exportLinks(const Options& options) {
    FigureRequest request;
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    request.site = options.site;
    if (Result<void> read = readLayer(options, request); !read) return read;
    const Result<TracePtr> trace = shownTrace(options, *scene);
    if (!trace) return tl::unexpected(trace.error());
    const auto figure = resolveFigure(**trace, scene->view, request);
    if (!figure) return tl::unexpected(figure.error());
    const auto links = linksView(options, scene->view.links, *figure->site);
    if (!links) return tl::unexpected(links.error());
    View view = scene->view;
    view.links = *links;
    if (options.hasWeights->count() > 0) {
        const Result<WeightKind> kind = readWeights(options.weights);
        if (!kind) return tl::unexpected(kind.error());
        if (*kind == WeightKind::Flow)
            return fail(tr("--weights %1 is that of one query: it goes without --view"), {options.weights});
        view.heads.weights = options.weights;
    }
    TensorPtr weights = figure->tensor, all;
    if (ui::linksKind(view) != WeightKind::Pattern) {
        const auto studied = studyWeights(asComputed(*trace), figure->site->name, ui::linksKind(view),
                                          ui::linksHeads(*figure->site, view.links, view.head), 0);
        if (!studied) return tl::unexpected(studied.error());
        all = *studied;
        weights = ui::weightsShown(all, **trace, figure->site->name);
    } else if (const EntryPtr everything = ui::hiddenWeights(**trace, figure->key)) {
        all = everything->get();
    }
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(options.output)) qt.emplace();
    const ui::LinksPage page(**trace, *figure->site, weights, view, view.head, all);
    return page.source().write(request, options.output);
}

Result<void> exportAnalysis(const Options& options) {
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    FigureRequest request;
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    const std::optional<std::string> query =
        options.hasQuery->count() > 0 ? std::optional(options.query) : std::nullopt;
    if (options.hasWeights->count() > 0) {
        if (Result<void> read = readSubject(options, request); !read) return read;
        const Result<TracePtr> trace = shownTrace(options, *scene);
        if (!trace) return tl::unexpected(trace.error());
        return exportWeights(*scene, *trace, std::move(request), options.weights, query, options.output);
    }
    request.site = options.site;
    if (Result<void> read = readLayer(options, request); !read) return read;
    const Result<TracePtr> trace = shownTrace(options, *scene);
    if (!trace) return tl::unexpected(trace.error());
    return exportTokenFlow(*scene, *trace, std::move(request), query, options.output);
}

/// Not every view is of one tensor, one head or one site.
Result<void> checkPlaceFitsView(const Options& options) {
    const bool weights = options.hasWeights->count() > 0;
    if (options.hasTensor->count() > 0 &&
        (weights || (options.view != "heatmap" && options.view != "heads" && options.view != "compare")))
        return fail(tr("%1 goes with %2"), {"--tensor", "--view heatmap, heads or compare"});
    if (options.hasHead->count() > 0 && (isExperiment(options) || options.view == "flow"))
        return fail(tr("--view %1 is not that of one head"), {options.view});
    if (isExperiment(options) && (options.hasSite->count() > 0 || options.hasLayer->count() > 0))
        return fail(tr("--view %1 is not that of one site"), {options.view});
    if (options.hasQuery->count() > 0 && weights && options.weights != "flow")
        return fail(tr("%1 goes with %2"), {"--query", "--weights flow"});
    const bool part =
        options.hasTensor->count() > 0 || options.hasSite->count() > 0 || options.hasLayer->count() > 0;
    if (options.probe && part) return fail(tr("--probe measures the heads of the whole model"));
    return {};
}

/// What belongs to one view says nothing to another.
Result<void> checkOptionsFitView(const Options& options) {
    const std::pair<const CLI::Option*, const char*> owned[] = {
        {options.hasLogits, "saturation"}, {options.hasScales, "saturation"}, {options.hasDks, "scaling"},
        {options.hasAgainst, "compare"},   {options.hasKeys, "scaling"},      {options.hasSamples, "scaling"},
        {options.hasSeed, "scaling"},      {options.hasOff, "neurons"},       {options.hasOrder, "neurons"},
        {options.hasColor, "geometry"}};
    for (const auto& [option, view] : owned) {
        if (option->count() > 0 && options.view != view)
            return fail(tr("%1 goes with %2"), {option->get_name(), std::string("--view ") + view});
    }
    if (options.hasWeights->count() > 0 && options.view != "heatmap" && !isLinks(options))
        return fail(tr("%1 goes with %2"), {"--weights", "--view heatmap, links or arcs"});
    if (options.tokens.any() && options.hasWeights->count() > 0 && options.weights == "flow")
        return fail(tr("--weights %1 has no tokens to hide or merge"), {options.weights});
    if (options.tokens.any() && isExperiment(options))
        return fail(tr("--view %1 has no tokens to hide or merge"), {options.view});
    for (const CLI::Option* option : {options.hasThreshold, options.hasMost}) {
        if (option->count() > 0 && !isLinks(options))
            return fail(tr("%1 goes with %2"), {option->get_name(), "--view links"});
    }
    if (options.hasQuery->count() > 0 && !isVectors(options) && !isAnalysis(options))
        return fail(tr("%1 goes with %2"),
                    {"--query", "--view neurons, geometry or flow, or with --weights"});
    if (options.hasKey->count() > 0 && !isVectors(options))
        return fail(tr("%1 goes with %2"), {"--key", "--view neurons or --view geometry"});
    if (options.probe && options.view != "heads")
        return fail(tr("%1 goes with %2"), {"--probe", "--view heads"});
    return checkPlaceFitsView(options);
}

/// All heads of several layers have a sheet of their own, and their measures as data.
bool isWholeModel(const Options& options, const Trace& trace) {
    return options.view == "heads" && options.tensor == "pattern" && options.site.empty() &&
           options.hasLayer->count() == 0 && (options.probe || trace.sites().size() > 1);
}

Result<void> exportTo(const Options& options) {
    if (Result<void> fit = checkOptionsFitView(options); !fit) return fit;
    if (isExperiment(options)) return exportExperiment(options);
    if (isLinks(options)) return exportLinks(options);
    if (isVectors(options)) return exportVectors(options);
    if (isAnalysis(options)) return exportAnalysis(options);
    if (options.view == "compare") return exportComparison(options);
    const bool figure = ui::figureFormat(options.output).has_value();
    if (!figure && !ui::dataFormat(options.output)) {
        return fail(tr("%1: the name must end in .png, .svg, .pdf, .csv, .json or .npy"), {options.output});
    }
    FigureRequest request;
    if (Result<void> read = readSubject(options, request); !read) return read;
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    const Result<TracePtr> trace = shownTrace(options, *scene);
    if (!trace) return tl::unexpected(trace.error());
    std::optional<OffscreenQt> qt;
    if (figure) qt.emplace();
    if (isWholeModel(options, **trace))
        return exportHeads(*scene, *trace, request, options.probe, options.output);
    return ui::exportFile(**trace, request, options.output);
}

}  // namespace

void addExport(CLI::App& app, Run& run) {
    CLI::App* const command =
        app.add_subcommand("export", "A figure (PNG, SVG, PDF) or its data (CSV, JSON, NPY)");
    const auto options = std::make_shared<Options>();
    options->input.addTo(*command);
    const auto add = [&](const char* name, std::string& value, const char* type, const char* text) {
        return command->add_option(name, value, text)->type_name(type);
    };
    add("--view", options->view, "VIEW",
        "heatmap (default); heads: all of them on one sheet, without --layer those of all layers (CSV and "
        "JSON: their measures); links or arcs: lines between tokens; neurons: a query's scores term by term; "
        "geometry: queries and keys in a plane; flow: one token's way through the layers; compare: with "
        "what the scene has pinned, or with another scene; saturation or scaling: the page of the "
        "experiment");
    options->hasTensor =
        add("--tensor", options->tensor, "NAME", "Which tensor: pattern (default), scores, q, embed, …");
    options->hasSite = add("--site", options->site, "SITE", "Where: blocks.0, …; the first by default");
    options->hasLayer =
        add("--layer", options->layer, "N", "The n-th site, counted from 0")->excludes(options->hasSite);
    options->hasHead = add("--head", options->head, "N|all",
                           "Which head, counted from 0 (default: 0); several with --view links: 0,3,5");
    options->hasThreshold =
        add("--threshold", options->threshold, "X", "With --view links: weaker links are not drawn");
    options->hasMost = add("--most", options->most, "N", "With --view links: the strongest N (1 to 400)");
    options->hasQuery = add("--query", options->query, "N",
                            "With --view neurons, geometry or flow: which query, counted from 0; else the "
                            "scene's, or the last one that is no special token");
    options->hasKey = add("--key", options->key, "N", "With --view neurons or geometry: which key, likewise");
    options->hasOff =
        add("--off", options->off, "D,E,…", "With --view neurons: dimensions that contribute nothing");
    options->hasOrder =
        add("--order", options->order, "ORDER",
            "With --view neurons: dimension (as they stand) or contribution (the largest first)");
    options->hasColor = add("--color", options->color, "WHAT",
                            "With --view geometry: colours say the role, the position or the length");
    options->hasWeights =
        add("--weights", options->weights, "KIND",
            "With --view heatmap, links or arcs, instead of the heads' weights: value_norms, "
            "layer_value_norms, mean_of_heads, mean_of_all, rollout; heatmap: flow (of "
            "--query)");
    command->add_flag("--probe", options->probe, "With --view heads: measures on repeated random tokens too");
    options->hasWidth =
        add("--width", options->width, "PX", "Pixels at 96 dpi; by default as the content needs");
    options->hasHeight =
        add("--height", options->height, "PX", "Pixels at 96 dpi; by default as the content needs");
    options->hasAgainst =
        add("--against", options->against, "FILE",
            "With --view compare: the scene that is B, and the input is A; without it A is what "
            "the input has pinned");
    options->hasLogits =
        add("--logits", options->logits, "A,B,…", "With --view saturation: instead of the scene's");
    options->hasScales = add("--scales", options->scales, "X,Y,…",
                             "With --view saturation: the rows of the table (CSV, JSON)");
    options->hasDks = add("--dk", options->dks, "N,M,…",
                          "With --view scaling: the rows of the table; a figure looks closely at the last");
    options->hasKeys = add("--keys", options->keys, "N", "With --view scaling: keys of each query");
    options->hasSamples = add("--samples", options->samples, "N", "With --view scaling: queries");
    options->hasSeed = add("--seed", options->seed, "N", "With --view scaling: instead of the scene's");
    add("--dpi", options->dpi, "N", "Multiplies a raster: 192 gives twice the pixels (default: 96)");
    command->add_flag("--transparent", options->transparent, "No ground behind the figure");
    add("--theme", options->theme, "THEME", "light (default) or dark");
    options->hasColormap =
        add("--colormap", options->colormap, "NAME", "viridis (default), cividis, magma, blues or greys");
    options->tokens.addTo(*command);
    command->add_flag("--values", options->values, "Numbers inside cells where there is room");
    command->add_option("-o,--output", options->output, "Where to: .png, .svg, .pdf, .csv, .json or .npy")
        ->type_name("FILE")
        ->required();
    command->callback([options, &run] { run = [options] { return exportTo(*options); }; });
}

}  // namespace attn::app
