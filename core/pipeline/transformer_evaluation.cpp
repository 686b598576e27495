#include "core/pipeline/transformer_evaluation.h"

#include "core/base/parallel.h"
#include "core/ops/product.h"
#include "core/pipeline/mask.h"

#include <map>
#include <optional>
#include <tuple>
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

/// T tokens, d_model wide, through every block.
class TransformerEvaluation {
public:
    TransformerEvaluation(EvaluationContext& context, const Inputs& inputs, OpenModel& model)
        : m_context(context), m_inputs(inputs), m_open(model), m_model(model.transformer()) {}

    Result<void> run() {
        if (Result<void> known = checkScores(); !known) return known;
        if (Result<void> made = makeTokens(); !made) return made;
        if (Result<void> fits = checkSegments(); !fits) return fits;
        TensorPtr residual = embed();
        if (m_model->architecture.rotary) {
            m_rotary = evaluation().stage<RotaryTable>("/rotary", StageKey(m_model, m_rows), [&] {
                return rotaryTable(m_rows, rotaryFrequencies(m_model->architecture));
            });
        }
        for (Index layer = 0; layer < m_model->architecture.layers; ++layer)
            residual = block(layer, residual);
        addLogits(residual);
        return {};
    }

private:
    Evaluation& evaluation() { return m_context.evaluation; }
    [[nodiscard]] bool rootMeanSquare() const {
        return m_model->architecture.norm == NormKind::RootMeanSquare;
    }

    void addEager(const TensorKey& key, const TensorPtr& tensor) {
        auto entry =
            evaluation().stage<TensorEntry>(key.scope + "/" + toString(key.name), StageKey(tensor),
                                            [&] { return std::make_shared<const TensorEntry>(tensor); });
        m_context.builder.add(key, std::move(entry));
    }

    Result<void> checkScores() const {
        const auto refused = [](const ParameterValue& value) {
            const std::string name = formatValue(value);
            return name == "additive" || name == "bilinear";
        };
        const auto error = [](const ParameterValue& value) {
            return fail(tr("score: '%1' needs weights of its own, which a trained model does not have"),
                        {formatValue(value)});
        };
        if (const ParameterValue& value = m_inputs.parameters.get(ParameterId::Score); refused(value))
            return error(value);
        for (const auto& each : m_inputs.parameters.ofSites()) {
            if (each.first.second == ParameterId::Score && refused(each.second)) return error(each.second);
        }
        if (m_inputs.context)
            return fail(tr("this model has no cross-attention: it takes one text, not a context"));
        return {};
    }

    Result<void> makeTokens() {
        std::optional<Error> error;
        const std::string ids = m_inputs.ids ? joined(*m_inputs.ids) : std::string();
        m_tokens = evaluation().comparedStage<Tokens>(
            "tokens",
            StageKey(m_model, m_inputs.ids ? std::string() : m_inputs.text, m_inputs.ids.has_value(), ids),
            [&] {
                Result<Tokens> tokens = m_open.tokens(m_inputs);
                if (!tokens) error = tokens.error();
                return tokens ? std::move(*tokens) : Tokens();
            });
        if (error) return tl::unexpected(*error);
        m_context.builder.setTokens(m_tokens);
        m_rows = static_cast<Index>(m_tokens->items.size());
        return {};
    }

    Result<void> checkSegments() const {
        const std::vector<std::int64_t>& segments = m_inputs.segments;
        if (segments.empty()) return {};
        const Index types = m_model->architecture.tokenTypes;
        if (types == 0) return fail(tr("segments: this model has no token types"));
        if (segments.size() != m_tokens->found) {
            return fail(tr("segments: %1 for %2 tokens"),
                        {std::to_string(segments.size()), std::to_string(m_tokens->found)});
        }
        for (const std::int64_t segment : segments) {
            if (segment < 0 || segment >= types) {
                return fail(tr("segments: %1 is outside 0 … %2"),
                            {std::to_string(segment), std::to_string(types - 1)});
            }
        }
        return {};
    }

    /// Row i of the result is row rowOf(i) of the table.
    template <typename RowOf>
    Tensor gather(const TensorPtr& table, const RowOf& rowOf) {
        Tensor out = Tensor::allocate(m_context.pool, m_rows, table->cols());
        MatrixSpan rows = out.span();
        for (Index i = 0; i < m_rows; ++i) rows.row(i) = table->matrix().row(rowOf(i));
        return out;
    }

    [[nodiscard]] Index idAt(Index i) const {
        return static_cast<Index>(m_tokens->items[static_cast<std::size_t>(i)].id);
    }

    /// Where each token stands in the table of positions. With a padding id they count from behind it, and
    /// padding itself does not count.
    [[nodiscard]] std::vector<Index> positionRows() const {
        const Index padding = m_model->architecture.paddingId;
        std::vector<Index> rows;
        Index next = padding < 0 ? 0 : padding + 1;
        for (Index i = 0; i < m_rows; ++i) {
            const bool isPadding = padding >= 0 && idAt(i) == padding;
            rows.push_back(isPadding ? padding : next++);
        }
        return rows;
    }

    TensorPtr embed() {
        const Index width = m_model->architecture.dModel;
        const TensorPtr token = evaluation().stage<Tensor>("token_embed", StageKey(m_tokens, m_model), [&] {
            return gather(m_model->tokens, [&](Index i) { return idAt(i); });
        });
        addEager({"", TensorName::TokenEmbed}, token);
        const TensorPtr positions = evaluation().stage<Tensor>("pos_embed", StageKey(m_tokens, m_model), [&] {
            if (m_model->positions) {
                const std::vector<Index> rows = positionRows();
                return gather(m_model->positions, [&](Index i) { return rows[static_cast<std::size_t>(i)]; });
            }
            Tensor zeros = Tensor::allocate(m_context.pool, m_rows, width);
            zeros.span().setZero();
            return zeros;
        });
        addEager({"", TensorName::PosEmbed}, positions);
        TensorPtr sum = token;
        if (m_model->positions || m_model->types || m_model->embeddingsNorm.gain) {
            const StageKey key(token, positions, joined(m_inputs.segments));
            sum = evaluation().stage<Tensor>("embed", key, [&] { return embedSum(*token, *positions); });
        }
        addEager({"", TensorName::Embed}, sum);
        return sum;
    }

    Tensor embedSum(const Tensor& token, const Tensor& positions) {
        Tensor out = Tensor::allocate(m_context.pool, m_rows, token.cols());
        add(token.matrix(), positions.matrix(), out.span());
        if (m_model->types) {
            for (Index i = 0; i < m_rows; ++i) {
                const auto place = static_cast<std::size_t>(i);
                const Index type = place < m_inputs.segments.size() ? m_inputs.segments[place] : 0;
                out.span().row(i) += m_model->types->matrix().row(type);
            }
        }
        if (m_model->embeddingsNorm.gain) {
            norm(out.matrix(), m_model->embeddingsNorm, rootMeanSquare(), m_model->architecture.normEpsilon,
                 out.span());
        }
        return out;
    }

    TensorPtr normalised(const std::string& id, const TensorPtr& x, const NormWeights& weights) {
        return evaluation().stage<Tensor>(id, StageKey(x, weights.gain, weights.bias), [&] {
            Tensor out = Tensor::allocate(m_context.pool, x->rows(), x->cols());
            norm(x->matrix(), weights, rootMeanSquare(), m_model->architecture.normEpsilon, out.span());
            return out;
        });
    }

    /// a + b, then its norm where the block has its norms after the sums.
    TensorPtr joinedTo(const std::string& id, const TensorPtr& a, const TensorPtr& b,
                       const NormWeights& weights) {
        return evaluation().stage<Tensor>(id, StageKey(a, b, weights.gain), [&] {
            Tensor out = Tensor::allocate(m_context.pool, a->rows(), a->cols());
            add(a->matrix(), b->matrix(), out.span());
            if (!m_model->architecture.preNorm) {
                norm(out.matrix(), weights, rootMeanSquare(), m_model->architecture.normEpsilon, out.span());
            }
            return out;
        });
    }

    TensorPtr mlp(const std::string& id, const TensorPtr& x, const BlockWeights& weights) {
        return evaluation().stage<Tensor>(id, StageKey(x, weights.up.weight), [&] {
            const Architecture& a = m_model->architecture;
            Tensor hidden = Tensor::allocate(m_context.pool, x->rows(), a.dMlp);
            if (a.gatedMlp) {
                Tensor factor = Tensor::allocate(m_context.pool, x->rows(), a.dMlp);
                linear(x->matrix(), weights.up, factor.span());
                linear(x->matrix(), weights.gate, hidden.span(), false);
                const MatrixView up = factor.matrix();
                activate(a.activation, hidden.span(), weights.gate.bias, &up);
            } else {
                linear(x->matrix(), weights.up, hidden.span(), false);
                activate(a.activation, hidden.span(), weights.up.bias, nullptr);
            }
            evaluation().checkStop();
            Tensor out = Tensor::allocate(m_context.pool, x->rows(), a.dModel);
            linear(hidden.matrix(), weights.down, out.span());
            return out;
        });
    }

    [[nodiscard]] EffectiveParameters parametersAt(const std::string& site, Index layer) const {
        const Architecture& a = m_model->architecture;
        ModelFacts facts;
        facts.dModel = a.dModel;
        facts.heads = a.heads;
        facts.kvHeads = a.kvHeads;
        facts.dHead = a.dHead;
        facts.positions = a.rotary             ? PositionsKind::Rotary
                          : a.learnedPositions ? PositionsKind::Learned
                                               : PositionsKind::None;
        facts.block = a.preNorm ? BlockKind::PreNorm : BlockKind::PostNorm;
        facts.scale = a.scale(layer);
        facts.maskWindow = a.windows[static_cast<std::size_t>(layer)];
        if (a.causal) facts.mask = facts.maskWindow > 0 ? MaskKind::Sliding : MaskKind::Causal;
        return effective(m_inputs.parameters, site, facts);
    }

    /// Layers with the same rule and nothing painted share one plan.
    std::shared_ptr<const MaskPlan> maskOf(const std::string& site, const EffectiveParameters& p) {
        const bool windowed = p.mask == MaskKind::Local || p.mask == MaskKind::Sliding;
        const std::int64_t window = windowed ? p.maskWindow : 0;
        const std::int64_t padding = p.mask == MaskKind::Padding ? p.maskPadding : 0;
        const std::string painted = paintedKey(m_inputs.painted, site);
        const auto make = [&] { return planMask(p, m_inputs.painted, site, *m_tokens, *m_tokens); };
        const StageKey key(p.mask, window, padding, painted, m_tokens);
        if (!painted.empty()) return evaluation().comparedStage<MaskPlan>(site + ".mask", key, make);
        const std::string id = "/mask." + std::to_string(static_cast<int>(p.mask)) + "." +
                               std::to_string(window) + "." + std::to_string(padding);
        std::shared_ptr<const MaskPlan>& plan = m_plans[id];
        if (!plan) plan = evaluation().comparedStage<MaskPlan>(id, key, make);
        return plan;
    }

    TensorPtr block(Index layer, const TensorPtr& residual) {
        const Architecture& a = m_model->architecture;
        const BlockWeights& weights = m_model->blocks[static_cast<std::size_t>(layer)];
        const std::string name = "blocks." + std::to_string(layer);
        addEager({name, TensorName::ResidPre}, residual);

        AttentionSiteInputs site;
        site.name = name;
        site.queriesFrom = site.keysFrom =
            a.preNorm ? normalised(name + ".attn_in", residual, weights.attentionNorm) : residual;
        site.weights = {weights.q,     weights.k,     weights.v,    weights.o,
                        weights.qNorm, weights.kNorm, a.normEpsilon};
        site.rotary = m_rotary;
        site.parameters = parametersAt(name, layer);
        site.mask = maskOf(name, site.parameters);
        const TensorPtr attnOut = evaluateAttention(m_context, site);
        m_context.builder.addSite(describe(site, layer), site.parameters, site.mask, {});

        const TensorPtr middle = joinedTo(name + ".resid_mid", residual, attnOut, weights.attentionNorm);
        const TensorPtr mlpIn = a.preNorm ? normalised(name + ".mlp_in", middle, weights.mlpNorm) : middle;
        const TensorPtr mlpOut = mlp(name + ".mlp_out", mlpIn, weights);
        addEager({name, TensorName::MlpOut}, mlpOut);
        TensorPtr post = joinedTo(name + ".resid_post", middle, mlpOut, weights.mlpNorm);
        addEager({name, TensorName::ResidPost}, post);
        return post;
    }

    void addLogits(const TensorPtr& residual) {
        const Architecture& a = m_model->architecture;
        TensorPtr last = residual;
        if (a.finalNorm) last = normalised("final_norm", residual, m_model->finalNorm);
        if (a.head == HeadKind::None) return;
        if (a.head == HeadKind::Transformed) {
            last = evaluation().stage<Tensor>("head", StageKey(last, m_model), [&] {
                Tensor out = Tensor::allocate(m_context.pool, last->rows(), a.dModel);
                linear(last->matrix(), m_model->head.transform, out.span(), false);
                activate(a.headActivation, out.span(), m_model->head.transform.bias, nullptr);
                norm(out.matrix(), m_model->head.norm, false, a.normEpsilon, out.span());
                return out;
            });
        }
        const std::array<Index, 3> shape{1, m_rows, a.vocabulary};
        auto entry = evaluation().stage<TensorEntry>("/logits", StageKey(last, m_model), [&] {
            return std::make_shared<const TensorEntry>(
                2, shape,
                [pool = m_context.pool, last, model = m_model]() mutable {
                    Tensor out = Tensor::allocate(pool, last->rows(), model->architecture.vocabulary);
                    linear(last->matrix(), model->head.output, out.span());
                    return out;
                },
                m_context.derived);
        });
        m_context.builder.add({"", TensorName::Logits}, std::move(entry));
    }

    [[nodiscard]] SiteInfo describe(const AttentionSiteInputs& site, Index layer) const {
        const EffectiveParameters& p = site.parameters;
        SiteInfo info;
        info.name = site.name;
        info.heads = p.heads;
        info.kvHeads = p.kvHeads;
        info.queries = info.keys = m_rows;
        info.dModel = p.dModel;
        info.dK = info.dV = p.dK;
        StageInfo input{"embed",
                        "X",
                        tr("What enters the block"),
                        tr("Every token as a vector: its embedding, and what the blocks before have added."),
                        {{site.name, TensorName::ResidPre}}};
        if (layer == 0) {
            for (const TensorName name : {TensorName::Embed, TensorName::TokenEmbed, TensorName::PosEmbed})
                input.tensors.push_back({"", name});
        }
        info.stages = attentionStages(site);
        info.stages.back().tensors.push_back({site.name, TensorName::MlpOut});
        info.stages.insert(info.stages.begin(), std::move(input));
        return info;
    }

    EvaluationContext& m_context;
    const Inputs& m_inputs;
    OpenModel& m_open;
    TransformerPtr m_model;
    std::shared_ptr<const Tokens> m_tokens;
    std::shared_ptr<const RotaryTable> m_rotary;
    std::map<std::string, std::shared_ptr<const MaskPlan>> m_plans;
    Index m_rows = 0;
};

}  // namespace

Result<void> evaluateTransformer(EvaluationContext& context, const Inputs& inputs, OpenModel& model) {
    return TransformerEvaluation(context, inputs, model).run();
}

}  // namespace attn
