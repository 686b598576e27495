#pragma once
/// The subcommands. Each adds itself to the command line and, when it was chosen, leaves what is to be done
/// in `run`: nothing happens before the whole line was understood.

#include "core/base/error.h"

#include <CLI/CLI.hpp>

#include <functional>

namespace attn::app {

using Run = std::function<Result<void>()>;

void addAttend(CLI::App& app, Run& run);
void addBench(CLI::App& app, Run& run);
void addExport(CLI::App& app, Run& run);
void addModels(CLI::App& app, Run& run);
void addPredict(CLI::App& app, Run& run);
void addSaturation(CLI::App& app, Run& run);
void addScaling(CLI::App& app, Run& run);
void addScreenshot(CLI::App& app, Run& run);
void addTokenize(CLI::App& app, Run& run);
void addTrace(CLI::App& app, Run& run);

}  // namespace attn::app
