#include "ui/views/tensor_table.h"

#include "core/io/trace_file.h"
#include "ui/style/fonts.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

TensorTableModel::TensorTableModel(HeatMapData data, QObject* parent)
    : QAbstractTableModel(parent), m_data(std::move(data)) {}

int TensorTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_data.rowCount());
}

int TensorTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_data.columnCount());
}

QVariant TensorTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const float value = m_data.value(index.row(), index.column());
    if (std::isinf(value)) return tr("masked");
    return QString::fromStdString(shortestDecimal(value));
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    return orientation == Qt::Vertical ? m_data.rowLabel(section) : m_data.columnLabel(section);
}

TensorTable::TensorTable(const HeatMapData& shown, QWidget* parent)
    : QDialog(parent), m_view(new QTableView(this)) {
    setObjectName(QStringLiteral("tensorTable"));
    setWindowTitle(shown.title);
    setAttribute(Qt::WA_DeleteOnClose);
    m_view->setModel(new TensorTableModel(shown, m_view));
    m_view->setObjectName(QStringLiteral("tensorTable.view"));
    m_view->setAccessibleName(shown.title);
    const double zoom = textZoom(*this);
    m_view->setFont(numberFont(12 * zoom));
    m_view->verticalHeader()->setDefaultSectionSize(static_cast<int>(24 * zoom));
    m_view->horizontalHeader()->setDefaultSectionSize(static_cast<int>(104 * zoom));
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);

    auto* title = new QLabel(
        tr("%1: rows are %2, columns are %3").arg(shown.title, shown.rowTitle, shown.columnTitle), this);
    title->setProperty("look", QStringLiteral("muted"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(title);
    layout->addWidget(m_view, 1);
    layout->addWidget(buttons);
    resize(static_cast<int>(760 * zoom), static_cast<int>(480 * zoom));
}

void TensorTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
        return;
    }
    QDialog::keyPressEvent(event);
}

void TensorTable::copySelected() const {
    QModelIndexList cells = m_view->selectionModel()->selectedIndexes();
    if (cells.isEmpty()) return;
    std::sort(cells.begin(), cells.end());
    QString text;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        if (i > 0) text += cells[i].row() == cells[i - 1].row() ? QLatin1Char('\t') : QLatin1Char('\n');
        text += cells[i].data().toString();
    }
    QApplication::clipboard()->setText(text);
}

}  // namespace attn::ui
