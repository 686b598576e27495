#include "ui/views/scaling_plots.h"

#include "core/experiment/row_measures.h"
#include "ui/plot/number_text.h"
#include "ui/views/scaling_captions.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace attn::ui {

namespace {

using experiment::Estimate;
using experiment::RowMeans;
using experiment::ScalingSnapshot;
using experiment::StudyPicture;
using experiment::StudyScale;

struct PlotText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::ScalingPlots)
};

constexpr double kConfidence = 1.959964;   ///< standard errors to either side of 95 %
constexpr double kReach = 100;             ///< three standard deviations of q·k at the largest d_k
constexpr double kScaledReach = 4;         ///< four of q·k/√d_k
constexpr double kLeastGradient = 1e-6;    ///< where the axis ends
constexpr double kHiddenGradient = 1e-12;  ///< stands for less, 0 too: below the axis

constexpr int colorOf(StudyScale scale) {
    return static_cast<int>(scale);
}

/// The next of 1, 2, 3, 4, 6, 8, 10 times a power of ten: an axis that holds still for a while.
double roundedOutwards(double x) {
    const double decade = std::pow(10.0, std::floor(std::log10(x)));
    for (const double step : {1.0, 2.0, 3.0, 4.0, 6.0, 8.0}) {
        if (x <= step * decade * (1 + 1e-9)) return step * decade;
    }
    return 10 * decade;
}

PlotAxis dkAxis() {
    return {QStringLiteral("dₖ"),
            AxisScale::Logarithmic,
            1.0,
            static_cast<double>(experiment::kCurveDks.back()),
            {}};
}

/// Everything that plots over d_k have in common.
CurvePlotData overDk(const ScalingLook& look) {
    CurvePlotData data;
    data.x = dkAxis();
    data.marker = static_cast<double>(look.dk);
    data.markerName = QStringLiteral("dₖ");
    return data;
}

using ValueOf = std::function<Estimate(const experiment::ScoreMeasures&)>;

/// Points of measured values with their 95 % confidence, kept inside of low … high.
Curve measured(const ScalingSnapshot& snapshot, const QString& name, StudyScale scale, double low,
               double high, const ValueOf& valueOf) {
    Curve curve;
    curve.name = name;
    curve.color = colorOf(scale);
    // The free scale may lie on another one, and both shall be seen.
    curve.look = scale == StudyScale::Free ? CurveLook::Dashed : CurveLook::LineAndPoints;
    for (const experiment::ScoreMeasures& row : snapshot.rows) {
        const Estimate estimate = valueOf(row);
        const double reach =
            std::isfinite(estimate.standardError) ? kConfidence * estimate.standardError : high - low;
        curve.x.push_back(static_cast<double>(row.dk));
        curve.y.push_back(estimate.value);
        curve.low.push_back(std::clamp(estimate.value - reach, low, high));
        curve.high.push_back(std::clamp(estimate.value + reach, low, high));
    }
    return curve;
}

/// The sentence's values at its own d_k; none where that is no place of the axis.
void addSentence(CurvePlotData& data, const StudyPicture& picture, std::vector<double> values) {
    const auto dk = static_cast<double>(picture.sentence->all.dk);
    if (dk < *data.x.low || dk > *data.x.high) return;
    Curve points;
    points.name = PlotText::tr("your sentence");
    points.x.assign(values.size(), dk);
    points.y = std::move(values);
    points.color = kTextColor;
    points.look = CurveLook::Points;
    data.curves.push_back(std::move(points));
}

CurvePlotData scoresPlot(const StudyPicture& picture, bool scaled) {
    CurvePlotData data;
    if (picture.here == nullptr) return data;
    const experiment::ScalingSettings& settings = picture.here->settings;
    const std::int64_t dk = settings.dks.front();
    const double factor = scaled ? 1 / std::sqrt(static_cast<double>(dk)) : 1;
    const experiment::ScalingTheory theory =
        experiment::scalingTheory(settings.distribution, settings.correlation, dk);
    const double mean = theory.mean * factor, deviation = std::sqrt(theory.variance) * factor;
    const QString what = scaled ? QStringLiteral("q·k/√dₖ") : QStringLiteral("q·k");
    data.title =
        scaled ? PlotText::tr("Scaled scores at dₖ = %1").arg(dk) : PlotText::tr("Scores at dₖ = %1").arg(dk);
    data.note = sampleText(*picture.here);

    const experiment::Histogram histogram = picture.here->histograms.front().scaledBy(factor);
    BarSeries bars{{}, histogram.lowest, histogram.width, {}, colorOf(StudyScale::None)};
    if (scaled) bars.color = colorOf(StudyScale::InverseRoot);
    double highest = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        bars.heights.push_back(histogram.density(i));
        highest = std::max(highest, bars.heights.back());
    }
    data.bars.push_back(std::move(bars));
    // The axis holds still while dₖ grows, so that the scores are seen to spread, and the scaled ones not to.
    const double reach = scaled ? kScaledReach : kReach, shown = scaled ? 4 : 3;
    const double low = -roundedOutwards(std::max(reach, shown * deviation - mean));
    const double high = roundedOutwards(std::max(reach, shown * deviation + mean));
    if (deviation > 0) {
        Curve normal;
        normal.name = QStringLiteral("N(%1, %2)").arg(shortNumber(mean), shortNumber(deviation * deviation));
        normal.color = kTextColor;
        const double peak = 1 / (deviation * std::sqrt(2 * std::numbers::pi));
        // Few points: each costs a frame some 30 µs.
        for (int i = -32; i <= 32; ++i) {
            const double z = i / 8.0;
            normal.x.push_back(mean + z * deviation);
            normal.y.push_back(peak * std::exp(-z * z / 2));
        }
        data.curves.push_back(std::move(normal));
        highest = std::max(highest, 1.15 * peak);
    }
    data.x = {what, AxisScale::Linear, low, high, {}};
    data.y = {PlotText::tr("density of %1").arg(what),
              AxisScale::Linear,
              0.0,
              roundedOutwards(std::max(highest, 1e-9)),
              {}};
    return data;
}

CurvePlotData variancePlot(const StudyPicture& picture, const ScalingLook& look) {
    if (picture.curves == nullptr) return {};
    CurvePlotData data = overDk(look);
    const experiment::ScalingSettings& settings = picture.curves->settings;
    data.title = PlotText::tr("Variance of the scores");
    data.note = sampleText(*picture.curves);
    const double unit = experiment::scalingTheory(settings.distribution, settings.correlation, 1).variance;
    data.y = {PlotText::tr("variance"), AxisScale::Logarithmic, 0.1, 10'000.0, {}};
    const auto line = [&](const QString& name, double power) {
        Curve theory{name, {}, {}, {}, {}, kTextColor, CurveLook::Thin};
        for (const double dk : {1.0, 1024.0}) {
            theory.x.push_back(dk);
            theory.y.push_back(unit * std::pow(dk, power));
        }
        data.curves.push_back(std::move(theory));
    };
    if (unit > 0) {
        const bool plain = unit == 1;
        line(plain ? PlotText::tr("var = dₖ") : PlotText::tr("var = %1 dₖ").arg(shortNumber(unit)), 1);
        line(PlotText::tr("var = %1").arg(shortNumber(unit)), 0);
    }
    const auto points = [&](const QString& name, StudyScale scale, double power) {
        data.curves.push_back(measured(*picture.curves, name, scale, 1e-9, 1e9, [power](const auto& row) {
            return row.scaledVariance(std::pow(static_cast<double>(row.dk), power));
        }));
        data.curves.back().look = CurveLook::Points;  // on the lines of the theory
    };
    points(QStringLiteral("q·k"), StudyScale::None, 0);
    points(QStringLiteral("q·k/√dₖ"), StudyScale::InverseRoot, -0.5);
    if (picture.sentence != nullptr) {
        const experiment::ScoreMeasures& all = picture.sentence->all;
        addSentence(data, picture,
                    {all.variance.value,
                     all.variance.value / static_cast<double>(std::max<std::int64_t>(all.dk, 1))});
    }
    return data;
}

CurvePlotData weightsPlot(const StudyPicture& picture, const ScalingLook& look, bool scaled) {
    CurvePlotData data;
    if (picture.draw == nullptr) return data;
    const double root = std::sqrt(static_cast<double>(picture.settings.dk));
    std::vector<double> weights = softmaxWeights(*picture.draw, scaled ? 1 / root : 1);
    std::vector<std::size_t> order(weights.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (look.sorted) {
        // Equal weights in the order of the scores, so that both plots have one order.
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return (*picture.draw)[a] > (*picture.draw)[b];
        });
    }
    const QString what = scaled ? QStringLiteral("softmax(q·k/√dₖ)") : QStringLiteral("softmax(q·k)");
    data.title = PlotText::tr("%1 of draw %2").arg(what).arg(picture.settings.draw + 1);
    data.x.title = look.sorted ? PlotText::tr("key, the largest weight first") : PlotText::tr("key");
    BarSeries bars{PlotText::tr("weight"), 0.5, 1, {}, colorOf(StudyScale::None), 0.2};
    if (scaled) bars.color = colorOf(StudyScale::InverseRoot);
    for (const std::size_t i : order) {
        data.x.categories.append(QString::number(i + 1));
        bars.heights.push_back(weights[i]);
    }
    data.x.low = 0.5;
    data.x.high = static_cast<double>(weights.size()) + 0.5;
    data.bars.push_back(std::move(bars));
    data.y = {PlotText::tr("weights: %1").arg(what), AxisScale::Linear, 0.0, 1.0, {}};
    data.legend = false;
    data.note = PlotText::tr("draw %1").arg(countText(picture.settings.draw + 1));
    return data;
}

PlotAxis measureAxis(RowMeasure measure, std::int64_t keys) {
    const double most = std::log(static_cast<double>(std::max<std::int64_t>(keys, 2)));
    switch (measure) {
        case RowMeasure::Saturated:
            return {PlotText::tr("share of saturated rows"), AxisScale::Linear, 0.0, 1.0, {}};
        case RowMeasure::MaxP:
            return {PlotText::tr("largest weight, mean"), AxisScale::Linear, 0.0, 1.0, {}};
        case RowMeasure::Entropy:
            return {PlotText::tr("entropy in nats, mean"), AxisScale::Linear, 0.0, 1.1 * most, {}};
        case RowMeasure::Jacobian:
            return {PlotText::tr("Jacobian norm, mean"), AxisScale::Linear, 0.0, 0.75, {}};
    }
    return {};
}

CurvePlotData measurePlot(const StudyPicture& picture, const ScalingLook& look, bool everyScale) {
    if (picture.curves == nullptr) return {};
    CurvePlotData data = overDk(look);
    const experiment::ScalingSettings& settings = picture.curves->settings;
    data.y = measureAxis(look.measure, settings.keys);
    data.title = data.y.title;
    data.title.replace(0, 1, data.title.at(0).toUpper());
    data.note = sampleText(*picture.curves);
    if (look.measure == RowMeasure::Entropy) {
        const double most = std::log(static_cast<double>(settings.keys));
        data.lines.push_back({false, most, PlotText::tr("ln %1: all keys alike").arg(settings.keys)});
    }
    if (look.measure == RowMeasure::Jacobian) {
        data.lines.push_back(
            {false, experiment::kLargestJacobianNorm, PlotText::tr("√½: the largest there is")});
    }
    const std::size_t scales = everyScale ? experiment::kStudyScales : 2;
    std::vector<double> sentence;
    for (std::size_t i = 0; i < scales; ++i) {
        const auto scale = static_cast<StudyScale>(i);
        data.curves.push_back(
            measured(*picture.curves, scaleName(scale, settings.exponents.back()), scale, *data.y.low,
                     *data.y.high, [&](const auto& row) { return measureOf(row.scales[i], look.measure); }));
        if (picture.sentence != nullptr) {
            sentence.push_back(measureOf(picture.sentence->all.scales[i], look.measure).value);
        }
    }
    if (picture.sentence != nullptr) addSentence(data, picture, std::move(sentence));
    return data;
}

CurvePlotData varianceByScalePlot(const StudyPicture& picture, const ScalingLook& look) {
    if (picture.curves == nullptr) return {};
    CurvePlotData data = overDk(look);
    data.title = PlotText::tr("Variance of the scores after each scale");
    data.note = sampleText(*picture.curves);
    data.y = {PlotText::tr("variance after the scale"), AxisScale::Logarithmic, 1e-4, 1e4, {}};
    data.lines.push_back({false, 1, {}});
    for (std::size_t i = 0; i < experiment::kStudyScales; ++i) {
        const auto scale = static_cast<StudyScale>(i);
        data.curves.push_back(
            measured(*picture.curves, scaleName(scale, picture.curves->settings.exponents.back()), scale,
                     1e-9, 1e9, [i](const auto& row) { return row.scaledVariance(row.scales[i].factor); }));
    }
    return data;
}

CurvePlotData gradientPlot(const StudyPicture& picture, const ScalingLook& look) {
    if (picture.gradientCurves == nullptr) return {};
    CurvePlotData data = overDk(look);
    data.title = PlotText::tr("Gradient that reaches W_Q: median, and 10 to 90 % of the draws");
    data.note = PlotText::tr("%1 problems × %2 keys: median, 10 to 90 %")
                    .arg(countText(picture.gradientCurves->problems))
                    .arg(picture.gradientCurves->settings.keys);
    double least = 1, largest = kLeastGradient;
    for (std::size_t i = 0; i < 2; ++i) {
        Curve curve;
        curve.name = scaleName(static_cast<StudyScale>(i), 0);
        curve.color = static_cast<int>(i);
        curve.look = CurveLook::LineAndPoints;
        for (const experiment::GradientRow& row : picture.gradientCurves->rows) {
            const experiment::Spread& spread = row.scales[i].weights;
            curve.x.push_back(static_cast<double>(row.dk));
            curve.y.push_back(std::max(spread.median, kHiddenGradient));
            curve.low.push_back(std::max(spread.low, kHiddenGradient));
            curve.high.push_back(std::max(spread.high, kHiddenGradient));
            least = std::min(least, curve.low.back());
            largest = std::max(largest, curve.high.back());
        }
        data.curves.push_back(std::move(curve));
    }
    const auto decade = [](double x, double (*round)(double)) {
        return std::pow(10.0, round(std::log10(x)));
    };
    data.y = {PlotText::tr("gradient at W_Q"),
              AxisScale::Logarithmic,
              decade(std::max(least, kLeastGradient), [](double x) { return std::floor(x); }),
              decade(largest, [](double x) { return std::ceil(x); }),
              {}};
    return data;
}

}  // namespace

bool isOverDk(ScalingPlot plot) {
    switch (plot) {
        case ScalingPlot::Variance:
        case ScalingPlot::Measure:
        case ScalingPlot::Gradient:
        case ScalingPlot::VarianceByScale:
        case ScalingPlot::MeasureByScale:
            return true;
        default:
            return false;
    }
}

CurvePlotData scalingPlot(ScalingPlot plot, const StudyPicture& picture, const ScalingLook& look) {
    switch (plot) {
        case ScalingPlot::Scores:
            return scoresPlot(picture, false);
        case ScalingPlot::ScaledScores:
            return scoresPlot(picture, true);
        case ScalingPlot::Variance:
            return variancePlot(picture, look);
        case ScalingPlot::Weights:
            return weightsPlot(picture, look, false);
        case ScalingPlot::ScaledWeights:
            return weightsPlot(picture, look, true);
        case ScalingPlot::Measure:
            return measurePlot(picture, look, false);
        case ScalingPlot::Gradient:
            return gradientPlot(picture, look);
        case ScalingPlot::VarianceByScale:
            return varianceByScalePlot(picture, look);
        case ScalingPlot::MeasureByScale:
            return measurePlot(picture, look, true);
    }
    return {};
}

Estimate measureOf(const RowMeans& row, RowMeasure measure) {
    switch (measure) {
        case RowMeasure::Saturated:
            return row.saturated;
        case RowMeasure::MaxP:
            return row.maxP;
        case RowMeasure::Entropy:
            return row.entropyNats;
        case RowMeasure::Jacobian:
            return row.jacobianFrobenius;
    }
    return {};
}

QString scaleName(StudyScale scale, double exponent) {
    switch (scale) {
        case StudyScale::None:
            return PlotText::tr("no scale");
        case StudyScale::InverseRoot:
            return QStringLiteral("1/√dₖ");
        case StudyScale::Inverse:
            return QStringLiteral("1/dₖ");
        case StudyScale::Free:
            return QStringLiteral("β = %1").arg(exponent, 0, 'f', 2);
    }
    return {};
}

std::vector<double> softmaxWeights(const std::vector<double>& dots, double factor) {
    std::vector<double> weights(dots.size());
    experiment::softmaxRow(dots, factor, weights);
    return weights;
}

}  // namespace attn::ui
