#include "ui/views/scaling_controls.h"

#include "core/experiment/scaling.h"
#include "ui/model/scaling_run.h"
#include "ui/model/scene_document.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"
#include "ui/style/fonts.h"
#include "ui/views/scaling_captions.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attn::ui {

namespace {

constexpr int kMarginPx = 16, kGapPx = 8, kWidthPx = 256;
constexpr std::int64_t kMoreFactor = 10;
constexpr int kProgressSteps = 1000;

const char* const kDistributions[] = {"gaussian", "uniform", "signs"};

SliderMapping wholeNumbers(double least, std::int64_t most) {
    return {least, static_cast<double>(most), 1, SliderScale::Logarithmic, true};
}

SliderMapping realNumbers(double least, double most) {
    return {least, most, 0.01, SliderScale::Linear, false};
}

SliderMapping dkMapping() {
    return wholeNumbers(1, ScalingState::kLargestDk);
}

QString changeText(const QuantityField* field) {
    return ScalingControls::tr("Change %1").arg(field->edit()->accessibleName());
}

QString dkLabel() {
    return ScalingControls::tr("dₖ");
}
QString dkTip() {
    return ScalingControls::tr("Numbers in a query and a key, 1 to 1024");
}

}  // namespace

ScalingControls::ScalingControls(SceneDocument* document, ScalingRun* run, QWidget* parent)
    : QWidget(parent), m_document(document), m_run(run), m_layout(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("scalingControls"));
    m_layout->setContentsMargins(kMarginPx, kMarginPx, kMarginPx, kMarginPx);
    m_layout->setSpacing(kGapPx);
    const ScalingState start;
    addGroup(QT_TR_NOOP("Size"));
    m_dk = addNumber("d_k", dkMapping(), static_cast<double>(start.dk),
                     [](ScalingState& state, double x) { state.dk = std::llround(x); });
    m_keys = addNumber("keys", wholeNumbers(ScalingState::kLeastKeys, ScalingState::kLargestKeys),
                       static_cast<double>(start.keys),
                       [](ScalingState& state, double x) { state.keys = std::llround(x); });
    addGroup(QT_TR_NOOP("Components of q and k"));
    addDistribution();
    m_correlation = addNumber("correlation", realNumbers(-1, 1), start.correlation,
                              [](ScalingState& state, double x) { state.correlation = x; });
    addSeed();
    addGroup(QT_TR_NOOP("Your own scale"));
    m_exponent = addNumber("exponent", realNumbers(0, 1), start.exponent,
                           [](ScalingState& state, double x) { state.exponent = x; });
    addGroup(QT_TR_NOOP("Samples"));
    addSamples();
    m_layout->addStretch(1);
    connect(document, &SceneDocument::experimentsChanged, this, &ScalingControls::refresh);
    connect(run, &ScalingRun::pictureChanged, this, &ScalingControls::followRun);
    connect(run, &ScalingRun::restingChanged, this, &ScalingControls::followRun);
    retranslate();
    refresh();
}

void ScalingControls::addGroup(const char* title) {
    if (!m_groups.empty()) m_layout->addSpacing(kGapPx);
    auto* label = new QLabel(this);
    label->setProperty("look", QStringLiteral("group"));
    label->setWordWrap(true);
    m_layout->addWidget(label);
    m_groups.emplace_back(label, title);
}

QuantityField* ScalingControls::addNumber(const char* name, const SliderMapping& mapping, double start,
                                          std::function<void(ScalingState&, double)> set) {
    auto* field =
        new QuantityField(QStringLiteral("parameter.scaling.") + QLatin1String(name), mapping, start, this);
    m_layout->addWidget(field);
    connect(field, &QuantityField::numberChosen, this, [this, field, set = std::move(set)](double x) {
        change(changeText(field), [&](ScalingState& state) { set(state, x); });
    });
    connect(field, &QuantityField::gestureStarted, this,
            [this, field] { m_document->beginGesture(changeText(field)); });
    connect(field, &QuantityField::gestureEnded, this, [this] { m_document->endGesture(); });
    return field;
}

QuantityField* ScalingControls::makeDk(SceneDocument* document, QWidget* parent) {
    auto* field = new QuantityField(QStringLiteral("parameter.scaling.d_k.bar"), dkMapping(),
                                    static_cast<double>(ScalingState{}.dk), parent);
    field->setTexts(dkLabel(), dkTip());
    const auto refresh = [field, document] {
        field->setNumber(static_cast<double>(document->experiments().scaling.dk));
    };
    connect(document, &SceneDocument::experimentsChanged, field, refresh);
    connect(field, &QuantityField::numberChosen, document, [=](double x) {
        ScalingState state = document->experiments().scaling;
        state.dk = std::llround(x);
        document->setScaling(state, changeText(field));
        refresh();
    });
    connect(field, &QuantityField::gestureStarted, document,
            [=] { document->beginGesture(changeText(field)); });
    connect(field, &QuantityField::gestureEnded, document, [=] { document->endGesture(); });
    refresh();
    return field;
}

void ScalingControls::addDistribution() {
    m_distributionLabel = new ParameterLabel(this);
    m_distributionLabel->setObjectName(QStringLiteral("parameter.scaling.distribution.label"));
    m_distribution = new SegmentedControl(QStringLiteral("parameter.scaling.distribution"), this);
    m_distributionLabel->setBuddy(m_distribution);
    m_layout->addWidget(m_distributionLabel);
    m_layout->addWidget(m_distribution);
    const auto choose = [this](std::size_t place) {
        change(tr("Change the distribution"),
               [&](ScalingState& state) { state.distribution = static_cast<ComponentDistribution>(place); });
    };
    connect(m_distributionLabel, &ParameterLabel::resetRequested, this, [choose] { choose(0); });
    connect(m_distribution, &SegmentedControl::chosen, this, [choose](const QString& id) {
        for (std::size_t i = 0; i < std::size(kDistributions); ++i) {
            if (id == QLatin1String(kDistributions[i])) choose(i);
        }
    });
}

void ScalingControls::addSeed() {
    constexpr std::int64_t kLargestSeed = std::numeric_limits<std::uint32_t>::max();
    const SliderMapping mapping(0, static_cast<double>(kLargestSeed), 1, SliderScale::Linear, true);
    m_seed = addNumber("seed", mapping, static_cast<double>(ScalingState{}.seed),
                       [](ScalingState& state, double x) { state.seed = std::llround(x); });
    m_seed->slider()->hide();  // four thousand million values do not fit on one
    m_die = new QToolButton(this);
    m_die->setObjectName(QStringLiteral("parameter.scaling.seed.next"));
    m_die->setText(QStringLiteral("⚄"));
    m_die->setFocusPolicy(Qt::StrongFocus);
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    m_layout->removeWidget(m_seed);
    line->addWidget(m_seed, 1);
    line->addWidget(m_die, 0, Qt::AlignTop);
    m_layout->addLayout(line);
    connect(m_die, &QToolButton::clicked, this, [this] {
        change(tr("New seed"),
               [](ScalingState& state) { state.seed = state.seed == kLargestSeed ? 0 : state.seed + 1; });
    });
}

void ScalingControls::addSamples() {
    m_samples = addNumber("samples", wholeNumbers(1, ScalingState::kMostSamples),
                          static_cast<double>(ScalingState{}.samples),
                          [](ScalingState& state, double x) { state.samples = std::llround(x); });
    m_state = new QLabel(this);
    m_state->setObjectName(QStringLiteral("scaling.state"));
    m_state->setProperty("look", QStringLiteral("muted"));
    m_state->setWordWrap(true);
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("scaling.progress"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_more = new QPushButton(this);
    m_more->setObjectName(QStringLiteral("scaling.more"));
    m_stop = new QPushButton(this);
    m_stop->setObjectName(QStringLiteral("scaling.stop"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_more, 1);
    buttons->addWidget(m_stop, 1);
    m_layout->addWidget(m_progress);
    m_layout->addWidget(m_state);
    m_layout->addLayout(buttons);
    connect(m_more, &QPushButton::clicked, this, [this] {
        change(tr("More samples"), [](ScalingState& state) {
            state.samples = std::min(state.kMostSamples, state.samples * kMoreFactor);
        });
    });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_run->isStopped()) {
            m_run->resume();
        } else {
            m_run->stop();
        }
        followRun();
    });
}

void ScalingControls::change(const QString& what, const Change& change) {
    ScalingState state = m_document->experiments().scaling;
    change(state);
    m_document->setScaling(state, what);
    refresh();  // what the document made of it, even where it is what it was before
}

void ScalingControls::refresh() {
    const ScalingState& state = m_document->experiments().scaling;
    m_dk->setNumber(static_cast<double>(state.dk));
    m_keys->setNumber(static_cast<double>(state.keys));
    m_correlation->setNumber(state.correlation);
    m_seed->setNumber(static_cast<double>(state.seed));
    m_exponent->setNumber(state.exponent);
    m_samples->setNumber(static_cast<double>(state.samples));
    m_distribution->setCurrent(QLatin1String(kDistributions[static_cast<std::size_t>(state.distribution)]));
    followRun();
}

void ScalingControls::followRun() {
    const std::int64_t goal = m_document->experiments().scaling.samples;
    const std::int64_t there = m_run->picture() == nullptr ? 0 : std::min(m_run->samples(), goal);
    m_progress->setValue(static_cast<int>(kProgressSteps * there / std::max<std::int64_t>(goal, 1)));
    m_state->setText(tr("%1 of %2 drawn").arg(countText(there), countText(goal)));
    const bool stopped = m_run->isStopped();
    m_stop->setText(stopped ? tr("Go on") : tr("Stop"));
    m_stop->setAccessibleName(stopped ? tr("Go on drawing samples") : tr("Stop drawing samples"));
    m_stop->setEnabled(stopped ? there < goal : !m_run->isResting());
    m_more->setEnabled(goal < ScalingState::kMostSamples);
}

void ScalingControls::retranslate() {
    setAccessibleName(tr("Controls"));
    for (const auto& [label, title] : m_groups) label->setText(tr(title).toUpper());
    m_dk->setTexts(dkLabel(), dkTip());
    m_keys->setTexts(tr("keys"), tr("Keys that a query is compared with: weights in a row of the softmax"));
    m_correlation->setTexts(tr("correlation ρ"),
                            tr("Of a key's components with the query's: the mean of q·k becomes ρ·dₖ"));
    m_seed->setTexts(tr("seed"), tr("The same seed gives the same numbers on every machine"));
    m_die->setToolTip(tr("New draws: the next seed"));
    m_die->setAccessibleName(tr("New seed"));
    m_exponent->setTexts(tr("exponent β"),
                         tr("A scale of your own, dₖ^−β: 0 is none, 0.5 is 1/√dₖ, 1 is 1/dₖ"));
    m_samples->setTexts(tr("samples"),
                        tr("Queries that are drawn, each with its keys, before the work rests"));
    m_distributionLabel->setText(tr("distribution"));
    m_distributionLabel->setToolTip(tr("Of each component: mean 0 and variance 1") + u'\n' +
                                    tr("Double click: back to the default"));
    m_distribution->setAccessibleName(tr("distribution"));
    m_distribution->setSegments(
        {{QStringLiteral("gaussian"), tr("Gaussian"), tr("Normally distributed components")},
         {QStringLiteral("uniform"), tr("uniform"), tr("Evenly between −√3 and √3")},
         {QStringLiteral("signs"), tr("±1"), tr("−1 or 1, either as likely")}});
    m_more->setText(tr("×10"));
    m_more->setToolTip(tr("Ten times as many samples, up to ten million"));
    m_more->setAccessibleName(tr("More samples"));
    m_stop->setToolTip(tr("Rest with the samples that there are"));
    m_progress->setAccessibleName(tr("Samples drawn"));
    refresh();
}

QSize ScalingControls::sizeHint() const {
    const auto zoomed = static_cast<int>(kWidthPx * (1 + (textZoom(*this) - 1) / 2));
    return {zoomed, QWidget::sizeHint().height()};
}

void ScalingControls::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace attn::ui
