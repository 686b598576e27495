#include "ui/views/inspector.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/edited_line.h"
#include "ui/views/formula_line.h"
#include "ui/views/inspector_lines.h"
#include "ui/views/inspector_step.h"
#include "ui/views/inspector_text.h"
#include "ui/views/tensor_tabs.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr qsizetype kSpokenTerms = 8;
constexpr int kCompactLines = 16;     ///< lower than that many lines of text, everything scrolls
constexpr int kDescribeMillis = 200;  ///< screen readers hear of a cell when the selection rests on it

QStringList keyTexts(const Trace& trace, const SiteInfo& site) {
    QStringList texts;
    const Tokens& tokens = trace.keyTokens(site);
    texts.reserve(static_cast<qsizetype>(tokens.items.size()));
    for (const Token& token : tokens.items) texts.append(QString::fromStdString(displayText(token.text)));
    return texts;
}

/// The key with the largest weight, for a query whose key nobody chose yet.
Index strongestKey(const Trace& trace, const SiteInfo& site, Index head, Index query) {
    const EntryPtr entry = trace.find({site.name, TensorName::Pattern});
    const TensorPtr pattern = entry ? entry->peek() : nullptr;
    if (!pattern || head >= pattern->heads() || query >= pattern->rows() || pattern->cols() == 0) return -1;
    Index strongest = 0;
    pattern->matrix(head).row(query).maxCoeff(&strongest);
    return strongest;
}

bool sameSteps(const std::optional<Explanation>& a, const Explanation& b) {
    if (!a || !(a->tensor == b.tensor) || a->steps.size() != b.steps.size()) return false;
    return std::equal(
        a->steps.begin(), a->steps.end(), b.steps.begin(),
        [](const ExplanationStep& x, const ExplanationStep& y) { return x.symbols == y.symbols; });
}

}  // namespace

Inspector::Inspector(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_headline(new InspectorHeadline(this)),
      m_edited(new EditedLine(this)),
      m_hint(new QLabel(this)),
      m_facts(new QLabel(this)),
      m_scroll(new QScrollArea(this)),
      m_buttons(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_copy(new QPushButton(this)),
      m_export(new QPushButton(this)) {
    setObjectName(QStringLiteral("inspector"));
    m_hint->setWordWrap(true);
    m_hint->setProperty("look", QStringLiteral("sentence"));
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_copy->setObjectName(QStringLiteral("inspector.copyFigure"));
    m_export->setObjectName(QStringLiteral("inspector.export"));
    m_export->setProperty("primary", true);

    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("inspector.steps"));
    m_content = new QVBoxLayout(content);
    m_content->setContentsMargins(0, 0, 4, 0);
    m_content->setSpacing(12);
    m_stepLayout = new QVBoxLayout;
    m_stepLayout->setSpacing(16);
    m_pieces = new QLabel(content);
    m_pieces->setObjectName(QStringLiteral("inspector.pieces"));
    m_pieces->setProperty("look", QStringLiteral("muted"));
    m_pieces->setWordWrap(true);
    m_pieces->setTextFormat(Qt::PlainText);
    m_pieces->hide();
    m_stepLayout->addWidget(m_pieces);
    m_stepLayout->addWidget(m_facts);
    m_content->addWidget(m_edited);
    m_content->addLayout(m_stepLayout);
    m_content->addStretch(1);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);

    m_buttons->setSpacing(8);
    m_buttons->addWidget(m_copy, 1);
    m_buttons->addWidget(m_export, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 12, 16);
    layout->setSpacing(12);
    layout->addWidget(m_headline);
    layout->addWidget(m_hint);
    layout->addWidget(m_scroll, 1);
    layout->addLayout(m_buttons);

    connect(m_copy, &QPushButton::clicked, this, &Inspector::copyFigureRequested);
    connect(m_export, &QPushButton::clicked, this, &Inspector::exportRequested);
    connect(m_edited, &EditedLine::changeRequested, this, [this] {
        if (m_explanation) emit changeRequested(m_explanation->row, m_explanation->column);
    });
    connect(m_edited, &EditedLine::resetRequested, this, [this] {
        if (!m_explanation) return;
        const Explanation& shown = *m_explanation;
        m_document->resetCell(shown.tensor, static_cast<int>(shown.head), static_cast<int>(shown.row),
                              static_cast<int>(shown.column));
    });
    connect(m_document, &SceneDocument::traceChanged, this, &Inspector::follow);
    connect(m_document, &SceneDocument::tensorReady, this, [this] {
        if (m_explanation && !m_explanation->missing.empty()) follow();
    });
    connect(m_document, &SceneDocument::viewChanged, this, [this] {
        if (m_explanation) showPieces();
    });
    const Selection* selection = m_document->selection();
    connect(selection, &Selection::cellChanged, this, &Inspector::follow);
    connect(selection, &Selection::headChanged, this, &Inspector::follow);
    connect(selection, &Selection::stageChanged, this, &Inspector::follow);
    connect(selection, &Selection::siteChanged, this, &Inspector::follow);
    m_describe.setSingleShot(true);
    m_describe.setInterval(kDescribeMillis);
    connect(&m_describe, &QTimer::timeout, this, [this] { setAccessibleDescription(textOf(kSpokenTerms)); });
    retranslate();
    follow();
}

QSize Inspector::sizeHint() const {
    return {320, 600};
}
QSize Inspector::minimumSizeHint() const {
    return {240, 200};
}

InspectorStep* Inspector::step(std::size_t index) const {
    return index < m_steps.size() ? m_steps[index] : nullptr;
}

void Inspector::retranslate() {
    m_copy->setText(tr("Copy figure"));
    m_export->setText(tr("Export…"));
    m_hint->setText(tr("Point at a cell"));
    m_edited->retranslate();
    setAccessibleName(tr("Arithmetic of the selected cell"));
}

void Inspector::follow() {
    const TracePtr& trace = m_document->trace();
    const Selection& selection = *m_document->selection();
    const SiteInfo* site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) {
        m_explanation.reset();
        showFacts(nullptr, nullptr, {});
        return;
    }
    const TensorKey key = shownTensor(*site, selection);
    const EntryPtr entry = trace->find(key);
    std::optional<Explanation> explanation;
    if (entry) {
        const auto [heads, rows, columns] = entry->shape();
        MatrixCell cell = matrixCell(key, rows, columns, selection.shown());
        if (isTokenByToken(key) && cell.row >= 0 && cell.column < 0) {
            cell.column = strongestKey(*trace, *site, selection.head(), cell.row);
        }
        if (cell.isValid())
            explanation =
                explain(*trace, *site, key, site->matrixOf(heads, selection.head()), cell.row, cell.column);
    }
    if (explanation) fetch(explanation->missing, trace);
    const bool same = explanation && sameSteps(m_explanation, *explanation);
    m_explanation = std::move(explanation);
    if (!m_explanation) {
        showFacts(trace.get(), site, key);
        return;
    }
    if (!same) {
        for (InspectorStep* step : m_steps) step->resetHeights();
    }
    showExplanation(*trace, *site);
}

void Inspector::fetch(const std::vector<EntryPtr>& missing, const TracePtr& trace) {
    if (m_wantedOf.lock() != trace) m_wanted.clear();
    m_wantedOf = trace;
    for (const EntryPtr& each : missing) {
        if (std::find(m_wanted.begin(), m_wanted.end(), each) == m_wanted.end()) m_wanted.push_back(each);
    }
    m_read.clear();
    for (const EntryPtr& each : m_wanted) {
        if (TensorPtr tensor = m_document->request(each)) m_read.push_back(std::move(tensor));
    }
}

void Inspector::showExplanation(const Trace& trace, const SiteInfo& site) {
    m_hint->hide();
    m_facts->hide();
    m_headline->show();
    showPieces();
    m_headline->setSentence(m_explanation->headline, headlineValue(*m_explanation));
    const TensorEdits* const edits = trace.edits(m_explanation->tensor);
    m_edited->showCell(*m_explanation,
                       edits != nullptr && edits->find(m_explanation->head, m_explanation->row,
                                                       m_explanation->column) != nullptr);
    const QStringList keys = keyTexts(trace, site);
    const int key = isTokenByToken(m_explanation->tensor) ? static_cast<int>(m_explanation->column) : -1;
    while (m_steps.size() < m_explanation->steps.size()) {
        auto* step = new InspectorStep(static_cast<int>(m_steps.size()) + 1, m_scroll->widget());
        connect(step, &InspectorStep::keyChosen, this, &Inspector::chooseKey);
        m_stepLayout->addWidget(step);
        m_steps.push_back(step);
    }
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const bool used = i < m_explanation->steps.size();
        if (used) m_steps[i]->showStep(m_explanation->steps[i], keys, key);
        m_steps[i]->setVisible(used);
    }
    m_describe.start();
}

void Inspector::showFacts(const Trace* trace, const SiteInfo* site, const TensorKey& key) {
    m_headline->hide();
    m_pieces->hide();
    m_edited->hide();
    for (InspectorStep* step : m_steps) step->hide();
    m_hint->show();
    m_facts->show();
    const EntryPtr entry = trace != nullptr ? trace->find(key) : nullptr;
    if (!entry) {
        m_facts->clear();
        return;
    }
    const auto [heads, rows, columns] = entry->shape();
    const bool cells = rows > 0 && columns > 0;
    m_hint->setText(cells ? isWeight(key.name) ? tr("Weights") : tr("Point at a cell")
                          : tr("Nothing to see yet"));
    QString shape = QStringLiteral("%1 × %2").arg(rows).arg(columns);
    if (entry->rank() == 3) shape = QStringLiteral("%1 × ").arg(heads) + shape;
    QStringList facts;
    if (cells && !isWeight(key.name)) {
        facts.append(
            tr("Its arithmetic opens here, every number of it. A click keeps it, Escape lets go, the arrow "
               "keys move."));
    }
    facts.append(tr("%1 has the shape %2.").arg(QString::fromStdString(key.fullName()), shape));
    facts.append(formulaText(*trace, *site, key.name));
    facts.append(trace->model() != nullptr
                     ? tr("The weights are those of %1: training made them.")
                           .arg(QString::fromStdString(trace->model()->title))
                     : tr("The toy model's weights are random numbers made from the seed: nothing trained "
                          "them."));
    m_facts->setText(facts.join(QStringLiteral("\n\n")));
    m_describe.start();
}

/// Where the picture shows words or hides tokens, which of them this is about.
void Inspector::showPieces() {
    const TensorKey& key = m_explanation->tensor;
    Cell cell = m_document->selection()->shown();
    if (isTokenByToken(key))
        cell = {static_cast<int>(m_explanation->row), static_cast<int>(m_explanation->column)};
    const TracePtr& shown = m_document->shownTrace();
    const QString note = shown ? piecesNote(*shown, key, cell) : QString();
    m_pieces->setText(note);
    m_pieces->setVisible(!note.isEmpty());
}

void Inspector::chooseKey(int key) {
    Selection* selection = m_document->selection();
    Cell cell = selection->shown();
    cell.key = key;
    selection->pin(cell);
}

QString Inspector::plainText() const {
    return textOf(0);
}

QString Inspector::textOf(qsizetype terms) const {
    const TracePtr& trace = m_document->trace();
    if (!m_explanation || !trace) return m_facts->text();
    const SiteInfo* site = trace->site(m_document->selection()->site().toStdString());
    return explanationText(*m_explanation, site != nullptr ? keyTexts(*trace, *site) : QStringList(), terms);
}

void Inspector::copyText() {
    QApplication::clipboard()->setText(plainText());
}

void Inspector::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    connect(menu.addAction(tr("Copy arithmetic as text")), &QAction::triggered, this, &Inspector::copyText);
    menu.exec(event->globalPos());
}

/// Headline and buttons stay where they are while the steps scroll, unless there is little room: then they
/// would leave the steps none.
void Inspector::arrange() {
    const bool compact = height() < kCompactLines * fontMetrics().lineSpacing();
    if (compact != m_compact) {
        m_compact = compact;
        auto* outer = static_cast<QVBoxLayout*>(layout());
        QVBoxLayout *from = compact ? outer : m_content, *to = compact ? m_content : outer;
        from->removeWidget(m_headline);
        from->removeWidget(m_hint);
        from->removeItem(m_buttons);
        to->insertWidget(0, m_headline);
        to->insertWidget(1, m_hint);
        m_buttons->setParent(nullptr);
        to->addLayout(m_buttons);
    }
    arrangeButtons();
}

/// Side by side where both texts fit, else one below the other.
void Inspector::arrangeButtons() {
    const int room =
        (width() - layout()->contentsMargins().left() - layout()->contentsMargins().right() - 8) / 2;
    const bool fits = std::max(m_copy->sizeHint().width(), m_export->sizeHint().width()) <= room;
    m_buttons->setDirection(fits ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void Inspector::resizeEvent(QResizeEvent* event) {
    arrange();
    QWidget::resizeEvent(event);
}

void Inspector::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrange();
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        follow();
    }
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
