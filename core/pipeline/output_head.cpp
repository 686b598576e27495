#include "core/pipeline/output_head.h"

#include <utility>

namespace attn {

TensorPtr headInput(EvaluationContext& context, const TransformerPtr& model, const TensorPtr& residual) {
    const Architecture& a = model->architecture;
    const bool rootMeanSquare = a.norm == NormKind::RootMeanSquare;
    TensorPtr last = residual;
    if (a.finalNorm) {
        const StageKey key(residual, model->finalNorm.gain, model->finalNorm.bias);
        last = context.evaluation.stage<Tensor>("final_norm", key, [&] {
            Tensor out = Tensor::allocate(context.pool, residual->rows(), residual->cols());
            norm(residual->matrix(), model->finalNorm, rootMeanSquare, a.normEpsilon, out.span());
            return out;
        });
    }
    if (a.head == HeadKind::None) return nullptr;
    if (a.head == HeadKind::Linear) return last;
    return context.evaluation.stage<Tensor>("head", StageKey(last, model), [&] {
        Tensor out = Tensor::allocate(context.pool, last->rows(), a.dModel);
        linear(last->matrix(), model->head.transform, out.span(), false);
        activate(a.headActivation, out.span(), model->head.transform.bias, nullptr);
        norm(out.matrix(), model->head.norm, false, a.normEpsilon, out.span());
        return out;
    });
}

void logitsOf(const Transformer& model, const MatrixView& headInput, MatrixSpan logits) {
    linear(headInput, model.head.output, logits);
}

void addLogits(EvaluationContext& context, const TransformerPtr& model, const TensorPtr& headInput) {
    const std::array<Index, 3> shape{1, headInput->rows(), model->architecture.vocabulary};
    auto entry = context.evaluation.stage<TensorEntry>("/logits", StageKey(headInput, model), [&] {
        return std::make_shared<const TensorEntry>(
            2, shape,
            [pool = context.pool, headInput, model]() mutable {
                Tensor out = Tensor::allocate(pool, headInput->rows(), model->architecture.vocabulary);
                logitsOf(*model, headInput->matrix(), out.span());
                return out;
            },
            context.derived);
    });
    context.builder.add({"", TensorName::Logits}, std::move(entry));
}

}  // namespace attn
