#include "core/analysis/probe.h"

#include "core/text/model_tokenizer.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace attn {
namespace {

/// The sentence's measure that is taken of a probe.
HeadMeasure taken(HeadMeasure probed) {
    switch (probed) {
        case HeadMeasure::ProbePrevious:
            return HeadMeasure::Previous;
        case HeadMeasure::ProbeDuplicate:
            return HeadMeasure::Duplicate;
        default:
            return HeadMeasure::Induction;
    }
}

/// Below `count`, the same on every machine. (A remainder of 64 random bits is even enough.)
std::int64_t drawBelow(std::mt19937_64& random, std::int64_t count) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(count));
}

/// The special tokens at both ends of a text.
struct Surroundings {
    std::vector<std::int64_t> before, after;

    [[nodiscard]] Index size() const { return static_cast<Index>(before.size() + after.size()); }
};

Surroundings surroundingsOf(const Tokens& tokens) {
    Surroundings out;
    std::size_t begin = 0, end = tokens.items.size();
    while (begin < end && tokens.items[begin].special) out.before.push_back(tokens.items[begin++].id);
    while (end > begin && tokens.items[end - 1].special) --end;
    for (std::size_t i = end; i < tokens.items.size(); ++i) out.after.push_back(tokens.items[i].id);
    return out;
}

std::vector<std::int64_t> repeated(const std::vector<std::int64_t>& once, Index times,
                                   const Surroundings& around) {
    std::vector<std::int64_t> out = around.before;
    for (Index i = 0; i < times; ++i)
        for (const std::int64_t id : once) out.push_back(id);
    for (const std::int64_t id : around.after) out.push_back(id);
    return out;
}

/// Different ids that are no special tokens.
std::vector<std::int64_t> drawIds(const Trace& trace, std::mt19937_64& random, Index count) {
    std::set<std::int64_t> special;
    for (const Sequence each : {Sequence::Text, Sequence::Target}) {
        if (const Tokens* tokens = trace.tokens(each)) {
            for (const Token& token : tokens->items)
                if (token.special) special.insert(token.id);
        }
    }
    const ModelTokenizer* const tokenizer = trace.tokenizer().get();
    std::vector<std::int64_t> ids;
    const std::int64_t vocabulary = trace.model()->vocabulary;
    // A vocabulary of special tokens alone would be searched for ever.
    for (int tried = 0; tried < 100'000 && static_cast<Index>(ids.size()) < count; ++tried) {
        const std::int64_t id = drawBelow(random, vocabulary);
        const bool isSpecial =
            special.count(id) > 0 || (tokenizer != nullptr && tokenizer->token(id).special);
        if (!isSpecial && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
    return ids;
}

/// Different letters, repeated; words need spaces between them.
std::string drawText(const Inputs& inputs, std::mt19937_64& random, Index count, Index repeats) {
    std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (std::size_t i = letters.size(); i > 1; --i)
        std::swap(letters[i - 1],
                  letters[static_cast<std::size_t>(drawBelow(random, static_cast<std::int64_t>(i)))]);
    const bool words = std::get<std::string>(inputs.parameters.get(ParameterId::Tokenizer)) == "words";
    std::string text;
    for (Index i = 0; i < repeats; ++i) {
        for (Index j = 0; j < count; ++j) {
            text += letters[static_cast<std::size_t>(j)];
            if (words) text += ' ';
        }
    }
    return text;
}

constexpr Index kLetters = 52;

}  // namespace

Inputs probedModel(const Inputs& inputs) {
    Inputs out = inputs;
    out.text.clear();
    out.ids.reset();
    out.context.reset();
    out.target.reset();
    out.targetIds.reset();
    out.segments.clear();
    out.painted.clear();
    out.maskedTokens.clear();
    std::erase_if(out.edits, [](const Edit& edit) { return !isWeight(edit.tensor.name); });
    out.parameters.set(ParameterId::SamplingTemperature, spec(ParameterId::SamplingTemperature).defaultValue);
    return out;
}

std::optional<ProbeSettings> possibleProbe(const Trace& trace, const ProbeSettings& settings) {
    const bool toy = trace.model() == nullptr;
    const Index around = toy ? 0 : surroundingsOf(trace.tokens()).size() + 1;
    const Index room =
        (toy ? static_cast<Index>(kToyContext) : static_cast<Index>(trace.model()->context)) - around;
    const Index different = toy ? kLetters : static_cast<Index>(trace.model()->vocabulary);
    ProbeSettings fit = settings;
    fit.length = std::min({settings.length, different, room / 2});
    if (fit.length < 2) return std::nullopt;
    fit.repeats = std::clamp<Index>(room / fit.length, 2, settings.repeats);
    return fit;
}

std::vector<Inputs> probeInputs(const Trace& trace, const ProbeSettings& settings) {
    const Inputs model = probedModel(trace.inputs());
    std::mt19937_64 random(settings.seed);
    std::vector<Inputs> all;
    const bool toy = trace.model() == nullptr;
    const Surroundings around = toy ? Surroundings{} : surroundingsOf(trace.tokens());
    const std::optional<ProbeSettings> fit = possibleProbe(trace, settings);
    if (!fit) return all;
    for (Index i = 0; i < fit->sequences; ++i) {
        Inputs inputs = model;
        if (toy) {
            inputs.text = drawText(model, random, fit->length, fit->repeats);
            all.push_back(std::move(inputs));
            continue;
        }
        const std::vector<std::int64_t> once = drawIds(trace, random, fit->length);
        if (once.size() < 2) return {};
        inputs.ids = repeated(once, fit->repeats, around);
        if (const Tokens* target = trace.target(); target != nullptr && !target->items.empty()) {
            // What the decoder reads begins with its start token.
            inputs.targetIds = repeated(once, fit->repeats, {{target->items.front().id}, {}});
        }
        all.push_back(std::move(inputs));
    }
    return all;
}

void Probe::add(const Trace& trace) {
    m_sums.resize(trace.sites().size());
    for (std::size_t s = 0; s < trace.sites().size(); ++s) {
        const SiteInfo& site = trace.sites()[s];
        const MeasuredTokens tokens = measuredTokens(trace, site);
        const TensorPtr pattern = trace.find({site.name, TensorName::Pattern})->get();
        m_sums[s].resize(static_cast<std::size_t>(site.heads), HeadMeasures{});
        for (Index head = 0; head < site.heads; ++head) {
            const HeadMeasures measures = measureHead(pattern->matrix(head), tokens);
            HeadMeasures& sums = m_sums[s][static_cast<std::size_t>(head)];
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += measures[i];
        }
    }
    ++m_count;
}

float Probe::measure(std::size_t site, Index head, HeadMeasure probed) const {
    if (m_count == 0 || site >= m_sums.size() || head >= static_cast<Index>(m_sums[site].size()))
        return std::numeric_limits<float>::quiet_NaN();
    return measureOf(m_sums[site][static_cast<std::size_t>(head)], taken(probed)) /
           static_cast<float>(m_count);
}

}  // namespace attn
