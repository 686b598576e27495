#include "core/trace/explain_parts.h"

namespace attn::explaining {

using Kind = ExplanationStep::Kind;

ExplanationStep sumStep(std::string symbols, std::string left, std::string right) {
    ExplanationStep step;
    step.kind = Kind::Sum;
    step.symbols = std::move(symbols);
    step.leftName = std::move(left);
    step.rightName = std::move(right);
    return step;
}

ExplanationStep sumOf(std::vector<std::pair<std::string, double>> summands) {
    ExplanationStep step;
    step.kind = Kind::Sum;
    step.form = TermForm::Addend;
    step.axis = TermAxis::Named;
    for (auto& summand : summands) {
        const double value = summand.second;
        step.symbols += (step.symbols.empty() ? "" : " + ") + summand.first;
        step.terms.push_back({static_cast<Index>(step.terms.size()), value, 1, value});
        step.termNames.push_back(std::move(summand.first));
        step.result += value;
    }
    return step;
}

ExplanationStep noteStep(std::string symbols, const char* text, double value) {
    ExplanationStep step;
    step.symbols = std::move(symbols);
    step.note.text = text;
    step.result = value;
    return step;
}

ExplanationStep outputSum(const TensorPtr& z, Index row, const std::function<double(Index, Index)>& weight) {
    ExplanationStep step = sumStep("concat(z) · W_O", "z", "W_O");
    step.axis = TermAxis::HeadDimension;
    step.perHead = z->cols();
    for (Index h = 0; h < z->heads(); ++h) {
        for (Index d = 0; d < z->cols(); ++d)
            addProduct(step, h * z->cols() + d, at(z, h, row, d), weight(h, d));
    }
    return step;
}

}  // namespace attn::explaining
