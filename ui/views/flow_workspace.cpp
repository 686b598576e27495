#include "ui/views/flow_workspace.h"

#include "core/analysis/shown_row.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/model/study_run.h"
#include "ui/panels/quantity_field.h"
#include "ui/plot/flow_plot.h"
#include "ui/views/layer_bar.h"
#include "ui/views/trace_adapter.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {
constexpr int kCaptionLines = 2;
constexpr qint64 kPatienceMillis = 300;  ///< the caption of the picture that is there stays for so long
}  // namespace

FlowWorkspace::FlowWorkspace(SceneDocument* document, QWidget* parent)
    : PictureWorkspace(document, QStringLiteral("flowWorkspace"), parent),
      m_run(new StudyRun(document, this)) {
    m_run->setActive(false);
    buildHead();
    m_plot = new FlowPlot(this);
    m_plot->setObjectName(QStringLiteral("flow.plot"));
    setPicture(m_plot, 22);
    connectAll();
    retranslate();
}

void FlowWorkspace::buildHead() {
    const auto field = [&](const char* name, std::int64_t most, std::int64_t standard) {
        return new QuantityField(QString::fromLatin1(name),
                                 SliderMapping(1, static_cast<double>(most), 1, SliderScale::Linear, true),
                                 static_cast<double>(standard), head());
    };
    m_heads = field("flow.heads", FlowView::kMostHeads, FlowView().heads);
    m_tokens = field("flow.tokens", FlowView::kMostTokens, FlowView().tokens);
    LayerBar* const layers = makeLayerBar();
    m_caption = sentence(QStringLiteral("flow.caption"));
    m_caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_caption->setMinimumHeight(kCaptionLines * m_caption->fontMetrics().lineSpacing());
    auto* grid = new QGridLayout(head());
    grid->setContentsMargins(16, 8, 16, 10);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    grid->addWidget(m_heads, 0, 0);
    grid->addWidget(m_tokens, 0, 1);
    grid->addWidget(layers, 1, 0, 1, 2);
    grid->addWidget(m_caption, 2, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
}

void FlowWorkspace::connectAll() {
    connect(m_heads, &QuantityField::numberChosen, this, [this](double number) {
        FlowView view = document()->view().flow;
        view.heads = static_cast<std::int64_t>(number);
        document()->setFlowView(view);
    });
    connect(m_tokens, &QuantityField::numberChosen, this, [this](double number) {
        FlowView view = document()->view().flow;
        view.tokens = static_cast<std::int64_t>(number);
        document()->setFlowView(view);
    });
    connect(m_run, &StudyRun::progressed, this, &FlowWorkspace::showFlow);
    connect(m_run, &StudyRun::finished, this, [this] {
        m_complete = true;
        showFlow();
    });
    connect(m_plot, &FlowPlot::itemHovered, this, &FlowWorkspace::showCaption);
    connect(m_plot, &FlowPlot::itemClicked, this, &FlowWorkspace::choose);
    connect(m_plot, &FlowPlot::moveRequested, this, &FlowWorkspace::move);
    connect(m_plot, &FlowPlot::escapePressed, document()->selection(), &Selection::free);
}

void FlowWorkspace::retranslate() {
    m_heads->setTexts(tr("Heads of a layer"), tr("So many are named, those that write the longest vectors; "
                                                 "the others are summed"));
    m_tokens->setTexts(tr("Tokens of a head"),
                       tr("So many are drawn that a named head reads, by weight times "
                          "the length of what it makes of the token"));
    m_question = {};
    refresh();
}

const SiteInfo* FlowWorkspace::site() const {
    const TracePtr& trace = document()->trace();
    return trace ? trace->site(document()->selection()->site().toStdString()) : nullptr;
}

Index FlowWorkspace::query(const SiteInfo& site) const {
    const Index pinned = document()->selection()->pinned().query;
    const bool chosen = pinned >= 0 && pinned < site.queries;
    return nearestShownToken(*document()->shownTrace(), {site.name, TensorName::Q}, Axis::Queries,
                             chosen ? pinned : defaultQuery(*document()->trace(), site));
}

bool FlowWorkspace::isComplete() const {
    const SiteInfo* const info = site();
    return info != nullptr && m_question.trace == document()->shownTrace() &&
           (m_complete || m_question.query < 0);
}

/// Asks anew where the question is another one; the old picture stays until the new one's first stages have
/// come.
void FlowWorkspace::refresh() {
    if (!isVisible() && m_complete) return;  // showEvent makes up for it
    const SiteInfo* const info = site();
    if (info == nullptr) return;
    const FlowView& view = document()->view().flow;
    m_heads->setNumber(static_cast<double>(view.heads));
    m_tokens->setNumber(static_cast<double>(view.tokens));
    const Question question{document()->shownTrace(), sitesOfStack(*document()->trace(), *info).front()->name,
                            query(*info), view};
    const bool empty = question.query < 0;
    m_plot->setPlaceholder(info->queries == 0 ? tr("Type a sentence above")
                           : empty            ? tr("All tokens are special, and hidden")
                                              : tr("Working it out …"));
    if (question == m_question) {
        if (m_complete) showFlow();  // another head may be marked
        return;
    }
    m_question = question;
    m_complete = false;
    if (empty) {
        m_page = {};
        m_plot->setData({});
    }
    m_study.reset();
    m_run->cancel();
    if (!empty) {
        m_study = std::make_shared<FlowStudy>(question.trace, info->name, question.query,
                                              FlowLimits{view.heads, view.tokens});
        m_sinceAsked.start();
        m_run->start(m_study);
    }
    showCaption();
}

/// While layers are still coming, a picture that has all of them is left where it is: it would jump.
void FlowWorkspace::showFlow() {
    const SiteInfo* const info = site();
    if (!m_study || info == nullptr) return;
    if (!m_complete && !m_page.isEmpty()) return showCaption();
    m_page = FlowPage(m_study->trace(), m_study->flow(), info->name, document()->selection()->head());
    m_plot->setData(m_page.data());
    showCaption();
}

void FlowWorkspace::showCaption() {
    const bool slow = m_run->isRunning() && m_sinceAsked.elapsed() > kPatienceMillis;
    const QString text =
        slow ? tr("Working it out: layer %1 of %2 …").arg(m_run->step() + 1).arg(m_run->steps())
             : m_page.caption(m_plot->hovered());
    m_caption->setText(text);
    // It only grows: what is under the pointer must not move away because of what is said about it.
    m_caption->setMinimumHeight(
        std::max(m_caption->minimumHeight(), m_caption->heightForWidth(m_caption->width())));
    m_plot->setAccessibleDescription(m_caption->text());
}

/// A token becomes the query, one of the other text the key; a head is selected in all views.
void FlowWorkspace::choose(const FlowItem& item) {
    Selection* const selection = document()->selection();
    if (item.isToken()) {
        const FlowToken& token = m_page.data().tokens[static_cast<std::size_t>(item.token)];
        if (!token.isHidden()) chooseToken(token);
        return;
    }
    // Copies: the page is made anew as soon as the site is another one.
    const int head = m_page.data().node(item).head;
    const QString site = m_page.data().stages[static_cast<std::size_t>(item.stage)].site;
    if (head < 0) return;
    selection->setSite(site);
    selection->setHead(head);
}

/// Of a word that is shown as one its first piece, unless another one is chosen already.
void FlowWorkspace::chooseToken(const FlowToken& token) {
    const Trace& trace = *m_study->trace();
    const auto reads = [&](const SiteInfo* site) { return site->cross == token.other; };
    const auto& sites = m_study->sites();
    const auto found = std::find_if(sites.begin(), sites.end(), reads);
    const TensorKey pattern{(found == sites.end() ? sites.front() : *found)->name, TensorName::Pattern};
    Cell cell = document()->selection()->pinned();
    cell.query = static_cast<int>(m_question.query);
    Cell places = placesOf(trace, pattern, cell);
    (token.other ? places.key : places.query) = token.index;
    Cell tokens = tokensOf(trace, pattern, places, cell);
    if (!token.other) tokens.key = cell.key;  // of whatever sequence it is
    tokens.dimension = -1;
    document()->selection()->pin(tokens);
}

void FlowWorkspace::move(int tokens, int heads) {
    const SiteInfo* const info = site();
    if (info == nullptr || m_question.query < 0 || m_page.isEmpty()) return;
    if (tokens != 0) {
        // Past hidden ones; a word's pieces have streams of their own.
        const TensorKey q{info->name, TensorName::Q};
        const Trace& trace = *m_question.trace;
        const auto last = static_cast<Index>(trace.tokensAlong(q, Axis::Queries)->items.size()) - 1;
        const Index place = placeOfToken(trace, q, Axis::Queries, m_question.query) + tokens;
        Cell cell = document()->selection()->pinned();
        cell.query =
            static_cast<int>(tokensAt(trace, q, Axis::Queries, std::clamp<Index>(place, 0, last)).first);
        document()->selection()->pin(cell);
    }
    if (heads == 0) return;
    const std::vector<FlowItem> all = m_page.heads();
    if (all.empty()) return;
    const auto found = std::find(all.begin(), all.end(), m_page.data().selected);
    const auto last = static_cast<std::ptrdiff_t>(all.size()) - 1;
    const std::ptrdiff_t at =
        found == all.end() ? 0 : std::clamp<std::ptrdiff_t>(found - all.begin() + heads, 0, last);
    choose(all[static_cast<std::size_t>(at)]);
}

void FlowWorkspace::fitToText(int textPx) {
    PictureWorkspace::fitToText(textPx);
    m_caption->setMinimumHeight(kCaptionLines * m_caption->fontMetrics().lineSpacing());
}

void FlowWorkspace::showEvent(QShowEvent* event) {
    m_run->setActive(true);
    PictureWorkspace::showEvent(event);
}

void FlowWorkspace::hideEvent(QHideEvent* event) {
    m_run->setActive(false);
    PictureWorkspace::hideEvent(event);
}

}  // namespace attn::ui
