#include "core/pipeline/attention_site.h"

#include "core/base/parallel.h"
#include "core/ops/attention.h"
#include "core/ops/positions.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"
#include "core/pipeline/ablate.h"
#include "core/pipeline/site_scores.h"

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

/// Every row divided by its length; a row of zeros stays.
Tensor directionsOf(BufferPool& pool, const Tensor& x) {
    Tensor out = Tensor::allocate(pool, x.heads(), x.rows(), x.cols(), Layout::HeadsInterleaved);
    for (Index h = 0; h < x.heads(); ++h) {
        MatrixSpan to = out.span(h);
        for (Index i = 0; i < x.rows(); ++i) {
            const float norm = x.matrix(h).row(i).norm();
            to.row(i) = x.matrix(h).row(i) * (norm > 0 ? 1 / norm : 0.0F);
        }
    }
    return out;
}

/// The parts of one site's computation, with H heads of d_k and d_v numbers, Tq queries and Tk keys. Recipes
/// may outlive it: they own what they read.
class SiteEvaluation {
public:
    SiteEvaluation(EvaluationContext& context, const AttentionSiteInputs& site)
        : m_context(context),
          m_site(site),
          m_p(site.parameters),
          m_heads(m_p.heads),
          m_queries(rowsOf(*site.queriesFrom)),
          m_keys(rowsOf(*site.keysFrom)) {}

    EntryPtr run() {
        addWeights();
        const ProjectionWeights& w = m_site.weights;
        const EntryPtr q =
            prepared(TensorName::Q, TensorName::QProj, w.qNorm, m_site.queriesFrom, w.q, m_heads, m_p.dK);
        const EntryPtr k =
            prepared(TensorName::K, TensorName::KProj, w.kNorm, m_site.keysFrom, w.k, m_p.kvHeads, m_p.dK);
        const EntryPtr v = project(TensorName::V, "v", m_site.keysFrom, w.v, m_p.kvHeads, m_p.dV);
        add(TensorName::Q, q);
        add(TensorName::K, k);
        add(TensorName::V, v);
        const EntryPtr z = withoutHeads(m_context, m_site.name, attend(q, k, v), m_site.ablations);
        add(TensorName::Z, z);
        EntryPtr out = combine(z);
        add(TensorName::AttnOut, out);
        return out;
    }

private:
    [[nodiscard]] std::string id(const char* stage) const { return m_site.name + "." + stage; }
    void add(TensorName name, EntryPtr entry) {
        m_context.builder.add({m_site.name, name}, std::move(entry));
    }
    /// Only ever made when somebody asks.
    void addRecipe(TensorName name, StageKey key, const TensorShape& shape, TensorEntry::Recipe recipe) {
        add(name, recipeOf(m_context, m_site.name + "/" + toString(name), std::move(key), shape,
                           std::move(recipe)));
    }
    EntryPtr made(const char* name, const char* stage, StageKey key, const TensorShape& shape,
                  TensorEntry::Recipe recipe) {
        return madeOrRecipe(m_context, m_site.name, name, stage, std::move(key), shape, std::move(recipe));
    }

    /// W_Q … as heads × d_model × d: as it lies there, or turned round when somebody asks.
    void addWeight(TensorName name, const LinearWeights& linearWeights, Index heads) {
        const TensorPtr& weight = linearWeights.weight;
        if (!weight) {
            addRecipe(name, StageKey(m_p.dModel), TensorShape::ofHeads(1, m_p.dModel, m_p.dModel),
                      [pool = m_context.pool, size = m_p.dModel](const std::stop_token&) mutable {
                          Tensor identity = Tensor::allocate(pool, 1, size, size, Layout::HeadsFirst);
                          identity.span().setIdentity();
                          return identity;
                      });
        } else if (weight->rank() == 3) {
            addEager(m_context, {m_site.name, name}, weight);
        } else {
            const bool out = name == TensorName::WO;
            const bool transposed = linearWeights.transposed;
            const Index inputs = transposed ? weight->cols() : weight->rows();
            const Index outputs = transposed ? weight->rows() : weight->cols();
            const std::array<Index, 3> shape{heads, out ? inputs / heads : inputs,
                                             out ? outputs : outputs / heads};
            addRecipe(
                name, StageKey(weight, heads), {3, shape},
                [pool = m_context.pool, weight, transposed, shape, out](const std::stop_token&) mutable {
                    return byHeads(pool, weight->matrix(), transposed, shape, out);
                });
        }
    }

    void addWeights() {
        addWeight(TensorName::WQ, m_site.weights.q, m_heads);
        addWeight(TensorName::WK, m_site.weights.k, m_p.kvHeads);
        addWeight(TensorName::WV, m_site.weights.v, m_p.kvHeads);
        addWeight(TensorName::WO, m_site.weights.o, m_heads);
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
        const EntryPtr projected =
            project(changes ? projectionName : name, toString(projectionName), x, weights, heads, width);
        if (!changes) return projected;
        add(projectionName, projected);
        return made(toString(name), toString(name), StageKey(projected, rotary, normWeights.gain),
                    {projected->rank(), projected->shape()},
                    [pool = m_context.pool, projected, rotary, normWeights,
                     epsilon = m_site.weights.normEpsilon](const std::stop_token& stop) mutable {
                        return prepare(pool, *projected->get(stop), rotary.get(), normWeights, epsilon);
                    });
    }

    EntryPtr directions(const char* stage, const EntryPtr& x) {
        return made(stage, stage, StageKey(x), {x->rank(), x->shape()},
                    [pool = m_context.pool, x](const std::stop_token& stop) mutable {
                        return directionsOf(pool, *x->get(stop));
                    });
    }

    /// x·W for each head: what a score function with weights makes of its queries or keys.
    EntryPtr perHead(const char* stage, const EntryPtr& x, const TensorPtr& weight, bool transposed) {
        const auto [heads, rows, cols] = x->shape();
        const Index width = weight->cols();
        const TensorShape shape =
            TensorShape::ofHeads(heads, transposed ? width : rows, transposed ? rows : width);
        return made(
            stage, stage, StageKey(x, weight), shape,
            [pool = m_context.pool, x, weight, transposed, shape](const std::stop_token& stop) mutable {
                const TensorPtr from = x->get(stop);
                const auto [h, outRows, outCols] = shape.sizes;
                Tensor out = Tensor::allocate(pool, h, outRows, outCols, Layout::HeadsFirst);
                for (Index head = 0; head < out.heads(); ++head) {
                    if (transposed) {
                        const Matrix features = from->matrix(head) * weight->matrix(head);
                        out.span(head) = features.transpose();
                    } else {
                        multiply(from->matrix(head), weight->matrix(head), out.span(head));
                    }
                }
                return out;
            });
    }

    ScoreSource scoreSource(const EntryPtr& q, const EntryPtr& k) {
        const ScoreWeights& weights = m_site.scoreWeights;
        switch (m_p.score) {
            case ScoreKind::Cosine:
                return {directions("score_query", q), directions("score_key", k), nullptr};
            case ScoreKind::Bilinear:
                return {perHead("score_query", q, weights.bilinear, false), k, nullptr};
            case ScoreKind::Additive:
                return {perHead("score_query", q, weights.additiveQuery, false),
                        perHead("score_key", k, weights.additiveKey, true), weights.additiveOut};
            case ScoreKind::Dot:
                break;
        }
        return {q, k, nullptr};
    }

    EntryPtr attend(const EntryPtr& q, const EntryPtr& k, const EntryPtr& v) {
        const ScoreSource source = scoreSource(q, k);
        const ScoreWeighting weighting{static_cast<float>(m_p.scale / m_p.temperature),
                                       m_p.normalizer == NormalizerKind::Hard, m_site.mask};
        const StageKey rawKey(m_p.score, source.from, source.to, source.weights);
        return m_context.retention == Retention::Residuals ? attendWhenAsked(source, rawKey, weighting, v)
                                                           : attendNow(source, rawKey, weighting, v);
    }

    [[nodiscard]] TensorShape scoresShape() const { return TensorShape::ofHeads(m_heads, m_queries, m_keys); }
    [[nodiscard]] Tensor allocateScores() {
        return Tensor::allocate(m_context.pool, m_heads, m_queries, m_keys, Layout::HeadsFirst);
    }
    [[nodiscard]] static std::size_t rowBytes(Index keys, Index width) {
        return static_cast<std::size_t>(2 * keys + width) * sizeof(float);
    }

    /// Scores of every row, worked by `each` in place; from `raw` where that is there.
    TensorEntry::Recipe scoresRecipe(const EntryPtr& raw, const ScoreSource& source,
                                     std::function<void(Index, const MatrixView&, MatrixSpan)> each) {
        return [pool = m_context.pool, raw, source, each = std::move(each),
                shape = scoresShape().sizes](const std::stop_token& stop) mutable {
            Tensor out = Tensor::allocate(pool, shape[0], shape[1], shape[2], Layout::HeadsFirst);
            const TensorPtr there = raw ? raw->peek() : nullptr;
            const ScoreOperands operands = there ? ScoreOperands() : source.fetch(stop);
            forHeadBlocks(shape[0], shape[1], rowBytes(shape[2], 0), stop,
                          [&](Index head, Index begin, Index count) {
                              MatrixSpan all = out.span(head);
                              const MatrixSpan rows = rowsOf(all, begin, count);
                              if (!there) operands.fill(head, begin, count, rows);
                              if (!each) return;
                              const MatrixView made(rows.data(), count, rows.cols(),
                                                    Eigen::OuterStride<>(rows.outerStride()));
                              each(begin, there ? rowsOf(there->matrix(head), begin, count) : made, rows);
                          });
            return out;
        };
    }

    /// scores_scaled and scores: the softmax works from the raw scores in one pass and has no need of them,
    /// so they are made, by the same kernel, when somebody looks.
    void addAdjusted(TensorName name, const EntryPtr& raw, const ScoreSource& source, float multiplier,
                     const std::shared_ptr<const MaskPlan>& mask) {
        addRecipe(
            name, StageKey(raw, static_cast<double>(multiplier), mask), scoresShape(),
            scoresRecipe(raw, source, [multiplier, mask](Index begin, const MatrixView& from, MatrixSpan to) {
                adjustScores(from, {multiplier, 0, mask ? mask->row(begin) : nullptr, nullptr}, to);
            }));
    }

    void addScores(const EntryPtr& raw, const EntryPtr& pattern, const ScoreSource& source,
                   const ScoreWeighting& weighting) {
        add(TensorName::ScoresRaw, raw);
        addAdjusted(TensorName::ScoresScaled, raw, source, weighting.multiplier, nullptr);
        addAdjusted(TensorName::Scores, raw, source, weighting.multiplier, weighting.mask);
        add(TensorName::Pattern, pattern);
    }

    [[nodiscard]] EntryPtr rawWhenAsked(const ScoreSource& source, const StageKey& key) {
        return recipeOf(m_context, m_site.name + "/" + toString(TensorName::ScoresRaw), key, scoresShape(),
                        scoresRecipe(nullptr, source, nullptr));
    }

    [[nodiscard]] static StageKey patternKey(const EntryPtr& raw, const ScoreWeighting& weighting) {
        return StageKey(raw, static_cast<double>(weighting.multiplier), weighting.mask, weighting.hard);
    }

    /// Scores, weights and weighted values, one block of a head's queries after another, kept.
    EntryPtr attendNow(const ScoreSource& source, const StageKey& rawKey, const ScoreWeighting& weighting,
                       const EntryPtr& v) {
        HeadwiseStages stages(m_context.evaluation, m_heads, m_queries);
        const auto operands = std::make_shared<ScoreOperands>();
        const auto prepareScores = [&] {
            *operands = source.fetch(m_context.evaluation.stopToken());
            return allocateScores();
        };
        const bool keepsRaw = m_context.retention == Retention::Everything;
        TensorPtr kept;
        EntryPtr raw;
        if (keepsRaw) {
            kept = stages.add(id("scores_raw"), rawKey, prepareScores,
                              [operands](Index head, Index begin, Index count, Tensor& out) {
                                  MatrixSpan all = out.span(head);
                                  operands->fill(head, begin, count, rowsOf(all, begin, count));
                              });
            raw = entryOf(m_context, {m_site.name, TensorName::ScoresRaw}, kept);
        } else {
            raw = rawWhenAsked(source, rawKey);
        }
        const TensorPtr pattern = stages.add(
            id("pattern"), patternKey(raw, weighting),
            [&] { return keepsRaw ? allocateScores() : prepareScores(); },
            [kept, operands, weighting](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                const MatrixSpan rows = rowsOf(all, begin, count);
                if (!kept) operands->fill(head, begin, count, rows);
                const MatrixView from =
                    rowsOf(kept ? kept->matrix(head) : std::as_const(out).matrix(head), begin, count);
                weighting.apply(begin, from, rows);
            });
        const TensorPtr values = v->get(m_context.evaluation.stopToken());
        const TensorPtr z = stages.add(
            id("z"), StageKey(pattern, values),
            [&] {
                return Tensor::allocate(m_context.pool, m_heads, m_queries, values->cols(),
                                        Layout::HeadsInterleaved);
            },
            [pattern, values](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                const Index sharing = pattern->heads() / values->heads();
                multiply(rowsOf(pattern->matrix(head), begin, count), values->matrix(head / sharing),
                         rowsOf(all, begin, count));
            });
        stages.run(rowBytes(m_keys, values->cols()));
        addScores(raw, entryOf(m_context, {m_site.name, TensorName::Pattern}, pattern), source, weighting);
        return entryOf(m_context, {m_site.name, TensorName::Z}, z);
    }

    /// The same without keeping anything: z goes through one block of scores after another.
    EntryPtr attendWhenAsked(const ScoreSource& source, const StageKey& rawKey,
                             const ScoreWeighting& weighting, const EntryPtr& v) {
        const EntryPtr raw = rawWhenAsked(source, rawKey);
        const auto weigh = [weighting](Index begin, const MatrixView& from, MatrixSpan to) {
            weighting.apply(begin, from, to);
        };
        const EntryPtr pattern =
            recipeOf(m_context, m_site.name + "/" + toString(TensorName::Pattern), patternKey(raw, weighting),
                     scoresShape(), scoresRecipe(raw, source, weigh));
        addScores(raw, pattern, source, weighting);
        EntryPtr z = recipeOf(
            m_context, m_site.name + "/" + toString(TensorName::Z), StageKey(pattern, v),
            TensorShape::ofHeads(m_heads, m_queries, v->shape()[2]),
            [pool = m_context.pool, source, weighting, v, queries = m_queries, keys = m_keys,
             heads = m_heads](const std::stop_token& stop) mutable {
                const ScoreOperands operands = source.fetch(stop);
                const TensorPtr values = v->get(stop);
                const Index sharing = heads / values->heads();
                Tensor out = Tensor::allocate(pool, heads, queries, values->cols(), Layout::HeadsInterleaved);
                forHeadBlocks(heads, queries, rowBytes(keys, values->cols()), stop,
                              [&](Index head, Index begin, Index count) {
                                  Tensor block = Tensor::allocate(pool, count, keys);
                                  operands.fill(head, begin, count, block.span());
                                  weighting.apply(begin, std::as_const(block).matrix(), block.span());
                                  MatrixSpan all = out.span(head);
                                  multiply(block.matrix(), values->matrix(head / sharing),
                                           rowsOf(all, begin, count));
                              });
                return out;
            });
        return z;
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
    Index m_heads, m_queries, m_keys;
};

}  // namespace

EntryPtr evaluateAttention(EvaluationContext& context, const AttentionSiteInputs& site) {
    return SiteEvaluation(context, site).run();
}

}  // namespace attn
