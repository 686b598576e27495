#include "core/trace/trace.h"

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

const Tokens* Trace::tokensAlong(const TensorKey& key, Axis axis) const {
    if (axis != Axis::Queries && axis != Axis::Keys) return nullptr;
    if (const SiteInfo* const owner = site(key.scope))
        return tokens(axis == Axis::Queries ? owner->queriesFrom : owner->keysFrom);
    if (key.name == TensorName::Logits && target() != nullptr) return target();
    return tokens(sequenceOf(key.scope));
}

const SiteSources* Trace::sources(std::string_view site) const {
    const auto found = m_sources.find(site);
    return found == m_sources.end() ? nullptr : found->second.get();
}

const OutputSources& Trace::outputSources() const {
    static const OutputSources none;
    return m_outputSources ? *m_outputSources : none;
}

EntryPtr Trace::find(const TensorKey& key) const {
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? nullptr : found->second;
}

}  // namespace attn
