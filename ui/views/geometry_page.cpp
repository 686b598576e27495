#include "ui/views/geometry_page.h"

#include "core/analysis/shown_row.h"
#include "core/io/trace_file.h"
#include "ui/plot/geometry_painter.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"

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

/// The tokens of the text that stand in each place.
std::vector<Index> numbersIn(const Trace& shown, const TensorKey& key, Axis axis) {
    std::vector<Index> numbers;
    const auto count = static_cast<Index>(shown.tokensAlong(key, axis)->items.size());
    for (Index place = 0; place < count; ++place) numbers.push_back(tokensAt(shown, key, axis, place).first);
    return numbers;
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

GeometryPage::GeometryPage(const Trace& shown, const SiteInfo& site, const GeometryInputs& from,
                           const GeometryView& view, const Cell& cell, TraceAdapter& adapter) {
    const TensorKey scores{site.name, TensorName::Scores};
    const Tokens& queries = *shown.tokensAlong(scores, Axis::Queries);
    const Tokens& keys = *shown.tokensAlong(scores, Axis::Keys);
    m_data.queries = adapter.labels(queries);
    m_data.keys = adapter.labels(keys);
    m_tokensNote = tokensNote(shown, scores);
    m_data.title =
        tr("queries and keys of head %1 · %2").arg(from.head).arg(QString::fromStdString(site.name));
    m_score = shown.parameters(site).score;
    m_labels = {site.name,
                from.head,
                fileTexts(queries),
                fileTexts(keys),
                numbersIn(shown, scores, Axis::Queries),
                numbersIn(shown, scores, Axis::Keys)};
    if (const auto& tokens = shown.shownTokens())
        m_hidesSome = tokens->along(scores, Axis::Queries)->hidden() > 0 ||
                      tokens->along(scores, Axis::Keys)->hidden() > 0;
    m_data.plane = from.plane;
    if (!from.plane) return;
    m_data.color = colorOf(view.color);
    const Cell places = placesOf(shown, scores, cell);
    if (places.query >= 0 && places.query < from.q->rows()) m_data.query = places.query;
    if (places.key >= 0 && places.key < from.k->rows()) m_data.key = places.key;
    if (m_data.query >= 0 && view.weights && from.pattern) addWeights(shown, site, from.pattern, from.head);
    if (m_data.query >= 0 && m_data.key >= 0) {
        m_data.pair = pairGeometry(from.q->matrix(from.head), m_data.query,
                                   from.k->matrix(site.matrixOf(from.k->heads(), from.head)), m_data.key);
    }
    const auto edited = [&](TensorName name, Axis axis, const TensorPtr& tensor) {
        std::vector<Index> list;
        const TensorEdits* const edits = shown.edits({site.name, name});
        const Index matrix = site.matrixOf(tensor->heads(), from.head);
        for (Index row = 0; edits != nullptr && row < tensor->rows(); ++row)
            if (!edits->inRows(matrix, tokensAt(shown, scores, axis, row).first, 1).empty())
                list.push_back(row);
        return list;
    };
    m_data.editedQueries = edited(TensorName::Q, Axis::Queries, from.q);
    m_data.editedKeys = edited(TensorName::K, Axis::Keys, from.k);
    const Geometry& plane = *from.plane;
    if (plane.exact) {
        m_data.xTitle = tr("dimension 0");
        m_data.yTitle = tr("dimension 1");
    } else {
        m_data.xTitle = tr("component 1 · %1 % of the variance").arg(percent(plane.first));
        m_data.yTitle = tr("component 2 · %1 %").arg(percent(plane.second));
    }
}

/// Of the query that is looked at; those of hidden keys are left out.
void GeometryPage::addWeights(const Trace& shown, const SiteInfo& site, const TensorPtr& pattern,
                              Index head) {
    const TensorKey scores{site.name, TensorName::Scores};
    const Index token = tokensAt(shown, scores, Axis::Queries, m_data.query).first;
    const auto row = pattern->matrix(head).row(token);
    m_data.weights.assign(row.data(), row.data() + row.size());
    if (!shown.shownTokens()) return;
    const TokenGroups& keys = *shown.shownTokens()->along(scores, Axis::Keys);
    const bool renormalise = shown.shownTokens()->settings().renormalise;
    const std::vector<float> all = shownWeights(m_data.weights, keys, renormalise);
    m_data.weights.clear();
    for (Index place = 0; place < keys.count(); ++place)
        m_data.weights.push_back(all[static_cast<std::size_t>(keys.run(place).first)]);
    if (keys.hidden() > 0)
        m_tokensNote +=
            renormalise ? tr(" · lines by weights renormalised") : tr(" · lines by weights as they were");
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
    return m_tokensNote.isEmpty() ? planeNote()
                                  : planeNote() + QLatin1Char(' ') + m_tokensNote + QLatin1Char('.');
}

QString GeometryPage::planeNote() const {
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
    // Of the hidden ones nothing may be read off the plane.
    const QString text =
        m_hidesSome
            ? tr("The first two of %1 principal components of the queries and keys shown, centred on their "
                 "mean: the plane shows %2 % of their variance; lengths and angles in it are not exact.")
            : tr("The first two of %1 principal components of all queries and keys, centred on their mean: "
                 "the plane shows %2 % of the variance; lengths and angles in it are not exact.");
    return text.arg(plane.width).arg(percent(plane.explained()));
}

QString GeometryPage::story(const GeometryPoint& point) const {
    if (!point.isValid() || m_data.isEmpty()) return {};
    const bool query = point.role == Role::Query;
    const auto index = static_cast<std::size_t>(point.index);
    const Geometry& plane = *m_data.plane;
    const QString token = (*(query ? m_data.queries : m_data.keys))[point.index];
    QString text = (query ? tr("query ‘%1’ %2") : tr("key ‘%1’ %2"))
                       .arg(token, QString::number(query ? m_labels.queries[index] : m_labels.keys[index]));
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
