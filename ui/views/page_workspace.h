#pragma once
/// A workspace that is one page of plots: what it hands to the clipboard, to files and to the export dialog
/// comes from one source.

#include "ui/views/figure_source.h"
#include "ui/views/workspace.h"

#include <functional>

namespace attn::ui {

class PageWorkspace : public Workspace {
    Q_OBJECT
public:
    using Workspace::Workspace;

    void copyFigure() override { copyFigureOf(pageSource()); }
    void exportFigure() override { exportFigureOf(pageSource()); }
    void copyData() override { copyDataOf(pageSource()); }
    void saveData() override { saveDataOf(pageSource()); }

protected:
    /// What is on the page now.
    [[nodiscard]] virtual PageSource pageSource() const = 0;
    /// Copy and save of the whole page, at a widget's context menu.
    void showPageMenu(QWidget* plot, const QPoint& position) { showMenu(plot, position, pageSource()); }
    /// A plot's own context menu: copy and save of the whole page, or of what `source` gives.
    void offerPageMenu(QWidget* plot, std::function<PageSource()> source = {});

private:
    void showMenu(QWidget* plot, const QPoint& position, const PageSource& source);
    void copyFigureOf(const PageSource& source);
    void exportFigureOf(const PageSource& source);
    void copyDataOf(const PageSource& source);
    void saveDataOf(const PageSource& source);
    [[nodiscard]] FigureRequest request() const;
};

}  // namespace attn::ui
