#include "core/trace/explain_parts.h"

namespace attn::explaining {
namespace {

using Kind = ExplanationStep::Kind;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

void addFormula(std::string symbols, std::vector<ExpressionPiece> expression, double result, const char* note,
                Explanation& explanation) {
    ExplanationStep step;
    step.kind = Kind::Formula;
    step.symbols = std::move(symbols);
    step.expression = std::move(expression);
    step.result = result;
    step.note.text = note;
    explanation.steps.push_back(std::move(step));
}

}  // namespace

bool addSetByHand(const Cell& cell, const TensorKey& tensor, Index head, Explanation& explanation) {
    const TensorEdits* const edits = cell.trace.edits(tensor);
    const EditedCell* const set = edits == nullptr ? nullptr : edits->find(head, cell.row, cell.column);
    if (set == nullptr) return false;
    const auto value = static_cast<double>(set->value);
    std::vector<ExpressionPiece> expression{"= ", value};
    if (!explanation.steps.empty()) {
        const double before = explanation.steps.back().result;
        expression = {before, " → ", value};
        if (tensor == explanation.tensor && explanation.missing.empty()) explanation.before = before;
    }
    addFormula(toString(tensor.name), std::move(expression), value,
               tr("Set by hand, in place of what the arithmetic gives."), explanation);
    return true;
}

void addPatternEdits(const Cell& cell, Explanation& explanation) {
    const TensorKey key{cell.site.name, TensorName::Pattern};
    const TensorEdits* const edits = cell.trace.edits(key);
    if (edits == nullptr || explanation.steps.empty()) return;
    const std::span<const EditedCell> inRow = edits->inRows(cell.head, cell.row, 1);
    if (inRow.empty()) return;
    const std::vector<KeyWeight> softmax = explanation.steps.back().keys;
    const double own = explanation.steps.back().result;
    const bool set = addSetByHand(cell, key, cell.head, explanation);
    if (cell.p.editedRows == EditedRowsKind::Kept) return;
    double chosen = 0, others = 0;
    auto next = inRow.begin();  // by column, as the keys are
    for (std::size_t column = 0; column < softmax.size(); ++column) {
        if (next != inRow.end() && next->column == static_cast<Index>(column)) {
            chosen += static_cast<double>(next->value);
            ++next;
        } else {
            others += softmax[column].weight;
        }
    }
    if (!set) {
        const bool shares = chosen <= 1 && others > 0;
        const double factor = shares ? (1 - chosen) / others : chosen > 1 ? 0 : 1;
        addFormula("× (1 − Σ) ÷ Σ", {own, " × ", factor, " = ", own * factor}, own * factor,
                   tr("Other weights of this row were set by hand: the rest share what is left of 1."),
                   explanation);
    } else if (chosen > 1 || (others <= 0 && chosen > 0)) {
        const double value = explanation.steps.back().result;
        addFormula("÷ Σ", {value, " ÷ ", chosen, " = ", value / chosen}, value / chosen,
                   tr("Divided by what was set in this row, so that it sums to 1."), explanation);
    }
}

}  // namespace attn::explaining
