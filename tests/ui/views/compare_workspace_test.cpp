#include "ui/views/compare_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/figure.h"
#include "ui/plot/heat_map.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

struct CompareWorkspaceTest : testing::Test {
    SceneDocument document;
    CompareWorkspace workspace{&document};
    HeatMapWidget* a = workspace.findChild<HeatMapWidget*>(QStringLiteral("compare.a"));
    HeatMapWidget* b = workspace.findChild<HeatMapWidget*>(QStringLiteral("compare.b"));
    HeatMapWidget* difference = workspace.findChild<HeatMapWidget*>(QStringLiteral("compare.difference"));
    QLabel* caption = workspace.findChild<QLabel*>(QStringLiteral("compare.caption"));

    void SetUp() override {
        workspace.resize(1200, 900);
        workspace.show();
        open(document, exampleScene({{"heads", "4"}}));
    }
    void pin() {
        QTest::mouseClick(workspace.findChild<QPushButton*>(QStringLiteral("compare.pin")), Qt::LeftButton);
        follow();
    }
    /// Until the page shows what was asked last.
    void follow() {
        settle(document);
        ASSERT_TRUE(waitUntil([&] { return workspace.isComplete(); }));
    }
    TensorPtr pattern() { return document.trace()->find({"blocks.0", TensorName::Pattern})->get(); }
};

TEST_F(CompareWorkspaceTest, SaysWhatToDoWhileNothingIsPinned) {
    const auto* empty = workspace.findChild<QLabel*>(QStringLiteral("compare.empty"));
    EXPECT_TRUE(empty->isVisible());
    EXPECT_FALSE(a->isVisible());
    pin();
    EXPECT_FALSE(empty->isVisible());
    EXPECT_TRUE(a->isVisible());
    EXPECT_EQ(caption->text(), QStringLiteral("A and B are the same wherever both have a number."));
    QTest::mouseClick(workspace.findChild<QPushButton*>(QStringLiteral("compare.unpin")), Qt::LeftButton);
    EXPECT_TRUE(empty->isVisible());
}

TEST_F(CompareWorkspaceTest, ShowsWhatAChangeDidNumberByNumber) {
    const TensorPtr before = pattern();
    pin();
    document.setParameter(ParameterId::Temperature, 0.5);
    follow();
    const TensorPtr after = pattern();
    ASSERT_NE(before, after);
    for (Index row = 0; row < 11; ++row) {
        for (Index column = 0; column < 11; ++column) {
            EXPECT_EQ(a->data().value(row, column), before->at(0, row, column));
            EXPECT_EQ(b->data().value(row, column), after->at(0, row, column));
            EXPECT_EQ(difference->data().value(row, column),
                      after->at(0, row, column) - before->at(0, row, column));
        }
    }
    EXPECT_EQ(a->data().range, b->data().range);
    EXPECT_EQ(difference->data().range.low, -difference->data().range.high);
    const auto* bars = workspace.findChild<CurvePlot*>(QStringLiteral("compare.divergence"));
    ASSERT_EQ(bars->data().bars.size(), 1U);
    EXPECT_EQ(bars->data().bars[0].heights, workspace.page().comparison().divergence);
}

TEST_F(CompareWorkspaceTest, HeadsOfOneTextAreComparedToo) {
    pin();
    document.selection()->setHead(3);
    follow();
    EXPECT_EQ(a->data().value(2, 1), pattern()->at(0, 2, 1));
    EXPECT_EQ(b->data().value(2, 1), pattern()->at(3, 2, 1));
}

TEST_F(CompareWorkspaceTest, TokensThatDifferAreAlignedAndTheSelectionIsBs) {
    pin();
    document.setText(QStringLiteral("The animal didn't cross the street because it was too wide"));
    follow();
    ASSERT_EQ(b->data().rowCount(), 12);
    EXPECT_EQ(b->data().rowLabel(10), QStringLiteral("tired"));
    EXPECT_EQ(b->data().rowLabel(11), QStringLiteral("wide"));
    EXPECT_TRUE(b->data().isMasked(10, 0));
    EXPECT_TRUE(a->data().isMasked(11, 0));
    EXPECT_TRUE(difference->data().isMasked(11, 11));
    EXPECT_EQ(b->data().value(7, 11), pattern()->at(0, 7, 10));
    emit b->clicked({7, 11}, {});
    EXPECT_EQ(document.selection()->pinned().query, 7);
    EXPECT_EQ(document.selection()->pinned().key, 10);
    EXPECT_EQ(a->current(), (MatrixCell{7, 11}));
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("Row ‘it’"))) << caption->text().toStdString();
}

TEST_F(CompareWorkspaceTest, TextsWithoutACommonTokenAreNotCalledTheSame) {
    pin();
    document.setText(QStringLiteral("Tom chase Jerry"));
    follow();
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("A and B have no token in common")))
        << caption->text().toStdString();
}

TEST_F(CompareWorkspaceTest, TheStageDecidesWhichTensorIsCompared) {
    pin();
    document.setParameter(ParameterId::DK, std::int64_t{8});
    document.selection()->setStage(QStringLiteral("qkv"));
    follow();
    EXPECT_EQ(b->data().columnCount(), 16) << "the larger one's dimensions";
    EXPECT_TRUE(b->data().isMasked(0, 15));
    EXPECT_TRUE(workspace.page().comparison().divergence.empty());
    EXPECT_FALSE(workspace.findChild<CurvePlot*>(QStringLiteral("compare.divergence"))->isVisible());
}

TEST_F(CompareWorkspaceTest, AAndBTakeTurnsInOnePlace) {
    pin();
    document.setParameter(ParameterId::Temperature, 0.5);
    follow();
    auto* look = workspace.findChild<SegmentedControl*>(QStringLiteral("compare.look"));
    QTest::mouseClick(look->button(QStringLiteral("blink")), Qt::LeftButton);
    EXPECT_TRUE(workspace.isBlinking());
    EXPECT_FALSE(b->isVisible());
    const HeatMapData first = a->data();
    EXPECT_TRUE(QTest::qWaitFor([&] { return !(a->data() == first); }, 3000));
    EXPECT_EQ(a->data().tensor, workspace.page().mapB().tensor);
    workspace.hide();
    EXPECT_FALSE(workspace.isBlinking()) << "nobody looks";
}

TEST_F(CompareWorkspaceTest, WhatASceneHasPinnedIsComparedWhenItIsOpened) {
    Scene scene = exampleScene({{"temperature", "0.5"}});
    scene.pinned = PinnedState{exampleScene().inputs, "blocks.0", 3, "{}"};
    scene.view.head = 1;
    const TensorPtr pinned = traceOf(scene.pinned->inputs)->find({"blocks.0", TensorName::Pattern})->get();
    document.newScene(scene);
    follow();
    EXPECT_TRUE(a->isVisible());
    for (Index row = 0; row < 11; ++row) {
        EXPECT_EQ(a->data().value(row, 4), pinned->at(3, row, 4));
        EXPECT_EQ(b->data().value(row, 4), pattern()->at(1, row, 4));
    }
    EXPECT_TRUE(workspace.findChild<QPushButton*>(QStringLiteral("compare.unpin"))->isEnabled());
}

TEST_F(CompareWorkspaceTest, SaysWhyWhatIsPinnedCannotBeWorkedOut) {
    Scene scene = exampleScene();
    scene.pinned = PinnedState{};
    scene.pinned->inputs.text = "Tom chase Jerry";
    scene.pinned->inputs.model = "/no/such/model";
    document.newScene(scene);
    follow();
    const auto* empty = workspace.findChild<QLabel*>(QStringLiteral("compare.empty"));
    EXPECT_TRUE(empty->isVisible());
    EXPECT_FALSE(a->isVisible());
    EXPECT_TRUE(empty->text().contains(QStringLiteral("/no/such/model"))) << empty->text().toStdString();
    const auto* aText = workspace.findChild<QLabel*>(QStringLiteral("compare.aText"));
    EXPECT_TRUE(aText->text().contains(QStringLiteral("Tom chase Jerry"))) << aText->text().toStdString();
    pin();
    EXPECT_FALSE(empty->isVisible());
    EXPECT_EQ(caption->text(), QStringLiteral("A and B are the same wherever both have a number."));
}

TEST_F(CompareWorkspaceTest, ItsFigureHasAllFourAndItsDataEveryCell) {
    pin();
    document.setParameter(ParameterId::Temperature, 0.5);
    follow();
    const PageSource source = workspace.page().source();
    const auto spec = source.figure({});
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->panels.size(), 4U);
    EXPECT_TRUE(renderFigure(*spec, FigureFormat::Svg));
    const auto csv = source.data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 1 + 11 * 11);
    EXPECT_TRUE(csv->starts_with("row,column,a,b,difference\nThe,The,"));
}

}  // namespace
}  // namespace attn::ui
