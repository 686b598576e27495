#include "ui/views/head_figure.h"

#include "core/analysis/head_table.h"
#include "ui/model/error_text.h"
#include "ui/plot/figure_sheet.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

using Sites = std::vector<HeadSurvey::Site>;

struct HeadFigure {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::HeadFigure)
};

constexpr Index kMostCells = 128;

double largestOf(const Sites& sites) {
    double found = 0;
    for (const HeadSurvey::Site& site : sites)
        for (const HeadPicture& picture : site.pictures) found = std::max(found, picture.largest);
    return found > 0 ? found : 1;
}

std::vector<HeadRow> rowsOf(const Trace& trace, const Sites& sites) {
    std::vector<HeadRow> rows;
    for (const HeadSurvey::Site& site : sites) {
        std::int64_t head = 0;
        for (const HeadPicture& picture : site.pictures) {
            rows.push_back({site.name, head, ablationOfHead(trace.inputs().ablations, site.name, head),
                            picture.measures});
            ++head;
        }
    }
    return rows;
}

/// "edited: blocks.0.q[0,3,1] = 2.5, …": those that are in force.
QString editsText(const Trace& trace) {
    constexpr std::size_t kMostNamed = 6;
    const Edits& edits = trace.inputs().edits;
    const std::vector<std::size_t>& asleep = trace.sleepingEdits();
    QStringList named;
    std::size_t count = 0;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (std::find(asleep.begin(), asleep.end(), i) != asleep.end()) continue;
        if (++count <= kMostNamed) named.append(QString::fromStdString(formatEdit(edits[i])));
    }
    if (count == 0) return {};
    const QString all = named.join(QStringLiteral(", "));
    return count > kMostNamed ? HeadFigure::tr("edited: %1 and %2 more").arg(all).arg(count - kMostNamed)
                              : HeadFigure::tr("edited: %1").arg(all);
}

FigureSheet sheetOf(const Trace& trace, const View& view, const Sites& sites) {
    FigureSheet sheet;
    const HeadMeasure measure = headMeasureFromString(view.heads.measure).value_or(HeadMeasure::Entropy);
    const double range = view.range == RangeMode::Unit ? 1 : largestOf(sites);
    sheet.high = view.heads.ownRanges ? HeadFigure::tr("own max") : shortNumber(range);
    const auto picture = [&](int site, int head, int row, int column) {
        const HeadSurvey::Site& from = sites[static_cast<std::size_t>(site)];
        const HeadPicture& made = from.pictures[static_cast<std::size_t>(head)];
        FigureSheet::Picture out{row,
                                 column,
                                 made.colors,
                                 {},
                                 ablationOfHead(trace.inputs().ablations, from.name, head).has_value(),
                                 shareOf(made.measures, measure, from.keys)};
        out.faded = view.heads.least > 0 && out.share < view.heads.least;
        if (!view.heads.ownRanges) out.colors = rescaled(made.colors, made.largest / range);
        return out;
    };
    if (view.heads.sorted) {
        const auto order = headsByMeasure(sites, measure);
        sheet.columnNumbers = false;
        sheet.columns =
            std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(order.size()) * 1.3))));
        for (const auto& place : order) {
            const auto at = static_cast<int>(sheet.pictures.size());
            sheet.pictures.push_back(
                picture(place.first, place.second, at / sheet.columns, at % sheet.columns));
            sheet.pictures.back().label = shortSiteName(sites[static_cast<std::size_t>(place.first)].name) +
                                          QStringLiteral(".%1").arg(place.second);
        }
        sheet.rows = (static_cast<int>(order.size()) + sheet.columns - 1) / sheet.columns;
        return sheet;
    }
    sheet.rowTitle = HeadFigure::tr("layer");
    for (std::size_t s = 0; s < sites.size(); ++s) {
        sheet.rowLabels.append(shortSiteName(sites[s].name));
        const auto heads = static_cast<int>(sites[s].pictures.size());
        sheet.columns = std::max(sheet.columns, heads);
        for (int head = 0; head < heads; ++head)
            sheet.pictures.push_back(picture(static_cast<int>(s), head, static_cast<int>(s), head));
    }
    sheet.rows = static_cast<int>(sites.size());
    return sheet;
}

}  // namespace

QString shortSiteName(const std::string& site) {
    QString label = QString::fromStdString(site);
    if (label.startsWith(QLatin1String("blocks."))) return label.mid(7);
    return label.replace(QLatin1String(".blocks."), QLatin1String(" "))
        .replace(QLatin1String(".cross"), QStringLiteral(" ×"));
}

std::vector<std::pair<int, int>> headsByMeasure(const Sites& sites, HeadMeasure measure) {
    std::vector<std::pair<float, std::pair<int, int>>> all;
    for (std::size_t s = 0; s < sites.size(); ++s) {
        for (std::size_t h = 0; h < static_cast<std::size_t>(sites[s].heads); ++h) {
            const float value =
                h < sites[s].pictures.size() ? measureOf(sites[s].pictures[h].measures, measure) : -1;
            all.push_back({std::isnan(value) ? -1 : value, {static_cast<int>(s), static_cast<int>(h)}});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::pair<int, int>> order;
    order.reserve(all.size());
    for (const auto& each : all) order.push_back(each.second);
    return order;
}

Sites surveyHeads(const Trace& trace) {
    Sites sites;
    TraceAdapter adapter;
    for (const SiteInfo& info : trace.sites()) {
        const EntryPtr entry = trace.find({info.name, TensorName::Pattern});
        if (!entry) continue;
        HeadSurvey::Site site;
        site.name = info.name;
        site.cross = info.cross;
        site.heads = info.heads;
        site.queries = info.queries;
        site.keys = info.keys;
        site.current = true;
        const HeatMapData frame =
            adapter.heatMap(trace, info, {info.name, TensorName::Pattern}, nullptr, 0, RangeMode::Unit);
        site.pictures = pictureHeads(trace, info, entry->get(), frame, kMostCells);
        sites.push_back(std::move(site));
    }
    return sites;
}

void takeMeasure(Sites& sites, HeadMeasure measure, const std::vector<std::vector<float>>& values) {
    for (std::size_t s = 0; s < std::min(sites.size(), values.size()); ++s) {
        std::vector<HeadPicture>& pictures = sites[s].pictures;
        for (std::size_t head = 0; head < std::min(pictures.size(), values[s].size()); ++head)
            pictures[head].measures[static_cast<std::size_t>(measure)] = values[s][head];
    }
}

PageSource headsSource(const TracePtr& trace, const View& view, const Sites& sites, bool probed) {
    FigureSpec spec;
    const bool ready =
        trace && !sites.empty() &&
        std::all_of(sites.begin(), sites.end(), [](const HeadSurvey::Site& site) { return site.current; });
    spec.title = HeadFigure::tr("pattern, all heads of all layers");
    auto sheet = std::make_shared<FigureSheet>();
    if (ready) {
        *sheet = sheetOf(*trace, view, sites);
        const HeadMeasure measure = headMeasureFromString(view.heads.measure).value_or(HeadMeasure::Entropy);
        spec.caption = HeadFigure::tr("%1 tokens · bars: %2")
                           .arg(trace->tokens().items.size())
                           .arg(coreText(title(measure)));
    }
    if (ready && view.heads.least > 0)
        spec.caption +=
            QStringLiteral(" · ") +
            HeadFigure::tr("pale: less than %1 of it").arg(QString::number(view.heads.least, 'g', 3));
    if (ready && !trace->inputs().ablations.empty()) {
        QStringList off;
        for (const Ablation& each : trace->inputs().ablations)
            off.append(QString::fromStdString(formatAblation(each)));
        spec.caption += QStringLiteral(" · ") + HeadFigure::tr("off: %1").arg(off.join(QStringLiteral(", ")));
    }
    if (ready) {
        if (const QString edited = editsText(*trace); !edited.isEmpty())
            spec.caption += QStringLiteral(" · ") + edited;
        const QString note = tokensNoteOfModel(*trace);
        if (!note.isEmpty()) spec.caption += QStringLiteral(" · ") + note;
    }
    const HeadMeasure chosen = headMeasureFromString(view.heads.measure).value_or(HeadMeasure::Entropy);
    std::vector<HeadMeasure> columns = tabledMeasures(probed || isProbed(chosen));
    if (chosen == HeadMeasure::Likeness) columns.push_back(chosen);
    spec.sheet = std::move(sheet);
    spec.style.sequential = colorMapFromString(view.colormap).value_or(ColorMapId::Viridis);
    return PageSource(
        std::move(spec), QStringLiteral("heads"),
        [trace, sites, ready, columns](DataFormat format) -> Result<std::string> {
            if (!ready) return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
            const std::vector<HeadRow> rows = rowsOf(*trace, sites);
            return format == DataFormat::Json ? headsToJson(rows, columns) : headsToCsv(rows, columns);
        });
}

}  // namespace attn::ui
