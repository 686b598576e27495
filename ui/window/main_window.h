#pragma once
/// The window: sentence, controls, the workspace and the inspector around one document.

#include "core/scene/examples.h"
#include "ui/model/scene_document.h"
#include "ui/panels/wheel_guard.h"
#include "ui/style/theme.h"
#include "ui/window/settings.h"

#include <QMainWindow>

class QAction;
class QMenu;

namespace attn::ui {

class ExploreWorkspace;
class KeysDialog;
class NoticeBar;
class PresentationBar;
class SentenceBar;
class Workspace;
class Workspaces;

/// How a window begins.
struct WindowOptions {
    bool remember = true;                     ///< read and write settings; off for screenshots and tests
    ThemeChoice theme = ThemeChoice::System;  ///< without settings
    int zoomPercent = 100;                    ///< without settings
};

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const WindowOptions& options, QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] SceneDocument* document() { return &m_document; }

    /// Opens a scene file in place of the present one, after asking about unsaved work; or a model's folder,
    /// or a built-in model by its name, which is an undoable change of the present scene.
    bool openFile(const QString& path);
    /// The first example, or an empty scene where there are none.
    void openFirstExample();

    void setTheme(ThemeChoice choice);
    void setZoomPercent(int percent);
    [[nodiscard]] int zoomPercent() const { return m_zoomPercent; }
    /// Full screen: sentence, figure and one row of controls, at least 20 px.
    void setPresenting(bool presenting);
    [[nodiscard]] bool isPresenting() const { return m_presenting; }

    /// True when what is on screen belongs to the present scene and nothing is being worked out any more.
    [[nodiscard]] bool isComplete() const;

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildLayout();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void addWorkspaceActions(QMenu* menu);
    /// An action that asks something of the workspace that is shown.
    void addWorkspaceAction(QMenu* menu, const QString& name, const QString& text, const QKeySequence& keys,
                            void (Workspace::*what)());
    void buildExamplesMenu();
    void buildHelpMenu();
    void connectDocument();
    QAction* addAction(QMenu* menu, const QString& name, const QString& text, const QKeySequence& keys);

    void goToSentence();
    void newScene();
    void chooseAndOpen();
    void chooseModelFolder();
    void remember(const QString& path);
    [[nodiscard]] QStringList recentModelFolders() const;
    void fillExamplesMenu();
    bool save();
    bool saveAs();
    bool saveTo(const QString& path);
    /// True where nothing is lost by going on: saved, discarded on purpose, or unchanged.
    bool settleUnsavedWork();
    void fillRecentMenu();
    void updateTitle();
    void showShortcuts();
    void showAbout();
    void applyAppearance();
    void fitToText();
    void followWorkspace();

    WindowOptions m_options;
    std::unique_ptr<Settings> m_settings;  ///< null where nothing is remembered
    ThemeController m_theme;
    WheelGuard m_wheelGuard;
    ThemeChoice m_themeChoice;
    int m_zoomPercent;
    int m_textPx = 13;
    bool m_presenting = false;
    bool m_wasMaximized = false;
    std::vector<Example> m_examples;

    SceneDocument m_document;
    SentenceBar* m_sentence = nullptr;
    NoticeBar* m_notice = nullptr;
    KeysDialog* m_keys = nullptr;  ///< made when it is asked for
    PresentationBar* m_presentationBar = nullptr;
    Workspaces* m_workspaces = nullptr;
    ExploreWorkspace* m_explore = nullptr;
    QMenu* m_recentMenu = nullptr;
    QMenu* m_examplesMenu = nullptr;
    std::string m_examplesModel;  ///< whose examples stand first in the menu
    QAction* m_presentAction = nullptr;
};

}  // namespace attn::ui
