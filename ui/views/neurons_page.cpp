#include "ui/views/neurons_page.h"

#include "core/analysis/shown_row.h"
#include "core/io/trace_file.h"
#include "core/ops/attention.h"
#include "ui/plot/neurons_painter.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"

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

NeuronsPage::NeuronsPage(const Trace& shown, const SiteInfo& site, std::shared_ptr<const NeuronHead> head,
                         const NeuronsView& view, const Cell& cell, TraceAdapter& adapter) {
    const Trace& trace = asComputed(shown);
    m_data.keys = adapter.labels(trace.keyTokens(site));
    const Labels queries = adapter.labels(trace.queryTokens(site));
    m_data.title =
        tr("neurons of head %1 · %2").arg(head ? head->head() : 0).arg(QString::fromStdString(site.name));
    if (!head || head->isEmpty()) return;
    const TensorKey scores{site.name, TensorName::Scores};
    const Index wanted = cell.query >= 0 && cell.query < head->queries() ? cell.query : 0;
    const Index query = nearestShownToken(shown, scores, Axis::Queries, wanted);
    if (shown.shownTokens()) m_labels.shown = shown.shownTokens()->shared(site.keysFrom);
    m_data.shown = m_labels.shownKeys(head->keys());
    if (query < 0 || m_data.shown.empty()) return;
    for (const std::int64_t each : view.off)
        if (each < head->width()) m_off.push_back(each);
    m_data.weightTitle = normalizerText(head->parameters());
    show(shown, site, head->row(query, m_off));
    const bool isShown =
        cell.key >= 0 && cell.key < head->keys() && placeOfToken(shown, scores, Axis::Keys, cell.key) >= 0;
    m_key = isShown ? cell.key : strongestKey(m_data.row->all);
    if (m_key < 0) m_key = m_data.shown.front();
    m_data.query = (*queries)[query];
    m_data.title = tr("neurons of ‘%1’, head %2 · %3")
                       .arg(m_data.query)
                       .arg(head->head())
                       .arg(QString::fromStdString(site.name));
    m_data.off.assign(static_cast<std::size_t>(head->width()), false);
    for (const Index each : m_off) m_data.off[static_cast<std::size_t>(each)] = true;
    m_data.anyOff = !m_off.empty();
    if (view.order == "contribution") {
        m_data.columns = head->byContribution(*m_data.row, m_key);
    } else {
        m_data.columns.resize(static_cast<std::size_t>(head->width()));
        std::iota(m_data.columns.begin(), m_data.columns.end(), Index{0});
    }
    m_data.scoreTitle = scaleText(head->parameters());
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

/// The row with the weights that are shown, and what is said about them.
void NeuronsPage::show(const Trace& shown, const SiteInfo& site, NeuronRow row) {
    const TensorKey pattern{site.name, TensorName::Pattern};
    if (m_labels.shown) {
        const TokenGroups& keys = m_labels.shown->pieces;
        QStringList notes(hiddenNote(shown, pattern, hiddenShare(row.all.weights, keys)));
        if (m_labels.hasWords())
            notes +=
                tr("scores belong to single tokens and stay apart, the weights of a word's pieces are "
                   "added up beside them");
        notes.removeAll(QString());
        m_tokensNote = notes.join(QStringLiteral(" · "));
        m_labels.renormalised = shown.shownTokens()->settings().renormalise && keys.hidden() > 0;
        if (m_labels.renormalised) {
            m_computed = row.all.weights;
            m_data.weightTitle = tr("%1 ÷ Σ shown").arg(m_data.weightTitle);
        }
        for (QueryScores* each : {&row.all, &row.kept})
            each->weights = shownWeights(each->weights, keys, m_labels.renormalised);
    }
    m_data.row = std::make_shared<const NeuronRow>(std::move(row));
    m_data.words = wordsOf(m_data.shown);
}

/// `lines`: keys in ascending order, all pieces of a word or none.
std::vector<NeuronsWord> NeuronsPage::wordsOf(const std::vector<Index>& lines) const {
    std::vector<NeuronsWord> words;
    if (!m_labels.hasWords()) return words;
    const TokenGroups& groups = m_labels.shown->words;
    for (std::size_t line = 0; line < lines.size();) {
        const TokenRun& run = groups.run(groups.placeOf(lines[line]));
        NeuronsWord word{static_cast<Index>(line), run.count, 0, 0};
        for (Index key = run.first; key < run.first + run.count; ++key) {
            word.weight += m_data.row->all.weights[static_cast<std::size_t>(key)];
            word.kept += m_data.row->kept.weights[static_cast<std::size_t>(key)];
        }
        if (run.count > 1) words.push_back(word);
        line += static_cast<std::size_t>(run.count);
    }
    return words;
}

void NeuronsPage::colourRanges() {
    const NeuronHead& head = *m_data.head;
    const NeuronRow& row = *m_data.row;
    const MatrixView right = head.right();
    const auto n = static_cast<Index>(row.left.size());
    const Eigen::Map<const Eigen::RowVectorXf> left(row.left.data(), n);
    Eigen::RowVectorXf largest = Eigen::RowVectorXf::Zero(n);
    for (const Index key : m_data.shown) largest = largest.cwiseMax(right.row(key).cwiseAbs());
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
        for (const Index key : m_data.shown)
            sum = std::max(sum, std::abs(each->raw[static_cast<std::size_t>(key)]));
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

bool NeuronsPage::has(const NeuronsPlace& place) const {
    if (m_data.isEmpty() || !place.isValid()) return false;
    const bool there =
        place.query || std::find(m_data.shown.begin(), m_data.shown.end(), place.key) != m_data.shown.end();
    return there && place.dimension < static_cast<Index>(m_data.row->left.size());
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
    return text + shownCaption();
}

/// What became of the pair's weight by the way that tokens are shown.
QString NeuronsPage::shownCaption() const {
    const auto number = [](float value) { return numberText(static_cast<double>(value), {3, false, false}); };
    QString text;
    if (!m_computed.empty())
        text += QLatin1Char(' ') + tr("Among all keys it was %1: it is renormalised among those shown.")
                                       .arg(number(m_computed[static_cast<std::size_t>(m_key)]));
    const auto line = std::find(m_data.shown.begin(), m_data.shown.end(), m_key) - m_data.shown.begin();
    for (const NeuronsWord& word : m_data.words) {
        if (line < word.line || line >= word.line + word.count) continue;
        const ShownSequence& keys = *m_labels.shown;
        const auto place = static_cast<std::size_t>(keys.words.placeOf(m_key));
        text += QLatin1Char(' ') +
                tr("All pieces of ‘%1’ have the weight %2.")
                    .arg(QString::fromStdString(displayText(keys.wordTokens->items[place].text)),
                         number(m_data.anyOff ? word.kept : word.weight));
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
    QStringList parts(termsNote());
    if (m_setByHand) parts += setByHandNote();
    if (!m_tokensNote.isEmpty()) parts += m_tokensNote + QLatin1Char('.');
    return parts.join(QLatin1Char(' '));
}

QString NeuronsPage::setByHandNote() {
    return tr("Scores or weights of this layer were set by hand: here is what q and k make of them.");
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
    // Words stay whole: all of their pieces, or none.
    const TokenGroups* const words = m_labels.hasWords() ? &m_labels.shown->words : nullptr;
    const auto pieces = [words](Index key) {
        return words == nullptr ? TokenRun{key, 1} : words->run(words->placeOf(key));
    };
    const auto weight = [&](Index key) {
        const auto first = m_data.row->all.weights.begin() + pieces(key).first;
        return std::accumulate(first, first + pieces(key).count, 0.0F);
    };
    std::vector<Index> order = figure.shown;
    const Index selected = pieces(m_key).first;
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        const bool isA = pieces(a).first == selected, isB = pieces(b).first == selected;
        return isA != isB ? isA : weight(a) > weight(b);
    });
    figure.shown.clear();
    for (auto next = order.begin(); next != order.end(); next += pieces(*next).count) {
        if (figure.shown.size() + static_cast<std::size_t>(pieces(*next).count) > kFigureKeys) break;
        figure.shown.insert(figure.shown.end(), next, next + pieces(*next).count);
    }
    std::sort(figure.shown.begin(), figure.shown.end());
    figure.words = wordsOf(figure.shown);
    return figure;
}

PageSource NeuronsPage::source() const {
    FigureSpec spec;
    spec.title = m_data.title;
    spec.caption = caption({});
    if (m_setByHand) spec.caption += QLatin1Char(' ') + setByHandNote();
    if (!m_tokensNote.isEmpty()) spec.caption += QLatin1Char(' ') + m_tokensNote + QLatin1Char('.');
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
