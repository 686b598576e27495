#include "ui/views/weights_view.h"

#include "core/analysis/flow.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/model/study_run.h"
#include "ui/plot/heat_map.h"
#include "ui/style/fonts.h"
#include "ui/views/tokens_note.h"
#include "ui/views/trace_adapter.h"
#include "ui/views/weight_kind_chooser.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {
constexpr int kMapPx = 230;  ///< at 100 % text
}  // namespace

WeightsView::WeightsView(SceneDocument* document, QWidget* parent)
    : QWidget(parent), m_document(document), m_run(new StudyRun(document, this)) {
    setObjectName(QStringLiteral("weightsView"));
    m_run->setActive(false);
    m_kind = new WeightKindChooser(QStringLiteral("weights.kind"), this);
    m_sentence = new QLabel(this);
    m_sentence->setObjectName(QStringLiteral("weights.sentence"));
    m_sentence->setProperty("look", QStringLiteral("muted"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_map = new HeatMapWidget(this);
    m_map->setObjectName(QStringLiteral("weights.map"));
    fitToText();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 8);
    layout->setSpacing(6);
    layout->addWidget(m_kind);
    layout->addWidget(m_sentence);
    layout->addWidget(m_map, 1);
    connectAll();
    retranslate();
}

void WeightsView::fitToText() {
    m_map->setMinimumHeight(static_cast<int>(std::lround(kMapPx * textZoom(*this))));
}

void WeightsView::connectAll() {
    connect(m_kind, &WeightKindChooser::chosen, this, [this](WeightKind kind) {
        HeadsView view = m_document->view().heads;
        view.weights = toString(kind);
        m_document->setHeadsView(view);
    });
    connect(m_document, &SceneDocument::traceChanged, this, &WeightsView::refresh);
    connect(m_document, &SceneDocument::viewChanged, this, &WeightsView::refresh);
    Selection* const selection = m_document->selection();
    connect(selection, &Selection::siteChanged, this, &WeightsView::refresh);
    connect(selection, &Selection::headChanged, this, &WeightsView::refresh);
    connect(selection, &Selection::cellChanged, this, &WeightsView::refresh);
    connect(m_run, &StudyRun::finished, this, [this] {
        m_complete = true;
        showPicture();
    });
    connect(m_run, &StudyRun::progressed, this, &WeightsView::showSentence);
    // Of a flow the one row is the query's.
    const auto cell = [this](const MatrixCell& at) {
        const bool flow = m_picture.kind == WeightKind::Flow;
        const Cell places{at.row < 0 ? -1 : static_cast<int>(flow ? m_picture.query : at.row),
                          static_cast<int>(at.column), -1};
        return m_picture.trace
                   ? tokensOf(*m_picture.trace, patternKey(), places, m_document->selection()->pinned())
                   : places;
    };
    connect(m_map, &HeatMapWidget::hoveredCell, this, [selection, cell](const MatrixCell& at) {
        selection->setPreview(at.isValid() ? cell(at) : Cell{});
    });
    connect(m_map, &HeatMapWidget::clicked, this,
            [selection, cell](const MatrixCell& at) { selection->pin(cell(at)); });
    connect(m_map, &HeatMapWidget::escapePressed, selection, &Selection::free);
}

void WeightsView::retranslate() {
    m_question = {};
    refresh();
}

QComboBox* WeightsView::kinds() const {
    return m_kind->list();
}

const SiteInfo* WeightsView::site() const {
    const TracePtr& trace = m_document->trace();
    return trace ? trace->site(m_document->selection()->site().toStdString()) : nullptr;
}

WeightKind WeightsView::kind() const {
    return weightKindFromString(m_document->view().heads.weights).value_or(WeightKind::Pattern);
}

HeatMapStyle WeightsView::style() const {
    HeatMapStyle style;
    style.sequential = colorMapFromString(m_document->view().colormap).value_or(ColorMapId::Viridis);
    style.values = m_document->view().values;
    return style;
}

bool WeightsView::isComplete() const {
    return m_question.trace == m_document->trace() && m_question.trace && (m_complete || !m_study);
}

void WeightsView::refresh() {
    const SiteInfo* const info = site();
    if (!isVisible() || info == nullptr) return;  // showEvent makes up for it
    m_map->setHeatMapStyle(style());
    m_kind->showKinds(*m_document->trace(), *info, kind());
    const Cell pinned = m_document->selection()->pinned();
    const auto head = static_cast<Index>(m_document->selection()->head());
    Question question{m_document->trace(), info->name, kind(), 0, -1};
    if (isOfHead(kind())) question.head = std::clamp<Index>(head, 0, info->heads - 1);
    if (kind() == WeightKind::Flow)
        question.query = pinned.query >= 0 && pinned.query < info->queries
                             ? pinned.query
                             : defaultQuery(*question.trace, *info);
    if (question == m_question) {
        const bool sameTokens = m_tokens == m_document->view().tokens;
        m_tokens = m_document->view().tokens;
        return sameTokens || !m_complete ? followCell() : showPicture();
    }
    m_tokens = m_document->view().tokens;
    m_question = question;
    m_complete = false;
    m_study.reset();
    m_run->cancel();
    if (whyNone(*question.trace, *info, question.kind) == nullptr) {
        m_study = std::make_shared<WeightStudy>(question.trace, question.site, question.kind, question.head,
                                                question.query);
        m_run->start(m_study);
    } else {
        m_map->setPlaceholder(info->queries == 0 ? tr("Type a sentence above") : QString());
        showPicture();
    }
    showSentence();
}

void WeightsView::showSentence() {
    const SiteInfo* const info = site();
    if (info == nullptr) return;
    const char* const why = info->queries == 0 ? nullptr : whyNone(*m_document->trace(), *info, kind());
    QString text = coreText(why != nullptr ? why : explanation(kind()));
    if (kind() == WeightKind::Flow && m_document->shownTrace() != m_document->trace())
        text += u' ' + tr("Here every token is shown, as the model has it.");
    constexpr std::size_t kManySteps = 16;
    if (m_run->isRunning() && m_run->steps() > kManySteps)
        text += u' ' + tr("%1 of %2 worked out.").arg(m_run->step()).arg(m_run->steps());
    if (m_picture.trace && m_picture.site != nullptr) {
        const QString note = tokensNote(*m_picture.trace, patternKey());
        if (!note.isEmpty()) text += u' ' + note;
    }
    m_sentence->setText(text);
}

void WeightsView::showPicture() {
    m_picture = {m_question.trace, m_question.trace->site(m_question.site), m_question.kind, m_question.head,
                 m_question.query, m_study ? m_study->result() : nullptr};
    m_picture = pictureShown(m_picture, m_document->shownTrace());
    m_map->setData(weightsMap(m_picture));
    showSentence();
    followCell();
}

void WeightsView::followCell() {
    if (!m_picture.weights) return;
    const Cell cell = placesOf(*m_picture.trace, patternKey(), m_document->selection()->shown());
    MatrixCell at{cell.query, cell.key};
    if (m_picture.kind == WeightKind::Flow) at.row = cell.query == m_picture.query ? 0 : -1;
    if (at.row >= m_picture.weights->rows()) at.row = -1;
    if (at.column >= m_picture.weights->cols()) at.column = -1;
    m_map->setCurrent(at);
}

TensorKey WeightsView::patternKey() const {
    return {m_question.site, TensorName::Pattern};
}

PageSource WeightsView::source() const {
    return weightsSource(m_picture, style());
}

void WeightsView::showEvent(QShowEvent* event) {
    m_run->setActive(true);
    refresh();
    QWidget::showEvent(event);
}

void WeightsView::hideEvent(QHideEvent* event) {
    m_run->setActive(false);
    QWidget::hideEvent(event);
}

void WeightsView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fitToText();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
