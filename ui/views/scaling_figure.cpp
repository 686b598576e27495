#include "ui/views/scaling_figure.h"

#include "core/experiment/experiment_file.h"
#include "ui/plot/number_text.h"
#include "ui/views/scaling_captions.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace attn::ui {

namespace {

struct FigureText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::ScalingFigure)
};

QString distributionName(experiment::Distribution distribution) {
    switch (distribution) {
        case experiment::Distribution::Gaussian:
            return FigureText::tr("Gaussian");
        case experiment::Distribution::Uniform:
            return FigureText::tr("uniform");
        case experiment::Distribution::Signs:
            return FigureText::tr("±1");
    }
    return {};
}

/// What the draws were, and the one sentence that the page is about.
QString figureCaption(const experiment::StudyPicture& picture) {
    const experiment::ScalingSettings& settings = picture.here->settings;
    const QString draws = FigureText::tr("%1, %2 components, ρ = %3, seed %4.")
                              .arg(sampleText(*picture.here), distributionName(settings.distribution),
                                   shortNumber(settings.correlation))
                              .arg(settings.seed);
    return softmaxCaption(picture) + u' ' + draws;
}

/// Rows of the curves, and that of the chosen d_k in its place where it has as many samples.
experiment::ScalingSnapshot table(const experiment::StudyPicture& picture) {
    experiment::ScalingSnapshot whole = *picture.curves;
    // Whoever asks for certain d_k gets those.
    const auto& dks = whole.settings.dks;
    if (!std::equal(dks.begin(), dks.end(), experiment::kCurveDks.begin(), experiment::kCurveDks.end())) {
        return whole;
    }
    const std::int64_t dk = picture.here->settings.dks.front();
    const auto place = std::lower_bound(dks.begin(), dks.end(), dk);
    if ((place != dks.end() && *place == dk) || picture.here->samples != whole.samples) return whole;
    const auto at = place - dks.begin();
    whole.settings.dks.insert(whole.settings.dks.begin() + at, dk);
    whole.rows.insert(whole.rows.begin() + at, picture.here->rows.front());
    whole.histograms.insert(whole.histograms.begin() + at, picture.here->histograms.front());
    return whole;
}

}  // namespace

Result<experiment::StudyPicture> scalingPicture(const experiment::StudySettings& settings, TracePtr trace,
                                                const std::string& site) {
    experiment::ScalingStudy study;
    if (Result<void> good = study.configure(settings); !good) return tl::unexpected(good.error());
    study.setSentence(std::move(trace), site);
    while (study.step()) {
    }
    return study.picture();
}

FigureSpec scalingFigure(const experiment::StudyPicture& picture, const ScalingLook& look,
                         std::optional<ScalingPlot> only) {
    FigureSpec spec;
    spec.title = FigureText::tr("Why scores are divided by √dₖ");
    spec.panelColumns = only ? 1 : 3;
    if (picture.here != nullptr) spec.caption = figureCaption(picture);
    for (const ScalingPlot plot : kScalingPlots) {
        if (only && plot != *only) continue;
        CurvePlotData data = scalingPlot(plot, picture, look);
        if (data.isEmpty()) continue;
        FigurePanel panel;
        panel.title = data.title;
        data.title.clear();
        // The caption has said it, but for the gradient, whose draws are others.
        if (plot != ScalingPlot::Gradient) data.note.clear();
        panel.content = std::move(data);
        spec.panels.push_back(std::move(panel));
    }
    return spec;
}

PageSource scalingSource(const experiment::StudyPicture& picture, const ScalingLook& look,
                         std::optional<ScalingPlot> only) {
    return {scalingFigure(picture, look, only),
            only ? QStringLiteral("scaling-plot") : QStringLiteral("scaling"),
            [picture](DataFormat format) -> Result<std::string> {
                if (picture.curves == nullptr || picture.here == nullptr) {
                    return fail(translatable("core", "there is nothing to write yet"));
                }
                const experiment::ScalingSnapshot snapshot = table(picture);
                return format == DataFormat::Json ? experiment::scalingToJson(snapshot)
                                                  : experiment::scalingToCsv(snapshot);
            }};
}

}  // namespace attn::ui
