#include "core/pipeline/transformer_evaluation.h"

#include "core/pipeline/block_stack.h"
#include "core/pipeline/output_head.h"
#include "core/pipeline/target_text.h"

#include <optional>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string joined(const std::optional<std::vector<std::int64_t>>& numbers) {
    std::string out;
    if (!numbers) return out;
    for (const std::int64_t number : *numbers) out += std::to_string(number) + ",";
    return out;
}

/// The sequences of a model, each through its stack.
class TransformerEvaluation {
public:
    TransformerEvaluation(EvaluationContext& context, const Inputs& inputs, OpenModel& model)
        : m_context(context), m_inputs(inputs), m_open(model), m_model(model.transformer()) {}

    Result<void> run() {
        if (Result<void> known = checkInputs(); !known) return known;
        if (Result<void> made = makeTokens(); !made) return made;
        if (Result<void> fits = checkSegments(); !fits) return fits;
        BlockStack stack{"blocks.", Sequence::Text, m_tokens, false, {}};
        if (m_model->architecture.encoder) {
            const EncodedText encoded = encode();
            const Result<std::shared_ptr<const Tokens>> target = makeTarget(encoded);
            if (!target) return tl::unexpected(target.error());
            stack = {"decoder.blocks.", Sequence::Target, *target, false, encoded};
        }
        const EntryPtr residual = evaluateStack(m_context, m_inputs, m_model, stack);
        const TensorPtr last = headInput(m_context, m_model, residual);
        if (last) addLogits(m_context, m_model, last);
        return {};
    }

private:
    Evaluation& evaluation() { return m_context.evaluation; }
    /// A tokenizer that nobody needs for the text is not read to give ids names.
    [[nodiscard]] bool named() const { return !m_inputs.ids || m_context.namesIds; }

    Result<void> checkInputs() const {
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
        const bool pair = m_model->architecture.encoder.has_value();
        if (m_inputs.context) {
            return pair ? fail(tr("this model takes a text and a target, not a context"))
                        : fail(tr("this model has no cross-attention: it takes one text, not a context"));
        }
        return {};
    }

    Result<void> makeTokens() {
        std::optional<Error> error;
        m_tokens = evaluation().comparedStage<Tokens>(
            "tokens",
            StageKey(m_model, m_inputs.ids ? std::string() : m_inputs.text, m_inputs.ids.has_value(),
                     joined(m_inputs.ids), joined(m_inputs.maskedTokens), m_context.namesIds),
            [&] {
                Result<Tokens> tokens = m_open.tokens(m_inputs, m_context.namesIds);
                if (!tokens) error = tokens.error();
                return tokens ? std::move(*tokens) : Tokens();
            });
        if (error) return tl::unexpected(*error);
        m_context.builder.setModel(m_open.info());
        m_context.builder.setTokens(Sequence::Text, m_tokens);
        if ((named() || !m_inputs.maskedTokens.empty()) && m_open.tokenizer())
            m_context.builder.setTokenizer(*m_open.tokenizer(), m_open.maskTokenId());
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

    EncodedText encode() {
        const BlockStack stack{"encoder.blocks.", Sequence::Text, m_tokens, true, {}};
        const Index last = m_model->architecture.encoder->layers - 1;
        return {evaluateStack(m_context, m_inputs, m_model, stack),
                {stack.sites + std::to_string(last), TensorName::ResidPost},
                m_tokens};
    }

    /// Everything that generation depends on besides the encoder's output: the same object while it is equal.
    std::shared_ptr<const Inputs> generationInputs() {
        Inputs rest = m_inputs;
        rest.text.clear();
        rest.ids.reset();
        rest.segments.clear();
        rest.maskedTokens.clear();
        rest.parameters.set(ParameterId::SamplingTemperature,
                            spec(ParameterId::SamplingTemperature).defaultValue);
        // A key of its own each time: the comparison decides.
        return evaluation().comparedStage<Inputs>("/generation", StageKey(std::make_shared<const int>(0)),
                                                  [&] { return rest; });
    }

    Result<std::shared_ptr<const Tokens>> makeTarget(const EncodedText& encoded) {
        std::optional<Error> error;
        const bool given = m_inputs.target || m_inputs.targetIds;
        const StageKey key =
            given ? StageKey(m_model, m_inputs.target.value_or(std::string()), m_inputs.targetIds.has_value(),
                             joined(m_inputs.targetIds), named())
                  : StageKey(m_model, encoded.output, generationInputs(), named());
        std::shared_ptr<const Tokens> tokens = evaluation().comparedStage<Tokens>("target.tokens", key, [&] {
            const auto piecesOf = [&](const std::vector<std::int64_t>& ids) {
                return m_open.tokensOf(ids, named());
            };
            const auto written = [&] {
                return piecesOf(generateTarget(m_context, m_inputs, m_model, encoded,
                                               [&](const auto& ids) { return *piecesOf(ids); }));
            };
            Result<Tokens> made = given ? m_open.targetTokens(m_inputs, named()) : written();
            if (!made) error = made.error();
            return made ? std::move(*made) : Tokens();
        });
        if (error) return tl::unexpected(*error);
        m_context.builder.setTokens(Sequence::Target, tokens);
        return tokens;
    }

    EvaluationContext& m_context;
    const Inputs& m_inputs;
    OpenModel& m_open;
    TransformerPtr m_model;
    std::shared_ptr<const Tokens> m_tokens;
};

}  // namespace

Result<void> evaluateTransformer(EvaluationContext& context, const Inputs& inputs, OpenModel& model) {
    return TransformerEvaluation(context, inputs, model).run();
}

}  // namespace attn
