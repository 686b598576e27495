#include "ui/views/geometry_page.h"

#include "core/io/trace_file.h"
#include "ui/plot/geometry_painter.h"
#include "ui/plot/number_text.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

GeometryColor colorOf(const std::string& name) {
    const auto found = std::find(kGeometryColors.begin(), kGeometryColors.end(), name);
    return found == kGeometryColors.end() ? GeometryColor::Role
                                          : static_cast<GeometryColor>(found - kGeometryColors.begin());
}

std::vector<std::string> fileTexts(const Tokens& tokens) {
    std::vector<std::string> texts;
    for (const Token& token : tokens.items) texts.push_back(tokenForFile(token.text));
    return texts;
}

QString percent(double share) {
    const double value = 100 * share;
    return share < 1 && value > 99 ? QString::number(value, 'f', 1) : QString::number(std::lround(value));
}

QString numbersOf(const PlanePoint& point, bool line) {
    return line ? shortNumber(point.x)
                : QStringLiteral("(%1, %2)").arg(shortNumber(point.x), shortNumber(point.y));
}

}  // namespace

GeometryPage::GeometryPage(const Trace& trace, const SiteInfo& site, const GeometryInputs& from,
                           const GeometryView& view, const Cell& cell, TraceAdapter& adapter) {
    m_data.queries = adapter.labels(trace.queryTokens(site));
    m_data.keys = adapter.labels(trace.keyTokens(site));
    m_data.title =
        tr("queries and keys of head %1 · %2").arg(from.head).arg(QString::fromStdString(site.name));
    m_score = trace.parameters(site).score;
    m_labels = {site.name, from.head, fileTexts(trace.queryTokens(site)), fileTexts(trace.keyTokens(site))};
    m_data.plane = from.plane;
    if (!from.plane) return;
    m_data.color = colorOf(view.color);
    if (cell.query >= 0 && cell.query < site.queries) m_data.query = cell.query;
    if (cell.key >= 0 && cell.key < site.keys) m_data.key = cell.key;
    if (m_data.query >= 0 && view.weights && from.pattern) {
        const auto row = from.pattern->matrix(from.head).row(m_data.query);
        m_data.weights.assign(row.data(), row.data() + row.size());
    }
    if (m_data.query >= 0 && m_data.key >= 0) {
        m_data.pair = pairGeometry(from.q->matrix(from.head), m_data.query,
                                   from.k->matrix(site.matrixOf(from.k->heads(), from.head)), m_data.key);
    }
    const auto edited = [&](TensorName name, Index matrix, Index rows) {
        std::vector<Index> list;
        const TensorEdits* const edits = trace.edits({site.name, name});
        for (Index row = 0; edits != nullptr && row < rows; ++row)
            if (!edits->inRows(matrix, row, 1).empty()) list.push_back(row);
        return list;
    };
    m_data.editedQueries = edited(TensorName::Q, site.matrixOf(from.q->heads(), from.head), site.queries);
    m_data.editedKeys = edited(TensorName::K, site.matrixOf(from.k->heads(), from.head), site.keys);
    const Geometry& plane = *from.plane;
    if (plane.exact) {
        m_data.xTitle = tr("dimension 0");
        m_data.yTitle = tr("dimension 1");
    } else {
        m_data.xTitle = tr("component 1 · %1 % of the variance").arg(percent(plane.first));
        m_data.yTitle = tr("component 2 · %1 %").arg(percent(plane.second));
    }
}

QString GeometryPage::pairCaption() const {
    const PairGeometry& pair = *m_data.pair;
    const QString q = tr("‘%1’").arg((*m_data.queries)[m_data.query]);
    const QString k = tr("‘%1’").arg((*m_data.keys)[m_data.key]);
    QString text = tr("%1 · %2 = ‖q‖ ‖k‖ cos θ = %3 × %4 × cos %5° = %6.")
                       .arg(q, k, shortNumber(pair.queryLength), shortNumber(pair.keyLength),
                            shortNumber(pair.degrees), shortNumber(pair.product));
    if (m_data.plane->width == 2)
        text += QLatin1Char(' ') + tr("k reaches %1 along q.").arg(shortNumber(pair.projection));
    if (m_score != ScoreKind::Dot)
        text += QLatin1Char(' ') + tr("The scores of this site are made otherwise: see Neurons.");
    return text;
}

QString GeometryPage::caption() const {
    if (m_data.isEmpty()) return {};
    if (m_data.pair) return pairCaption();
    return tr("Choose a query and a key, here or above: their lengths and their angle make the score.");
}

QString GeometryPage::note() const {
    if (m_data.isEmpty()) return {};
    const Geometry& plane = *m_data.plane;
    if (plane.width == 1)
        return tr(
            "d_k = 1: every query and key is one number; nothing is left out. Queries stand above the line, "
            "keys below it.");
    if (plane.exact)
        return tr(
            "d_k = 2: the plane is exact. Not centred: arrows begin at 0, lengths and angles are what they "
            "are.");
    if (plane.explained() <= 0)
        return tr("All queries and keys of this head are the same vector: there is nothing to tell apart.");
    return tr("The first two of %1 principal components of all queries and keys, centred on their mean: the "
              "plane "
              "shows %2 % of the variance; lengths and angles in it are not exact.")
        .arg(plane.width)
        .arg(percent(plane.explained()));
}

QString GeometryPage::story(const GeometryPoint& point) const {
    if (!point.isValid() || m_data.isEmpty()) return {};
    const bool query = point.role == Role::Query;
    const auto index = static_cast<std::size_t>(point.index);
    const Geometry& plane = *m_data.plane;
    const QString token = (*(query ? m_data.queries : m_data.keys))[point.index];
    QString text = (query ? tr("query ‘%1’ %2") : tr("key ‘%1’ %2")).arg(token).arg(point.index);
    if (plane.exact)
        text +=
            QStringLiteral(" · ") + numbersOf((query ? plane.queries : plane.keys)[index], plane.width == 1);
    text += QStringLiteral(" · ") +
            tr("length %1").arg(shortNumber((query ? plane.queryLengths : plane.keyLengths)[index]));
    if (!query && !m_data.weights.empty())
        text += QStringLiteral(" · ") +
                tr("weight %1").arg(shortNumber(static_cast<double>(m_data.weights[index])));
    return text;
}

PageSource GeometryPage::source() const {
    FigureSpec spec;
    spec.title = m_data.title;
    spec.caption = m_data.pair ? pairCaption() + QLatin1Char(' ') + note() : note();
    spec.panels.push_back({QString(), std::make_shared<const GeometryPanel>(m_data)});
    spec.panelColumns = 1;
    return {std::move(spec), QStringLiteral("geometry-head-%1").arg(m_labels.head),
            [plane = m_data.plane, labels = m_labels](DataFormat format) -> Result<std::string> {
                if (!plane)
                    return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
                return format == DataFormat::Json ? geometryToJson(*plane, labels)
                                                  : geometryToCsv(*plane, labels);
            }};
}

}  // namespace attn::ui
