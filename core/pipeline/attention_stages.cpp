#include "core/pipeline/attention_site.h"

#include <cmath>
#include <string>
#include <vector>

namespace attn {
namespace {

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
