#include "ui/views/heads_workspace.h"

#include "core/trace/ablated.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/elided_label.h"
#include "ui/panels/flow_grid.h"
#include "ui/panels/parameter_panel.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/zoom_buttons.h"
#include "ui/plot/number_text.h"
#include "ui/views/head_extras.h"
#include "ui/views/head_figure.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_legend.h"
#include "ui/views/head_survey.h"
#include "ui/views/predictions_view.h"
#include "ui/views/scroll_page.h"
#include "ui/views/tokens_note.h"
#include "ui/views/weights_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace attn::ui {

namespace {

constexpr int kGapPx = 12, kControlsPx = 252, kPredictionsPx = 340, kGroupPx = 400;
constexpr int kPredictionsInLines = 20;  ///< least width of the predictions, in heights of text
constexpr int kHeightInLines = 20;  ///< least height of the thumbnails; where there is less, the page scrolls

}  // namespace

HeadsWorkspace::HeadsWorkspace(SceneDocument* document, QWidget* parent)
    : PageWorkspace(parent),
      m_document(document),
      m_survey(new HeadSurvey(document, this)),
      m_extras(new HeadExtras(document, m_survey, this)) {
    setObjectName(QStringLiteral("headsWorkspace"));
    auto* page = new QWidget;
    buildTools(page);
    auto* splitter = new QSplitter(Qt::Horizontal, page);
    splitter->setHandleWidth(kGapPx);
    // The same controls as in Explore: what they do to the predictions is seen here.
    m_controls = new QFrame(splitter);
    m_controls->setProperty("card", true);
    auto* controls = new QVBoxLayout(m_controls);
    controls->setContentsMargins(0, 0, 0, 0);
    controls->addWidget(new ParameterPanel(document, m_controls));
    auto* card = new QFrame(splitter);
    card->setProperty("card", true);
    m_grid = new HeadGrid(document, m_survey, card);
    m_status = new ElidedLabel(card);
    m_status->setObjectName(QStringLiteral("heads.status"));
    m_status->setProperty("look", QStringLiteral("muted"));
    m_status->setTextFormat(Qt::PlainText);
    m_legend = new HeadLegend(card);
    m_tokens = new QLabel(card);
    m_tokens->setObjectName(QStringLiteral("heads.tokens"));
    m_tokens->setProperty("look", QStringLiteral("muted"));
    m_tokens->setWordWrap(true);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(kGapPx);
    foot->addWidget(m_status, 1);
    foot->addWidget(m_legend);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(12, 12, 12, 8);
    inside->addWidget(m_tokens);
    inside->addWidget(m_grid, 1);
    inside->addLayout(foot);
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGapPx);
    auto* selected = new QFrame(side);
    selected->setProperty("card", true);
    m_weights = new WeightsView(document, selected);
    auto* inSelected = new QVBoxLayout(selected);
    inSelected->setContentsMargins(0, 0, 0, 0);
    inSelected->addWidget(m_weights);
    m_predictions = new PredictionsView(document);
    column->addWidget(selected);
    column->addWidget(m_predictions, 1);
    m_side = scrollPage(side, splitter);
    m_side->setObjectName(QStringLiteral("heads.side"));
    splitter->addWidget(m_controls);
    splitter->addWidget(card);
    splitter->addWidget(m_side);
    splitter->setStretchFactor(1, 1);
    splitter->setCollapsible(1, false);
    splitter->setSizes({kControlsPx, 800, kPredictionsPx});
    auto* inPage = new QVBoxLayout(page);
    inPage->setContentsMargins(0, 0, 0, 0);
    inPage->setSpacing(kGapPx);
    inPage->addWidget(m_tools);
    inPage->addWidget(splitter, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scrollPage(page, this));
    offerPageMenu(m_grid);
    offerPageMenu(m_weights->map(), [this] { return m_weights->source(); });
    connectAll();
    retranslate();
}

QToolButton* HeadsWorkspace::addTool(const QString& name, bool checkable) {
    auto* button = new QToolButton(m_tools);
    button->setObjectName(QStringLiteral("heads.") + name);
    button->setCheckable(checkable);
    button->setFocusPolicy(Qt::TabFocus);
    button->setProperty("option", true);
    return button;
}

void HeadsWorkspace::buildTools(QWidget* page) {
    m_tools = new QFrame(page);
    m_tools->setProperty("card", true);
    m_measureLabel = new QLabel(m_tools);
    m_kindLabel = new QLabel(m_tools);
    m_measure = new QComboBox(m_tools);
    m_measure->setObjectName(QStringLiteral("heads.measure"));
    m_measureLabel->setBuddy(m_measure);
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_measure->setMinimumContentsLength(15);
    for (std::size_t i = 0; i < kHeadMeasureCount; ++i)
        m_measure->addItem(QString(), QString::fromLatin1(toString(static_cast<HeadMeasure>(i))));
    m_like = addTool(QStringLiteral("like"), true);
    m_least = new QuantityField(QStringLiteral("heads.least"),
                                SliderMapping(0, 1, 0.01, SliderScale::Linear, false), 0, m_tools);
    m_sort = addTool(QStringLiteral("sort"), true);
    m_own = addTool(QStringLiteral("ownRanges"), true);
    m_kind = new SegmentedControl(QStringLiteral("heads.kind"), m_tools);
    m_kindLabel->setBuddy(m_kind);
    m_clear = new QPushButton(m_tools);
    m_clear->setObjectName(QStringLiteral("heads.clear"));
    m_zoom = new ZoomButtons(QStringLiteral("heads"), m_tools);
    // Groups beside each other, or below one another where the text is large for the window.
    auto* groups = new FlowGrid(3, kGroupPx, m_tools);
    const auto group = [&](std::initializer_list<QWidget*> first, std::initializer_list<QWidget*> last) {
        auto* box = new QWidget(groups);
        auto* row = new QHBoxLayout(box);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(10);
        for (QWidget* each : first) row->addWidget(each);
        if (last.size() == 0 || *last.begin() != m_least) row->addStretch(1);
        for (QWidget* each : last) row->addWidget(each, each == m_least ? 1 : 0);
        groups->add(box);
    };
    group({m_measureLabel, m_measure}, {m_least});
    group({m_sort, m_like, m_own}, {});
    group({m_kindLabel, m_kind, m_clear}, {m_zoom});
    auto* layout = new QHBoxLayout(m_tools);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->addWidget(groups);
}

void HeadsWorkspace::connectAll() {
    connect(m_document, &SceneDocument::viewChanged, this, &HeadsWorkspace::followView);
    connect(m_document, &SceneDocument::inputsChanged, this, &HeadsWorkspace::followInputs);
    connect(m_document, &SceneDocument::traceChanged, this, &HeadsWorkspace::followInputs);
    connect(m_survey, &HeadSurvey::siteChanged, this, &HeadsWorkspace::showStatus);
    connect(m_document->selection(), &Selection::headChanged, this, &HeadsWorkspace::showStatus);
    connect(m_document->selection(), &Selection::siteChanged, this, &HeadsWorkspace::showStatus);
    connect(m_grid, &HeadGrid::hoveredChanged, this, &HeadsWorkspace::showStatus);
    connect(m_grid, &HeadGrid::opened, this, &HeadsWorkspace::openHead);
    connect(m_grid, &HeadGrid::zoomChanged, this, [this] { m_zoom->setFitted(m_grid->isFitted()); });
    const auto changeView = [this](auto change) {
        HeadsView view = m_document->view().heads;
        change(view);
        m_document->setHeadsView(view);
    };
    connect(m_measure, &QComboBox::currentIndexChanged, this, [this, changeView] {
        changeView(
            [this](HeadsView& view) { view.measure = m_measure->currentData().toString().toStdString(); });
    });
    connect(m_sort, &QToolButton::toggled, this,
            [changeView](bool on) { changeView([on](HeadsView& view) { view.sorted = on; }); });
    connect(m_own, &QToolButton::toggled, this,
            [changeView](bool on) { changeView([on](HeadsView& view) { view.ownRanges = on; }); });
    connect(m_like, &QToolButton::toggled, this, [this, changeView](bool on) {
        changeView([this, on](HeadsView& view) {
            if (on) m_measureBefore = view.measure;
            view.measure = on ? toString(HeadMeasure::Likeness) : m_measureBefore;
            view.sorted = on;
        });
    });
    connect(m_least, &QuantityField::numberChosen, this,
            [changeView](double least) { changeView([least](HeadsView& view) { view.least = least; }); });
    connect(m_extras, &HeadExtras::changed, this, &HeadsWorkspace::showStatus);
    connect(m_kind, &SegmentedControl::chosen, this, [this](const QString& id) {
        m_document->setAblationKind(ablationKindFromString(id.toStdString()).value_or(AblationKind::Zero));
    });
    connect(m_clear, &QPushButton::clicked, m_document, &SceneDocument::clearAblations);
    connect(m_zoom, &ZoomButtons::zoomWanted, m_grid, &HeadGrid::zoomBy);
    connect(m_zoom, &ZoomButtons::fitWanted, m_grid, &HeadGrid::fit);
}

HeadMeasure HeadsWorkspace::measure() const {
    return headMeasureFromString(m_document->view().heads.measure).value_or(HeadMeasure::Entropy);
}

void HeadsWorkspace::openHead() {
    m_document->selection()->setStage(QStringLiteral("pattern"));
    m_document->setWorkspace(QStringLiteral("explore"));
}

bool HeadsWorkspace::isComplete() const {
    return m_survey->isComplete() && m_grid->isPainted() && m_predictions->isComplete() &&
           m_weights->isComplete() && m_extras->isComplete();
}

void HeadsWorkspace::setPresenting(bool presenting) {
    m_tools->setVisible(!presenting);
    m_controls->setVisible(!presenting);
}

void HeadsWorkspace::fitToText(int textPx) {
    m_side->setMinimumWidth(kPredictionsInLines * textPx);
    m_grid->setMinimumHeight(kHeightInLines * textPx);
}

void HeadsWorkspace::followView() {
    const View& view = m_document->view();
    const QSignalBlocker blockers[] = {QSignalBlocker(m_measure), QSignalBlocker(m_sort),
                                       QSignalBlocker(m_own), QSignalBlocker(m_like)};
    m_measure->setCurrentIndex(static_cast<int>(measure()));
    m_measure->setToolTip(coreText(explanation(measure())));
    m_sort->setChecked(view.heads.sorted);
    m_own->setChecked(view.heads.ownRanges);
    m_like->setChecked(measure() == HeadMeasure::Likeness && view.heads.sorted);
    m_least->setNumber(view.heads.least);
    m_extras->setMeasure(measure());
    m_kind->setCurrent(QString::fromLatin1(toString(view.heads.ablation)));
    HeatMapStyle style;
    style.sequential = colorMapFromString(view.colormap).value_or(ColorMapId::Viridis);
    m_grid->setHeatMapStyle(style);
    m_grid->setMeasure(measure());
    m_grid->setSorted(view.heads.sorted);
    m_grid->setLeast(view.heads.least);
    m_grid->setOwnRanges(view.heads.ownRanges);
    m_grid->viewport()->update();  // the range's mode
    showStatus();
}

void HeadsWorkspace::followInputs() {
    const Ablations& ablations = m_document->inputs().ablations;
    m_clear->setEnabled(!ablations.empty());
    QString tip = tr("Switch all heads and MLPs on again");
    if (const TracePtr& trace = m_document->trace()) {
        QStringList sleeping;
        for (const Ablation& each : ablations)
            if (!hasPlace(*trace, each)) sleeping.append(QString::fromStdString(formatAblation(each)));
        if (!sleeping.isEmpty())
            tip += u'\n' + tr("Not in this model: %1").arg(sleeping.join(QStringLiteral(", ")));
    }
    m_clear->setToolTip(tip);
    showStatus();
}

void HeadsWorkspace::showStatus() {
    const HeadPlace place = m_grid->hovered().site >= 0 ? m_grid->hovered() : m_grid->current();
    const TracePtr& shown = m_document->shownTrace();
    const QString note = shown ? tokensNoteOfModel(*shown) : QString();
    m_tokens->setText(note);
    m_tokens->setVisible(!note.isEmpty());
    const View& view = m_document->view();
    QStringList parts;
    if (view.heads.least > 0)
        parts.append(tr("%1 of %2 heads have as much").arg(m_grid->passing()).arg(m_survey->headCount()));
    if (const QString probe = m_extras->status(); !probe.isEmpty()) parts.append(probe);
    parts.append(m_grid->describe(place));
    m_status->setText(parts.join(QStringLiteral("  ·  ")));
    const QString high = view.heads.ownRanges            ? tr("each head's own largest")
                         : view.range == RangeMode::Unit ? QStringLiteral("1")
                                                         : shortNumber(m_survey->largest());
    m_legend->set(colorMapFromString(view.colormap).value_or(ColorMapId::Viridis), high);
}

PageSource HeadsWorkspace::pageSource() const {
    return headsSource(m_document->shownTrace(), m_document->view(), m_survey->sites());
}

void HeadsWorkspace::showEvent(QShowEvent* event) {
    PageWorkspace::showEvent(event);
    m_survey->setActive(true);
    m_extras->setActive(true);
}

void HeadsWorkspace::hideEvent(QHideEvent* event) {
    PageWorkspace::hideEvent(event);
    m_survey->setActive(false);
    m_extras->setActive(false);
}

void HeadsWorkspace::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    PageWorkspace::changeEvent(event);
}

void HeadsWorkspace::retranslate() {
    m_measureLabel->setText(tr("Measure"));
    m_measure->setAccessibleName(tr("Measure of heads"));
    {
        const QSignalBlocker blocker(m_measure);
        for (std::size_t i = 0; i < kHeadMeasureCount; ++i) {
            const auto each = static_cast<HeadMeasure>(i);
            m_measure->setItemText(static_cast<int>(i), coreText(title(each)));
            m_measure->setItemData(static_cast<int>(i), coreText(explanation(each)), Qt::ToolTipRole);
        }
    }
    const auto set = [](QAbstractButton* button, const QString& text, const QString& tip,
                        const QString& name = {}) {
        button->setText(text);
        button->setToolTip(tip);
        button->setAccessibleName(name.isEmpty() ? text : name);
    };
    set(m_sort, tr("sorted"), tr("The heads with most of the measure first, instead of layer by layer"));
    set(m_like, tr("like this one"),
        tr("Sort all heads by how alike their patterns are to the selected head's"));
    m_least->setTexts(
        tr("At least"),
        tr("Heads with less of the measure fade: 0 … 1, as their bars show it (of the entropy, the "
           "share of its largest)"));
    set(m_own, tr("own ranges"), tr("Every head uses all colours, instead of one range for all"));
    m_kindLabel->setText(tr("Off means"));
    m_kind->setAccessibleName(tr("What switching off means"));
    m_kind->setSegments(
        {{QStringLiteral("zero"), tr("0"), tr("The head adds nothing: its z is 0")},
         {QStringLiteral("mean"), tr("mean"), tr("Every token gets the head's mean over this text")}});
    set(m_clear, tr("All on"), tr("Switch all heads and MLPs on again"));
    m_zoom->setTips(tr("Smaller thumbnails (−)"), tr("As large as all of them fit (0)"),
                    tr("Larger thumbnails (+)"));
    followView();
    followInputs();
}

}  // namespace attn::ui
