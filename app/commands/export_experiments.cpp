// `export --view saturation|scaling`: pages of the experiments.
#include "app/commands/export_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "ui/views/scaling_figure.h"
#include "ui/views/softmax_page.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace attn::app {
namespace {

using ui::FigureRequest;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// The scene's own settings, with what the command line says instead.
Result<SaturationState> saturationState(const ExportOptions& options, const Scene& scene) {
    SaturationState state = scene.experiments.saturation;
    if (options.hasLogits->count() > 0) {
        auto logits = parseReals("--logits", options.logits, experiment::kMaxLogits);
        if (!logits) return tl::unexpected(logits.error());
        state.logits = *std::move(logits);
        state.labels.clear();
        if (Result<void> good = experiment::checkLogits(state.logits); !good)
            return tl::unexpected(good.error());
    }
    if (options.hasScales->count() > 0) {
        auto scales = parseReals("--scales", options.scales, experiment::kMaxScales);
        if (!scales) return tl::unexpected(scales.error());
        state.tableScales = *std::move(scales);
        const auto rows = experiment::saturationCurves({0, 0}, state.tableScales);
        if (!rows) return tl::unexpected(rows.error());
    }
    return state;
}

/// The experiments need no trace, and have no tensors: no NPY.
Result<void> exportPage(const ui::PageSource& source, const FigureRequest& request,
                        const std::string& output) {
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(output)) qt.emplace();
    return source.write(request, output);
}

/// The scene's own settings, with what the command line says instead. Of several d_k the last is looked at
/// closely; a table has rows for those that were asked for.
Result<experiment::StudySettings> studySettings(const ExportOptions& options, const Scene& scene,
                                                bool figure) {
    ScalingState state = scene.experiments.scaling;
    const auto take = [](const CLI::Option* option, const std::string& text, std::int64_t least,
                         std::int64_t most, std::int64_t& value) -> Result<void> {
        if (option->count() == 0) return {};
        const Result<std::int64_t> number = parseInteger(option->get_name().c_str(), text, least, most);
        if (!number) return tl::unexpected(number.error());
        value = *number;
        return {};
    };
    constexpr std::int64_t kLargestSeed = std::numeric_limits<std::uint32_t>::max();
    Result<void> read = take(options.hasKeys, options.keys, 1, state.kLargestKeys, state.keys);
    if (read) read = take(options.hasSamples, options.samples, 1, state.kMostSamples, state.samples);
    if (read) read = take(options.hasSeed, options.seed, 0, kLargestSeed, state.seed);
    if (!read) return tl::unexpected(read.error());
    experiment::StudySettings settings = ui::studySettings(state);
    if (options.hasDks->count() == 0) return settings;
    auto dks =
        parseIntegers("--dk", options.dks, 1, state.kLargestDk, static_cast<std::size_t>(state.kLargestDk));
    if (!dks) return tl::unexpected(dks.error());
    settings.dk = dks->back();
    if (!figure) {
        settings.curveDks = *std::move(dks);
    } else if (dks->size() > 1) {
        std::sort(dks->begin(), dks->end());
        dks->erase(std::unique(dks->begin(), dks->end()), dks->end());
        settings.curveDks = *std::move(dks);
    }
    return settings;
}

Result<void> exportScaling(const ExportOptions& options, const Scene& scene, const FigureRequest& request) {
    const bool figure = ui::figureFormat(options.output).has_value();
    // Before minutes of work for nothing.
    if (!figure && ui::dataFormat(options.output).value_or(ui::DataFormat::Npy) == ui::DataFormat::Npy) {
        return fail(tr("%1: the name must end in %2"), {options.output, ".png, .svg, .pdf, .csv or .json"});
    }
    const auto settings = studySettings(options, scene, figure);
    if (!settings) return tl::unexpected(settings.error());
    TracePtr trace;
    if (figure) {
        Result<TracePtr> evaluated = evaluate(scene.inputs);
        if (!evaluated) return tl::unexpected(evaluated.error());
        trace = *std::move(evaluated);
    }
    const auto picture = ui::scalingPicture(*settings, trace, scene.view.site);
    if (!picture) return tl::unexpected(picture.error());
    ui::ScalingLook look = ui::scalingLook(scene.experiments.scaling);
    look.dk = settings->dk;
    return exportPage(ui::scalingSource(*picture, look), request, options.output);
}

}  // namespace

Result<void> exportExperiment(const ExportOptions& options) {
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    FigureRequest request;
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    if (options.view == "scaling") return exportScaling(options, *scene, request);
    const Result<SaturationState> state = saturationState(options, *scene);
    if (!state) return tl::unexpected(state.error());
    ui::SoftmaxPage page;
    page.setState(*state);
    return exportPage(page.source(), request, options.output);
}

}  // namespace attn::app
