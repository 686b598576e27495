// From a slider's step to the painted frame, against the computation and the bare replot of the same plots:
// heat map and thumbnails with the new numbers, the inspector's bars as they stand.
#include "tests/bench/pairs.h"
#include "tests/bench/turns.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/explore_view.h"
#include "ui/views/inspector.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QSplitter>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace attn {
namespace {

using bench::median;
using bench::secondsOf;

Scene sceneOf(int tokens, std::int64_t heads) {
    Scene scene;
    for (int i = 0; i < tokens; ++i) scene.inputs.text += "w" + std::to_string(i % 40) + " ";
    scene.inputs.parameters.set(ParameterId::Heads, heads);
    scene.view.query = 3;
    scene.view.key = 5;
    return scene;
}

double turnUntilComplete(ui::MainWindow& window) {
    return bench::longestTurn([&] { return window.isComplete(); });
}

void sliderToFrame(int tokens, std::int64_t heads, const char* key, double from, double step) {
    ui::WindowOptions options;
    options.remember = false;
    options.theme = ui::ThemeChoice::Light;
    ui::MainWindow window(options);
    window.resize(1440, 900);
    window.show();
    window.document()->newScene(sceneOf(tokens, heads));
    turnUntilComplete(window);

    auto* view = window.findChild<ui::ExploreView*>();
    ui::HeatMapWidget heatMap;
    heatMap.resize(view->heatMap()->size());
    heatMap.setHeatMapStyle(view->heatMap()->heatMapStyle());
    heatMap.show();
    QWidget* plot = heatMap.findChild<QWidget*>();
    ui::HeadStrip strip;
    strip.resize(view->headStrip()->size());
    strip.setHeatMapStyle(view->heatMap()->heatMapStyle());
    strip.show();
    auto* inspector = window.findChild<ui::Inspector*>();
    QImage paper(inspector->size(), QImage::Format_ARGB32_Premultiplied);
    QCoreApplication::processEvents();

    Pipeline pipeline;
    Inputs inputs = window.document()->inputs();
    TracePtr trace = pipeline.evaluate(inputs).value();
    const ParameterSpec& parameter = *findSpec(key);
    std::vector<double> ratios, ours, bare, turns;
    window.document()->beginGesture(QStringLiteral("drag"));
    for (int i = 0; i < 120; ++i) {
        const double value = from + step * (i % 60);
        const double a = secondsOf([&] {
            window.document()->setParameter(parameter.id, value);
            turns.push_back(turnUntilComplete(window));
        });
        inputs.parameters.set(parameter.id, value);
        const double b = secondsOf([&] {
            trace = pipeline.evaluate(inputs, trace).value();
            ui::HeatMapData data = view->heatMap()->data();
            data.tensor = trace->find({"blocks.0", TensorName::Pattern})->get();
            heatMap.setData(data);
            heatMap.flush();
            plot->repaint();
            strip.setData(data);
            strip.repaint();
            inspector->render(&paper);
        });
        if (i < 10) continue;
        ratios.push_back(a / b);
        ours.push_back(a);
        bare.push_back(b);
    }
    window.document()->endGesture();
    turns.erase(turns.begin(), turns.begin() + 10);
    std::printf(
        "slider to frame, %4d tokens, %2d heads: ratio %.2f (limit 1.5)  ours %.2f ms  bare %.2f ms  "
        "longest turn: median %.2f ms, largest %.2f ms (limit 16)\n",
        tokens, static_cast<int>(heads), median(ratios), median(ours) * 1e3, median(bare) * 1e3,
        median(turns) * 1e3, *std::max_element(turns.begin(), turns.end()) * 1e3);
}

}  // namespace
}  // namespace attn

int main(int argc, char** argv) {
    if (std::getenv("QT_QPA_PLATFORM") == nullptr) setenv("QT_QPA_PLATFORM", "offscreen", 1);
    const QApplication application(argc, argv);
    attn::sliderToFrame(64, 16, "temperature", 0.5, 0.02);
    attn::sliderToFrame(512, 12, "temperature", 0.5, 0.02);
    return 0;
}
