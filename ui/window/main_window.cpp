#include "ui/window/main_window.h"

#include "core/io/file.h"
#include "core/model/builtin_models.h"
#include "ui/model/error_text.h"
#include "ui/views/model_chooser.h"
#include "ui/views/sentence_bar.h"
#include "ui/window/explore_workspace.h"
#include "ui/window/notice_bar.h"
#include "ui/window/opening_bar.h"
#include "ui/window/presentation_bar.h"
#include "ui/window/workspaces.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSplitter>
#include <QVBoxLayout>

namespace attn::ui {
namespace {

constexpr int kMarginPx = 12;
constexpr int kPresentationTextPx = 20, kTextPx = 13;

QString sceneFilter() {
    return MainWindow::tr("Scenes (*.attn)");
}

}  // namespace

MainWindow::MainWindow(const WindowOptions& options, QWidget* parent)
    : QMainWindow(parent),
      m_options(options),
      m_settings(options.remember ? std::make_unique<Settings>() : nullptr),
      m_themeChoice(m_settings ? m_settings->theme() : options.theme),
      m_zoomPercent(m_settings ? m_settings->zoomPercent() : options.zoomPercent) {
    setObjectName(QStringLiteral("mainWindow"));
    applyAppearance();
    ExampleLibrary library = exampleLibrary(resourceFolder());
    m_examples = std::move(library.examples);
    buildLayout();
    buildMenus();
    connectDocument();
    if (library.error) m_notice->showNotice(errorText(*library.error));

    setAcceptDrops(true);
    setMinimumSize(760, 520);
    resize(1440, 900);
    if (m_settings) {
        restoreGeometry(m_settings->geometry());
        m_explore->splitter()->restoreState(m_settings->splitter());
    }
    fitToText();
    updateTitle();
}

MainWindow::~MainWindow() {
    m_document.disconnect(this);
    // What looks at the document goes before it: a page that is hidden still asks it something.
    delete takeCentralWidget();
}

void MainWindow::buildLayout() {
    auto* central = new QWidget(this);
    m_sentence = new SentenceBar(&m_document, m_examples, central);
    m_notice = new NoticeBar(central);
    auto* opening = new OpeningBar(&m_document, central);
    m_presentationBar = new PresentationBar(&m_document, central);
    m_workspaces = new Workspaces(&m_document, central);
    m_explore = static_cast<ExploreWorkspace*>(m_workspaces->page(QStringLiteral("explore")));

    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(kMarginPx, 4, kMarginPx, kMarginPx);
    layout->setSpacing(kMarginPx);
    layout->addWidget(m_sentence);
    layout->addWidget(m_notice);
    layout->addWidget(opening);
    layout->addWidget(m_presentationBar);
    layout->addWidget(m_workspaces, 1);
    m_presentationBar->hide();
    setCentralWidget(central);

    connect(m_workspaces, &Workspaces::currentChanged, this, &MainWindow::followWorkspace);
    connect(m_presentationBar, &PresentationBar::leaveRequested, this, [this] { setPresenting(false); });
}

void MainWindow::connectDocument() {
    connect(&m_document, &SceneDocument::fileChanged, this, &MainWindow::updateTitle);
    connect(&m_document, &SceneDocument::failed, m_notice, &NoticeBar::showNotice);
    connect(&m_document, &SceneDocument::inputsChanged, m_notice, &NoticeBar::clear);
    connect(&m_document, &SceneDocument::opened, this,
            [this](const QString& path, const QStringList& unknownKeys) {
                remember(path);
                if (unknownKeys.isEmpty()) return;
                m_notice->showNotice(
                    tr("%1 holds keys that this version does not know; they are kept: %2")
                        .arg(QFileInfo(path).fileName(), unknownKeys.join(QStringLiteral(", "))));
            });
    connect(m_sentence->modelChooser(), &ModelChooser::folderWanted, this, &MainWindow::chooseModelFolder);
    m_sentence->modelChooser()->setRecentFolders([this] { return recentModelFolders(); });
}

bool MainWindow::openFile(const QString& path) {
    const QFileInfo file(path);
    if (file.isDir() || (!file.exists() && resolveModel(path.toStdString()))) {
        m_notice->clear();
        m_document.openModel(file.isDir() ? file.absoluteFilePath() : path);
        return true;
    }
    if (!settleUnsavedWork()) return false;
    QString error;
    if (m_document.open(path, &error)) return true;
    m_notice->showNotice(error);
    return false;
}

void MainWindow::remember(const QString& path) {
    if (!m_settings) return;
    m_settings->addRecentFile(path);
    const QFileInfo file(path);
    if (file.isDir()) {
        m_settings->setLastModelFolder(file.absolutePath());
    } else {
        m_settings->setLastFolder(file.absolutePath());
    }
}

QStringList MainWindow::recentModelFolders() const {
    QStringList folders = m_settings ? m_settings->recentFiles() : QStringList();
    folders.erase(std::remove_if(folders.begin(), folders.end(),
                                 [](const QString& path) { return !QFileInfo(path).isDir(); }),
                  folders.end());
    return folders;
}

void MainWindow::openFirstExample() {
    const Example* start = startExample(m_examples);
    m_document.newScene(start == nullptr ? Scene{} : start->scene);
}

void MainWindow::newScene() {
    if (!settleUnsavedWork()) return;
    Scene scene;  // the present parameters stay: a new sentence, not a new laboratory
    scene.inputs.parameters = m_document.parameters();
    scene.experiments = m_document.experiments();
    scene.view = m_document.view();
    scene.view.query = scene.view.key = -1;
    m_document.newScene(scene);
    m_sentence->setFocus();
}

void MainWindow::chooseAndOpen() {
    const QString folder = m_settings ? m_settings->lastFolder() : QString();
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a scene"), folder, sceneFilter());
    if (!path.isEmpty()) openFile(path);
}

void MainWindow::chooseModelFolder() {
    const QString folder = m_settings ? m_settings->lastModelFolder() : QString();
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a model's folder"), folder);
    if (!path.isEmpty()) openFile(path);
}

bool MainWindow::save() {
    return m_document.filePath().isEmpty() ? saveAs() : saveTo(m_document.filePath());
}

bool MainWindow::saveAs() {
    const QString folder = m_settings ? m_settings->lastFolder() : QString();
    const QString proposed =
        m_document.filePath().isEmpty() ? folder + QStringLiteral("/scene.attn") : m_document.filePath();
    QFileDialog dialog(this, tr("Save the scene"), proposed, sceneFilter());
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("attn"));
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return false;
    return saveTo(dialog.selectedFiles().constFirst());
}

bool MainWindow::saveTo(const QString& path) {
    QString error;
    if (!m_document.save(path, &error)) {
        m_notice->showNotice(error);
        return false;
    }
    remember(m_document.filePath());
    return true;
}

bool MainWindow::settleUnsavedWork() {
    if (!m_document.isModified()) return true;
    QMessageBox box(QMessageBox::Question, tr("Unsaved work"),
                    tr("Save the changes to %1 before they are lost?").arg(m_document.displayName()),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box.setDefaultButton(QMessageBox::Save);
    box.setObjectName(QStringLiteral("unsavedWork"));
    switch (box.exec()) {
        case QMessageBox::Save:
            return save();
        case QMessageBox::Discard:
            return true;
        default:
            return false;
    }
}

void MainWindow::setTheme(ThemeChoice choice) {
    m_themeChoice = choice;
    if (m_settings) m_settings->setTheme(choice);
    applyAppearance();
}

void MainWindow::setZoomPercent(int percent) {
    m_zoomPercent = std::clamp(percent, Settings::kMinZoomPercent, Settings::kMaxZoomPercent);
    if (m_settings) m_settings->setZoomPercent(m_zoomPercent);
    applyAppearance();
}

void MainWindow::applyAppearance() {
    constexpr int kPresentationPercent = (100 * kPresentationTextPx + kTextPx - 1) / kTextPx;
    const int percent = m_presenting ? std::max(m_zoomPercent, kPresentationPercent) : m_zoomPercent;
    m_theme.apply(m_themeChoice, percent / 100.0);
    m_textPx = kTextPx * percent / 100;
    fitToText();
}

/// What gives way where the window is small for the size of its text.
void MainWindow::fitToText() {
    constexpr int kLowInLines = 42, kLowWithoutSentence = 64;
    if (m_workspaces == nullptr) return;
    const bool low = height() < kLowInLines * m_textPx;
    const bool needed = m_workspaces->current()->needsSentence();
    m_sentence->setCompact(low || !needed);
    m_sentence->setVisible(needed || height() >= kLowWithoutSentence * m_textPx);
    m_workspaces->fitToText(m_textPx);
}

void MainWindow::followWorkspace() {
    m_presentationBar->setParametersVisible(m_workspaces->current() == m_explore);
    fitToText();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    fitToText();
}

void MainWindow::setPresenting(bool presenting) {
    if (presenting == m_presenting) return;
    m_presenting = presenting;
    if (presenting) m_wasMaximized = isMaximized();
    m_presentAction->setChecked(presenting);
    m_workspaces->setPresenting(presenting);
    menuBar()->setVisible(!presenting);
    m_presentationBar->setVisible(presenting);
    applyAppearance();
    if (presenting) {
        showFullScreen();
    } else if (m_wasMaximized) {
        showMaximized();
    } else {
        showNormal();
    }
}

bool MainWindow::isComplete() const {
    return m_document.trace() != nullptr && m_document.isCurrent() && m_workspaces->current()->isComplete();
}

void MainWindow::updateTitle() {
    setWindowTitle(tr("%1[*] — Attention Lab").arg(m_document.displayName()));
    setWindowModified(m_document.isModified());
    setWindowFilePath(m_document.filePath());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!settleUnsavedWork()) {
        event->ignore();
        return;
    }
    if (m_settings) {
        setPresenting(false);
        m_settings->setGeometry(saveGeometry());
        m_settings->setSplitter(m_explore->splitter()->saveState());
    }
    event->accept();
}

namespace {

/// The first scene or folder among what is dropped.
QString droppedPath(const QMimeData* data) {
    for (const QUrl& url : data->urls()) {
        if (!url.isLocalFile()) continue;
        const QString path = url.toLocalFile();
        if (path.endsWith(QLatin1String(".attn"), Qt::CaseInsensitive) || QFileInfo(path).isDir())
            return path;
    }
    return {};
}

}  // namespace

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedPath(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QString path = droppedPath(event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    // After the drag is over: a question about unsaved work must not hold the other program's drag.
    QMetaObject::invokeMethod(
        this, [this, path] { openFile(path); }, Qt::QueuedConnection);
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        menuBar()->clear();
        buildMenus();
        m_workspaces->retranslate();
        updateTitle();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        if (!m_workspaces->current()->escape() && m_presenting) setPresenting(false);
        return;
    }
    QMainWindow::keyPressEvent(event);
}

}  // namespace attn::ui
