// What is taken away from the view: figures, data, the table.
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/plot/figure.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/number_text.h"
#include "ui/plot/thumbnails.h"
#include "ui/style/palette.h"
#include "ui/views/explore_view.h"
#include "ui/views/export_dialog.h"
#include "ui/views/tensor_table.h"

#include <QApplication>
#include <QClipboard>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>

namespace attn::ui {

FigureRequest ExploreView::figureRequest() const {
    FigureRequest request;
    const View& view = m_document->view();
    request.tensor = m_key.fullName();
    request.site = m_document->selection()->site().toStdString();
    request.head = m_heatMap->data().head;
    request.theme = paletteFor(*this).theme;
    request.colormap = colorMapFromString(view.colormap).value_or(ColorMapId::Viridis);
    request.values = view.values;
    request.range = view.range;
    return request;
}

namespace {

/// Numbers beside one another from a cell on, with all of their digits, as a spreadsheet takes them.
QString numbersText(const HeatMapData& data, const MatrixCell& from, Index count) {
    QStringList numbers;
    for (Index column = from.column; column < from.column + count; ++column)
        numbers.append(
            QLocale::c().toString(data.value(from.row, column), 'g', QLocale::FloatingPointShortest));
    return numbers.join(QLatin1Char('\t'));
}

}  // namespace

void ExploreView::showMenu(QWidget* plot, const QPoint& position) {
    FigureRequest request = figureRequest();
    if (plot == m_heads) request.view = FigureView::Heads;
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("plotMenu"));
    const auto add = [&](const QString& name, const QString& text) {
        QAction* action = menu.addAction(text);
        action->setObjectName(QStringLiteral("plot.") + name);
        action->setEnabled(!m_heatMap->data().isEmpty());
        return action;
    };
    const MatrixCell cell = plot == m_heatMap ? m_heatMap->cellAt(position) : MatrixCell();
    if (cell.isValid()) {
        const HeatMapData& shown = m_heatMap->data();
        const auto addCopy = [&](const QString& name, const QString& what, const QString& numbers) {
            connect(add(name, what), &QAction::triggered, this,
                    [numbers] { QApplication::clipboard()->setText(numbers); });
        };
        const double number = static_cast<double>(shown.value(cell.row, cell.column));
        addCopy(QStringLiteral("copyNumber"), tr("Copy %1").arg(shortNumber(number)),
                numbersText(shown, cell, 1));
        addCopy(QStringLiteral("copyRow"), tr("Copy the row"),
                numbersText(shown, {cell.row, 0}, shown.columnCount()));
        menu.addSeparator();
    }
    connect(add(QStringLiteral("copyFigure"), tr("Copy figure")), &QAction::triggered, this,
            [this, request] { copyRequest(request); });
    connect(add(QStringLiteral("saveFigure"), tr("Save figure…")), &QAction::triggered, this,
            [this, request] {
                if (!m_document->shownTrace()) return;
                ExportDialog(m_document->shownTrace(), request, this).exec();
            });
    menu.addSeparator();
    connect(add(QStringLiteral("copyData"), tr("Copy data")), &QAction::triggered, this, [this, request] {
        const auto numbers = makeData(*m_document->shownTrace(), request, DataFormat::Csv);
        if (numbers) QApplication::clipboard()->setText(QString::fromStdString(*numbers));
    });
    connect(add(QStringLiteral("saveData"), tr("Save data…")), &QAction::triggered, this,
            [this, request] { saveDataOf(request); });
    if (plot == m_heatMap) {
        connect(add(QStringLiteral("table"), tr("Show as table")), &QAction::triggered, this,
                &ExploreView::showTable);
    }
    menu.exec(plot->mapToGlobal(position));
}

void ExploreView::copyRequest(const FigureRequest& request) {
    if (!m_document->shownTrace()) return;
    const auto spec = makeFigure(*m_document->shownTrace(), request);
    auto numbers = spec ? figureMimeData(*spec) : tl::unexpected(spec.error());
    if (numbers) {
        QApplication::clipboard()->setMimeData(numbers->release());
    } else {
        QMessageBox::warning(this, tr("Copy figure"), errorText(numbers.error()));
    }
}

void ExploreView::copyFigure() {
    copyRequest(figureRequest());
}

void ExploreView::exportFigure() {
    if (!m_document->shownTrace()) return;
    ExportDialog(m_document->shownTrace(), figureRequest(), this).exec();
}

void ExploreView::copyData() {
    if (!m_document->shownTrace()) return;
    const auto numbers = makeData(*m_document->shownTrace(), figureRequest(), DataFormat::Csv);
    if (numbers) QApplication::clipboard()->setText(QString::fromStdString(*numbers));
}

void ExploreView::saveData() {
    saveDataOf(figureRequest());
}

void ExploreView::saveDataOf(const FigureRequest& request) {
    if (!m_document->shownTrace()) return;
    const QString path = askExportPath(this, tr("Save data"), suggestedName(request),
                                       {{QStringLiteral("csv"), tr("Table (*.csv)")},
                                        {QStringLiteral("json"), tr("JSON (*.json)")},
                                        {QStringLiteral("npy"), tr("NumPy array (*.npy)")}});
    if (path.isEmpty()) return;
    const auto written = exportFile(*m_document->shownTrace(), request, path.toStdU16String());
    if (!written) QMessageBox::warning(this, tr("Save data"), errorText(written.error()));
}

void ExploreView::showTable() {
    if (m_heatMap->data().isEmpty()) return;
    auto* table = new TensorTable(m_heatMap->data(), this);
    table->show();
}

}  // namespace attn::ui
