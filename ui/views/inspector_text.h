#pragma once
/// Explanations as text: numbers, terms, sentences, and the whole of it for the clipboard and for screen
/// readers.

#include "core/trace/explain.h"
#include "ui/style/palette.h"

#include <QString>
#include <QStringList>

namespace attn::ui {

/// "11.653", "−0.02", "1.2e−5", "−∞"
[[nodiscard]] QString arithmeticNumber(double value, int decimals = 3);
/// "55.4 %" for probabilities, else a number; "−∞" for masked.
[[nodiscard]] QString headlineValue(const Explanation& explanation);
/// "1.44×2.59", "0.5·tanh(1.20)", or the addend.
[[nodiscard]] QString termText(const ExplanationStep& step, const ExplainedTerm& term);
/// What a term belongs to: "3", a key's token, "head 2, 5", "embed".
[[nodiscard]] QString termName(const ExplanationStep& step, const ExplainedTerm& term,
                               const QStringList& keys);
/// "11.653 ÷ √16 = 2.913"
[[nodiscard]] QString expressionText(const ExplanationStep& step);
/// The sentence in the user's language, its arguments put in.
[[nodiscard]] QString sentenceText(const Sentence& sentence);
[[nodiscard]] Role roleOf(Part part);

/// `keys`: the tokens along the keys. At most `limit` terms of each sum are written out; 0: all.
[[nodiscard]] QString explanationText(const Explanation& explanation, const QStringList& keys,
                                      qsizetype limit = 0);

}  // namespace attn::ui
