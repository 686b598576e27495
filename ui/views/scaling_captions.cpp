#include "ui/views/scaling_captions.h"

#include "core/experiment/row_measures.h"
#include "ui/plot/number_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

using experiment::RowMeans;
using experiment::ScoreMeasures;
using experiment::StudyPicture;
using experiment::StudyScale;

struct CaptionText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::ScalingCaptions)
};

const RowMeans& scaleOf(const ScoreMeasures& measures, StudyScale scale) {
    return measures.scales[static_cast<std::size_t>(scale)];
}

QString fixed(double value) {
    return numberText(value, {2});
}

/// Two figures are enough for a spread over draws.
QString roughly(double value) {
    return value < 1e-12 ? CaptionText::tr("less than 1e−12") : shortNumber(value, 2);
}

/// Whoever reads a figure that is not final yet shall know.
QString soFar(const QString& caption, std::int64_t samples, std::int64_t goal) {
    if (samples >= goal) return caption;
    return CaptionText::tr("%1 (%2 of %3 samples so far)").arg(caption, countText(samples), countText(goal));
}

QString scoresSentence(const StudyPicture& picture) {
    const ScoreMeasures& here = picture.here->rows.front();
    const experiment::ScalingSettings& settings = picture.here->settings;
    const auto theory = experiment::scalingTheory(settings.distribution, settings.correlation, here.dk);
    const double root = std::sqrt(static_cast<double>(here.dk));
    const double deviation = std::sqrt(here.variance.value);
    if (settings.correlation == 0) {
        return CaptionText::tr(
                   "At dₖ = %1, q·k spreads with a standard deviation of %2 (variance %3, theory "
                   "%4); divided by √dₖ it is %5, and stays there whatever dₖ is.")
            .arg(here.dk)
            .arg(shortNumber(deviation), shortNumber(here.variance.value), shortNumber(theory.variance),
                 fixed(deviation / root));
    }
    return CaptionText::tr(
               "At dₖ = %1 and ρ = %2, q·k lies around %3 with variance %4 (theory: %5 and %6); "
               "divided by √dₖ the variance is %7, but the mean still grows with √dₖ: %8.")
        .arg(here.dk)
        .arg(fixed(settings.correlation), shortNumber(here.mean.value), shortNumber(here.variance.value),
             shortNumber(theory.mean), shortNumber(theory.variance),
             fixed(here.scaledVariance(1 / root).value), fixed(here.mean.value / root));
}

QString softmaxSentence(const StudyPicture& picture) {
    const ScoreMeasures& here = picture.here->rows.front();
    const double share = scaleOf(here, StudyScale::None).saturated.value;
    const double scaledShare = scaleOf(here, StudyScale::InverseRoot).saturated.value;
    const QString unscaled = shareText(share);
    if (share == 0 && scaledShare == 0) {
        return CaptionText::tr("At dₖ = %1 no row is saturated, unscaled or scaled: pull dₖ up.")
            .arg(here.dk);
    }
    if (here.dk == 1) {
        return CaptionText::tr(
                   "At dₖ = 1 scaling changes nothing, for √1 = 1: of the rows, %1 are saturated.")
            .arg(unscaled);
    }
    return CaptionText::tr("At dₖ = %1 unscaled, %2 of rows are saturated; scaled, %3.")
        .arg(here.dk)
        .arg(unscaled, shareText(scaledShare));
}

QString gradientSentence(const StudyPicture& picture) {
    const experiment::GradientRow& here = picture.gradientHere->rows.front();
    const experiment::Spread& unscaled = here.scales[0].weights;
    const experiment::Spread& scaled = here.scales[1].weights;
    const QString begin = CaptionText::tr("At dₖ = %1 the median gradient at W_Q is %2 unscaled, %3 scaled")
                              .arg(here.dk)
                              .arg(roughly(unscaled.median), roughly(scaled.median));
    // Where every tenth draw has a tenth of what it has with scaling, learning depends on luck.
    if (unscaled.low < scaled.low / 10) {
        return CaptionText::tr(
                   "%1; but every tenth draw, its row saturated, gets less than %2 unscaled "
                   "(scaled: %3).")
            .arg(begin, roughly(unscaled.low), roughly(scaled.low));
    }
    return CaptionText::tr("%1, and it comes through in nearly every draw: pull dₖ up.").arg(begin);
}

QString exponentSentence(const StudyPicture& picture) {
    const ScoreMeasures& last = picture.curves->rows.back();
    const RowMeans& free = scaleOf(last, StudyScale::Free);
    const double exponent = picture.curves->settings.exponents.back();
    const QString variance = shortNumber(last.scaledVariance(free.factor).value);
    const QString entropy = CaptionText::tr("entropy %1 of at most %2")
                                .arg(fixed(free.entropyNats.value),
                                     fixed(std::log(static_cast<double>(picture.curves->settings.keys))));
    if (exponent < 0.5) {
        return CaptionText::tr(
                   "β = %1 divides too little: at dₖ = %2 the variance is %3 and the softmax "
                   "sharpens (%4); only β = ½ keeps it where it is at dₖ = 1.")
            .arg(fixed(exponent))
            .arg(last.dk)
            .arg(variance, entropy);
    }
    if (exponent > 0.5) {
        return CaptionText::tr(
                   "β = %1 divides too much: at dₖ = %2 the variance is %3 and the softmax "
                   "flattens (%4); only β = ½ keeps it where it is at dₖ = 1.")
            .arg(fixed(exponent))
            .arg(last.dk)
            .arg(variance, entropy);
    }
    return CaptionText::tr(
               "β = ½ is 1/√dₖ: the variance at dₖ = %1 is %2, as at dₖ = 1. Less lets it grow "
               "until one key takes all, more flattens the softmax.")
        .arg(last.dk)
        .arg(variance);
}

}  // namespace

QString countText(std::int64_t count) {
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString sampleText(const experiment::ScalingSnapshot& snapshot) {
    return CaptionText::tr("%1 samples × %2 keys")
        .arg(countText(snapshot.samples), countText(snapshot.settings.keys));
}

QString shareText(double share) {
    if (share <= 0) return CaptionText::tr("none");
    const double percent = 100 * share;
    if (percent < 0.95) return CaptionText::tr("%1 %").arg(shortNumber(percent, 1));
    // What is not all must not look like all.
    return CaptionText::tr("%1 %").arg(share < 1 ? std::min(99.0, std::round(percent)) : 100);
}

QString scoresCaption(const StudyPicture& picture) {
    if (picture.here == nullptr) return {};
    return soFar(scoresSentence(picture), picture.here->samples, picture.settings.samples);
}

QString softmaxCaption(const StudyPicture& picture) {
    if (picture.here == nullptr) return {};
    return soFar(softmaxSentence(picture), picture.here->samples, picture.settings.samples);
}

QString drawCaption(const StudyPicture& picture) {
    if (picture.draw == nullptr) return {};
    std::vector<double> weights(picture.draw->size());
    const auto largest = [&](double factor) {
        return fixed(experiment::softmaxRow(*picture.draw, factor, weights).maxP);
    };
    return CaptionText::tr("In draw %1, the largest weight is %2 unscaled, %3 scaled; all alike would be %4.")
        .arg(countText(picture.settings.draw + 1), largest(1),
             largest(1 / std::sqrt(static_cast<double>(picture.settings.dk))),
             shortNumber(1 / static_cast<double>(weights.size()), 2));
}

QString gradientCaption(const StudyPicture& picture) {
    if (picture.gradientHere == nullptr) return {};
    return soFar(gradientSentence(picture), picture.gradientHere->problems,
                 experiment::gradientProblems(picture.settings));
}

QString exponentCaption(const StudyPicture& picture) {
    if (picture.curves == nullptr) return {};
    return soFar(exponentSentence(picture), picture.curves->samples, picture.settings.samples);
}

std::int64_t sentenceKeys(const StudyPicture& picture) {
    if (picture.sentence == nullptr || picture.sentence->all.rows == 0) return 0;
    return picture.sentence->all.dotProducts / picture.sentence->all.rows;
}

QString sentenceCaption(const StudyPicture& picture) {
    if (picture.sentence == nullptr) {
        return CaptionText::tr("Type a sentence above: its own q and k are then measured beside the draws.");
    }
    const ScoreMeasures& all = picture.sentence->all;
    const auto heads = static_cast<std::int64_t>(picture.sentence->heads.size());
    return CaptionText::tr(
               "Heads × queries × keys = %1 × %2 × %3, dₖ = %4: q·k has variance %5 where "
               "independent components would give %4; unscaled, %6 of its rows are saturated; "
               "scaled, %7.")
        .arg(QString::number(heads), QString::number(all.rows / std::max<std::int64_t>(heads, 1)),
             QString::number(sentenceKeys(picture)), QString::number(all.dk), shortNumber(all.variance.value),
             shareText(scaleOf(all, StudyScale::None).saturated.value),
             shareText(scaleOf(all, StudyScale::InverseRoot).saturated.value));
}

std::vector<SentenceRow> sentenceRows(const StudyPicture& picture) {
    if (picture.sentence == nullptr || picture.here == nullptr) return {};
    const ScoreMeasures& sentence = picture.sentence->all;
    const ScoreMeasures& drawn = picture.here->rows.front();
    const auto pair = [](const ScoreMeasures& from, auto value) {
        return CaptionText::tr("%1 → %2").arg(value(scaleOf(from, StudyScale::None)),
                                              value(scaleOf(from, StudyScale::InverseRoot)));
    };
    const auto row = [&](const QString& name, auto value) {
        return SentenceRow{name, pair(sentence, value), pair(drawn, value)};
    };
    const auto variance = [](const ScoreMeasures& from) {
        const double factor = scaleOf(from, StudyScale::InverseRoot).factor;
        return CaptionText::tr("%1 → %2").arg(shortNumber(from.variance.value),
                                              shortNumber(from.scaledVariance(factor).value));
    };
    return {
        {CaptionText::tr("variance of the scores"), variance(sentence), variance(drawn)},
        row(CaptionText::tr("saturated rows"),
            [](const RowMeans& means) { return shareText(means.saturated.value); }),
        row(CaptionText::tr("largest weight"), [](const RowMeans& means) { return fixed(means.maxP.value); }),
        row(CaptionText::tr("entropy in nats"),
            [](const RowMeans& means) { return fixed(means.entropyNats.value); }),
        row(CaptionText::tr("Jacobian norm"),
            [](const RowMeans& means) { return fixed(means.jacobianFrobenius.value); })};
}

}  // namespace attn::ui
