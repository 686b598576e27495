#pragma once
/// Which model answers: the toy, a trained one that comes with the program, one that was opened lately, or a
/// folder.

#include "core/model/builtin_models.h"

#include <QPushButton>
#include <QStringList>

#include <functional>
#include <vector>

class QMenu;

namespace attn::ui {

class SceneDocument;

class ModelChooser : public QPushButton {
    Q_OBJECT
public:
    explicit ModelChooser(SceneDocument* document, QWidget* parent = nullptr);

    /// Folders of models that were opened lately, newest first; asked when the menu opens.
    void setRecentFolders(std::function<QStringList()> recentFolders);

signals:
    void folderWanted();  ///< "Open a folder…"

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void fillMenu();
    QAction* addModel(const QString& model, const QString& title, const QString& tip);

    SceneDocument* m_document;
    QMenu* m_menu;
    std::vector<BuiltInModel> m_builtIn;
    std::function<QStringList()> m_recentFolders;
};

}  // namespace attn::ui
