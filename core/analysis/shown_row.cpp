#include "core/analysis/shown_row.h"

#include <algorithm>

namespace attn {

const Trace& asComputed(const Trace& trace) {
    return trace.shownTokens() ? *trace.shownTokens()->all() : trace;
}

TracePtr asComputed(const TracePtr& trace) {
    return trace && trace->shownTokens() ? trace->shownTokens()->all() : trace;
}

Index nearestShownToken(const Trace& trace, const TensorKey& key, Axis axis, Index token) {
    const TokenGroups* const groups = trace.shownTokens() ? trace.shownTokens()->along(key, axis) : nullptr;
    if (groups == nullptr) return token;
    for (Index next = std::max<Index>(token, 0); next < groups->tokens(); ++next)
        if (groups->placeOf(next) >= 0) return next;
    if (groups->count() == 0) return -1;
    const TokenRun& last = groups->run(groups->count() - 1);
    return last.first + last.count - 1;
}

std::vector<float> shownWeights(std::span<const float> weights, const TokenGroups& keys, bool renormalise) {
    std::vector<float> out(weights.begin(), weights.end());
    double left = 0;
    for (std::size_t j = 0; j < out.size(); ++j) {
        if (keys.placeOf(static_cast<Index>(j)) < 0) out[j] = 0;
        left += static_cast<double>(out[j]);
    }
    if (!renormalise || left <= 0) return out;
    for (float& weight : out) weight = static_cast<float>(static_cast<double>(weight) / left);
    return out;
}

double hiddenShare(std::span<const float> weights, const TokenGroups& keys) {
    double lost = 0, all = 0;
    for (std::size_t j = 0; j < weights.size(); ++j) {
        all += static_cast<double>(weights[j]);
        if (keys.placeOf(static_cast<Index>(j)) < 0) lost += static_cast<double>(weights[j]);
    }
    return all > 0 ? lost / all : 0;
}

}  // namespace attn
