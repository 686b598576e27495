#pragma once
/// A document with a trace, for tests of views.

#include "core/pipeline/pipeline.h"
#include "tests/ui/wait.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QApplication>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace attn::ui {

inline const char* const kSentence = "The animal didn't cross the street because it was too tired";

inline Scene exampleScene(const std::vector<std::pair<std::string, std::string>>& parameters = {}) {
    Scene scene;
    scene.inputs.text = kSentence;
    for (const auto& [key, value] : parameters) {
        const auto done = scene.inputs.parameters.setFromText(key, value);
        EXPECT_TRUE(done) << done.error().english();
    }
    return scene;
}

inline TracePtr traceOf(const Inputs& inputs) {
    Pipeline pipeline;
    auto trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << trace.error().english();
    return *trace;
}

inline void settle(SceneDocument& document) {
    ASSERT_TRUE(waitForTrace(document));
    settleLayouts();
}

inline void open(SceneDocument& document, const Scene& scene) {
    document.newScene(scene);
    settle(document);
}

}  // namespace attn::ui
