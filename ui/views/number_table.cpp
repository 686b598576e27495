#include "ui/views/number_table.h"

#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <cmath>

namespace attn::ui {

namespace {

constexpr int kWarningRole = Qt::UserRole + 1;

}  // namespace

NumberTable::NumberTable(QWidget* parent) : QTableWidget(parent) {
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::ContiguousSelection);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    connect(this, &QTableWidget::cellDoubleClicked, this, [this](int row) { emit rowChosen(row); });
    dress();
}

void NumberTable::dress() {
    const double zoom = textZoom(*this);
    const Palette& colors = paletteFor(*this);
    const int line = static_cast<int>(std::lround(26 * zoom));
    verticalHeader()->setDefaultSectionSize(line);
    horizontalHeader()->setFixedHeight(line);
    horizontalHeader()->setMinimumSectionSize(static_cast<int>(60 * zoom));
    const QString sheet =
        QStringLiteral(
            "QTableView{background:transparent;border:0;color:%1;selection-background-color:%2;"
            "selection-color:%1}QHeaderView{background:transparent;border:0}QHeaderView::section{background:"
            "transparent;border:0;border-bottom:1px solid %3;color:%4;padding:2px 6px;font-weight:600}"
            "QTableView::item{padding:0 6px;border:0;border-bottom:1px solid %3}")
            .arg(colors.text.name(), colors.selection.name(), colors.line.name(), colors.muted.name());
    if (sheet != styleSheet()) setStyleSheet(sheet);
    for (int row = 0; row < rowCount(); ++row) {
        for (int column = 0; column < columnCount(); ++column) dressCell(item(row, column));
    }
}

void NumberTable::dressCell(QTableWidgetItem* item) const {
    if (item == nullptr) return;
    const double zoom = textZoom(*this);
    const Palette& colors = paletteFor(*this);
    const bool warning = item->data(kWarningRole).toBool();
    const bool marked = item->row() == m_marked;
    item->setFont(numberFont(12 * zoom, marked ? QFont::Bold : QFont::Normal));
    item->setForeground(warning ? colors.warning : colors.text);
    item->setBackground(warning ? QBrush(colors.warningGround) : marked ? QBrush(colors.hover) : QBrush());
}

void NumberTable::setHeaders(const QStringList& columns) {
    if (columnCount() != columns.size()) setColumnCount(static_cast<int>(columns.size()));
    for (int i = 0; i < columns.size(); ++i) {
        if (horizontalHeaderItem(i) != nullptr && horizontalHeaderItem(i)->text() == columns[i]) continue;
        auto* header = new QTableWidgetItem(columns[i]);
        header->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        setHorizontalHeaderItem(i, header);
    }
}

void NumberTable::setCell(int row, int column, const QString& text, bool warning, const QString& tip) {
    QTableWidgetItem* cell = item(row, column);
    if (cell == nullptr) {
        cell = new QTableWidgetItem;
        cell->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        setItem(row, column, cell);
        dressCell(cell);
    }
    if (cell->text() != text) cell->setText(text);
    if (cell->toolTip() != tip) cell->setToolTip(tip);
    if (cell->data(kWarningRole).toBool() == warning) return;
    cell->setData(kWarningRole, warning);
    dressCell(cell);
}

void NumberTable::setMarkedRow(int row) {
    if (row == m_marked) return;
    m_marked = row;
    for (int r = 0; r < rowCount(); ++r) {
        for (int c = 0; c < columnCount(); ++c) dressCell(item(r, c));
    }
}

QSize NumberTable::sizeHint() const {
    const int rows = verticalHeader()->length();
    const int bar = horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0;
    return {200, horizontalHeader()->height() + rows + bar + 2};
}

QSize NumberTable::minimumSizeHint() const {
    return {120, sizeHint().height()};
}

void NumberTable::changeEvent(QEvent* event) {
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        dress();
        updateGeometry();
    }
}

void NumberTable::resizeEvent(QResizeEvent* event) {
    QTableWidget::resizeEvent(event);
    updateGeometry();
}

/// The page scrolls, not the table, which is as high as its rows.
void NumberTable::wheelEvent(QWheelEvent* event) {
    if (event->angleDelta().x() != 0) {
        QTableWidget::wheelEvent(event);
    } else {
        event->ignore();
    }
}

void NumberTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QString text;
        for (const QTableWidgetSelectionRange& range : selectedRanges()) {
            for (int row = range.topRow(); row <= range.bottomRow(); ++row) {
                for (int column = range.leftColumn(); column <= range.rightColumn(); ++column) {
                    if (column > range.leftColumn()) text += QLatin1Char('\t');
                    if (item(row, column) != nullptr) text += item(row, column)->text();
                }
                text += QLatin1Char('\n');
            }
        }
        QApplication::clipboard()->setText(text);
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentRow() >= 0) {
        emit rowChosen(currentRow());
        return;
    }
    QTableWidget::keyPressEvent(event);
}

}  // namespace attn::ui
