#include "core/pipeline/output_head.h"

#include "core/ops/product.h"
#include "core/trace/row_entries.h"

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

namespace {

/// One product of a row with the head's matrix for each position that somebody looks at.
void addLogitRows(EvaluationContext& context, const TransformerPtr& model, const TensorPtr& headInput) {
    const auto make = [pool = context.pool, headInput, model](Index row) mutable {
        Tensor out = Tensor::allocate(pool, 1, model->architecture.vocabulary);
        logitsOf(*model, rowsOf(headInput->matrix(), row, 1), out.span());
        return out;
    };
    auto rows = context.evaluation.stage<RowEntries>("/logit_rows", StageKey(headInput, model), [&] {
        return std::make_shared<const RowEntries>(headInput->rows(), model->architecture.vocabulary, make,
                                                  context.derived);
    });
    const Architecture& a = model->architecture;
    context.builder.setLogitRows(std::move(rows), a.causal || a.encoder.has_value());
}

}  // namespace

void addLogits(EvaluationContext& context, const TransformerPtr& model, const TensorPtr& headInput) {
    auto entry = recipeOf(context, "/logits", StageKey(headInput, model),
                          TensorShape::matrix(headInput->rows(), model->architecture.vocabulary),
                          [pool = context.pool, headInput, model](const std::stop_token&) mutable {
                              Tensor out =
                                  Tensor::allocate(pool, headInput->rows(), model->architecture.vocabulary);
                              logitsOf(*model, headInput->matrix(), out.span());
                              return out;
                          });
    context.builder.setOutputSources({headInput, model->head.output});
    context.builder.add({"", TensorName::Logits}, std::move(entry));
    addLogitRows(context, model, headInput);
}

}  // namespace attn
