#include "core/pipeline/pipeline.h"

#include "core/io/file.h"
#include "core/model/builtin_models.h"
#include "core/model/toy_model.h"
#include "core/ops/layer_norm.h"
#include "core/ops/positions.h"
#include "core/ops/product.h"
#include "core/pipeline/attention_site.h"
#include "core/pipeline/evaluation.h"
#include "core/pipeline/mask.h"
#include "core/pipeline/trace_builder.h"
#include "core/pipeline/transformer_evaluation.h"

#include <algorithm>

namespace attn {
namespace {

constexpr const char* kToySite = "blocks.0";

TokenizerKind tokenizerKind(const Inputs& inputs) {
    const auto& choice = std::get<std::string>(inputs.parameters.get(ParameterId::Tokenizer));
    if (choice == "characters") return TokenizerKind::Characters;
    return choice == "bytes" ? TokenizerKind::Bytes : TokenizerKind::Words;
}

/// The toy model: one block of multi-head attention, then residual and layer norm.
class ToyEvaluation {
public:
    ToyEvaluation(EvaluationContext& context, const Inputs& inputs, std::shared_ptr<const WordVectors> words)
        : m_context(context),
          m_inputs(inputs),
          m_words(std::move(words)),
          m_p(effective(inputs.parameters, kToySite)) {}

    void run() {
        const auto tokens = tokensOf("tokens", m_inputs.text);
        m_context.builder.setTokens(Sequence::Text, tokens);
        EntryPtr embed = embedSequence("", *tokens, tokens);
        std::shared_ptr<const Tokens> keyTokens = tokens;
        EntryPtr keysFrom = embed;
        if (m_inputs.context) {
            keyTokens = tokensOf("context.tokens", *m_inputs.context);
            m_context.builder.setTokens(Sequence::Context, keyTokens);
            keysFrom = embedSequence("context", *keyTokens, keyTokens);
        }
        const EditStep edits(m_context, m_inputs.edits, kToySite, *tokens, *keyTokens);
        embed = edits.applied(TensorName::ResidPre, embed);
        if (!m_inputs.context) keysFrom = embed;
        m_context.builder.add({kToySite, TensorName::ResidPre}, embed);

        AttentionSiteInputs site{kToySite,
                                 m_inputs.context.has_value(),
                                 embed,
                                 keysFrom,
                                 weights(),
                                 scoreWeights(),
                                 rotary(std::max(rowsOf(*embed), rowsOf(*keysFrom))),
                                 m_p,
                                 maskOf(tokens, keyTokens),
                                 ablationsOfHeads(m_inputs.ablations, kToySite, m_p.heads),
                                 edits};
        editWeights(m_context, site);
        const EntryPtr attnOut = evaluateAttention(m_context, site);
        const TensorPtr post = residualPost(embed->get(), attnOut->get());
        addEdited(edits, {kToySite, TensorName::ResidPost}, post);
        m_context.builder.addSite(describe(site), m_p, site.mask, site.scoreWeights);
    }

private:
    Evaluation& evaluation() { return m_context.evaluation; }
    static std::string id(const char* stage) { return std::string(kToySite) + "." + stage; }

    /// A tensor with what was changed in it by hand.
    EntryPtr addEdited(const EditStep& edits, const TensorKey& key, const EntryPtr& made) {
        EntryPtr entry = edits.applied(key.name, made);
        m_context.builder.add(key, entry);
        return entry;
    }
    EntryPtr addEdited(const EditStep& edits, const TensorKey& key, const TensorPtr& made) {
        return addEdited(edits, key, entryOf(m_context, key, made));
    }

    std::shared_ptr<const Tokens> tokensOf(const char* stage, const std::string& text) {
        const TokenizerKind kind = tokenizerKind(m_inputs);
        return evaluation().comparedStage<Tokens>(stage, StageKey(text, kind, m_words), [&] {
            Tokens tokens = tokenize(text, kind, kToyContext);
            if (m_words) {
                for (Token& token : tokens.items) token.known = m_words->find(token.text) >= 0;
            }
            return tokens;
        });
    }

    /// token_embed + pos_embed = embed, of the text or of the context.
    EntryPtr embedSequence(const std::string& scope, const Tokens& tokens,
                           const std::shared_ptr<const Tokens>& owner) {
        const auto id = [&](TensorName name) { return TensorKey{scope, name}.fullName(); };
        const auto rows = static_cast<Index>(tokens.items.size());
        const EditStep edits(m_context, m_inputs.edits, scope, tokens, tokens);
        const TensorPtr drawn = evaluation().stage<Tensor>(
            id(TensorName::TokenEmbed), StageKey(owner, m_words, m_p.seed, m_p.dModel),
            [&] { return toyTokenEmbed(m_context.pool, tokens.items, m_p, m_words.get()); });
        const EntryPtr token = addEdited(edits, {scope, TensorName::TokenEmbed}, drawn);

        const EntryPtr added = positionVectors(scope, rows);
        const EntryPtr positions = addEdited(edits, {scope, TensorName::PosEmbed}, added);
        const bool nothingAdded = m_p.positions != PositionsKind::Sinusoidal && positions == added;
        if (nothingAdded) return addEdited(edits, {scope, TensorName::Embed}, token);
        const TensorPtr embed =
            evaluation().stage<Tensor>(id(TensorName::Embed), StageKey(token, positions), [&] {
                Tensor out = Tensor::allocate(m_context.pool, rows, m_p.dModel);
                add(token->get()->matrix(), positions->get()->matrix(), out.span());
                return out;
            });
        return addEdited(edits, {scope, TensorName::Embed}, embed);
    }

    /// pos_embed: zeros where nothing is added.
    EntryPtr positionVectors(const std::string& scope, Index rows) {
        const TensorKey key{scope, TensorName::PosEmbed};
        if (m_p.positions != PositionsKind::Sinusoidal) {
            return recipeOf(m_context, scope + "/" + toString(key.name), StageKey(rows, m_p.dModel),
                            TensorShape::matrix(rows, m_p.dModel),
                            [pool = m_context.pool, rows, cols = m_p.dModel](const std::stop_token&) mutable {
                                Tensor zero = Tensor::allocate(pool, rows, cols);
                                zero.span().setZero();
                                return zero;
                            });
        }
        const TensorPtr sines =
            evaluation().stage<Tensor>(key.fullName(), StageKey(rows, m_p.dModel, m_p.positionStrength), [&] {
                Tensor out = Tensor::allocate(m_context.pool, rows, m_p.dModel);
                sinusoidalPositions(m_p.positionStrength, out.span());
                return out;
            });
        return entryOf(m_context, key, sines);
    }

    TensorPtr weight(const char* stage, ToyWeight which, std::int64_t size) {
        const double strength = m_p.positions == PositionsKind::Sinusoidal ? m_p.positionStrength : 0;
        const double gain = which == ToyWeight::O ? 0 : strength;
        return evaluation().stage<Tensor>(id(stage), StageKey(m_p.seed, m_p.dModel, m_p.heads, size, gain),
                                          [&] { return toyWeight(m_context.pool, which, m_p); });
    }

    ProjectionWeights weights() {
        if (m_p.identityProjections) return {};
        const auto linear = [&](const char* stage, ToyWeight which, std::int64_t size) {
            LinearWeights weights;
            weights.weight = weight(stage, which, size);
            return weights;
        };
        ProjectionWeights weights;
        weights.q = linear("W_Q", ToyWeight::Q, m_p.dK);
        weights.k = linear("W_K", ToyWeight::K, m_p.dK);
        weights.v = linear("W_V", ToyWeight::V, m_p.dV);
        weights.o = linear("W_O", ToyWeight::O, m_p.dV);
        return weights;
    }

    /// The angles of all positions, where the model turns queries and keys.
    std::shared_ptr<const RotaryTable> rotary(Index positions) {
        if (m_p.positions != PositionsKind::Rotary) return nullptr;
        constexpr double kBase = 10000;
        return evaluation().stage<RotaryTable>(
            id("/rotary"), StageKey(positions, m_p.dK, m_p.positionStrength),
            [&] { return rotaryTable(positions, rotaryFrequencies(m_p.dK, m_p.positionStrength, kBase)); });
    }

    TensorPtr scoreWeight(const char* stage, ToyWeight which) {
        const std::int64_t width = which == ToyWeight::Bilinear ? 0 : m_p.scoreWidth;
        return evaluation().stage<Tensor>(id(stage), StageKey(m_p.seed, m_p.heads, m_p.dK, width),
                                          [&] { return toyScoreWeight(m_context.pool, which, m_p); });
    }

    ScoreWeights scoreWeights() {
        ScoreWeights weights;
        if (m_p.score == ScoreKind::Additive) {
            weights.additiveQuery = scoreWeight("additive_query", ToyWeight::AdditiveQuery);
            weights.additiveKey = scoreWeight("additive_key", ToyWeight::AdditiveKey);
            weights.additiveOut = scoreWeight("additive_out", ToyWeight::AdditiveOut);
        } else if (m_p.score == ScoreKind::Bilinear) {
            weights.bilinear = scoreWeight("bilinear", ToyWeight::Bilinear);
        }
        return weights;
    }

    std::shared_ptr<const MaskPlan> maskOf(const std::shared_ptr<const Tokens>& queries,
                                           const std::shared_ptr<const Tokens>& keys) {
        const std::int64_t window = m_p.mask == MaskKind::Local ? m_p.maskWindow : 0;
        const std::int64_t padding = m_p.mask == MaskKind::Padding ? m_p.maskPadding : 0;
        return evaluation().comparedStage<MaskPlan>(
            id("mask"),
            StageKey(m_p.mask, window, padding, paintedKey(m_inputs.painted, kToySite), queries, keys),
            [&] { return planMask(m_p, m_inputs.painted, kToySite, *queries, *keys); });
    }

    TensorPtr residualPost(const TensorPtr& embed, const TensorPtr& attnOut) {
        if (!m_p.residual && !m_p.layerNorm) return attnOut;
        return evaluation().stage<Tensor>(
            id("resid_post"), StageKey(attnOut, m_p.residual ? embed : nullptr, m_p.layerNorm), [&] {
                Tensor out = Tensor::allocate(m_context.pool, attnOut->rows(), attnOut->cols());
                const MatrixView residual = embed->matrix();
                if (m_p.layerNorm) {
                    layerNorm(attnOut->matrix(), m_p.residual ? &residual : nullptr, out.span());
                } else {
                    out.span() = attnOut->matrix() + residual;
                }
                return out;
            });
    }

    [[nodiscard]] SiteInfo describe(const AttentionSiteInputs& site) const {
        SiteInfo info;
        info.name = site.name;
        info.cross = site.cross;
        info.keysFrom = site.cross ? Sequence::Context : Sequence::Text;
        info.keySource = site.cross ? TensorKey{scopeOf(info.keysFrom), TensorName::Embed}
                                    : TensorKey{site.name, TensorName::ResidPre};
        info.heads = info.kvHeads = m_p.heads;
        info.queries = rowsOf(*site.queriesFrom);
        info.keys = rowsOf(*site.keysFrom);
        info.dModel = m_p.dModel;
        info.dK = m_p.dK;
        info.dV = m_p.dV;
        StageInfo input{"embed",
                        "X",
                        translatable("core", "Embeddings"),
                        translatable("core", "Every token as a vector: what it is, plus where it stands."),
                        {{"", TensorName::Embed}, {"", TensorName::TokenEmbed}, {"", TensorName::PosEmbed}}};
        if (site.cross) {
            for (const TensorName name : {TensorName::Embed, TensorName::TokenEmbed, TensorName::PosEmbed}) {
                input.tensors.push_back({"context", name});
            }
        }
        info.stages = attentionStages(site);
        info.stages.insert(info.stages.begin(), std::move(input));
        return info;
    }

    EvaluationContext& m_context;
    const Inputs& m_inputs;
    std::shared_ptr<const WordVectors> m_words;
    EffectiveParameters m_p;
};

}  // namespace

Pipeline::Pipeline() : m_derived(std::make_shared<DerivedCache>()) {}
Pipeline::~Pipeline() = default;

Result<std::shared_ptr<const WordVectors>> Pipeline::wordVectors() {
    if (!m_wordVectors) {
        auto loaded = WordVectors::load(resourceFolder() / "models" / "words");
        if (!loaded) return loaded;
        m_wordVectors = *loaded;
    }
    return m_wordVectors;
}

Result<std::shared_ptr<OpenModel>> Pipeline::model(const std::string& name, const OpenProgress& progress) {
    if (m_model && m_modelName == name) {
        Result<void> whole = m_model->transformer()->checkFiles();
        if (whole) return m_model;
        m_model.reset();
        return tl::unexpected(std::move(whole.error()));
    }
    const Result<std::string> known = resolveModel(name);
    if (!known) return tl::unexpected(known.error());
    return OpenModel::open(modelFolder(name), progress);
}

Result<TracePtr> Pipeline::evaluate(const Inputs& inputs, const TracePtr& previous,
                                    const OpenProgress& progress) {
    try {
        return inputs.model == "toy" ? evaluateToy(inputs, previous, progress.stop)
                                     : evaluateModel(inputs, previous, progress);
    } catch (const EvaluationStopped&) {
        return TracePtr();
    } catch (const std::bad_alloc&) {
        return fail(translatable("core", "not enough memory for this text and these sizes"));
    }
}

Result<TracePtr> Pipeline::evaluateToy(const Inputs& inputs, const TracePtr& previous, std::stop_token stop) {
    std::shared_ptr<const WordVectors> words;
    if (effective(inputs.parameters, kToySite).embeddings == EmbeddingsKind::Words) {
        auto loaded = wordVectors();
        if (!loaded) return tl::unexpected(loaded.error());
        words = *loaded;
    }
    TraceBuilder builder(std::make_shared<const Inputs>(inputs));
    Evaluation evaluation(TraceBuilder::memoryOf(previous), std::move(stop));
    EvaluationContext context{evaluation, builder, m_buffers, m_derived};
    ToyEvaluation(context, inputs, std::move(words)).run();
    return builder.finish(evaluation);
}

Result<TracePtr> Pipeline::evaluateModel(const Inputs& inputs, const TracePtr& previous,
                                         const OpenProgress& progress) {
    const Result<std::shared_ptr<OpenModel>> open = model(inputs.model, progress);
    if (!open) return tl::unexpected(open.error());
    if (*open == nullptr) return TracePtr();
    TraceBuilder builder(std::make_shared<const Inputs>(inputs));
    Evaluation evaluation(TraceBuilder::memoryOf(previous), progress.stop);
    EvaluationContext context{evaluation, builder, m_buffers, m_derived};
    context.retention = m_retention.value_or(Retention::Everything);
    context.retainsBySize = !m_retention;
    context.namesIds = m_namesIds;
    if (Result<void> done = evaluateTransformer(context, inputs, **open); !done)
        return tl::unexpected(std::move(done.error()));
    // What was read from a file that was cut off meanwhile is zeros.
    if (Result<void> whole = (*open)->transformer()->checkFiles(); !whole) {
        if (m_model == *open) m_model.reset();
        return tl::unexpected(std::move(whole.error()));
    }
    m_model = *open;
    m_modelName = inputs.model;
    return builder.finish(evaluation);
}

}  // namespace attn
