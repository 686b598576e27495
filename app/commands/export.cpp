#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "ui/views/figure_request.h"

#include <memory>
#include <optional>

namespace attn::app {
namespace {

using ui::FigureRequest;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMaxPlace = 1'000'000;

struct Options {
    InputOptions input;
    std::string view = "heatmap", tensor = "pattern", site, layer, head = "0", width, height, dpi = "96",
                theme = "light", colormap, output;
    bool transparent = false, values = false;
    CLI::Option *hasLayer = nullptr, *hasWidth = nullptr, *hasHeight = nullptr, *hasColormap = nullptr;
};

tl::unexpected<Error> noneOf(const char* option, const std::string& value, const char* choices) {
    return fail(tr("%1: '%2' is none of %3"), {option, value, choices});
}

/// What is shown: view, tensor, site, head.
Result<void> readSubject(const Options& options, FigureRequest& request) {
    const std::optional<ui::FigureView> view = ui::figureViewFromString(options.view);
    if (!view) return noneOf("--view", options.view, "heatmap, heads");
    request.view = *view;
    request.tensor = options.tensor;
    request.site = options.site;
    if (options.hasLayer->count() > 0) {
        const Result<std::int64_t> layer = parseInteger("--layer", options.layer, 0, kMaxPlace);
        if (!layer) return tl::unexpected(layer.error());
        request.layer = *layer;
    }
    if (options.head == "all") {
        request.head = ui::kAllHeads;
        return {};
    }
    const Result<std::int64_t> head = parseInteger("--head", options.head, 0, kMaxPlace);
    if (!head) return tl::unexpected(head.error());
    request.head = *head;
    return {};
}

/// How it is drawn: size, colours.
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

Result<void> exportTo(const Options& options) {
    const bool figure = ui::figureFormat(options.output).has_value();
    if (!figure && !ui::dataFormat(options.output)) {
        return fail(tr("%1: the name must end in .png, .svg, .pdf, .csv, .json or .npy"), {options.output});
    }
    FigureRequest request;
    if (Result<void> read = readSubject(options, request); !read) return read;
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    const Result<TracePtr> trace = evaluate(scene->inputs);
    if (!trace) return tl::unexpected(trace.error());
    std::optional<OffscreenQt> qt;
    if (figure) qt.emplace();
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
    add("--view", options->view, "VIEW", "heatmap (default), or heads: all of them on one sheet");
    add("--tensor", options->tensor, "NAME", "Which tensor: pattern (default), scores, q, embed, …");
    CLI::Option* const site =
        add("--site", options->site, "SITE", "Where: blocks.0, …; the first by default");
    options->hasLayer = add("--layer", options->layer, "N", "The n-th site, counted from 0")->excludes(site);
    add("--head", options->head, "N|all", "Which head, counted from 0 (default: 0)");
    options->hasWidth =
        add("--width", options->width, "PX", "Pixels at 96 dpi; by default as the content needs");
    options->hasHeight =
        add("--height", options->height, "PX", "Pixels at 96 dpi; by default as the content needs");
    add("--dpi", options->dpi, "N", "Multiplies a raster: 192 gives twice the pixels (default: 96)");
    command->add_flag("--transparent", options->transparent, "No ground behind the figure");
    add("--theme", options->theme, "THEME", "light (default) or dark");
    options->hasColormap =
        add("--colormap", options->colormap, "NAME", "viridis (default), cividis, magma, blues or greys");
    command->add_flag("--values", options->values, "Numbers inside cells where there is room");
    command->add_option("-o,--output", options->output, "Where to: .png, .svg, .pdf, .csv, .json or .npy")
        ->type_name("FILE")
        ->required();
    command->callback([options, &run] { run = [options] { return exportTo(*options); }; });
}

}  // namespace attn::app
