#include "core/analysis/predictions.h"

#include "core/text/model_tokenizer.h"
#include "core/trace/row_entries.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace attn {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

}  // namespace

TokenDistribution::TokenDistribution(std::span<const float> logits, double samplingTemperature)
    : m_logits(logits.begin(), logits.end()), m_temperature(samplingTemperature) {
    assert(samplingTemperature > 0);
    const bool anyNan =
        std::any_of(m_logits.begin(), m_logits.end(), [](float logit) { return std::isnan(logit); });
    if (m_logits.empty() || anyNan) return;
    m_largest = static_cast<double>(*std::max_element(m_logits.begin(), m_logits.end()));
    if (!std::isfinite(m_largest)) return;
    m_valid = true;
    double sum = 0, weighted = 0;
    for (std::int64_t id = 0; id < size(); ++id) {
        const double s = scaled(id);
        const double exponential = std::exp(s);
        sum += exponential;
        if (exponential > 0) weighted += exponential * s;
    }
    m_logSum = std::log(sum);
    m_entropy = std::max(0.0, m_logSum - weighted / sum);
}

double TokenDistribution::scaled(std::int64_t id) const {
    return (static_cast<double>(m_logits[static_cast<std::size_t>(id)]) - m_largest) / m_temperature;
}

double TokenDistribution::logProbability(std::int64_t id) const {
    return m_valid ? scaled(id) - m_logSum : kMinusInfinity;
}

double TokenDistribution::probability(std::int64_t id) const {
    return std::exp(logProbability(id));
}

std::int64_t TokenDistribution::rank(std::int64_t id) const {
    const float own = m_logits[static_cast<std::size_t>(id)];
    std::int64_t before = 0;
    for (std::int64_t other = 0; other < size(); ++other) {
        const float logit = m_logits[static_cast<std::size_t>(other)];
        before += logit > own || (logit == own && other < id) ? 1 : 0;
    }
    return before;
}

Prediction TokenDistribution::of(std::int64_t id) const {
    return {id, rank(id), probability(id), logProbability(id)};
}

std::vector<Prediction> TokenDistribution::top(std::size_t n) const {
    if (!m_valid) return {};
    std::vector<std::int64_t> ids(m_logits.size());
    std::iota(ids.begin(), ids.end(), std::int64_t{0});
    const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(n, ids.size()));
    std::partial_sort(ids.begin(), last, ids.end(), [&](std::int64_t a, std::int64_t b) {
        const float left = m_logits[static_cast<std::size_t>(a)];
        const float right = m_logits[static_cast<std::size_t>(b)];
        return left > right || (left == right && a < b);
    });
    std::vector<Prediction> out;
    for (auto id = ids.begin(); id != last; ++id)
        out.push_back({*id, static_cast<std::int64_t>(out.size()), probability(*id), logProbability(*id)});
    return out;
}

std::vector<PredictionChange> compare(const TokenDistribution& before, const TokenDistribution& after,
                                      std::size_t n) {
    assert(before.size() == after.size());
    std::map<std::int64_t, PredictionChange> changes;
    const auto add = [&](std::int64_t id) {
        if (changes.count(id) == 0) {
            changes[id] = {id, before.probability(id), after.probability(id), before.rank(id),
                           after.rank(id)};
        }
    };
    for (const Prediction& each : after.top(n)) add(each.id);
    for (const Prediction& each : before.top(n)) add(each.id);
    std::vector<PredictionChange> out;
    out.reserve(changes.size());
    for (const auto& each : changes) out.push_back(each.second);
    std::stable_sort(out.begin(), out.end(), [](const PredictionChange& a, const PredictionChange& b) {
        return std::max(a.before, a.after) > std::max(b.before, b.after);
    });
    return out;
}

Inputs withoutChanges(const Inputs& inputs) {
    Inputs out = inputs;
    out.parameters = Parameters();
    out.painted.clear();
    out.ablations.clear();
    out.edits.clear();
    return out;
}

PredictionKind predictionKind(const Trace& trace) {
    if (!trace.logitRows()) return PredictionKind::None;
    return trace.predictsNext() ? PredictionKind::Next : PredictionKind::Same;
}

const Tokens& predictingTokens(const Trace& trace) {
    return trace.target() != nullptr ? *trace.target() : trace.tokens();
}

std::int64_t defaultPosition(const Trace& trace) {
    const std::vector<Token>& tokens = predictingTokens(trace).items;
    const auto count = static_cast<std::int64_t>(tokens.size());
    if (trace.target() != nullptr || trace.maskTokenId() < 0) return count - 1;
    const auto mask = std::find_if(tokens.begin(), tokens.end(),
                                   [&](const Token& token) { return token.id == trace.maskTokenId(); });
    return mask == tokens.end() ? count - 1 : mask - tokens.begin();
}

Token tokenOf(const Trace& trace, std::int64_t id) {
    if (trace.tokenizer()) return trace.tokenizer()->token(id);
    Token token;
    token.id = id;
    token.text = std::to_string(id);
    return token;
}

}  // namespace attn
