#pragma once
/// The window's workspaces: a row of tabs, and the chosen page below it.

#include "ui/views/workspace.h"

#include <QString>
#include <QWidget>

#include <span>
#include <vector>

class QStackedWidget;
class QTabBar;

namespace attn::ui {

class SceneDocument;

/// One workspace: its name in scenes and on the command line, its tab, and what makes it.
struct WorkspaceEntry {
    const char* name;
    const char* title;  ///< marked for translation
    const char* tip;
    Workspace* (*make)(SceneDocument* document, QWidget* parent);
};
/// All of them, in the order of the tabs. Explore is the first.
[[nodiscard]] std::span<const WorkspaceEntry> workspaceEntries();
/// "explore, heads, softmax, …"
[[nodiscard]] QString workspaceNames();
[[nodiscard]] bool isWorkspace(const QString& name);

/// Follows the document's view. A page is made when it is shown for the first time.
class Workspaces : public QWidget {
    Q_OBJECT
public:
    explicit Workspaces(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] Workspace* current() const;
    [[nodiscard]] QString currentName() const;
    /// The page, made if need be.
    Workspace* page(const QString& name);
    [[nodiscard]] QTabBar* tabs() const { return m_tabs; }
    void setPresenting(bool presenting);
    void fitToText(int textPx);
    void retranslate();

signals:
    void currentChanged();

private:
    void follow();
    void show(int index);
    Workspace* page(int index);

    SceneDocument* m_document;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    std::vector<Workspace*> m_pages;  ///< null: not made yet
    int m_current = -1;
    int m_textPx = 13;
    bool m_presenting = false;
};

}  // namespace attn::ui
