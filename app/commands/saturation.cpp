#include "core/experiment/saturation.h"

#include "app/commands/commands.h"
#include "app/numbers.h"
#include "app/table_output.h"
#include "core/experiment/experiment_file.h"

#include <memory>

namespace attn::app {
namespace {

struct Options {
    std::string logits = "1,1,2", scales = "1,2,3,10,100", output;
    CLI::Option* hasOutput = nullptr;
};

Result<void> saturation(const Options& options) {
    const Result<TableFormat> format = tableFormat(options.hasOutput->count() > 0, options.output);
    if (!format) return tl::unexpected(format.error());
    const Result<std::vector<double>> logits = parseReals("--logits", options.logits, experiment::kMaxLogits);
    if (!logits) return tl::unexpected(logits.error());
    const Result<std::vector<double>> scales = parseReals("--scales", options.scales, experiment::kMaxScales);
    if (!scales) return tl::unexpected(scales.error());
    const auto rows = experiment::saturationCurves(*logits, *scales);
    if (!rows) return tl::unexpected(rows.error());
    return writeTable(options.output, *format == TableFormat::Json
                                          ? experiment::saturationToJson(*logits, *rows)
                                          : experiment::saturationToCsv(*rows));
}

}  // namespace

void addSaturation(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand(
        "saturation", "The softmax of logits at several scales, and what gradient is left");
    const auto options = std::make_shared<Options>();
    // As texts: CLI11 would read an empty list as 0.
    command->add_option("--logits", options->logits, "Two or more numbers (default: 1,1,2)")
        ->type_name("A,B,…");
    command
        ->add_option("--scales", options->scales, "What the logits are multiplied by (default: 1,2,3,10,100)")
        ->type_name("X,Y,…");
    options->hasOutput = addTableOutput(*command, options->output);
    command->callback([options, &run] { run = [options] { return saturation(*options); }; });
}

}  // namespace attn::app
