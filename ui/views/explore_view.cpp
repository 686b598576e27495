#include "ui/views/explore_view.h"

#include "core/trace/ablated.h"
#include "core/trace/shown_tokens.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/cell_editing.h"
#include "ui/views/edit_bar.h"
#include "ui/views/edited_flags.h"
#include "ui/views/explore_toolbar.h"
#include "ui/views/formula_line.h"
#include "ui/views/layer_bar.h"
#include "ui/views/stage_bar.h"
#include "ui/views/tensor_tabs.h"
#include "ui/views/tokens_note.h"

#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QMimeData>

namespace attn::ui {

ExploreView::ExploreView(SceneDocument* document, QWidget* parent) : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("exploreView"));
    buildLayout();
    connectDocument();
    connectHeatMap();
    followView();
    refresh();
}

Index ExploreView::shownMatrix() const {
    const SiteInfo* shown = site();
    const EntryPtr entry = shown != nullptr ? m_document->shownTrace()->find(m_key) : nullptr;
    const Index head = m_document->selection()->head();
    return entry && entry->rank() == 3 ? shown->matrixOf(entry->shape()[0], head) : head;
}

void ExploreView::connectDocument() {
    const Selection* selection = m_document->selection();
    connect(m_document, &SceneDocument::traceChanged, this, &ExploreView::refresh);
    connect(m_document, &SceneDocument::tensorReady, this, &ExploreView::refresh);
    connect(m_document, &SceneDocument::gestureEnded, this, &ExploreView::refresh);
    connect(m_document, &SceneDocument::viewChanged, this, [this] {
        followView();
        refresh();
    });
    connect(selection, &Selection::siteChanged, this, &ExploreView::refresh);
    connect(selection, &Selection::stageChanged, this, &ExploreView::refresh);
    connect(selection, &Selection::headChanged, this, &ExploreView::refresh);
    connect(selection, &Selection::cellChanged, this, &ExploreView::followSelection);
}

void ExploreView::connectHeatMap() {
    Selection* selection = m_document->selection();
    connect(m_heatMap, &HeatMapWidget::hoveredCell, this, [this, selection](const MatrixCell& cell) {
        if (cell.isValid()) {
            selection->setPreview(selectionCell(*m_document->shownTrace(), m_key, cell, selection->pinned()));
        } else {
            selection->clearPreview();
        }
    });
    connect(m_heatMap, &HeatMapWidget::clicked, this,
            [this](const MatrixCell& cell, Qt::KeyboardModifiers) { pinCell(cell); });
    connect(m_heatMap, &HeatMapWidget::rowLabelClicked, this, [this](Index row) {
        const MatrixCell now = m_heatMap->current();
        pinCell({row, now.column});
    });
    connect(m_heatMap, &HeatMapWidget::columnLabelClicked, this, [this](Index column) {
        const MatrixCell now = m_heatMap->current();
        pinCell({now.row, column});
    });
    connect(m_heatMap, &HeatMapWidget::moveRequested, this, &ExploreView::move);
    connect(m_heatMap, &HeatMapWidget::edgeRequested, this, [this](int rows, int columns) {
        constexpr int kFar = 1 << 20;  // to the end, whatever the size
        move(rows * kFar, columns * kFar);
    });
    connect(m_heatMap, &HeatMapWidget::escapePressed, selection, &Selection::free);
    connect(m_heatMap, &HeatMapWidget::paintStarted, this, &ExploreView::startPainting);
    connect(m_heatMap, &HeatMapWidget::painted, this, &ExploreView::paint);
    connect(m_heatMap, &HeatMapWidget::paintFinished, this, &ExploreView::stopPainting);
    connect(m_heatMap, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& position) { showMenu(m_heatMap, position); });
    connect(m_editing, &CellEditing::cellChosen, this, &ExploreView::pinCell);
    connect(m_toolbar, &ExploreToolbar::paintModeChanged, m_heatMap, &HeatMapWidget::setPaintMode);
    connect(m_heads, &HeadStrip::headChosen, this, [this, selection](int matrix) {
        const SiteInfo* shown = site();
        const auto heads = static_cast<Index>(m_heads->headCount());
        if (shown == nullptr || matrix == shownMatrix()) return;
        selection->setHead(static_cast<int>(shown->firstHeadOf(heads, matrix)));
    });
    connect(m_heads, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& position) { showMenu(m_heads, position); });
}

const SiteInfo* ExploreView::site() const {
    const TracePtr& trace = m_document->shownTrace();
    return trace ? trace->site(m_document->selection()->site().toStdString()) : nullptr;
}

QString ExploreView::emptyText() const {
    const TracePtr& trace = m_document->shownTrace();
    if (!trace) return {};
    const TracePtr& all = m_document->trace();
    if (all->tokens().items.empty()) return tr("Type a sentence above");
    if (all->context() != nullptr && all->context()->items.empty()) return tr("Type the context above");
    if (trace->tokens().items.empty()) return tr("All tokens are special, and hidden");
    return tr("Working it out …");
}

void ExploreView::refresh() {
    const SiteInfo* shown = site();
    if (shown == nullptr) {
        m_tokens->hide();
        m_heatMap->setPlaceholder(emptyText());
        return;
    }
    const Trace& trace = *m_document->shownTrace();
    const TensorKey key = shownTensor(*shown, *m_document->selection());
    const bool sameKey = key == m_key;
    m_key = key;
    m_adapter.setHoldRange(m_document->inGesture());
    m_toolbar->setApplicable(quantity(key.name) == Quantity::Probability, isTokenByToken(key));
    showFormula(*shown);

    const TensorPtr tensor = m_document->request(trace.find(key));
    m_complete = tensor != nullptr;
    showTokens(trace);
    m_heatMap->setPlaceholder(emptyText());
    const EntryPtr entry = trace.find(key);
    if (!tensor && entry && sameKey && m_heatMap->data().tensor &&
        m_heatMap->data().tensor->shape() == entry->shape()) {
        return;  // the old picture stays for the moment that the new one takes
    }
    showNumbers(trace, *shown, tensor);
    followSelection();
}

void ExploreView::showNumbers(const Trace& trace, const SiteInfo& shown, const TensorPtr& tensor) {
    const HeatMapData numbers =
        m_adapter.heatMap(trace, shown, m_key, tensor, shownMatrix(), m_document->view().range);
    m_heatMap->setData(numbers);
    m_editing->setTensor(m_key);
    m_edited->showTensor(*m_document->trace(), m_key);
    m_heatMap->setAccessibleName(numbers.title);
    const EntryPtr entry = trace.find(m_key);
    const bool heads = entry && entry->rank() == 3 && entry->shape()[0] > 1 && entry->shape()[1] > 0;
    m_headsTitle->setVisible(heads);
    m_heads->setVisible(heads);
    if (!heads) return;
    const Index perMatrix = shown.heads / std::max<Index>(entry->shape()[0], 1);
    m_headsTitle->setText(
        perMatrix > 1 ? tr("HEADS — one range for all; each is shared by %1 query heads").arg(perMatrix)
                      : tr("HEADS — one range for all"));
    const int head = m_document->selection()->head();
    if (const QString name = headName(trace, shown, head); !name.isEmpty())
        m_headsTitle->setText(m_headsTitle->text() + tr(" · head %1: %2").arg(head).arg(name));
    m_headsTitle->setToolTip(headStory(trace, shown, head));
    const HeatMapData plain = m_adapter.forThumbnails(numbers);
    m_heads->setData(
        plain, flagsOfEditedHeads(plain.flags, trace, m_key, numbers.rowCount(), numbers.columnCount()));
    m_heads->setEdited(editedHeads(trace, m_key, entry->shape()[0]));
    const HeadAblations off = ablationsOfHeads(trace.inputs().ablations, shown.name, shown.heads);
    std::vector<bool> marks;
    for (const auto& each : off) marks.push_back(each.has_value());
    // Of keys and values that several heads share, none is switched off by itself.
    m_heads->setSwitchedOff(entry->shape()[0] == shown.heads ? std::move(marks) : std::vector<bool>());
    m_heads->setCurrentHead(static_cast<int>(numbers.head));
}

/// How tokens are shown, where not one by one, and what of the head's weight is hidden.
void ExploreView::showTokens(const Trace& trace) {
    const EntryPtr everything = hiddenWeights(trace, m_key);
    const TensorPtr weights = m_document->request(everything);
    if (everything && !weights) m_complete = false;
    const QString note = tokensNote(trace, m_key, weights, m_document->selection()->head());
    m_tokens->setText(note);
    m_tokens->setVisible(!note.isEmpty());
}

void ExploreView::showFormula(const SiteInfo& shown) {
    const StageInfo* stage = shown.stage(m_document->selection()->stage().toStdString());
    if (stage == nullptr) stage = shown.stage("pattern");
    const bool main = stage != nullptr && !stage->tensors.empty() && stage->tensors.front() == m_key;
    QString explanation = main ? coreText(stage->explanation) : QString();
    const ShownTokens* const tokens = m_document->shownTrace()->shownTokens().get();
    if (main && m_key.name == TensorName::Pattern && tokens != nullptr && tokens->settings().hideSpecial &&
        !tokens->settings().renormalise)
        explanation =
            tr("How much each query (row) attends to each key (column); what goes to hidden keys is "
               "missing from the rows.");
    const bool kept =
        m_document->parameters().get(ParameterId::EditedRows) == ParameterValue(std::string("kept"));
    if (main && kept && m_key.name == TensorName::Pattern && m_document->trace()->edits(m_key) != nullptr)
        explanation =
            tr("How much each query (row) attends to each key (column); rows with weights set by hand "
               "stay as they were set.");
    if (ablationOf(*m_document->shownTrace(), m_key, m_document->selection()->head()))
        explanation = tr("This is switched off: what stands here is what takes its place.");
    m_formula->setFormula(writtenOut(*m_document->shownTrace(), shown, m_key.name), explanation);
}

void ExploreView::followSelection() {
    if (!m_document->shownTrace()) return;
    const Selection* selection = m_document->selection();
    const HeatMapData& numbers = m_heatMap->data();
    const auto place = [&](const Cell& cell) {
        return matrixCell(*m_document->shownTrace(), m_key, numbers.rowCount(), numbers.columnCount(), cell);
    };
    // A pin keeps its outline; a hover, here or in another view, is marked beside it.
    m_heatMap->setCurrent(place(selection->pinned().isNull() ? selection->preview() : selection->pinned()));
    m_heatMap->setHovered(place(selection->preview()));
    m_heads->setCurrentHead(static_cast<int>(shownMatrix()));
}

void ExploreView::followView() {
    HeatMapStyle style;
    style.sequential = colorMapFromString(m_document->view().colormap).value_or(ColorMapId::Viridis);
    style.values = m_document->view().values;
    m_heatMap->setHeatMapStyle(style);
    m_heads->setHeatMapStyle(style);
}

void ExploreView::pinCell(const MatrixCell& cell) {
    Selection* selection = m_document->selection();
    selection->pin(selectionCell(*m_document->shownTrace(), m_key, cell, selection->pinned()));
}

void ExploreView::changeCell(Index row, Index column) {
    m_editing->editEntry(row, column);
}

void ExploreView::move(int rows, int columns) {
    const HeatMapData& numbers = m_heatMap->data();
    if (numbers.isEmpty()) return;
    const MatrixCell now = m_heatMap->current();
    if (!now.isValid()) {
        pinCell({std::max<Index>(now.row, 0), std::max<Index>(now.column, 0)});
        return;
    }
    pinCell({std::clamp<Index>(now.row + rows, 0, numbers.rowCount() - 1),
             std::clamp<Index>(now.column + columns, 0, numbers.columnCount() - 1)});
}

void ExploreView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) refresh();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
