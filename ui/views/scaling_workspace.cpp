#include "ui/views/scaling_workspace.h"

#include "ui/model/scaling_run.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/flow_grid.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/curve_plot.h"
#include "ui/style/fonts.h"
#include "ui/views/scaling_captions.h"
#include "ui/views/scaling_controls.h"
#include "ui/views/scaling_figure.h"
#include "ui/views/scroll_page.h"
#include "ui/views/step_card.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr int kGapPx = 12, kCardColumnPx = 280, kPlotHeightPx = 230, kFrameMillis = 16, kWordsMillis = 120;
constexpr std::size_t kPlotsAtOnce = 5;
constexpr std::size_t kTableLines = 5, kTableColumns = 3;

const char* const kMeasures[] = {"saturated", "max_p", "entropy", "jacobian"};
const char* const kPlotNames[] = {"scores",   "scaledScores",    "variance",
                                  "weights",  "scaledWeights",   "measure",
                                  "gradient", "varianceByScale", "measureByScale"};

}  // namespace

ScalingWorkspace::ScalingWorkspace(SceneDocument* document, QWidget* parent)
    : PageWorkspace(parent),
      m_document(document),
      m_run(new ScalingRun(this)),
      m_controls(new ScalingControls(document, m_run, this)),
      m_bar(ScalingControls::makeDk(document, this)),
      m_plots(kScalingPlots.size(), nullptr) {
    setObjectName(QStringLiteral("scalingWorkspace"));
    auto* page = new FlowGrid(3, kCardColumnPx);
    page->setObjectName(QStringLiteral("scalingWorkspace.page"));
    page->setSpacing(kGapPx);
    buildCards();
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        page->add(m_cards[i], i == 2 ? 1 : i == 3 ? 2 : 3, i != 4);  // the last one has no plots
    }
    buildTools();

    auto* card = new QFrame(this);
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addWidget(scrolling(m_controls, QStringLiteral("scalingWorkspace.controls")));
    m_side = card;
    m_bar->hide();
    auto* right = new QVBoxLayout;
    right->setSpacing(kGapPx);
    right->addWidget(m_bar);
    right->addWidget(scrolling(page, QStringLiteral("scalingWorkspace.scroll")), 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapPx);
    layout->addWidget(m_side);
    layout->addLayout(right, 1);

    connect(document, &SceneDocument::experimentsChanged, this, &ScalingWorkspace::followState);
    connect(document, &SceneDocument::traceChanged, this, &ScalingWorkspace::followTrace);
    connect(document->selection(), &Selection::siteChanged, this, &ScalingWorkspace::followTrace);
    connect(m_run, &ScalingRun::pictureChanged, this, &ScalingWorkspace::followPicture);
    m_nextFrame.setSingleShot(true);
    m_nextFrame.setInterval(kFrameMillis);
    connect(&m_nextFrame, &QTimer::timeout, this, &ScalingWorkspace::showNextPlots);
    m_wordsRest.setSingleShot(true);
    m_wordsRest.setInterval(kWordsMillis);
    connect(&m_wordsRest, &QTimer::timeout, this, &ScalingWorkspace::showWords);
    retranslate();
}

QWidget* ScalingWorkspace::scrolling(QWidget* content, const QString& name) {
    QScrollArea* scroll = scrollPage(content, this);
    scroll->setObjectName(name);
    return scroll;
}

void ScalingWorkspace::buildCards() {
    const std::vector<std::vector<ScalingPlot>> steps{
        {ScalingPlot::Scores, ScalingPlot::ScaledScores, ScalingPlot::Variance},
        {ScalingPlot::Weights, ScalingPlot::ScaledWeights, ScalingPlot::Measure},
        {ScalingPlot::Gradient},
        {ScalingPlot::VarianceByScale, ScalingPlot::MeasureByScale},
        {}};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        auto* card = new StepCard(QStringLiteral("scaling.step%1").arg(i + 1),
                                  std::max(1, static_cast<int>(steps[i].size())), this);
        m_cards.push_back(card);
        for (const ScalingPlot plot : steps[i]) addPlot(card, plot);
    }
}

CurvePlot* ScalingWorkspace::addPlot(StepCard* card, ScalingPlot plot) {
    auto* widget = new CurvePlot(card);
    const auto place = static_cast<std::size_t>(plot);
    widget->setObjectName(QStringLiteral("scaling.plot.") + QLatin1String(kPlotNames[place]));
    widget->setMinimumHeight(static_cast<int>(kPlotHeightPx * textZoom(*this)));
    card->plots()->add(widget);
    m_plots[place] = widget;
    widget->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(widget, &QWidget::customContextMenuRequested, this, [this, widget, plot](const QPoint& position) {
        m_only = plot;  // the menu of a plot is about that plot, the window's menus about the page
        showPageMenu(widget, position);
        m_only.reset();
    });
    if (isOverDk(plot)) {
        connect(widget, &CurvePlot::markerPressed, this,
                [this] { m_document->beginGesture(tr("Change dₖ")); });
        connect(widget, &CurvePlot::markerMoved, this, &ScalingWorkspace::moveMarker);
        connect(widget, &CurvePlot::markerReleased, this, [this] { m_document->endGesture(); });
    }
    return widget;
}

SegmentedControl* ScalingWorkspace::addMeasures(const QString& name, QWidget* parent) {
    auto* control = new SegmentedControl(name, parent);
    m_measures.push_back(control);
    connect(control, &SegmentedControl::chosen, this, [this](const QString& id) {
        for (std::size_t i = 0; i < std::size(kMeasures); ++i) {
            if (id != QLatin1String(kMeasures[i])) continue;
            change(tr("Show another measure"),
                   [i](ScalingState& state) { state.measure = static_cast<RowMeasure>(i); });
        }
    });
    return control;
}

void ScalingWorkspace::buildTools() {
    StepCard* softmax = card(2);
    m_sorted = new QToolButton(softmax);
    m_sorted->setObjectName(QStringLiteral("scaling.sorted"));
    m_sorted->setProperty("option", true);
    m_sorted->setFocusPolicy(Qt::StrongFocus);
    m_sorted->setCheckable(true);
    m_another = new QPushButton(softmax);
    m_another->setObjectName(QStringLiteral("scaling.another"));
    connect(m_sorted, &QToolButton::clicked, this, [this](bool on) {
        change(tr("Sort the weights"), [on](ScalingState& state) { state.sorted = on; });
    });
    connect(m_another, &QPushButton::clicked, this, [this] {
        change(tr("Another draw"),
               [](ScalingState& state) { state.draw = (state.draw + 1) % ScalingState::kMostSamples; });
    });

    auto* below = new QWidget(softmax);
    m_drawCaption = new QLabel(below);
    m_drawCaption->setObjectName(QStringLiteral("scaling.drawCaption"));
    m_drawCaption->setWordWrap(true);
    auto* line = new QHBoxLayout(below);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(kGapPx);
    line->addWidget(m_drawCaption, 1);
    line->addWidget(m_sorted, 0, Qt::AlignTop);
    line->addWidget(m_another, 0, Qt::AlignTop);
    line->addWidget(addMeasures(QStringLiteral("scaling.measure"), below), 1, Qt::AlignTop);
    softmax->add(below);
    auto* right = new QWidget(card(4));
    auto* halves = new QHBoxLayout(right);
    halves->setContentsMargins(0, 0, 0, 0);
    halves->addStretch(1);
    halves->addWidget(addMeasures(QStringLiteral("scaling.measureByScale"), right), 1);
    card(4)->add(right);
    card(5)->add(buildSentence());
    card(5)->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);  // a table has no use for more room
}

QWidget* ScalingWorkspace::buildSentence() {
    m_table = new QWidget(card(5));
    auto* grid = new QGridLayout(m_table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(4);
    for (std::size_t i = 0; i < (kTableLines + 1) * kTableColumns; ++i) {
        auto* cell = new QLabel(m_table);
        const auto line = static_cast<int>(i / kTableColumns), column = static_cast<int>(i % kTableColumns);
        if (line == 0 || column == 0) cell->setProperty("look", QStringLiteral("muted"));
        grid->addWidget(cell, line, column);
        m_cells.push_back(cell);
    }
    m_match = new QPushButton(m_table);
    m_match->setObjectName(QStringLiteral("scaling.match"));
    grid->addWidget(m_match, 0, kTableColumns, kTableLines + 1, 1, Qt::AlignTop | Qt::AlignLeft);
    grid->setColumnStretch(kTableColumns, 1);
    connect(m_match, &QPushButton::clicked, this, [this] {
        const ScalingRun::PicturePtr& picture = m_run->picture();
        if (picture == nullptr || picture->sentence == nullptr) return;
        change(tr("Draw like the sentence"), [&](ScalingState& state) {
            state.dk = std::clamp<std::int64_t>(picture->sentence->all.dk, 1, state.kLargestDk);
            state.keys = std::clamp(sentenceKeys(*picture), state.kLeastKeys, state.kLargestKeys);
        });
    });
    return m_table;
}

CurvePlot* ScalingWorkspace::plot(ScalingPlot plot) const {
    return m_plots[static_cast<std::size_t>(plot)];
}

void ScalingWorkspace::change(const QString& text, const std::function<void(ScalingState&)>& change) {
    ScalingState state = m_document->experiments().scaling;
    change(state);
    m_document->setScaling(state, text);
    followState();  // what the document made of it, even where it is what it was before
}

void ScalingWorkspace::moveMarker(double x) {
    const auto dk = std::clamp<std::int64_t>(std::llround(x), 1, ScalingState::kLargestDk);
    change(tr("Change dₖ"), [dk](ScalingState& state) { state.dk = dk; });
}

void ScalingWorkspace::followState() {
    if (!isVisible()) return;
    const ScalingState& state = m_document->experiments().scaling;
    static_cast<void>(m_run->request(studySettings(state)));  // the document takes nothing out of range
    const ScalingLook look = scalingLook(state);
    m_sorted->setChecked(state.sorted);
    for (SegmentedControl* control : m_measures) {
        control->setCurrent(QLatin1String(kMeasures[static_cast<std::size_t>(state.measure)]));
    }
    if (look == m_look) return;
    m_look = look;
    for (const ScalingPlot plot : kScalingPlots) {
        if (isOverDk(plot)) m_plots[static_cast<std::size_t>(plot)]->setMarker(static_cast<double>(look.dk));
    }
    followPicture();
}

void ScalingWorkspace::followTrace() {
    if (!isVisible()) return;
    m_run->setSentence(m_document->trace(), m_document->selection()->site().toStdString());
}

void ScalingWorkspace::followPicture() {
    const ScalingRun::PicturePtr& picture = m_run->picture();
    if (picture == nullptr) return;
    m_behind = m_plots.size();
    if (!m_nextFrame.isActive()) showNextPlots();
    if (m_run->isResting() || m_cards[0]->caption().isEmpty()) {
        showWords();
    } else if (!m_wordsRest.isActive()) {
        m_wordsRest.start();
    }
}

void ScalingWorkspace::showNextPlots() {
    const ScalingRun::PicturePtr& picture = m_run->picture();
    for (std::size_t n = 0; n < kPlotsAtOnce && m_behind > 0; ++n, --m_behind) {
        m_plots[m_turn]->setData(scalingPlot(kScalingPlots[m_turn], *picture, m_look));
        m_turn = (m_turn + 1) % m_plots.size();
    }
    if (m_behind > 0) m_nextFrame.start();
}

void ScalingWorkspace::showWords() {
    m_wordsRest.stop();
    const ScalingRun::PicturePtr& picture = m_run->picture();
    if (picture == nullptr) return;
    m_cards[0]->setCaption(scoresCaption(*picture));
    m_cards[1]->setCaption(softmaxCaption(*picture));
    m_cards[2]->setCaption(gradientCaption(*picture));
    m_cards[3]->setCaption(exponentCaption(*picture));
    m_cards[4]->setCaption(sentenceCaption(*picture));
    m_drawCaption->setText(drawCaption(*picture));
    showSentence(*picture);
}

void ScalingWorkspace::showSentence(const experiment::StudyPicture& picture) {
    const std::vector<SentenceRow> rows = sentenceRows(picture);
    m_table->setVisible(!rows.empty());
    if (rows.empty()) return;
    const auto show = [&](std::size_t line, std::size_t column, const QString& text) {
        m_cells[line * kTableColumns + column]->setText(text);
    };
    const experiment::ScalingSnapshot& here = *picture.here;
    show(0, 0, tr("unscaled → scaled by 1/√dₖ"));
    show(0, 1,
         tr("your sentence: dₖ = %1, %2 keys").arg(picture.sentence->all.dk).arg(sentenceKeys(picture)));
    show(0, 2, tr("drawn: dₖ = %1, %2").arg(here.settings.dks.front()).arg(sampleText(here)));
    for (std::size_t i = 0; i < std::min(rows.size(), kTableLines); ++i) {
        show(i + 1, 0, rows[i].name);
        show(i + 1, 1, rows[i].sentence);
        show(i + 1, 2, rows[i].drawn);
    }
    m_match->setEnabled(picture.sentence->all.dk != m_look.dk ||
                        sentenceKeys(picture) != m_document->experiments().scaling.keys);
}

bool ScalingWorkspace::isComplete() const {
    if (m_behind > 0 || m_run->settings() != studySettings(m_document->experiments().scaling)) return false;
    if (m_run->isResting()) return true;
    // What may take minutes is shown while it comes.
    constexpr std::int64_t kEnough = ScalingState{}.samples;
    return m_run->settings().samples > kEnough && m_run->isCurrent() && m_run->samples() >= kEnough;
}

void ScalingWorkspace::setPresenting(bool presenting) {
    m_side->setVisible(!presenting);
    m_bar->setVisible(presenting);
}

PageSource ScalingWorkspace::pageSource() const {
    const ScalingRun::PicturePtr& picture = m_run->picture();
    return scalingSource(picture != nullptr ? *picture : experiment::StudyPicture{}, m_look, m_only);
}

void ScalingWorkspace::retranslate() {
    setAccessibleName(tr("Why scores are divided by √dₖ"));
    card(1)->setTitle(tr("1 · The scores spread").toUpper());
    card(2)->setTitle(tr("2 · The softmax saturates").toUpper());
    card(3)->setTitle(tr("3 · The gradient gets lost").toUpper());
    card(4)->setTitle(tr("4 · Why one half?").toUpper());
    card(5)->setTitle(tr("5 · Your sentence").toUpper());
    m_sorted->setText(tr("Sorted"));
    m_sorted->setToolTip(tr("The largest weight first"));
    m_sorted->setAccessibleName(tr("Sort the weights"));
    m_another->setText(tr("Another draw"));
    m_another->setToolTip(tr("The next sample: one query with its keys"));
    m_match->setText(tr("Draw like the sentence"));
    m_match->setToolTip(tr("Sets dₖ and the number of keys to the sentence's own"));
    for (SegmentedControl* control : m_measures) {
        control->setAccessibleName(tr("Measure"));
        control->setSegments(
            {{QStringLiteral("saturated"), tr("saturated"),
              tr("Share of rows whose Jacobian norm is below 1 % of √½")},
             {QStringLiteral("max_p"), tr("largest p"), tr("Mean of the largest weight of a row")},
             {QStringLiteral("entropy"), tr("entropy"), tr("Mean entropy of a row, in nats")},
             {QStringLiteral("jacobian"), tr("Jacobian"),
              tr("Mean Frobenius norm of the softmax's Jacobian: how much gradient it lets through")}});
    }
    for (CurvePlot* plot : m_plots) plot->setPlaceholder(tr("Drawing …"));
    followState();
    followPicture();
    showWords();
}

void ScalingWorkspace::changeEvent(QEvent* event) {
    PageWorkspace::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange) {
        for (CurvePlot* plot : m_plots) {
            if (plot == nullptr) continue;  // not built yet
            plot->setMinimumHeight(static_cast<int>(kPlotHeightPx * textZoom(*this)));
        }
    }
}

void ScalingWorkspace::showEvent(QShowEvent* event) {
    PageWorkspace::showEvent(event);
    m_run->setPaused(false);
    followState();
    followTrace();
}

/// Nobody looks: the cores belong to what is looked at.
void ScalingWorkspace::hideEvent(QHideEvent* event) {
    PageWorkspace::hideEvent(event);
    m_run->setPaused(true);
}

}  // namespace attn::ui
