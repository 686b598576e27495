// `export --view compare`.
#include "app/commands/export_options.h"
#include "app/qt_session.h"
#include "ui/views/compare_page.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace attn::app {
namespace {

using ui::ComparedSide;
using ui::FigureRequest;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// Where a scene looks, for want of an option. What the trace does not have gives way to what it has, as in
/// the window.
struct ScenePlace {
    std::string site;
    std::optional<Index> head;  ///< none: the request's
};

Result<ComparedSide> comparedSide(const TracePtr& trace, FigureRequest request,
                                  const ScenePlace& place = {}) {
    const bool anywhere = request.site.empty() && !request.layer;
    if (anywhere && trace->site(place.site) != nullptr) request.site = place.site;
    const auto figure = ui::resolveFigure(*trace, request);
    if (!figure) return tl::unexpected(figure.error());
    const Index most = std::max<Index>(figure->tensor->heads() - 1, 0);
    const Index head = place.head ? std::clamp<Index>(*place.head, 0, most) : figure->head;
    return ComparedSide{trace, figure->site, figure->key, figure->tensor, head};
}

/// Of the trace of some inputs, looked at as the scene is.
Result<ComparedSide> comparedSide(const ExportOptions& options, const Scene& scene,
                                  const FigureRequest& request) {
    const Result<TracePtr> trace = shownTrace(options, scene);
    if (!trace) return tl::unexpected(trace.error());
    return comparedSide(*trace, request);
}

/// At the site and head that were pinned, whatever the options say of B. `present`: the trace of the scene.
Result<ComparedSide> pinnedSide(const ExportOptions& options, const Scene& scene, const TracePtr& present,
                                FigureRequest request) {
    Result<TracePtr> trace = present;
    if (scene.pinned->inputs != scene.inputs) {
        Scene pinned = scene;
        pinned.inputs = scene.pinned->inputs;
        trace = shownTrace(options, pinned);
    }
    if (!trace) return tl::unexpected(trace.error());
    request.site.clear();
    request.layer.reset();
    request.head = 0;
    return comparedSide(*trace, std::move(request), {scene.pinned->site, scene.pinned->head});
}

struct ComparedSides {
    ComparedSide a, b;
};

Result<ComparedSides> againstAnother(const ExportOptions& options, const Scene& scene,
                                     const FigureRequest& request) {
    const Result<Scene> other = readScene(options.against);
    if (!other) return tl::unexpected(other.error());
    auto a = comparedSide(options, scene, request);
    if (!a) return tl::unexpected(a.error());
    auto b = comparedSide(options, *other, request);
    if (!b) return fail(tr("%1: %2"), {options.against, b.error().english()});
    return ComparedSides{*std::move(a), *std::move(b)};
}

Result<ComparedSides> againstPinned(const ExportOptions& options, const Scene& scene,
                                    const FigureRequest& request) {
    if (!scene.pinned) {
        return fail(
            tr("--view compare needs --against, a scene file to set the input against, or an input "
               "that has something pinned"));
    }
    const Result<TracePtr> present = shownTrace(options, scene);
    if (!present) return tl::unexpected(present.error());
    auto a = pinnedSide(options, scene, *present, request);
    if (!a) return fail(tr("what is pinned: %1"), {a.error().english()});
    const bool ownHead = options.hasHead->count() == 0;
    auto b = comparedSide(*present, request,
                          {scene.view.site, ownHead ? std::optional<Index>(scene.view.head) : std::nullopt});
    if (!b) return tl::unexpected(b.error());
    return ComparedSides{*std::move(a), *std::move(b)};
}

}  // namespace

Result<void> exportComparison(const ExportOptions& options) {
    FigureRequest request;
    if (options.head == "all") return fail(tr("--head: two heads are compared, not all of them"));
    if (Result<void> read = readSubject(options, request); !read) return read;
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    if (Result<void> read = readLooks(options, scene->view, request); !read) return read;
    const bool another = options.hasAgainst->count() > 0;
    const auto sides =
        another ? againstAnother(options, *scene, request) : againstPinned(options, *scene, request);
    if (!sides) return tl::unexpected(sides.error());
    const auto& [a, b] = *sides;
    if (a.tensor->size() == 0 || b.tensor->size() == 0)
        return fail(tr("there is nothing to compare: one of the texts has no tokens"));
    std::optional<OffscreenQt> qt;
    if (ui::figureFormat(options.output)) qt.emplace();
    ui::HeatMapStyle style;
    style.sequential = request.colormap;
    style.values = request.values;
    return ui::ComparePage(a, b, style).source().write(request, options.output);
}

}  // namespace attn::app
