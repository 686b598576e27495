#pragma once
/// All that is shown about dot-product scaling at one setting of its controls, refined step by step: the
/// window's thread of experiments and the command line's figure go through it, so both have the same numbers.

#include "core/experiment/gradient_step.h"
#include "core/experiment/scaling.h"
#include "core/experiment/sentence_measures.h"

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace attn::experiment {

/// The d_k of all curves, where nobody asks for others.
inline constexpr std::array<std::int64_t, 11> kCurveDks{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

/// What is asked.
struct StudySettings {
    Distribution distribution = Distribution::Gaussian;
    double correlation = 0;  ///< ρ, −1 … 1
    std::int64_t dk = 64;    ///< where everything is looked at closely
    std::int64_t keys = 16;
    std::uint64_t seed = 1;
    double exponent = 0.5;          ///< β of the free scale d_k^−β, 0 … 1
    std::int64_t samples = 10'000;  ///< where refining ends, 1 … kMostSamples
    std::int64_t draw = 0;          ///< the sample whose softmax is shown, 0 … kMostSamples − 1
    std::vector<std::int64_t> curveDks{kCurveDks.begin(), kCurveDks.end()};

    bool operator==(const StudySettings&) const = default;
};

/// An error that names the first setting that is out of range.
[[nodiscard]] Result<void> checkStudy(const StudySettings& settings);

/// Places in the `scales` of every row of measures: exponents 0, ½, 1 and the free one.
enum class StudyScale : std::uint8_t { None, InverseRoot, Inverse, Free };
inline constexpr std::size_t kStudyScales = 4;
[[nodiscard]] std::array<double, kStudyScales> studyExponents(double free);

/// What is known so far. Each part is immutable, says by itself what it was made of and from how many
/// samples, and is null until there is something. Parts that a change of settings left alone stay the same
/// objects.
struct StudyPicture {
    StudySettings settings;
    std::shared_ptr<const ScalingSnapshot> curves;  ///< over settings.curveDks
    std::shared_ptr<const ScalingSnapshot> here;    ///< at settings.dk alone
    /// Exponents 0 and ½; likewise over the curves' d_k and at settings.dk. Null for a single key: there is
    /// nothing to choose and no gradient.
    std::shared_ptr<const GradientSnapshot> gradientCurves, gradientHere;
    std::shared_ptr<const std::vector<double>> draw;  ///< q·k of sample settings.draw, one for each key
    /// Of the sentence's own q and k; scales as StudyScale. Null without a sentence, and for one without
    /// tokens.
    std::shared_ptr<const SentenceMeasures> sentence;
};

/// Problems of the gradient step that go with a number of samples: dearer, so fewer.
[[nodiscard]] std::int64_t gradientProblems(const StudySettings& settings);

/// Refines in passes: a first one that fits into a frame, then twice as many samples each, for everything
/// that is shown. One thread at a time.
class ScalingStudy {
public:
    ScalingStudy();

    /// What the new settings leave alone goes on from where it is; fewer samples than there are begin anew.
    /// An error names the first setting that is out of range; then nothing changes.
    [[nodiscard]] Result<void> configure(const StudySettings& settings);
    /// The site of a trace whose q and k are measured; a null trace: none.
    void setSentence(TracePtr trace, std::string site);

    /// Does the next piece of work, of about a frame's length. False where there is nothing left to do. A
    /// stop ends it early; what was not done is done by the next call.
    bool step(const std::stop_token& stop = {});
    /// True until everything has been seen once: before that a picture would have old parts or none.
    [[nodiscard]] bool inFirstPass() const { return m_inFirstPass; }
    /// Samples there are at least, whatever is looked at.
    [[nodiscard]] std::int64_t samples() const;

    [[nodiscard]] StudyPicture picture() const;

private:
    struct Scores {
        ScalingExperiment experiment;
        std::shared_ptr<const ScalingSnapshot> snapshot;
        bool configured = false;
    };
    struct Gradient {
        GradientExperiment experiment;
        std::shared_ptr<const GradientSnapshot> snapshot;
        bool configured = false;
    };

    void configureScores(Scores& scores, std::vector<std::int64_t> dks);
    void configureGradient(Gradient& gradient, std::vector<std::int64_t> dks);
    [[nodiscard]] bool advance(Scores& scores, std::int64_t target, const std::stop_token& stop);
    [[nodiscard]] bool advance(Gradient& gradient, std::int64_t target, const std::stop_token& stop);
    [[nodiscard]] bool measureSentence(const std::stop_token& stop);
    [[nodiscard]] bool stepInPass(const std::stop_token& stop);

    StudySettings m_settings;
    Scores m_curves, m_here;
    Gradient m_gradientCurves, m_gradientHere;
    std::shared_ptr<const std::vector<double>> m_draw;
    TracePtr m_trace;
    std::string m_site;
    std::shared_ptr<const SentenceMeasures> m_sentence;
    bool m_sentenceDone = true;
    std::int64_t m_pass = 1;  ///< samples that the present pass wants of everything
    bool m_inFirstPass = true;
};

}  // namespace attn::experiment
