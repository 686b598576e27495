#include "ui/views/page_workspace.h"

#include "ui/model/error_text.h"
#include "ui/views/export_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>

namespace attn::ui {

FigureRequest PageWorkspace::request() const {
    FigureRequest request;
    request.theme = paletteFor(*this).theme;
    return request;
}

void PageWorkspace::copyFigure() {
    const auto spec = pageSource().figure(request());
    auto picture = spec ? figureMimeData(*spec) : tl::unexpected(spec.error());
    if (picture) {
        QApplication::clipboard()->setMimeData(picture->release());
    } else {
        QMessageBox::warning(this, tr("Copy figure"), errorText(picture.error()));
    }
}

void PageWorkspace::exportFigure() {
    ExportDialog(std::make_shared<PageSource>(pageSource()), request(), this).exec();
}

void PageWorkspace::copyData() {
    const auto text = pageSource().data(request(), DataFormat::Csv);
    if (text) {
        QApplication::clipboard()->setText(QString::fromStdString(*text));
    } else {
        QMessageBox::warning(this, tr("Copy data"), errorText(text.error()));
    }
}

void PageWorkspace::saveData() {
    const PageSource source = pageSource();
    const QString path = askExportPath(
        this, tr("Save data"), source.suggestedName(request()),
        {{QStringLiteral("csv"), tr("Table (*.csv)")}, {QStringLiteral("json"), tr("JSON (*.json)")}});
    if (path.isEmpty()) return;
    const auto written = source.write(request(), path.toStdU16String());
    if (!written) QMessageBox::warning(this, tr("Save data"), errorText(written.error()));
}

void PageWorkspace::showPageMenu(QWidget* plot, const QPoint& position) {
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("plotMenu"));
    const auto add = [&](const QString& name, const QString& text, void (PageWorkspace::*what)()) {
        QAction* action = menu.addAction(text);
        action->setObjectName(QStringLiteral("plot.") + name);
        connect(action, &QAction::triggered, this, what);
    };
    add(QStringLiteral("copyFigure"), tr("Copy figure"), &PageWorkspace::copyFigure);
    add(QStringLiteral("saveFigure"), tr("Save figure…"), &PageWorkspace::exportFigure);
    menu.addSeparator();
    add(QStringLiteral("copyData"), tr("Copy data"), &PageWorkspace::copyData);
    add(QStringLiteral("saveData"), tr("Save data…"), &PageWorkspace::saveData);
    menu.exec(plot->mapToGlobal(position));
}

void PageWorkspace::offerPageMenu(QWidget* plot) {
    plot->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(plot, &QWidget::customContextMenuRequested, this,
            [this, plot](const QPoint& position) { showPageMenu(plot, position); });
}

}  // namespace attn::ui
