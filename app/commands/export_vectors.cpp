// `export --view neurons|geometry`: the queries and keys of one head.
#include "app/commands/export_options.h"
#include "app/numbers.h"
#include "app/qt_session.h"
#include "core/analysis/flow.h"
#include "core/analysis/shown_row.h"
#include "ui/views/geometry_page.h"
#include "ui/views/neurons_page.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace attn::app {
namespace {

using ui::FigureRequest;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// One head of a site, and the pair that is looked at.
struct Subject {
    Scene scene;
    FigureRequest request;
    TracePtr shown;  ///< as its tokens are shown
    TracePtr trace;  ///< as it was computed
    const SiteInfo* site = nullptr;
    Index head = 0;
    TensorPtr q, k;  ///< of all tokens
    ui::Cell cell;
};

/// A query or a key of the subject's site, by its number in the text.
Result<void> readPlace(const CLI::Option* option, const std::string& text, const Subject& subject, Axis axis,
                       int& place) {
    if (option->count() == 0) return {};
    const Index count = axis == Axis::Queries ? subject.site->queries : subject.site->keys;
    const std::string name = option->get_name();
    const Result<std::int64_t> number = parseInteger(name.c_str(), text, 0, std::max<Index>(count - 1, 0));
    if (!number) return tl::unexpected(number.error());
    const Result<Index> shown = shownPlace(name.c_str(), *subject.shown, *subject.site, axis, *number, true);
    if (!shown) return tl::unexpected(shown.error());
    place = static_cast<int>(*shown);
    return {};
}

/// The scene's own selection, with what the command line says instead.
Result<Subject> readSubject(const ExportOptions& options) {
    Subject subject;
    Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    subject.scene = *std::move(scene);
    const View& view = subject.scene.view;
    FigureRequest& request = subject.request;
    Result<void> read = readLooks(options, view, request);
    request.site = options.site;
    if (read) read = readLayer(options, request);
    if (!read) return tl::unexpected(read.error());
    Result<TracePtr> trace = shownTrace(options, subject.scene);
    if (!trace) return tl::unexpected(trace.error());
    subject.shown = *std::move(trace);
    subject.trace = asComputed(subject.shown);
    request.tensor = toString(TensorName::Q);
    const auto q = resolveFigure(*subject.trace, view, request);
    if (!q) return tl::unexpected(q.error());
    subject.site = q->site;
    subject.q = q->tensor;
    subject.k = subject.trace->find({q->site->name, TensorName::K})->get();
    subject.head = std::clamp<Index>(view.head, 0, q->site->heads - 1);
    if (options.hasHead->count() > 0) {
        const auto head = parseInteger("--head", options.head, 0, q->site->heads - 1);
        if (!head) return tl::unexpected(head.error());
        subject.head = *head;
    }
    subject.cell = {static_cast<int>(view.query), static_cast<int>(view.key), -1};
    if (view.query < 0 || view.query >= subject.site->queries)
        subject.cell.query =
            static_cast<int>(nearestShownToken(*subject.shown, {subject.site->name, TensorName::Scores},
                                               Axis::Queries, defaultQuery(*subject.trace, *subject.site)));
    read = readPlace(options.hasQuery, options.query, subject, Axis::Queries, subject.cell.query);
    if (read) read = readPlace(options.hasKey, options.key, subject, Axis::Keys, subject.cell.key);
    if (!read) return tl::unexpected(read.error());
    return subject;
}

Result<NeuronsView> neuronsView(const ExportOptions& options, NeuronsView view, Index width) {
    if (options.hasOrder->count() > 0) {
        if (options.order != "dimension" && options.order != "contribution")
            return fail(tr("%1: '%2' is none of %3"), {"--order", options.order, "dimension, contribution"});
        view.order = options.order;
    }
    if (options.hasOff->count() > 0) {
        auto off =
            parseIntegers("--off", options.off, 0, std::max<Index>(width - 1, 0), NeuronsView::kMostOff);
        if (!off) return tl::unexpected(off.error());
        view.off = *std::move(off);
        std::sort(view.off.begin(), view.off.end());
        view.off.erase(std::unique(view.off.begin(), view.off.end()), view.off.end());
    }
    return view;
}

Result<void> exportNeurons(const ExportOptions& options, const Subject& subject) {
    const auto head =
        std::make_shared<const NeuronHead>(subject.trace, *subject.site, subject.head, subject.q, subject.k);
    const auto view = neuronsView(options, subject.scene.view.neurons, head->width());
    if (!view) return tl::unexpected(view.error());
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(options.output)) qt.emplace();
    ui::TraceAdapter adapter;
    const ui::NeuronsPage page(*subject.shown, *subject.site, head, *view, subject.cell, adapter);
    return page.source().write(subject.request, options.output);
}

Result<void> exportGeometry(const ExportOptions& options, const Subject& subject) {
    GeometryView view = subject.scene.view.geometry;
    if (options.hasColor->count() > 0) {
        const auto& names = ui::kGeometryColors;
        if (std::find(names.begin(), names.end(), options.color) == names.end())
            return fail(tr("%1: '%2' is none of %3"), {"--color", options.color, "role, position, length"});
        view.color = options.color;
    }
    const SiteInfo& site = *subject.site;
    const auto shownTensor = [&](TensorName name) { return subject.shown->find({site.name, name})->get(); };
    ui::GeometryInputs from{nullptr, shownTensor(TensorName::Q), shownTensor(TensorName::K), nullptr,
                            subject.head};
    from.plane = std::make_shared<const Geometry>(
        geometryOf(from.q->matrix(from.head), from.k->matrix(site.matrixOf(from.k->heads(), from.head))));
    if (view.weights && subject.cell.query >= 0)
        from.pattern = subject.trace->find({site.name, TensorName::Pattern})->get();
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(options.output)) qt.emplace();
    ui::TraceAdapter adapter;
    const ui::GeometryPage page(*subject.shown, site, from, view, subject.cell, adapter);
    return page.source().write(subject.request, options.output);
}

}  // namespace

Result<void> exportVectors(const ExportOptions& options) {
    const Result<Subject> subject = readSubject(options);
    if (!subject) return tl::unexpected(subject.error());
    return options.view == "neurons" ? exportNeurons(options, *subject) : exportGeometry(options, *subject);
}

}  // namespace attn::app
