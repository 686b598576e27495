#include "ui/views/cell_editing.h"

#include "core/trace/shown_tokens.h"
#include "ui/model/scene_document.h"
#include "ui/views/cell_editor.h"

#include <QEvent>
#include <QLocale>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr double kPixelsOfRange =
    300;  ///< dragged so far, a number goes from one end of the colours to the other

/// A power of ten, so that what is dragged has few digits.
double scrubStep(const ValueRange& range) {
    const double wide = (range.high - range.low) / kPixelsOfRange;
    return wide > 0 ? std::pow(10.0, std::ceil(std::log10(wide) - 0.5)) : 0.01;
}

}  // namespace

CellEditing::CellEditing(SceneDocument* document, HeatMapWidget* heatMap)
    : QObject(heatMap), m_document(document), m_heatMap(heatMap), m_editor(new CellEditor(heatMap)) {
    connect(heatMap, &HeatMapWidget::doubleClicked, this, [this](const MatrixCell& cell) { open(cell, {}); });
    connect(heatMap, &HeatMapWidget::editRequested, this, &CellEditing::edit);
    connect(heatMap, &HeatMapWidget::scrubStarted, this, &CellEditing::startScrub);
    connect(heatMap, &HeatMapWidget::scrubbed, this, &CellEditing::scrub);
    connect(heatMap, &HeatMapWidget::scrubFinished, this, &CellEditing::finishScrub);
    connect(m_editor, &CellEditor::committed, this, &CellEditing::commit);
    connect(m_editor, &CellEditor::goOn, this, &CellEditing::goOn);
    heatMap->installEventFilter(this);
}

void CellEditing::setTensor(const TensorKey& key) {
    m_key = key;
    if (m_editor->isVisible() && !(placeOf(m_cell) == m_opened)) m_editor->dismiss();
    showHint();
}

CellEditing::Place CellEditing::placeOf(const MatrixCell& cell) const {
    const HeatMapData& data = m_heatMap->data();
    Place place{m_key, data.head, {}, {}, m_document->inputs().model};
    if (data.isEmpty() || !cell.isValid() || cell.row >= data.rowCount() || cell.column >= data.columnCount())
        return place;
    place.row = data.rowLabel(cell.row);
    place.column = data.columnLabel(cell.column);
    return place;
}

void CellEditing::showHint() {
    m_heatMap->setHint(isEditable(m_key.name)
                           ? tr("Double click or type to change it, or drag up and down with Ctrl held")
                           : QString());
}

bool CellEditing::isPossible(const MatrixCell& cell) const {
    const HeatMapData& data = m_heatMap->data();
    return isEditable(m_key.name) && !data.isEmpty() && cell.isValid() && cell.row < data.rowCount() &&
           cell.column < data.columnCount();
}

void CellEditing::edit(const QString& typed) {
    const MatrixCell current = m_heatMap->current();
    open(current.isValid() ? current : m_heatMap->hovered(), typed);
}

void CellEditing::editEntry(Index row, Index column) {
    const TracePtr& shown = m_document->shownTrace();
    if (!shown) return;
    const auto [rowAxis, columnAxis] = axes(m_key);
    open({placeOfToken(*shown, m_key, rowAxis, row), placeOfToken(*shown, m_key, columnAxis, column)}, {});
}

std::optional<MatrixCell> CellEditing::entryAt(const MatrixCell& cell) const {
    const TracePtr& shown = m_document->shownTrace();
    if (!shown) return std::nullopt;
    const auto [rowAxis, columnAxis] = axes(m_key);
    const TokenRun rows = tokensAt(*shown, m_key, rowAxis, cell.row);
    const TokenRun columns = tokensAt(*shown, m_key, columnAxis, cell.column);
    if (rows.count != 1 || columns.count != 1) return std::nullopt;
    return MatrixCell{rows.first, columns.first};
}

/// The tensor's own number, where the picture shows another one (rows that sum to 1 without what is hidden).
double CellEditing::valueAt(const MatrixCell& cell) const {
    const HeatMapData& data = m_heatMap->data();
    const EntryPtr entry = m_document->trace()->find(m_key);
    const TensorPtr tensor = entry ? entry->peek() : nullptr;
    const std::optional<MatrixCell> place = entryAt(cell);
    if (!tensor || !place || data.head >= tensor->heads() || place->row >= tensor->rows() ||
        place->column >= tensor->cols())
        return static_cast<double>(data.value(cell.row, cell.column));
    return static_cast<double>(tensor->at(data.head, place->row, place->column));
}

void CellEditing::open(const MatrixCell& cell, const QString& typed) {
    if (!isPossible(cell)) return;
    m_cell = cell;
    emit cellChosen(cell);
    m_opened = placeOf(cell);
    if (!entryAt(cell)) {
        QToolTip::showText(
            m_heatMap->mapToGlobal(m_heatMap->cellRect(cell).center().toPoint()),
            tr("Several numbers are shown as one here: show the pieces of words to change them"), m_heatMap);
        return;
    }
    m_editor->setAccessibleName(tr("New number for %1").arg(m_heatMap->describe(cell)));
    m_editor->open(m_heatMap->cellRect(cell), editableNumber(valueAt(cell)), typed,
                   [this](double value) { return problem(value); });
}

QString CellEditing::problem(double value) const {
    if (isEditValue(m_key.name, value)) return {};
    if (std::isinf(value)) return tr("Only a score behind the mask can be −∞");
    const QString most = QLocale::c().toString(kLargestEdit, 'f', 0);
    return tr("Numbers from −%1 to %1 can be set").arg(most);
}

void CellEditing::commit(double value) {
    set(m_cell, value);
}

void CellEditing::set(const MatrixCell& cell, double value) {
    if (const std::optional<MatrixCell> entry = entryAt(cell))
        m_document->editCell(m_key, static_cast<int>(m_heatMap->data().head), static_cast<int>(entry->row),
                             static_cast<int>(entry->column), value);
}

void CellEditing::goOn(int rows, int columns) {
    const HeatMapData& data = m_heatMap->data();
    if (data.isEmpty()) return m_editor->dismiss();
    Index row = m_cell.row + rows, column = m_cell.column + columns;
    // Past the end of a row the next one begins.
    if (column >= data.columnCount() && row + 1 < data.rowCount()) {
        column = 0;
        ++row;
    } else if (column < 0 && row > 0) {
        column = data.columnCount() - 1;
        --row;
    }
    open({std::clamp<Index>(row, 0, data.rowCount() - 1),
          std::clamp<Index>(column, 0, data.columnCount() - 1)},
         {});
}

void CellEditing::startScrub(const MatrixCell& cell) {
    m_editor->dismiss();
    if (!isPossible(cell) || !entryAt(cell)) return;
    const double value = valueAt(cell);
    m_scrub = Scrub{cell, std::isfinite(value) ? value : 0, scrubStep(m_heatMap->data().range), false};
}

void CellEditing::scrub(double upPx) {
    if (!m_scrub) return;
    if (!m_scrub->moved) {
        if (upPx == 0) return;
        m_scrub->moved = true;
        m_heatMap->setCursor(Qt::SizeVerCursor);
        m_document->beginGesture(tr("Drag %1").arg(QString::fromLatin1(toString(m_key.name))));
    }
    const double wanted = std::round((m_scrub->from + upPx * m_scrub->step) / m_scrub->step) * m_scrub->step;
    const bool weight = m_key.name == TensorName::Pattern;
    const double low = weight ? 0 : -kLargestEdit, high = weight ? 1 : kLargestEdit;
    // As it would be typed: 0.1 and not 0.1000000001.
    set(m_scrub->cell, QString::number(std::clamp(wanted, low, high), 'g', 6).toDouble());
}

void CellEditing::finishScrub() {
    if (m_scrub && m_scrub->moved) {
        m_heatMap->unsetCursor();
        m_document->endGesture();
    }
    m_scrub.reset();
}

bool CellEditing::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_heatMap && event->type() == QEvent::Resize && m_editor->isVisible())
        m_editor->follow(m_heatMap->cellRect(m_cell));
    if (watched == m_heatMap && event->type() == QEvent::Hide) {
        m_editor->dismiss();
        finishScrub();
    }
    if (event->type() == QEvent::LanguageChange) showHint();
    return QObject::eventFilter(watched, event);
}

}  // namespace attn::ui
