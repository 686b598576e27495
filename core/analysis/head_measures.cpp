#include "core/analysis/head_measures.h"

#include "core/analysis/description.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr Descriptions<HeadMeasure, kHeadMeasureCount> kDescriptions({{
    {"entropy", tr("Entropy"), tr("How spread out the weights of a query are: 0 for a single key.")},
    {"largest", tr("Largest weight"), tr("The largest weight of a query: 1 where it looks at one key.")},
    {"same", tr("Same token"), tr("How much a token attends to itself.")},
    {"previous", tr("Previous token"), tr("How much a token attends to the one before it.")},
    {"next", tr("Next token"), tr("How much a token attends to the one after it.")},
    {"first", tr("First token"), tr("How much a token attends to the first one, where idle heads rest.")},
    {"special", tr("Special tokens"), tr("How much goes to special tokens: [CLS], [SEP], <|endoftext|>.")},
    {"duplicate", tr("Same word before"),
     tr("How much goes to earlier places of the same token, where a token is repeated.")},
    {"induction", tr("Induction"),
     tr("How much goes to what came after earlier places of the same token: the head continues what it "
        "has seen.")},
    {"likeness", tr("Like the selected head"),
     tr("How alike the pattern is to the selected head's: 1 for the same, 0 where they never look at the "
        "same token (Jensen-Shannon).")},
    {"probe_previous", tr("Previous token, random text"),
     tr("How much a token attends to the one before it, on random tokens that are repeated.")},
    {"probe_duplicate", tr("Same token before, random text"),
     tr("How much goes to earlier places of the same token, on random tokens that are repeated.")},
    {"probe_induction", tr("Induction, random text"),
     tr("How much goes to what came after earlier places of the same token, on random tokens that are "
        "repeated: prefix matching.")},
}});

/// A mean over the queries that have it.
class Mean {
public:
    void add(double value) {
        m_sum += value;
        ++m_count;
    }
    [[nodiscard]] float value() const {
        return m_count == 0 ? std::numeric_limits<float>::quiet_NaN()
                            : static_cast<float>(m_sum / static_cast<double>(m_count));
    }

private:
    double m_sum = 0;
    std::int64_t m_count = 0;
};

}  // namespace

const char* toString(HeadMeasure measure) {
    return kDescriptions.of(measure).name;
}

std::optional<HeadMeasure> headMeasureFromString(std::string_view text) {
    return kDescriptions.withName(text);
}

const char* title(HeadMeasure measure) {
    return kDescriptions.of(measure).title;
}

const char* explanation(HeadMeasure measure) {
    return kDescriptions.of(measure).explanation;
}

double shareOf(const HeadMeasures& measures, HeadMeasure measure, Index keys) {
    const auto value = static_cast<double>(measureOf(measures, measure));
    if (std::isnan(value)) return 0;
    if (measure != HeadMeasure::Entropy) return std::clamp(value, 0.0, 1.0);
    return keys < 2 ? 0 : std::clamp(value / std::log(static_cast<double>(keys)), 0.0, 1.0);
}

MeasuredTokens measuredTokens(const Trace& trace, const SiteInfo& site) {
    MeasuredTokens out;
    out.selfAttention = !site.cross;
    for (const Token& token : trace.keyTokens(site).items) out.specialKeys.push_back(token.special ? 1 : 0);
    if (!out.selfAttention) return out;
    std::unordered_map<std::int64_t, std::vector<std::int32_t>> places;
    std::int32_t place = 0;
    for (const Token& token : trace.queryTokens(site).items) {
        std::vector<std::int32_t>& before = places[token.id];
        out.earlier.push_back(before);
        before.push_back(place++);
    }
    return out;
}

HeadMeasures measureHead(const MatrixView& pattern, const MeasuredTokens& tokens) {
    std::array<Mean, kHeadMeasureCount> means;
    const auto mean = [&](HeadMeasure measure) -> Mean& { return means[static_cast<std::size_t>(measure)]; };
    const bool anySpecial =
        std::find(tokens.specialKeys.begin(), tokens.specialKeys.end(), 1) != tokens.specialKeys.end();
    for (Index i = 0; i < pattern.rows(); ++i) {
        const float* const row = pattern.data() + i * pattern.outerStride();
        const Index keys = pattern.cols();
        double entropy = 0, special = 0;
        float largest = 0;
        for (Index j = 0; j < keys; ++j) {
            const float p = row[j];
            if (p <= 0) continue;
            largest = std::max(largest, p);
            entropy -= static_cast<double>(p * std::log(p));
            if (anySpecial && tokens.specialKeys[static_cast<std::size_t>(j)] != 0)
                special += static_cast<double>(p);
        }
        if (largest <= 0) continue;  // it sees no key
        mean(HeadMeasure::Entropy).add(std::max(0.0, entropy));
        mean(HeadMeasure::Largest).add(static_cast<double>(largest));
        if (anySpecial) mean(HeadMeasure::Special).add(special);
        if (!tokens.selfAttention) continue;
        const auto at = [&](Index j) { return static_cast<double>(row[j]); };
        mean(HeadMeasure::Same).add(at(i));
        if (i > 0) mean(HeadMeasure::Previous).add(at(i - 1));
        if (i + 1 < keys) mean(HeadMeasure::Next).add(at(i + 1));
        if (i > 0) mean(HeadMeasure::First).add(at(0));
        const std::vector<std::int32_t>& earlier = tokens.earlier[static_cast<std::size_t>(i)];
        if (earlier.empty()) continue;
        double duplicate = 0, induction = 0;
        for (const std::int32_t j : earlier) {
            duplicate += at(j);
            induction += at(j + 1);  // j < i: there is a token behind it
        }
        mean(HeadMeasure::Duplicate).add(duplicate);
        mean(HeadMeasure::Induction).add(induction);
    }
    HeadMeasures out{};
    std::transform(means.begin(), means.end(), out.begin(), [](const Mean& each) { return each.value(); });
    return out;
}

}  // namespace attn
