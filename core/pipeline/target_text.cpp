#include "core/pipeline/target_text.h"

#include "core/ops/product.h"
#include "core/pipeline/output_head.h"

#include <algorithm>
#include <utility>

namespace attn {
namespace {

/// The most likely token after the last row.
std::int64_t nextToken(EvaluationContext& context, const TransformerPtr& model, const EntryPtr& residual) {
    const TensorPtr input = headInput(context, model, residual);
    Matrix logits(1, model->architecture.vocabulary);
    logitsOf(*model, rowsOf(input->matrix(), input->rows() - 1, 1), span(logits));
    Index best = 0;
    logits.row(0).maxCoeff(&best);
    return best;
}

}  // namespace

std::vector<std::int64_t> generateTarget(
    EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model, const EncodedText& encoded,
    const std::function<Tokens(const std::vector<std::int64_t>&)>& name) {
    constexpr Index kSpare = 32, kMost = 256;
    const Architecture& a = model->architecture;
    const Index bound = std::min({a.context, 3 * rowsOf(*encoded.output) + kSpare, kMost});
    std::vector<std::int64_t> ids{a.target.start};
    if (a.target.forcedFirst >= 0 && bound > 1) ids.push_back(a.target.forcedFirst);
    if (a.head == HeadKind::None) return ids;
    const auto owner = std::make_shared<const Inputs>(inputs);
    std::shared_ptr<const StageMemory> memory;
    while (static_cast<Index>(ids.size()) < bound) {
        BlockStack decoder{"decoder.blocks.", Sequence::Target, std::make_shared<const Tokens>(name(ids)),
                           false, encoded};
        Evaluation step(memory, context.evaluation.stopToken());
        TraceBuilder unseen(owner);
        EvaluationContext stepContext{step, unseen, context.pool, context.derived, Retention::Residuals,
                                      false};
        const EntryPtr residual = evaluateStack(stepContext, inputs, model, decoder);
        const std::int64_t next = nextToken(stepContext, model, residual);
        if (std::count(a.target.endTokens.begin(), a.target.endTokens.end(), next) > 0) break;
        ids.push_back(next);
        memory = step.memory();
    }
    return ids;
}

}  // namespace attn
