#include "ui/window/main_window.h"

#include "core/scene/scene_json.h"
#include "ui/model/selection.h"
#include "ui/plot/heat_map.h"
#include "ui/views/explore_view.h"
#include "ui/views/inspector.h"
#include "ui/views/softmax_workspace.h"
#include "ui/window/keys_dialog.h"
#include "ui/window/notice_bar.h"
#include "ui/window/opening_bar.h"
#include "ui/window/run_window.h"
#include "ui/window/workspaces.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

constexpr int kMostMillis = 20'000;

WindowOptions forgetful() {
    WindowOptions options;
    options.remember = false;
    options.theme = ThemeChoice::Light;
    return options;
}

class MainWindowTest : public testing::Test {
protected:
    MainWindowTest() : window(forgetful()) {
        window.openFirstExample();
        window.show();
    }
    bool settle() {
        return QTest::qWaitFor([&] { return window.isComplete(); }, kMostMillis);
    }
    QAction* action(const char* name) { return window.findChild<QAction*>(QString::fromLatin1(name)); }
    NoticeBar* notice() { return window.findChild<NoticeBar*>(); }
    /// Answers the question about unsaved work when it comes.
    void answer(QMessageBox::StandardButton button) {
        QTimer::singleShot(0, &window, [this, button] {
            auto* box = window.findChild<QMessageBox*>(QStringLiteral("unsavedWork"));
            ASSERT_NE(box, nullptr);
            asked = true;
            box->button(button)->click();
        });
    }

    MainWindow window;
    bool asked = false;
};

TEST_F(MainWindowTest, opensOnACompleteExampleWithACellExplained) {
    ASSERT_TRUE(settle());
    EXPECT_FALSE(window.document()->trace()->tokens().items.empty());
    EXPECT_FALSE(window.document()->selection()->pinned().isNull());
    EXPECT_TRUE(window.findChild<Inspector*>()->explanation().has_value());
    EXPECT_FALSE(notice()->isVisible());
}

TEST_F(MainWindowTest, everyActionHasANameAndKeysAreUsedOnce) {
    QStringList keys;
    for (const QAction* each : window.findChildren<QAction*>()) {
        if (each->objectName().isEmpty() || each->isSeparator()) continue;
        for (const QKeySequence& key : each->shortcuts()) {
            EXPECT_FALSE(keys.contains(key.toString())) << each->objectName().toStdString();
            keys.append(key.toString());
        }
    }
    EXPECT_GE(keys.size(), 10);
}

TEST_F(MainWindowTest, everyControlHasANameAndATipThatSaysMoreThanItsText) {
    ASSERT_TRUE(settle());
    for (const WorkspaceEntry& entry : workspaceEntries()) {
        window.document()->setWorkspace(QString::fromLatin1(entry.name));
        ASSERT_TRUE(settle()) << entry.name;
        for (const QWidget* each : window.findChildren<QWidget*>()) {
            const bool control = qobject_cast<const QAbstractButton*>(each) != nullptr ||
                                 qobject_cast<const QAbstractSlider*>(each) != nullptr ||
                                 qobject_cast<const QAbstractSpinBox*>(each) != nullptr ||
                                 qobject_cast<const QComboBox*>(each) != nullptr;
            if (!control || !each->isVisible() || each->focusPolicy() == Qt::NoFocus) continue;
            const std::string where = std::string(entry.name) + ": " + each->objectName().toStdString() +
                                      " of " + each->parentWidget()->objectName().toStdString();
            EXPECT_FALSE(each->objectName().isEmpty()) << where << each->metaObject()->className();
            const auto* button = qobject_cast<const QAbstractButton*>(each);
            const QString text = button != nullptr ? button->text() : QString();
            EXPECT_FALSE(each->accessibleName().isEmpty() && text.isEmpty()) << where;
            EXPECT_FALSE(!text.isEmpty() && each->toolTip() == text) << where;
        }
    }
}

TEST_F(MainWindowTest, theKeysStayOpenBesideTheWindow) {
    action("help.keys")->trigger();
    auto* keys = window.findChild<KeysDialog*>();
    ASSERT_NE(keys, nullptr);
    EXPECT_TRUE(keys->isVisible());
    EXPECT_FALSE(keys->isModal());
    QStringList texts;
    for (const QLabel* label : keys->findChildren<QLabel*>()) texts.append(label->text());
    EXPECT_TRUE(texts.contains(QStringLiteral("GEOMETRY")));
    EXPECT_TRUE(texts.contains(QStringLiteral("F11")));
    QTest::keyClick(keys, Qt::Key_Escape);
    EXPECT_FALSE(keys->isVisible());
    action("help.keys")->trigger();
    EXPECT_EQ(window.findChildren<KeysDialog*>().size(), 1);
}

TEST_F(MainWindowTest, aCellsMenuCopiesItsNumberAndItsRow) {
    ASSERT_TRUE(settle());
    auto* map = window.findChild<HeatMapWidget*>(QStringLiteral("heatMap"));
    const HeatMapData& data = map->data();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            return map->cellAt(map->cellRect({2, 3}).center()) == MatrixCell{2, 3};
        },
        kMostMillis));
    const auto choose = [&](const char* name) {
        QTimer::singleShot(0, &window, [this, name] {
            auto* menu = window.findChild<QMenu*>(QStringLiteral("plotMenu"));
            ASSERT_NE(menu, nullptr);
            auto* copy = menu->findChild<QAction*>(QString::fromLatin1(name));
            EXPECT_NE(copy, nullptr);
            if (copy != nullptr) copy->trigger();
            menu->close();
        });
        emit map->customContextMenuRequested(map->cellRect({2, 3}).center().toPoint());
        return QApplication::clipboard()->text();
    };
    EXPECT_EQ(choose("plot.copyNumber").toFloat(), data.value(2, 3));
    const QStringList row = choose("plot.copyRow").split(QLatin1Char('\t'));
    ASSERT_EQ(row.size(), data.columnCount());
    for (Index column = 0; column < data.columnCount(); ++column)
        EXPECT_EQ(row[column].toFloat(), data.value(2, column));
}

TEST_F(MainWindowTest, zoomStaysInItsRange) {
    for (int i = 0; i < 40; ++i) action("view.zoomIn")->trigger();
    EXPECT_EQ(window.zoomPercent(), 250);
    for (int i = 0; i < 60; ++i) action("view.zoomOut")->trigger();
    EXPECT_EQ(window.zoomPercent(), 50);
    action("view.zoomReset")->trigger();
    EXPECT_EQ(window.zoomPercent(), 100);
}

TEST_F(MainWindowTest, unsavedWorkIsAskedAbout) {
    ASSERT_TRUE(settle());
    window.document()->setText(QStringLiteral("changed"));
    EXPECT_TRUE(window.isWindowModified());
    answer(QMessageBox::Cancel);
    EXPECT_FALSE(window.close());
    EXPECT_TRUE(asked);
    EXPECT_EQ(window.document()->inputs().text, "changed");
    answer(QMessageBox::Discard);
    EXPECT_TRUE(window.close());
}

TEST_F(MainWindowTest, aBrokenFileIsOneLineAndLosesNothing) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cut.attn"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("{\"format\": \"attention-lab/sce");
    file.close();
    const Scene before = window.document()->scene();
    EXPECT_FALSE(window.openFile(path));
    EXPECT_TRUE(notice()->isVisible());
    EXPECT_TRUE(notice()->text().contains(QStringLiteral("cut.attn"))) << notice()->text().toStdString();
    EXPECT_FALSE(notice()->text().contains(QLatin1Char('\n')));
    EXPECT_EQ(window.document()->scene(), before);
}

TEST_F(MainWindowTest, aDroppedSceneOpens) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("dropped.attn"));
    Scene scene;
    scene.inputs.text = "dropped words";
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(sceneToJson(scene)));
    file.close();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &drop);
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return window.document()->inputs().text == "dropped words"; }, kMostMillis));
}

TEST_F(MainWindowTest, aDroppedFolderOpensItsModelAndUndoLeadsBack) {
    ASSERT_TRUE(settle());
    const QString folder = QStringLiteral(ATTN_TEST_DATA "/models/mistral");
    const Inputs before = window.document()->inputs();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(folder)});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &drop);
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window.document()->inputs().model == folder.toStdString() && window.isComplete(); },
        kMostMillis));
    EXPECT_FALSE(notice()->isVisible());
    action("edit.undo")->trigger();  // its model may have to be opened
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.document()->inputs() == before; }, kMostMillis));
    ASSERT_TRUE(settle());
}

TEST_F(MainWindowTest, whatIsBeingOpenedIsToldAndCanBeCancelled) {
    ASSERT_TRUE(settle());
    const Inputs before = window.document()->inputs();
    window.openFile(QStringLiteral(ATTN_TEST_DATA "/models/mistral"));
    auto* bar = window.findChild<OpeningBar*>();
    EXPECT_TRUE(bar->accessibleName().contains(QStringLiteral("mistral")));
    EXPECT_FALSE(bar->isVisible());  // not for a moment
    bar->findChild<QAbstractButton*>(QStringLiteral("opening.cancel"))->click();
    EXPECT_FALSE(window.document()->opening().has_value());
    ASSERT_TRUE(settle());
    EXPECT_EQ(window.document()->inputs(), before);
    EXPECT_EQ(window.document()->trace()->inputs().model, before.model);
}

TEST_F(MainWindowTest, aFolderWithoutAModelIsOneLine) {
    ASSERT_TRUE(settle());
    const TracePtr trace = window.document()->trace();
    const QTemporaryDir folder;
    window.openFile(folder.path());
    ASSERT_TRUE(QTest::qWaitFor([&] { return notice()->isVisible(); }, kMostMillis));
    EXPECT_TRUE(notice()->accessibleName().contains(QStringLiteral("config.json")));
    EXPECT_EQ(window.document()->trace(), trace);
}

TEST_F(MainWindowTest, presentingShowsLargeTextAndEscapeLeaves) {
    ASSERT_TRUE(settle());
    window.setPresenting(true);
    EXPECT_GE(QApplication::font().pixelSize(), 20);
    EXPECT_FALSE(window.findChild<Inspector*>()->isVisible());
    window.document()->selection()->free();
    QTest::keyClick(&window, Qt::Key_Escape);
    EXPECT_FALSE(window.isPresenting());
    EXPECT_TRUE(window.findChild<Inspector*>()->isVisible());
}

TEST_F(MainWindowTest, workspacesAreMadeWhenTheyAreFirstShown) {
    ASSERT_TRUE(settle());
    auto* workspaces = window.findChild<Workspaces*>();
    EXPECT_EQ(workspaces->currentName(), QStringLiteral("explore"));
    EXPECT_EQ(window.findChild<SoftmaxWorkspace*>(), nullptr);
    action("view.workspace.softmax")->trigger();
    EXPECT_EQ(workspaces->currentName(), QStringLiteral("softmax"));
    ASSERT_NE(window.findChild<SoftmaxWorkspace*>(), nullptr);
    EXPECT_TRUE(window.findChild<SoftmaxWorkspace*>()->isVisible());
    EXPECT_FALSE(window.findChild<ExploreView*>()->isVisible());
    EXPECT_EQ(window.document()->view().workspace, "softmax");
    EXPECT_TRUE(action("view.workspace.softmax")->isChecked());
    EXPECT_FALSE(window.isWindowModified());  // where one looks is no change
    workspaces->tabs()->setCurrentIndex(0);
    EXPECT_EQ(window.document()->view().workspace, "explore");
    EXPECT_TRUE(window.findChild<ExploreView*>()->isVisible());
    EXPECT_TRUE(settle());
}

TEST_F(MainWindowTest, aSceneOpensInItsWorkspaceAndAnUnknownOneInExplore) {
    auto* workspaces = window.findChild<Workspaces*>();
    Scene scene;
    scene.view.workspace = "softmax";
    scene.experiments.saturation.scale = 5;
    window.document()->newScene(scene);
    EXPECT_EQ(workspaces->currentName(), QStringLiteral("softmax"));
    EXPECT_TRUE(settle());
    scene.view.workspace = "of a later version";
    window.document()->newScene(scene);
    EXPECT_EQ(workspaces->currentName(), QStringLiteral("explore"));
    EXPECT_EQ(window.document()->scene().view.workspace, "of a later version");
}

TEST_F(MainWindowTest, everyWorkspacePresents) {
    ASSERT_TRUE(settle());
    for (const WorkspaceEntry& entry : workspaceEntries()) {
        window.document()->setWorkspace(QString::fromLatin1(entry.name));
        window.setPresenting(true);
        EXPECT_TRUE(window.findChild<QAbstractButton*>(QStringLiteral("presentation.leave"))->isVisible());
        EXPECT_FALSE(window.findChild<Workspaces*>()->tabs()->isVisible());
        window.setPresenting(false);
        EXPECT_TRUE(window.findChild<Workspaces*>()->tabs()->isVisible());
    }
}

TEST_F(MainWindowTest, menusActOnTheWorkspaceThatIsShown) {
    ASSERT_TRUE(settle());
    action("edit.copyData")->trigger();
    const QString ofExplore = QApplication::clipboard()->text();
    action("view.workspace.softmax")->trigger();
    action("edit.copyData")->trigger();
    EXPECT_NE(QApplication::clipboard()->text(), ofExplore);
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith(QStringLiteral("scale,p_1,p_2,p_3,max_p")));
    action("edit.copyFigure")->trigger();
    EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasFormat(QStringLiteral("image/svg+xml")));
}

TEST(Screenshot, isThePictureOfTheWholeWindow) {
    const QTemporaryDir folder;
    ScreenshotRequest request;
    request.size = {1024, 700};
    request.theme = Theme::Dark;
    request.path = folder.filePath(QStringLiteral("window.png")).toStdString();
    const auto taken = takeScreenshot(request);
    ASSERT_TRUE(taken) << taken.error().english();
    const QImage image(folder.filePath(QStringLiteral("window.png")));
    EXPECT_EQ(image.size(), QSize(1024, 700));
}

}  // namespace
}  // namespace attn::ui
