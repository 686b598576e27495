#include "ui/views/flow_page.h"

#include "core/analysis/flow_file.h"
#include "core/analysis/shown_row.h"
#include "core/trace/site_name.h"
#include "ui/plot/flow_painter.h"
#include "ui/plot/number_text.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace attn::ui {

namespace {

constexpr std::size_t kMostNamed = 3;

QString signedNumber(double value) {
    return (value > 0 ? QStringLiteral("+") : QString()) + shortNumber(value, 2);
}

bool readsOther(const Trace& trace, const std::string& site) {
    return trace.site(site)->cross;
}

QString layerOf(const std::string& site) {
    return QString::number(sitePlace(site).layer);
}

}  // namespace

FlowPage::FlowPage(TracePtr trace, TokenFlow flow, const std::string& site, Index head)
    : m_trace(std::move(trace)), m_flow(std::move(flow)) {
    if (m_flow.steps.empty()) return;
    addTokens();
    addStages(site, head);
    const Trace& all = asComputed(*m_trace);
    const SiteInfo& first = *all.site(m_flow.steps.front().site);
    const Labels labels = TraceAdapter().labels(all.queryTokens(first));
    const QString token = (*labels)[m_flow.query];
    m_data.title = tr("‘%1’ through the layers").arg(token);
    m_data.tokensTitle = tr("reads from");
    m_data.headsTitle = tr("heads: length, along the end");
    m_data.streamTitle = tr("stream of ‘%1’").arg(token);
    m_data.restTitle = tr("what else writes");
    m_data.along = tr("towards the end");
    m_data.against = tr("away from it");
    double stream = 0, widestHead = 0, rest = 0;
    for (const FlowStage& stage : m_data.stages) {
        stream = std::max({stream, stage.before, stage.after});
        for (const FlowNode& each : stage.left) widestHead = std::max(widestHead, each.norm);
        for (const FlowNode& each : stage.right) rest = std::max(rest, each.norm);
    }
    m_data.scales = tr("widest stream %1, head %2").arg(shortNumber(stream), shortNumber(widestHead));
    if (rest > 0) m_data.scales += tr(", else %1").arg(shortNumber(rest));
}

int FlowPage::placeOf(bool other, Index key) const {
    const auto found = std::find_if(m_data.tokens.begin(), m_data.tokens.end(), [&](const FlowToken& token) {
        return token.other == other && token.index == static_cast<int>(key);
    });
    return found == m_data.tokens.end() ? -1 : static_cast<int>(found - m_data.tokens.begin());
}

/// A site of the stack that reads its own tokens, or those of another sequence; null: none does.
const SiteInfo* FlowPage::siteReading(bool other) const {
    for (const FlowStep& step : m_flow.steps)
        if (const SiteInfo* const site = m_trace->site(step.site); site->cross == other) return site;
    return nullptr;
}

Index FlowPage::hiddenKeys(bool other) const {
    const SiteInfo* const site = siteReading(other);
    if (site == nullptr || !m_trace->shownTokens()) return 0;
    return m_trace->shownTokens()->along({site->name, TensorName::Pattern}, Axis::Keys)->hidden();
}

/// All tokens in their order where there is room, else those that feed most; the query always.
void FlowPage::addTokens() {
    std::map<std::pair<bool, Index>, double> fed;
    const SiteInfo *const own = siteReading(false), *const other = siteReading(true);
    for (const FlowStep& step : m_flow.steps)
        for (const FlowWrite& head : step.heads)
            for (const FlowSource& source : head.sources)
                fed[{readsOther(*m_trace, step.site), source.key}] += source.norm;
    const SiteInfo& first = *m_trace->site(m_flow.steps.front().site);
    const TensorKey pattern{first.name, TensorName::Pattern};
    const Index query = placeOfToken(*m_trace, pattern, Axis::Queries, m_flow.query);
    if (own != nullptr || !first.cross) fed.insert({{false, query}, 0});
    const std::size_t all =
        static_cast<std::size_t>((own != nullptr ? own->keys : 0) + (other != nullptr ? other->keys : 0));
    if (all <= kMostTokens) {
        for (Index i = 0; own != nullptr && i < own->keys; ++i) fed.insert({{false, i}, 0});
        for (Index i = 0; other != nullptr && i < other->keys; ++i) fed.insert({{true, i}, 0});
    }
    std::vector<std::pair<double, std::pair<bool, Index>>> order;
    for (const auto& each : fed) {
        const bool isQuery = !each.first.first && each.first.second == query;
        order.push_back({isQuery ? -HUGE_VAL : -each.second, each.first});
    }
    std::stable_sort(order.begin(), order.end());
    m_hiddenTokens = order.size() > kMostTokens ? order.size() - kMostTokens : 0;
    order.resize(std::min(order.size(), kMostTokens));
    // Those of the other sequence above, each in its own order.
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return std::pair(!a.second.first, a.second.second) < std::pair(!b.second.first, b.second.second);
    });
    TraceAdapter adapter;
    for (const bool isOther : {true, false}) {
        const SiteInfo* const site = isOther ? other : own;
        const Labels labels = site != nullptr ? adapter.labels(m_trace->keyTokens(*site))
                                              : adapter.labels(m_trace->queryTokens(first));
        for (const auto& each : order) {
            const Index index = each.second.second;
            if (each.second.first != isOther) continue;
            QString label = (*labels)[index];
            // Of many tokens those that are drawn are not neighbours.
            if (all > kMostTokens)
                label += QStringLiteral(" (%1)").arg(
                    tokensAt(*m_trace, {(site != nullptr ? *site : first).name, TensorName::Pattern},
                             site != nullptr ? Axis::Keys : Axis::Queries, index)
                        .first);
            m_data.tokens.push_back({label, static_cast<int>(index), isOther, !isOther && index == query});
        }
        addHidden(isOther);
    }
    if (other != nullptr) m_data.otherTitle = tr("from the other text");
}

/// The hidden tokens of a sequence, as one, where a head reads something of them.
void FlowPage::addHidden(bool other) {
    const bool isRead = std::any_of(m_flow.steps.begin(), m_flow.steps.end(), [&](const FlowStep& step) {
        const auto reads = [](const FlowWrite& head) { return head.hiddenSources > 0; };
        return readsOther(*m_trace, step.site) == other &&
               std::any_of(step.heads.begin(), step.heads.end(), reads);
    });
    if (isRead)
        m_data.tokens.push_back(
            {tr("%n hidden", nullptr, static_cast<int>(hiddenKeys(other))), -1, other, false});
}

FlowNode FlowPage::node(const FlowStep& step, const FlowWrite& write) const {
    FlowNode node;
    node.norm = write.norm;
    node.projection = write.projection;
    const bool other = readsOther(*m_trace, step.site);
    switch (write.part) {
        case FlowPart::Head:
            node.head = static_cast<int>(write.head);
            node.label = other ? tr("cross head %1").arg(write.head) : tr("head %1").arg(write.head);
            node.off = ablationOfHead(m_trace->inputs().ablations, step.site, write.head).has_value();
            break;
        case FlowPart::Others:
            node.label = step.heads.size() - step.named == 1
                             ? tr("1 other")
                             : tr("%1 others").arg(step.heads.size() - step.named);
            break;
        case FlowPart::Bias:
            node.label = other ? tr("cross bias") : tr("bias");
            break;
        case FlowPart::Mlp:
            node.label = tr("MLP");
            node.off = ablationOfMlp(m_trace->inputs().ablations, step.site).has_value();
            break;
        case FlowPart::Norm:
            node.label = tr("norm");
            break;
        case FlowPart::Edit:
            node.label = tr("by hand");
            break;
    }
    for (const FlowSource& source : write.sources) {
        const int place = placeOf(other, source.key);
        if (place >= 0) node.feeds.push_back({place, source.norm});
    }
    if (write.hiddenSources > 0) node.feeds.push_back({placeOf(other, -1), write.hiddenSources});
    return node;
}

void FlowPage::addStages(const std::string& site, Index head) {
    for (const FlowStep& step : m_flow.steps) {
        FlowStage stage;
        stage.site = QString::fromStdString(step.site);
        stage.carries = step.carries;
        stage.before = step.before;
        stage.after = step.after;
        if (!step.mlp && !readsOther(*m_trace, step.site))
            stage.label = tr("layer %1").arg(layerOf(step.site));
        for (std::size_t i = 0; i < step.named; ++i) {
            if (step.site == site && step.heads[i].head == head && !step.mlp) {
                m_data.selected = {-1, static_cast<int>(m_data.stages.size()), static_cast<int>(i), false};
            }
            stage.left.push_back(node(step, step.heads[i]));
        }
        for (const FlowWrite& each : step.others) stage.left.push_back(node(step, each));
        for (const FlowWrite& each : step.rest) stage.right.push_back(node(step, each));
        m_data.stages.push_back(std::move(stage));
    }
}

std::vector<FlowItem> FlowPage::heads() const {
    std::vector<FlowItem> all;
    for (std::size_t s = 0; s < m_data.stages.size(); ++s) {
        const std::vector<FlowNode>& nodes = m_data.stages[s].left;
        // The strongest stands highest, and the keys go up.
        for (std::size_t i = nodes.size(); i-- > 0;)
            if (nodes[i].head >= 0) all.push_back({-1, static_cast<int>(s), static_cast<int>(i), false});
    }
    return all;
}

QString FlowPage::nameOf(const FlowItem& item) const {
    const FlowStage& stage = m_data.stages[static_cast<std::size_t>(item.stage)];
    return tr("%1 of layer %2").arg(m_data.node(item).label, layerOf(stage.site.toStdString()));
}

QString FlowPage::ofAll() const {
    std::vector<std::pair<double, QString>> parts{
        {m_flow.startProjection, tr("what it was before the first layer")}};
    for (std::size_t s = 0; s < m_data.stages.size(); ++s) {
        for (const bool right : {false, true}) {
            const auto& nodes = right ? m_data.stages[s].right : m_data.stages[s].left;
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                // A norm takes back what others have written: that is said apart.
                if (right && m_flow.steps[s].rest[i].part == FlowPart::Norm) continue;
                parts.push_back(
                    {nodes[i].projection, nameOf({-1, static_cast<int>(s), static_cast<int>(i), right})});
            }
        }
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return std::abs(a.first) > std::abs(b.first); });
    QStringList named;
    for (std::size_t i = 0; i < std::min(parts.size(), kMostNamed); ++i)
        named.append(QStringLiteral("%1 (%2)").arg(parts[i].second, signedNumber(parts[i].first)));
    QString text =
        tr("Read upwards: the stream enters with length %1 and leaves with %2. Everything that is written to "
           "it adds up to its end; most comes from %3.")
            .arg(shortNumber(m_flow.start), shortNumber(m_flow.end), named.join(QStringLiteral(", ")));
    const bool norms = std::any_of(m_flow.steps.begin(), m_flow.steps.end(), [](const FlowStep& step) {
        return !step.rest.empty() && step.rest.back().part == FlowPart::Norm;
    });
    if (norms) text += u' ' + tr("Sums are normed here: what that changes is written too, as ‘norm’.");
    if (m_hiddenTokens > 0)
        text +=
            u' ' + tr("%n tokens that feed less are not drawn.", nullptr, static_cast<int>(m_hiddenTokens));
    return text + shownNote();
}

/// What the way that tokens are shown does to the picture.
QString FlowPage::shownNote() const {
    QString text;
    const auto hidden = static_cast<int>(hiddenKeys(false) + hiddenKeys(true));
    if (hidden > 0)
        text += u' ' + (hidden == 1 ? tr("One special token is hidden: what heads read of it has a band of "
                                         "its own, so that everything still adds up.")
                                    : tr("%Ln special tokens are hidden: what heads read of them is one "
                                         "band, so that everything still adds up.",
                                         nullptr, hidden));
    const SiteInfo* const own = siteReading(false);
    const SiteInfo* const other = siteReading(true);
    for (const SiteInfo* site : {own, other}) {
        if (site == nullptr || !mergesWords(*m_trace, {site->name, TensorName::Pattern})) continue;
        return text + u' ' +
               tr("Whole words: what heads read of their pieces is added up. The stream is that of a single "
                  "token.");
    }
    return text;
}

QString FlowPage::ofToken(int token) const {
    std::vector<std::pair<double, QString>> parts;
    for (const FlowItem& item : heads())
        for (const FlowFeed& feed : m_data.node(item).feeds)
            if (feed.token == token) parts.push_back({feed.norm, nameOf(item)});
    const QString label = m_data.tokens[static_cast<std::size_t>(token)].label;
    const FlowToken& shown = m_data.tokens[static_cast<std::size_t>(token)];
    if (parts.empty()) return tr("‘%1’ is not among what the named heads read most.").arg(label);
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    QStringList named;
    for (std::size_t i = 0; i < std::min(parts.size(), kMostNamed); ++i)
        named.append(QStringLiteral("%1 (%2)").arg(parts[i].second, shortNumber(parts[i].first, 2)));
    if (shown.isHidden())
        return tr("What is hidden here is read by %1: weights times the lengths of what the heads make of "
                  "it.")
            .arg(named.join(QStringLiteral(", ")));
    return tr("‘%1’ is read by %2: weight times the length of what the head makes of it.")
        .arg(label, named.join(QStringLiteral(", ")));
}

QString FlowPage::ofNode(const FlowItem& item) const {
    const FlowNode& node = m_data.node(item);
    const FlowStep& step = m_flow.steps[static_cast<std::size_t>(item.stage)];
    QString text = tr("%1 writes a vector of length %2, %3 of it along the stream's end.")
                       .arg(nameOf(item), shortNumber(node.norm), signedNumber(node.projection));
    if (node.off) return text + u' ' + tr("It is switched off.");
    if (item.right) {
        const FlowPart part = step.rest[static_cast<std::size_t>(item.node)].part;
        return part == FlowPart::Norm
                   ? text + u' ' +
                         tr("This block norms its sums: what that changes counts as one more vector.")
                   : text;
    }
    if (node.head < 0 || node.feeds.empty()) return text;
    QStringList named;
    for (const FlowFeed& feed : node.feeds) {
        const FlowToken& token = m_data.tokens[static_cast<std::size_t>(feed.token)];
        if (!token.isHidden())
            named.append(QStringLiteral("‘%1’ %2").arg(token.label, shortNumber(feed.norm, 2)));
    }
    const FlowWrite& head = step.heads[static_cast<std::size_t>(item.node)];
    if (head.hiddenSources > 0)
        named.append(tr("%1 from hidden tokens").arg(shortNumber(head.hiddenSources, 2)));
    QString sources = tr("It reads %1").arg(named.join(QStringLiteral(", ")));
    if (head.otherSources > 0)
        sources += tr(", and %1 from other tokens").arg(shortNumber(head.otherSources, 2));
    return text + u' ' + sources + u'.';
}

QString FlowPage::caption(const FlowItem& item) const {
    if (isEmpty()) return {};
    return item.isToken() ? ofToken(item.token) : item.isNode() ? ofNode(item) : ofAll();
}

PageSource FlowPage::source() const {
    FigureSpec spec;
    spec.title = m_data.title;
    spec.caption = caption({});
    spec.panels.push_back({QString(), std::make_shared<const FlowPanel>(m_data)});
    spec.panelColumns = 1;
    return {std::move(spec), QStringLiteral("flow-%1").arg(m_flow.query),
            [trace = m_trace, flow = m_flow](DataFormat format) -> Result<std::string> {
                if (flow.steps.empty())
                    return fail(translatable("core", "there is nothing to draw: the tensor is empty"));
                return format == DataFormat::Json ? flowToJson(*trace, flow) : flowToCsv(*trace, flow);
            }};
}

}  // namespace attn::ui
