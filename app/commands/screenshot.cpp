#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "ui/window/run_window.h"
#include "ui/window/workspaces.h"

#include <memory>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMinSidePx = 320, kMaxSidePx = 8192, kMinZoom = 50, kMaxZoom = 250;

struct Options {
    InputOptions input;
    std::string workspace, size = "1440x900", theme = "light", zoom = "100", output;
    CLI::Option* hasWorkspace = nullptr;
};

Result<QSize> parseSize(const std::string& text) {
    const std::size_t cross = text.find('x');
    if (cross == std::string::npos) return fail(tr("--size: '%1' is not WIDTHxHEIGHT"), {text});
    const Result<std::int64_t> width = parseInteger("--size", text.substr(0, cross), kMinSidePx, kMaxSidePx);
    if (!width) return tl::unexpected(width.error());
    const Result<std::int64_t> height =
        parseInteger("--size", text.substr(cross + 1), kMinSidePx, kMaxSidePx);
    if (!height) return tl::unexpected(height.error());
    return QSize(static_cast<int>(*width), static_cast<int>(*height));
}

Result<void> screenshot(const Options& options) {
    if (lowerCaseEnding(options.output) != ".png") {
        return fail(tr("%1: the name must end in .png"), {options.output});
    }
    ui::ScreenshotRequest request;
    request.path = options.output;
    const Result<QSize> size = parseSize(options.size);
    if (!size) return tl::unexpected(size.error());
    request.size = *size;
    if (options.theme != "light" && options.theme != "dark") {
        return fail(tr("%1: '%2' is none of %3"), {"--theme", options.theme, "light, dark"});
    }
    request.theme = options.theme == "dark" ? ui::Theme::Dark : ui::Theme::Light;
    const Result<std::int64_t> zoom = parseInteger("--zoom", options.zoom, kMinZoom, kMaxZoom);
    if (!zoom) return tl::unexpected(zoom.error());
    request.zoomPercent = static_cast<int>(*zoom);

    Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(std::move(scene.error()));
    if (options.hasWorkspace->count() > 0) {
        if (!ui::isWorkspace(QString::fromStdString(options.workspace))) {
            return fail(tr("%1: '%2' is none of %3"),
                        {"--workspace", options.workspace, ui::workspaceNames().toStdString()});
        }
        scene->view.workspace = options.workspace;
    }
    // The window would show what is wrong with the input, and have its picture taken.
    if (const Result<TracePtr> trace = evaluate(scene->inputs); !trace) return tl::unexpected(trace.error());
    request.scene = std::move(*scene);
    const OffscreenQt qt;
    return ui::takeScreenshot(request);
}

}  // namespace

void addScreenshot(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand("screenshot", "The whole window as a PNG");
    const auto options = std::make_shared<Options>();
    options->input.addTo(*command);
    options->hasWorkspace = command
                                ->add_option("--workspace", options->workspace,
                                             "Which workspace: " + ui::workspaceNames().toStdString())
                                ->type_name("NAME");
    command->add_option("--size", options->size, "Pixels (default: 1440x900)")->type_name("WxH");
    command->add_option("--theme", options->theme, "light (default) or dark")->type_name("THEME");
    command->add_option("--zoom", options->zoom, "Size of the text in percent (default: 100)")
        ->type_name("PERCENT");
    command->add_option("-o,--output", options->output, "Where to: .png")->type_name("FILE")->required();
    command->callback([options, &run] { run = [options] { return screenshot(*options); }; });
}

}  // namespace attn::app
