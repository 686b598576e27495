// Numbers typed over and dragged in Explore, and what is said about them.
#include "ui/views/cell_editing.h"

#include "tests/support/tiny_bert.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/panels/badge.h"
#include "ui/panels/edits_note.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/cell_editor.h"
#include "ui/views/edit_bar.h"
#include "ui/views/explore_view.h"
#include "ui/views/inspector.h"
#include "ui/views/tensor_tabs.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

namespace attn::ui {
namespace {

struct CellEditingTest : testing::Test {
    SceneDocument document;
    ExploreView view{&document};
    Inspector inspector{&document};

    void SetUp() override {
        view.resize(1000, 800);
        view.show();
        open(document, exampleScene());
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
        view.heatMap()->flush();
    }
    void show(const char* stage, const char* tensor = "") {
        document.selection()->setStage(QString::fromLatin1(stage), QString::fromLatin1(tensor));
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
        view.heatMap()->flush();
    }
    [[nodiscard]] CellEditor* editor() const { return view.editing()->editor(); }
    [[nodiscard]] const Edits& edits() const { return document.inputs().edits; }
    [[nodiscard]] QPoint at(Index row, Index column) const {
        return view.heatMap()->cellRect({row, column}).center().toPoint();
    }
    float shown(const TensorKey& key, Index head, Index row, Index column) {
        settle(document);
        return document.trace()->find(key)->get()->at(head, row, column);
    }
    void type(const char* text, Qt::Key end = Qt::Key_Return) {
        editor()->selectAll();
        QTest::keyClicks(editor(), QString::fromUtf8(text));
        QTest::keyClick(editor(), end);
    }
    /// From a cell `up` pixels upwards, with Ctrl held.
    void drag(Index row, Index column, int up) {
        HeatMapWidget* map = view.heatMap();
        const QPoint from = at(row, column);
        QTest::mousePress(map, Qt::LeftButton, Qt::ControlModifier, from);
        for (int i = 1; i <= 5; ++i) QTest::mouseMove(map, from - QPoint(0, up * i / 5));
        QTest::mouseRelease(map, Qt::LeftButton, Qt::ControlModifier, from - QPoint(0, up));
    }
};

const TensorKey kPattern{"blocks.0", TensorName::Pattern};
const TensorKey kQ{"blocks.0", TensorName::Q};
const TensorKey kWeight{"blocks.0", TensorName::WQ};

TEST(CellEditor, ReadsNumbersAsPeopleTypeThem) {
    EXPECT_EQ(typedEntry(QStringLiteral(" -0.5 ")), -0.5);
    EXPECT_EQ(typedEntry(QString::fromUtf8("−2e3")), -2000);
    EXPECT_EQ(typedEntry(QString::fromUtf8("−∞")), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(typedEntry(QStringLiteral("-inf")), -std::numeric_limits<double>::infinity());
    for (const char* bad : {"", "two", "1 2", "nan", "inf", "1e999"})
        EXPECT_FALSE(typedEntry(QString::fromLatin1(bad))) << bad;
    for (const float value : {0.31F, -1.0F / 3, 1e-8F, 123456.7F, 0.0F})
        EXPECT_EQ(static_cast<float>(*typedEntry(editableNumber(static_cast<double>(value)))), value);
    EXPECT_EQ(editableNumber(static_cast<double>(0.31F)), QStringLiteral("0.31"));
}

TEST_F(CellEditingTest, ADoubleClickOpensAFieldOverTheCell) {
    QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
    ASSERT_TRUE(editor()->isVisible());
    EXPECT_TRUE(editor()->geometry().contains(at(7, 1)));
    EXPECT_EQ(static_cast<float>(*typedEntry(editor()->text())), shown(kPattern, 0, 7, 1));
    EXPECT_FALSE(editor()->accessibleName().isEmpty());
    type("0.75");
    EXPECT_FALSE(editor()->isVisible());
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(edits().front().rowToken, "it");
    EXPECT_EQ(shown(kPattern, 0, 7, 1), 0.75F);
    EXPECT_EQ(document.selection()->pinned().query, 7);
}

TEST_F(CellEditingTest, EscapeLeavesEverythingAsItWas) {
    QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
    type("0.75", Qt::Key_Escape);
    EXPECT_FALSE(editor()->isVisible());
    EXPECT_TRUE(edits().empty());
    EXPECT_FALSE(document.undoStack()->canUndo());
    EXPECT_TRUE(view.heatMap()->hasFocus()) << "arrow keys go on";
}

TEST_F(CellEditingTest, EnterWithoutAChangeIsNoStep) {
    QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
    QTest::keyClick(editor(), Qt::Key_Return);
    EXPECT_TRUE(edits().empty());
}

TEST_F(CellEditingTest, WhatIsNoNumberStaysToBeMended) {
    QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
    for (const char* bad : {"two", "1e9", "-inf"}) {
        type(bad);
        ASSERT_TRUE(editor()->isVisible()) << bad;
        EXPECT_TRUE(editor()->property("invalid").toBool());
        EXPECT_FALSE(editor()->toolTip().isEmpty());
    }
    EXPECT_TRUE(edits().empty());
    type("0.5");
    EXPECT_FALSE(editor()->isVisible());
    EXPECT_EQ(edits().size(), 1U);
}

TEST_F(CellEditingTest, ByKeysAlone) {
    show("qkv");
    document.selection()->pin({2, 2, 0});
    view.heatMap()->setFocus();
    QTest::keyClick(view.heatMap(), Qt::Key_F2);
    ASSERT_TRUE(editor()->isVisible());
    type("1.5", Qt::Key_Tab);
    ASSERT_TRUE(editor()->isVisible()) << "Tab goes on";
    type("2.5", Qt::Key_Down);
    type("3.5");
    QTest::keyClick(view.heatMap(), Qt::Key_Minus);
    ASSERT_TRUE(editor()->isVisible()) << "typing begins at once";
    EXPECT_EQ(editor()->text(), QStringLiteral("-"));
    QTest::keyClicks(editor(), QStringLiteral("4"));
    QTest::keyClick(editor(), Qt::Key_Return);
    ASSERT_EQ(edits().size(), 3U);
    EXPECT_EQ(shown(kQ, 0, 2, 0), 1.5F);
    EXPECT_EQ(shown(kQ, 0, 2, 1), 2.5F);
    EXPECT_EQ(shown(kQ, 0, 3, 1), -4.0F) << "what was set can be set again";
    EXPECT_EQ(document.undoStack()->count(), 4);
}

TEST_F(CellEditingTest, ADragIsOneStepAndFollowsThePointer) {
    show("qkv");
    const float before = shown(kQ, 0, 3, 2);
    drag(3, 2, 100);
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_GT(shown(kQ, 0, 3, 2), before);
    document.undoStack()->undo();
    EXPECT_EQ(shown(kQ, 0, 3, 2), before);
    QTest::mouseClick(view.heatMap(), Qt::LeftButton, Qt::ControlModifier, at(3, 2));
    EXPECT_TRUE(edits().empty()) << "a click with Ctrl is a click";
}

TEST_F(CellEditingTest, WeightsCannotBeDraggedBeyondOne) {
    drag(7, 1, 5000);
    EXPECT_EQ(shown(kPattern, 0, 7, 1), 1.0F);
    drag(7, 1, -5000);
    EXPECT_EQ(shown(kPattern, 0, 7, 1), 0.0F);
}

TEST_F(CellEditingTest, WeightsOfTheModelHaveCellsOfTheirOwn) {
    show("qkv", "W_Q");
    QTest::mouseClick(view.heatMap(), Qt::LeftButton, {}, at(40, 3));
    EXPECT_EQ(document.selection()->pinned().weightRow, 40);
    EXPECT_EQ(view.heatMap()->current(), (MatrixCell{40, 3}));
    ASSERT_TRUE(inspector.explanation());
    EXPECT_EQ(inspector.explanation()->row, 40);
    view.editing()->edit();
    type("2");
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(edits().front().tensor, kWeight);
    EXPECT_EQ(edits().front().rows, 64);
    EXPECT_EQ(shown(kWeight, 0, 40, 3), 2.0F);
    show("pattern");
    EXPECT_EQ(view.heatMap()->current().row, -1) << "a weight is no token";
}

TEST_F(CellEditingTest, ChangedCellsAreMarked) {
    document.selection()->setHead(2);
    document.editCell(kPattern, 2, 7, 1, 0.5);
    settle(document);
    const HeatMapData& data = view.heatMap()->data();
    ASSERT_TRUE(data.flags);
    EXPECT_EQ((*data.flags)[static_cast<std::size_t>(7 * data.columnCount() + 1)], kCellEdited);
    EXPECT_EQ((*data.flags)[0], 0);
    EXPECT_TRUE(data.title.contains(QStringLiteral("(edited)")));
    EXPECT_TRUE(view.headStrip()->accessibleDescription().contains(QStringLiteral("edited")));
    document.selection()->setHead(1);
    EXPECT_FALSE(view.heatMap()->data().flags);
    EXPECT_FALSE(view.headStrip()->accessibleDescription().contains(QStringLiteral("edited")));
}

TEST_F(CellEditingTest, TheBarSaysWhatRowsSumTo) {
    auto* bar = view.findChild<EditBar*>();
    ASSERT_NE(bar, nullptr);
    EXPECT_FALSE(bar->isVisible());
    document.editCell(kPattern, 0, 7, 1, 0.9);
    settle(document);
    EXPECT_TRUE(bar->isVisible());
    auto* text = bar->findChild<QLabel*>(QStringLiteral("editBar.text"));
    EXPECT_EQ(text->text(), QStringLiteral("1 number of pattern was set by hand: every row sums to 1."));
    bar->findChild<QPushButton*>(QStringLiteral("edited_rows.kept"))->click();
    settle(document);
    EXPECT_EQ(document.parameters().get(ParameterId::EditedRows), ParameterValue(std::string("kept")));
    EXPECT_TRUE(text->text().contains(QStringLiteral("the row of ‘it’ (head 0) sums to 1.")))
        << text->text().toStdString();
    bar->findChild<QPushButton*>(QStringLiteral("editBar.reset"))->click();
    settle(document);
    EXPECT_TRUE(edits().empty());
    EXPECT_FALSE(bar->isVisible());
}

TEST_F(CellEditingTest, TheInspectorSaysWhatItWasAndTakesItBack) {
    inspector.show();
    show("qkv");
    document.selection()->pin({2, 2, 3});
    const float before = shown(kQ, 0, 2, 3);
    document.editCell(kQ, 0, 2, 3, 2.5);
    settle(document);
    auto* text = inspector.findChild<QLabel*>(QStringLiteral("inspector.edit.text"));
    ASSERT_TRUE(inspector.explanation());
    EXPECT_NEAR(*inspector.explanation()->before, static_cast<double>(before), 1e-5);
    EXPECT_TRUE(text->text().startsWith(QStringLiteral("edited: was "))) << text->text().toStdString();
    auto* reset = inspector.findChild<QPushButton*>(QStringLiteral("inspector.edit.reset"));
    EXPECT_TRUE(reset->isVisible());
    reset->click();
    settle(document);
    EXPECT_TRUE(edits().empty());
    EXPECT_FALSE(reset->isVisible());
    QSignalSpy asked(&inspector, &Inspector::changeRequested);
    inspector.findChild<QPushButton*>(QStringLiteral("inspector.edit.change"))->click();
    ASSERT_EQ(asked.count(), 1);
    view.changeCell(asked[0][0].value<Index>(), asked[0][1].value<Index>());
    EXPECT_TRUE(editor()->isVisible());
}

TEST_F(CellEditingTest, TheListGoesToAnEditAndTakesItBack) {
    EditsNote note(&document);
    note.show();
    EXPECT_FALSE(note.isRelevant());
    document.editCell(kQ, 3, 2, 3, 2.5);
    document.editCell(kQ, 3, 7, 3, 2.5);
    document.editCell(kWeight, 1, 40, 3, 1);
    settle(document);
    auto* list = note.findChild<QListWidget*>(QStringLiteral("edits.list"));
    ASSERT_EQ(list->count(), 3);
    EXPECT_EQ(list->item(0)->text(), QStringLiteral("blocks.0.W_Q[1,40,3] = 1"));
    document.setText(QStringLiteral("The animal didn't cross the road because she was"));
    settle(document);
    EXPECT_TRUE(list->item(2)->text().endsWith(QStringLiteral("(asleep)")));
    EXPECT_TRUE(list->item(2)->toolTip().contains(QStringLiteral("‘it’")));
    EXPECT_FALSE(list->item(1)->text().endsWith(QStringLiteral("(asleep)")));
    list->setCurrentRow(1);
    QSignalSpy chosen(&note, &EditsNote::chosenByUser);
    emit list->itemClicked(list->item(1));
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_TRUE(showEntry(document, kQ, 3, 2, 3));
    EXPECT_EQ(document.selection()->stage(), QStringLiteral("qkv"));
    EXPECT_EQ(document.selection()->head(), 3);
    EXPECT_EQ(document.selection()->pinned().query, 2);
    note.findChild<QPushButton*>(QStringLiteral("edits.reset.cell"))->click();
    EXPECT_EQ(edits().size(), 2U);
    list->setCurrentRow(0);
    note.findChild<QPushButton*>(QStringLiteral("edits.reset.tensor"))->click();
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(edits().front().tensor, kQ);
    document.undoStack()->undo();
    note.findChild<QPushButton*>(QStringLiteral("edits.reset.all"))->click();
    EXPECT_TRUE(edits().empty());
    EXPECT_FALSE(note.isRelevant());
}

TEST_F(CellEditingTest, TheBadgeSaysHowMany) {
    Badge badge(&document);
    EXPECT_FALSE(badge.text().contains(QStringLiteral("edited")));
    document.editCell(kQ, 0, 0, 0, 1);
    EXPECT_TRUE(badge.text().endsWith(QStringLiteral("1 number edited"))) << badge.text().toStdString();
    EXPECT_EQ(badge.property("badge").toString(), QStringLiteral("edited"));
    document.editCell(kQ, 0, 0, 1, 1);
    EXPECT_TRUE(badge.text().endsWith(QStringLiteral("numbers edited"))) << badge.text().toStdString();
    document.setText(QStringLiteral("other words"));
    settle(document);
    EXPECT_FALSE(badge.text().contains(QStringLiteral("edited"))) << "they sleep";
}

/// Of "[CLS] the cat ##s sat [SEP]" the map shows "the cats sat".
TEST(CellEditingOfWords, TheEntryBehindACellIsChanged) {
    const test::TemporaryFolder folder;
    Scene scene;
    scene.inputs.model = test::writeTinyBert(folder);
    scene.inputs.text = "the cats sat";
    SceneDocument document;
    open(document, scene);
    ExploreView view(&document);
    view.resize(900, 700);
    view.show();
    document.setTokensView({true, true, true});
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    ASSERT_EQ(view.heatMap()->data().rowCount(), 3);
    view.heatMap()->flush();
    const auto open = [&](Index row, Index column) {
        emit view.heatMap()->doubleClicked({row, column});
        return view.editing()->editor()->isVisible();
    };
    EXPECT_FALSE(open(1, 0)) << "two pieces, two numbers";
    ASSERT_TRUE(open(2, 0)) << "sat, the";
    const TensorPtr pattern = document.trace()->find(kPattern)->get();
    EXPECT_EQ(static_cast<float>(*typedEntry(view.editing()->editor()->text())), pattern->at(0, 4, 1))
        << "its own number, not that of the renormalised row";
    view.editing()->editor()->setText(QStringLiteral("0.25"));
    QTest::keyClick(view.editing()->editor(), Qt::Key_Return);
    ASSERT_EQ(document.inputs().edits.size(), 1U);
    EXPECT_EQ(document.inputs().edits.front().row, 4);
    EXPECT_EQ(document.inputs().edits.front().column, 1);
    document.editCell(kPattern, 0, 0, 5, 0.5);  // between hidden tokens
    settle(document);
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    const HeatMapData& data = view.heatMap()->data();
    ASSERT_TRUE(data.flags);
    ASSERT_EQ(data.flags->size(), 9U);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ((*data.flags)[i], i == 6 ? kCellEdited : 0) << i;
    // Scores show every piece: sat is the fourth of them.
    document.selection()->setStage(QStringLiteral("mask"));
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    view.changeCell(4, 1);
    EXPECT_TRUE(view.editing()->editor()->isVisible());
    EXPECT_EQ(view.heatMap()->current(), (MatrixCell{3, 0}));
}

TEST_F(CellEditingTest, AnotherTensorClosesTheField) {
    QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
    ASSERT_TRUE(editor()->isVisible());
    document.selection()->setStage(QStringLiteral("z"));
    EXPECT_FALSE(editor()->isVisible());
    EXPECT_TRUE(edits().empty());
}

/// The number that is typed belongs to the cell that was opened, not to the one that lies there now.
TEST_F(CellEditingTest, AnotherHeadOrSentenceClosesTheField) {
    const auto opened = [&] {
        QTest::mouseDClick(view.heatMap(), Qt::LeftButton, {}, at(7, 1));
        return editor()->isVisible();
    };
    ASSERT_TRUE(opened());
    document.setParameter(ParameterId::Temperature, 0.5);
    settle(document);
    EXPECT_TRUE(editor()->isVisible()) << "the same cell, with another number";
    document.selection()->setHead(1);
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    EXPECT_FALSE(editor()->isVisible());
    view.heatMap()->flush();
    ASSERT_TRUE(opened());
    QTest::keyClicks(editor(), QStringLiteral("0.5"));
    document.setText(QStringLiteral("an entirely other text with as many words as this very one has"));
    settle(document);
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    EXPECT_FALSE(editor()->isVisible());
    EXPECT_TRUE(edits().empty());
}

}  // namespace
}  // namespace attn::ui
