#pragma once
/// INPUT: the options by which every subcommand that computes a trace is told what to compute.

#include "core/base/error.h"
#include "core/scene/scene.h"
#include "core/text/tokenizer.h"
#include "core/trace/trace.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace attn::app {

/// [--scene S.attn | --text T | --ids 1,2,3] [--segments 0,0,1]
/// [--context T2 | --target T2 | --target-ids 1,2] [--model M] [--set KEY=VALUE]...
/// [--ablate SITE[.hN|.mlp][=zero|mean]]... [--edit 'TENSOR[head,row,column]=NUMBER']... [--mask-token P]...
/// Without any of them it is the example that the window opens on; with a model or parameters alone, the
/// toy's first.
class InputOptions {
public:
    /// The options live in `command`; this object must outlive its parsing.
    void addTo(CLI::App& command);

    /// The scene that the options describe. Keys that the scene file has and this program does not know are
    /// told on standard error, in one line.
    [[nodiscard]] Result<Scene> scene() const;
    /// Whether it comes from a file: its ids are named as in the window, while for ids of the command line no
    /// tokenizer is read.
    [[nodiscard]] bool isScene() const { return m_hasScene->count() > 0; }

private:
    [[nodiscard]] Result<Scene> start() const;
    [[nodiscard]] Result<void> readVocabularyOptions(Inputs& inputs) const;
    [[nodiscard]] Result<void> readTarget(Inputs& inputs) const;
    [[nodiscard]] Result<void> readChanges(Inputs& inputs) const;

    std::string m_scene, m_text, m_ids, m_segments, m_context, m_target, m_targetIds, m_model;
    std::vector<std::string> m_set, m_ablate, m_edit, m_maskedTokens;
    CLI::Option *m_hasScene = nullptr, *m_hasText = nullptr, *m_hasIds = nullptr, *m_hasSegments = nullptr,
                *m_hasContext = nullptr, *m_hasTarget = nullptr, *m_hasTargetIds = nullptr,
                *m_hasModel = nullptr;
};

/// The scene of a file. Keys that this program does not know are told on standard error, in one line.
[[nodiscard]] Result<Scene> readScene(const std::string& path);

/// The trace of a scene. Ids in place of a text have the vocabulary's names where `namesIds`. What is left
/// out of a text beyond the context is told on standard error, in one line. An error where a parameter is set
/// for a site that the model does not have, or something is to be switched off or masked that is not there.
[[nodiscard]] Result<TracePtr> evaluate(const Inputs& inputs, bool namesIds = false);

/// Tells on standard error, in one line, where only the first tokens of `what` are used.
void warnIfTruncated(const char* what, const Tokens& tokens);

}  // namespace attn::app
