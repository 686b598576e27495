#include "ui/window/run_window.h"

#include "core/io/file.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QBuffer>
#include <QEventLoop>
#include <QIcon>
#include <QImage>
#include <QTimer>

#include <filesystem>

namespace attn::ui {
namespace {

constexpr int kMostMillis = 60'000;
constexpr int kLookMillis = 5;

/// Runs the event loop until the window's picture is complete.
bool waitUntilComplete(const MainWindow& window) {
    QEventLoop loop;
    QTimer look;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (window.isComplete()) loop.quit();
    });
    QObject::connect(&limit, &QTimer::timeout, &loop, [&] { loop.exit(1); });
    look.start(kLookMillis);
    limit.start(kMostMillis);
    return loop.exec() == 0;
}

}  // namespace

int runWindow(const std::optional<QString>& path) {
    const std::filesystem::path icon = resourceFolder() / "icons" / "attention-lab.svg";
    QApplication::setWindowIcon(QIcon(QString::fromStdString(icon.string())));
    MainWindow window({});
    window.openFirstExample();
    if (path) window.openFile(*path);
    window.show();
    return QApplication::exec();
}

Result<void> takeScreenshot(const ScreenshotRequest& request) {
    WindowOptions options;
    options.remember = false;
    options.theme = request.theme == Theme::Dark ? ThemeChoice::Dark : ThemeChoice::Light;
    options.zoomPercent = request.zoomPercent;
    MainWindow window(options);
    window.resize(request.size);
    if (request.scene) {
        window.document()->newScene(*request.scene);
    } else {
        window.openFirstExample();
    }
    QString failure;
    QObject::connect(window.document(), &SceneDocument::failed, &window,
                     [&failure](const QString& message) { failure = message; });
    window.show();
    if (!waitUntilComplete(window)) {
        if (failure.isEmpty())
            return fail(translatable("core", "the picture was not complete after a minute"));
        return fail(translatable("core", "%1"), {failure.toStdString()});
    }
    // Once more, so that what the last trace asked for (layouts, queued replots) is drawn too.
    // A row that turned out shorter is heard of one layout after the other, up to the window.
    constexpr int kNestedLayouts = 6;
    for (int i = 0; i < kNestedLayouts; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    const QImage image = window.grab().toImage();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) return fail(translatable("core", "the picture could not be made"));
    return writeFile(request.path,
                     std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

}  // namespace attn::ui
