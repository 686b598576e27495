#include "ui/views/figure_source.h"

#include "core/io/file.h"

namespace attn::ui {

Result<void> FigureSource::write(const FigureRequest& request, const std::filesystem::path& path) const {
    const std::optional<DataFormat> format = dataFormat(path);
    if (format && (*format != DataFormat::Npy || isTensor())) {
        const auto bytes = data(request, *format);
        if (!bytes) return tl::unexpected(bytes.error());
        return writeFile(path, *bytes);
    }
    if (!figureFormat(path)) {
        return fail(translatable("core", "%1: the name must end in %2"),
                    {path.string(), isTensor() ? ".png, .svg, .pdf, .csv, .json or .npy"
                                               : ".png, .svg, .pdf, .csv or .json"});
    }
    const auto spec = figure(request);
    if (!spec) return tl::unexpected(spec.error());
    return writeFigure(*spec, path);
}

Result<FigureSpec> TraceSource::figure(const FigureRequest& request) const {
    return makeFigure(*m_trace, request);
}

Result<std::string> TraceSource::data(const FigureRequest& request, DataFormat format) const {
    return makeData(*m_trace, request, format);
}

QString suggestedName(const FigureRequest& request) {
    QString name = QString::fromStdString(request.tensor).section(QLatin1Char('.'), -1);
    if (request.view == FigureView::Heads || request.head == kAllHeads)
        return name + QStringLiteral("-heads");
    return name + QStringLiteral("-head-%1").arg(request.head);
}

QString TraceSource::suggestedName(const FigureRequest& request) const {
    return ui::suggestedName(request);
}

bool TraceSource::hasHeads(const FigureRequest& request) const {
    const auto resolved = resolveFigure(*m_trace, request);
    return resolved && resolved->tensor->rank() == 3 && resolved->tensor->heads() > 1;
}

Result<FigureSpec> PageSource::figure(const FigureRequest& request) const {
    FigureSpec spec = m_spec;
    spec.theme = request.theme;
    spec.transparent = request.transparent;
    spec.width = request.width;
    spec.height = request.height;
    spec.dpi = request.dpi;
    return spec;
}

Result<std::string> PageSource::data(const FigureRequest&, DataFormat format) const {
    return m_data(format);
}

QString PageSource::suggestedName(const FigureRequest&) const {
    return m_name;
}

Result<void> exportFile(const Trace& trace, const FigureRequest& request, const std::filesystem::path& path) {
    // No owner: the source lasts no longer than this call.
    return TraceSource(TracePtr(std::shared_ptr<const Trace>(), &trace)).write(request, path);
}

}  // namespace attn::ui
