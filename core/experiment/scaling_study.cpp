#include "core/experiment/scaling_study.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace attn::experiment {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// Work of a step, in random numbers: about a frame.
constexpr std::int64_t kStepNumbers = 6'000'000;
/// What one weight of one softmax costs, in random numbers.
constexpr std::int64_t kWeightCost = 3;
/// Random numbers of the first pass, for each of the two experiments with scores.
constexpr std::int64_t kFirstNumbers = 2'400'000;
constexpr std::int64_t kMostFirstSamples = 128;
constexpr std::int64_t kSamplesPerProblem = 20;
constexpr std::int64_t kFewestProblems = 64;
constexpr std::int64_t kFirstProblems = 32;
constexpr std::int64_t kCheapKeys = 16;  ///< so many make a problem of half a millisecond

std::int64_t firstSamples(const StudySettings& settings) {
    const std::int64_t largest = *std::max_element(settings.curveDks.begin(), settings.curveDks.end());
    const std::int64_t perSample = (settings.keys + 1) * std::max(largest, settings.dk);
    const auto most =
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(kFirstNumbers / perSample, 1, kMostFirstSamples));
    return std::min(static_cast<std::int64_t>(std::bit_floor(most)), settings.samples);
}

/// How many problems of few keys one problem costs.
std::int64_t dearness(const StudySettings& settings) {
    return std::max<std::int64_t>(1, settings.keys / kCheapKeys);
}

/// Of `whole` as much as a pass has of its samples.
std::int64_t shareOf(std::int64_t whole, std::int64_t pass, std::int64_t samples) {
    return std::clamp<std::int64_t>(whole * pass / std::max<std::int64_t>(samples, 1), 1, whole);
}

}  // namespace

Result<void> checkStudy(const StudySettings& settings) {
    ScalingSettings scores;
    scores.correlation = settings.correlation;
    scores.dks = settings.curveDks;
    if (Result<void> good = checkScaling(scores); !good) return good;
    scores.dks = {settings.dk};
    scores.keys = settings.keys;
    scores.exponents = {settings.exponent};
    if (Result<void> good = checkScaling(scores); !good) return good;
    if (settings.samples < 1 || settings.samples > kMostSamples) {
        return fail(tr("%1: %2 is outside %3 … %4"),
                    {"samples", std::to_string(settings.samples), "1", std::to_string(kMostSamples)});
    }
    if (settings.draw < 0 || settings.draw >= kMostSamples) {
        return fail(tr("%1: %2 is outside %3 … %4"),
                    {"draw", std::to_string(settings.draw), "0", std::to_string(kMostSamples - 1)});
    }
    return {};
}

std::array<double, kStudyScales> studyExponents(double free) {
    return {0, 0.5, 1, free};
}

std::int64_t gradientProblems(const StudySettings& settings) {
    return std::clamp(settings.samples / kSamplesPerProblem / dearness(settings), kFewestProblems,
                      GradientExperiment::kMostProblems);
}

ScalingStudy::ScalingStudy() {
    // The default settings are within range.
    static_cast<void>(configure(StudySettings{}));
}

void ScalingStudy::configureScores(Scores& scores, std::vector<std::int64_t> dks) {
    ScalingSettings settings;
    settings.distribution = m_settings.distribution;
    settings.correlation = m_settings.correlation;
    settings.dks = std::move(dks);
    settings.keys = m_settings.keys;
    settings.seed = m_settings.seed;
    const auto exponents = studyExponents(m_settings.exponent);
    settings.exponents.assign(exponents.begin(), exponents.end());
    settings.keepDraws = true;
    if (scores.configured && settings == scores.experiment.settings() &&
        scores.experiment.samples() <= m_settings.samples) {
        return;
    }
    static_cast<void>(scores.experiment.configure(settings));  // checkStudy was there before
    scores.configured = true;
}

void ScalingStudy::configureGradient(Gradient& gradient, std::vector<std::int64_t> dks) {
    GradientSettings settings;
    settings.dks = std::move(dks);
    settings.keys = m_settings.keys;
    settings.seed = m_settings.seed;
    if (m_settings.keys < 2) {
        gradient.snapshot = nullptr;
        gradient.configured = false;
        return;
    }
    if (gradient.configured && settings == gradient.experiment.settings() &&
        gradient.experiment.problems() <= gradientProblems(m_settings)) {
        return;
    }
    static_cast<void>(gradient.experiment.configure(settings));
    gradient.configured = true;
}

Result<void> ScalingStudy::configure(const StudySettings& settings) {
    if (Result<void> good = checkStudy(settings); !good) return good;
    const bool sameDraw = m_settings.distribution == settings.distribution &&
                          m_settings.correlation == settings.correlation && m_settings.dk == settings.dk &&
                          m_settings.keys == settings.keys && m_settings.seed == settings.seed &&
                          m_settings.draw == settings.draw;
    if (!sameDraw) m_draw = nullptr;
    if (m_settings.exponent != settings.exponent) m_sentenceDone = false;
    m_settings = settings;
    configureScores(m_curves, settings.curveDks);
    configureScores(m_here, {settings.dk});
    configureGradient(m_gradientCurves, settings.curveDks);
    configureGradient(m_gradientHere, {settings.dk});
    m_pass = firstSamples(settings);
    m_inFirstPass = true;
    return {};
}

void ScalingStudy::setSentence(TracePtr trace, std::string site) {
    if (trace == m_trace && site == m_site) return;
    m_trace = std::move(trace);
    m_site = std::move(site);
    m_sentenceDone = false;
}

/// True where work was done, and so more may be left.
bool ScalingStudy::advance(Scores& scores, std::int64_t target, const std::stop_token& stop) {
    const std::int64_t before = scores.experiment.samples();
    const ScalingSettings& settings = scores.experiment.settings();
    const std::int64_t weights =
        settings.keys * static_cast<std::int64_t>(settings.dks.size() * settings.exponents.size());
    const std::int64_t cost = scores.experiment.numbersPerSample() + kWeightCost * weights;
    const std::int64_t most = std::max<std::int64_t>(1, kStepNumbers / cost);
    if (before >= target) return false;
    const std::int64_t after = scores.experiment.advance(std::min(target - before, most), stop);
    if (after > before)
        scores.snapshot = std::make_shared<const ScalingSnapshot>(scores.experiment.snapshot());
    return true;
}

bool ScalingStudy::advance(Gradient& gradient, std::int64_t target, const std::stop_token& stop) {
    constexpr std::int64_t kMostAtOnce = 32;
    if (!gradient.configured) return false;
    const std::int64_t before = gradient.experiment.problems();
    if (before >= target) return false;
    const std::int64_t after = gradient.experiment.advance(std::min(target - before, kMostAtOnce), stop);
    if (after > before)
        gradient.snapshot = std::make_shared<const GradientSnapshot>(gradient.experiment.snapshot());
    return true;
}

bool ScalingStudy::measureSentence(const std::stop_token& stop) {
    if (m_sentenceDone) return false;
    if (m_trace == nullptr) {
        m_sentence = nullptr;
        m_sentenceDone = true;
        return true;
    }
    const auto exponents = studyExponents(m_settings.exponent);
    auto measures = sentenceMeasures(*m_trace, m_site, {exponents.begin(), exponents.end()}, stop);
    if (stop.stop_requested()) return true;
    const bool some = measures && measures->all.dotProducts > 0;
    m_sentence = some ? std::make_shared<const SentenceMeasures>(*std::move(measures)) : nullptr;
    m_sentenceDone = true;
    return true;
}

bool ScalingStudy::stepInPass(const std::stop_token& stop) {
    if (m_draw == nullptr) {
        m_draw = std::make_shared<const std::vector<double>>(
            drawScores(m_here.experiment.settings(), m_settings.dk, m_settings.draw));
    }
    std::int64_t problems = shareOf(gradientProblems(m_settings), m_pass, m_settings.samples);
    if (m_inFirstPass) {
        problems = std::min(problems, std::max<std::int64_t>(1, kFirstProblems / dearness(m_settings)));
    }
    return advance(m_here, m_pass, stop) || advance(m_curves, m_pass, stop) ||
           advance(m_gradientHere, problems, stop) || advance(m_gradientCurves, problems, stop);
}

bool ScalingStudy::step(const std::stop_token& stop) {
    if (stepInPass(stop)) return true;
    if (m_inFirstPass) {
        m_inFirstPass = false;
        return true;
    }
    if (measureSentence(stop)) return true;
    if (m_pass >= m_settings.samples) return false;
    m_pass = std::min(2 * m_pass, m_settings.samples);
    return true;
}

std::int64_t ScalingStudy::samples() const {
    return std::min(m_curves.experiment.samples(), m_here.experiment.samples());
}

StudyPicture ScalingStudy::picture() const {
    return {
        m_settings, m_curves.snapshot, m_here.snapshot, m_gradientCurves.snapshot, m_gradientHere.snapshot,
        m_draw,     m_sentence};
}

}  // namespace attn::experiment
