#include "ui/views/compare_page.h"

#include "core/io/trace_file.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

namespace attn::ui {

namespace {

constexpr std::size_t kMostNamed = 3;
constexpr double kWorthNaming = 0.005;
constexpr std::size_t kMostBars = 200;

/// The tokens that run along an axis as texts; nothing where dimensions do.
std::optional<std::vector<std::string>> tokensAlong(const ComparedSide& side, Axis axis) {
    const Tokens* const tokens = side.trace->tokensAlong(side.key, axis);
    if (tokens == nullptr) return std::nullopt;
    std::vector<std::string> texts;
    for (const Token& token : tokens->items) texts.push_back(token.text);
    return texts;
}

struct AlignedAxis {
    Alignment places;
    std::shared_ptr<const QStringList> labels;  ///< null: dimensions
    std::vector<std::string> names;             ///< as files hold them
};

AlignedAxis alignAxis(const ComparedSide& a, const ComparedSide& b, Axis axis, Index ofA, Index ofB) {
    AlignedAxis aligned;
    const auto left = tokensAlong(a, axis), right = tokensAlong(b, axis);
    const bool tokens =
        left && right && static_cast<Index>(left->size()) == ofA && static_cast<Index>(right->size()) == ofB;
    if (!tokens) {
        aligned.places = alignPlaces(ofA, ofB);
        for (std::size_t i = 0; i < aligned.places.size(); ++i) aligned.names.push_back(std::to_string(i));
        return aligned;
    }
    aligned.places = alignTokens(*left, *right);
    QStringList labels;
    for (const AlignedPlace& place : aligned.places) {
        const std::string& text = place.a >= 0 ? (*left)[static_cast<std::size_t>(place.a)]
                                               : (*right)[static_cast<std::size_t>(place.b)];
        labels.append(QString::fromStdString(displayText(text)));
        aligned.names.push_back(tokenForFile(text));
    }
    aligned.labels = std::make_shared<const QStringList>(std::move(labels));
    return aligned;
}

QString signedNumber(double value) {
    return (value > 0 ? QStringLiteral("+") : QString()) + shortNumber(value, 2);
}

}  // namespace

QString sideText(const ComparedSide& side) {
    QStringList parts;
    const EntryPtr entry = side.trace->find(side.key);
    if (entry && entry->rank() == 3) parts.append(ComparePage::tr("head %1").arg(side.head));
    parts.append(QString::fromStdString(side.site->name));
    if (const QString parameters = parameterText(*side.trace, *side.site); !parameters.isEmpty())
        parts.append(parameters);
    return parts.join(QStringLiteral(" · "));
}

ComparePage::ComparePage(const ComparedSide& a, const ComparedSide& b, const HeatMapStyle& style)
    : m_style(style), m_aText(sideText(a)), m_bText(sideText(b)) {
    const auto head = [](const ComparedSide& side) {
        return std::clamp<Index>(side.head, 0, std::max<Index>(side.tensor->heads() - 1, 0));
    };
    const MatrixView left = a.tensor->matrix(head(a)), right = b.tensor->matrix(head(b));
    const auto [rowAxis, columnAxis] = axes(b.key);
    const AlignedAxis rows = alignAxis(a, b, rowAxis, left.rows(), right.rows());
    const AlignedAxis columns = alignAxis(a, b, columnAxis, left.cols(), right.cols());
    m_rows = rows.places;
    m_columns = columns.places;
    m_labels = {b.key.fullName(), rows.names, columns.names};
    const bool probabilities = quantity(b.key.name) == Quantity::Probability;
    BufferPool pool;
    m_comparison = compareMatrices(pool, left, right, m_rows, m_columns, probabilities);

    TraceAdapter adapter;
    m_b = adapter.heatMap(*b.trace, *b.site, b.key, nullptr, b.head, RangeMode::Shared);
    m_b.rows = rows.labels;
    m_b.columns = columns.labels;
    m_b.flags.reset();
    m_b.head = 0;
    const double largest =
        std::max(largestValue(*m_comparison.a, m_b.quantity), largestValue(*m_comparison.b, m_b.quantity));
    m_b.range = {probabilities ? 0 : -largest, largest};
    const QString name = QString::fromLatin1(toString(b.key.name));
    m_a = map(m_comparison.a, tr("A: %1, %2").arg(name, m_aText));
    m_difference = map(m_comparison.difference, tr("B − A"));
    m_difference.quantity = Quantity::Signed;
    const double end = m_comparison.largestDifference > 0 ? m_comparison.largestDifference : 1;
    m_difference.range = {-end, end};
    m_b = map(m_comparison.b, tr("B: %1, %2").arg(name, m_bText));
    m_note = tokensNote(*b.trace, b.key);
    if (m_note.isEmpty()) m_note = tokensNote(*a.trace, a.key);
}

HeatMapData ComparePage::map(const TensorPtr& tensor, const QString& title) const {
    HeatMapData data = m_b;
    data.tensor = tensor;
    data.title = title;
    return data;
}

CurvePlotData ComparePage::divergenceBars() const {
    CurvePlotData plot;
    plot.title = tr("Jensen-Shannon divergence of each row");
    const std::vector<double>& divergence = m_comparison.divergence;
    if (divergence.empty()) return plot;
    const std::size_t shown = std::min(divergence.size(), kMostBars);
    if (shown < divergence.size())
        plot.note = tr("the first %1 of %2 rows").arg(shown).arg(divergence.size());
    BarSeries bars{QString(), 0.5, 1, std::vector<double>(shown, 0), kBarColor, 0.25, false, true};
    double largest = 0;
    for (std::size_t i = 0; i < shown; ++i) {
        if (std::isfinite(divergence[i])) bars.heights[i] = divergence[i];
        largest = std::max(largest, bars.heights[i]);
        plot.x.categories.append(m_b.rowLabel(static_cast<Index>(i)));
    }
    plot.bars.push_back(std::move(bars));
    plot.x.title = m_b.rowTitle;
    plot.x.low = 0.5;
    plot.x.high = static_cast<double>(shown) + 0.5;
    plot.y.title = tr("Jensen-Shannon divergence in nats, at most ln 2 = 0.693");
    plot.y.low = 0;
    // The whole scale where much has changed, else so much of it that something can be seen.
    plot.y.high = largest > 0.35 ? std::log(2.0) : std::max(1.15 * largest, 0.01);
    plot.legend = false;
    return plot;
}

MatrixCell ComparePage::commonCell(const MatrixCell& ofB) const {
    const auto place = [](const Alignment& places, Index index) -> Index {
        if (index < 0) return -1;
        const auto found = std::find_if(places.begin(), places.end(),
                                        [&](const AlignedPlace& each) { return each.b == index; });
        return found == places.end() ? -1 : found - places.begin();
    };
    return {place(m_rows, ofB.row), place(m_columns, ofB.column)};
}

MatrixCell ComparePage::cellOfB(const MatrixCell& common) const {
    const auto place = [](const Alignment& places, Index index) -> Index {
        return index < 0 || index >= static_cast<Index>(places.size())
                   ? -1
                   : places[static_cast<std::size_t>(index)].b;
    };
    return {place(m_rows, common.row), place(m_columns, common.column)};
}

QString ComparePage::rowCaption(Index row) const {
    const Tensor& difference = *m_comparison.difference;
    std::vector<Index> order(static_cast<std::size_t>(difference.cols()));
    std::iota(order.begin(), order.end(), Index{0});
    const auto size = [&](Index column) {
        const float value = difference.at(0, row, column);
        return std::isfinite(value) ? std::abs(static_cast<double>(value)) : -1.0;
    };
    const std::size_t named = std::min(kMostNamed, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(named), order.end(),
                      [&](Index x, Index y) { return size(x) > size(y); });
    QStringList changes;
    for (std::size_t i = 0; i < named && size(order[i]) >= kWorthNaming; ++i) {
        changes.append(tr("‘%1’ %2").arg(m_b.columnLabel(order[i]),
                                         signedNumber(static_cast<double>(difference.at(0, row, order[i])))));
    }
    QString text = tr("Row ‘%1’").arg(m_b.rowLabel(row));
    const std::vector<double>& divergence = m_comparison.divergence;
    if (!divergence.empty()) {
        const double nats = divergence[static_cast<std::size_t>(row)];
        text += std::isfinite(nats)
                    ? tr(": Jensen-Shannon divergence %1 of at most 0.693 nats.").arg(shortNumber(nats, 2))
                    : tr(": only one side has it.");
    } else {
        text += QLatin1Char(':');
    }
    return text + (changes.isEmpty() ? tr(" Nothing in it changes noticeably.")
                                     : tr(" From A to B: %1.").arg(changes.join(QStringLiteral(", "))));
}

QString ComparePage::caption(const MatrixCell& common) const {
    if (isEmpty()) return {};
    const auto inBoth = [](const AlignedPlace& place) { return place.a >= 0 && place.b >= 0; };
    if (std::none_of(m_rows.begin(), m_rows.end(), inBoth) ||
        std::none_of(m_columns.begin(), m_columns.end(), inBoth))
        return tr("A and B have no token in common: no number of one stands beside one of the other.");
    if (m_comparison.largestDifference == 0.0) return tr("A and B are the same wherever both have a number.");
    if (common.row >= 0 && common.row < m_comparison.difference->rows()) return rowCaption(common.row);
    const std::vector<double>& divergence = m_comparison.divergence;
    double sum = 0, largest = -1;
    std::size_t count = 0, where = 0;
    for (std::size_t i = 0; i < divergence.size(); ++i) {
        if (!std::isfinite(divergence[i])) continue;
        sum += divergence[i];
        ++count;
        if (divergence[i] > largest) {
            largest = divergence[i];
            where = i;
        }
    }
    if (count == 0)
        return tr("The largest difference is %1.").arg(shortNumber(m_comparison.largestDifference, 3));
    return tr("Rows diverge by %1 nats on average, ‘%2’ most, by %3 of at most 0.693; the largest difference "
              "of "
              "two weights is %4.")
        .arg(shortNumber(sum / static_cast<double>(count), 2), m_b.rowLabel(static_cast<Index>(where)),
             shortNumber(largest, 2), shortNumber(m_comparison.largestDifference, 2));
}

PageSource ComparePage::source() const {
    FigureSpec spec;
    spec.title = tr("%1: A against B").arg(QString::fromStdString(m_labels.name));
    spec.caption = caption({});
    if (!m_note.isEmpty()) spec.caption += u' ' + m_note;
    spec.style = m_style;
    spec.panelColumns = 2;
    constexpr double kMapPx = 360;
    if (!isEmpty()) {
        for (const HeatMapData& each : {m_a, m_b, m_difference})
            spec.panels.push_back({each.title, each, 1, kMapPx});
        const CurvePlotData bars = divergenceBars();
        if (!bars.isEmpty()) spec.panels.push_back({bars.title, bars, 1, kMapPx});
    }
    return {std::move(spec), QStringLiteral("compare"),
            [comparison = m_comparison, labels = m_labels](DataFormat format) -> Result<std::string> {
                return format == DataFormat::Json ? comparisonToJson(comparison, labels)
                                                  : comparisonToCsv(comparison, labels);
            }};
}

}  // namespace attn::ui
