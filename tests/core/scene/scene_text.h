#pragma once
/// Scene files as tests write them, and a scene in which nothing is at its default.

#include "core/scene/scene_json.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace attn::test {

/// A scene file with these members beside its format.
inline std::string with(const std::string& members) {
    return R"({"format":"attention-lab/scene","version":1)" + (members.empty() ? "" : "," + members) + "}";
}

inline LoadedScene load(const std::string& text) {
    Result<LoadedScene> loaded = sceneFromJson(text);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().english());
    return loaded ? *std::move(loaded) : LoadedScene{};
}

inline std::string errorOf(const std::string& text) {
    const Result<LoadedScene> loaded = sceneFromJson(text);
    return loaded ? "no error" : loaded.error().english();
}

inline Scene fullScene() {
    Scene scene;
    Inputs& inputs = scene.inputs;
    inputs.text = "我想吃酸菜鱼 \"quoted\"\n\ttab";
    inputs.context = "";
    for (const auto& [key, value] :
         {std::pair("temperature", "0.3"), std::pair("blocks.0.temperature", "2.5"),
          std::pair("mask", "local"), std::pair("seed", "4294967295"), std::pair("scale", "0.1"),
          std::pair("blocks.0.scale", "inv_dk"), std::pair("residual", "false"), std::pair("d_k", "7")}) {
        EXPECT_TRUE(inputs.parameters.setFromText(key, value)) << key;
    }
    inputs.painted = {{"blocks.0", 1, 2, "想", "吃", true}, {"blocks.0", 0, 0, "我", "我", false}};
    inputs.ablations = {{"blocks.0", AblatedPart::Head, 2, AblationKind::Mean},
                        {"blocks.0", AblatedPart::Mlp, 0, AblationKind::Zero},
                        {"decoder.blocks.1.cross", AblatedPart::Heads, 0, AblationKind::Zero}};
    inputs.maskedTokens = {0, 3, 7};
    scene.experiments.saturation = {
        {-1e300, 0.1, 1e300}, 31.5, {0.01, 7}, AxisKind::Linear, {"想", "", "a b"}};
    scene.experiments.scaling = {
        ComponentDistribution::Signs, -0.25, 1024, 7, 4294967295, 1, 0.75, 9'999'999, true,
        RowMeasure::Jacobian};
    scene.view = {"explore",
                  "blocks.0",
                  "scores_raw",
                  "blocks.0.q",
                  3,
                  1,
                  2,
                  "magma",
                  RangeMode::Unit,
                  false,
                  {"arcs", {2, 0}, 0.25, 17},
                  {"induction", true, true, AblationKind::Mean, 0.25, "rollout"},
                  {"contribution", {2, 17}},
                  {"length", false},
                  {5, 7},
                  {true, true, true},
                  "predictions"};
    scene.pinned = {Inputs{}, "decoder.blocks.1.cross", 5, "{}"};
    scene.pinned->inputs = scene.inputs;
    scene.pinned->inputs.text = "Tom chase Jerry";
    scene.pinned->inputs.model = "reader";
    return scene;
}

}  // namespace attn::test
