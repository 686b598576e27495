#include "core/pipeline/output_head.h"

#include <utility>

namespace attn {

TensorPtr headInput(EvaluationContext& context, const TransformerPtr& model, const EntryPtr& residual) {
    const Architecture& a = model->architecture;
    const bool rootMeanSquare = a.norm == NormKind::RootMeanSquare;
    TensorPtr last = residual->get();
    if (a.finalNorm) {
        const StageKey key(last, model->finalNorm.gain, model->finalNorm.bias);
        last = context.evaluation.stage<Tensor>("final_norm", key, [&] {
            Tensor out = Tensor::allocate(context.pool, last->rows(), last->cols());
            norm(last->matrix(), model->finalNorm, rootMeanSquare, a.normEpsilon, out.span());
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
    auto entry = recipeOf(context, "/logits", StageKey(headInput, model),
                          TensorShape::matrix(headInput->rows(), model->architecture.vocabulary),
                          [pool = context.pool, headInput, model](const std::stop_token&) mutable {
                              Tensor out =
                                  Tensor::allocate(pool, headInput->rows(), model->architecture.vocabulary);
                              logitsOf(*model, headInput->matrix(), out.span());
                              return out;
                          });
    context.builder.add({"", TensorName::Logits}, std::move(entry));
}

}  // namespace attn
