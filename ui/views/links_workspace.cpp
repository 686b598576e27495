#include "ui/views/links_workspace.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/study_run.h"
#include "ui/panels/head_chips.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/links_plot.h"
#include "ui/views/layer_bar.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"
#include "ui/views/weight_kind_chooser.h"
#include "ui/views/weights_figure.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace attn::ui {

LinksWorkspace::LinksWorkspace(SceneDocument* document, QWidget* parent)
    : PictureWorkspace(document, QStringLiteral("linksWorkspace"), parent),
      m_run(new StudyRun(document, this)) {
    m_run->setActive(false);
    buildHead();
    m_plot = new LinksPlot(this);
    m_plot->setObjectName(QStringLiteral("links.plot"));
    setPicture(m_plot, 20);
    connectControls();
    connectPlot();
    retranslate();
}

void LinksWorkspace::buildHead() {
    QFrame* const card = head();
    m_arrangement = new SegmentedControl(QStringLiteral("links.arrangement"), card);
    m_threshold = new QuantityField(QStringLiteral("links.threshold"),
                                    SliderMapping(0, 1, 0.005, SliderScale::Linear, false),
                                    LinksView().threshold, card);
    m_most = new QuantityField(
        QStringLiteral("links.most"),
        SliderMapping(1, static_cast<double>(LinksView::kMostLines), 1, SliderScale::Logarithmic, true),
        static_cast<double>(LinksView().most), card);
    LayerBar* const layers = makeLayerBar();
    m_kind = new WeightKindChooser(QStringLiteral("links.weights"), card);
    m_headsTitle = new QLabel(card);
    m_heads = new HeadChips(QStringLiteral("links.heads"), card);
    m_all = new QPushButton(card);
    m_all->setObjectName(QStringLiteral("links.all"));
    m_one = new QPushButton(card);
    m_one->setObjectName(QStringLiteral("links.one"));
    m_caption = sentence(QStringLiteral("links.caption"));
    auto* heads = new QHBoxLayout;
    heads->setSpacing(8);
    heads->addWidget(m_headsTitle, 0, Qt::AlignTop);
    heads->addWidget(m_heads, 1);
    heads->addWidget(m_all, 0, Qt::AlignTop);
    heads->addWidget(m_one, 0, Qt::AlignTop);
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(16, 8, 16, 10);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    grid->addWidget(m_arrangement, 0, 0, Qt::AlignVCenter);
    grid->addWidget(m_threshold, 0, 1);
    grid->addWidget(m_most, 0, 2);
    grid->addWidget(layers, 1, 0, 1, 2);
    grid->addWidget(m_kind, 1, 2, Qt::AlignVCenter);
    grid->addLayout(heads, 2, 0, 1, 3);
    grid->addWidget(m_caption, 3, 0, 1, 3);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
}

template <typename Change>
void LinksWorkspace::changeView(const Change& change) {
    LinksView view = document()->view().links;
    change(view);
    document()->setLinksView(view);
}

void LinksWorkspace::connectControls() {
    connect(m_arrangement, &SegmentedControl::chosen, this, [this](const QString& id) {
        changeView([&](LinksView& view) { view.arrangement = id.toStdString(); });
    });
    connect(m_threshold, &QuantityField::numberChosen, this,
            [this](double number) { changeView([&](LinksView& view) { view.threshold = number; }); });
    connect(m_most, &QuantityField::numberChosen, this, [this](double number) {
        changeView([&](LinksView& view) { view.most = static_cast<std::int64_t>(number); });
    });
    connect(m_kind, &WeightKindChooser::chosen, this, [this](WeightKind kind) {
        // One choice for all views: the picture of the selected head shows the same.
        HeadsView view = document()->view().heads;
        view.weights = toString(kind);
        document()->setHeadsView(view);
    });
    connect(m_run, &StudyRun::finished, this, &LinksWorkspace::refresh);
    connect(m_heads, &HeadChips::toggled, this, &LinksWorkspace::toggleHead);
    connect(m_heads, &HeadChips::isolated, this, [this](int head) {
        document()->selection()->setHead(head);
        showHeads({});
    });
    connect(m_all, &QPushButton::clicked, this, [this] {
        std::vector<std::int64_t> all(static_cast<std::size_t>(m_heads->headCount()));
        std::iota(all.begin(), all.end(), 0);
        showHeads(std::move(all));
    });
    connect(m_one, &QPushButton::clicked, this, [this] { showHeads({}); });
}

void LinksWorkspace::connectPlot() {
    Selection* selection = document()->selection();
    connect(m_plot, &LinksPlot::tokenHovered, this, [this, selection](const LinksToken& token) {
        Cell cell;
        if (token.isValid()) {
            (token.side == LinksToken::Side::Query ? cell.query : cell.key) = static_cast<int>(token.index);
        }
        selection->setPreview(tokensOf(*document()->shownTrace(), m_key, cell, selection->pinned()));
    });
    connect(m_plot, &LinksPlot::tokenClicked, this, &LinksWorkspace::pin);
    connect(m_plot, &LinksPlot::emptyClicked, selection, &Selection::free);
    connect(m_plot, &LinksPlot::escapePressed, selection, &Selection::free);
    connect(m_plot, &LinksPlot::moveRequested, this, &LinksWorkspace::move);
}

void LinksWorkspace::retranslate() {
    m_arrangement->setSegments(
        {{QString::fromLatin1(kLinksArrangements[0]), tr("columns"),
          tr("Queries on the left, keys on the right")},
         {QString::fromLatin1(kLinksArrangements[1]), tr("rows"), tr("Queries above, keys below")},
         {QString::fromLatin1(kLinksArrangements[2]), tr("arcs"),
          tr("Arcs over and under one line of text")}});
    m_threshold->setTexts(tr("Weights from"), tr("Weaker links are not drawn"));
    m_most->setTexts(tr("Strongest"), tr("At most so many links are drawn, the strongest"));
    m_kind->refuse(WeightKind::Flow, tr("The flow is that of one query at a time: it is shown under Heads."));
    m_headsTitle->setText(tr("Heads"));
    m_all->setText(tr("All"));
    m_all->setToolTip(tr("Show all heads: the first eight in colours, the others grey"));
    m_one->setText(tr("Selected"));
    m_one->setToolTip(tr("Show only the head that is selected in all views"));
    m_shown.reset();
    refresh();
}

void LinksWorkspace::refresh() {
    if (!isVisible() && m_complete) return;  // showEvent makes up for it
    const TracePtr& trace = document()->shownTrace();
    const Selection& selection = *document()->selection();
    const SiteInfo* site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) return;
    const LinksView& view = document()->view().links;
    m_arrangement->setCurrent(QString::fromStdString(view.arrangement));
    m_threshold->setNumber(view.threshold);
    m_most->setNumber(static_cast<double>(view.most));

    m_key = {site->name, TensorName::Pattern};
    const WeightKind kind = linksKind(document()->view());
    TensorPtr weights, all;
    if (kind == WeightKind::Pattern) {
        forgetStudy();
        const EntryPtr everything = hiddenWeights(*trace, m_key);
        weights = document()->request(trace->find(m_key));
        all = document()->request(everything);
        m_complete = weights != nullptr && (all != nullptr || everything == nullptr);
    } else {
        all = studied(*site, kind);
        if (all != m_result || trace != m_resultTrace) m_resultShown = weightsShown(all, *trace, site->name);
        m_result = all;
        m_resultTrace = trace;
        weights = m_resultShown;
        m_complete = weights != nullptr || m_whyNone != nullptr;
    }
    m_kind->showKinds(*document()->trace(), *document()->trace()->site(site->name), kind);
    const bool empty = site->queries == 0 || site->keys == 0;
    const bool allHidden = empty && !document()->trace()->tokens().items.empty();
    m_plot->setPlaceholder(allHidden ? tr("All tokens are special, and hidden")
                           : empty   ? tr("Type a sentence above")
                                     : tr("Working it out …"));
    // The old picture stays for the moment that the new one takes.
    if (!weights && !empty && m_shown && m_whyNone == nullptr) return;
    if (weights != m_shown || all != m_shownAll || !(view == m_shownView) ||
        selection.head() != m_shownHead || !weights) {
        m_page = LinksPage(*trace, *site, weights, document()->view(), selection.head(), all);
        m_shownAll = all;
        m_shown = weights;
        m_shownView = view;
        m_shownHead = selection.head();
    }
    showHeadChips(*site, kind);
    m_plot->setData(m_page.data());
    followSelection();
}

/// Nothing of an old trace stays in memory for its sake.
void LinksWorkspace::forgetStudy() {
    m_run->cancel();
    m_study.reset();
    m_question = {};
    m_result.reset();
    m_resultShown.reset();
    m_resultTrace.reset();
    m_whyNone = nullptr;
}

TensorPtr LinksWorkspace::studied(const SiteInfo& site, WeightKind kind) {
    const TracePtr& trace = document()->trace();
    const SiteInfo& computed = *trace->site(site.name);
    Question question{trace, site.name, kind, {0}};
    if (isOfHead(kind))
        question.heads = linksHeads(site, document()->view().links, document()->selection()->head());
    if (question != m_question) {
        m_question = question;
        m_study.reset();
        m_run->cancel();
        m_whyNone = whyNone(*trace, computed, kind);
        if (m_whyNone == nullptr) {
            m_study = std::make_shared<WeightStudy>(trace, site.name, kind, question.heads, 0);
            m_run->start(m_study);
        }
    }
    return m_study && !m_run->isRunning() ? m_study->result() : nullptr;
}

void LinksWorkspace::showHeadChips(const SiteInfo& site, WeightKind kind) {
    const bool several = site.heads > 1 && isOfHead(kind);
    for (QWidget* each : {static_cast<QWidget*>(m_headsTitle), static_cast<QWidget*>(m_heads),
                          static_cast<QWidget*>(m_all), static_cast<QWidget*>(m_one)}) {
        each->setVisible(several);
    }
    if (!isOfHead(kind)) return;
    m_heads->setHeadCount(static_cast<int>(site.heads));
    for (int head = 0; head < m_heads->headCount(); ++head)
        m_heads->setStory(head, headStory(*document()->trace(), site, head));
    std::vector<int> heads;
    for (const Index each : m_page.heads()) heads.push_back(static_cast<int>(each));
    m_heads->setShown(heads, linkColors(m_page.heads()));
}

void LinksWorkspace::followSelection() {
    const TracePtr& trace = document()->shownTrace();
    if (!trace) return;
    const std::optional<LinksFocus> focus =
        m_page.focus(placesOf(*trace, m_key, document()->selection()->shown()));
    m_plot->setHighlight(focus);
    m_caption->setText(m_whyNone != nullptr
                           ? coreText(m_whyNone)
                           : QStringList({m_page.caption(focus), m_page.note()}).join(u' ').trimmed());
    m_plot->setAccessibleDescription(m_caption->text());
}

void LinksWorkspace::showHeads(std::vector<std::int64_t> heads) {
    changeView([&](LinksView& view) { view.heads = std::move(heads); });
}

/// The last one stays: a picture without heads would say nothing.
void LinksWorkspace::toggleHead(int head) {
    std::vector<std::int64_t> heads(m_page.heads().begin(), m_page.heads().end());
    const auto found = std::find(heads.begin(), heads.end(), head);
    if (found == heads.end()) {
        heads.push_back(head);
    } else if (heads.size() > 1) {
        heads.erase(found);
    }
    showHeads(std::move(heads));
}

void LinksWorkspace::pin(const LinksToken& token) {
    Selection* selection = document()->selection();
    const Trace& trace = *document()->shownTrace();
    const Cell pinned = placesOf(trace, m_key, selection->pinned());
    const auto index = static_cast<int>(token.index);
    Cell cell;
    if (token.side == LinksToken::Side::Query) {
        cell.query = index;
    } else {
        // A key beside the query that is looked at; alone where there is none.
        cell = {pinned.query, index, -1};
    }
    // A second click lets go.
    if (cell == Cell{pinned.query, pinned.key, -1}) cell = {};
    if (cell.isNull()) {
        selection->free();
    } else {
        selection->pin(tokensOf(trace, m_key, cell, selection->pinned()));
    }
}

void LinksWorkspace::move(int queries, int keys) {
    const LinksData& tokens = m_page.data();
    if (tokens.isEmpty()) return;
    const Trace& trace = *document()->shownTrace();
    Cell cell = placesOf(trace, m_key, document()->selection()->pinned());
    const auto moved = [](int index, int step, Index count) {
        return index < 0 ? 0 : static_cast<int>(std::clamp<Index>(index + step, 0, count - 1));
    };
    if (queries != 0) cell.query = moved(cell.query, queries, tokens.queryCount());
    if (keys != 0) cell.key = moved(cell.key, keys, tokens.keyCount());
    document()->selection()->pin(tokensOf(trace, m_key, cell, document()->selection()->pinned()));
    if (cell.query >= 0) m_plot->reveal({LinksToken::Side::Query, cell.query});
    if (keys != 0) m_plot->reveal({LinksToken::Side::Key, cell.key});
}

void LinksWorkspace::showEvent(QShowEvent* event) {
    m_run->setActive(true);
    PictureWorkspace::showEvent(event);
}

void LinksWorkspace::hideEvent(QHideEvent* event) {
    m_run->setActive(false);
    PictureWorkspace::hideEvent(event);
}

}  // namespace attn::ui
