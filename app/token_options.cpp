#include "app/token_options.h"

#include "core/analysis/token_view.h"

namespace attn::app {

void TokenOptions::addTo(CLI::App& command) {
    command.add_flag("--hide-special", m_hideSpecial,
                     "Without rows and columns of special tokens: [CLS], <s>, <|endoftext|>");
    command.add_flag("--renormalise", m_renormalise,
                     "With --hide-special: what is left of a row of weights sums to 1 again");
    command.add_flag("--whole-words", m_wholeWords,
                     "Weights of whole words: sums over a key's pieces, means over a query's");
}

Result<TokensView> TokenOptions::view(const Scene& scene) const {
    TokensView view = scene.view.tokens;
    view.hideSpecial = view.hideSpecial || m_hideSpecial;
    view.renormalise = view.renormalise || m_renormalise;
    view.wholeWords = view.wholeWords || m_wholeWords;
    if (m_renormalise && !view.hideSpecial)
        return fail(translatable("core", "%1 goes with %2"), {"--renormalise", "--hide-special"});
    return view;
}

Result<TracePtr> shownTrace(const InputOptions& input, const Scene& scene, const TokensView& tokens) {
    const bool names = input.isScene() || tokens.hideSpecial || tokens.wholeWords;
    Result<TracePtr> trace = evaluate(scene.inputs, names);
    if (!trace) return trace;
    return TokenLens().show(*trace, tokens);
}

}  // namespace attn::app
