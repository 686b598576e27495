#include "core/trace/shown_tokens.h"

#include <cassert>

namespace attn {
namespace {

MaskPlan groupedMask(const MaskPlan& plan, const TokenGroups& queries, const TokenGroups& keys) {
    MaskPlan out;
    out.queries = queries.count();
    out.keys = keys.count();
    out.sleeping = plan.sleeping;
    const auto size = static_cast<std::size_t>(out.queries * out.keys);
    const auto group = [&](const std::vector<std::uint8_t>& from, std::vector<std::uint8_t>& to) {
        if (from.empty()) return;
        to.assign(size, 0);
        for (Index i = 0; i < plan.queries; ++i) {
            const Index row = queries.placeOf(i);
            if (row < 0) continue;
            const std::uint8_t* const cells = from.data() + i * plan.keys;
            std::uint8_t* const shown = to.data() + row * out.keys;
            for (Index j = 0; j < plan.keys; ++j) {
                const Index column = keys.placeOf(j);
                if (column >= 0) shown[column] = static_cast<std::uint8_t>(shown[column] | cells[j]);
            }
        }
    };
    group(plan.cells, out.cells);
    group(plan.byHand, out.byHand);
    return out;
}

}  // namespace

TokenGroups::TokenGroups(Index tokens, std::vector<TokenRun> runs)
    : m_runs(std::move(runs)), m_places(static_cast<std::size_t>(tokens), -1), m_hidden(tokens) {
    Index place = 0, end = 0;
    for (const TokenRun& run : m_runs) {
        assert(run.count > 0 && run.first >= end && run.first + run.count <= tokens);
        end = run.first + run.count;
        for (Index token = run.first; token < end; ++token) m_places[static_cast<std::size_t>(token)] = place;
        m_hidden -= run.count;
        ++place;
    }
}

const TokenGroups& ShownSequence::groups(TensorName name) const {
    return quantity(name) == Quantity::Probability ? words : pieces;
}

ShownTokens::ShownTokens(std::shared_ptr<const Trace> all, const TokensView& settings,
                         std::array<ShownSequencePtr, kSequenceCount> sequences)
    : m_all(std::move(all)), m_settings(settings), m_sequences(std::move(sequences)) {}

const Tokens* ShownTokens::tokens(Sequence sequence, TensorName name) const {
    const ShownSequence* const shown = this->sequence(sequence);
    if (shown == nullptr) return nullptr;
    return quantity(name) == Quantity::Probability ? shown->wordTokens.get() : shown->pieceTokens.get();
}

const TokenGroups* ShownTokens::along(const TensorKey& key, Axis axis) const {
    const std::optional<Sequence> which = m_all->sequenceAlong(key, axis);
    const ShownSequence* const shown = which ? sequence(*which) : nullptr;
    return shown == nullptr ? nullptr : &shown->groups(key.name);
}

const MaskPlan& ShownTokens::mask(const TensorKey& key) const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    std::unique_ptr<const MaskPlan>& place =
        m_masks[{key.scope, quantity(key.name) == Quantity::Probability}];
    if (!place) {
        place = std::make_unique<const MaskPlan>(
            groupedMask(m_all->mask(key.scope), *along(key, Axis::Queries), *along(key, Axis::Keys)));
    }
    return *place;
}

TokenRun tokensAt(const Trace& trace, const TensorKey& key, Axis axis, Index place) {
    const TokenGroups* const groups = trace.shownTokens() ? trace.shownTokens()->along(key, axis) : nullptr;
    if (groups == nullptr || place < 0 || place >= groups->count()) return {place, 1};
    return groups->run(place);
}

Index placeOfToken(const Trace& trace, const TensorKey& key, Axis axis, Index token) {
    const TokenGroups* const groups = trace.shownTokens() ? trace.shownTokens()->along(key, axis) : nullptr;
    if (groups == nullptr || token < 0 || token >= groups->tokens()) return token;
    return groups->placeOf(token);
}

}  // namespace attn
