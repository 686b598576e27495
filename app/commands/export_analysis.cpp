#include "app/commands/export_analysis.h"

#include "app/commands/export_options.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "core/analysis/flow.h"
#include "core/analysis/likeness.h"
#include "core/analysis/probe.h"
#include "core/analysis/shown_row.h"
#include "core/analysis/weights.h"
#include "core/pipeline/pipeline.h"
#include "ui/views/flow_page.h"
#include "ui/views/head_figure.h"
#include "ui/views/weights_figure.h"

#include <vector>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

Result<Index> position(const std::optional<std::string>& query, const View& view, const Trace& trace,
                       const SiteInfo& site) {
    if (site.queries == 0) return fail(tr("there is nothing to draw: the tensor is empty"));
    if (!query)
        return view.query >= 0 && view.query < site.queries ? Index{view.query} : defaultQuery(trace, site);
    const auto typed = parseInteger("--query", *query, 0, site.queries - 1);
    if (!typed) return tl::unexpected(typed.error());
    return Index{*typed};
}

/// Nobody stops these.
void run(Study& study) {
    static_cast<void>(finish(study));
}

/// The texts stand between the special tokens of the model's own trace, whatever of it is shown.
Result<void> addProbe(const Scene& scene, std::vector<ui::HeadSurvey::Site>& sites) {
    // What there is to warn of was said of the trace that is drawn. With names, as the window has them: then
    // special tokens are known where ids are given.
    Pipeline pipeline;
    pipeline.setNamesIds(true);
    const Result<TracePtr> trace = pipeline.evaluate(scene.inputs);
    if (!trace) return tl::unexpected(trace.error());
    Probe probe;
    for (const Inputs& inputs : probeInputs(**trace)) {
        const Result<TracePtr> text = pipeline.evaluate(inputs, *trace);
        if (!text) return tl::unexpected(text.error());
        probe.add(**text);
    }
    for (const HeadMeasure measure :
         {HeadMeasure::ProbePrevious, HeadMeasure::ProbeDuplicate, HeadMeasure::ProbeInduction}) {
        std::vector<std::vector<float>> values(sites.size());
        for (std::size_t s = 0; s < sites.size(); ++s)
            for (Index head = 0; head < sites[s].heads; ++head)
                values[s].push_back(probe.measure(s, head, measure));
        ui::takeMeasure(sites, measure, values);
    }
    return {};
}

std::string kindNames() {
    std::string names;
    for (std::size_t i = 0; i < kWeightKindCount; ++i)
        names += (i == 0 ? "" : ", ") + std::string(toString(static_cast<WeightKind>(i)));
    return names;
}

}  // namespace

Result<void> exportTokenFlow(const Scene& scene, const TracePtr& shown, ui::FigureRequest request,
                             const std::optional<std::string>& query, const std::string& output) {
    const TracePtr trace = asComputed(shown);
    const auto figure = resolveFigure(*trace, scene.view, request);
    if (!figure) return tl::unexpected(figure.error());
    const SiteInfo& site = *figure->site;
    Result<Index> row = position(query, scene.view, *trace, site);
    if (row) row = shownPlace("--query", *shown, site, Axis::Queries, *row, query.has_value());
    if (!row) return tl::unexpected(row.error());
    FlowStudy study(shown, site.name, *row, {scene.view.flow.heads, scene.view.flow.tokens});
    run(study);
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(output)) qt.emplace();
    return ui::FlowPage(shown, study.flow(), site.name, scene.view.head).source().write(request, output);
}

Result<WeightKind> readWeights(const std::string& kind) {
    const std::optional<WeightKind> known = weightKindFromString(kind);
    if (!known) return fail(tr("%1: '%2' is none of %3"), {"--weights", kind, kindNames()});
    return *known;
}

Result<TensorPtr> studyWeights(const TracePtr& trace, const std::string& site, WeightKind kind,
                               const std::vector<Index>& heads, Index query) {
    if (const char* why = whyNone(*trace, *trace->site(site), kind))
        return fail(tr("--weights %1 at %2: %3"), {toString(kind), site, why});
    WeightStudy study(trace, site, kind, heads, query);
    run(study);
    return study.result();
}

Result<void> exportWeights(const Scene& scene, const TracePtr& shown, ui::FigureRequest request,
                           const std::string& kind, const std::optional<std::string>& query,
                           const std::string& output) {
    const Result<WeightKind> known = readWeights(kind);
    if (!known) return tl::unexpected(known.error());
    if (request.head == ui::kAllHeads) return fail(tr("--weights: one head at a time, not all of them"));
    // Worked out between all tokens, and shown as the others are.
    const TracePtr trace = asComputed(shown);
    const auto figure = resolveFigure(*trace, scene.view, request);
    if (!figure) return tl::unexpected(figure.error());
    const SiteInfo& site = *figure->site;
    const Result<Index> row = position(query, scene.view, *trace, site);
    if (!row) return tl::unexpected(row.error());
    const Result<TensorPtr> weights = studyWeights(trace, site.name, *known, {figure->head}, *row);
    if (!weights) return tl::unexpected(weights.error());
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(output)) qt.emplace();
    ui::HeatMapStyle style;
    style.sequential = request.colormap;
    style.values = request.values;
    const ui::WeightsPicture picture{trace, &site, *known, figure->head, *row, *weights};
    return ui::weightsSource(ui::pictureShown(picture, shown), style).write(request, output);
}

Result<void> exportHeads(const Scene& scene, const TracePtr& trace, const ui::FigureRequest& request,
                         bool probed, const std::string& output) {
    View view = scene.view;
    view.colormap = ui::toString(request.colormap);
    std::vector<ui::HeadSurvey::Site> sites = ui::surveyHeads(*trace);
    const std::optional<HeadMeasure> measure = headMeasureFromString(view.heads.measure);
    if (probed || (measure && isProbed(*measure))) {
        if (Result<void> added = addProbe(scene, sites); !added) return added;
    }
    const SiteInfo* const site = trace->site(view.site);
    if (measure == HeadMeasure::Likeness && site != nullptr && view.head < site->heads) {
        LikenessStudy study(trace, view.site, view.head);
        run(study);
        ui::takeMeasure(sites, HeadMeasure::Likeness, study.likenesses());
    }
    return ui::headsSource(trace, view, sites, probed).write(request, output);
}

}  // namespace attn::app
