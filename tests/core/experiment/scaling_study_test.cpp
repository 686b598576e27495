#include "core/experiment/scaling_study.h"

#include "core/pipeline/pipeline.h"

#include <gmock/gmock.h>

#include <cmath>

namespace attn::experiment {
namespace {

StudySettings small() {
    StudySettings settings;
    settings.dk = 48;
    settings.keys = 8;
    settings.exponent = 0.3;
    settings.samples = 700;
    settings.draw = 5;
    return settings;
}

void finish(ScalingStudy& study) {
    while (study.step()) {
    }
}

/// The experiment that the study should have run.
ScalingSnapshot direct(const StudySettings& settings, std::vector<std::int64_t> dks) {
    ScalingSettings scores;
    scores.distribution = settings.distribution;
    scores.correlation = settings.correlation;
    scores.dks = std::move(dks);
    scores.keys = settings.keys;
    scores.seed = settings.seed;
    scores.exponents = {0, 0.5, 1, settings.exponent};
    scores.keepDraws = true;
    ScalingExperiment experiment;
    EXPECT_TRUE(experiment.configure(scores));
    experiment.advance(settings.samples);
    return experiment.snapshot();
}

TracePtr traceOf(const char* text) {
    Inputs inputs;
    inputs.text = text;
    Pipeline pipeline;
    return *pipeline.evaluate(inputs);
}

TEST(ScalingStudy, endsAtTheNumbersOfTheExperiments) {
    ScalingStudy study;
    ASSERT_TRUE(study.configure(small()));
    finish(study);
    EXPECT_EQ(study.samples(), 700);
    const StudyPicture picture = study.picture();
    EXPECT_EQ(*picture.curves, direct(small(), {kCurveDks.begin(), kCurveDks.end()}));
    EXPECT_EQ(*picture.here, direct(small(), {48}));
    EXPECT_EQ(picture.gradientCurves->problems, gradientProblems(small()));
    EXPECT_EQ(picture.gradientCurves->rows.size(), kCurveDks.size());
    EXPECT_EQ(picture.gradientHere->rows.front().dk, 48);
    EXPECT_EQ(*picture.draw, drawScores(picture.here->settings, 48, 5));
    EXPECT_EQ(picture.sentence, nullptr);
    EXPECT_FALSE(study.step()) << "done is done";
}

TEST(ScalingStudy, theWayThereDoesNotMatter) {
    ScalingStudy study;
    StudySettings settings = small();
    settings.exponent = 0.9;
    settings.samples = 100;
    ASSERT_TRUE(study.configure(settings));
    finish(study);
    ASSERT_TRUE(study.configure(small()));
    study.step();
    std::stop_source stop;
    stop.request_stop();
    study.step(stop.get_token());
    finish(study);
    const StudyPicture picture = study.picture();
    EXPECT_EQ(*picture.curves, direct(small(), {kCurveDks.begin(), kCurveDks.end()}));
    EXPECT_EQ(*picture.here, direct(small(), {48}));
}

TEST(ScalingStudy, theFirstPassSeesEverythingFromFewSamples) {
    ScalingStudy study;
    StudySettings settings = small();
    settings.samples = kMostSamples;
    ASSERT_TRUE(study.configure(settings));
    study.setSentence(traceOf("the cat sat"), "blocks.0");
    int steps = 0;
    for (; study.inFirstPass(); ++steps) ASSERT_TRUE(study.step());
    EXPECT_LE(steps, 12);
    const StudyPicture picture = study.picture();
    EXPECT_GE(picture.curves->samples, 1);
    EXPECT_LE(picture.curves->samples, 128);
    EXPECT_EQ(picture.here->samples, picture.curves->samples);
    EXPECT_GE(picture.gradientCurves->problems, 1);
    EXPECT_NE(picture.draw, nullptr);
}

TEST(ScalingStudy, whatASettingLeavesAloneStaysAsItIs) {
    ScalingStudy study;
    ASSERT_TRUE(study.configure(small()));
    study.setSentence(traceOf("the cat sat"), "blocks.0");
    finish(study);
    const StudyPicture before = study.picture();

    StudySettings settings = small();
    settings.dk = 50;
    ASSERT_TRUE(study.configure(settings));
    finish(study);
    const StudyPicture moved = study.picture();
    EXPECT_EQ(moved.curves, before.curves);
    EXPECT_EQ(moved.gradientCurves, before.gradientCurves);
    EXPECT_EQ(moved.sentence, before.sentence);
    EXPECT_NE(moved.here, before.here);
    EXPECT_NE(moved.draw, before.draw);

    settings.exponent = 0.4;
    ASSERT_TRUE(study.configure(settings));
    finish(study);
    EXPECT_EQ(study.picture().gradientHere, moved.gradientHere);
    EXPECT_EQ(study.picture().draw, moved.draw);
    EXPECT_NE(study.picture().curves, moved.curves);
    EXPECT_NE(study.picture().sentence, moved.sentence);
}

TEST(ScalingStudy, moreSamplesGoOnAndFewerBeginAnew) {
    ScalingStudy study;
    StudySettings settings = small();
    ASSERT_TRUE(study.configure(settings));
    finish(study);
    settings.samples = 900;
    ASSERT_TRUE(study.configure(settings));
    EXPECT_EQ(study.samples(), 700);
    finish(study);
    EXPECT_EQ(study.samples(), 900);
    ASSERT_TRUE(study.configure(small()));
    finish(study);
    EXPECT_EQ(*study.picture().here, direct(small(), {48}));
}

TEST(ScalingStudy, measuresTheSentence) {
    ScalingStudy study;
    ASSERT_TRUE(study.configure(small()));
    const TracePtr trace = traceOf("the cat sat on the mat");
    study.setSentence(trace, "blocks.0");
    finish(study);
    const auto expected = sentenceMeasures(*trace, "blocks.0", {0, 0.5, 1, 0.3});
    ASSERT_TRUE(expected);
    ASSERT_NE(study.picture().sentence, nullptr);
    EXPECT_EQ(*study.picture().sentence, *expected);
    for (const auto& [text, site] : {std::pair{"", "blocks.0"}, std::pair{"the cat", "blocks.7"}}) {
        study.setSentence(traceOf(text), site);
        finish(study);
        EXPECT_EQ(study.picture().sentence, nullptr) << text;
    }
}

TEST(ScalingStudy, oneKeyHasNoGradient) {
    ScalingStudy study;
    StudySettings settings = small();
    settings.keys = 1;
    ASSERT_TRUE(study.configure(settings));
    finish(study);
    EXPECT_EQ(study.picture().gradientCurves, nullptr);
    EXPECT_EQ(study.picture().here->samples, 700);
}

TEST(ScalingStudy, refusesWhatIsOutOfRange) {
    ScalingStudy study;
    const auto refused = [&](auto change) {
        StudySettings settings = small();
        change(settings);
        return !study.configure(settings);
    };
    EXPECT_TRUE(refused([](StudySettings& s) { s.dk = 0; }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.keys = 1025; }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.correlation = std::nan(""); }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.exponent = 1.01; }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.samples = 0; }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.samples = kMostSamples + 1; }));
    EXPECT_TRUE(refused([](StudySettings& s) { s.draw = -1; }));
    EXPECT_EQ(study.picture().settings, StudySettings{}) << "nothing changed";
}

}  // namespace
}  // namespace attn::experiment
