#include "core/pipeline/attention_site.h"

#include "core/base/parallel.h"
#include "core/ops/positions.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"
#include "core/pipeline/ablate.h"
#include "core/pipeline/site_attend.h"

#include <utility>

namespace attn {
namespace {

using Layout = Tensor::Layout;

Tensor byHeads(BufferPool& pool, const MatrixView& weight, bool transposed, const std::array<Index, 3>& shape,
               bool stacked) {
    Tensor tensor = Tensor::allocate(pool, shape[0], shape[1], shape[2], Layout::HeadsFirst);
    for (Index h = 0; h < shape[0]; ++h) {
        const Index row = stacked ? h * shape[1] : 0;
        const Index col = stacked ? 0 : h * shape[2];
        if (transposed) {
            tensor.span(h) = weight.block(col, row, shape[2], shape[1]).transpose();
        } else {
            tensor.span(h) = weight.block(row, col, shape[1], shape[2]);
        }
    }
    return tensor;
}

/// Norms and rotation of each head's rows.
Tensor prepare(BufferPool& pool, const Tensor& projected, const RotaryTable* rotary,
               const NormWeights& normWeights, double epsilon) {
    Tensor out = Tensor::allocate(pool, projected.heads(), projected.rows(), projected.cols(),
                                  Layout::HeadsInterleaved);
    parallelFor(static_cast<std::size_t>(out.heads()), [&](std::size_t index) {
        const auto h = static_cast<Index>(index);
        if (!normWeights.gain) {
            rotaryPositions(projected.matrix(h), *rotary, out.span(h));
            return;
        }
        for (Index i = 0; i < out.rows(); ++i) {
            rowKernels().norm(projected.matrix(h).row(i).data(), nullptr, normWeights.gain->matrix().data(),
                              nullptr, true, epsilon, out.span(h).row(i).data(),
                              static_cast<std::size_t>(out.cols()));
        }
        if (rotary != nullptr) rotaryPositions(out.matrix(h), *rotary, out.span(h));
    });
    return out;
}

/// heads × d_model × d, of W_O heads × d × d_model.
TensorShape weightShape(TensorName name, const LinearWeights& linearWeights, const EffectiveParameters& p) {
    const TensorPtr& weight = linearWeights.weight;
    if (!weight) return TensorShape::ofHeads(1, p.dModel, p.dModel);
    if (weight->rank() == 3) return {3, weight->shape()};
    const bool out = name == TensorName::WO;
    const Index heads = out || name == TensorName::WQ ? p.heads : p.kvHeads;
    const Index inputs = linearWeights.transposed ? weight->cols() : weight->rows();
    const Index outputs = linearWeights.transposed ? weight->rows() : weight->cols();
    return TensorShape::ofHeads(heads, out ? inputs / heads : inputs, out ? outputs : outputs / heads);
}

/// W_Q … as the trace shows it: as it lies there, or turned round when somebody asks.
EntryPtr weightEntry(EvaluationContext& context, const std::string& id, TensorName name,
                     const LinearWeights& linearWeights, const EffectiveParameters& p) {
    const TensorPtr& weight = linearWeights.weight;
    const TensorShape shape = weightShape(name, linearWeights, p);
    if (weight && weight->rank() == 3) return entryOf(context, id, weight);
    return recipeOf(context, id, StageKey(weight, shape.sizes[0], shape.sizes[1]), shape,
                    [pool = context.pool, weight, transposed = linearWeights.transposed, shape,
                     stacked = name == TensorName::WO](const std::stop_token&) mutable {
                        if (weight) return byHeads(pool, weight->matrix(), transposed, shape.sizes, stacked);
                        Tensor identity =
                            Tensor::allocate(pool, 1, shape.sizes[1], shape.sizes[2], Layout::HeadsFirst);
                        identity.span().setIdentity();
                        return identity;
                    });
}

/// The parts of one site's computation, with H heads of d_k and d_v numbers and Tq queries. Recipes may
/// outlive it: they own what they read.
class SiteEvaluation {
public:
    SiteEvaluation(EvaluationContext& context, const AttentionSiteInputs& site)
        : m_context(context),
          m_site(site),
          m_p(site.parameters),
          m_heads(m_p.heads),
          m_queries(rowsOf(*site.queriesFrom)) {}

    EntryPtr run() {
        const ProjectionWeights& w = m_site.weights;
        addWeight(TensorName::WQ, w.q);
        addWeight(TensorName::WK, w.k);
        addWeight(TensorName::WV, w.v);
        addWeight(TensorName::WO, w.o);
        const EntryPtr q =
            prepared(TensorName::Q, TensorName::QProj, w.qNorm, m_site.queriesFrom, w.q, m_heads, m_p.dK);
        const EntryPtr k =
            prepared(TensorName::K, TensorName::KProj, w.kNorm, m_site.keysFrom, w.k, m_p.kvHeads, m_p.dK);
        const EntryPtr v =
            add(TensorName::V, project(TensorName::V, "v", m_site.keysFrom, w.v, m_p.kvHeads, m_p.dV));
        const EntryPtr values = attend(m_context, m_site, q, k, v);
        const EntryPtr z = add(TensorName::Z, withoutHeads(m_context, m_site.name, values, m_site.ablations));
        return add(TensorName::AttnOut, combine(z));
    }

private:
    /// A tensor with what was changed in it by hand.
    EntryPtr add(TensorName name, const EntryPtr& entry) {
        EntryPtr edited = m_site.edits.applied(name, entry);
        m_context.builder.add({m_site.name, name}, edited);
        return edited;
    }
    void addWeight(TensorName name, const LinearWeights& weights) {
        m_context.builder.add({m_site.name, name},
                              weightEntry(m_context, m_site.name + "/" + toString(name), name, weights, m_p));
    }
    EntryPtr made(const char* name, const char* stage, StageKey key, const TensorShape& shape,
                  TensorEntry::Recipe recipe) {
        return madeOrRecipe(m_context, m_site.name, name, stage, std::move(key), shape, std::move(recipe));
    }

    /// x·W + b for all heads in one product.
    EntryPtr project(TensorName name, const char* stage, const EntryPtr& x, const LinearWeights& weights,
                     Index heads, Index width) {
        const TensorShape shape = TensorShape::ofHeads(heads, rowsOf(*x), width);
        return made(toString(name), stage, StageKey(x, weights.weight, weights.bias), shape,
                    [pool = m_context.pool, x, weights, shape](const std::stop_token& stop) mutable {
                        const TensorPtr from = x->get(stop);
                        if (!weights.weight) return from->splitRows(1);
                        throwIfStopped(stop);
                        const auto [h, rows, cols] = shape.sizes;
                        Tensor out = Tensor::allocate(pool, h, rows, cols, Layout::HeadsInterleaved);
                        linear(from->matrix(), weights, out.interleavedSpan());
                        return out;
                    });
    }

    /// q or k; the projection gets a name of its own only where the two differ.
    EntryPtr prepared(TensorName name, TensorName projectionName, const NormWeights& normWeights,
                      const EntryPtr& x, const LinearWeights& weights, Index heads, Index width) {
        const std::shared_ptr<const RotaryTable>& rotary = m_site.rotary;
        const bool changes = rotary || normWeights.gain;
        EntryPtr projected =
            project(changes ? projectionName : name, toString(projectionName), x, weights, heads, width);
        if (!changes) return add(name, projected);
        projected = add(projectionName, projected);
        const EntryPtr turned =
            made(toString(name), toString(name), StageKey(projected, rotary, normWeights.gain),
                 {projected->rank(), projected->shape()},
                 [pool = m_context.pool, projected, rotary, normWeights,
                  epsilon = m_site.weights.normEpsilon](const std::stop_token& stop) mutable {
                     return prepare(pool, *projected->get(stop), rotary.get(), normWeights, epsilon);
                 });
        return add(name, turned);
    }

    EntryPtr combine(const EntryPtr& z) {
        const LinearWeights& weights = m_site.weights.o;
        return made(toString(TensorName::AttnOut), "attn_out", StageKey(z, weights.weight, weights.bias),
                    TensorShape::matrix(m_queries, m_p.dModel),
                    [pool = m_context.pool, z, weights, rows = m_queries,
                     cols = m_p.dModel](const std::stop_token& stop) mutable {
                        const TensorPtr from = z->get(stop);
                        throwIfStopped(stop);
                        Tensor out = Tensor::allocate(pool, rows, cols);
                        if (weights.weight && weights.weight->rank() == 3) {
                            multiplyParallel(from->interleaved(), weights.weight->stacked(), out.span());
                        } else {
                            linear(from->interleaved(), weights, out.span());
                        }
                        return out;
                    });
    }

    EvaluationContext& m_context;
    const AttentionSiteInputs& m_site;
    const EffectiveParameters& m_p;
    Index m_heads, m_queries;
};

}  // namespace

void editWeights(EvaluationContext& context, AttentionSiteInputs& site) {
    const auto edit = [&](TensorName name, LinearWeights& weights) {
        const TensorShape shape = weightShape(name, weights, site.parameters);
        const TensorEditsPtr edits = site.edits.of(name, shape);
        if (!edits) return;
        const std::string before = site.name + "/" + toString(name) + "_unedited";
        site.edits.tell(name, edits, weightEntry(context, before, name, weights, site.parameters));
        weights = site.edits.applied(name, weights, shape, edits);
    };
    edit(TensorName::WQ, site.weights.q);
    edit(TensorName::WK, site.weights.k);
    edit(TensorName::WV, site.weights.v);
    edit(TensorName::WO, site.weights.o);
}

EntryPtr evaluateAttention(EvaluationContext& context, const AttentionSiteInputs& site) {
    return SiteEvaluation(context, site).run();
}

}  // namespace attn
