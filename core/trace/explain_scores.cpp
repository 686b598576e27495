#include "core/trace/ablated.h"
#include "core/trace/explain_parts.h"

#include <algorithm>
#include <cmath>

namespace attn::explaining {
namespace {

using Kind = ExplanationStep::Kind;

constexpr auto kLargestFloat = static_cast<double>(std::numeric_limits<float>::max());
constexpr float kTieTolerance = 1e-6F;  // as the hard normaliser has it
constexpr double kNegligible = -87;     // as the softmax kernel has it

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

double number(const MatrixView& matrix, Index row, Index column) {
    return static_cast<double>(matrix(row, column));
}

ExplanationStep dotProduct(const MatrixView& q, const MatrixView& k, Index i, Index j) {
    ExplanationStep step = sumStep("q · k", "q", "k");
    for (Index d = 0; d < q.cols(); ++d) addProduct(step, d, number(q, i, d), number(k, j, d));
    return step;
}

ExplanationStep additiveSum(const MatrixView& q, const MatrixView& k, const ScoreWeights& weights, Index head,
                            Index i, Index j) {
    ExplanationStep step = sumStep("wᵀ tanh(W₁q + W₂k)", "w", "W₁q + W₂k");
    step.form = TermForm::WeightedTanh;
    step.axis = TermAxis::Hidden;
    const MatrixView first = weights.additiveQuery->matrix(head);
    const MatrixView second = weights.additiveKey->matrix(head);
    const MatrixView out = weights.additiveOut->matrix(head);
    const Eigen::RowVectorXd inner =
        q.row(i).cast<double>() * first.cast<double>() + k.row(j).cast<double>() * second.cast<double>();
    for (Index u = 0; u < inner.size(); ++u) {
        const double w = number(out, 0, u);
        const double value = w * std::tanh(inner(u));
        step.terms.push_back({u, w, inner(u), value});
        step.result += value;
    }
    return step;
}

ExplanationStep bilinearSum(const MatrixView& q, const MatrixView& k, const MatrixView& w, Index i, Index j) {
    ExplanationStep step = sumStep("qᵀW · k", "qᵀW", "k");
    const Eigen::RowVectorXd projected = q.row(i).cast<double>() * w.cast<double>();
    for (Index d = 0; d < projected.size(); ++d) addProduct(step, d, projected(d), number(k, j, d));
    return step;
}

void addRawScore(const Cell& cell, Index i, Index j, Explanation& explanation) {
    const TensorPtr queries = cell.tensor(TensorName::Q);
    const TensorPtr keys = cell.tensor(TensorName::K);
    if (!queries || !keys) return;
    const MatrixView q = queries->matrix(cell.head);
    const MatrixView k = keys->matrix(cell.kvHead());
    const ScoreWeights& weights = cell.trace.scoreWeights(cell.site.name);
    if (cell.p.score == ScoreKind::Additive && weights.additiveOut) {
        explanation.steps.push_back(additiveSum(q, k, weights, cell.head, i, j));
    } else if (cell.p.score == ScoreKind::Bilinear && weights.bilinear) {
        explanation.steps.push_back(bilinearSum(q, k, weights.bilinear->matrix(cell.head), i, j));
    } else {
        explanation.steps.push_back(dotProduct(q, k, i, j));
        if (cell.p.score == ScoreKind::Cosine) {
            const double dot = explanation.steps.back().result;
            const double qLength = q.row(i).cast<double>().norm();
            const double kLength = k.row(j).cast<double>().norm();
            ExplanationStep step;
            step.kind = Kind::Formula;
            step.symbols = "÷ ‖q‖‖k‖";
            step.result = qLength > 0 && kLength > 0 ? dot / (qLength * kLength) : 0;
            step.expression = {dot, " ÷ (", qLength, " × ", kLength, ") = ", step.result};
            explanation.steps.push_back(std::move(step));
        }
    }
    ExplanationStep& last = explanation.steps.back();
    last.result = std::clamp(last.result, -kLargestFloat, kLargestFloat);
}

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-6 * std::abs(b);
}

void addScale(const Cell& cell, double raw, Explanation& explanation) {
    const double dK = static_cast<double>(cell.p.dK);
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.expression.emplace_back(raw);
    if (near(cell.p.scale, 1 / std::sqrt(dK))) {
        step.symbols = "÷ √dₖ";
        step.expression.emplace_back(" ÷ √" + std::to_string(cell.p.dK));
    } else if (near(cell.p.scale, 1 / dK)) {
        step.symbols = "÷ dₖ";
        step.expression.emplace_back(" ÷ " + std::to_string(cell.p.dK));
    } else {
        step.symbols = "× scale";
        step.expression.emplace_back(" × " + formatValue(cell.p.scale));
    }
    if (cell.p.temperature != 1) {
        step.symbols += " ÷ T";
        step.expression.emplace_back(" ÷ " + formatValue(cell.p.temperature));
    }
    const double multiplier = static_cast<double>(static_cast<float>(cell.p.scale / cell.p.temperature));
    step.result = std::clamp(raw * multiplier, -kLargestFloat, kLargestFloat);
    step.expression.emplace_back(" = ");
    step.expression.emplace_back(step.result);
    explanation.steps.push_back(std::move(step));
}

const char* maskNote(MaskKind mask, bool byHand, bool allowed) {
    if (byHand) return allowed ? tr("allowed by hand") : tr("masked by hand: −∞");
    switch (mask) {
        case MaskKind::Causal:
            return allowed ? tr("allowed: the key does not come later")
                           : tr("masked: −∞, the key comes later");
        case MaskKind::Local:
            return allowed ? tr("allowed: near enough") : tr("masked: −∞, too far away");
        case MaskKind::Sliding:
            return translatable("core", "Only the last keys may be seen, and none after the query.");
        case MaskKind::Padding:
            return allowed ? tr("allowed: no padding") : tr("masked: −∞, padding");
        case MaskKind::None:
            break;
    }
    return allowed ? tr("allowed") : tr("masked: −∞");
}

/// The step stays while cells are scrubbed: with any mask at all it is there for allowed cells too.
void addMask(const Cell& cell, Index i, Index j, double scaled, Explanation& explanation) {
    const MaskPlan& plan = cell.trace.mask(cell.site.name);
    if (plan.cells.empty()) return;
    const bool allowed = plan.allowed(i, j);
    ExplanationStep step;
    step.symbols = "mask";
    step.result = scaled;
    if (!allowed) step.result = kMaskedScore;
    step.note.text = maskNote(cell.p.mask, plan.painted(i, j), allowed);
    explanation.steps.push_back(std::move(step));
}

/// The row's scores as the softmax sees them, in float like it.
std::vector<float> rowScores(const Cell& cell, const MatrixView& raw, Index i) {
    const auto multiplier = static_cast<float>(cell.p.scale / cell.p.temperature);
    const MaskPlan& plan = cell.trace.mask(cell.site.name);
    const auto inRow = [&](TensorName name) {
        const TensorEdits* const edits = cell.trace.edits({cell.site.name, name});
        return edits == nullptr ? std::span<const EditedCell>() : edits->inRows(cell.head, i, 1);
    };
    std::vector<float> scores(static_cast<std::size_t>(raw.cols()));
    constexpr float kLargest = std::numeric_limits<float>::max();
    for (Index j = 0; j < raw.cols(); ++j) {
        scores[static_cast<std::size_t>(j)] = plan.allowed(i, j)
                                                  ? std::clamp(raw(i, j) * multiplier, -kLargest, kLargest)
                                                  : -std::numeric_limits<float>::infinity();
    }
    for (const EditedCell& set : inRow(TensorName::ScoresScaled)) {
        if (plan.allowed(i, set.column)) scores[static_cast<std::size_t>(set.column)] = set.value;
    }
    for (const EditedCell& set : inRow(TensorName::Scores))
        scores[static_cast<std::size_t>(set.column)] = set.value;
    return scores;
}

double exponentialOf(float score, float largest, bool hard) {
    if (std::isinf(score)) return 0;
    if (hard) return score >= largest - kTieTolerance * std::max(std::abs(largest), 1e-30F) ? 1 : 0;
    const double difference = static_cast<double>(score) - static_cast<double>(largest);
    return difference >= kNegligible ? std::exp(difference) : 0;
}

void addSoftmax(const Cell& cell, const MatrixView& raw, Index i, Index j, Explanation& explanation) {
    const bool hard = cell.p.normalizer == NormalizerKind::Hard;
    ExplanationStep step;
    step.kind = Kind::Softmax;
    step.symbols = hard ? "hardmax" : "softmax";
    const std::vector<float> scores = rowScores(cell, raw, i);
    const float largest = scores.empty() ? 0.0F : *std::max_element(scores.begin(), scores.end());
    step.largest = static_cast<double>(largest);
    step.keys.reserve(scores.size());
    for (const float score : scores) {
        const double exponential = exponentialOf(score, largest, hard);
        step.keys.push_back({static_cast<double>(score), exponential, 0});
        step.sum += exponential;
    }
    if (step.sum > 0) {
        for (KeyWeight& key : step.keys) key.weight = key.exponential / step.sum;
    } else if (!scores.empty()) {
        step.note.text = tr("Every key is masked: the row stays 0.");
    }
    step.result = step.keys[static_cast<std::size_t>(j)].weight;
    explanation.steps.push_back(std::move(step));
}

/// z of the query, and what the key adds to it.
void addWeightedValues(const Cell& cell, Index i, Index j, double weight, Explanation& explanation) {
    const TensorPtr z = cell.tensor(TensorName::Z);
    const TensorPtr v = cell.tensor(TensorName::V);
    if (!z || !v) return;
    if (ablationOf(cell.trace, {cell.site.name, TensorName::Z}, cell.head)) {
        ExplanationStep off;
        off.symbols = "z";
        off.note.text = tr("This head is switched off: its pattern has no effect on what follows.");
        off.result = weight;
        explanation.steps.push_back(std::move(off));
        return;
    }
    ExplanationStep step;
    step.kind = Kind::Vector;
    step.symbols = "z = Σ p·v";
    step.leftName = "p";
    step.rightName = "v";
    step.result = weight;
    const MatrixView sums = z->matrix(cell.head);
    const MatrixView values = v->matrix(cell.kvHead());
    for (Index d = 0; d < sums.cols(); ++d) {
        step.vector.push_back(sums(i, d));
        const double value = number(values, j, d);
        step.terms.push_back({d, weight, value, weight * value});
    }
    explanation.steps.push_back(std::move(step));
}

}  // namespace

void explainScores(const Cell& cell, Explanation& explanation) {
    const Index i = cell.row;
    const Index j = cell.column;
    const TensorEdits* const edits = cell.trace.edits({cell.site.name, TensorName::Scores});
    const EditedCell* const set = edits == nullptr ? nullptr : edits->find(cell.head, i, j);
    const bool allowed =
        set != nullptr ? !std::isinf(set->value) : cell.trace.mask(cell.site.name).allowed(i, j);
    const bool masked = !allowed && (cell.name == TensorName::Scores || cell.name == TensorName::Pattern);
    const char* verb = cell.name == TensorName::Pattern ? tr("%1 attends to %2") : tr("%1 fits %2");
    explanation.headline = {masked ? tr("%1 may not see %2") : verb,
                            {cell.queryToken(i), cell.keyToken(j)},
                            {Part::Query, Part::Key}};
    const auto addEdit = [&](TensorName name) {
        addSetByHand(cell, {cell.site.name, name}, cell.head, explanation);
    };
    addRawScore(cell, i, j, explanation);
    addEdit(TensorName::ScoresRaw);
    const TensorPtr rawScores = cell.tensor(TensorName::ScoresRaw);
    if (cell.name == TensorName::ScoresRaw || !rawScores) return;
    const MatrixView raw = rawScores->matrix(cell.head);
    addScale(cell, number(raw, i, j), explanation);
    addEdit(TensorName::ScoresScaled);
    if (cell.name == TensorName::ScoresScaled) return;
    addMask(cell, i, j, explanation.steps.back().result, explanation);
    addEdit(TensorName::Scores);
    if (cell.name == TensorName::Scores) return;
    addSoftmax(cell, raw, i, j, explanation);
    addPatternEdits(cell, explanation);
    addWeightedValues(cell, i, j, explanation.steps.back().result, explanation);
}

void explainWeightedValue(const Cell& cell, Explanation& explanation) {
    explanation.headline = {tr("weighted value of %1, number %2"),
                            {cell.queryToken(cell.row), std::to_string(cell.column)},
                            {Part::Query, Part::Value}};
    const TensorPtr pattern = cell.tensor(TensorName::Pattern);
    const TensorPtr v = cell.tensor(TensorName::V);
    if (!pattern || !v) return;
    ExplanationStep step = sumStep("Σ p·v", "p", "v");
    step.axis = TermAxis::Key;
    const MatrixView weights = pattern->matrix(cell.head);
    const MatrixView values = v->matrix(cell.kvHead());
    for (Index j = 0; j < weights.cols(); ++j) {
        addProduct(step, j, number(weights, cell.row, j), number(values, j, cell.column));
    }
    explanation.steps.push_back(std::move(step));
}

}  // namespace attn::explaining
