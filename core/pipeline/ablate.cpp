#include "core/pipeline/ablate.h"

namespace attn {
namespace {

/// Sums in double: a text may be long.
void fillWithMean(const MatrixView& from, MatrixSpan to) {
    if (from.rows() == 0) return;
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(from.cols());
    for (Index i = 0; i < from.rows(); ++i) sum += from.row(i).cast<double>();
    const Eigen::RowVectorXf mean = (sum / static_cast<double>(from.rows())).cast<float>();
    for (Index i = 0; i < to.rows(); ++i) to.row(i) = mean;
}

/// One character for each head.
std::string keyText(const HeadAblations& ablations) {
    std::string text;
    for (const auto& each : ablations) text += !each ? '.' : *each == AblationKind::Mean ? 'm' : '0';
    return text;
}

Tensor ablated(BufferPool& pool, const Tensor& z, const HeadAblations& ablations) {
    Tensor out = Tensor::allocate(pool, z.heads(), z.rows(), z.cols(), Tensor::Layout::HeadsInterleaved);
    for (Index h = 0; h < z.heads(); ++h) {
        const auto& ablation = ablations[static_cast<std::size_t>(h)];
        if (!ablation) {
            out.span(h) = z.matrix(h);
        } else if (*ablation == AblationKind::Zero) {
            out.span(h).setZero();
        } else {
            fillWithMean(z.matrix(h), out.span(h));
        }
    }
    return out;
}

}  // namespace

EntryPtr withoutHeads(EvaluationContext& context, const std::string& site, const EntryPtr& z,
                      const HeadAblations& ablations) {
    if (ablations.empty()) return z;
    constexpr const char* kStage = "z_ablated";
    return madeOrRecipe(context, site, kStage, kStage, StageKey(z, keyText(ablations)),
                        {z->rank(), z->shape()},
                        [pool = context.pool, z, ablations](const std::stop_token& stop) mutable {
                            return ablated(pool, *z->get(stop), ablations);
                        });
}

Tensor meanOfRows(BufferPool& pool, const Tensor& x) {
    Tensor out = Tensor::allocate(pool, x.rows(), x.cols());
    fillWithMean(x.matrix(), out.span());
    return out;
}

Tensor zeros(BufferPool& pool, Index rows, Index columns) {
    Tensor out = Tensor::allocate(pool, rows, columns);
    out.span().setZero();
    return out;
}

}  // namespace attn
