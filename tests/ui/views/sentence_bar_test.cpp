#include "ui/views/sentence_bar.h"

#include "tests/ui/wait.h"
#include "ui/model/selection.h"
#include "ui/views/sentence_edit.h"
#include "ui/views/token_chips.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

Example example(const char* id, const char* text, const char* hint) {
    Example made{id, id, hint, {}};
    made.scene.inputs.text = text;
    made.scene.view.query = 1;
    made.scene.view.key = 0;
    return made;
}

class SentenceBarTest : public testing::Test {
protected:
    SentenceBarTest() {
        bar.resize(1000, 120);
        bar.show();
        QCoreApplication::processEvents();
    }
    template <typename T>
    T* child(const char* name) {
        T* found = bar.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    [[nodiscard]] const std::string& text() const { return document.inputs().text; }
    void load(std::string text, std::optional<std::string> context = std::nullopt) {
        Scene scene;
        scene.inputs.text = std::move(text);
        scene.inputs.context = std::move(context);
        document.newScene(scene);
    }
    void type(const char* keys) { QTest::keyClicks(bar.edit(), QString::fromLatin1(keys)); }
    void paste(const QString& pasted) { bar.edit()->replaceSelected(pasted); }

    SceneDocument document;
    SentenceBar bar{
        &document,
        {example("first", "walk by river bank", "see the bank"), example("second", "a b", "see b")}};
};

TEST_F(SentenceBarTest, TypingReachesTheDocumentAndIsOneUndoStep) {
    type("walk by");
    EXPECT_EQ(text(), "walk by");
    EXPECT_EQ(document.undoStack()->count(), 1);
    QTest::keyClick(bar.edit(), Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(text(), "");
    EXPECT_EQ(bar.edit()->toPlainText(), QString());
    QTest::keyClick(bar.edit(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(text(), "walk by");
    EXPECT_EQ(bar.edit()->toPlainText(), QStringLiteral("walk by"));
}

TEST_F(SentenceBarTest, TheCursorStaysWhereItIsWhileTheDocumentAnswers) {
    load("the animal");
    QTextCursor cursor = bar.edit()->textCursor();
    cursor.setPosition(4);
    bar.edit()->setTextCursor(cursor);
    type("big ");
    EXPECT_EQ(text(), "the big animal");
    EXPECT_EQ(bar.edit()->textCursor().position(), 8);
    document.setText(QStringLiteral("the big animals"));
    EXPECT_EQ(bar.edit()->textCursor().position(), 8);
}

TEST_F(SentenceBarTest, EnterAddsNothingAndShiftEnterALine) {
    type("a");
    QTest::keyClick(bar.edit(), Qt::Key_Return);
    EXPECT_EQ(text(), "a");
    QTest::keyClick(bar.edit(), Qt::Key_Return, Qt::ShiftModifier);
    type("b");
    EXPECT_EQ(text(), "a\nb");
}

TEST_F(SentenceBarTest, GrowsWithItsLinesUpToThree) {
    const int one = bar.edit()->height();
    load("a\nb");
    const int two = bar.edit()->height();
    EXPECT_GT(two, one);
    load("a\nb\nc");
    const int three = bar.edit()->height();
    EXPECT_GT(three, two);
    load("a\nb\nc\nd\ne");
    EXPECT_EQ(bar.edit()->height(), three);
    load("");
    EXPECT_EQ(bar.edit()->height(), one);
}

TEST_F(SentenceBarTest, WhatCannotBeShownSurvivesAnEdit) {
    const std::string strange("x\0y\r\nz\tq\xE2\x80\xA8w\xEF\xB7\x90\x7F", 16);
    load(strange);
    EXPECT_EQ(text(), strange);
    bar.edit()->moveCursor(QTextCursor::End);
    type("!");
    EXPECT_EQ(text(), strange + "!");
    bar.edit()->moveCursor(QTextCursor::Start);
    type("?");
    EXPECT_EQ(text(), "?" + strange + "!");
    QTest::keyClick(bar.edit(), Qt::Key_Delete);
    EXPECT_EQ(text(), "?" + strange.substr(1) + "!");
}

TEST_F(SentenceBarTest, PastedTextArrivesWhole) {
    load("ab");
    QTextCursor cursor = bar.edit()->textCursor();
    cursor.setPosition(1);
    bar.edit()->setTextCursor(cursor);
    paste(QString::fromUtf8("one\nتو\0👩", 13));
    EXPECT_EQ(text(), std::string("aone\nتو\0👩b", 15));
    EXPECT_EQ(bar.edit()->textCursor().position(), 1 + 9);
    QApplication::clipboard()->setText(QStringLiteral("left\r\nright"));
    bar.edit()->selectAll();
    bar.edit()->paste();
    EXPECT_EQ(text(), "left\nright");
}

TEST_F(SentenceBarTest, LoneSurrogatesBecomeAReplacement) {
    paste(QString(QChar(0xD800)) + QStringLiteral("a"));
    EXPECT_EQ(text(),
              "\xEF\xBF\xBD"
              "a");
    EXPECT_EQ(bar.edit()->text(), QString(QChar(0xFFFD)) + QStringLiteral("a"));
}

TEST_F(SentenceBarTest, AMegabyteOnOneLineIsKeptAndItsBeginningShown) {
    const std::string megabyte(std::size_t{1} << 20U, 'm');
    paste(QString::fromStdString(megabyte));
    EXPECT_EQ(text(), megabyte);
    EXPECT_EQ(bar.edit()->toPlainText().size(), SentenceEdit::kShown);
    auto* note = child<QLabel>("sentence.note");
    EXPECT_TRUE(note->isVisible());
    EXPECT_TRUE(note->text().contains(QStringLiteral("1,048,576"))) << note->text().toStdString();

    bar.edit()->moveCursor(QTextCursor::Start);
    type("x");
    EXPECT_EQ(text(), "x" + megabyte);
    // Where the beginning is deleted, what follows comes into sight.
    bar.edit()->selectAll();
    QTest::keyClick(bar.edit(), Qt::Key_Delete);
    EXPECT_EQ(text().size(), megabyte.size() - SentenceEdit::kShown);
    EXPECT_EQ(bar.edit()->toPlainText().size(), SentenceEdit::kShown);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(bar.chips()->count(), 1);
}

TEST_F(SentenceBarTest, ATextBeyondTheLimitIsCutAndSaysSo) {
    QString huge(static_cast<qsizetype>(kMaxTextBytes / 3), QChar(0x6211));  // three bytes each
    huge += QStringLiteral("我我我");
    paste(huge);
    EXPECT_LE(text().size(), kMaxTextBytes);
    EXPECT_GT(text().size(), kMaxTextBytes - 3);
    EXPECT_EQ(text().size() % 3, 0U);
    EXPECT_TRUE(child<QLabel>("sentence.note")->text().contains(QStringLiteral("16 MB")));
}

TEST_F(SentenceBarTest, ChipsFollowTheTraceAndChooseTheCell) {
    load("The animal didn't cross");
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(bar.chips()->count(), 4);
    Selection* selection = document.selection();
    QTest::mouseClick(bar.chips(), Qt::LeftButton, {}, bar.chips()->chipRect(2).center());
    EXPECT_EQ(selection->pinned().query, 2);
    QTest::mouseClick(bar.chips(), Qt::RightButton, {}, bar.chips()->chipRect(1).center());
    EXPECT_EQ(selection->pinned(), (Cell{2, 1}));
    emit bar.chips()->tokenHovered(3);
    EXPECT_EQ(selection->shown(), (Cell{3, 1}));
    emit bar.chips()->tokenHovered(-1);
    EXPECT_EQ(selection->shown(), (Cell{2, 1}));
}

TEST_F(SentenceBarTest, AContextHasItsOwnWordsAndTheyAreTheKeys) {
    load("a cat");
    EXPECT_FALSE(bar.contextEdit()->isVisible());
    child<QPushButton>("sentence.addContext")->click();
    ASSERT_TRUE(document.inputs().context.has_value());
    EXPECT_TRUE(bar.contextEdit()->isVisible());
    EXPECT_FALSE(child<QPushButton>("sentence.addContext")->isVisible());
    QTest::keyClicks(bar.contextEdit(), QStringLiteral("une chatte noire"));
    EXPECT_EQ(*document.inputs().context, "une chatte noire");
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(bar.contextChips()->count(), 3);

    Selection* selection = document.selection();
    selection->pin({0, 0});
    QTest::mouseClick(bar.contextChips(), Qt::LeftButton, {}, bar.contextChips()->chipRect(2).center());
    EXPECT_EQ(selection->pinned(), (Cell{0, 2}));
    QTest::mouseClick(bar.chips(), Qt::RightButton, {}, bar.chips()->chipRect(1).center());
    EXPECT_EQ(selection->pinned(), (Cell{1, 2}));

    child<QToolButton>("context.remove")->click();
    EXPECT_FALSE(document.inputs().context.has_value());
    EXPECT_FALSE(bar.contextEdit()->isVisible());
    document.undoStack()->undo();
    EXPECT_TRUE(bar.contextEdit()->isVisible());
    EXPECT_EQ(bar.contextEdit()->text(), QStringLiteral("une chatte noire"));
}

TEST_F(SentenceBarTest, AnExampleBringsItsSentenceAndItsHint) {
    auto* menu = child<QMenu>("sentence.examples.menu");
    ASSERT_EQ(menu->actions().size(), 2);
    menu->actions().front()->trigger();
    EXPECT_EQ(text(), "walk by river bank");
    EXPECT_EQ(bar.edit()->text(), QStringLiteral("walk by river bank"));
    EXPECT_EQ(document.selection()->pinned(), (Cell{1, 0}));
    auto* hint = child<QLabel>("sentence.hint");
    EXPECT_TRUE(hint->isVisible());
    EXPECT_EQ(hint->text(), QStringLiteral("see the bank"));
    type("x");
    EXPECT_FALSE(hint->isVisible());
    document.undoStack()->undo();
    EXPECT_TRUE(hint->isVisible());
}

}  // namespace
}  // namespace attn::ui
