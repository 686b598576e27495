#include "core/trace/explain.h"

#include "core/trace/ablated.h"
#include "core/trace/explain_parts.h"

#include <cmath>

namespace attn {
namespace {

using explaining::addProduct;
using explaining::addSetByHand;
using explaining::at;
using explaining::Cell;
using explaining::noteStep;
using explaining::outputSum;
using explaining::sumOf;
using explaining::sumStep;
using Kind = ExplanationStep::Kind;

constexpr double kRotaryBase = 10000;       // as the pipeline has it
constexpr double kLayerNormEpsilon = 1e-5;  // as ops/layer_norm.h has it

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// A number that is what another tensor's entry is.
ExplanationStep sameAs(std::string symbols, double value) {
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = std::move(symbols);
    step.result = value;
    step.expression = {"= ", value};
    return step;
}

/// One entry of x·W for one head: x's row times W's column.
ExplanationStep projection(const Cell& cell, const TensorPtr& x, TensorName weightName, Index head,
                           Index column) {
    ExplanationStep step;
    const std::string weight = toString(weightName);
    const bool edited = cell.trace.edits({cell.site.name, weightName}) != nullptr;
    if (cell.p.identityProjections && !edited) return sameAs("x", at(x, 0, cell.row, column));
    const TensorPtr w = cell.tensor(weightName);
    if (!w) return step;
    step = sumStep("x · " + weight, "x", weight);
    const MatrixView rows = x->matrix();
    const MatrixView columns = w->matrix(head);
    for (Index i = 0; i < rows.cols(); ++i) {
        addProduct(step, i, static_cast<double>(rows(cell.row, i)), static_cast<double>(columns(i, column)));
    }
    return step;
}

/// The pair (i, i + d/2) turned by strength·t·base^(−2i/d).
void addRotation(const Cell& cell, TensorName projectionName, Index head, Explanation& explanation) {
    const TensorPtr projected = cell.tensor(projectionName);
    if (!projected) return;
    const Index half = projected->cols() / 2;
    const double own = at(projected, head, cell.row, cell.column);
    if (cell.column >= 2 * half) {
        ExplanationStep step =
            noteStep("rotate", tr("The last of an odd number of dimensions has no partner: it stays."), own);
        explanation.steps.push_back(std::move(step));
        return;
    }
    const bool first = cell.column < half;
    const Index pair = first ? cell.column : cell.column - half;
    const double other = at(projected, head, cell.row, first ? pair + half : pair);
    const double angle =
        static_cast<double>(cell.row) * cell.p.positionStrength *
        std::pow(kRotaryBase, -2.0 * static_cast<double>(pair) / static_cast<double>(2 * half));
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = "rotate";
    step.result = own * std::cos(angle) + (first ? -other : other) * std::sin(angle);
    step.expression = {
        own,   "·cos(", angle,      first ? std::string(") − ") : std::string(") + "), other, "·sin(",
        angle, ") = ",  step.result};
    explanation.steps.push_back(std::move(step));
}

void explainProjected(const Cell& cell, Explanation& explanation) {
    const bool query = cell.name == TensorName::Q || cell.name == TensorName::QProj;
    const bool value = cell.name == TensorName::V;
    const TensorName weight = query ? TensorName::WQ : value ? TensorName::WV : TensorName::WK;
    const char* text = query   ? tr("query of %1, number %2")
                       : value ? tr("value of %1, number %2")
                               : tr("key of %1, number %2");
    const Part part = query ? Part::Query : value ? Part::Value : Part::Key;
    explanation.headline = {
        text,
        {query ? cell.queryToken(cell.row) : cell.keyToken(cell.row), std::to_string(cell.column)},
        {query ? Part::Query : Part::Key, part}};
    const TensorPtr x = query ? cell.tensor(TensorName::ResidPre) : cell.keysFrom();
    if (!x) return;
    const Index head = cell.head;
    explanation.steps.push_back(projection(cell, x, weight, head, cell.column));
    const bool turned = cell.name == TensorName::Q || cell.name == TensorName::K;
    if (turned && cell.p.positions == PositionsKind::Rotary) {
        addRotation(cell, query ? TensorName::QProj : TensorName::KProj, head, explanation);
    }
}

const Tokens& tokensOf(const Cell& cell) {
    const Tokens* const tokens = cell.trace.tokens(sequenceOf(cell.scope));
    return tokens != nullptr ? *tokens : cell.trace.tokens();
}

void addPosition(const Cell& cell, double value, Explanation& explanation) {
    if (cell.p.positions != PositionsKind::Sinusoidal) {
        explanation.steps.push_back(noteStep("pos_embed", tr("Nothing is added for the position."), value));
        return;
    }
    ExplanationStep step;
    step.kind = Kind::Formula;
    const bool sine = cell.column % 2 == 0;
    step.symbols = sine ? "s·sin(t ÷ 10000^(2i/d))" : "s·cos(t ÷ 10000^(2i/d))";
    const double wavelength = std::pow(
        10000.0, static_cast<double>(cell.column - cell.column % 2) / static_cast<double>(cell.p.dModel));
    const double angle = static_cast<double>(cell.row) / wavelength;
    step.result = cell.p.positionStrength * (sine ? std::sin(angle) : std::cos(angle));
    step.expression = {formatValue(cell.p.positionStrength) + (sine ? " × sin(" : " × cos(") +
                           std::to_string(cell.row) + " ÷ ",
                       wavelength, ") = ", step.result};
    explanation.steps.push_back(std::move(step));
}

const char* originOfVector(const Cell& cell) {
    if (cell.p.embeddings == EmbeddingsKind::Random) {
        return tr("A random number, always the same for this token and this seed.");
    }
    const Tokens& tokens = tokensOf(cell);
    return tokens.items[static_cast<std::size_t>(cell.row)].known
               ? tr("From the table of word vectors, counted from text.")
               : tr("This word is not in the table: a random number from the seed.");
}

void explainEmbedding(const Cell& cell, Explanation& explanation) {
    const char* text = cell.name == TensorName::TokenEmbed ? tr("token vector of %1, number %2")
                       : cell.name == TensorName::PosEmbed ? tr("position of %1, number %2")
                                                           : tr("embedding of %1, number %2");
    const bool ofKeys = sequenceOf(cell.scope) == Sequence::Context;
    explanation.headline = {text,
                            {Cell::token(tokensOf(cell), cell.row), std::to_string(cell.column)},
                            {ofKeys ? Part::Key : Part::Query, Part::None}};
    const std::string scope = cell.name == TensorName::ResidPre ? "" : cell.scope;
    const TensorPtr token = cell.tensorOf(scope, TensorName::TokenEmbed);
    const double own = token ? at(token, 0, cell.row, cell.column) : 0;
    if (cell.name == TensorName::TokenEmbed) {
        explanation.steps.push_back(noteStep("token_embed", originOfVector(cell), own));
        return;
    }
    if (cell.name == TensorName::PosEmbed) {
        addPosition(cell, 0, explanation);
        return;
    }
    const TensorPtr positions = cell.tensorOf(scope, TensorName::PosEmbed);
    const bool added = cell.p.positions == PositionsKind::Sinusoidal ||
                       cell.trace.edits({scope, TensorName::PosEmbed}) != nullptr;
    if (!added || !positions) {
        explanation.steps.push_back(sameAs("token_embed", own));
    } else {
        const double position = at(positions, 0, cell.row, cell.column);
        explanation.steps.push_back(sumOf({{"token_embed", own}, {"pos_embed", position}}));
    }
    if (cell.name == TensorName::ResidPre) addSetByHand(cell, {scope, TensorName::Embed}, 0, explanation);
}

void explainOutput(const Cell& cell, Explanation& explanation) {
    explanation.headline = {tr("output of %1, number %2"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Output}};
    const TensorPtr z = cell.tensor(TensorName::Z);
    if (!z) return;
    const bool edited = cell.trace.edits({cell.site.name, TensorName::WO}) != nullptr;
    if (cell.p.identityProjections && !edited) {
        explanation.steps.push_back(sameAs("z", at(z, 0, cell.row, cell.column)));
        return;
    }
    const TensorPtr w = cell.tensor(TensorName::WO);
    if (!w) return;
    explanation.steps.push_back(
        outputSum(z, cell.row, [&](Index head, Index d) { return at(w, head, d, cell.column); }));
}

void addLayerNorm(const Cell& cell, const TensorPtr& attnOut, const TensorPtr& embed,
                  Explanation& explanation) {
    Eigen::RowVectorXd row = attnOut->matrix().row(cell.row).cast<double>();
    if (cell.p.residual) row += embed->matrix().row(cell.row).cast<double>();
    const double mean = row.mean();
    const double variance = (row.array() - mean).square().mean();
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = "LN: (x − mean) ÷ √(variance + ε)";
    step.result = (row(cell.column) - mean) / std::sqrt(variance + kLayerNormEpsilon);
    step.expression = {"(", row(cell.column), " − ", mean, ") ÷ √(", variance, " + 1e-5) = ", step.result};
    explanation.steps.push_back(std::move(step));
}

void explainResidual(const Cell& cell, Explanation& explanation) {
    explanation.headline = {tr("result for %1, number %2"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Output}};
    const TensorPtr attnOut = cell.tensor(TensorName::AttnOut);
    const TensorPtr embed = cell.tensor(TensorName::ResidPre);
    if (!attnOut || !embed) return;
    const double own = at(attnOut, 0, cell.row, cell.column);
    if (cell.p.residual) {
        const double before = at(embed, 0, cell.row, cell.column);
        explanation.steps.push_back(sumOf({{"embed", before}, {"attn_out", own}}));
    } else {
        explanation.steps.push_back(sameAs("attn_out", own));
    }
    if (cell.p.layerNorm) addLayerNorm(cell, attnOut, embed, explanation);
}

void explainWeight(const Cell& cell, double value, Explanation& explanation) {
    explanation.headline = {tr("%1, row %2, column %3"),
                            {toString(cell.name), std::to_string(cell.row), std::to_string(cell.column)},
                            {Part::None, Part::None, Part::None}};
    explanation.steps.push_back(noteStep(toString(cell.name),
                                         cell.p.identityProjections
                                             ? tr("The identity: 1 on the diagonal, 0 elsewhere.")
                                             : tr("A seeded Gaussian number; nothing trained it."),
                                         value));
}

/// These say themselves what of them was set by hand: between two of their steps.
bool isScoreOrWeight(TensorName name) {
    return name == TensorName::ScoresRaw || name == TensorName::ScoresScaled || name == TensorName::Scores ||
           name == TensorName::Pattern;
}

/// Between queries, keys, values and what they give, every model computes alike. Around that the arithmetic
/// below is the toy's; that of trained models, with norms, biases and an MLP, stands in explain_trained.cpp.
bool isAttentionItself(TensorName name) {
    return isScoreOrWeight(name) || name == TensorName::Z;
}

/// What stands in the place of a part that is switched off.
void explainAblated(const Cell& cell, AblationKind kind, double value, Explanation& explanation) {
    if (cell.name == TensorName::Z) {
        explanation.headline = {tr("weighted value of %1, number %2"),
                                {cell.queryToken(cell.row), std::to_string(cell.column)},
                                {Part::Query, Part::Value}};
    } else {
        explanation.headline = {tr("%1, row %2, column %3"),
                                {toString(cell.name), std::to_string(cell.row), std::to_string(cell.column)},
                                {Part::None, Part::None, Part::None}};
    }
    const bool zero = kind == AblationKind::Zero;
    const char* const text =
        cell.name == TensorName::Z
            ? zero ? tr("This head is switched off: its z is 0, whatever its pattern says.")
                   : tr("This head is switched off: every query gets the mean of its z over this text.")
        : zero ? tr("This MLP is switched off: it adds 0.")
               : tr("This MLP is switched off: every token gets the mean of its output over this text.");
    explanation.steps.push_back(noteStep(toString(cell.name), text, value));
}

void explainCell(const Cell& cell, double value, Explanation& explanation) {
    if (const auto ablation = ablationOf(cell.trace, {cell.scope, cell.name}, cell.head)) {
        explainAblated(cell, *ablation, value, explanation);
        return;
    }
    if (cell.p.block != BlockKind::Toy && !isAttentionItself(cell.name)) {
        explaining::explainTrained(cell, value, explanation);
        return;
    }
    switch (cell.name) {
        case TensorName::TokenEmbed:
        case TensorName::PosEmbed:
        case TensorName::Embed:
        case TensorName::ResidPre:
            explainEmbedding(cell, explanation);
            break;
        case TensorName::WQ:
        case TensorName::WK:
        case TensorName::WV:
        case TensorName::WO:
            explainWeight(cell, value, explanation);
            break;
        case TensorName::QProj:
        case TensorName::KProj:
        case TensorName::Q:
        case TensorName::K:
        case TensorName::V:
            explainProjected(cell, explanation);
            break;
        case TensorName::ScoresRaw:
        case TensorName::ScoresScaled:
        case TensorName::Scores:
        case TensorName::Pattern:
            explaining::explainScores(cell, explanation);
            break;
        case TensorName::Z:
            explaining::explainWeightedValue(cell, explanation);
            break;
        case TensorName::AttnOut:
            explainOutput(cell, explanation);
            break;
        case TensorName::ResidPost:
            explainResidual(cell, explanation);
            break;
        case TensorName::MlpOut:
        case TensorName::Logits:
            explanation.steps.push_back(sameAs(toString(cell.name), value));  // the toy has neither
            break;
    }
}

}  // namespace

std::optional<Explanation> explain(const Trace& trace, const SiteInfo& site, const TensorKey& tensor,
                                   Index head, Index row, Index column) {
    const EntryPtr entry = trace.find(tensor);
    if (!entry) return std::nullopt;
    const auto [heads, rows, columns] = entry->shape();
    const Index usedHead = entry->rank() == 3 ? head : 0;
    if (usedHead < 0 || usedHead >= heads || row < 0 || row >= rows || column < 0 || column >= columns) {
        return std::nullopt;
    }
    Explanation explanation;
    explanation.tensor = tensor;
    explanation.head = usedHead;
    explanation.row = row;
    explanation.column = column;
    explanation.quantity = quantity(tensor.name);
    const Cell cell{trace, site,   trace.parameters(site), tensor.name, tensor.scope, usedHead,
                    row,   column, &explanation.missing};
    const bool identity = isWeight(tensor.name) && cell.p.identityProjections && row == column;
    const auto entryOf = [&](const TensorPtr& numbers) {
        return numbers ? at(numbers, usedHead, row, column) : identity ? 1 : 0;
    };
    // The arithmetic leads to what stands there without its own edits.
    const TensorEdits* const edits = trace.edits(tensor);
    const bool set = edits != nullptr && edits->find(usedHead, row, column) != nullptr;
    const bool derived = isScoreOrWeight(tensor.name);
    explainCell(cell, entryOf(set && !derived ? cell.numbersOf(trace.beforeEdits(tensor)) : entry->peek()),
                explanation);
    if (!derived) addSetByHand(cell, tensor, usedHead, explanation);
    const TensorPtr numbers = entry->peek();
    explanation.value =
        numbers || explanation.steps.empty() ? entryOf(numbers) : explanation.steps.back().result;
    return explanation;
}

}  // namespace attn
