#include "ui/model/scaling_run.h"

#include "tests/ui/views/view_fixture.h"

#include <QSignalSpy>

namespace attn::ui {
namespace {

using experiment::StudyPicture;
using experiment::StudySettings;

StudySettings small() {
    StudySettings settings;
    settings.dk = 20;
    settings.keys = 4;
    settings.samples = 600;
    return settings;
}

/// What the study comes to on one thread, without a window.
StudyPicture direct(const StudySettings& settings) {
    experiment::ScalingStudy study;
    EXPECT_TRUE(study.configure(settings));
    while (study.step()) {
    }
    return study.picture();
}

void expectSame(const StudyPicture& picture, const StudyPicture& expected) {
    EXPECT_EQ(picture.settings, expected.settings);
    EXPECT_EQ(*picture.curves, *expected.curves);
    EXPECT_EQ(*picture.here, *expected.here);
    EXPECT_EQ(*picture.gradientCurves, *expected.gradientCurves);
    EXPECT_EQ(*picture.draw, *expected.draw);
}

TEST(ScalingRun, restsAtTheNumbersThatWereAskedFor) {
    ScalingRun run;
    EXPECT_EQ(run.picture(), nullptr);
    ASSERT_TRUE(run.request(small()));
    EXPECT_FALSE(run.isCurrent());
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    EXPECT_EQ(run.samples(), 600);
    expectSame(*run.picture(), direct(small()));
}

TEST(ScalingRun, theNewestQuestionWins) {
    ScalingRun run;
    StudySettings settings = small();
    settings.samples = experiment::kMostSamples;  // for minutes, were it not superseded
    for (std::int64_t dk = 1; dk <= 200; ++dk) {
        settings.dk = dk;
        ASSERT_TRUE(run.request(settings));
    }
    ASSERT_TRUE(run.request(small()));
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    expectSame(*run.picture(), direct(small()));
}

TEST(ScalingRun, aLongRunShowsHowFarItIsAndStops) {
    ScalingRun run;
    QSignalSpy resting(&run, &ScalingRun::restingChanged);
    StudySettings settings = small();
    settings.samples = experiment::kMostSamples;
    ASSERT_TRUE(run.request(settings));
    ASSERT_TRUE(waitUntil([&] { return run.isCurrent() && run.samples() >= 2000; }));
    EXPECT_FALSE(run.isResting());
    run.stop();
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    EXPECT_TRUE(run.isStopped());
    EXPECT_EQ(resting.count(), 1);
    const std::int64_t reached = run.samples();
    EXPECT_GE(reached, 2000);
    EXPECT_LT(reached, experiment::kMostSamples);

    run.resume();
    EXPECT_FALSE(run.isResting());
    ASSERT_TRUE(waitUntil([&] { return run.samples() > reached; }));
    EXPECT_FALSE(run.isStopped());
    // Another question goes on by itself.
    run.stop();
    ASSERT_TRUE(run.request(small()));
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    EXPECT_EQ(run.samples(), 600);
}

TEST(ScalingRun, stoppedFromTheBeginningItHasAFirstPicture) {
    ScalingRun run;
    StudySettings settings = small();
    settings.samples = experiment::kMostSamples;
    ASSERT_TRUE(run.request(settings));
    run.stop();
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    ASSERT_NE(run.picture(), nullptr);
    EXPECT_GE(run.samples(), 1);
}

TEST(ScalingRun, samplesOnlyGrowUntilTheRest) {
    ScalingRun run;
    StudySettings settings = small();
    settings.samples = 20'000;
    std::vector<std::int64_t> seen;
    QObject::connect(&run, &ScalingRun::pictureChanged, [&] { seen.push_back(run.samples()); });
    ASSERT_TRUE(run.request(settings));
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_EQ(seen.back(), 20'000);
}

TEST(ScalingRun, measuresTheSentenceThatItIsGiven) {
    ScalingRun run;
    ASSERT_TRUE(run.request(small()));
    Inputs inputs;
    inputs.text = kSentence;
    const TracePtr trace = traceOf(inputs);
    run.setSentence(trace, "blocks.0");
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    ASSERT_NE(run.picture()->sentence, nullptr);
    const auto exponents = experiment::studyExponents(small().exponent);
    EXPECT_EQ(*run.picture()->sentence,
              *experiment::sentenceMeasures(*trace, "blocks.0", {exponents.begin(), exponents.end()}));
    const auto curves = run.picture()->curves;
    run.setSentence(nullptr, "");
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    EXPECT_EQ(run.picture()->sentence, nullptr);
    EXPECT_EQ(run.picture()->curves, curves) << "the draws have nothing to do with it";
}

TEST(ScalingRun, refusesWhatIsOutOfRangeAndRepeatsNothing) {
    ScalingRun run;
    StudySettings wrong = small();
    wrong.dk = 0;
    EXPECT_FALSE(run.request(wrong));
    ASSERT_TRUE(run.request(small()));
    ASSERT_TRUE(waitUntil([&] { return run.isResting(); }));
    ASSERT_TRUE(run.request(small()));
    EXPECT_TRUE(run.isResting());
    EXPECT_FALSE(run.request(wrong));
    EXPECT_EQ(run.settings(), small());
}

TEST(ScalingRun, canGoAwayAtAnyTime) {
    for (int pictures = 0; pictures < 3; ++pictures) {
        ScalingRun run;
        StudySettings settings;
        settings.samples = experiment::kMostSamples;
        settings.keys = 200;
        ASSERT_TRUE(run.request(settings));
        QSignalSpy spy(&run, &ScalingRun::pictureChanged);
        ASSERT_TRUE(waitUntil([&] { return spy.count() >= pictures; }));
    }
}

}  // namespace
}  // namespace attn::ui
