#include "ui/views/links_page.h"

#include "core/analysis/links_file.h"
#include "core/io/trace_file.h"
#include "ui/model/error_text.h"
#include "ui/plot/heat_map_data.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn::ui {

namespace {

/// Links of a focus are drawn if their weight can be seen at all.
constexpr double kFaintestOfFocus = 0.005;
constexpr std::size_t kMostNamed = 3;

LinksArrangement arrangementOf(const std::string& name) {
    const auto found = std::find(kLinksArrangements.begin(), kLinksArrangements.end(), name);
    return found == kLinksArrangements.end()
               ? LinksArrangement::Columns
               : static_cast<LinksArrangement>(found - kLinksArrangements.begin());
}

std::vector<std::string> fileTexts(const Tokens& tokens) {
    std::vector<std::string> texts;
    for (const Token& token : tokens.items) texts.push_back(tokenForFile(token.text));
    return texts;
}

}  // namespace

std::vector<int> linkColors(const std::vector<Index>& heads) {
    std::vector<int> colors;
    std::vector<bool> taken(LinksPage::kColours, false);
    for (const Index head : heads) {
        auto slot = static_cast<std::size_t>(head) % LinksPage::kColours;
        for (std::size_t tried = 0; tried < LinksPage::kColours && taken[slot]; ++tried)
            slot = (slot + 1) % LinksPage::kColours;
        colors.push_back(taken[slot] ? -1 : static_cast<int>(slot));
        taken[slot] = true;
    }
    return colors;
}

WeightKind linksKind(const View& view) {
    const WeightKind kind = weightKindFromString(view.heads.weights).value_or(WeightKind::Pattern);
    return kind == WeightKind::Flow ? WeightKind::Pattern : kind;
}

std::vector<Index> linksHeads(const SiteInfo& site, const LinksView& view, Index head) {
    std::vector<Index> heads;
    for (const std::int64_t each : view.heads)
        if (each < site.heads) heads.push_back(each);
    if (heads.empty() && site.heads > 0) heads = {std::clamp<Index>(head, 0, site.heads - 1)};
    return heads;
}

LinksPage::LinksPage(const Trace& trace, const SiteInfo& site, TensorPtr weights, const View& view,
                     Index head, const TensorPtr& allTokens)
    : m_kind(linksKind(view)), m_weights(std::move(weights)), m_view(view.links), m_site(site.name) {
    if (isOfHead(m_kind)) {
        m_heads = linksHeads(site, m_view, head);
        m_colors = linkColors(m_heads);
    } else {
        m_heads = {-1};
        m_colors = {0};
    }
    m_matrices = m_heads;
    if (m_kind != WeightKind::Pattern) std::iota(m_matrices.begin(), m_matrices.end(), Index{0});
    const bool ownMatrix = m_kind == WeightKind::Pattern && m_heads.size() == 1;
    m_note = tokensNote(trace, {site.name, TensorName::Pattern}, allTokens, ownMatrix ? m_heads.front() : -1);

    TraceAdapter adapter;
    m_data.arrangement = arrangementOf(m_view.arrangement);
    m_data.queries = adapter.labels(trace.queryTokens(site));
    m_data.keys = adapter.labels(trace.keyTokens(site));
    m_data.oneSequence = !site.cross;
    m_data.queryTitle = tr("query");
    m_data.keyTitle = tr("key");
    if (m_data.arrangement == LinksArrangement::Arcs) {
        m_data.queryTitle = site.cross
                                ? tr("arcs go from queries, on the right, to the keys they attend to")
                                : tr("above: attention to what came before; below: to what comes after");
    }
    m_data.title = headsTitle(site) + QStringLiteral(" · ") + QString::fromStdString(site.name);
    m_queryTokens = fileTexts(trace.queryTokens(site));
    m_keyTokens = fileTexts(trace.keyTokens(site));
    if (m_weights) findLinks();
}

QString LinksPage::headsTitle(const SiteInfo& site) const {
    if (!isOfHead(m_kind)) return tr("links: %1").arg(coreText(title(m_kind)));
    QStringList names;
    for (const Index each : m_heads) names.append(QString::number(each));
    const QString text = m_heads.size() == 1 ? tr("links of head %1").arg(names.front())
                         : m_heads.size() == static_cast<std::size_t>(site.heads)
                             ? tr("links of all heads")
                             : tr("links of the heads %1").arg(names.join(QStringLiteral(", ")));
    return m_kind == WeightKind::Pattern ? text : QStringLiteral("%1: %2").arg(text, coreText(title(m_kind)));
}

/// Lengths of vectors have no largest one: the widest line is the longest of them.
void LinksPage::findLinks() {
    if (m_kind == WeightKind::ValueNorms || m_kind == WeightKind::LayerValueNorms) {
        const double longest = m_weights->size() > 0 ? largestValue(*m_weights, Quantity::Probability) : 0;
        m_widest = longest > 0 ? longest : 1;
    }
    m_links = strongestLinks(*m_weights, m_matrices,
                             {m_view.threshold * m_widest, static_cast<std::size_t>(m_view.most)});
    for (Link& link : m_links.strongest) {
        const auto place = std::find(m_matrices.begin(), m_matrices.end(), link.head) - m_matrices.begin();
        link.head = m_heads[static_cast<std::size_t>(place)];
        m_data.lines.push_back(line(link));
    }
}

LinkLine LinksPage::line(const Link& link) const {
    const auto place = std::find(m_heads.begin(), m_heads.end(), link.head) - m_heads.begin();
    return {link.query, link.key, static_cast<double>(link.weight) / m_widest,
            m_colors[static_cast<std::size_t>(place)]};
}

std::optional<LinksFocus> LinksPage::focus(const Cell& cell) const {
    if (!m_weights || m_heads.empty()) return std::nullopt;
    const bool query = cell.query >= 0;
    const Index count = query ? m_weights->rows() : m_weights->cols();
    const Index others = query ? m_weights->cols() : m_weights->rows();
    const Index index = query ? cell.query : cell.key;
    if (index < 0 || index >= count) return std::nullopt;
    LinksFocus focus;
    focus.token = {query ? LinksToken::Side::Query : LinksToken::Side::Key, index};
    if (query && cell.key >= 0 && cell.key < others) focus.other = cell.key;
    focus.weights.assign(static_cast<std::size_t>(others), 0);
    std::vector<Link> links;
    for (std::size_t h = 0; h < m_heads.size(); ++h) {
        for (Index i = 0; i < others; ++i) {
            const Index row = query ? index : i, column = query ? i : index;
            const float weight = m_weights->at(m_matrices[h], row, column);
            focus.weights[static_cast<std::size_t>(i)] += weight / static_cast<float>(m_heads.size());
            if (static_cast<double>(weight) >= kFaintestOfFocus * m_widest)
                links.push_back({m_heads[h], row, column, weight});
        }
    }
    std::stable_sort(links.begin(), links.end(),
                     [](const Link& a, const Link& b) { return a.weight > b.weight; });
    links.resize(std::min(links.size(), static_cast<std::size_t>(LinksView::kMostLines)));
    for (const Link& link : links) focus.lines.push_back(line(link));
    return focus;
}

QString LinksPage::tokenText(LinksToken::Side side, Index index) const {
    const Labels& labels = side == LinksToken::Side::Query ? m_data.queries : m_data.keys;
    return tr("‘%1’").arg(labels && index < labels->size() ? (*labels)[index] : QString());
}

QString LinksPage::focusCaption(const LinksFocus& focus) const {
    const bool query = focus.token.side == LinksToken::Side::Query;
    const auto other = query ? LinksToken::Side::Key : LinksToken::Side::Query;
    std::vector<Index> order(focus.weights.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto weight = [&](Index i) { return focus.weights[static_cast<std::size_t>(i)]; };
    const std::size_t named = std::min(kMostNamed, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(named), order.end(),
                      [&](Index a, Index b) { return weight(a) > weight(b); });
    QStringList parts;
    for (std::size_t i = 0; i < named && static_cast<double>(weight(order[i])) >= kFaintestOfFocus * m_widest;
         ++i) {
        parts.append(QStringLiteral("%1 %2").arg(tokenText(other, order[i]),
                                                 shortNumber(static_cast<double>(weight(order[i])), 2)));
    }
    const QString token = tokenText(focus.token.side, focus.token.index);
    if (parts.isEmpty()) {
        return query
                   ? tr("%1 attends to nothing: all its keys are masked, or share it too finely.").arg(token)
                   : tr("No token attends to %1.").arg(token);
    }
    const QString list = parts.join(QStringLiteral(", "));
    const QString sentence =
        m_kind != WeightKind::Pattern
            ? (query ? tr("By this measure %1 takes most from %2.").arg(token, list)
                     : tr("By this measure most is taken from %1 by %2.").arg(token, list))
        : query ? tr("%1 attends most to %2.").arg(token, list)
                : tr("Most attention to %1: %2.").arg(token, list);
    const QString mean = m_heads.size() > 1
                             ? tr(" Means over %n heads.", nullptr, static_cast<int>(m_heads.size()))
                             : QString();
    return sentence + mean + tr(" Escape shows all links.");
}

/// What is drawn in place of the weights, and how wide.
QString LinksPage::kindCaption() const {
    if (m_kind == WeightKind::Pattern) return {};
    QString text = QLatin1Char(' ') + coreText(explanation(m_kind));
    if (m_kind == WeightKind::ValueNorms || m_kind == WeightKind::LayerValueNorms)
        text += QLatin1Char(' ') + tr("The widest line would be %1, and the least weight is a part of that.")
                                       .arg(shortNumber(m_widest));
    return text;
}

QString LinksPage::caption(const std::optional<LinksFocus>& focus) const {
    if (!m_weights) return {};
    if (focus) return focusCaption(*focus);
    const auto shown = static_cast<int>(m_links.strongest.size());
    if (m_links.hidden == 0 && shown < 2)
        return shown == 1 ? tr("There is one link, and it is drawn.") + kindCaption() : QString();
    if (m_links.hidden == 0) return tr("All %n links are drawn.", nullptr, shown) + kindCaption();
    const qulonglong all = static_cast<qulonglong>(m_links.hidden) + m_links.strongest.size();
    const QString text =
        m_kind == WeightKind::Pattern
            ? tr("%1 of %2 links are drawn: those that are left out carry %3 of the attention.")
            : tr("%1 of %2 links are drawn: those that are left out carry %3 of the whole.");
    return text.arg(shown).arg(QLocale().toString(all), percentText(m_links.hiddenShare)) + kindCaption();
}

PageSource LinksPage::source() const {
    FigureSpec spec;
    spec.title = m_data.title;
    spec.caption = caption(std::nullopt);
    if (!m_note.isEmpty()) spec.caption += u' ' + m_note;
    LinksData figure = m_data;
    for (std::size_t i = 0; m_heads.size() > 1 && i < m_heads.size(); ++i) {
        if (m_colors[i] >= 0) figure.legend.push_back({tr("head %1").arg(m_heads[i]), m_colors[i]});
    }
    if (m_heads.size() > kColours) figure.legend.push_back({tr("other heads"), -1});
    spec.panels.push_back({QString(), std::move(figure)});
    spec.panelColumns = 1;
    return {std::move(spec), QString::fromStdString("links-" + m_site),
            [site = m_site, kind = m_kind, links = m_links, queries = m_queryTokens,
             keys = m_keyTokens](DataFormat format) -> Result<std::string> {
                return format == DataFormat::Json ? linksToJson(site, toString(kind), links, queries, keys)
                                                  : linksToCsv(links, queries, keys);
            }};
}

}  // namespace attn::ui
