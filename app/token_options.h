#pragma once
/// How tokens are shown in what a subcommand writes: [--hide-special [--renormalise]] [--whole-words]

#include "app/input_options.h"
#include "core/base/error.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"

#include <CLI/CLI.hpp>

namespace attn::app {

class TokenOptions {
public:
    /// The options live in `command`; this object must outlive its parsing.
    void addTo(CLI::App& command);

    /// The scene's own settings, and what the command line asks for besides. An error where rows shall be
    /// renormalised that lose nothing.
    [[nodiscard]] Result<TokensView> view(const Scene& scene) const;
    [[nodiscard]] bool any() const { return m_hideSpecial || m_renormalise || m_wholeWords; }

private:
    bool m_hideSpecial = false, m_renormalise = false, m_wholeWords = false;
};

/// The trace of a scene as its tokens are shown. Which of them are special or pieces of a word its tokenizer
/// knows: where that is asked it is read for ids too.
[[nodiscard]] Result<TracePtr> shownTrace(const InputOptions& input, const Scene& scene,
                                          const TokensView& tokens);

}  // namespace attn::app
