#include "ui/views/explore_side.h"

#include "core/analysis/predictions.h"
#include "ui/model/scene_document.h"
#include "ui/panels/segmented_control.h"
#include "ui/views/inspector.h"
#include "ui/views/predictions_view.h"
#include "ui/views/scroll_page.h"

#include <QEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace attn::ui {
namespace {

const QString kArithmetic = QStringLiteral("arithmetic"), kPredictions = QStringLiteral("predictions");

}  // namespace

ExploreSide::ExploreSide(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_tabs(new SegmentedControl(QStringLiteral("explore.side"), this)),
      m_pages(new QStackedWidget(this)),
      m_inspector(new Inspector(document, m_pages)),
      m_predictions(new PredictionsView(document)) {
    setObjectName(QStringLiteral("exploreSide"));
    m_predictions->setProperty("card", false);  // it stands in one
    m_pages->addWidget(m_inspector);
    QScrollArea* const scroll = scrollPage(m_predictions, m_pages);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);  // large text in a narrow window
    m_pages->addWidget(scroll);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 16, 0);
    head->addWidget(m_tabs);
    layout->addLayout(head);
    layout->addWidget(m_pages, 1);
    connect(m_tabs, &SegmentedControl::chosen, m_document, &SceneDocument::setSide);
    connect(m_document, &SceneDocument::viewChanged, this, &ExploreSide::follow);
    connect(m_document, &SceneDocument::traceChanged, this, &ExploreSide::follow);
    retranslate();
}

void ExploreSide::follow() {
    const TracePtr& trace = m_document->trace();
    const bool predicts = trace && predictionKind(*trace) != PredictionKind::None;
    const bool chosen = predicts && m_document->view().side == kPredictions.toStdString();
    m_tabs->setVisible(predicts);
    m_tabs->setCurrent(chosen ? kPredictions : kArithmetic);
    m_pages->setCurrentIndex(chosen ? 1 : 0);
}

bool ExploreSide::showsPredictions() const {
    return m_pages->currentIndex() == 1;
}

bool ExploreSide::isComplete() const {
    return !showsPredictions() || m_predictions->isComplete();
}

void ExploreSide::retranslate() {
    m_tabs->setAccessibleName(tr("Beside the heat map"));
    m_tabs->setSegments(
        {{kArithmetic, tr("Arithmetic"), tr("How the number in the selected cell comes about")},
         {kPredictions, tr("Predictions"),
          tr("What the model expects at the selected token; a decoder writes on from here")}});
    follow();
}

void ExploreSide::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
