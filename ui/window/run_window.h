#pragma once
/// What the program does with a window: shows it, or takes its picture.

#include "core/base/error.h"
#include "core/scene/scene.h"
#include "ui/style/theme.h"

#include <QSize>
#include <QString>

#include <filesystem>
#include <optional>

namespace attn::ui {

/// Opens the window on a scene file, a model's folder or a built-in model, or on the first example, and runs
/// until it is closed. A QApplication exists.
int runWindow(const std::optional<QString>& path);

struct ScreenshotRequest {
    std::optional<Scene> scene;  ///< none: the first example
    QSize size{1440, 900};
    Theme theme = Theme::Light;
    int zoomPercent = 100;
    std::filesystem::path path;
};

/// The whole window as a PNG, once its first complete picture is there. A QApplication exists; nothing is
/// remembered.
[[nodiscard]] Result<void> takeScreenshot(const ScreenshotRequest& request);

}  // namespace attn::ui
