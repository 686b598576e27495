#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "core/io/trace_file.h"

#include <filesystem>
#include <memory>

namespace attn::app {
namespace {

struct Options {
    InputOptions input;
    std::string output;
    bool weights = false;
};

Result<void> trace(const Options& options) {
    const std::string ending = lowerCaseEnding(options.output);
    if (ending != ".npz" && ending != ".json") {
        return fail(translatable("core", "%1: the name must end in .npz or .json"), {options.output});
    }
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    const Result<TracePtr> computed = evaluate(scene->inputs, options.input.isScene());
    if (!computed) return tl::unexpected(computed.error());
    const Trace& result = **computed;
    return ending == ".npz" ? writeTraceNpz(options.output, result, options.weights)
                            : writeTraceJson(options.output, result, options.weights);
}

}  // namespace

void addTrace(CLI::App& app, Run& run) {
    CLI::App* const command =
        app.add_subcommand("trace", "Write every tensor of the computation, by full name");
    const auto options = std::make_shared<Options>();
    options->input.addTo(*command);
    command->add_flag("--weights", options->weights, "W_Q, W_K, W_V and W_O too");
    command->add_option("-o,--output", options->output, "Where to: .npz or .json")
        ->type_name("FILE")
        ->required();
    command->callback([options, &run] { run = [options] { return trace(*options); }; });
}

}  // namespace attn::app
