#include "ui/views/neurons_page.h"

#include "core/io/trace_file.h"
#include "core/ops/attention.h"
#include "ui/plot/neurons_painter.h"
#include "ui/plot/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn::ui {

namespace {

/// "÷ √d_k ÷ T": what follows the raw scores in their formula.
QString scaleText(const EffectiveParameters& parameters) {
    const QString whole = QString::fromStdString(formula(TensorName::ScoresScaled, parameters));
    const QString text = whole.section(QStringLiteral("scores_raw"), 1).trimmed();
    return text.isEmpty() ? NeuronsPage::tr("score") : text;
}

QString normalizerText(const EffectiveParameters& parameters) {
    return parameters.normalizer == NormalizerKind::Hard ? QStringLiteral("hardmax")
                                                         : QStringLiteral("softmax");
}

QString inParentheses(double value) {
    const QString text = shortNumber(value);
    return value < 0 ? QStringLiteral("(%1)").arg(text) : text;
}

}  // namespace

NeuronsPage::NeuronsPage(const Trace& trace, const SiteInfo& site, std::shared_ptr<const NeuronHead> head,
                         const NeuronsView& view, const Cell& cell, TraceAdapter& adapter) {
    m_data.keys = adapter.labels(trace.keyTokens(site));
    const Labels queries = adapter.labels(trace.queryTokens(site));
    m_data.title =
        tr("neurons of head %1 · %2").arg(head ? head->head() : 0).arg(QString::fromStdString(site.name));
    if (!head || head->isEmpty()) return;
    const Index query = cell.query >= 0 && cell.query < head->queries() ? cell.query : 0;
    for (const std::int64_t each : view.off)
        if (each < head->width()) m_off.push_back(each);
    m_data.row = std::make_shared<const NeuronRow>(head->row(query, m_off));
    m_key = cell.key >= 0 && cell.key < head->keys() ? cell.key : strongestKey(m_data.row->all);
    if (m_key < 0) m_key = 0;
    m_data.query = (*queries)[query];
    m_data.title = tr("neurons of ‘%1’, head %2 · %3")
                       .arg(m_data.query)
                       .arg(head->head())
                       .arg(QString::fromStdString(site.name));
    m_data.off.assign(static_cast<std::size_t>(head->width()), false);
    for (const Index each : m_off) m_data.off[static_cast<std::size_t>(each)] = true;
    m_data.anyOff = !m_off.empty();
    m_data.shown.resize(static_cast<std::size_t>(head->keys()));
    std::iota(m_data.shown.begin(), m_data.shown.end(), Index{0});
    if (view.order == "contribution") {
        m_data.columns = head->byContribution(*m_data.row, m_key);
    } else {
        m_data.columns.resize(static_cast<std::size_t>(head->width()));
        std::iota(m_data.columns.begin(), m_data.columns.end(), Index{0});
    }
    m_data.scoreTitle = scaleText(head->parameters());
    m_data.weightTitle = normalizerText(head->parameters());
    m_data.head = std::move(head);
    for (const TensorName name :
         {TensorName::ScoresRaw, TensorName::ScoresScaled, TensorName::Scores, TensorName::Pattern})
        m_setByHand |= trace.edits({site.name, name}) != nullptr;
    colourRanges();
    m_labels.queryToken = tokenForFile(trace.queryTokens(site).items[static_cast<std::size_t>(query)].text);
    for (const Token& each : trace.keyTokens(site).items)
        m_labels.keyTokens.push_back(tokenForFile(each.text));
    m_labels.off = m_off;
}

void NeuronsPage::colourRanges() {
    const NeuronHead& head = *m_data.head;
    const NeuronRow& row = *m_data.row;
    const MatrixView right = head.right();
    const auto n = static_cast<Index>(row.left.size());
    const Eigen::Map<const Eigen::RowVectorXf> left(row.left.data(), n);
    const Eigen::RowVectorXf largest = right.cwiseAbs().colwise().maxCoeff();
    const auto positive = [](float value) { return value > 0 ? static_cast<double>(value) : 1.0; };
    m_data.factorRange = positive(std::max(left.cwiseAbs().maxCoeff(), largest.maxCoeff()));
    if (head.form() == TermForm::Product) {
        m_data.termRange = positive(left.cwiseAbs().cwiseProduct(largest).maxCoeff());
    } else {
        const auto outer = head.outer();
        m_data.termRange =
            positive(Eigen::Map<const Eigen::RowVectorXf>(outer.data(), n).cwiseAbs().maxCoeff());
    }
    float sum = 0;
    for (const QueryScores* each : {&row.all, &row.kept})
        for (const float raw : each->raw) sum = std::max(sum, std::abs(raw));
    m_data.sumRange = positive(sum);
}

std::vector<NeuronsPage::Contribution> NeuronsPage::contributions() const {
    std::vector<Contribution> list;
    if (m_data.isEmpty()) return list;
    const std::vector<Index> order = m_data.head->byContribution(*m_data.row, m_key);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Index d = order[i];
        if (i >= kListed && !m_data.isOff(d)) continue;
        list.push_back({d, static_cast<double>(m_data.row->left[static_cast<std::size_t>(d)]),
                        static_cast<double>(m_data.head->right()(m_key, d)),
                        m_data.head->term(*m_data.row, m_key, d), m_data.isOff(d)});
        if (list.size() >= 2 * kListed) break;
    }
    return list;
}

QString NeuronsPage::token(Index key) const {
    return tr("‘%1’").arg((*m_data.keys)[key]);
}

QString NeuronsPage::pairCaption() const {
    const QueryScores &all = m_data.row->all, &kept = m_data.row->kept;
    const auto key = static_cast<std::size_t>(m_key);
    const QString query = tr("‘%1’").arg(m_data.query);
    const auto number = [](float value) { return shortNumber(static_cast<double>(value)); };
    const auto weight = [](float value) { return numberText(static_cast<double>(value), {3, false, false}); };
    const int terms = static_cast<int>(m_data.columns.size());
    if (m_data.isMasked(m_key)) {
        return tr("%1 and %2: %n terms add up to %3, but the mask forbids the pair: its score is −∞ and its "
                  "weight 0.",
                  nullptr, terms)
            .arg(query, token(m_key), number(all.raw[key]));
    }
    QString text = tr("%1 and %2: %n terms add up to %3; %4 makes that the score %5, and %6 the weight %7.",
                      nullptr, terms)
                       .arg(query, token(m_key), number(all.raw[key]), m_data.scoreTitle,
                            number(all.scores[key]), m_data.weightTitle, weight(all.weights[key]));
    if (m_data.anyOff) {
        text += QLatin1Char(' ') +
                tr("Without what is off: %1, %2, weight %3.")
                    .arg(number(kept.raw[key]), number(kept.scores[key]), weight(kept.weights[key]));
    }
    return text;
}

QString NeuronsPage::cellCaption(const NeuronsPlace& place) const {
    const Index d = place.dimension;
    const double left = static_cast<double>(m_data.row->left[static_cast<std::size_t>(d)]);
    const bool product = m_data.head->form() == TermForm::Product;
    const QString leftName = QString::fromUtf8(m_data.head->leftName());
    if (place.query) {
        const QString name = product ? tr("Dimension %1").arg(d) : tr("Hidden unit %1").arg(d);
        return m_data.isOff(d) ? tr("%1: %2 of ‘%3’ is %4. It is off; a click switches it on.")
                                     .arg(name, leftName, m_data.query, shortNumber(left))
                               : tr("%1: %2 of ‘%3’ is %4. A click switches it off.")
                                     .arg(name, leftName, m_data.query, shortNumber(left));
    }
    const auto right = static_cast<double>(m_data.head->right()(place.key, d));
    const QString value = shortNumber(m_data.head->term(*m_data.row, place.key, d));
    const QString off = m_data.isOff(d) ? tr(" It is off and counts as 0.") : QString();
    if (product) {
        return tr("Dimension %1 of ‘%2’ and %3: %4 × %5 = %6.")
                   .arg(d)
                   .arg(m_data.query, token(place.key), shortNumber(left), inParentheses(right), value) +
               off;
    }
    const auto w = static_cast<double>(m_data.head->outer()[static_cast<std::size_t>(d)]);
    return tr("Hidden unit %1 of ‘%2’ and %3: %4 × tanh(%5 + %6) = %7.")
               .arg(d)
               .arg(m_data.query, token(place.key), shortNumber(w), shortNumber(left), inParentheses(right),
                    value) +
           off;
}

QString NeuronsPage::caption(const NeuronsPlace& hovered) const {
    if (m_data.isEmpty()) return {};
    return hovered.isValid() && hovered.dimension >= 0 ? cellCaption(hovered) : pairCaption();
}

QString NeuronsPage::note() const {
    if (m_data.isEmpty()) return {};
    return m_setByHand ? termsNote() + QLatin1Char(' ') +
                             tr("Scores or weights of this layer were set by hand: here is what q and k make "
                                "of them.")
                       : termsNote();
}

QString NeuronsPage::termsNote() const {
    switch (m_data.head->parameters().score) {
        case ScoreKind::Cosine:
            return tr(
                "Each line is a key: its numbers divided by its length, times those of the query, likewise "
                "divided. The products add up to the cosine exactly.");
        case ScoreKind::Additive:
            return tr(
                "Additive scores have no products: hidden unit by hidden unit, w·tanh(W₁q + W₂k) adds up to "
                "the "
                "score exactly.");
        case ScoreKind::Bilinear:
            return tr(
                "Each line is a key: its numbers times those of qᵀW. The products add up to the score "
                "exactly.");
        case ScoreKind::Dot:
            break;
    }
    return tr(
        "Each line is a key: its numbers times those of the query, and the products add up to the score. "
        "Blue "
        "raises it, red lowers it.");
}

NeuronsData NeuronsPage::figureData() const {
    NeuronsData figure = m_data;
    if (figure.shown.size() <= kFigureKeys) return figure;
    const std::vector<float>& weights = m_data.row->all.weights;
    std::stable_sort(figure.shown.begin(), figure.shown.end(), [&](Index a, Index b) {
        if ((a == m_key) != (b == m_key)) return a == m_key;
        return weights[static_cast<std::size_t>(a)] > weights[static_cast<std::size_t>(b)];
    });
    figure.shown.resize(kFigureKeys);
    std::sort(figure.shown.begin(), figure.shown.end());
    return figure;
}

PageSource NeuronsPage::source() const {
    FigureSpec spec;
    spec.title = m_data.title;
    spec.caption = caption({});
    NeuronsData figure = figureData();
    if (figure.lines() < static_cast<Index>(m_data.shown.size()))
        spec.caption +=
            QLatin1Char(' ') +
            tr("Of %1 keys the %2 with most weight are drawn.").arg(m_data.shown.size()).arg(figure.lines());
    NeuronsMarks marks;
    marks.key = m_key;
    const QString name = QStringLiteral("neurons-head-%1").arg(m_data.head ? m_data.head->head() : 0);
    spec.panels.push_back({QString(), std::make_shared<const NeuronsPanel>(std::move(figure), marks)});
    spec.panelColumns = 1;
    return {
        std::move(spec), name,
        [head = m_data.head, row = m_data.row, labels = m_labels](DataFormat format) -> Result<std::string> {
            if (!head || !row)
                return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
            return format == DataFormat::Json ? neuronsToJson(*head, *row, labels)
                                              : neuronsToCsv(*head, *row, labels);
        }};
}

}  // namespace attn::ui
