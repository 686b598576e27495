#include "ui/views/scaling_plots.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/views/scaling_captions.h"
#include "ui/views/scaling_figure.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

namespace attn::ui {
namespace {

using experiment::StudyPicture;
using experiment::StudySettings;

StudySettings settings(std::int64_t dk = 256) {
    StudySettings result;
    result.dk = dk;
    result.samples = 2000;
    result.exponent = 0.3;
    return result;
}

StudyPicture pictureOf(const StudySettings& settings, const char* text = kSentence) {
    TracePtr trace;
    if (text != nullptr) {
        Inputs inputs;
        inputs.text = text;
        trace = traceOf(inputs);
    }
    auto picture = scalingPicture(settings, trace, "blocks.0");
    EXPECT_TRUE(picture) << picture.error().english();
    return *picture;
}

const StudyPicture& example() {
    static const StudyPicture picture = pictureOf(settings());
    return picture;
}

const Curve* curve(const CurvePlotData& data, const QString& name) {
    for (const Curve& each : data.curves) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

TEST(ScalingPlots, everyPlotHasSomethingAndSaysFromHowMuch) {
    for (const ScalingPlot plot : kScalingPlots) {
        const CurvePlotData data = scalingPlot(plot, example(), {});
        EXPECT_FALSE(data.isEmpty()) << data.title.toStdString();
        EXPECT_FALSE(data.title.isEmpty());
        EXPECT_FALSE(data.note.isEmpty()) << data.title.toStdString();
        EXPECT_EQ(data.marker.has_value(), isOverDk(plot));
        EXPECT_TRUE(scalingPlot(plot, StudyPicture{}, {}).isEmpty());
    }
    EXPECT_TRUE(scalingPlot(ScalingPlot::Scores, example(), {}).note.contains(sampleText(*example().here)));
}

TEST(ScalingPlots, theHistogramIsADensityUnderItsTheory) {
    for (const bool scaled : {false, true}) {
        const CurvePlotData data =
            scalingPlot(scaled ? ScalingPlot::ScaledScores : ScalingPlot::Scores, example(), {});
        const BarSeries& bars = data.bars.front();
        const double area = bars.width * std::accumulate(bars.heights.begin(), bars.heights.end(), 0.0);
        EXPECT_NEAR(area, 1, 1e-6);
        const Curve& theory = data.curves.front();
        double largest = 0, sum = 0;
        for (std::size_t i = 0; i < theory.y.size(); ++i) {
            largest = std::max(largest, theory.y[i]);
            if (i > 0) sum += theory.y[i] * (theory.x[i] - theory.x[i - 1]);
        }
        const double deviation = scaled ? 1 : 16;
        EXPECT_NEAR(largest, 1 / (deviation * std::sqrt(2 * 3.14159265358979)), 1e-12);
        EXPECT_NEAR(sum, 1, 2e-4) << "four deviations to either side";
        EXPECT_GE(*data.y.high, largest);
        EXPECT_LE(*data.x.low, -3 * deviation);
        EXPECT_GE(*data.x.high, 3 * deviation);
    }
}

TEST(ScalingPlots, theAxesHoldStillWhileDkGrows) {
    const StudyPicture other = pictureOf(settings(4));
    for (const ScalingPlot plot : {ScalingPlot::Scores, ScalingPlot::ScaledScores, ScalingPlot::Variance}) {
        EXPECT_EQ(scalingPlot(plot, other, {}).x, scalingPlot(plot, example(), {}).x);
    }
}

TEST(ScalingPlots, theVarianceLiesOnItsLine) {
    const CurvePlotData data = scalingPlot(ScalingPlot::Variance, example(), {77});
    EXPECT_EQ(data.marker, 77);
    const Curve* scores = curve(data, QStringLiteral("q·k"));
    const Curve* scaled = curve(data, QStringLiteral("q·k/√dₖ"));
    ASSERT_TRUE(scores && scaled);
    ASSERT_EQ(scores->x.size(), experiment::kCurveDks.size());
    for (std::size_t i = 0; i < scores->x.size(); ++i) {
        // Twice the band: four standard errors.
        EXPECT_NEAR(scores->y[i], scores->x[i], scores->high[i] - scores->low[i]);
        EXPECT_NEAR(scaled->y[i], 1, scaled->high[i] - scaled->low[i]);
        EXPECT_LT(scores->low[i], scores->y[i]);
    }
    const Curve* sentence = curve(data, QStringLiteral("your sentence"));
    ASSERT_NE(sentence, nullptr);
    EXPECT_EQ(sentence->x, (std::vector<double>{16, 16}));
    EXPECT_EQ(sentence->y[0], example().sentence->all.variance.value);
}

TEST(ScalingPlots, aSoftmaxRowSumsToOneWhateverItsOrder) {
    ScalingLook look{256};
    const CurvePlotData plain = scalingPlot(ScalingPlot::Weights, example(), look);
    look.sorted = true;
    const CurvePlotData sorted = scalingPlot(ScalingPlot::Weights, example(), look);
    const CurvePlotData scaled = scalingPlot(ScalingPlot::ScaledWeights, example(), look);
    for (const CurvePlotData* data : {&plain, &sorted, &scaled}) {
        const std::vector<double>& weights = data->bars.front().heights;
        EXPECT_EQ(weights.size(), 16U);
        EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-12);
        EXPECT_EQ(data->x.categories.size(), 16);
    }
    EXPECT_TRUE(std::is_sorted(sorted.bars.front().heights.rbegin(), sorted.bars.front().heights.rend()));
    EXPECT_TRUE(std::is_sorted(scaled.bars.front().heights.rbegin(), scaled.bars.front().heights.rend()));
    EXPECT_EQ(sorted.x.categories, scaled.x.categories) << "one order for both";
    EXPECT_FALSE(std::is_sorted(plain.bars.front().heights.rbegin(), plain.bars.front().heights.rend()));
}

TEST(ScalingPlots, theMeasureIsTheOneThatWasChosen) {
    ScalingLook look;
    for (const RowMeasure measure :
         {RowMeasure::Saturated, RowMeasure::MaxP, RowMeasure::Entropy, RowMeasure::Jacobian}) {
        look.measure = measure;
        const CurvePlotData two = scalingPlot(ScalingPlot::Measure, example(), look);
        const CurvePlotData four = scalingPlot(ScalingPlot::MeasureByScale, example(), look);
        EXPECT_EQ(two.curves.size(), 3U) << "two scales and the sentence";
        EXPECT_EQ(four.curves.size(), 5U);
        const experiment::RowMeans& last = example().curves->rows.back().scales.front();
        EXPECT_EQ(two.curves[0].y.back(), measureOf(last, measure).value);
        for (const Curve& each : four.curves) {
            for (const double y : each.y) {
                EXPECT_GE(y, *four.y.low);
                EXPECT_LE(y, *four.y.high);
            }
        }
    }
}

TEST(ScalingPlots, onlyOneHalfKeepsTheVariance) {
    const CurvePlotData data = scalingPlot(ScalingPlot::VarianceByScale, example(), {});
    ASSERT_EQ(data.curves.size(), 4U);
    const double powers[] = {1, 0, -1, 0.4};  // of d_k: 1 − 2β
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(std::log(data.curves[i].y.back()) / std::log(1024.0), powers[i], 0.02);
    }
}

TEST(ScalingPlots, aMedianGradientOfNothingStaysBelowTheAxis) {
    const CurvePlotData data = scalingPlot(ScalingPlot::Gradient, example(), {});
    ASSERT_EQ(data.curves.size(), 2U);
    for (const Curve& each : data.curves) {
        for (std::size_t i = 0; i < each.y.size(); ++i) {
            EXPECT_GT(each.low[i], 0);
            EXPECT_LE(each.low[i], each.y[i]);
            EXPECT_LE(each.y[i], each.high[i]);
        }
    }
    EXPECT_GE(*data.y.low, 1e-6);
}

TEST(ScalingPlots, drawsWithoutSpreadAreDrawnTheSame) {
    StudySettings same = settings(16);
    same.distribution = experiment::Distribution::Signs;
    same.correlation = 1;
    const StudyPicture picture = pictureOf(same, nullptr);
    for (const ScalingPlot plot : kScalingPlots) {
        EXPECT_FALSE(scalingPlot(plot, picture, {}).isEmpty() && plot != ScalingPlot::Scores);
    }
    EXPECT_TRUE(scalingPlot(ScalingPlot::Scores, picture, {}).curves.empty()) << "no normal of variance 0";
    EXPECT_GE(*scalingPlot(ScalingPlot::Scores, picture, {}).x.high, 16);
}

TEST(ScalingCaptions, sayTheMeasuredFigures) {
    StudySettings many = settings();
    many.samples = 20'000;
    const StudyPicture picture = pictureOf(many);
    EXPECT_EQ(softmaxCaption(picture),
              QStringLiteral("At dₖ = 256 unscaled, 51 % of rows are saturated; scaled, none."));
    EXPECT_TRUE(scoresCaption(picture).contains(QStringLiteral("theory 256")));
    EXPECT_TRUE(gradientCaption(picture).contains(QStringLiteral("every tenth draw")));
    EXPECT_TRUE(exponentCaption(picture).contains(QStringLiteral("too little")));
    EXPECT_TRUE(sentenceCaption(picture).contains(QStringLiteral("4 × 11 × 11, dₖ = 16")));
    EXPECT_EQ(sentenceKeys(picture), 11);
    EXPECT_EQ(sentenceRows(picture).size(), 5U);
}

TEST(ScalingCaptions, changeWithTheState) {
    StudySettings low = settings(1);
    low.exponent = 0.5;
    const StudyPicture one = pictureOf(low, nullptr);
    EXPECT_TRUE(softmaxCaption(one).contains(QStringLiteral("no row is saturated")));
    EXPECT_TRUE(gradientCaption(one).contains(QStringLiteral("nearly every draw")));
    EXPECT_TRUE(exponentCaption(one).contains(QStringLiteral("β = ½")));
    EXPECT_TRUE(sentenceCaption(one).contains(QStringLiteral("Type a sentence")));
    EXPECT_TRUE(sentenceRows(one).empty());
    low.dk = 100;
    low.correlation = 0.5;
    low.exponent = 0.8;
    const StudyPicture other = pictureOf(low, nullptr);
    EXPECT_TRUE(scoresCaption(other).contains(QStringLiteral("theory: 50 and 125")))
        << scoresCaption(other).toStdString();
    EXPECT_TRUE(exponentCaption(other).contains(QStringLiteral("too much")));
    for (QString (*caption)(const StudyPicture&) :
         {&scoresCaption, &softmaxCaption, &drawCaption, &gradientCaption, &exponentCaption}) {
        EXPECT_TRUE(caption(StudyPicture{}).isEmpty());
        EXPECT_NE(caption(one), caption(other));
        EXPECT_FALSE(caption(other).contains(u'%') && caption(other).contains(QStringLiteral("%1")));
    }
}

TEST(ScalingCaptions, sayHowFarTheWorkIs) {
    StudyPicture early = pictureOf(settings(), nullptr);
    for (QString (*caption)(const StudyPicture&) : {&scoresCaption, &softmaxCaption, &exponentCaption}) {
        EXPECT_FALSE(caption(early).contains(QStringLiteral("so far")));
    }
    early.settings.samples = 1'000'000;
    for (QString (*caption)(const StudyPicture&) : {&scoresCaption, &softmaxCaption, &exponentCaption}) {
        EXPECT_TRUE(caption(early).endsWith(QStringLiteral("(2,000 of 1,000,000 samples so far)")));
    }
    EXPECT_TRUE(gradientCaption(early).endsWith(QStringLiteral("(100 of 4,096 samples so far)")));
}

TEST(ScalingCaptions, sharesAreNeverRoundedToNothingOrAll) {
    EXPECT_EQ(shareText(0), QStringLiteral("none"));
    EXPECT_EQ(shareText(0.0004), QStringLiteral("0.04 %"));
    EXPECT_EQ(shareText(0.033), QStringLiteral("3 %"));
    EXPECT_EQ(shareText(0.9999), QStringLiteral("99 %"));
    EXPECT_EQ(shareText(1), QStringLiteral("100 %"));
}

TEST(ScalingFigure, hasEveryPlotAndTheTableOfTheSubcommand) {
    const PageSource source = scalingSource(example(), {256});
    const auto spec = source.figure({});
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->panels.size(), kScalingPlots.size());
    EXPECT_TRUE(spec->caption.contains(QStringLiteral("2,000 samples")));
    const auto csv = source.data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 12) << "a heading and eleven d_k";
    EXPECT_THAT(*csv, testing::StartsWith("dk,mean,variance,"));
    const auto own = scalingSource(pictureOf(settings(100)), {100}).data({}, DataFormat::Csv);
    EXPECT_EQ(std::count(own->begin(), own->end(), '\n'), 13) << "and the chosen one";
    EXPECT_THAT(*own, testing::HasSubstr("\n100,"));
    EXPECT_EQ(scalingFigure(example(), {}, ScalingPlot::Gradient).panels.size(), 1U);
    EXPECT_FALSE(scalingSource({}, {}).data({}, DataFormat::Json)) << "nothing there yet";
}

}  // namespace
}  // namespace attn::ui
