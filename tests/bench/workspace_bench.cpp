// A drag in the workspaces beside Explore: how long the window's thread works for one step of a slider.
#include "tests/bench/pairs.h"
#include "tests/bench/turns.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/head_grid.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QTimer>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

namespace attn {
namespace {

/// One step every sixtieth of a second, as a hand makes them; `step` changes the document.
void drag(const char* what, const Scene& scene, const std::function<void(ui::SceneDocument&, int)>& step) {
    ui::WindowOptions options;
    options.remember = false;
    options.theme = ui::ThemeChoice::Light;
    ui::MainWindow window(options);
    window.resize(1440, 900);
    window.show();
    window.document()->newScene(scene);
    bench::longestTurn([&] { return window.isComplete(); });

    constexpr int kSteps = 120, kWarmUp = 10, kFrameMs = 16;
    std::vector<double> turns;
    window.document()->beginGesture(QStringLiteral("drag"));
    for (int i = 0; i < kSteps; ++i) {
        bool over = false;
        QTimer::singleShot(kFrameMs, &window, [&over] { over = true; });
        const double immediate = bench::workOf([&] { step(*window.document(), i); });
        const double later = bench::longestTurn([&] { return over; });
        if (i >= kWarmUp) turns.push_back(std::max(immediate, later));
    }
    window.document()->endGesture();
    std::printf("%-44s longest turn of a step: median %.2f ms, largest %.2f ms (limit 16)\n", what,
                bench::median(turns) * 1e3, *std::max_element(turns.begin(), turns.end()) * 1e3);
}

void dragScale(const char* what, std::size_t logits) {
    Scene scene;
    scene.view.workspace = "softmax";
    scene.experiments.saturation.logits.clear();
    for (std::size_t i = 0; i < logits; ++i) {
        scene.experiments.saturation.logits.push_back(std::sin(static_cast<double>(i)) * 3);
    }
    drag(what, scene, [](ui::SceneDocument& document, int i) {
        SaturationState state = document.experiments().saturation;
        state.scale = std::pow(10.0, -2 + 5.0 * (i % 60) / 60);
        document.setSaturation(std::move(state), QStringLiteral("scale"));
    });
}

void dragWidth() {
    Scene scene;
    scene.inputs.text = "The king and queen gave the dog and cat bread and milk";
    scene.view.workspace = "scaling";
    drag("√d_k, d_k from 1 to 1024", scene, [](ui::SceneDocument& document, int i) {
        ScalingState state = document.experiments().scaling;
        state.dk = 1 + 17 * (i % 60);
        document.setScaling(std::move(state), QStringLiteral("d_k"));
    });
    drag("√d_k, correlation from −1 to 1", scene, [](ui::SceneDocument& document, int i) {
        ScalingState state = document.experiments().scaling;
        state.correlation = -1 + (i % 60) / 30.0;
        document.setScaling(std::move(state), QStringLiteral("correlation"));
    });
    drag("√d_k, exponent from 0 to 1", scene, [](ui::SceneDocument& document, int i) {
        ScalingState state = document.experiments().scaling;
        state.exponent = (i % 60) / 60.0;
        document.setScaling(std::move(state), QStringLiteral("exponent"));
    });
    drag("√d_k, keys from 2 to 1024", scene, [](ui::SceneDocument& document, int i) {
        ScalingState state = document.experiments().scaling;
        state.keys = 2 + 17 * (i % 60);
        document.setScaling(std::move(state), QStringLiteral("keys"));
    });
}

/// The toy with twelve heads on so many words.
Scene longScene(const char* workspace, int tokens) {
    Scene scene;
    for (int i = 0; i < tokens; ++i) scene.inputs.text += "w" + std::to_string(i % 97) + " ";
    scene.inputs.parameters.set(ParameterId::Heads, std::int64_t{12});
    scene.view.workspace = workspace;
    return scene;
}

/// Tokens under the pointer, and a slider, while links are drawn.
void hoverLinks(int tokens) {
    const std::string what = "links, " + std::to_string(tokens) + " tokens, ";
    drag((what + "hover").c_str(), longScene("links", tokens), [tokens](ui::SceneDocument& document, int i) {
        document.selection()->setPreview({(i * 7) % tokens, -1});
    });
    drag((what + "temperature").c_str(), longScene("links", tokens), [](ui::SceneDocument& document, int i) {
        document.setParameter(ParameterId::Temperature, 0.5 + (i % 60) / 60.0);
    });
}

void dragCompared(int tokens) {
    const std::string what = "compare, " + std::to_string(tokens) + " tokens, temperature";
    drag(what.c_str(), longScene("compare", tokens), [](ui::SceneDocument& document, int i) {
        if (!document.pinned()) document.pinState();
        document.setParameter(ParameterId::Temperature, 0.5 + (i % 60) / 60.0);
    });
}

/// A temperature, and the query under the pointer: with Neurons what is in sight of every key's terms, with
/// Geometry every point and label.
void dragVectors(const char* workspace, int tokens) {
    const std::string what = std::string(workspace) + ", " + std::to_string(tokens) + " tokens, ";
    Scene scene = longScene(workspace, tokens);
    scene.view.query = 3;
    scene.view.neurons.off = {1, 5};
    drag((what + "temperature").c_str(), scene, [](ui::SceneDocument& document, int i) {
        document.setParameter(ParameterId::Temperature, 0.5 + (i % 60) / 60.0);
    });
    drag((what + "query under the pointer").c_str(), scene, [tokens](ui::SceneDocument& document, int i) {
        document.selection()->setPreview({(i * 7) % tokens, -1});
    });
}

/// An arrow in its exact plane: an edit of k, and everything after it.
void dragArrow(int tokens) {
    const std::string what = "geometry, " + std::to_string(tokens) + " tokens, a key dragged";
    Scene scene = longScene("geometry", tokens);
    scene.inputs.parameters.set(ParameterId::DK, std::int64_t{2});
    scene.view.query = 3;
    scene.view.key = 5;
    drag(what.c_str(), scene, [](ui::SceneDocument& document, int i) {
        document.editCell({"blocks.0", TensorName::K}, 0, 5, i % 2, std::sin(0.1 * i));
    });
}

/// A token's way through a model's layers: from token to token, and while the temperature is dragged.
void dragFlow(const std::string& folder, int tokens) {
    Scene scene;
    scene.inputs.model = folder;
    scene.inputs.ids.emplace();
    for (int i = 0; i < tokens; ++i) scene.inputs.ids->push_back((i * 37 + 11) % 1000);
    scene.view.workspace = "flow";
    const std::string what = "flow, " + std::to_string(tokens) + " tokens, ";
    drag((what + "query").c_str(), scene, [tokens](ui::SceneDocument& document, int i) {
        document.selection()->pin({(i * 7) % tokens, -1});
    });
    drag((what + "temperature").c_str(), scene, [](ui::SceneDocument& document, int i) {
        document.setParameter(ParameterId::Temperature, 0.5 + (i % 60) / 60.0);
    });
}

/// The overview of a model's heads: one repaint of everything in sight, and the temperature dragged.
void dragHeads(const std::string& folder, int tokens) {
    Scene scene;
    scene.inputs.model = folder;
    scene.inputs.ids.emplace();
    for (int i = 0; i < tokens; ++i) scene.inputs.ids->push_back((i * 37 + 11) % 1000);
    scene.view.workspace = "heads";
    const std::string what = "heads, " + std::to_string(tokens) + " tokens";
    {
        ui::WindowOptions options;
        options.remember = false;
        options.theme = ui::ThemeChoice::Light;
        ui::MainWindow window(options);
        window.resize(1440, 900);
        window.show();
        window.document()->newScene(scene);
        bench::longestTurn([&] { return window.isComplete(); });
        QWidget* const grid = window.findChild<ui::HeadGrid*>()->viewport();
        std::vector<double> paints;
        for (int i = 0; i < 50; ++i) paints.push_back(bench::workOf([&] { grid->repaint(); }));
        std::printf("%-44s repaint: median %.2f ms (limit 16)\n", what.c_str(), bench::median(paints) * 1e3);
    }
    drag((what + ", temperature").c_str(), scene, [](ui::SceneDocument& document, int i) {
        document.setParameter(ParameterId::Temperature, 0.5 + (i % 60) / 60.0);
    });
    drag((what + ", sampling temperature").c_str(), scene, [](ui::SceneDocument& document, int i) {
        document.setParameter(ParameterId::SamplingTemperature, 0.5 + (i % 60) / 60.0);
    });
}

}  // namespace
}  // namespace attn

int main(int argc, char** argv) {
    if (std::getenv("QT_QPA_PLATFORM") == nullptr) setenv("QT_QPA_PLATFORM", "offscreen", 1);
    const QApplication application(argc, argv);
    attn::dragScale("softmax, 3 logits, a from 0.01 to 1000", 3);
    attn::dragScale("softmax, 1024 logits, a from 0.01 to 1000", 1024);
    attn::dragWidth();
    for (const int tokens : {64, 512}) {
        attn::hoverLinks(tokens);
        attn::dragCompared(tokens);
        attn::dragVectors("neurons", tokens);
        attn::dragVectors("geometry", tokens);
        attn::dragArrow(tokens);
    }
    // A folder of a model (tests/bench/make_gpt2_shape.py writes one), and numbers of tokens.
    for (int i = 2; i < argc; ++i) {
        attn::dragHeads(argv[1], std::atoi(argv[i]));
        attn::dragFlow(argv[1], std::atoi(argv[i]));
    }
    return 0;
}
