#include "ui/views/softmax_workspace.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/logit_bars.h"
#include "ui/panels/number_list_edit.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/heat_map.h"
#include "ui/views/card_grid.h"
#include "ui/views/scores_row.h"
#include "ui/views/softmax_captions.h"
#include "ui/views/softmax_tables.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr int kPlotPx = 210, kLowPlotPx = 150;
constexpr std::size_t kLiveList = 100;

QPushButton* button(const QString& name, QWidget* parent) {
    auto* made = new QPushButton(parent);
    made->setObjectName(name);
    return made;
}

}  // namespace

SoftmaxWorkspace::SoftmaxWorkspace(SceneDocument* document, QWidget* parent)
    : PageWorkspace(parent), m_document(document) {
    setObjectName(QStringLiteral("softmaxWorkspace"));
    m_grid = new CardGrid(this);
    m_grid->setObjectName(QStringLiteral("softmax.cards"));
    buildHead();
    buildLogits();
    buildPlots();
    buildTables();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(m_head);
    layout->addWidget(m_grid, 1);
    connectState();
    retranslate();
}

/// The scale stays in sight, whatever part of the page is looked at.
void SoftmaxWorkspace::buildHead() {
    auto* card = new QFrame(this);
    card->setProperty("card", true);
    m_head = card;
    using State = SaturationState;
    m_scale = new QuantityField(
        QStringLiteral("softmax.scale"),
        SliderMapping(State::kLeastScale, State::kLargestScale, 0.01, SliderScale::Logarithmic, false), 1,
        card);
    m_axis = new SegmentedControl(QStringLiteral("softmax.axis"), card);
    m_caption = new QLabel(card);
    m_caption->setObjectName(QStringLiteral("softmax.caption"));
    m_caption->setWordWrap(true);
    m_caption->setTextFormat(Qt::PlainText);
    auto* layout = new QHBoxLayout(card);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(24);
    layout->addWidget(m_scale, 4);
    layout->addWidget(m_caption, 6);
    layout->addWidget(m_axis, 0, Qt::AlignVCenter);
}

void SoftmaxWorkspace::buildLogits() {
    m_logitsCard = new Card(QStringLiteral("softmax.logits"));
    m_bars = new LogitBars(m_logitsCard);
    m_bars->setObjectName(QStringLiteral("softmax.bars"));
    m_list = new NumberListEdit(QStringLiteral("softmax.list"), SaturationState::kMostLogits,
                                &experiment::checkLogits, m_logitsCard);
    m_add = button(QStringLiteral("softmax.add"), m_logitsCard);
    m_remove = button(QStringLiteral("softmax.remove"), m_logitsCard);
    m_take = button(QStringLiteral("softmax.takeRow"), m_logitsCard);
    m_default = button(QStringLiteral("softmax.default"), m_logitsCard);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* each : {m_add, m_remove, m_default, m_take}) buttons->addWidget(each);
    buttons->addStretch(1);
    m_logitsCard->add(m_bars, 1);
    m_logitsCard->add(m_list);
    m_logitsCard->body()->addLayout(buttons);
    m_weightsCard = new Card(QStringLiteral("softmax.weights"));
    m_weights = new CurvePlot(m_weightsCard);
    m_weights->setObjectName(QStringLiteral("softmax.weights.plot"));
    m_weights->setMinimumHeight(kPlotPx);
    m_weightsCard->add(m_weights, 1);
    offerPageMenu(m_weights);
    m_grid->addCard(m_logitsCard);
    m_grid->addCard(m_weightsCard);
}

CurvePlot* SoftmaxWorkspace::addScalePlot(Card* card, const QString& name) {
    auto* plot = new CurvePlot(card);
    plot->setObjectName(name);
    plot->setMinimumHeight(kPlotPx);
    card->add(plot, 1);
    offerPageMenu(plot);
    connect(plot, &CurvePlot::markerPressed, this,
            [this] { m_document->beginGesture(tr("Change the scale")); });
    connect(plot, &CurvePlot::markerMoved, this, &SoftmaxWorkspace::setScale);
    connect(plot, &CurvePlot::markerReleased, m_document, &SceneDocument::endGesture);
    return plot;
}

void SoftmaxWorkspace::buildPlots() {
    m_curvesCard = new Card(QStringLiteral("softmax.curves"));
    m_curves = addScalePlot(m_curvesCard, QStringLiteral("softmax.curves.plot"));
    m_gradientCard = new Card(QStringLiteral("softmax.gradient"));
    m_gradient = addScalePlot(m_gradientCard, QStringLiteral("softmax.gradient.plot"));
    m_entropyCard = new Card(QStringLiteral("softmax.entropy"));
    m_entropy = addScalePlot(m_entropyCard, QStringLiteral("softmax.entropy.plot"));
    m_effective = addScalePlot(m_entropyCard, QStringLiteral("softmax.effective.plot"));
    for (CurvePlot* plot : {m_entropy, m_effective}) plot->setMinimumHeight(kLowPlotPx);
    m_jacobianCard = new Card(QStringLiteral("softmax.jacobian"));
    m_jacobian = new HeatMapWidget(m_jacobianCard);
    m_jacobian->setObjectName(QStringLiteral("softmax.jacobian.map"));
    m_jacobian->setMinimumHeight(kPlotPx);
    m_jacobianCard->add(m_jacobian, 1);
    offerPageMenu(m_jacobian);
    connectJacobian();
    m_grid->addCard(m_curvesCard);
    m_grid->addCard(m_gradientCard);
    m_grid->addCard(m_jacobianCard);
    m_grid->addCard(m_entropyCard);
}

void SoftmaxWorkspace::connectJacobian() {
    connect(m_jacobian, &HeatMapWidget::clicked, m_jacobian,
            [this](const MatrixCell& cell) { m_jacobian->setCurrent(cell); });
    connect(m_jacobian, &HeatMapWidget::hoveredCell, m_jacobian, &HeatMapWidget::setHovered);
    connect(m_jacobian, &HeatMapWidget::escapePressed, m_jacobian, [this] { m_jacobian->setCurrent({}); });
    connect(m_jacobian, &HeatMapWidget::moveRequested, m_jacobian, [this](int rows, int columns) {
        const MatrixCell now = m_jacobian->current();
        const Index last = m_jacobian->data().rowCount() - 1;
        m_jacobian->setCurrent(
            {std::clamp<Index>(now.row + rows, 0, last), std::clamp<Index>(now.column + columns, 0, last)});
    });
}

void SoftmaxWorkspace::buildTables() {
    m_table = new ScalesCard;
    m_numerics = new NumericsCard;
    m_grid->addCard(m_table, true);
    m_grid->addCard(m_numerics, true);
    connect(m_table, &ScalesCard::scaleChosen, this, &SoftmaxWorkspace::setScale);
    connect(m_table, &ScalesCard::scalesChosen, this, [this](const std::vector<double>& scales) {
        SaturationState state = m_page.state();
        state.tableScales = scales;
        change(std::move(state), tr("Change the table's scales"));
    });
}

void SoftmaxWorkspace::connectState() {
    connect(m_document, &SceneDocument::experimentsChanged, this, &SoftmaxWorkspace::refresh);
    connect(m_document, &SceneDocument::gestureEnded, this, &SoftmaxWorkspace::showLogits);
    connect(m_scale, &QuantityField::gestureStarted, this,
            [this] { m_document->beginGesture(tr("Change the scale")); });
    connect(m_scale, &QuantityField::numberChosen, this, &SoftmaxWorkspace::setScale);
    connect(m_scale, &QuantityField::gestureEnded, m_document, &SceneDocument::endGesture);
    connect(m_axis, &SegmentedControl::chosen, this, [this](const QString& id) {
        SaturationState state = m_page.state();
        state.axis = id == QStringLiteral("linear") ? AxisKind::Linear : AxisKind::Logarithmic;
        change(std::move(state), tr("Change the axis"));
    });
    connect(m_bars, &LogitBars::dragStarted, this,
            [this] { m_document->beginGesture(tr("Change a logit")); });
    connect(m_bars, &LogitBars::valueMoved, this, &SoftmaxWorkspace::setLogit);
    connect(m_bars, &LogitBars::dragEnded, m_document, &SceneDocument::endGesture);
    connect(m_bars, &LogitBars::typed, this, &SoftmaxWorkspace::setLogit);
    connect(m_bars, &LogitBars::removeRequested, this, &SoftmaxWorkspace::removeLogit);
    connect(m_list, &NumberListEdit::numbersChosen, this, [this](const std::vector<double>& numbers) {
        SaturationState state = m_page.state();
        if (numbers.size() != state.logits.size()) state.labels.clear();
        state.logits = numbers;
        change(std::move(state), tr("Type logits"));
    });
    connect(m_add, &QPushButton::clicked, this, &SoftmaxWorkspace::addLogit);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        removeLogit(m_bars->current() >= 0 ? m_bars->current() : static_cast<int>(m_page.keyCount()) - 1);
    });
    connect(m_default, &QPushButton::clicked, this, [this] {
        SaturationState state = m_page.state();
        state.logits = SaturationState().logits;
        state.labels.clear();
        change(std::move(state), tr("Logits 1, 1, 2"));
    });
    connect(m_take, &QPushButton::clicked, this, &SoftmaxWorkspace::takeSelectedRow);
    connect(m_document, &SceneDocument::tensorReady, this, [this] {
        if (m_wantsRow) takeSelectedRow();
    });
    connect(m_document, &SceneDocument::traceChanged, this, &SoftmaxWorkspace::showRowState);
    connect(m_document, &SceneDocument::viewChanged, this, &SoftmaxWorkspace::showRowState);
    connect(m_document->selection(), &Selection::cellChanged, this, &SoftmaxWorkspace::showRowState);
    connect(m_document->selection(), &Selection::headChanged, this, &SoftmaxWorkspace::showRowState);
}

void SoftmaxWorkspace::change(SaturationState state, const QString& text) {
    m_document->setSaturation(std::move(state), text);
}

void SoftmaxWorkspace::setScale(double scale) {
    SaturationState state = m_page.state();
    state.scale = std::clamp(scale, SaturationState::kLeastScale, SaturationState::kLargestScale);
    change(std::move(state), tr("Change the scale"));
}

void SoftmaxWorkspace::setLogit(int index, double value) {
    SaturationState state = m_page.state();
    if (index < 0 || static_cast<std::size_t>(index) >= state.logits.size()) return;
    state.logits[static_cast<std::size_t>(index)] = value;
    change(std::move(state), tr("Change a logit"));
}

void SoftmaxWorkspace::addLogit() {
    SaturationState state = m_page.state();
    if (state.logits.size() >= SaturationState::kMostLogits) return;
    state.logits.push_back(0);
    if (!state.labels.empty()) state.labels.emplace_back();
    change(std::move(state), tr("Add a logit"));
    m_bars->setCurrent(static_cast<int>(m_page.keyCount()) - 1);
}

void SoftmaxWorkspace::removeLogit(int index) {
    SaturationState state = m_page.state();
    if (state.logits.size() <= SaturationState::kLeastLogits || index < 0 ||
        static_cast<std::size_t>(index) >= state.logits.size()) {
        return;
    }
    state.logits.erase(state.logits.begin() + index);
    if (!state.labels.empty()) state.labels.erase(state.labels.begin() + index);
    change(std::move(state), tr("Remove a logit"));
}

void SoftmaxWorkspace::takeSelectedRow() {
    m_wantsRow = false;
    const std::optional<ScoresRow> row = selectedScoresRow(*m_document);
    if (!row) return;
    if (row->logits.empty()) {  // asked for; tensorReady comes
        m_wantsRow = true;
        return;
    }
    SaturationState state = m_page.state();
    state.logits = row->logits;
    state.labels = row->labels;
    state.scale = std::clamp(row->scale, SaturationState::kLeastScale, SaturationState::kLargestScale);
    change(std::move(state), tr("Take the row of %1").arg(row->query));
}

void SoftmaxWorkspace::refresh() {
    m_page.setState(m_document->experiments().saturation);
    const SaturationState& state = m_page.state();
    m_scale->setNumber(state.scale);
    m_axis->setCurrent(state.axis == AxisKind::Linear ? QStringLiteral("linear")
                                                      : QStringLiteral("logarithmic"));
    m_caption->setText(SoftmaxCaptions::state(m_page));
    showLogits();
    m_weights->setData(m_page.weightBars());
    m_curves->setData(m_page.weightCurves());
    m_entropy->setData(m_page.entropyCurve());
    m_effective->setData(m_page.effectiveCurve());
    m_gradient->setData(m_page.gradientCurves());
    m_jacobian->setData(m_page.jacobian());
    m_curvesCard->setCaption(SoftmaxCaptions::weights(m_page));
    m_entropyCard->setCaption(SoftmaxCaptions::entropy(m_page));
    m_gradientCard->setCaption(SoftmaxCaptions::gradient(m_page));
    m_table->showPage(m_page);
    m_numerics->showPage(m_page);
}

void SoftmaxWorkspace::showLogits() {
    const std::size_t count = m_page.keyCount();
    std::vector<int> colors(count);
    QStringList names;
    for (std::size_t i = 0; i < count; ++i) {
        colors[i] = m_page.colorOf(i);
        names.append(m_page.keyName(i));
    }
    m_bars->setBars(m_page.state().logits, colors, names);
    // To lay out ten thousand characters costs more than all the curves: not in every frame of a drag.
    if (count <= kLiveList || !m_document->inGesture()) m_list->setNumbers(m_page.state().logits);
    m_add->setEnabled(count < SaturationState::kMostLogits);
    m_remove->setEnabled(count > SaturationState::kLeastLogits);
    m_remove->setToolTip(m_remove->isEnabled() ? tr("Remove the chosen bar, or the last one (Delete)")
                                               : tr("A softmax needs two logits"));
}

void SoftmaxWorkspace::showRowState() {
    const std::optional<ScoresRow> row = selectedScoresRow(*m_document, false);
    m_take->setEnabled(row.has_value());
    if (!row) {
        m_take->setToolTip(tr("Choose a cell of a sentence with two keys or more in Explore first"));
        return;
    }
    // All at once, for a token may hold a %2 of its own; and escaped, for it may look like a tag.
    QString tip =
        tr("The raw scores q·k of ‘%1’ in head %2, before scale and mask; a becomes the model's own "
           "scale, %3")
            .arg(row->query, QString::number(m_document->selection()->head()),
                 QString::number(row->scale, 'g', 4));
    if (row->hidden == 1) {
        tip += u' ' + tr("One hidden special token is left out.");
    } else if (row->hidden > 1) {
        tip += u' ' + tr("%Ln hidden special tokens are left out.", nullptr, row->hidden);
    }
    m_take->setToolTip(QStringLiteral("<qt>%1</qt>").arg(tip.toHtmlEscaped()));
}

void SoftmaxWorkspace::retranslate() {
    m_scale->setTexts(tr("Scale a"), tr("What every logit is multiplied by before the softmax"));
    m_axis->setSegments(
        {{QStringLiteral("logarithmic"), tr("log axis"), tr("The scale on a logarithmic axis")},
         {QStringLiteral("linear"), tr("linear axis"), tr("The scale on a linear axis")}});
    m_logitsCard->setTitle(tr("LOGITS s — pull a bar, or type"));
    m_weightsCard->setTitle(tr("WEIGHTS p = softmax(a·s)"));
    m_curvesCard->setTitle(tr("WEIGHTS OVER THE SCALE — pull the line"));
    m_gradientCard->setTitle(tr("WHAT IS LEFT OF THE GRADIENT"));
    m_entropyCard->setTitle(tr("ENTROPY, AND HOW MANY KEYS SHARE THE ATTENTION"));
    m_jacobianCard->setTitle(tr("JACOBIAN ∂pᵢ/∂sⱼ = pᵢ(δᵢⱼ − pⱼ)"));
    m_jacobianCard->setCaption(
        tr("A row says how its weight moves when a score rises: blue up, red down, no colour not at all."));
    m_list->setTexts(tr("Logits"), tr("The logits, between commas; up to 1024"));
    m_add->setText(tr("Add"));
    m_add->setToolTip(tr("Add a logit 0"));
    m_remove->setText(tr("Remove"));
    m_default->setText(tr("1, 1, 2"));
    m_default->setToolTip(tr("Back to the first example"));
    m_take->setText(tr("Take the selected row"));
    m_table->retranslate();
    m_numerics->retranslate();
    refresh();
    showRowState();
}

void SoftmaxWorkspace::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    PageWorkspace::changeEvent(event);
}

}  // namespace attn::ui
