// Processor time from start to the first complete picture. `startup_bench bare` opens a window with one empty
// QCustomPlot and nothing else; without an argument it opens the program's window. Compare the two over
// several runs:
//   for i in 1 2 3 4 5; do startup_bench; startup_bench bare; done
#include "ui/window/main_window.h"

#include <QApplication>
#include <QMainWindow>
#include <qcustomplot.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/resource.h>

namespace {

double cpuMillis() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto millis = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return millis(usage.ru_utime) + millis(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
    if (std::getenv("QT_QPA_PLATFORM") == nullptr) setenv("QT_QPA_PLATFORM", "offscreen", 1);
    const QApplication application(argc, argv);
    if (argc > 1 && std::strcmp(argv[1], "bare") == 0) {
        QMainWindow window;
        window.setCentralWidget(new QCustomPlot(&window));
        window.resize(1440, 900);
        window.show();
        QCoreApplication::processEvents();
        std::printf("bare window: %.1f ms\n", cpuMillis());
        return 0;
    }
    attn::ui::WindowOptions options;
    options.remember = false;
    options.theme = attn::ui::ThemeChoice::Light;
    attn::ui::MainWindow window(options);
    window.openFirstExample();
    window.show();
    while (!window.isComplete()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QCoreApplication::processEvents();
    std::printf("first complete example: %.1f ms\n", cpuMillis());
    return 0;
}
