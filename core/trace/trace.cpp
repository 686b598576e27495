#include "core/trace/trace.h"

#include "core/trace/shown_tokens.h"
#include "core/trace/site_sources.h"

#include <algorithm>
#include <cassert>

namespace attn {

const char* scopeOf(Sequence sequence) {
    constexpr std::array<const char*, kSequenceCount> kScopes{"", "context", "target"};
    return kScopes[static_cast<std::size_t>(sequence)];
}

Sequence sequenceOf(std::string_view scope) {
    for (const Sequence each : {Sequence::Context, Sequence::Target}) {
        if (scope == scopeOf(each)) return each;
    }
    return Sequence::Text;
}

const StageInfo* SiteInfo::stage(std::string_view id) const {
    const auto found =
        std::find_if(stages.begin(), stages.end(), [&](const StageInfo& each) { return each.id == id; });
    return found == stages.end() ? nullptr : &*found;
}

const SiteInfo* Trace::site(std::string_view name) const {
    const auto found =
        std::find_if(m_sites.begin(), m_sites.end(), [&](const SiteInfo& each) { return each.name == name; });
    return found == m_sites.end() ? nullptr : &*found;
}

EffectiveParameters Trace::parameters(const SiteInfo& site) const {
    const auto found = m_parameters.find(site.name);
    assert(found != m_parameters.end());
    return found->second;
}

const MaskPlan& Trace::mask(std::string_view site) const {
    const auto found = m_masks.find(site);
    assert(found != m_masks.end());
    return *found->second;
}

const ScoreWeights& Trace::scoreWeights(std::string_view site) const {
    static const ScoreWeights none;
    const auto found = m_scoreWeights.find(site);
    return found == m_scoreWeights.end() ? none : found->second;
}

const MaskPlan& Trace::maskOf(const TensorKey& key) const {
    return m_shown ? m_shown->mask(key) : mask(key.scope);
}

std::optional<Sequence> Trace::sequenceAlong(const TensorKey& key, Axis axis) const {
    if (axis != Axis::Queries && axis != Axis::Keys) return std::nullopt;
    if (const SiteInfo* const owner = site(key.scope))
        return axis == Axis::Queries ? owner->queriesFrom : owner->keysFrom;
    if (key.name == TensorName::Logits && target() != nullptr) return Sequence::Target;
    return sequenceOf(key.scope);
}

const Tokens* Trace::tokensAlong(const TensorKey& key, Axis axis) const {
    const std::optional<Sequence> sequence = sequenceAlong(key, axis);
    if (!sequence) return nullptr;
    return m_shown ? m_shown->tokens(*sequence, key.name) : tokens(*sequence);
}

std::shared_ptr<const Trace> Trace::showing(std::shared_ptr<const ShownTokens> shown,
                                            std::map<TensorKey, EntryPtr> entries) const {
    auto trace = std::make_shared<Trace>(*this);
    trace->m_entries = std::move(entries);
    trace->m_memory.reset();  // it remembers the computation of all tokens
    for (std::size_t i = 0; i < kSequenceCount; ++i) {
        if (const ShownSequence* const sequence = shown->sequence(static_cast<Sequence>(i)))
            trace->m_sequences[i] = sequence->wordTokens;
    }
    const auto count = [&](Sequence sequence) {
        return static_cast<Index>(trace->tokens(sequence)->items.size());
    };
    for (SiteInfo& each : trace->m_sites) {
        each.queries = count(each.queriesFrom);
        each.keys = count(each.keysFrom);
    }
    trace->m_shown = std::move(shown);
    return trace;
}

const SiteSources* Trace::sources(std::string_view site) const {
    const auto found = m_sources.find(site);
    return found == m_sources.end() ? nullptr : found->second.get();
}

const OutputSources& Trace::outputSources() const {
    static const OutputSources none;
    return m_outputSources ? *m_outputSources : none;
}

const TensorEdits* Trace::edits(const TensorKey& key) const {
    const auto found = m_edited.find(key);
    return found == m_edited.end() ? nullptr : found->second.edits.get();
}

EntryPtr Trace::beforeEdits(const TensorKey& key) const {
    const auto found = m_edited.find(key);
    return found == m_edited.end() ? nullptr : found->second.before;
}

EntryPtr Trace::find(const TensorKey& key) const {
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? nullptr : found->second;
}

}  // namespace attn
