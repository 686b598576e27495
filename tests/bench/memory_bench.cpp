// Peak of memory with a model in the window: Explore, the overview of all heads, and a slider that is moved.
//   memory_bench FOLDER TOKENS      (tests/bench/make_gpt2_shape.py writes a folder of GPT-2 small's shape)
#include "tests/bench/turns.h"
#include "ui/model/scene_document.h"
#include "ui/window/main_window.h"

#include <QApplication>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

/// Megabytes of a line of /proc/self/status: "VmHWM", "VmRSS".
double megabytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(name + ":", 0) == 0) return std::stod(line.substr(name.size() + 1)) / 1e3;
    }
    return 0;
}

double weights(const std::filesystem::path& folder) {
    double bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() == ".safetensors") bytes += static_cast<double>(file.file_size());
    }
    return bytes / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: memory_bench FOLDER TOKENS\n");
        return 2;
    }
    if (std::getenv("QT_QPA_PLATFORM") == nullptr) setenv("QT_QPA_PLATFORM", "offscreen", 1);
    const QApplication application(argc, argv);
    attn::ui::WindowOptions options;
    options.remember = false;
    options.theme = attn::ui::ThemeChoice::Light;
    attn::ui::MainWindow window(options);
    window.resize(1440, 900);
    window.show();
    attn::Scene scene;
    scene.inputs.model = argv[1];
    scene.inputs.ids.emplace();
    for (int i = 0; i < std::atoi(argv[2]); ++i) scene.inputs.ids->push_back((i * 37 + 11) % 1000);
    window.document()->newScene(scene);
    const auto complete = [&] { return window.isComplete(); };
    const auto report = [](const char* when) {
        std::printf("%-24s %7.0f MB now, %7.0f MB at most\n", when, megabytes("VmRSS"), megabytes("VmHWM"));
    };
    attn::bench::longestTurn(complete);
    report("explore");
    window.document()->setWorkspace(QStringLiteral("heads"));
    attn::bench::longestTurn(complete);
    report("all heads");
    for (int i = 0; i < 8; ++i) {
        window.document()->setParameter(attn::ParameterId::Temperature, 0.5 + i / 8.0);
        attn::bench::longestTurn(complete);
    }
    report("temperature, 8 steps");
    std::printf("beyond the weights (%.0f MB): %.0f MB (limit 600)\n", weights(argv[1]),
                megabytes("VmHWM") - weights(argv[1]));
    return 0;
}
