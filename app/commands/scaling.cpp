#include "core/experiment/scaling.h"

#include "app/commands/commands.h"
#include "app/numbers.h"
#include "app/table_output.h"
#include "core/experiment/experiment_file.h"

#include <cstdint>
#include <limits>
#include <memory>

namespace attn::app {
namespace {

struct Options {
    std::string dks = "1,4,16,64,256,1024", keys = "16", samples = "10000", seed = "1", output;
    CLI::Option* hasOutput = nullptr;
};

Result<void> scaling(const Options& options) {
    using experiment::kLargestDk, experiment::kLargestKeys, experiment::kMostSamples;
    const Result<TableFormat> format = tableFormat(options.hasOutput->count() > 0, options.output);
    if (!format) return tl::unexpected(format.error());
    const auto dks = parseIntegers("--dk", options.dks, 1, kLargestDk, static_cast<std::size_t>(kLargestDk));
    if (!dks) return tl::unexpected(dks.error());
    const Result<std::int64_t> keys = parseInteger("--keys", options.keys, 1, kLargestKeys);
    if (!keys) return tl::unexpected(keys.error());
    const Result<std::int64_t> samples = parseInteger("--samples", options.samples, 1, kMostSamples);
    if (!samples) return tl::unexpected(samples.error());
    const Result<std::int64_t> seed =
        parseInteger("--seed", options.seed, 0, std::numeric_limits<std::uint32_t>::max());
    if (!seed) return tl::unexpected(seed.error());

    experiment::ScalingSettings settings;
    settings.dks = *dks;
    settings.keys = *keys;
    settings.seed = static_cast<std::uint64_t>(*seed);
    experiment::ScalingExperiment experiment;
    if (Result<void> good = experiment.configure(settings); !good) return good;
    experiment.advance(*samples);
    const experiment::ScalingSnapshot snapshot = experiment.snapshot();
    return writeTable(options.output, *format == TableFormat::Json ? experiment::scalingToJson(snapshot)
                                                                   : experiment::scalingToCsv(snapshot));
}

}  // namespace

void addScaling(CLI::App& app, Run& run) {
    CLI::App* const command =
        app.add_subcommand("scaling", "Dot products of random queries and keys, with and without 1/√d_k");
    const auto options = std::make_shared<Options>();
    const auto text = [&](const char* name, std::string& value, const char* help, const char* type) {
        command->add_option(name, value, help)->type_name(type);
    };
    text("--dk", options->dks, "Components of a query: 1 … 1024 (default: 1,4,16,64,256,1024)", "N,M,…");
    text("--keys", options->keys, "Keys of each query (default: 16)", "N");
    text("--samples", options->samples, "Queries (default: 10000)", "N");
    text("--seed", options->seed, "The same seed gives the same numbers (default: 1)", "N");
    options->hasOutput = addTableOutput(*command, options->output);
    command->callback([options, &run] { run = [options] { return scaling(*options); }; });
}

}  // namespace attn::app
