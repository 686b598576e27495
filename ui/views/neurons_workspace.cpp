#include "ui/views/neurons_workspace.h"

#include "ui/model/scene_document.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/neurons_plot.h"
#include "ui/plot/number_text.h"
#include "ui/views/card_grid.h"
#include "ui/views/head_chooser.h"
#include "ui/views/layer_bar.h"
#include "ui/views/number_table.h"

#include <QBoxLayout>
#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace attn::ui {

namespace {
constexpr int kListPx = 320, kBesideFromPx = 1220;  // at 100 % text
}  // namespace

NeuronsWorkspace::NeuronsWorkspace(SceneDocument* document, QWidget* parent)
    : PictureWorkspace(document, QStringLiteral("neuronsWorkspace"), parent) {
    buildHead();
    m_plot = new NeuronsPlot(this);
    m_plot->setObjectName(QStringLiteral("neurons.plot"));
    setPicture(m_plot, 18);
    m_list = new Card(QStringLiteral("neurons.list"), this);
    m_table = new NumberTable(m_list);
    m_table->setObjectName(QStringLiteral("neurons.table"));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_listed = new QLabel(m_list);
    m_listed->setObjectName(QStringLiteral("neurons.listed"));
    m_listed->setProperty("look", QStringLiteral("muted"));
    m_listed->setWordWrap(true);
    m_listed->setTextFormat(Qt::PlainText);
    m_list->add(m_listed);
    m_list->add(m_table);
    m_list->body()->addStretch(1);
    pictureRow()->addWidget(m_list);
    connectControls();
    retranslate();
}

void NeuronsWorkspace::buildHead() {
    QFrame* const card = head();
    LayerBar* const layers = makeLayerBar();
    m_heads = new HeadChooser(document(), QStringLiteral("neurons.head"), card);
    m_order = new SegmentedControl(QStringLiteral("neurons.order"), card);
    m_allOn = new QPushButton(card);
    m_allOn->setObjectName(QStringLiteral("neurons.allOn"));
    m_caption = sentence(QStringLiteral("neurons.caption"));
    m_note = sentence(QStringLiteral("neurons.note"));
    m_note->setProperty("look", QStringLiteral("muted"));
    auto* controls = new QHBoxLayout;
    controls->setSpacing(24);
    controls->addWidget(m_heads);
    controls->addWidget(m_order);
    controls->addWidget(m_allOn);
    controls->addStretch(1);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(16, 8, 16, 10);
    column->setSpacing(6);
    column->addWidget(layers);
    column->addLayout(controls);
    column->addWidget(m_note);
    column->addWidget(m_caption);
}

void NeuronsWorkspace::connectControls() {
    Selection* selection = document()->selection();
    connect(m_order, &SegmentedControl::chosen, this, [this](const QString& id) {
        NeuronsView view = document()->view().neurons;
        view.order = id.toStdString();
        document()->setNeuronsView(view);
    });
    connect(m_allOn, &QPushButton::clicked, this, [this] {
        NeuronsView view = document()->view().neurons;
        view.off.clear();
        document()->setNeuronsView(view);
    });
    connect(m_table, &NumberTable::rowChosen, this, [this](int row) {
        const auto list = m_page.contributions();
        if (row < static_cast<int>(list.size())) toggle(list[static_cast<std::size_t>(row)].dimension);
    });
    connect(m_plot, &NeuronsPlot::placeHovered, this, [this](const NeuronsPlace& place) {
        m_hovered = place;
        m_reached = -1;
        showTexts();
    });
    connect(m_plot, &NeuronsPlot::dimensionReached, this, [this](Index dimension) {
        m_reached = dimension;
        showTexts();
    });
    connect(m_plot, &NeuronsPlot::keyClicked, this, &NeuronsWorkspace::pinKey);
    connect(m_plot, &NeuronsPlot::dimensionToggled, this, &NeuronsWorkspace::toggle);
    connect(m_plot, &NeuronsPlot::moveRequested, this, &NeuronsWorkspace::move);
    connect(m_plot, &NeuronsPlot::escapePressed, selection, &Selection::free);
}

void NeuronsWorkspace::retranslate() {
    m_order->setSegments(
        {{QStringLiteral("dimension"), tr("in order"), tr("Dimensions as they stand in the vectors")},
         {QStringLiteral("contribution"), tr("by contribution"),
          tr("What contributes most to the selected key's score comes first, by size")}});
    m_allOn->setToolTip(
        tr("Dimensions that are off count as 0 in every score of this query; scale, mask and softmax "
           "then act as always. The model itself stays as it is."));
    m_plot->setToolTip(
        tr("A click on a number of the query switches its dimension off and on, a click on a line "
           "chooses its key. Keys: ↑ ↓ choose the key, Ctrl with them the query, ← → a dimension, "
           "Space switches it off and on."));
    m_list->setTitle(tr("What contributes most"));
    m_table->setAccessibleName(tr("What contributes most"));
    m_shown.reset();
    refresh();
}

void NeuronsWorkspace::refresh() {
    if (!isVisible() && m_complete) return;  // showEvent makes up for it
    const TracePtr& trace = document()->trace();
    const TracePtr& shown = document()->shownTrace();
    const Selection& selection = *document()->selection();
    const SiteInfo* site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) return;
    m_order->setCurrent(QString::fromStdString(document()->view().neurons.order));
    const TensorPtr q = document()->request({site->name, TensorName::Q});
    const TensorPtr k = document()->request({site->name, TensorName::K});
    m_complete = q && k;
    const bool empty = site->queries == 0 || site->keys == 0;
    m_plot->setPlaceholder(empty        ? tr("Type a sentence above")
                           : m_complete ? tr("All tokens are special, and hidden")
                                        : tr("Working it out …"));
    if (!m_complete && !empty && m_neurons)
        return;  // the old picture stays for the moment that the new one takes
    if (m_complete && (shown != m_shown || m_shownSite != site->name || m_shownHead != selection.head())) {
        const Index head = std::clamp<Index>(selection.head(), 0, site->heads - 1);
        m_neurons = std::make_shared<const NeuronHead>(trace, *site, head, q, k, m_neurons.get());
        m_shown = shown;
        m_shownSite = site->name;
        m_shownHead = selection.head();
    }
    followSelection();
}

void NeuronsWorkspace::followSelection() {
    const TracePtr& trace = m_shown;
    const SiteInfo* site = trace ? trace->site(m_shownSite) : nullptr;
    if (site == nullptr || !isVisible()) return;
    m_page = NeuronsPage(*trace, *site, m_neurons, document()->view().neurons,
                         document()->selection()->shown(), m_adapter);
    m_plot->setData(m_page.data());
    m_plot->setCurrentKey(m_page.key());
    const auto off = static_cast<int>(m_page.off().size());
    m_allOn->setText(off > 0 ? tr("Switch %n on", nullptr, off) : tr("All are on"));
    m_allOn->setEnabled(off > 0);
    showTexts();
    showContributions();
}

void NeuronsWorkspace::showTexts() {
    const NeuronsPlace place = m_reached < 0 ? m_hovered : NeuronsPlace{m_page.key(), m_reached, false, true};
    m_caption->setText(m_page.caption(m_page.has(place) ? place : NeuronsPlace()));
    m_note->setText(m_page.note());
    m_plot->setAccessibleDescription(m_caption->text());
}

void NeuronsWorkspace::showContributions() {
    const std::vector<NeuronsPage::Contribution> list = m_page.contributions();
    m_list->setVisible(!list.empty() && !m_presenting);
    if (list.empty()) return;
    const NeuronHead& head = *m_page.data().head;
    m_listed->setText(
        tr("The largest terms of ‘%1’ and ‘%2’. A double click, or Enter, switches one off and on.")
            .arg(m_page.data().query, (*m_page.data().keys)[m_page.key()]));
    m_table->setHeaders({head.form() == TermForm::Product ? tr("dim.") : tr("unit"),
                         QString::fromUtf8(head.leftName()), QString::fromUtf8(head.rightName()),
                         tr("term")});
    if (m_table->rowCount() != static_cast<int>(list.size())) {
        m_table->setRowCount(static_cast<int>(list.size()));
        m_table->updateGeometry();
    }
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const NeuronsPage::Contribution& each = list[static_cast<std::size_t>(row)];
        const QString name = QString::number(each.dimension);
        const QString tip = each.off ? tr("Off: counts as 0") : QString();
        m_table->setCell(row, 0, each.off ? tr("%1 off").arg(name) : name, each.off, tip);
        m_table->setCell(row, 1, shortNumber(each.left), each.off, tip);
        m_table->setCell(row, 2, shortNumber(each.right), each.off, tip);
        m_table->setCell(row, 3, shortNumber(each.value), each.off, tip);
    }
}

void NeuronsWorkspace::toggle(Index dimension) {
    NeuronsView view = document()->view().neurons;
    const auto place = std::lower_bound(view.off.begin(), view.off.end(), dimension);
    if (place != view.off.end() && *place == dimension) {
        view.off.erase(place);
    } else if (view.off.size() < NeuronsView::kMostOff) {
        view.off.insert(place, dimension);
    }
    document()->setNeuronsView(view);
}

void NeuronsWorkspace::pinKey(Index key) {
    const auto query = static_cast<int>(m_page.query());
    document()->selection()->pin({query, static_cast<int>(key), -1});
}

void NeuronsWorkspace::move(int queries, int keys) {
    const NeuronsData& shown = m_page.data();
    if (shown.isEmpty()) return;
    const auto moved = [](Index from, int step, Index count) {
        return static_cast<int>(std::clamp<Index>(from + step, 0, count - 1));
    };
    // Past hidden tokens: by the places where single tokens are shown.
    const TensorKey scores{m_shownSite, TensorName::Scores};
    const Cell places =
        placesOf(*m_shown, scores, {static_cast<int>(m_page.query()), static_cast<int>(m_page.key()), -1});
    const TokenGroups* const groups =
        m_shown->shownTokens() ? m_shown->shownTokens()->along(scores, Axis::Queries) : nullptr;
    const Cell next{moved(places.query, queries, groups ? groups->count() : shown.head->queries()),
                    moved(places.key, keys, shown.lines()), -1};
    const Cell tokens = tokensOf(*m_shown, scores, next, {});
    document()->selection()->pin(tokens);
    m_plot->reveal(tokens.key);
}

void NeuronsWorkspace::setPresenting(bool presenting) {
    m_presenting = presenting;
    PictureWorkspace::setPresenting(presenting);
    showContributions();
}

void NeuronsWorkspace::fitToText(int textPx) {
    m_textPx = textPx;
    PictureWorkspace::fitToText(textPx);
    arrange();
}

/// The list beside the picture where there is room, else below it.
void NeuronsWorkspace::arrange() {
    const double zoom = m_textPx / 13.0;
    const bool beside = width() >= kBesideFromPx * zoom;
    pictureRow()->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    const int list = static_cast<int>(kListPx * zoom);
    m_list->setMinimumWidth(beside ? list : 0);
    m_list->setMaximumWidth(beside ? list : QWIDGETSIZE_MAX);
}

void NeuronsWorkspace::resizeEvent(QResizeEvent* event) {
    arrange();
    PictureWorkspace::resizeEvent(event);
}

void NeuronsWorkspace::showEvent(QShowEvent* event) {
    m_shown.reset();
    PictureWorkspace::showEvent(event);
}

}  // namespace attn::ui
