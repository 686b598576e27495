#pragma once
/// Which model answers: the toy, a trained one that comes with the program, one that was opened lately, or a
/// folder.

#include "core/model/builtin_models.h"
#include "core/scene/examples.h"

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
    /// `examples` live as long as this.
    ModelChooser(SceneDocument* document, const std::vector<Example>& examples, QWidget* parent = nullptr);

    /// Folders of models that were opened lately, newest first; asked when the menu opens.
    void setRecentFolders(std::function<QStringList()> recentFolders);

signals:
    void folderWanted();  ///< "Open a folder…"

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void fillMenu();
    /// The model with the present text; with an example of its own where that text is only an example.
    void choose(const QString& model);
    QAction* addModel(const QString& model, const QString& title, const QString& tip);

    SceneDocument* m_document;
    const std::vector<Example>& m_examples;
    QMenu* m_menu;
    std::vector<BuiltInModel> m_builtIn;
    std::function<QStringList()> m_recentFolders;
};

}  // namespace attn::ui
