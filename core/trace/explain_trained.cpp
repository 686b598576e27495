// The arithmetic around attention in a trained model: norms, projections with biases, what blocks hand on.
#include "core/trace/explain_parts.h"
#include "core/trace/site_name.h"
#include "core/trace/site_sources.h"

#include <cmath>

namespace attn::explaining {
namespace {

using Kind = ExplanationStep::Kind;
using Row = Eigen::RowVectorXd;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr const char* kNotKept =
    tr("What it was made of is not in memory: of a long text only what blocks hand on is kept.");

Row rowOf(const TensorPtr& tensor, Index row) {
    return tensor->matrix().row(row).cast<double>();
}

double weightAt(const LinearWeights& weights, Index input, Index output) {
    return weights.transposed ? at(weights.weight, 0, output, input) : at(weights.weight, 0, input, output);
}

/// One entry of x·W, and the bias where there is one.
void addProjection(const Row& x, const std::string& left, const LinearWeights& weights,
                   const std::string& right, Index output, Explanation& explanation) {
    ExplanationStep step = sumStep(left + " · " + right, left, right);
    for (Index i = 0; i < x.size(); ++i) addProduct(step, i, x(i), weightAt(weights, i, output));
    const double product = step.result;
    const std::string symbols = step.symbols;
    explanation.steps.push_back(std::move(step));
    if (weights.bias)
        explanation.steps.push_back(sumOf({{symbols, product}, {"b", at(weights.bias, 0, 0, output)}}));
}

/// A row after a norm, with the arithmetic of one of its numbers as a step.
Row normed(const Row& x, const NormWeights& weights, const SiteSources& from, Index column,
           std::string symbols, Explanation& explanation) {
    const double mean = from.rootMeanSquare ? 0 : x.mean();
    const double variance = (x.array() - mean).square().mean();
    Row out = (x.array() - mean) / std::sqrt(variance + from.epsilon);
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = std::move(symbols);
    if (from.rootMeanSquare) {
        step.expression = {x(column), " ÷ √(", variance, " + ε)"};
    } else {
        step.expression = {"(", x(column), " − ", mean, ") ÷ √(", variance, " + ε)"};
    }
    if (weights.gain) {
        out.array() *= rowOf(weights.gain, 0).array();
        step.expression.insert(step.expression.end(), {" × ", at(weights.gain, 0, 0, column)});
    }
    if (weights.bias) {
        out += rowOf(weights.bias, 0);
        step.expression.insert(step.expression.end(), {" + ", at(weights.bias, 0, 0, column)});
    }
    step.result = out(column);
    step.expression.insert(step.expression.end(), {" = ", step.result});
    explanation.steps.push_back(std::move(step));
    return out;
}

/// The pair (i, i + d/2) of a head's row, turned by its position's angle.
void addRotation(const Row& row, const RotaryTable& table, const Cell& cell, Explanation& explanation) {
    const Index half = row.size() / 2;
    if (cell.column >= 2 * half) {
        explanation.steps.push_back(
            noteStep("rotate", tr("The last of an odd number of dimensions has no partner: it stays."),
                     row(cell.column)));
        return;
    }
    const bool first = cell.column < half;
    const Index pair = first ? cell.column : cell.column - half;
    const auto cosine = static_cast<double>(table.cosine(cell.row, pair));
    const auto sine = static_cast<double>(table.sine(cell.row, pair));
    const double own = row(cell.column), other = row(first ? pair + half : pair);
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = "rotate";
    step.result = own * cosine + (first ? -other : other) * sine;
    step.expression = {own,  " × ", cosine,     first ? std::string(" − ") : std::string(" + "), other, " × ",
                       sine, " = ", step.result};
    explanation.steps.push_back(std::move(step));
}

void explainProjected(const Cell& cell, const SiteSources& from, double value, Explanation& explanation) {
    const bool query = cell.name == TensorName::Q || cell.name == TensorName::QProj;
    const bool ofValue = cell.name == TensorName::V;
    const char* text = query     ? tr("query of %1, number %2")
                       : ofValue ? tr("value of %1, number %2")
                                 : tr("key of %1, number %2");
    const Part part = query ? Part::Query : ofValue ? Part::Value : Part::Key;
    explanation.headline = {
        text,
        {query ? cell.queryToken(cell.row) : cell.keyToken(cell.row), std::to_string(cell.column)},
        {query ? Part::Query : Part::Key, part}};
    const LinearWeights& weights = query ? from.q : ofValue ? from.v : from.k;
    const Index width = ofValue ? cell.p.dV : cell.p.dK;
    const TensorPtr x = cell.numbersOf(query ? from.queriesFrom : from.keysFrom);
    if (!x) {
        explanation.steps.push_back(noteStep(toString(cell.name), kNotKept, value));
        return;
    }
    const bool encoded = !query && cell.site.cross;
    const char* const left = cell.p.block == BlockKind::PreNorm && !encoded ? "norm(x)" : "x";
    addProjection(rowOf(x, cell.row), left, weights,
                  query     ? "W_Q"
                  : ofValue ? "W_V"
                            : "W_K",
                  cell.head * width + cell.column, explanation);
    const NormWeights& norm = query ? from.qNorm : from.kNorm;
    const bool finished = cell.name == TensorName::Q || cell.name == TensorName::K;
    if (!finished || (!norm.gain && !from.rotary)) return;
    const TensorPtr projected = cell.tensor(query ? TensorName::QProj : TensorName::KProj);
    if (!projected) return;
    Row row = projected->matrix(cell.head).row(cell.row).cast<double>();
    if (norm.gain) {
        SiteSources ofHead;
        ofHead.epsilon = from.epsilon;
        ofHead.rootMeanSquare = true;
        row = normed(row, norm, ofHead, cell.column, query ? "norm of q" : "norm of k", explanation);
    }
    if (from.rotary) addRotation(row, *from.rotary, cell, explanation);
}

void explainOutput(const Cell& cell, const SiteSources& from, double value, Explanation& explanation) {
    explanation.headline = {tr("output of %1, number %2"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Output}};
    const TensorPtr z = cell.tensor(TensorName::Z);
    if (!z) {
        explanation.steps.push_back(noteStep("attn_out", kNotKept, value));
        return;
    }
    ExplanationStep step = outputSum(z, cell.row, [&](Index head, Index d) {
        return weightAt(from.o, head * z->cols() + d, cell.column);
    });
    const double product = step.result;
    explanation.steps.push_back(std::move(step));
    if (from.o.bias) {
        explanation.steps.push_back(
            sumOf({{"concat(z) · W_O", product}, {"b", at(from.o.bias, 0, 0, cell.column)}}));
    }
}

/// The sums of a block, and its norms where they come after them. Between a decoder's attention to itself and
/// its MLP lies its attention to the encoder, a site of its own.
void explainResidual(const Cell& cell, const SiteSources& from, double value, Explanation& explanation) {
    explanation.headline = {tr("result for %1, number %2"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Output}};
    const std::string cross = cell.scope + ".cross";
    const bool hasCross = cell.trace.site(cross) != nullptr;
    const TensorPtr before =
        cell.tensorOf(hasCross ? cross : cell.scope, hasCross ? TensorName::ResidPost : TensorName::ResidPre);
    const TensorPtr attention = cell.tensorOf(cell.scope, TensorName::AttnOut);
    const TensorPtr mlp = cell.tensorOf(cell.scope, TensorName::MlpOut);
    if (!before || (!attention && !hasCross) || (!mlp && !cell.site.cross)) {
        explanation.steps.push_back(noteStep("resid_post", kNotKept, value));
        return;
    }
    const bool normsAfter = cell.p.block != BlockKind::PreNorm;
    Row sum = rowOf(before, cell.row);
    std::vector<std::pair<std::string, double>> summands{
        {hasCross ? "cross" : "resid_pre", sum(cell.column)}};
    const auto add = [&](const char* what, const TensorPtr& tensor) {
        sum += rowOf(tensor, cell.row);
        summands.emplace_back(what, at(tensor, 0, cell.row, cell.column));
    };
    const auto close = [&](const NormWeights& weights) {
        explanation.steps.push_back(sumOf(summands));
        if (normsAfter) sum = normed(sum, weights, from, cell.column, "LN", explanation);
        summands = {{"LN", sum(cell.column)}};
    };
    if (!hasCross) add("attn_out", attention);
    if (!hasCross && normsAfter) close(from.attentionNorm);
    if (cell.site.cross && normsAfter) return;
    if (!cell.site.cross) add("mlp_out", mlp);
    close(from.mlpNorm);
}

void explainInput(const Cell& cell, double value, Explanation& explanation) {
    const char* text = cell.name == TensorName::TokenEmbed ? tr("token vector of %1, number %2")
                       : cell.name == TensorName::PosEmbed ? tr("position of %1, number %2")
                       : cell.name == TensorName::Embed    ? tr("embedding of %1, number %2")
                                                           : tr("what enters for %1, number %2");
    const TensorKey key{cell.scope, cell.name};
    const Tokens* tokens = cell.trace.tokensAlong(key, axes(key).first);
    explanation.headline = {text,
                            {tokens != nullptr ? Cell::token(*tokens, cell.row) : std::to_string(cell.row),
                             std::to_string(cell.column)},
                            {Part::Query, Part::None}};
    const bool entersBlock = cell.name == TensorName::ResidPre;
    const std::string sequence = entersBlock ? scopeOf(cell.site.queriesFrom) : cell.scope;
    const TensorPtr token = cell.tensorOf(sequence, TensorName::TokenEmbed);
    const TensorPtr position = cell.tensorOf(sequence, TensorName::PosEmbed);
    const bool learned = cell.p.positions == PositionsKind::Learned;
    if (cell.name == TensorName::TokenEmbed) {
        explanation.steps.push_back(
            noteStep("token_embed", tr("The token's row in the model's table: learned."), value));
    } else if (cell.name == TensorName::PosEmbed) {
        explanation.steps.push_back(noteStep("pos_embed",
                                             learned ? tr("The place's row in the model's table: learned.")
                                                     : tr("Nothing is added for the position."),
                                             value));
    } else if (entersBlock && (cell.site.cross || sitePlace(cell.scope).layer > 0)) {
        explanation.steps.push_back(noteStep("resid_pre", tr("What the part before has handed on."), value));
    } else if (token && position) {
        ExplanationStep sum = sumOf({{"token_embed", at(token, 0, cell.row, cell.column)},
                                     {"pos_embed", at(position, 0, cell.row, cell.column)}});
        const double added = sum.result;
        explanation.steps.push_back(std::move(sum));
        const TensorKey embed{sequence, TensorName::Embed};
        const TensorPtr unedited = entersBlock ? cell.numbersOf(cell.trace.beforeEdits(embed)) : nullptr;
        const double made = unedited ? at(unedited, 0, cell.row, cell.column) : value;
        if (std::abs(added - made) > 1e-6 * (1 + std::abs(made))) {
            explanation.steps.push_back(noteStep(
                "embed",
                tr("Then comes the vector of the token's type, and the sum is normed where the model "
                   "does that."),
                made));
        }
        if (entersBlock) addSetByHand(cell, embed, 0, explanation);
    } else {
        explanation.steps.push_back(noteStep(toString(cell.name), kNotKept, value));
    }
}

void explainLogit(const Cell& cell, double value, Explanation& explanation) {
    explanation.headline = {tr("logit of token %2 after %1"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Output}};
    const OutputSources& from = cell.trace.outputSources();
    if (!from.rows || !from.output.weight) {
        explanation.steps.push_back(noteStep("logits", "", value));
        return;
    }
    addProjection(rowOf(from.rows, cell.row), "x", from.output, "W_U", cell.column, explanation);
}

void explainInWords(const Cell& cell, const char* text, double value, Explanation& explanation) {
    explanation.headline = {tr("%1, row %2, column %3"),
                            {toString(cell.name), std::to_string(cell.row), std::to_string(cell.column)},
                            {Part::None, Part::None, Part::None}};
    explanation.steps.push_back(noteStep(toString(cell.name), text, value));
}

}  // namespace

void explainTrained(const Cell& cell, double value, Explanation& explanation) {
    const SiteSources* const from = cell.trace.sources(cell.scope);
    switch (cell.name) {
        case TensorName::TokenEmbed:
        case TensorName::PosEmbed:
        case TensorName::Embed:
        case TensorName::ResidPre:
            explainInput(cell, value, explanation);
            return;
        case TensorName::MlpOut:
            explainInWords(cell,
                           tr("A network of two layers worked on this token's vector alone: nothing of "
                              "another token is in it."),
                           value, explanation);
            return;
        case TensorName::Logits:
            explainLogit(cell, value, explanation);
            return;
        case TensorName::WQ:
        case TensorName::WK:
        case TensorName::WV:
        case TensorName::WO:
            explainInWords(cell, tr("A weight of the model: training made it."), value, explanation);
            return;
        default:
            break;
    }
    if (from == nullptr) {
        explainInWords(cell, "", value, explanation);
    } else if (cell.name == TensorName::AttnOut) {
        explainOutput(cell, *from, value, explanation);
    } else if (cell.name == TensorName::ResidPost) {
        explainResidual(cell, *from, value, explanation);
    } else {
        explainProjected(cell, *from, value, explanation);
    }
}

}  // namespace attn::explaining
