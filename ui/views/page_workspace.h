#pragma once
/// A workspace that is one page of plots: what it hands to the clipboard, to files and to the export dialog
/// comes from one source.

#include "ui/views/figure_source.h"
#include "ui/views/workspace.h"

namespace attn::ui {

class PageWorkspace : public Workspace {
    Q_OBJECT
public:
    using Workspace::Workspace;

    void copyFigure() override;
    void exportFigure() override;
    void copyData() override;
    void saveData() override;

protected:
    /// What is on the page now.
    [[nodiscard]] virtual PageSource pageSource() const = 0;
    /// Copy and save of the whole page, at a widget's context menu.
    void showPageMenu(QWidget* plot, const QPoint& position);
    /// showPageMenu for a plot's own context menu.
    void offerPageMenu(QWidget* plot);

private:
    [[nodiscard]] FigureRequest request() const;
};

}  // namespace attn::ui
