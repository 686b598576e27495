// The window's menus: every action, with its name, text and keys.
#include "ui/model/error_text.h"
#include "ui/model/selection.h"
#include "ui/plot/color_map.h"
#include "ui/views/example_menu.h"
#include "ui/views/sentence_bar.h"
#include "ui/window/keys_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/workspaces.h"

#include <QActionGroup>
#include <QApplication>
#include <QDesktopServices>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>

namespace attn::ui {
namespace {

constexpr int kZoomStep = 10;

}  // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& name, const QString& text,
                               const QKeySequence& keys) {
    QAction* action = menu->addAction(text);
    action->setObjectName(name);
    if (!keys.isEmpty()) action->setShortcut(keys);
    return action;
}

void MainWindow::addWorkspaceAction(QMenu* menu, const QString& name, const QString& text,
                                    const QKeySequence& keys, void (Workspace::*what)()) {
    connect(addAction(menu, name, text, keys), &QAction::triggered, this,
            [this, what] { (m_workspaces->current()->*what)(); });
}

void MainWindow::buildMenus() {
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildExamplesMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    connect(addAction(menu, QStringLiteral("file.new"), tr("&New"), QKeySequence::New), &QAction::triggered,
            this, &MainWindow::newScene);
    connect(addAction(menu, QStringLiteral("file.open"), tr("&Open…"), QKeySequence::Open),
            &QAction::triggered, this, &MainWindow::chooseAndOpen);
    connect(addAction(menu, QStringLiteral("file.openModel"), tr("Open &model folder…"),
                      QKeySequence(tr("Ctrl+Shift+O"))),
            &QAction::triggered, this, &MainWindow::chooseModelFolder);
    m_recentMenu = menu->addMenu(tr("Open &recent"));
    m_recentMenu->menuAction()->setObjectName(QStringLiteral("file.recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    menu->addSeparator();
    connect(addAction(menu, QStringLiteral("file.save"), tr("&Save"), QKeySequence::Save),
            &QAction::triggered, this, &MainWindow::save);
    connect(addAction(menu, QStringLiteral("file.saveAs"), tr("Save &as…"), QKeySequence(tr("Ctrl+Shift+S"))),
            &QAction::triggered, this, &MainWindow::saveAs);
    menu->addSeparator();
    addWorkspaceAction(menu, QStringLiteral("file.export"), tr("&Export figure…"), QKeySequence(tr("Ctrl+E")),
                       &Workspace::exportFigure);
    addWorkspaceAction(menu, QStringLiteral("file.saveData"), tr("Save &data…"),
                       QKeySequence(tr("Ctrl+Shift+E")), &Workspace::saveData);
    menu->addSeparator();
    connect(addAction(menu, QStringLiteral("file.quit"), tr("&Quit"), QKeySequence::Quit),
            &QAction::triggered, this, &QWidget::close);
}

void MainWindow::fillRecentMenu() {
    m_recentMenu->clear();
    const QStringList files = m_settings ? m_settings->recentFiles() : QStringList();
    for (const QString& path : files) {
        const QFileInfo file(path);
        QAction* action =
            m_recentMenu->addAction(file.isDir() ? tr("%1 (model)").arg(file.fileName()) : file.fileName());
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { openFile(path); });
    }
    if (files.isEmpty()) {
        m_recentMenu->addAction(tr("None yet"))->setEnabled(false);
        return;
    }
    m_recentMenu->addSeparator();
    connect(m_recentMenu->addAction(tr("Forget them")), &QAction::triggered, this,
            [this] { m_settings->clearRecentFiles(); });
}

void MainWindow::buildEditMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    // The stack's actions name the step; the document takes it, for it may have to open a model.
    QUndoStack* stack = m_document.undoStack();
    const auto addStep = [&](QAction* action, const char* name, const QList<QKeySequence>& keys,
                             void (SceneDocument::*step)()) {
        action->setObjectName(QLatin1String(name));
        action->setShortcuts(keys);
        disconnect(action, &QAction::triggered, stack, nullptr);
        connect(action, &QAction::triggered, &m_document, step);
        menu->addAction(action);
    };
    addStep(stack->createUndoAction(menu, tr("&Undo")), "edit.undo", {QKeySequence::Undo},
            &SceneDocument::undo);
    addStep(stack->createRedoAction(menu, tr("&Redo")), "edit.redo",
            {QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))}, &SceneDocument::redo);
    menu->addSeparator();
    addWorkspaceAction(menu, QStringLiteral("edit.copyFigure"), tr("Copy &figure"),
                       QKeySequence(tr("Ctrl+Shift+C")), &Workspace::copyFigure);
    addWorkspaceAction(menu, QStringLiteral("edit.copyData"), tr("Copy &data"), {}, &Workspace::copyData);
    menu->addSeparator();
    connect(addAction(menu, QStringLiteral("edit.clearPainted"), tr("Remove &painted mask cells"), {}),
            &QAction::triggered, &m_document, &SceneDocument::clearPainted);
    connect(addAction(menu, QStringLiteral("edit.clearEdits"), tr("Reset &numbers set by hand"), {}),
            &QAction::triggered, &m_document, &SceneDocument::clearEdits);
    QAction* toggleHead = addAction(menu, QStringLiteral("edit.toggleHead"),
                                    tr("Switch the selected &head off or on"), QKeySequence(tr("Ctrl+H")));
    connect(toggleHead, &QAction::triggered, this, [this] {
        m_document.toggleHead(m_document.selection()->site(), m_document.selection()->head());
    });
    connect(addAction(menu, QStringLiteral("edit.clearAblations"), tr("Switch &everything on"), {}),
            &QAction::triggered, &m_document, &SceneDocument::clearAblations);
    connect(addAction(menu, QStringLiteral("edit.sentence"), tr("Go to the &sentence"),
                      QKeySequence(tr("Ctrl+L"))),
            &QAction::triggered, this, &MainWindow::goToSentence);
}

void MainWindow::goToSentence() {
    if (m_sentence->isHidden()) m_document.setWorkspace(QStringLiteral("explore"));
    m_sentence->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::buildViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    addWorkspaceActions(menu);
    menu->addSeparator();
    QAction* zoomIn = addAction(menu, QStringLiteral("view.zoomIn"), tr("&Larger text"), {});
    zoomIn->setShortcuts({QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))});
    connect(zoomIn, &QAction::triggered, this, [this] { setZoomPercent(m_zoomPercent + kZoomStep); });
    connect(addAction(menu, QStringLiteral("view.zoomOut"), tr("&Smaller text"), QKeySequence(tr("Ctrl+-"))),
            &QAction::triggered, this, [this] { setZoomPercent(m_zoomPercent - kZoomStep); });
    connect(addAction(menu, QStringLiteral("view.zoomReset"), tr("&Normal text"), QKeySequence(tr("Ctrl+0"))),
            &QAction::triggered, this, [this] { setZoomPercent(100); });
    menu->addSeparator();

    auto* themes = new QActionGroup(menu);
    const std::initializer_list<std::tuple<ThemeChoice, QString, const char*>> choices{
        {ThemeChoice::System, tr("Colours of the s&ystem"), "view.theme.system"},
        {ThemeChoice::Light, tr("L&ight"), "view.theme.light"},
        {ThemeChoice::Dark, tr("&Dark"), "view.theme.dark"}};
    for (const auto& [choice, text, name] : choices) {
        QAction* action = addAction(menu, QString::fromLatin1(name), text, {});
        action->setCheckable(true);
        action->setChecked(choice == m_themeChoice);
        themes->addAction(action);
        const ThemeChoice chosen = choice;
        connect(action, &QAction::triggered, this, [this, chosen] { setTheme(chosen); });
    }
    menu->addSeparator();

    QAction* values =
        addAction(menu, QStringLiteral("view.values"), tr("N&umbers in cells"), QKeySequence(tr("Ctrl+D")));
    values->setCheckable(true);
    connect(values, &QAction::triggered, &m_document, &SceneDocument::setShowValues);
    connect(&m_document, &SceneDocument::viewChanged, values,
            [this, values] { values->setChecked(m_document.view().values); });
    values->setChecked(m_document.view().values);
    menu->addSeparator();
    m_presentAction =
        addAction(menu, QStringLiteral("view.present"), tr("&Present"), QKeySequence(tr("F11")));
    m_presentAction->setCheckable(true);
    connect(m_presentAction, &QAction::triggered, this, &MainWindow::setPresenting);
    // Its menu bar is hidden while presenting; the keys must work on.
    for (QAction* action : menu->actions()) QWidget::addAction(action);
}

void MainWindow::addWorkspaceActions(QMenu* menu) {
    auto* group = new QActionGroup(menu);
    int number = 0;
    for (const WorkspaceEntry& entry : workspaceEntries()) {
        const QString name = QString::fromLatin1(entry.name);
        QAction* action = addAction(menu, QStringLiteral("view.workspace.") + name,
                                    Workspaces::tr(entry.title), QKeySequence(tr("Ctrl+%1").arg(++number)));
        action->setCheckable(true);
        group->addAction(action);
        const auto follow = [this, action, name] { action->setChecked(m_workspaces->currentName() == name); };
        follow();
        connect(m_workspaces, &Workspaces::currentChanged, action, follow);
        connect(action, &QAction::triggered, this, [this, name] { m_document.setWorkspace(name); });
    }
}

void MainWindow::buildExamplesMenu() {
    if (m_examples.empty()) return;
    m_examplesMenu = menuBar()->addMenu(tr("E&xamples"));
    m_examplesMenu->setToolTipsVisible(true);
    fillExamplesMenu();
    // Later: one of its own actions may be what changes the model.
    connect(
        &m_document, &SceneDocument::inputsChanged, m_examplesMenu,
        [this] {
            if (m_examplesModel != m_document.inputs().model) fillExamplesMenu();
        },
        Qt::QueuedConnection);
}

void MainWindow::fillExamplesMenu() {
    m_examplesModel = m_document.inputs().model;
    fillExampleMenu(m_examplesMenu, m_examples, m_examplesModel, [this](const Example& example) {
        m_document.applyExample(example.scene, coreText(example.title.c_str()));
    });
}

void MainWindow::buildHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    connect(addAction(menu, QStringLiteral("help.keys"), tr("&Keys and gestures"), QKeySequence(tr("F1"))),
            &QAction::triggered, this, &MainWindow::showShortcuts);
    connect(addAction(menu, QStringLiteral("help.about"), tr("&About Attention Lab"), {}),
            &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::showShortcuts() {
    if (m_keys == nullptr) m_keys = new KeysDialog(this);
    m_keys->show();
    m_keys->raise();
    m_keys->activateWindow();
}

void MainWindow::showAbout() {
    QMessageBox::about(this, tr("About Attention Lab"),
                       tr("<h3>Attention Lab %1</h3><p>A laboratory for attention: every number that "
                          "attention computes for a "
                          "sentence, live.</p><p>Free software under the GNU General Public License, version "
                          "3 or later. Built on Qt, "
                          "Eigen, OpenBLAS, QCustomPlot, ICU, nlohmann-json, CLI11 and libzip.</p>")
                           .arg(QApplication::applicationVersion()));
}

}  // namespace attn::ui
