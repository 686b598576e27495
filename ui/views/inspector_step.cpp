#include "ui/views/inspector_step.h"

#include "ui/plot/bars.h"
#include "ui/style/fonts.h"
#include "ui/views/inspector_lines.h"
#include "ui/views/inspector_terms.h"
#include "ui/views/inspector_text.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr int kMostBarsWhole = 20;  ///< a longer list scrolls by itself, not with the page
constexpr int kMostBarsShown = 12;  ///< and shows so many of its bars
constexpr int kTableRows = 10;
constexpr int kNarrowTable = 200;  ///< pixels before zoom

}  // namespace

InspectorStep::InspectorStep(int number, QWidget* parent)
    : QWidget(parent),
      m_number(number),
      m_layout(new QVBoxLayout(this)),
      m_caption(new CaptionLine(this)),
      m_terms(new TermsLine(this)),
      m_signs(new SignedBars(this)),
      m_result(new CaptionLine(this)),
      m_barScroll(new QScrollArea(this)),
      m_bars(new WeightBars),
      m_vector(new VectorStrip(this)),
      m_note(new QLabel(this)) {
    setObjectName(QStringLiteral("inspector.step%1").arg(number));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    m_terms->setObjectName(objectName() + QStringLiteral(".showTerms"));
    m_note->setWordWrap(true);
    m_note->setProperty("look", QStringLiteral("muted"));
    m_barScroll->setWidget(m_bars);
    m_barScroll->setWidgetResizable(true);
    m_barScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_barScroll->setFrameShape(QFrame::NoFrame);
    m_barScroll->viewport()->setAutoFillBackground(false);
    m_bars->setAutoFillBackground(false);
    m_barScroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (QWidget* each :
         {static_cast<QWidget*>(m_caption), static_cast<QWidget*>(m_terms), static_cast<QWidget*>(m_signs),
          static_cast<QWidget*>(m_barScroll), static_cast<QWidget*>(m_vector),
          static_cast<QWidget*>(m_result), static_cast<QWidget*>(m_note)}) {
        m_layout->addWidget(each);
    }
    connect(m_terms, &QAbstractButton::toggled, this, &InspectorStep::setTableShown);
    connect(m_signs, &SignedBars::barHovered, this, &InspectorStep::showHoveredTerm);
    connect(m_vector, &VectorStrip::cellHovered, this, &InspectorStep::showHoveredNumber);
    connect(m_bars, &WeightBars::barClicked, this, &InspectorStep::keyChosen);
}

void InspectorStep::resetHeights() {
    m_caption->resetHeight();
    m_result->resetHeight();
}

void InspectorStep::showStep(const ExplanationStep& step, const QStringList& keys, int key) {
    using Kind = ExplanationStep::Kind;
    m_step = step;
    m_keys = keys;
    m_key = key;
    const bool sum = step.kind == Kind::Sum;
    const bool softmax = step.kind == Kind::Softmax;
    const bool vector = step.kind == Kind::Vector;
    m_terms->setVisible(sum);
    m_signs->setVisible(sum && step.axis != TermAxis::Named);  // two numbers need no picture
    m_barScroll->setVisible(softmax);
    m_vector->setVisible(vector);
    m_result->setVisible(sum || softmax || vector);
    if (m_table != nullptr) m_table->setVisible(sum && m_terms->isChecked());
    const bool noted = *step.note.text != '\0';
    m_note->setVisible(noted);
    if (noted) m_note->setText(sentenceText(step.note));

    const QString caption =
        QString::number(m_number) + QStringLiteral("  ") + QString::fromStdString(step.symbols);
    switch (step.kind) {
        case Kind::Sum:
            m_caption->setTexts(caption, {});
            showSum(step, keys);
            break;
        case Kind::Formula:
            m_caption->setTexts(caption, expressionText(step));
            break;
        case Kind::Note:
            m_caption->setTexts(caption, std::isinf(step.result) ? arithmeticNumber(step.result) : QString());
            break;
        case Kind::Softmax: {
            const bool hard = step.symbols == "hardmax";
            m_caption->setTexts(caption, hard ? tr("largest  share") : QStringLiteral("exp(s−max)  ÷ Σ"));
            showSoftmax(step, keys, key);
            break;
        }
        case Kind::Vector:
            m_caption->setTexts(caption, {});
            showVector(step, key);
            break;
    }
}

void InspectorStep::showSum(const ExplanationStep& step, const QStringList& keys) {
    m_terms->setTerms(step);
    std::vector<float> values;
    values.reserve(step.terms.size());
    for (const ExplainedTerm& term : step.terms) values.push_back(static_cast<float>(term.value));
    m_signs->setValues(std::move(values));
    m_result->setStrong(false, true);
    showHoveredTerm(-1);
    if (m_model != nullptr && m_terms->isChecked()) m_model->setStep(step, keys);
}

void InspectorStep::showSoftmax(const ExplanationStep& step, const QStringList& keys, int key) {
    std::vector<WeightBar> bars;
    bars.reserve(step.keys.size());
    for (std::size_t j = 0; j < step.keys.size(); ++j) {
        const KeyWeight& each = step.keys[j];
        WeightBar bar;
        const auto index = static_cast<qsizetype>(j);
        bar.label = index < keys.size() ? keys[index] : QString::number(index);
        bar.weight = each.exponential;
        bar.first = arithmeticNumber(each.exponential);
        bar.last = arithmeticNumber(each.weight);
        bar.masked = std::isinf(each.score);
        bars.push_back(std::move(bar));
    }
    const bool moved = m_bars->current() != key;
    m_bars->setBars(std::move(bars));
    m_bars->setCurrent(key);
    m_result->setStrong(false, false);
    const double total = step.sum > 0 ? 1 : 0;
    m_result->setTexts({},
                       QStringLiteral("Σ %1  Σ %2").arg(arithmeticNumber(step.sum), arithmeticNumber(total)));
    fitBars();
    if (moved && key >= 0 && static_cast<int>(step.keys.size()) > kMostBarsWhole) {
        const int line = m_bars->sizeHint().height() / static_cast<int>(step.keys.size());
        QScrollBar* bar = m_barScroll->verticalScrollBar();
        bar->setMaximum(std::max(0, m_bars->sizeHint().height() - m_barScroll->height()));
        const int first = bar->value() / line;
        if (key < first || key >= first + kMostBarsShown) bar->setValue((key - kMostBarsShown / 2) * line);
    }
}

void InspectorStep::fitBars() {
    const int whole = m_bars->sizeHint().height();
    const int count = std::max(1, static_cast<int>(m_step.keys.size()));
    const int height = count <= kMostBarsWhole ? whole : whole / count * kMostBarsShown;
    if (m_barScroll->height() != height || m_barScroll->maximumHeight() != height)
        m_barScroll->setFixedHeight(height);
}

void InspectorStep::showVector(const ExplanationStep& step, int) {
    m_vector->setValues(step.vector);
    m_result->setStrong(false, false);
    showHoveredNumber(-1);
}

void InspectorStep::showHoveredTerm(int index) {
    if (m_step.kind != ExplanationStep::Kind::Sum) return;
    QString hovered;
    if (index >= 0 && static_cast<std::size_t>(index) < m_step.terms.size()) {
        const ExplainedTerm& term = m_step.terms[static_cast<std::size_t>(index)];
        hovered = termName(m_step, term, m_keys) + QStringLiteral(": ") + termText(m_step, term) +
                  QStringLiteral(" = ") + arithmeticNumber(term.value);
    }
    m_result->setTexts(hovered, QStringLiteral("= ") + arithmeticNumber(m_step.result));
}

void InspectorStep::showHoveredNumber(int index) {
    if (m_step.kind != ExplanationStep::Kind::Vector) return;
    if (index < 0 || static_cast<std::size_t>(index) >= m_step.vector.size()) {
        m_result->setTexts(tr("%1 numbers").arg(m_step.vector.size()), {});
        return;
    }
    const auto at = static_cast<std::size_t>(index);
    QString share;
    if (at < m_step.terms.size()) {
        share = tr("of it %1").arg(termText(m_step, m_step.terms[at]));
    }
    m_result->setTexts(
        QStringLiteral("%1: %2").arg(index).arg(arithmeticNumber(static_cast<double>(m_step.vector[at]))),
        share);
}

void InspectorStep::ensureTable() {
    if (m_table != nullptr) return;
    m_model = new TermsModel(this);
    m_table = new QTableView(this);
    m_table->setObjectName(objectName() + QStringLiteral(".terms"));
    m_table->setAccessibleName(tr("Every term"));
    m_table->setModel(m_model);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(TermsModel::NameColumn, Qt::AscendingOrder);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setMinimumSectionSize(16);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_layout->insertWidget(m_layout->indexOf(m_signs) + 1, m_table);
}

void InspectorStep::setTableShown(bool shown) {
    if (!shown) {
        if (m_table != nullptr) m_table->hide();
        return;
    }
    ensureTable();
    m_model->setStep(m_step, m_keys);
    const double zoom = textZoom(*this);
    m_table->setFont(numberFont(11 * zoom));
    const int line = static_cast<int>(std::lround(22 * zoom));
    m_table->verticalHeader()->setDefaultSectionSize(line);
    const int rows = std::min(kTableRows, m_model->rowCount());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * line + 4);
    fitTable();
    m_table->show();
}

/// Where numbers would be cut the factors go: they stand in the tool tip.
void InspectorStep::fitTable() {
    if (m_table == nullptr) return;
    const bool narrow = width() < kNarrowTable * textZoom(*this);
    m_table->setColumnHidden(TermsModel::LeftColumn, narrow);
    m_table->setColumnHidden(TermsModel::RightColumn, narrow);
}

void InspectorStep::resizeEvent(QResizeEvent* event) {
    fitTable();
    QWidget::resizeEvent(event);
}

void InspectorStep::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        fitBars();
        if (m_table != nullptr && m_table->isVisibleTo(this)) setTableShown(true);
    }
}

}  // namespace attn::ui
