#include "ui/views/compare_workspace.h"

#include "ui/model/model_title.h"
#include "ui/model/newest_work.h"
#include "ui/model/scene_document.h"
#include "ui/panels/flow_grid.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/curve_plot.h"
#include "ui/views/layer_bar.h"
#include "ui/views/scroll_page.h"
#include "ui/views/tensor_tabs.h"
#include "ui/views/trace_adapter.h"

#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>
#include <utility>

namespace attn::ui {

namespace {
constexpr int kBlinkMillis = 800;
constexpr int kColumns = 3, kColumnPx = 300;
const QString kSideBySide = QStringLiteral("side"), kBlink = QStringLiteral("blink");
}  // namespace

CompareWorkspace::CompareWorkspace(SceneDocument* document, QWidget* parent)
    : PageWorkspace(parent), m_document(document) {
    setObjectName(QStringLiteral("compareWorkspace"));
    m_work = new NewestWork(this);
    build();
    m_blink.setInterval(kBlinkMillis);
    connect(&m_blink, &QTimer::timeout, this, [this] {
        m_showsB = !m_showsB;
        showPage();
    });
    connect(m_pin, &QPushButton::clicked, document, &SceneDocument::pinState);
    connect(m_unpin, &QPushButton::clicked, document, &SceneDocument::unpinState);
    connect(m_look, &SegmentedControl::chosen, this,
            [this](const QString& id) { setBlinking(id == kBlink); });
    const Selection* selection = document->selection();
    connect(document, &SceneDocument::pinnedChanged, this, &CompareWorkspace::refresh);
    connect(document, &SceneDocument::traceChanged, this, &CompareWorkspace::refresh);
    connect(document, &SceneDocument::tensorReady, this, &CompareWorkspace::refresh);
    connect(document, &SceneDocument::viewChanged, this, &CompareWorkspace::refresh);
    connect(selection, &Selection::siteChanged, this, &CompareWorkspace::refresh);
    connect(selection, &Selection::stageChanged, this, &CompareWorkspace::refresh);
    connect(selection, &Selection::headChanged, this, &CompareWorkspace::refresh);
    connect(selection, &Selection::cellChanged, this, &CompareWorkspace::followSelection);
    retranslate();
}

void CompareWorkspace::build() {
    auto* head = new QFrame(this);
    head->setProperty("card", true);
    m_pin = new QPushButton(head);
    m_pin->setObjectName(QStringLiteral("compare.pin"));
    m_pin->setProperty("primary", true);
    m_unpin = new QPushButton(head);
    m_unpin->setObjectName(QStringLiteral("compare.unpin"));
    m_look = new SegmentedControl(QStringLiteral("compare.look"), head);
    m_aText = new QLabel(head);
    m_aText->setObjectName(QStringLiteral("compare.aText"));
    m_bText = new QLabel(head);
    m_bText->setObjectName(QStringLiteral("compare.bText"));
    m_caption = new QLabel(head);
    m_caption->setObjectName(QStringLiteral("compare.caption"));
    for (QLabel* each : {m_aText, m_bText, m_caption}) {
        each->setWordWrap(true);
        each->setTextFormat(Qt::PlainText);
    }
    auto* grid = new QGridLayout(head);
    grid->setContentsMargins(16, 10, 16, 10);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->addWidget(m_pin, 0, 0);
    grid->addWidget(m_unpin, 0, 1);
    grid->addWidget(m_aText, 0, 2);
    grid->addWidget(m_look, 0, 3, Qt::AlignRight);
    grid->addWidget(m_bText, 1, 2);
    m_layers = new LayerBar(m_document, head);
    m_layers->addKeysTo(this);
    grid->addWidget(m_layers, 2, 0, 1, 4);
    grid->addWidget(m_caption, 3, 0, 1, 4);
    grid->setColumnStretch(2, 1);

    auto* card = new QFrame;
    card->setProperty("card", true);
    m_empty = new QLabel(card);
    m_empty->setObjectName(QStringLiteral("compare.empty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("look", QStringLiteral("muted"));
    m_plots = new FlowGrid(kColumns, kColumnPx, card);
    m_plots->setSpacing(16);
    m_mapA = addMap(QStringLiteral("compare.a"));
    m_mapB = addMap(QStringLiteral("compare.b"));
    m_mapDifference = addMap(QStringLiteral("compare.difference"));
    m_divergence = new CurvePlot(m_plots);
    m_divergence->setObjectName(QStringLiteral("compare.divergence"));
    offerPageMenu(m_divergence);
    m_plots->add(m_divergence, kColumns);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(16, 12, 16, 12);
    inside->addWidget(m_empty, 1, Qt::AlignHCenter);
    inside->addWidget(m_plots, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(head);
    layout->addWidget(scrollPage(card, this), 1);
}

HeatMapWidget* CompareWorkspace::addMap(const QString& name) {
    auto* frame = new QWidget(m_plots);
    auto* title = new QLabel(frame);
    title->setObjectName(name + QStringLiteral(".title"));
    title->setProperty("look", QStringLiteral("muted"));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    auto* map = new HeatMapWidget(frame);
    map->setObjectName(name);
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(title);
    layout->addWidget(map, 1);
    m_plots->add(frame);
    offerPageMenu(map);
    connect(map, &HeatMapWidget::hoveredCell, this, [this](const MatrixCell& cell) {
        const MatrixCell ofB = m_page.cellOfB(cell);
        m_document->selection()->setPreview(
            ofB.isValid() ? selectionCell(*m_b.trace, m_b.key, ofB, m_document->selection()->pinned())
                          : Cell());
        // A place that B does not have is none of the selection's; the maps show it all the same.
        for (HeatMapWidget* each : {m_mapA, m_mapB, m_mapDifference}) each->setHovered(cell);
    });
    connect(map, &HeatMapWidget::clicked, this, [this](const MatrixCell& cell) { pinCell(cell); });
    connect(map, &HeatMapWidget::moveRequested, this, &CompareWorkspace::move);
    connect(map, &HeatMapWidget::escapePressed, m_document->selection(), &Selection::free);
    return map;
}

void CompareWorkspace::retranslate() {
    m_pin->setText(tr("Pin as A"));
    m_pin->setToolTip(
        tr("Keeps what is on the screen now as A; everything that you change from then on is B"));
    m_unpin->setText(tr("Let A go"));
    m_look->setSegments({{kSideBySide, tr("side by side"), tr("A, B and their difference")},
                         {kBlink, tr("blink"), tr("A and B take turns in one place")}});
    m_look->setCurrent(isBlinking() ? kBlink : kSideBySide);
    m_asked.reset();
    refresh();
}

std::optional<ComparedSide> CompareWorkspace::sideB() const {
    const TracePtr& trace = m_document->shownTrace();
    const Selection& selection = *m_document->selection();
    const SiteInfo* site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) return std::nullopt;
    const TensorKey key = shownTensor(*site, selection);
    return ComparedSide{trace, site, key, m_document->request(trace->find(key)), selection.head()};
}

/// The tensor of the same name, at the site that was pinned where B's belongs to a site.
std::optional<ComparedSide> CompareWorkspace::sideA(const TensorKey& key) const {
    const TracePtr whole = m_document->requestPinned();
    if (!whole) return std::nullopt;
    const PinnedState& pinned = *m_document->pinned();
    const TracePtr trace = m_document->shownOf(whole);
    const SiteInfo* site = trace->site(pinned.site);
    if (site == nullptr) site = &trace->sites().front();
    const bool ofSite = trace->site(key.scope) != nullptr || m_document->trace()->site(key.scope) != nullptr;
    const TensorKey own{ofSite ? site->name : key.scope, key.name};
    const EntryPtr entry = trace->find(own);
    const Index head = std::clamp<Index>(pinned.head, 0, std::max<Index>(site->heads - 1, 0));
    return ComparedSide{trace, site, own, entry ? m_document->request(entry) : nullptr, head};
}

/// Why there is nothing to compare; empty while A is worked out, and where both are there.
QString CompareWorkspace::obstacle(const std::optional<ComparedSide>& a,
                                   const std::optional<ComparedSide>& b) const {
    if (!m_document->pinned()) {
        return tr(
            "Pin what is on the screen as A. Then change anything: the sentence, a slider, the head, the "
            "layer, the model. What you see from then on is B, and here they stand side by side with their "
            "difference.");
    }
    if (const QString& fault = m_document->pinnedWork().fault; !fault.isEmpty()) {
        return tr("A cannot be worked out: %1\n\n"
                  "It stays in the scene as it is. Pin another state as A, or let it go.")
            .arg(fault);
    }
    if (!a || !b) return {};
    if (!a->trace->find(a->key))
        return tr("A has no tensor called %1.").arg(QString::fromStdString(a->key.fullName()));
    if (a->tensor && b->tensor && (a->tensor->size() == 0 || b->tensor->size() == 0))
        return tr("There is nothing to compare: one of the texts has no tokens.");
    return {};
}

QString CompareWorkspace::progressText() const {
    const double fraction = m_document->pinnedWork().fraction;
    if (fraction <= 0 || fraction >= 1) return tr("Working it out …");
    return tr("Opening A's model, %1: %2 % …")
        .arg(modelTitle(m_document->pinned()->inputs.model))
        .arg(static_cast<int>(100 * fraction));
}

void CompareWorkspace::refresh() {
    if (!isVisible() && m_complete) return;  // showEvent makes up for it
    const std::optional<ComparedSide> b = sideB();
    const std::optional<ComparedSide> a = b ? sideA(b->key) : std::nullopt;
    m_unpin->setEnabled(m_document->pinned().has_value());
    if (const QString why = obstacle(a, b); !why.isEmpty()) {
        m_work->cancel();
        m_asked.reset();
        m_complete = true;
        showComparison({}, {}, why);
    } else if (!a || !b || !a->tensor || !b->tensor) {
        m_complete = false;  // the old picture stays for the moment that the new one takes
        const bool opens = !a && m_document->pinnedWork().fraction > 0;
        if (m_page.isEmpty() || opens) {
            m_asked.reset();
            showComparison({}, {}, progressText());
        }
    } else {
        HeatMapStyle style;
        style.sequential = colorMapFromString(m_document->view().colormap).value_or(ColorMapId::Viridis);
        style.values = m_document->view().values;
        for (HeatMapWidget* each : {m_mapA, m_mapB, m_mapDifference}) each->setHeatMapStyle(style);
        ask({*a, *b, style});
    }
}

void CompareWorkspace::ask(const Question& question) {
    if (m_asked != question) {
        m_asked = question;
        m_work->ask([this, question](const std::stop_token& superseded) -> NewestWork::Show {
            if (superseded.stop_requested()) return {};
            auto page = std::make_shared<ComparePage>(question.a, question.b, question.style);
            return [this, question, page] {
                m_complete = true;
                showComparison(question, std::move(*page), {});
            };
        });
    }
    m_complete = !m_work->isBusy();
    if (!m_complete && m_page.isEmpty()) showComparison({}, {}, tr("Working it out …"));
}

void CompareWorkspace::showComparison(const Question& question, ComparePage page, const QString& why) {
    m_a = question.a;
    m_b = question.b;
    m_page = std::move(page);
    m_why = why;
    showTexts();
    showPage();
    followSelection();
}

void CompareWorkspace::showTexts() {
    m_empty->setText(m_why);
    m_empty->setVisible(!m_why.isEmpty());
    m_plots->setVisible(m_why.isEmpty());
    m_look->setVisible(m_why.isEmpty());
    const auto text = [](const QString& name, const QString& what, const Inputs& inputs) {
        return QStringLiteral("%1: %2 · ‘%3’")
            .arg(name, what, visibleText(QString::fromStdString(inputs.text).left(80)));
    };
    QString a;
    if (m_a.trace) {
        a = text(tr("A"), sideText(m_a), m_a.trace->inputs());
    } else if (const std::optional<PinnedState>& pinned = m_document->pinned()) {
        a = text(tr("A"), QString::fromStdString(pinned->site), pinned->inputs);
    }
    m_aText->setText(a);
    m_bText->setText(m_b.trace ? text(tr("B"), sideText(m_b), m_b.trace->inputs()) : QString());
    for (QLabel* each : {m_aText, m_bText}) each->setVisible(!each->text().isEmpty());
}

void CompareWorkspace::showPage() {
    if (m_page.isEmpty()) return;
    const auto show = [](HeatMapWidget* map, const HeatMapData& numbers, const QString& title) {
        map->setData(numbers);
        map->setAccessibleName(numbers.title);
        map->parentWidget()->findChild<QLabel*>(map->objectName() + QStringLiteral(".title"))->setText(title);
    };
    if (isBlinking()) {
        const HeatMapData& turn = m_showsB ? m_page.mapB() : m_page.mapA();
        show(m_mapA, turn, turn.title);
    } else {
        show(m_mapA, m_page.mapA(), m_page.mapA().title);
    }
    show(m_mapB, m_page.mapB(), m_page.mapB().title);
    show(m_mapDifference, m_page.mapDifference(), tr("B − A: blue where B has more, red where it has less"));
    m_mapB->parentWidget()->setVisible(!isBlinking());
    const CurvePlotData bars = m_page.divergenceBars();
    m_divergence->setVisible(!bars.isEmpty());
    m_divergence->setData(bars);
}

void CompareWorkspace::followSelection() {
    const Selection& selection = *m_document->selection();
    const auto common = [&](const Cell& cell) {
        if (m_page.isEmpty()) return MatrixCell();
        return m_page.commonCell(
            matrixCell(*m_b.trace, m_b.key, m_b.tensor->rows(), m_b.tensor->cols(), cell));
    };
    const MatrixCell current = common(selection.pinned());
    const MatrixCell hovered = common(selection.preview());
    for (HeatMapWidget* each : {m_mapA, m_mapB, m_mapDifference}) {
        each->setCurrent(current);
        each->setHovered(hovered);
    }
    m_caption->setText(QStringList({m_page.caption(hovered.row >= 0 ? hovered : current), m_page.note()})
                           .join(u' ')
                           .trimmed());
    m_caption->setVisible(!m_page.isEmpty());
}

void CompareWorkspace::setBlinking(bool on) {
    m_showsB = false;
    if (on) {
        m_blink.start();
    } else {
        m_blink.stop();
    }
    showPage();
}

void CompareWorkspace::pinCell(const MatrixCell& common) {
    const MatrixCell ofB = m_page.cellOfB(common);
    if (!ofB.isValid()) return;
    m_document->selection()->pin(selectionCell(*m_b.trace, m_b.key, ofB, m_document->selection()->pinned()));
}

void CompareWorkspace::move(int rows, int columns) {
    if (m_page.isEmpty()) return;
    const MatrixCell now = m_mapA->current();
    const HeatMapData& map = m_page.mapA();
    MatrixCell next{std::clamp<Index>(now.row + rows, 0, map.rowCount() - 1),
                    std::clamp<Index>(now.column + columns, 0, map.columnCount() - 1)};
    // Over the places that B does not have.
    while (!m_page.cellOfB(next).isValid()) {
        const MatrixCell further{next.row + rows, next.column + columns};
        if (further.row < 0 || further.column < 0 || further.row >= map.rowCount() ||
            further.column >= map.columnCount()) {
            return;
        }
        next = further;
    }
    pinCell(next);
}

bool CompareWorkspace::escape() {
    if (m_document->selection()->shown().isNull()) return false;
    m_document->selection()->free();
    return true;
}

void CompareWorkspace::fitToText(int textPx) {
    constexpr int kMapLines = 20, kBarLines = 12, kReadableInLines = 36;
    for (HeatMapWidget* each : {m_mapA, m_mapB, m_mapDifference}) each->setMinimumHeight(kMapLines * textPx);
    m_divergence->setMinimumHeight(kBarLines * textPx);
    m_empty->setFixedWidth(kReadableInLines * textPx);
}

void CompareWorkspace::showEvent(QShowEvent* event) {
    refresh();
    if (m_look->current() == kBlink) m_blink.start();
    PageWorkspace::showEvent(event);
}

void CompareWorkspace::hideEvent(QHideEvent* event) {
    m_blink.stop();
    PageWorkspace::hideEvent(event);
}

void CompareWorkspace::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    PageWorkspace::changeEvent(event);
}

}  // namespace attn::ui
