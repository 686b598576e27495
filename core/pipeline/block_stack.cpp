#include "core/pipeline/block_stack.h"

#include "core/pipeline/ablate.h"
#include "core/pipeline/mask.h"

#include <map>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string joined(const std::vector<std::int64_t>& numbers) {
    std::string out;
    for (const std::int64_t number : numbers) out += std::to_string(number) + ",";
    return out;
}

/// T tokens, d_model wide, through every block of a stack.
class StackEvaluation {
public:
    StackEvaluation(EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model,
                    const BlockStack& stack)
        : m_context(context),
          m_inputs(inputs),
          m_model(model),
          m_a(model->architecture),
          m_stack(stack),
          m_blocks(stack.encoder ? model->encoderBlocks : model->blocks),
          m_positions(stack.encoder ? model->encoderPositions : model->positions),
          m_embeddingsNorm(stack.encoder ? model->encoderEmbeddingsNorm : model->embeddingsNorm),
          m_rows(static_cast<Index>(stack.tokens->items.size())) {
        if (m_context.retainsBySize && scoreBytes() > kMostScoreBytes)
            m_context.retention = Retention::Residuals;
    }

    EntryPtr run() {
        EntryPtr residual = embed();
        if (m_a.rotary) {
            m_rotary = evaluation().stage<RotaryTable>("/rotary", StageKey(m_model, m_rows), [&] {
                return rotaryTable(m_rows, rotaryFrequencies(m_a));
            });
        }
        for (Index layer = 0; layer < static_cast<Index>(m_blocks.size()); ++layer)
            residual = block(layer, residual);
        return residual;
    }

private:
    static constexpr double kMostScoreBytes = 64 << 20;

    /// Of the raw scores and patterns of all sites.
    [[nodiscard]] double scoreBytes() const {
        const auto rows = static_cast<double>(m_rows);
        const double keys =
            rows + (m_stack.encoded.output ? static_cast<double>(rowsOf(*m_stack.encoded.output)) : 0);
        const Index heads = m_stack.encoder ? m_a.encoder->heads : m_a.heads;
        return 2 * sizeof(float) * rows * keys * static_cast<double>(heads) *
               static_cast<double>(m_blocks.size());
    }

    Evaluation& evaluation() { return m_context.evaluation; }
    [[nodiscard]] bool rootMeanSquare() const { return m_a.norm == NormKind::RootMeanSquare; }
    void add(const TensorKey& key, const EntryPtr& entry) { m_context.builder.add(key, entry); }
    /// A tensor with what was changed in it by hand.
    EntryPtr addEdited(const EditStep& edits, const TensorKey& key, const EntryPtr& made) {
        EntryPtr entry = edits.applied(key.name, made);
        m_context.builder.add(key, entry);
        return entry;
    }
    [[nodiscard]] TensorKey ofSequence(TensorName name) const { return {scopeOf(m_stack.sequence), name}; }

    // --- embeddings

    /// Row i of the result is row rowOf(i) of the table.
    template <typename RowOf>
    Tensor gather(const TensorPtr& table, const RowOf& rowOf) {
        Tensor out = Tensor::allocate(m_context.pool, m_rows, table->cols());
        MatrixSpan rows = out.span();
        for (Index i = 0; i < m_rows; ++i) rows.row(i) = table->matrix().row(rowOf(i));
        return out;
    }

    [[nodiscard]] Index idAt(Index i) const {
        return static_cast<Index>(m_stack.tokens->items[static_cast<std::size_t>(i)].id);
    }

    /// Where each token stands in the table of positions. With a padding id they count from behind it, and
    /// padding itself does not count.
    [[nodiscard]] std::vector<Index> positionRows() const {
        const Index padding = m_a.paddingId;
        std::vector<Index> rows;
        Index next = padding < 0 ? m_a.positionOffset : padding + 1;
        for (Index i = 0; i < m_rows; ++i) {
            const bool isPadding = padding >= 0 && idAt(i) == padding;
            rows.push_back(isPadding ? padding : next++);
        }
        return rows;
    }

    Tensor tokenRows() {
        Tensor rows = gather(m_model->tokens, [&](Index i) { return idAt(i); });
        if (m_a.embedScale != 1) rows.span() *= static_cast<float>(m_a.embedScale);
        return rows;
    }

    Tensor positionVectors() {
        if (m_positions) {
            const std::vector<Index> rows = positionRows();
            return gather(m_positions, [&](Index i) { return rows[static_cast<std::size_t>(i)]; });
        }
        Tensor zeros = Tensor::allocate(m_context.pool, m_rows, m_a.dModel);
        zeros.span().setZero();
        return zeros;
    }

    EntryPtr embed() {
        const EditStep edits(m_context, m_inputs.edits, scopeOf(m_stack.sequence), *m_stack.tokens,
                             *m_stack.tokens);
        const auto made = [&](TensorName name, const StageKey& key, const auto& make) {
            const TensorKey place = ofSequence(name);
            const TensorPtr tensor = evaluation().stage<Tensor>(place.fullName(), key, make);
            return addEdited(edits, place, entryOf(m_context, place, tensor));
        };
        const StageKey ofTokens(m_stack.tokens, m_model);
        const EntryPtr token = made(TensorName::TokenEmbed, ofTokens, [&] { return tokenRows(); });
        const EntryPtr positions = made(TensorName::PosEmbed, ofTokens, [&] { return positionVectors(); });
        const bool added = m_positions || !edits.none(TensorName::PosEmbed);
        if (added || m_model->types || m_embeddingsNorm.gain) {
            return made(TensorName::Embed, StageKey(token, positions, joined(m_inputs.segments)),
                        [&] { return embedSum(*token->get(), *positions->get()); });
        }
        return addEdited(edits, ofSequence(TensorName::Embed), token);
    }

    Tensor embedSum(const Tensor& token, const Tensor& positions) {
        Tensor out = Tensor::allocate(m_context.pool, m_rows, token.cols());
        attn::add(token.matrix(), positions.matrix(), out.span());
        if (m_model->types) {
            for (Index i = 0; i < m_rows; ++i) {
                const auto place = static_cast<std::size_t>(i);
                const Index type = place < m_inputs.segments.size() ? m_inputs.segments[place] : 0;
                out.span().row(i) += m_model->types->matrix().row(type);
            }
        }
        if (m_embeddingsNorm.gain)
            norm(out.matrix(), m_embeddingsNorm, rootMeanSquare(), m_a.normEpsilon, out.span());
        return out;
    }

    // --- the parts of a block; recipes may outlive this object, and own what they read

    /// A tensor of one row for each token.
    EntryPtr made(const std::string& scope, const char* name, StageKey key, TensorEntry::Recipe recipe) {
        return madeOrRecipe(m_context, scope, name, name, std::move(key),
                            TensorShape::matrix(m_rows, m_a.dModel), std::move(recipe));
    }

    EntryPtr normalised(const std::string& scope, const char* name, const EntryPtr& x,
                        const NormWeights& weights) {
        return made(scope, name, StageKey(x, weights.gain, weights.bias),
                    [pool = m_context.pool, x, weights, rootMeanSquare = rootMeanSquare(),
                     epsilon = m_a.normEpsilon](const std::stop_token& stop) mutable {
                        const TensorPtr from = x->get(stop);
                        Tensor out = Tensor::allocate(pool, from->rows(), from->cols());
                        norm(from->matrix(), weights, rootMeanSquare, epsilon, out.span());
                        return out;
                    });
    }

    /// a + b, then its norm where the block has its norms after the sums.
    [[nodiscard]] TensorEntry::Recipe sumOf(const EntryPtr& a, const EntryPtr& b,
                                            const NormWeights& weights) const {
        return [pool = m_context.pool, a, b, weights, normalises = !m_a.preNorm,
                rootMeanSquare = rootMeanSquare(),
                epsilon = m_a.normEpsilon](const std::stop_token& stop) mutable {
            const TensorPtr first = a->get(stop), second = b->get(stop);
            Tensor out = Tensor::allocate(pool, first->rows(), first->cols());
            attn::add(first->matrix(), second->matrix(), out.span());
            if (normalises) norm(out.matrix(), weights, rootMeanSquare, epsilon, out.span());
            return out;
        };
    }

    EntryPtr mlp(const std::string& scope, const EntryPtr& x, const BlockWeights& weights) {
        return made(
            scope, toString(TensorName::MlpOut), StageKey(x, weights.up.weight),
            [pool = m_context.pool, x, model = m_model, &weights](const std::stop_token& stop) mutable {
                return mlpOf(pool, *x->get(stop), model->architecture, weights, stop);
            });
    }

    /// mlp_out, or what stands in its place where the MLP is switched off: with 0 it is not even worked out.
    EntryPtr mlpOrItsPlace(const std::string& scope, const EntryPtr& x, const BlockWeights& weights) {
        constexpr const char* kReplaced = "mlp_ablated";
        const std::optional<AblationKind> ablation = ablationOfMlp(m_inputs.ablations, scope);
        if (ablation == AblationKind::Zero) {
            return made(scope, kReplaced, StageKey(m_rows, m_a.dModel),
                        [pool = m_context.pool, rows = m_rows, width = m_a.dModel](
                            const std::stop_token&) mutable { return zeros(pool, rows, width); });
        }
        EntryPtr out = mlp(scope, x, weights);
        if (!ablation) return out;
        return made(scope, kReplaced, StageKey(out),
                    [pool = m_context.pool, out](const std::stop_token& stop) mutable {
                        return meanOfRows(pool, *out->get(stop));
                    });
    }

    static Tensor mlpOf(BufferPool& pool, const Tensor& x, const Architecture& a, const BlockWeights& weights,
                        const std::stop_token& stop) {
        throwIfStopped(stop);
        const Index width = weights.up.outputs();
        Tensor hidden = Tensor::allocate(pool, x.rows(), width);
        if (a.gatedMlp) {
            Tensor factor = Tensor::allocate(pool, x.rows(), width);
            linear(x.matrix(), weights.up, factor.span());
            linear(x.matrix(), weights.gate, hidden.span(), false);
            const MatrixView up = factor.matrix();
            activate(a.activation, hidden.span(), weights.gate.bias, &up);
        } else {
            linear(x.matrix(), weights.up, hidden.span(), false);
            activate(a.activation, hidden.span(), weights.up.bias, nullptr);
        }
        throwIfStopped(stop);
        Tensor out = Tensor::allocate(pool, x.rows(), a.dModel);
        linear(hidden.matrix(), weights.down, out.span());
        return out;
    }

    [[nodiscard]] ModelFacts factsOf(const BlockShape& shape) const {
        ModelFacts facts;
        facts.dModel = m_a.dModel;
        facts.heads = shape.heads;
        facts.kvHeads = shape.kvHeads;
        facts.dHead = shape.dHead;
        facts.positions = m_a.rotary && !shape.rotary ? PositionsKind::None : m_a.positionsKind();
        facts.block = m_a.preNorm ? BlockKind::PreNorm : BlockKind::PostNorm;
        facts.scale = shape.scale;
        facts.maskWindow = shape.window;
        if (shape.causal) facts.mask = facts.maskWindow > 0 ? MaskKind::Sliding : MaskKind::Causal;
        return facts;
    }

    /// Sites with the same rule over the same sequences and nothing painted share one plan.
    std::shared_ptr<const MaskPlan> maskOf(const AttentionSiteInputs& site) {
        const EffectiveParameters& p = site.parameters;
        const bool windowed = p.mask == MaskKind::Local || p.mask == MaskKind::Sliding;
        const std::int64_t window = windowed ? p.maskWindow : 0;
        const std::int64_t padding = p.mask == MaskKind::Padding ? p.maskPadding : 0;
        const std::string painted = paintedKey(m_inputs.painted, site.name);
        const std::shared_ptr<const Tokens>& keys = site.cross ? m_stack.encoded.tokens : m_stack.tokens;
        const auto make = [&] { return planMask(p, m_inputs.painted, site.name, *m_stack.tokens, *keys); };
        const StageKey key(p.mask, window, padding, painted, m_stack.tokens, keys);
        if (!painted.empty()) return evaluation().comparedStage<MaskPlan>(site.name + ".mask", key, make);
        const std::string id = std::string(scopeOf(m_stack.sequence)) + (site.cross ? ".cross" : "") +
                               "/mask." + std::to_string(static_cast<int>(p.mask)) + "." +
                               std::to_string(window) + "." + std::to_string(padding);
        std::shared_ptr<const MaskPlan>& plan = m_plans[id];
        if (!plan) plan = evaluation().comparedStage<MaskPlan>(id, key, make);
        return plan;
    }

    /// One attention and its sum with the residual stream.
    EntryPtr attention(const std::string& name, Index layer, const EntryPtr& entering,
                       const AttentionWeights& weights, const BlockShape& shape, bool cross) {
        AttentionSiteInputs site;
        site.name = name;
        site.cross = cross;
        site.edits = editsAt(name, cross);
        const EntryPtr residual = addEdited(site.edits, {name, TensorName::ResidPre}, entering);
        site.queriesFrom = m_a.preNorm ? normalised(name, "attn_in", residual, weights.norm) : residual;
        site.keysFrom = cross ? m_stack.encoded.output : site.queriesFrom;
        site.weights = {weights.q,     weights.k,     weights.v,      weights.o,
                        weights.qNorm, weights.kNorm, m_a.normEpsilon};
        if (shape.rotary) site.rotary = m_rotary;
        const ModelFacts facts = factsOf(shape);
        site.parameters = effective(m_inputs.parameters, name, facts);
        site.mask = maskOf(site);
        site.ablations = ablationsOfHeads(m_inputs.ablations, name, shape.heads);
        editWeights(m_context, site);
        const EntryPtr attnOut = evaluateAttention(m_context, site);
        m_context.builder.addSite(describe(site, facts, layer), site.parameters, site.mask, {});
        const NormWeights& mlpNorm = m_blocks[static_cast<std::size_t>(layer)].mlpNorm;
        const ProjectionWeights& w = site.weights;
        m_context.builder.setSources(
            name, {site.queriesFrom, site.keysFrom, w.q, w.k, w.v, w.o, w.qNorm, w.kNorm, site.rotary,
                   weights.norm, mlpNorm, m_a.normEpsilon, rootMeanSquare()});
        return made(name, "resid_mid", StageKey(residual, attnOut, weights.norm.gain),
                    sumOf(residual, attnOut, weights.norm));
    }

    EntryPtr block(Index layer, const EntryPtr& residual) {
        const BlockWeights& weights = m_blocks[static_cast<std::size_t>(layer)];
        const std::string name = m_stack.sites + std::to_string(layer);
        const BlockShape shape = m_stack.encoder ? m_a.encoderBlock() : m_a.block(layer);
        EntryPtr middle = attention(name, layer, residual, weights.attention, shape, false);
        if (m_stack.encoded.output) {
            const std::string cross = name + ".cross";
            middle = attention(cross, layer, middle, weights.cross, m_a.crossBlock(layer), true);
            middle = addEdited(editsAt(cross, true), {cross, TensorName::ResidPost}, middle);
        }
        const EntryPtr mlpIn = m_a.preNorm ? normalised(name, "mlp_in", middle, weights.mlpNorm) : middle;
        const EditStep edits = editsAt(name, false);
        const EntryPtr mlpOut =
            addEdited(edits, {name, TensorName::MlpOut}, mlpOrItsPlace(name, mlpIn, weights));
        // Always kept: what comes after this block starts from it, also when it is asked for alone.
        const TensorPtr post = evaluation().stage<Tensor>(
            name + ".resid_post", StageKey(middle, mlpOut, weights.mlpNorm.gain),
            [&] { return sumOf(middle, mlpOut, weights.mlpNorm)(evaluation().stopToken()); });
        const TensorKey key{name, TensorName::ResidPost};
        return addEdited(edits, key, entryOf(m_context, key, post));
    }

    [[nodiscard]] EditStep editsAt(const std::string& site, bool cross) {
        const Tokens& keys = cross ? *m_stack.encoded.tokens : *m_stack.tokens;
        return {m_context, m_inputs.edits, site, *m_stack.tokens, keys};
    }

    [[nodiscard]] SiteInfo describe(const AttentionSiteInputs& site, const ModelFacts& facts,
                                    Index layer) const {
        const EffectiveParameters& p = site.parameters;
        SiteInfo info;
        info.name = site.name;
        info.facts = facts;
        info.cross = site.cross;
        info.queriesFrom = info.keysFrom = m_stack.sequence;
        info.keySource = {site.name, TensorName::ResidPre};
        info.heads = p.heads;
        info.kvHeads = p.kvHeads;
        info.queries = rowsOf(*site.queriesFrom);
        info.keys = rowsOf(*site.keysFrom);
        info.dModel = p.dModel;
        info.dK = info.dV = p.dK;
        StageInfo input{"embed",
                        "X",
                        tr("What enters the block"),
                        tr("Every token as a vector: its embedding, and what the blocks before have added."),
                        {{site.name, TensorName::ResidPre}}};
        info.stages = attentionStages(site);
        if (site.cross) {
            info.keysFrom = Sequence::Text;
            info.keySource = m_stack.encoded.source;
            input.tensors.push_back(info.keySource);
        } else {
            info.stages.back().tensors.push_back({site.name, TensorName::MlpOut});
            if (layer == 0) {
                for (const TensorName name :
                     {TensorName::Embed, TensorName::TokenEmbed, TensorName::PosEmbed})
                    input.tensors.push_back(ofSequence(name));
            }
        }
        info.stages.insert(info.stages.begin(), std::move(input));
        return info;
    }

    EvaluationContext m_context;
    const Inputs& m_inputs;
    const TransformerPtr& m_model;
    const Architecture& m_a;
    const BlockStack& m_stack;
    const std::vector<BlockWeights>& m_blocks;
    const TensorPtr& m_positions;
    const NormWeights& m_embeddingsNorm;
    std::shared_ptr<const RotaryTable> m_rotary;
    std::map<std::string, std::shared_ptr<const MaskPlan>> m_plans;
    Index m_rows;
};

}  // namespace

EntryPtr evaluateStack(EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model,
                       const BlockStack& stack) {
    return StackEvaluation(context, inputs, model, stack).run();
}

}  // namespace attn
