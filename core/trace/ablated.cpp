#include "core/trace/ablated.h"

#include <algorithm>

namespace attn {

std::optional<AblationKind> ablationOf(const Trace& trace, const TensorKey& key, Index head) {
    const Ablations& ablations = trace.inputs().ablations;
    if (key.name == TensorName::Z) return ablationOfHead(ablations, key.scope, head);
    if (key.name == TensorName::MlpOut) return ablationOfMlp(ablations, key.scope);
    return std::nullopt;
}

bool hasMlp(const Trace& trace, const SiteInfo& site) {
    return trace.find({site.name, TensorName::MlpOut}) != nullptr;
}

bool hasPlace(const Trace& trace, const Ablation& ablation) {
    const SiteInfo* const site = trace.site(ablation.site);
    if (site == nullptr) return false;
    if (ablation.part == AblatedPart::Mlp) return hasMlp(trace, *site);
    return ablation.part == AblatedPart::Heads || ablation.head < site->heads;
}

Ablations unmatchedAblations(const Trace& trace) {
    Ablations out;
    for (const Ablation& each : trace.inputs().ablations)
        if (!hasPlace(trace, each)) out.push_back(each);
    return out;
}

std::vector<std::int64_t> unmatchedMaskedTokens(const Trace& trace) {
    const std::vector<std::int64_t>& masked = trace.inputs().maskedTokens;
    if (trace.maskTokenId() < 0) return masked;
    const auto count = static_cast<std::int64_t>(trace.tokens().items.size());
    return {std::lower_bound(masked.begin(), masked.end(), count), masked.end()};
}

}  // namespace attn
