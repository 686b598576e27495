#include "ui/views/page_workspace.h"

#include "ui/model/error_text.h"
#include "ui/views/export_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>

#include <utility>

namespace attn::ui {

FigureRequest PageWorkspace::request() const {
    FigureRequest request;
    request.theme = paletteFor(*this).theme;
    return request;
}

void PageWorkspace::copyFigureOf(const PageSource& source) {
    const auto spec = source.figure(request());
    auto picture = spec ? figureMimeData(*spec) : tl::unexpected(spec.error());
    if (picture) {
        QApplication::clipboard()->setMimeData(picture->release());
    } else {
        QMessageBox::warning(this, tr("Copy figure"), errorText(picture.error()));
    }
}

void PageWorkspace::exportFigureOf(const PageSource& source) {
    ExportDialog(std::make_shared<PageSource>(source), request(), this).exec();
}

void PageWorkspace::copyDataOf(const PageSource& source) {
    const auto text = source.data(request(), DataFormat::Csv);
    if (text) {
        QApplication::clipboard()->setText(QString::fromStdString(*text));
    } else {
        QMessageBox::warning(this, tr("Copy data"), errorText(text.error()));
    }
}

void PageWorkspace::saveDataOf(const PageSource& source) {
    const QString path = askExportPath(
        this, tr("Save data"), source.suggestedName(request()),
        {{QStringLiteral("csv"), tr("Table (*.csv)")}, {QStringLiteral("json"), tr("JSON (*.json)")}});
    if (path.isEmpty()) return;
    const auto written = source.write(request(), path.toStdU16String());
    if (!written) QMessageBox::warning(this, tr("Save data"), errorText(written.error()));
}

void PageWorkspace::showMenu(QWidget* plot, const QPoint& position, const PageSource& source) {
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("plotMenu"));
    const auto add = [&](const QString& name, const QString& text,
                         void (PageWorkspace::*what)(const PageSource&)) {
        QAction* action = menu.addAction(text);
        action->setObjectName(QStringLiteral("plot.") + name);
        connect(action, &QAction::triggered, this, [this, what, source] { (this->*what)(source); });
    };
    add(QStringLiteral("copyFigure"), tr("Copy figure"), &PageWorkspace::copyFigureOf);
    add(QStringLiteral("saveFigure"), tr("Save figure…"), &PageWorkspace::exportFigureOf);
    menu.addSeparator();
    add(QStringLiteral("copyData"), tr("Copy data"), &PageWorkspace::copyDataOf);
    add(QStringLiteral("saveData"), tr("Save data…"), &PageWorkspace::saveDataOf);
    menu.exec(plot->mapToGlobal(position));
}

void PageWorkspace::offerPageMenu(QWidget* plot, std::function<PageSource()> source) {
    plot->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(plot, &QWidget::customContextMenuRequested, this,
            [this, plot, source = std::move(source)](const QPoint& position) {
                showMenu(plot, position, source ? source() : pageSource());
            });
}

}  // namespace attn::ui
