/// The command line. Exit status: 0, 1 for values and files that are bad, 2 for wrong usage.

#include "app/commands/commands.h"
#include "app/output.h"
#include "app/window.h"
#include "core/model/builtin_models.h"

#include <CLI/CLI.hpp>

#include <clocale>
#include <cstdio>
#include <filesystem>
#include <new>

namespace {

using attn::Error;
using attn::Result;
using attn::app::Run;

constexpr const char* tr(const char* text) {
    return attn::translatable("core", text);
}

constexpr int kBadValue = 1, kWrongUsage = 2;

/// CLI11's own codes are 100 and more.
int statusOf(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr ||
        dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
        attn::app::warn(Error{"%1", {error.what()}});
        return kBadValue;
    }
    app.exit(error);
    return kWrongUsage;
}

int statusOf(const Result<void>& result) {
    if (result) return 0;
    attn::app::warn(result.error());
    return kBadValue;
}

/// A word that is neither a file or a model nor looks like one was meant as a subcommand.
bool opensInWindow(const std::string& word) {
    std::error_code error;
    return word.find('/') != std::string::npos || std::filesystem::path(word).has_extension() ||
           std::filesystem::exists(word, error) || attn::resolveModel(word);
}

int runProgram(int argc, char** argv) {
    CLI::App app("Attention Lab: every number of attention, live. Without a subcommand it opens the window.",
                 "attention-lab");
    Run run;
    std::string scene;
    CLI::Option* const hasScene =
        app.add_option("SCENE", scene, "A scene file (.attn) or a model's folder to open in the window")
            ->type_name("FILE|DIR");
    app.set_version_flag("--version", "attention-lab " ATTN_VERSION);
    app.require_subcommand(0, 1);
    attn::app::addAttend(app, run);
    attn::app::addBench(app, run);
    attn::app::addExport(app, run);
    attn::app::addModels(app, run);
    attn::app::addPredict(app, run);
    attn::app::addSaturation(app, run);
    attn::app::addScaling(app, run);
    attn::app::addScreenshot(app, run);
    attn::app::addTokenize(app, run);
    attn::app::addTrace(app, run);
    try {
        app.parse(argc, argv);
        if (hasScene->count() > 0 && (run || !opensInWindow(scene))) throw CLI::ExtrasError({scene});
    } catch (const CLI::ParseError& error) {
        return statusOf(app, error);
    }
    return run ? statusOf(run()) : attn::app::openWindow(argc, argv, scene);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return runProgram(argc, argv);
    } catch (const std::bad_alloc&) {
        attn::app::warn(Error{tr("there is not enough memory for this"), {}});
    } catch (const std::exception& error) {
        attn::app::warn(Error{tr("unexpected: %1"), {error.what()}});
    }
    return kBadValue;
}
