#include "ui/views/figure_request.h"

#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "ui/views/formula_line.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <algorithm>
#include <cctype>

namespace attn::ui {

namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string siteNames(const Trace& trace) {
    std::string names;
    for (const SiteInfo& site : trace.sites()) names += (names.empty() ? "" : ", ") + site.name;
    return names;
}

Result<const SiteInfo*> findSite(const Trace& trace, const FigureRequest& request) {
    const auto sites = trace.sites();
    if (request.layer) {
        if (*request.layer >= 0 && static_cast<std::size_t>(*request.layer) < sites.size()) {
            return &sites[static_cast<std::size_t>(*request.layer)];
        }
        return fail(tr("there is no layer %1: layers are 0 … %2"),
                    {std::to_string(*request.layer), std::to_string(static_cast<Index>(sites.size()) - 1)});
    }
    if (request.site.empty()) return &sites.front();
    const SiteInfo* site = trace.site(request.site);
    if (site == nullptr)
        return fail(tr("there is no site '%1': there is %2"), {request.site, siteNames(trace)});
    return site;
}

/// "q" at the site, "embed" of the model, or "blocks.0.q" in full, which may name another site.
Result<TensorKey> findTensor(const Trace& trace, const std::string& name, const SiteInfo*& site) {
    const std::optional<TensorKey> key = TensorKey::fromFullName(name);
    if (!key) return fail(tr("there is no tensor called '%1'"), {name});
    if (!key->scope.empty()) {
        if (trace.find(*key) == nullptr) return fail(tr("this trace has no tensor '%1'"), {name});
        if (const SiteInfo* named = trace.site(key->scope)) site = named;
        return *key;
    }
    const TensorKey ofSite{site->name, key->name};
    if (trace.find(ofSite) != nullptr) return ofSite;
    if (trace.find(*key) != nullptr) return *key;
    return fail(tr("this trace has no tensor '%1' at %2"), {name, site->name});
}

QString utf16(const std::string& text) {
    return QString::fromStdString(text);
}

std::string lowerExtension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

std::vector<std::string> labelTexts(const Labels& labels, Index count) {
    std::vector<std::string> texts;
    texts.reserve(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i) {
        texts.push_back(labels && i < labels->size() ? (*labels)[i].toStdString() : std::to_string(i));
    }
    return texts;
}

/// One head, or all heads' rows one below another.
LabelledMatrix labelled(const ResolvedFigure& figure, const HeatMapData& data) {
    const Tensor& tensor = *figure.tensor;
    LabelledMatrix matrix;
    matrix.name = figure.key.fullName();
    matrix.columns = labelTexts(data.columns, tensor.cols());
    const std::vector<std::string> rows = labelTexts(data.rows, tensor.rows());
    if (figure.head != kAllHeads) {
        if (tensor.rank() == 3) matrix.name += ", head " + std::to_string(figure.head);
        matrix.rows = rows;
        matrix.values = tensor.matrix(figure.head);
        return matrix;
    }
    matrix.values.resize(tensor.heads() * tensor.rows(), tensor.cols());
    for (Index h = 0; h < tensor.heads(); ++h) {
        for (const std::string& row : rows) matrix.rows.push_back("head " + std::to_string(h) + ": " + row);
        matrix.values.middleRows(h * tensor.rows(), tensor.rows()) = tensor.matrix(h);
    }
    return matrix;
}

}  // namespace

QString parameterText(const Trace& trace, const SiteInfo& site) {
    const Parameters& parameters = trace.inputs().parameters;
    const ParameterPlace place{site.name, site.facts};
    QString text;
    for (const ParameterSpec& spec : parameterTable()) {
        const ParameterValue& value = parameters.get(spec.id, site.name);
        if (value == spec.defaultValue || spec.editor != EditorPlace::Controls ||
            disabledReason(spec.id, parameters, place) != nullptr)
            continue;
        if (!text.isEmpty()) text += QStringLiteral(" · ");
        text += QString::fromLatin1(spec.key) + QStringLiteral(" = ") + utf16(formatValue(value));
    }
    for (const Ablation& each : trace.inputs().ablations) {
        if (!text.isEmpty()) text += QStringLiteral(" · ");
        text += TraceAdapter::tr("off: %1").arg(utf16(formatAblation(each)));
    }
    const auto awake = static_cast<int>(trace.inputs().edits.size() - trace.sleepingEdits().size());
    if (awake > 0) {
        if (!text.isEmpty()) text += QStringLiteral(" · ");
        text += awake == 1 ? TraceAdapter::tr("1 number set by hand")
                           : TraceAdapter::tr("%Ln numbers set by hand", nullptr, awake);
    }
    return text;
}

const char* toString(FigureView view) {
    return view == FigureView::Heads ? "heads" : "heatmap";
}

std::optional<FigureView> figureViewFromString(std::string_view name) {
    if (name == "heatmap") return FigureView::HeatMap;
    if (name == "heads") return FigureView::Heads;
    return std::nullopt;
}

Result<ResolvedFigure> resolveFigure(const Trace& trace, const FigureRequest& request) {
    const auto found = findSite(trace, request);
    if (!found) return tl::unexpected(found.error());
    ResolvedFigure figure;
    figure.site = *found;
    auto key = findTensor(trace, request.tensor, figure.site);
    if (!key) return tl::unexpected(key.error());
    figure.key = *std::move(key);

    const EntryPtr entry = trace.find(figure.key);
    const Index heads = entry->shape()[0];
    figure.head = request.view == FigureView::Heads ? kAllHeads : request.head;
    if (entry->rank() != 3) {
        if (figure.head > 0) return fail(tr("%1 has no heads"), {figure.key.fullName()});
        figure.head = 0;
    } else if (figure.head != kAllHeads && (figure.head < 0 || figure.head >= heads)) {
        return fail(tr("there is no head %1: %2 has the heads 0 … %3"),
                    {std::to_string(request.head), figure.key.fullName(), std::to_string(heads - 1)});
    } else if (figure.head == kAllHeads && heads == 1) {
        figure.head = 0;
    }
    figure.tensor = entry->get();
    return figure;
}

Result<FigureSpec> makeFigure(const Trace& trace, const FigureRequest& request) {
    const auto resolved = resolveFigure(trace, request);
    if (!resolved) return tl::unexpected(resolved.error());
    const ResolvedFigure& figure = *resolved;

    FigureSpec spec;
    TraceAdapter adapter;
    const bool sheet = figure.head == kAllHeads;
    const Index first = sheet ? 0 : figure.head;
    const Index last = sheet ? figure.tensor->heads() : figure.head + 1;
    for (Index head = first; head < last; ++head) {
        spec.maps.push_back(
            adapter.heatMap(trace, *figure.site, figure.key, figure.tensor, head, request.range));
        if (sheet) spec.maps.back().title = TraceAdapter::tr("head %1").arg(head);
    }
    const QString name = QString::fromLatin1(toString(figure.key.name));
    const QString where = utf16(figure.key.scope);
    spec.title = sheet ? TraceAdapter::tr("%1, all heads").arg(name) : spec.maps.front().title;
    if (!where.isEmpty()) spec.title += QStringLiteral(" · ") + where;
    spec.caption = formulaText(trace, *figure.site, figure.key.name);
    if (const QString parameters = parameterText(trace, *figure.site); !parameters.isEmpty()) {
        spec.caption += QStringLiteral(" · ") + parameters;
    }
    const EntryPtr weights = hiddenWeights(trace, figure.key);
    const QString note =
        tokensNote(trace, figure.key, weights ? weights->get() : nullptr, sheet ? -1 : figure.head);
    if (!note.isEmpty()) spec.caption += QStringLiteral(" · ") + note;
    spec.style.sequential = request.colormap;
    spec.style.values = request.values;
    spec.theme = request.theme;
    spec.transparent = request.transparent;
    spec.width = request.width;
    spec.height = request.height;
    spec.dpi = request.dpi;
    return spec;
}

std::optional<DataFormat> dataFormat(const std::filesystem::path& path) {
    const std::string extension = lowerExtension(path);
    if (extension == ".csv") return DataFormat::Csv;
    if (extension == ".json") return DataFormat::Json;
    if (extension == ".npy") return DataFormat::Npy;
    return std::nullopt;
}

Result<std::string> makeData(const Trace& trace, const FigureRequest& request, DataFormat format) {
    const auto resolved = resolveFigure(trace, request);
    if (!resolved) return tl::unexpected(resolved.error());
    if (format == DataFormat::Npy && resolved->head == kAllHeads) return npyFromTensor(*resolved->tensor);
    TraceAdapter adapter;
    const HeatMapData data =
        adapter.heatMap(trace, *resolved->site, resolved->key, resolved->tensor, 0, RangeMode::Shared);
    const LabelledMatrix matrix = labelled(*resolved, data);
    switch (format) {
        case DataFormat::Csv:
            return toCsv(matrix);
        case DataFormat::Json:
            return toJson(matrix);
        case DataFormat::Npy:
            break;
    }
    return toNpy(matrix);
}

}  // namespace attn::ui
