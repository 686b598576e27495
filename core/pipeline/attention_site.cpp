#include "core/pipeline/attention_site.h"

#include "core/base/parallel.h"
#include "core/ops/attention.h"
#include "core/ops/positions.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace attn {
namespace {

/// Over all heads. A few rows of every head at a time: heads may lie side by side.
double largestOf(const Tensor& x) {
    constexpr Index kRows = 16;
    const auto blocks = static_cast<std::size_t>((x.rows() + kRows - 1) / kRows);
    std::vector<double> largest(blocks, 0.0);
    parallelRanges(blocks, 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t block = begin; block < end; ++block) {
            const Index first = static_cast<Index>(block) * kRows;
            const Index count = std::min(kRows, x.rows() - first);
            for (Index h = 0; h < x.heads(); ++h) {
                largest[block] =
                    std::max(largest[block], largestMagnitude(rowsOf(x.matrix(h), first, count)));
            }
        }
    });
    return blocks == 0 ? 0.0 : *std::max_element(largest.begin(), largest.end());
}

/// The parts of one site's computation, with H heads of d_k and d_v numbers, Tq queries and Tk keys.
class SiteEvaluation {
public:
    SiteEvaluation(EvaluationContext& context, const AttentionSiteInputs& site)
        : m_context(context),
          m_site(site),
          m_p(site.parameters),
          m_heads(m_p.heads),
          m_sharing(m_p.heads / m_p.kvHeads),
          m_queries(site.queriesFrom->rows()),
          m_keys(site.keysFrom->rows()) {}

    TensorPtr run() {
        addWeights();
        const ProjectionWeights& w = m_site.weights;
        const TensorPtr q =
            prepared("q", TensorName::QProj, w.qNorm, project("q_proj", m_site.queriesFrom, w.q, m_heads));
        const TensorPtr k =
            prepared("k", TensorName::KProj, w.kNorm, project("k_proj", m_site.keysFrom, w.k, m_p.kvHeads));
        const TensorPtr v = project("v", m_site.keysFrom, w.v, m_p.kvHeads);
        addEager(TensorName::Q, q);
        addEager(TensorName::K, k);
        addEager(TensorName::V, v);
        const TensorPtr z = attend(q, k, v);
        TensorPtr out = combine(z);
        addEager(TensorName::AttnOut, out);
        return out;
    }

private:
    [[nodiscard]] std::string id(const char* stage) const { return m_site.name + "." + stage; }

    void addEager(TensorName name, const TensorPtr& tensor) {
        // The entry is an output of its own, so that a view can compare entries as it compares tensors.
        auto entry = m_context.evaluation.stage<TensorEntry>(
            m_site.name + "/" + toString(name), StageKey(tensor),
            [&] { return std::make_shared<const TensorEntry>(tensor); });
        m_context.builder.add({m_site.name, name}, std::move(entry));
    }

    void addRecipe(TensorName name, StageKey key, int rank, std::array<Index, 3> shape,
                   TensorEntry::Recipe recipe) {
        auto entry =
            m_context.evaluation.stage<TensorEntry>(m_site.name + "/" + toString(name), std::move(key), [&] {
                return std::make_shared<const TensorEntry>(rank, shape, std::move(recipe), m_context.derived);
            });
        m_context.builder.add({m_site.name, name}, std::move(entry));
    }

    /// W_Q … as heads × d_model × d: as it lies there, or turned round when somebody asks.
    void addWeight(TensorName name, const LinearWeights& linearWeights, Index heads) {
        const TensorPtr& weight = linearWeights.weight;
        if (!weight) {
            addRecipe(name, StageKey(m_p.dModel), 3, {1, m_p.dModel, m_p.dModel},
                      [pool = m_context.pool, size = m_p.dModel]() mutable {
                          Tensor identity = Tensor::allocate(pool, 1, size, size, Tensor::Layout::HeadsFirst);
                          identity.span().setIdentity();
                          return identity;
                      });
        } else if (weight->rank() == 3) {
            addEager(name, weight);
        } else {
            const bool out = name == TensorName::WO;
            const bool transposed = linearWeights.transposed;
            const Index inputs = transposed ? weight->cols() : weight->rows();
            const Index outputs = transposed ? weight->rows() : weight->cols();
            const std::array<Index, 3> shape{heads, out ? inputs / heads : inputs,
                                             out ? outputs : outputs / heads};
            addRecipe(name, StageKey(weight, heads), 3, shape,
                      [pool = m_context.pool, weight, transposed, shape, out]() mutable {
                          return byHeads(pool, weight->matrix(), transposed, shape, out);
                      });
        }
    }

    static Tensor byHeads(BufferPool& pool, const MatrixView& weight, bool transposed,
                          const std::array<Index, 3>& shape, bool stacked) {
        Tensor tensor = Tensor::allocate(pool, shape[0], shape[1], shape[2], Tensor::Layout::HeadsFirst);
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

    void addWeights() {
        addWeight(TensorName::WQ, m_site.weights.q, m_heads);
        addWeight(TensorName::WK, m_site.weights.k, m_p.kvHeads);
        addWeight(TensorName::WV, m_site.weights.v, m_p.kvHeads);
        addWeight(TensorName::WO, m_site.weights.o, m_heads);
    }

    /// x·W + b for all heads in one product.
    TensorPtr project(const char* stage, const TensorPtr& x, const LinearWeights& weights, Index heads) {
        return m_context.evaluation.stage<Tensor>(id(stage), StageKey(x, weights.weight, weights.bias), [&] {
            if (!weights.weight) return x->splitRows(1);
            Tensor out = Tensor::allocate(m_context.pool, heads, x->rows(), weights.outputs() / heads,
                                          Tensor::Layout::HeadsInterleaved);
            linear(x->matrix(), weights, out.interleavedSpan());
            return out;
        });
    }

    /// q or k from its projection; the projection gets a name of its own only where the two differ.
    TensorPtr prepared(const char* stage, TensorName projectionName, const NormWeights& normWeights,
                       const TensorPtr& projected) {
        const std::shared_ptr<const RotaryTable>& rotary = m_site.rotary;
        if (!rotary && !normWeights.gain) return projected;
        addEager(projectionName, projected);
        const StageKey key(projected, rotary, normWeights.gain);
        return m_context.evaluation.stage<Tensor>(id(stage), key, [&] {
            Tensor out = Tensor::allocate(m_context.pool, projected->heads(), projected->rows(),
                                          projected->cols(), Tensor::Layout::HeadsInterleaved);
            parallelFor(static_cast<std::size_t>(out.heads()), [&](std::size_t index) {
                const auto h = static_cast<Index>(index);
                if (!normWeights.gain) {
                    rotaryPositions(projected->matrix(h), *rotary, out.span(h));
                    return;
                }
                for (Index i = 0; i < out.rows(); ++i) {
                    rowKernels().norm(projected->matrix(h).row(i).data(), nullptr,
                                      normWeights.gain->matrix().data(), nullptr, true,
                                      m_site.weights.normEpsilon, out.span(h).row(i).data(),
                                      static_cast<std::size_t>(out.cols()));
                }
                if (rotary) rotaryPositions(out.matrix(h), *rotary, out.span(h));
            });
            return out;
        });
    }

    /// Every row divided by its length; a row of zeros stays.
    TensorPtr directions(const char* stage, const TensorPtr& x) {
        return m_context.evaluation.stage<Tensor>(id(stage), StageKey(x), [&] {
            Tensor out = Tensor::allocate(m_context.pool, x->heads(), x->rows(), x->cols(),
                                          Tensor::Layout::HeadsInterleaved);
            for (Index h = 0; h < x->heads(); ++h) {
                MatrixSpan to = out.span(h);
                for (Index i = 0; i < x->rows(); ++i) {
                    const float norm = x->matrix(h).row(i).norm();
                    to.row(i) = x->matrix(h).row(i) * (norm > 0 ? 1 / norm : 0.0F);
                }
            }
            return out;
        });
    }

    /// x·W for each head: what a score function with weights makes of its queries or keys.
    TensorPtr perHead(const char* stage, const TensorPtr& x, const TensorPtr& weight, bool transposed) {
        return m_context.evaluation.stage<Tensor>(id(stage), StageKey(x, weight), [&] {
            const Index width = weight->cols();
            Tensor out = transposed ? Tensor::allocate(m_context.pool, x->heads(), width, x->rows(),
                                                       Tensor::Layout::HeadsFirst)
                                    : Tensor::allocate(m_context.pool, x->heads(), x->rows(), width,
                                                       Tensor::Layout::HeadsFirst);
            for (Index h = 0; h < x->heads(); ++h) {
                if (transposed) {
                    const Matrix features = x->matrix(h) * weight->matrix(h);
                    out.span(h) = features.transpose();
                } else {
                    multiply(x->matrix(h), weight->matrix(h), out.span(h));
                }
            }
            return out;
        });
    }

    TensorPtr addScores(HeadwiseStages& stages, const TensorPtr& q, const TensorPtr& k) {
        TensorPtr from = q;
        TensorPtr to = k;
        const TensorPtr w = m_site.scoreWeights.additiveOut;
        const bool additive = m_p.score == ScoreKind::Additive;
        if (m_p.score == ScoreKind::Cosine) {
            from = directions("score_query", q);
            to = directions("score_key", k);
        } else if (m_p.score == ScoreKind::Bilinear) {
            from = perHead("score_query", q, m_site.scoreWeights.bilinear, false);
        } else if (additive) {
            from = perHead("score_query", q, m_site.scoreWeights.additiveQuery, false);
            to = perHead("score_key", k, m_site.scoreWeights.additiveKey, true);
        }
        const auto mayOverflow = std::make_shared<bool>(false);
        const auto prepare = [&] {
            if (!additive) {
                *mayOverflow = dotsMayOverflow(largestOf(*from), largestOf(*to), from->cols());
            }
            return allocateScores();
        };
        const auto fill = [from, to, w, additive, mayOverflow, sharing = m_sharing](
                              Index head, Index begin, Index count, Tensor& out) {
            MatrixSpan all = out.span(head);
            if (!additive) {
                dotScores(rowsOf(from->matrix(head), begin, count), to->matrix(head / sharing),
                          rowsOf(all, begin, count), *mayOverflow);
                return;
            }
            const MatrixView keys = to->matrix(head / sharing);
            for (Index i = begin; i < begin + count; ++i) {
                rowKernels().additive(from->matrix(head).row(i).data(), w->matrix(head).data(),
                                      static_cast<std::size_t>(keys.rows()), keys.data(),
                                      static_cast<std::size_t>(keys.outerStride()), all.row(i).data(),
                                      static_cast<std::size_t>(keys.cols()));
            }
        };
        return stages.add(id("scores_raw"), StageKey(m_p.score, from, to, additive ? w : nullptr), prepare,
                          fill);
    }

    [[nodiscard]] Tensor allocateScores() {
        return Tensor::allocate(m_context.pool, m_heads, m_queries, m_keys, Tensor::Layout::HeadsFirst);
    }

    TensorPtr attend(const TensorPtr& q, const TensorPtr& k, const TensorPtr& v) {
        HeadwiseStages stages(m_context.evaluation, m_heads, m_queries);
        const TensorPtr raw = addScores(stages, q, k);
        const auto multiplier = static_cast<float>(m_p.scale / m_p.temperature);
        const bool hard = m_p.normalizer == NormalizerKind::Hard;
        const std::shared_ptr<const MaskPlan> mask = m_site.mask;

        const TensorPtr pattern = stages.add(
            id("pattern"), StageKey(raw, static_cast<double>(multiplier), mask, hard),
            [&] { return allocateScores(); },
            [raw, multiplier, mask, hard](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                const ScoreAdjustment adjustment{multiplier, 0, mask->row(begin), nullptr};
                const auto normalise = hard ? hardmaxScores : softmaxScores;
                normalise(rowsOf(raw->matrix(head), begin, count), adjustment, rowsOf(all, begin, count));
            });
        TensorPtr z = stages.add(
            id("z"), StageKey(pattern, v),
            [&] {
                return Tensor::allocate(m_context.pool, m_heads, m_queries, v->cols(),
                                        Tensor::Layout::HeadsInterleaved);
            },
            [pattern, v, sharing = m_sharing](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                multiply(rowsOf(pattern->matrix(head), begin, count), v->matrix(head / sharing),
                         rowsOf(all, begin, count));
            });
        stages.run(static_cast<std::size_t>(2 * m_keys + v->cols()) * sizeof(float));

        addEager(TensorName::ScoresRaw, raw);
        addAdjusted(TensorName::ScoresScaled, raw, multiplier, nullptr);
        addAdjusted(TensorName::Scores, raw, multiplier, mask);
        addEager(TensorName::Pattern, pattern);
        addEager(TensorName::Z, z);
        return z;
    }

    /// scores_scaled and scores: the softmax works from the raw scores in one pass and has no need of them,
    /// so they are made, by the same kernel, when somebody looks.
    void addAdjusted(TensorName name, const TensorPtr& raw, float multiplier,
                     const std::shared_ptr<const MaskPlan>& mask) {
        addRecipe(name, StageKey(raw, static_cast<double>(multiplier), mask), 3, raw->shape(),
                  [pool = m_context.pool, raw, multiplier, mask]() mutable {
                      Tensor out = Tensor::allocate(pool, raw->heads(), raw->rows(), raw->cols(),
                                                    Tensor::Layout::HeadsFirst);
                      for (Index h = 0; h < raw->heads(); ++h) {
                          const std::uint8_t* allowed = mask ? mask->row(0) : nullptr;
                          adjustScores(raw->matrix(h), {multiplier, 0, allowed, nullptr}, out.span(h));
                      }
                      return out;
                  });
    }

    TensorPtr combine(const TensorPtr& z) {
        const LinearWeights& weights = m_site.weights.o;
        const StageKey key(z, weights.weight, weights.bias);
        return m_context.evaluation.stage<Tensor>(id("attn_out"), key, [&] {
            Tensor out = Tensor::allocate(m_context.pool, m_queries, m_p.dModel);
            if (weights.weight && weights.weight->rank() == 3) {
                multiplyParallel(z->interleaved(), weights.weight->stacked(), out.span());
            } else {
                linear(z->interleaved(), weights, out.span());
            }
            return out;
        });
    }

    EvaluationContext& m_context;
    const AttentionSiteInputs& m_site;
    const EffectiveParameters& m_p;
    Index m_heads, m_sharing, m_queries, m_keys;  ///< sharing: heads that read one head of keys and values
};

std::string scaleLabel(const EffectiveParameters& p) {
    const auto dK = static_cast<double>(p.dK);
    if (p.scale == 1 / std::sqrt(dK)) return "÷ √dₖ";
    if (p.scale == 1) return "× 1";
    if (p.scale == 1 / dK) return "÷ dₖ";
    return "× " + formatValue(p.scale);
}

std::string maskLabel(MaskKind mask) {
    if (mask == MaskKind::None) return "mask";
    if (mask == MaskKind::Sliding) return "sliding mask";
    return std::string(spec(ParameterId::Mask).choices[static_cast<std::size_t>(mask)].value) + " mask";
}

const char* scoreLabel(ScoreKind score) {
    switch (score) {
        case ScoreKind::Cosine:
            return "cos(Q, K)";
        case ScoreKind::Additive:
            return "wᵀtanh";
        case ScoreKind::Bilinear:
            return "QWKᵀ";
        case ScoreKind::Dot:
            break;
    }
    return "QKᵀ";
}

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

}  // namespace

TensorPtr evaluateAttention(EvaluationContext& context, const AttentionSiteInputs& site) {
    return SiteEvaluation(context, site).run();
}

std::vector<StageInfo> attentionStages(const AttentionSiteInputs& site) {
    const EffectiveParameters& p = site.parameters;
    const auto key = [&](TensorName name) { return TensorKey{site.name, name}; };
    std::vector<TensorKey> projected{key(TensorName::Q), key(TensorName::K), key(TensorName::V)};
    if (site.rotary || site.weights.qNorm.gain) {
        projected.push_back(key(TensorName::QProj));
        projected.push_back(key(TensorName::KProj));
    }
    for (const TensorName weight : {TensorName::WQ, TensorName::WK, TensorName::WV})
        projected.push_back(key(weight));
    return {
        {"qkv", "Q K V", tr("Queries, keys, values"),
         tr("Three projections of every token: what it asks for, what it offers, what it passes on."),
         projected},
        {"scores_raw",
         scoreLabel(p.score),
         tr("Raw scores"),
         tr("How well each query (row) fits each key (column), before any scaling."),
         {key(TensorName::ScoresRaw)}},
        {"scale",
         scaleLabel(p),
         tr("Scaled scores"),
         tr("The raw scores times the scale, divided by the temperature: their spread decides how sharp "
            "softmax gets."),
         {key(TensorName::ScoresScaled)}},
        {"mask",
         maskLabel(p.mask),
         tr("Masked scores"),
         tr("Where a key may not be seen the score is −∞, and its weight will be 0."),
         {key(TensorName::Scores)}},
        {"pattern",
         p.normalizer == NormalizerKind::Hard ? "hardmax" : "softmax",
         tr("Attention pattern"),
         tr("How much each query (row) attends to each key (column); every row sums to 1."),
         {key(TensorName::Pattern)}},
        {"z",
         "·V",
         tr("Weighted values"),
         tr("For each query, the mean of the values, weighted by its row of the pattern."),
         {key(TensorName::Z)}},
        {"attn_out",
         "W_O",
         tr("Output"),
         tr("All heads side by side, brought back to the size of an embedding, and added to it."),
         {key(TensorName::AttnOut), key(TensorName::ResidPost), key(TensorName::WO)}},
    };
}

}  // namespace attn
