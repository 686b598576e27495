#include "core/pipeline/site_attend.h"

#include "core/ops/attention.h"
#include "core/ops/product.h"
#include "core/pipeline/site_scores.h"

#include <utility>

namespace attn {
namespace {

using Layout = Tensor::Layout;

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

/// z of rows of a head: pattern·v.
void weigh(const MatrixView& pattern, const Tensor& values, Index head, Index heads, MatrixSpan z) {
    multiply(pattern, values.matrix(head / (heads / values.heads())), z);
}

/// Scores, weights and weighted values of one site, with H heads, Tq queries and Tk keys. Recipes may outlive
/// it: they own what they read.
class Attending {
public:
    Attending(EvaluationContext& context, const AttentionSiteInputs& site)
        : m_context(context),
          m_site(site),
          m_p(site.parameters),
          m_heads(m_p.heads),
          m_queries(rowsOf(*site.queriesFrom)),
          m_keys(rowsOf(*site.keysFrom)),
          m_rawEdits(editsOf(TensorName::ScoresRaw)),
          m_weighting{static_cast<float>(m_p.scale / m_p.temperature),
                      m_p.normalizer == NormalizerKind::Hard,
                      site.mask,
                      editsOf(TensorName::ScoresScaled),
                      editsOf(TensorName::Scores),
                      {editsOf(TensorName::Pattern), m_p.editedRows}} {}

    EntryPtr run(const EntryPtr& q, const EntryPtr& k, const EntryPtr& v) {
        const ScoreSource source = scoreSource(q, k);
        return m_context.retention == Retention::Residuals ? attendWhenAsked(source, v)
                                                           : attendNow(source, v);
    }

private:
    [[nodiscard]] std::string id(const std::string& stage) const { return m_site.name + "." + stage; }
    [[nodiscard]] std::string entryId(TensorName name, const char* suffix = "") const {
        return m_site.name + "/" + toString(name) + suffix;
    }
    [[nodiscard]] TensorEditsPtr editsOf(TensorName name) const {
        return m_site.edits.of(name, scoresShape());
    }
    void add(TensorName name, EntryPtr entry) {
        m_context.builder.add({m_site.name, name}, std::move(entry));
    }
    EntryPtr made(const char* name, const char* stage, StageKey key, const TensorShape& shape,
                  TensorEntry::Recipe recipe) {
        return madeOrRecipe(m_context, m_site.name, name, stage, std::move(key), shape, std::move(recipe));
    }

    // --- what scores are made of

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
                return {directions("score_query", q), directions("score_key", k), nullptr, nullptr};
            case ScoreKind::Bilinear:
                return {perHead("score_query", q, weights.bilinear, false), k, nullptr, nullptr};
            case ScoreKind::Additive:
                return {perHead("score_query", q, weights.additiveQuery, false),
                        perHead("score_key", k, weights.additiveKey, true), weights.additiveOut, nullptr};
            case ScoreKind::Dot:
                break;
        }
        return {q, k, nullptr, nullptr};
    }

    // --- scores

    [[nodiscard]] TensorShape scoresShape() const { return TensorShape::ofHeads(m_heads, m_queries, m_keys); }
    [[nodiscard]] Tensor allocateScores() {
        return Tensor::allocate(m_context.pool, m_heads, m_queries, m_keys, Layout::HeadsFirst);
    }
    [[nodiscard]] static std::size_t rowBytes(Index keys, Index width) {
        return static_cast<std::size_t>(2 * keys + width) * sizeof(float);
    }
    [[nodiscard]] StageKey rawKey(const ScoreSource& source) const {
        return StageKey(m_p.score, source.from, source.to, source.weights, source.edits);
    }
    [[nodiscard]] static StageKey patternKey(const EntryPtr& raw, const ScoreWeighting& weighting) {
        return StageKey(raw, static_cast<double>(weighting.multiplier), weighting.mask, weighting.hard,
                        weighting.scaledEdits, weighting.scoreEdits, weighting.patternEdits.cells,
                        weighting.patternEdits.rule);
    }

    /// Rows of a head, from one on: from the raw scores, or in their place.
    using EachRows = std::function<void(Index head, Index begin, const MatrixView& raw, MatrixSpan out)>;

    /// Scores of every row, worked by `each` in place; from `raw` where that is there.
    TensorEntry::Recipe scoresRecipe(const EntryPtr& raw, const ScoreSource& source, EachRows each) {
        return [pool = m_context.pool, raw, source, each = std::move(each),
                shape = scoresShape().sizes](const std::stop_token& stop) mutable {
            Tensor out = Tensor::allocate(pool, shape[0], shape[1], shape[2], Layout::HeadsFirst);
            const TensorPtr there = raw ? raw->peek() : nullptr;
            const ScoreOperands operands = there ? ScoreOperands() : source.fetch(stop);
            forHeadBlocks(
                shape[0], shape[1], rowBytes(shape[2], 0), stop, [&](Index head, Index begin, Index count) {
                    MatrixSpan all = out.span(head);
                    const MatrixSpan rows = rowsOf(all, begin, count);
                    if (!there) operands.fill(head, begin, count, rows);
                    if (!each) return;
                    const MatrixView made(rows.data(), count, rows.cols(),
                                          Eigen::OuterStride<>(rows.outerStride()));
                    each(head, begin, there ? rowsOf(there->matrix(head), begin, count) : made, rows);
                });
            return out;
        };
    }

    [[nodiscard]] EntryPtr rawWhenAsked(const ScoreSource& source, const char* suffix = "") {
        return recipeOf(m_context, entryId(TensorName::ScoresRaw, suffix), rawKey(source), scoresShape(),
                        scoresRecipe(nullptr, source, nullptr));
    }

    /// scores_scaled and scores: the softmax works from the raw scores in one pass and has no need of them,
    /// so they are made, by the same kernel, when somebody looks.
    EntryPtr adjusted(TensorName name, const EntryPtr& raw, const ScoreSource& source,
                      const ScoreWeighting& weighting, const char* suffix = "") {
        const bool masks = name == TensorName::Scores;
        const StageKey key(raw, static_cast<double>(weighting.multiplier), masks ? weighting.mask : nullptr,
                           weighting.scaledEdits, masks ? weighting.scoreEdits : nullptr);
        return recipeOf(
            m_context, entryId(name, suffix), key, scoresShape(),
            scoresRecipe(raw, source,
                         [weighting, masks](Index head, Index begin, const MatrixView& from, MatrixSpan to) {
                             masks ? weighting.adjust(head, begin, from, to)
                                   : weighting.scale(head, begin, from, to);
                         }));
    }

    /// Scores after the scale and after the mask, and what they would be without their own edits.
    void addAdjusted(const EntryPtr& raw, const ScoreSource& source) {
        for (const TensorName name : {TensorName::ScoresScaled, TensorName::Scores}) {
            add(name, adjusted(name, raw, source, m_weighting));
            ScoreWeighting before = m_weighting;
            TensorEditsPtr& own = name == TensorName::Scores ? before.scoreEdits : before.scaledEdits;
            const TensorEditsPtr edits = std::exchange(own, nullptr);
            if (edits) m_site.edits.tell(name, edits, adjusted(name, raw, source, before, kBefore));
        }
    }

    [[nodiscard]] EntryPtr patternWhenAsked(const EntryPtr& raw, const ScoreSource& source,
                                            const ScoreWeighting& weighting, const char* suffix = "") {
        return recipeOf(m_context, entryId(TensorName::Pattern, suffix), patternKey(raw, weighting),
                        scoresShape(),
                        scoresRecipe(raw, source,
                                     [weighting](Index head, Index begin, const MatrixView& from,
                                                 MatrixSpan to) { weighting.apply(head, begin, from, to); }));
    }

    // --- kept: scores, weights and weighted values, one block of a head's queries after another

    /// A stage whose rows are those of another one, changed by `change`.
    TensorPtr changedRows(HeadwiseStages& stages, const std::string& stage, const StageKey& key,
                          const TensorPtr& from,
                          const std::function<void(Index head, Index begin, MatrixSpan rows)>& change) {
        return stages.add(
            id(stage), key, [&] { return allocateScores(); },
            [from, change](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                MatrixSpan rows = rowsOf(all, begin, count);
                rows = rowsOf(from->matrix(head), begin, count);
                change(head, begin, rows);
            });
    }

    /// The raw scores, with their edits. `operands` are fetched when they are first needed.
    TensorPtr keptRaw(HeadwiseStages& stages, const std::shared_ptr<ScoreOperands>& operands,
                      const ScoreSource& source) {
        TensorPtr raw = stages.add(
            id("scores_raw"), rawKey(source),
            [&] {
                *operands = source.fetch(m_context.evaluation.stopToken());
                return allocateScores();
            },
            [operands](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                operands->fill(head, begin, count, rowsOf(all, begin, count));
            });
        if (!m_rawEdits) return raw;
        m_site.edits.tell(TensorName::ScoresRaw, m_rawEdits,
                          entryOf(m_context, entryId(TensorName::ScoresRaw, kBefore), raw));
        return changedRows(stages, "scores_raw_edited", StageKey(raw, m_rawEdits), raw,
                           [edits = m_rawEdits](Index head, Index begin, MatrixSpan rows) {
                               edits->apply(head, begin, rows);
                           });
    }

    /// Weights before those that were set by hand.
    TensorPtr keptPattern(HeadwiseStages& stages, const std::shared_ptr<ScoreOperands>& operands,
                          const ScoreSource& source, const EntryPtr& raw, const TensorPtr& kept) {
        ScoreWeighting weighting = m_weighting;
        weighting.patternEdits = {};
        return stages.add(
            id("pattern"), patternKey(raw, weighting),
            [&] {
                if (!kept) *operands = source.fetch(m_context.evaluation.stopToken());
                return allocateScores();
            },
            [kept, operands, weighting](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                const MatrixSpan rows = rowsOf(all, begin, count);
                if (!kept) operands->fill(head, begin, count, rows);
                const MatrixView from =
                    rowsOf(kept ? kept->matrix(head) : std::as_const(out).matrix(head), begin, count);
                weighting.apply(head, begin, from, rows);
            });
    }

    TensorPtr withPatternEdits(HeadwiseStages& stages, const TensorPtr& pattern) {
        const PatternEdits& edits = m_weighting.patternEdits;
        if (!edits.cells) return pattern;
        m_site.edits.tell(TensorName::Pattern, edits.cells,
                          entryOf(m_context, entryId(TensorName::Pattern, kBefore), pattern));
        return changedRows(
            stages, "pattern_edited", StageKey(pattern, edits.cells, edits.rule), pattern,
            [edits](Index head, Index begin, MatrixSpan rows) { edits.apply(head, begin, rows); });
    }

    EntryPtr attendNow(ScoreSource source, const EntryPtr& v) {
        HeadwiseStages stages(m_context.evaluation, m_heads, m_queries);
        const auto operands = std::make_shared<ScoreOperands>();
        TensorPtr kept;
        EntryPtr raw;
        if (m_context.retention == Retention::Everything) {
            kept = keptRaw(stages, operands, source);
            raw = entryOf(m_context, entryId(TensorName::ScoresRaw), kept);
        } else {
            raw = rawWithEdits(source);
        }
        const TensorPtr pattern = withPatternEdits(stages, keptPattern(stages, operands, source, raw, kept));
        const TensorPtr values = v->get(m_context.evaluation.stopToken());
        const TensorPtr z = stages.add(
            id("z"), StageKey(pattern, values),
            [&] {
                return Tensor::allocate(m_context.pool, m_heads, m_queries, values->cols(),
                                        Layout::HeadsInterleaved);
            },
            [pattern, values](Index head, Index begin, Index count, Tensor& out) {
                MatrixSpan all = out.span(head);
                weigh(rowsOf(pattern->matrix(head), begin, count), *values, head, pattern->heads(),
                      rowsOf(all, begin, count));
            });
        stages.run(rowBytes(m_keys, values->cols()));
        add(TensorName::ScoresRaw, raw);
        addAdjusted(raw, source);
        add(TensorName::Pattern, entryOf(m_context, entryId(TensorName::Pattern), pattern));
        return entryOf(m_context, entryId(TensorName::Z), z);
    }

    // --- the same without keeping anything: z goes through one block of scores after another

    /// Raw scores that nobody keeps: edits are written wherever they are made.
    EntryPtr rawWithEdits(ScoreSource& source) {
        if (m_rawEdits) {
            m_site.edits.tell(TensorName::ScoresRaw, m_rawEdits, rawWhenAsked(source, kBefore));
            source.edits = m_rawEdits;
        }
        return rawWhenAsked(source);
    }

    EntryPtr attendWhenAsked(ScoreSource source, const EntryPtr& v) {
        const EntryPtr raw = rawWithEdits(source);
        const EntryPtr pattern = patternWhenAsked(raw, source, m_weighting);
        if (const TensorEditsPtr& cells = m_weighting.patternEdits.cells) {
            ScoreWeighting before = m_weighting;
            before.patternEdits = {};
            m_site.edits.tell(TensorName::Pattern, cells, patternWhenAsked(raw, source, before, kBefore));
        }
        add(TensorName::ScoresRaw, raw);
        addAdjusted(raw, source);
        add(TensorName::Pattern, pattern);
        return recipeOf(
            m_context, entryId(TensorName::Z), StageKey(pattern, v),
            TensorShape::ofHeads(m_heads, m_queries, v->shape()[2]),
            [pool = m_context.pool, source, weighting = m_weighting, v, queries = m_queries, keys = m_keys,
             heads = m_heads](const std::stop_token& stop) mutable {
                const ScoreOperands operands = source.fetch(stop);
                const TensorPtr values = v->get(stop);
                Tensor out = Tensor::allocate(pool, heads, queries, values->cols(), Layout::HeadsInterleaved);
                forHeadBlocks(heads, queries, rowBytes(keys, values->cols()), stop,
                              [&](Index head, Index begin, Index count) {
                                  Tensor block = Tensor::allocate(pool, count, keys);
                                  operands.fill(head, begin, count, block.span());
                                  weighting.apply(head, begin, std::as_const(block).matrix(), block.span());
                                  MatrixSpan all = out.span(head);
                                  weigh(std::as_const(block).matrix(), *values, head, heads,
                                        rowsOf(all, begin, count));
                              });
                return out;
            });
    }

    static constexpr const char* kBefore = "_unedited";

    EvaluationContext& m_context;
    const AttentionSiteInputs& m_site;
    const EffectiveParameters& m_p;
    Index m_heads, m_queries, m_keys;
    TensorEditsPtr m_rawEdits;
    ScoreWeighting m_weighting;
};

}  // namespace

EntryPtr attend(EvaluationContext& context, const AttentionSiteInputs& site, const EntryPtr& q,
                const EntryPtr& k, const EntryPtr& v) {
    return Attending(context, site).run(q, k, v);
}

}  // namespace attn
