#include "ui/views/weights_figure.h"

#include "core/analysis/token_view.h"
#include "core/io/trace_file.h"
#include "ui/model/error_text.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <QCoreApplication>

#include <utility>

namespace attn::ui {

namespace {

struct WeightsFigure {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::WeightsFigure)
};

std::vector<std::string> fileTexts(const Tokens& tokens) {
    std::vector<std::string> texts;
    for (const Token& token : tokens.items) texts.push_back(tokenForFile(token.text));
    return texts;
}

}  // namespace

QString weightsTitle(const WeightsPicture& picture) {
    QString text = coreText(title(picture.kind));
    if (isOfHead(picture.kind)) text += QStringLiteral(", ") + WeightsFigure::tr("head %1").arg(picture.head);
    return text + QStringLiteral(" · ") + QString::fromStdString(picture.site->name);
}

WeightsPicture pictureShown(const WeightsPicture& picture, const TracePtr& shown) {
    if (!shown || !shown->shownTokens() || picture.kind == WeightKind::Flow) return picture;
    WeightsPicture out = picture;
    out.trace = shown;
    out.site = shown->site(picture.site->name);
    out.weights = weightsShown(picture.weights, *shown, picture.site->name);
    return out;
}

TensorPtr weightsShown(const TensorPtr& all, const Trace& shown, const std::string& site) {
    if (!all || !shown.shownTokens()) return all;
    const ShownTokens& tokens = *shown.shownTokens();
    const TensorKey key{site, TensorName::Pattern};
    BufferPool pool;
    return std::make_shared<const Tensor>(groupWeights(pool, *all, *tokens.along(key, Axis::Queries),
                                                       *tokens.along(key, Axis::Keys),
                                                       tokens.settings().renormalise));
}

HeatMapData weightsMap(const WeightsPicture& picture) {
    TraceAdapter adapter;
    HeatMapData data =
        adapter.heatMap(*picture.trace, *picture.site, {picture.site->name, TensorName::Pattern}, nullptr,
                        isOfHead(picture.kind) ? picture.head : 0, RangeMode::Unit);
    data.tensor = picture.weights;
    data.head = 0;
    data.title = weightsTitle(picture);
    data.range = {0, picture.weights ? largestValue(*picture.weights, Quantity::Probability) : 1};
    if (picture.kind == WeightKind::Flow) {
        data.flags.reset();
        if (data.rows && picture.query >= 0 && picture.query < data.rows->size())
            data.rows = std::make_shared<QStringList>(QStringList{(*data.rows)[picture.query]});
    }
    return data;
}

PageSource weightsSource(const WeightsPicture& picture, const HeatMapStyle& style) {
    FigureSpec spec;
    spec.title = weightsTitle(picture);
    spec.caption = coreText(explanation(picture.kind));
    const QString note = tokensNote(*picture.trace, {picture.site->name, TensorName::Pattern});
    if (!note.isEmpty()) spec.caption += u' ' + note;
    spec.maps = {weightsMap(picture)};
    spec.style = style;
    return {std::move(spec), QString::fromLatin1(toString(picture.kind)),
            [picture](DataFormat format) -> Result<std::string> {
                if (!picture.weights)
                    return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
                LabelledMatrix matrix;
                matrix.name = picture.site->name + "." + toString(picture.kind);
                if (isOfHead(picture.kind)) matrix.name += ", head " + std::to_string(picture.head);
                matrix.rows = fileTexts(picture.trace->queryTokens(*picture.site));
                if (picture.kind == WeightKind::Flow)
                    matrix.rows = {matrix.rows.at(static_cast<std::size_t>(picture.query))};
                matrix.columns = fileTexts(picture.trace->keyTokens(*picture.site));
                matrix.values = picture.weights->matrix();
                return format == DataFormat::Json ? toJson(matrix) : toCsv(matrix);
            }};
}

}  // namespace attn::ui
