#include "core/trace/trace.h"

#include <array>

namespace attn {
namespace {

/// "÷ √16", "÷ 16", "× 0.3"; empty for no scale.
std::string scaleText(const EffectiveParameters& p) {
    const auto dK = static_cast<double>(p.dK);
    if (p.scale == 1) return "";
    if (p.scale * p.scale * dK > 0.999999 && p.scale * p.scale * dK < 1.000001 && p.scale > 0) {
        return " ÷ √" + std::to_string(p.dK);
    }
    if (p.scale * dK > 0.999999 && p.scale * dK < 1.000001) return " ÷ " + std::to_string(p.dK);
    return " × " + formatValue(p.scale);
}

std::string temperatureText(const EffectiveParameters& p) {
    return p.temperature == 1 ? "" : " ÷ " + formatValue(p.temperature);
}

std::string scoreText(const EffectiveParameters& p) {
    switch (p.score) {
        case ScoreKind::Cosine:
            return "q·kᵀ ÷ (‖q‖‖k‖)";
        case ScoreKind::Additive:
            return "wᵀ tanh(W₁q + W₂k)";
        case ScoreKind::Bilinear:
            return "qᵀ W k";
        case ScoreKind::Dot:
            break;
    }
    return "q·kᵀ";
}

std::string residualText(const EffectiveParameters& p) {
    if (p.block == BlockKind::PreNorm) return "resid_post = resid_pre + attn_out + mlp_out";
    if (p.block == BlockKind::PostNorm) return "resid_post = LN(LN(resid_pre + attn_out) + mlp_out)";
    const std::string sum = p.residual ? "embed + attn_out" : "attn_out";
    return "resid_post = " + (p.layerNorm ? "LN(" + sum + ")" : sum);
}

/// What enters the projections, and what a trained model may add.
const char* inputText(const EffectiveParameters& p) {
    return p.block == BlockKind::PreNorm ? "norm(x)" : "x";
}
const char* biasText(const EffectiveParameters& p) {
    return p.block == BlockKind::Toy ? "" : " + b";
}

std::string projectionText(const char* name, const char* weight, const EffectiveParameters& p) {
    return std::string(name) + " = " +
           (p.identityProjections ? "x" : std::string(inputText(p)) + "·" + weight) + biasText(p);
}

std::string queryText(const char* name, const char* weight, const EffectiveParameters& p) {
    const std::string left = std::string(name) + " = ";
    if (p.positions == PositionsKind::Rotary) return left + "rotate(" + name + "_proj, position)";
    return left + (p.identityProjections ? "x" : std::string(inputText(p)) + "·" + weight) + biasText(p);
}

}  // namespace

Quantity quantity(TensorName name) {
    return name == TensorName::Pattern ? Quantity::Probability : Quantity::Signed;
}

bool isWeight(TensorName name) {
    return name == TensorName::WQ || name == TensorName::WK || name == TensorName::WV ||
           name == TensorName::WO;
}

std::pair<Axis, Axis> axes(const TensorKey& key) {
    switch (key.name) {
        case TensorName::WQ:
        case TensorName::WK:
            return {Axis::Model, Axis::HeadDim};
        case TensorName::WV:
            return {Axis::Model, Axis::ValueDim};
        case TensorName::WO:
            return {Axis::ValueDim, Axis::Model};
        case TensorName::QProj:
        case TensorName::Q:
            return {Axis::Queries, Axis::HeadDim};
        case TensorName::KProj:
        case TensorName::K:
            return {Axis::Keys, Axis::HeadDim};
        case TensorName::V:
            return {Axis::Keys, Axis::ValueDim};
        case TensorName::ScoresRaw:
        case TensorName::ScoresScaled:
        case TensorName::Scores:
        case TensorName::Pattern:
            return {Axis::Queries, Axis::Keys};
        case TensorName::Z:
            return {Axis::Queries, Axis::ValueDim};
        case TensorName::Logits:
            return {Axis::Queries, Axis::Vocabulary};
        default:
            return {sequenceOf(key.scope) == Sequence::Context ? Axis::Keys : Axis::Queries, Axis::Model};
    }
}

std::string formula(TensorName name, const EffectiveParameters& p) {
    switch (name) {
        case TensorName::TokenEmbed:
            return "token_embed = E[token]";
        case TensorName::PosEmbed:
            if (p.positions == PositionsKind::Learned) return "pos_embed = P[position]";
            return p.positions == PositionsKind::Sinusoidal ? "pos_embed = sin, cos(position · 10000^(−2i/d))"
                                                            : "pos_embed = 0";
        case TensorName::Embed:
            if (p.positions == PositionsKind::Learned && p.block == BlockKind::PostNorm)
                return "embed = LN(token_embed + pos_embed + type_embed)";
            return p.positions == PositionsKind::Sinusoidal || p.positions == PositionsKind::Learned
                       ? "embed = token_embed + pos_embed"
                       : "embed = token_embed";
        case TensorName::ResidPre:
            return p.block == BlockKind::Toy ? "resid_pre = embed" : "resid_pre";
        case TensorName::WQ:
        case TensorName::WK:
        case TensorName::WV:
        case TensorName::WO:
            return p.identityProjections ? std::string(toString(name)) + " = I" : toString(name);
        case TensorName::QProj:
            return projectionText("q_proj", "W_Q", p);
        case TensorName::KProj:
            return projectionText("k_proj", "W_K", p);
        case TensorName::Q:
            return queryText("q", "W_Q", p);
        case TensorName::K:
            return queryText("k", "W_K", p);
        case TensorName::V:
            return projectionText("v", "W_V", p);
        case TensorName::ScoresRaw:
            return "scores_raw = " + scoreText(p);
        case TensorName::ScoresScaled:
            return "scores_scaled = scores_raw" + scaleText(p) + temperatureText(p);
        case TensorName::Scores:
            return "scores = mask(scores_raw" + scaleText(p) + temperatureText(p) + ")";
        case TensorName::Pattern:
            return p.normalizer == NormalizerKind::Hard ? "pattern = hardmax(scores)"
                                                        : "pattern = softmax(scores)";
        case TensorName::Z:
            return "z = pattern·v";
        case TensorName::AttnOut:
            return p.identityProjections ? "attn_out = z"
                                         : std::string("attn_out = concat(z)·W_O") + biasText(p);
        case TensorName::MlpOut:
            return "mlp_out";
        case TensorName::ResidPost:
            return residualText(p);
        case TensorName::Logits:
            return "logits";
    }
    return {};
}

}  // namespace attn
