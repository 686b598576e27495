#include "app/window.h"

#include "app/output.h"
#include "app/qt_session.h"
#include "core/base/error.h"
#include "core/model/architecture.h"
#include "core/model/builtin_models.h"
#include "ui/window/run_window.h"

#include <QApplication>

#include <filesystem>
#include <optional>
#include <system_error>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// Qt aborts where it finds no display.
bool hasDisplay() {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

}  // namespace

int openWindow(int argc, char** argv, const std::string& scene) {
    if (!scene.empty()) {
        std::error_code error;
        if (!std::filesystem::exists(scene, error) && !resolveModel(scene)) {
            warn(Error{tr("%1: there is no such file"), {scene}});
            return 1;
        }
        // Better said here than in a window that opens on something else.
        if (std::filesystem::is_directory(modelFolder(scene), error)) {
            if (const auto known = readArchitecture(modelFolder(scene)); !known) {
                warn(known.error());
                return 1;
            }
        }
    }
    if (!hasDisplay()) {
        warn(Error{tr("there is no display for the window; subcommands need none (attention-lab --help)"),
                   {}});
        return 1;
    }
    nameProgram();
    const QApplication application(argc, argv);
    return ui::runWindow(scene.empty() ? std::nullopt : std::optional(QString::fromLocal8Bit(scene.c_str())));
}

}  // namespace attn::app
