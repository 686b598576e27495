#include "ui/plot/heat_map.h"

#include "tests/ui/plot/synthetic.h"
#include "ui/plot/heat_map_painter.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace attn::ui {
namespace {

using test::causalScores;
using test::probabilities;
using test::tensorOf;

class HeatMapWidgetTest : public testing::Test {
protected:
    void SetUp() override {
        widget.resize(640, 520);
        widget.setData(probabilities(11, 11));
        widget.show();
        settle();
    }
    void settle() {
        QApplication::processEvents();
        before = widget.counts();
    }
    /// What happened since settle().
    [[nodiscard]] HeatMapWidget::Counts made() {
        QApplication::processEvents();
        const HeatMapWidget::Counts& now = widget.counts();
        return {now.images - before.images, now.layouts - before.layouts, now.replots - before.replots};
    }
    [[nodiscard]] QPoint centreOf(Index row, Index column) const {
        return widget.cellRect({row, column}).center().toPoint();
    }
    HeatMapWidget widget;
    HeatMapWidget::Counts before;
};

void expectCounts(const HeatMapWidget::Counts& made, int images, int layouts, int replots) {
    EXPECT_EQ(made.images, images);
    EXPECT_EQ(made.layouts, layouts);
    EXPECT_EQ(made.replots, replots);
}

TEST_F(HeatMapWidgetTest, TheSameDataCostsNothing) {
    widget.setData(widget.data());
    widget.setHeatMapStyle(widget.heatMapStyle());
    widget.setCurrent(widget.current());
    expectCounts(made(), 0, 0, 0);
}

TEST_F(HeatMapWidgetTest, NewNumbersOfTheSameShapeRedrawTheCellsAlone) {
    HeatMapData data = widget.data();
    data.tensor =
        tensorOf(1, 11, 11, [](Index, Index i, Index j) { return static_cast<float>(i * j) / 100; });
    widget.setData(data);
    expectCounts(made(), 1, 0, 1);
}

TEST_F(HeatMapWidgetTest, ManyChangesInOneTurnOfTheEventLoopAreOneFrame) {
    for (int step = 1; step <= 20; ++step) {
        HeatMapData data = widget.data();
        data.tensor =
            tensorOf(1, 11, 11, [step](Index, Index, Index) { return static_cast<float>(step) / 20; });
        widget.setData(data);
    }
    expectCounts(made(), 1, 0, 1);
}

TEST_F(HeatMapWidgetTest, ANewRangeChangesCellsAndLegend) {
    HeatMapData data = widget.data();
    data.range = {0, 0.5};
    widget.setData(data);
    expectCounts(made(), 1, 0, 2);
}

TEST_F(HeatMapWidgetTest, HoverAndSelectionLeaveTheCellsAlone) {
    widget.setHovered({2, 3});
    expectCounts(made(), 0, 0, 0);
    widget.setCurrent({2, 3});
    expectCounts(made(), 0, 0, 1);
}

TEST_F(HeatMapWidgetTest, OtherLabelsAreLaidOutAgain) {
    HeatMapData data = widget.data();
    data.rows = test::labelsOf(11, {QStringLiteral("other")});
    widget.setData(data);
    expectCounts(made(), 1, 1, 2);
    // Equal texts in another object are the same labels.
    settle();
    data.rows = test::labelsOf(11, {QStringLiteral("other")});
    widget.setData(data);
    EXPECT_EQ(made().layouts, 0);
}

TEST_F(HeatMapWidgetTest, ReportsClicksAndLeavesTheSelectionToOthers) {
    QSignalSpy clicks(&widget, &HeatMapWidget::clicked);
    QTest::mouseClick(&widget, Qt::LeftButton, {}, centreOf(7, 1));
    ASSERT_EQ(clicks.size(), 1);
    EXPECT_EQ(clicks[0][0].value<MatrixCell>(), (MatrixCell{7, 1}));
    EXPECT_EQ(widget.current(), MatrixCell{});
    QTest::mouseClick(&widget, Qt::LeftButton, {}, QPoint(2, 2));
    EXPECT_EQ(clicks.size(), 1);
}

TEST_F(HeatMapWidgetTest, ReportsHoverOnceForEachCell) {
    QSignalSpy hovers(&widget, &HeatMapWidget::hoveredCell);
    QTest::mouseMove(&widget, centreOf(3, 4));
    QTest::mouseMove(&widget, centreOf(3, 4) + QPoint(1, 1));
    QTest::mouseMove(&widget, centreOf(3, 5));
    QTest::mouseMove(&widget, QPoint(1, 1));
    ASSERT_EQ(hovers.size(), 3);
    EXPECT_EQ(hovers[0][0].value<MatrixCell>(), (MatrixCell{3, 4}));
    EXPECT_EQ(hovers[1][0].value<MatrixCell>(), (MatrixCell{3, 5}));
    EXPECT_FALSE(hovers[2][0].value<MatrixCell>().isValid());
}

TEST_F(HeatMapWidgetTest, ClicksOnLabelsSelectRowsAndColumns) {
    QSignalSpy rows(&widget, &HeatMapWidget::rowLabelClicked),
        columns(&widget, &HeatMapWidget::columnLabelClicked);
    const QRectF first = widget.cellRect({6, 0});
    QTest::mouseClick(&widget, Qt::LeftButton, {},
                      QPoint(static_cast<int>(first.left()) - 14, static_cast<int>(first.center().y())));
    ASSERT_EQ(rows.size(), 1);
    EXPECT_EQ(rows[0][0].value<Index>(), 6);
    const QRectF top = widget.cellRect({0, 4});
    // Turned labels start above their column and lean to the right.
    QTest::mouseClick(&widget, Qt::LeftButton, {},
                      QPoint(static_cast<int>(top.center().x()) + 12, static_cast<int>(top.top()) - 14));
    ASSERT_EQ(columns.size(), 1);
    EXPECT_EQ(columns[0][0].value<Index>(), 4);
}

TEST_F(HeatMapWidgetTest, PaintingLeavesOutNoCellOnTheWay) {
    widget.setPaintMode(true);
    QSignalSpy clicks(&widget, &HeatMapWidget::clicked), started(&widget, &HeatMapWidget::paintStarted),
        painted(&widget, &HeatMapWidget::painted), finished(&widget, &HeatMapWidget::paintFinished);
    QTest::mousePress(&widget, Qt::LeftButton, {}, centreOf(2, 2));
    QTest::mouseMove(&widget, centreOf(2, 2) + QPoint(1, 0));
    QTest::mouseMove(&widget, centreOf(2, 6));
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, centreOf(2, 6));
    EXPECT_EQ(clicks.size(), 0);
    EXPECT_EQ(started.size(), 1);
    EXPECT_EQ(finished.size(), 1);
    ASSERT_EQ(painted.size(), 5);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(painted[i][0].value<MatrixCell>(), (MatrixCell{2, 2 + i}));
    // Leaving paint mode in the middle of a gesture ends it.
    QTest::mousePress(&widget, Qt::LeftButton, {}, centreOf(1, 1));
    widget.setPaintMode(false);
    EXPECT_EQ(finished.size(), 2);
}

TEST_F(HeatMapWidgetTest, KeysAskForMoves) {
    QSignalSpy moves(&widget, &HeatMapWidget::moveRequested), edges(&widget, &HeatMapWidget::edgeRequested),
        escapes(&widget, &HeatMapWidget::escapePressed);
    for (const Qt::Key key : {Qt::Key_Left, Qt::Key_Down, Qt::Key_PageUp, Qt::Key_Home, Qt::Key_Escape})
        QTest::keyClick(&widget, key);
    QTest::keyClick(&widget, Qt::Key_End, Qt::ControlModifier);
    ASSERT_EQ(moves.size(), 3);
    EXPECT_EQ(moves[0], (QList<QVariant>{0, -1}));
    EXPECT_EQ(moves[1], (QList<QVariant>{1, 0}));
    EXPECT_EQ(moves[2], (QList<QVariant>{-10, 0}));
    ASSERT_EQ(edges.size(), 2);
    EXPECT_EQ(edges[1], (QList<QVariant>{1, 1}));
    EXPECT_EQ(escapes.size(), 1);
}

TEST_F(HeatMapWidgetTest, SaysTheCurrentCellAsASentence) {
    HeatMapData data = causalScores(11);
    widget.setData(data);
    widget.setCurrent({3, 1});
    EXPECT_EQ(widget.accessibleName(), QStringLiteral("pattern, head 0"));
    EXPECT_TRUE(widget.accessibleDescription().startsWith(QStringLiteral("query cross, key animal: ")));
    EXPECT_EQ(widget.describe({1, 3}), QStringLiteral("query animal, key cross: masked"));
    EXPECT_EQ(widget.describe({99, 0}), QStringLiteral("key The"));
}

TEST_F(HeatMapWidgetTest, SurvivesEveryShapeAndAShrinkingMatrix) {
    widget.setCurrent({10, 10});
    widget.setHovered({10, 10});
    for (const Index n : {1, 0, 2, 64, 300, 0, 3}) {
        widget.setData(n == 0 ? HeatMapData{} : probabilities(n, n));
        widget.flush();
        EXPECT_FALSE(widget.grab().isNull());
    }
    widget.setData(probabilities(2, 2));
    widget.resize(20, 12);
    widget.flush();
    EXPECT_FALSE(widget.cellAt({5, 5}).row > 1);
}

TEST(CellColors, MaskedCellsAndWhatIsNoNumberHaveNoColour) {
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> values{-inf, nan, inf, 0, 1, 2, -1, 0.5F};
    HeatMapData data = probabilities(1, 8);
    data.tensor =
        tensorOf(1, 1, 8, [&](Index, Index, Index j) { return values[static_cast<std::size_t>(j)]; });
    const CellColors colors = cellColors(data, 100, 100);
    EXPECT_EQ(colors.index, (std::vector<std::uint16_t>{256, 256, 256, 0, 255, 255, 0, 128}));
    EXPECT_TRUE(colors.anyMasked);
    EXPECT_TRUE(colors.above);
    EXPECT_TRUE(colors.below);
    EXPECT_FALSE(colors.reduced);
}

TEST(CellColors, HugeNumbersAndAnEmptyRangeStayInside) {
    HeatMapData data = probabilities(1, 3);
    data.tensor = tensorOf(1, 1, 3, [](Index, Index, Index j) { return static_cast<float>(j - 1) * 3e38F; });
    data.quantity = Quantity::Signed;
    data.range = sharedRange(*data.tensor, Quantity::Signed);
    EXPECT_THAT(cellColors(data, 9, 9).index, testing::ElementsAre(0, testing::AnyOf(127, 128), 255));
    data.range = {1, 1};
    EXPECT_EQ(cellColors(data, 9, 9).index.size(), 3U);
}

TEST(CellColors, AnotherRangeNeverLeavesTheColours) {
    CellColors colors;
    colors.rows = 1;
    colors.columns = 4;
    colors.index = {0, 100, 255, CellColors::kMasked};
    EXPECT_THAT(rescaled(colors, 0.5).index, testing::ElementsAre(0, 50, 128, CellColors::kMasked));
    const CellColors above = rescaled(colors, 1.5);  // a weight of 1.5 where the colours end at 1
    EXPECT_THAT(above.index, testing::ElementsAre(0, 150, 255, CellColors::kMasked));
    EXPECT_TRUE(above.above);
    EXPECT_THAT(rescaled(colors, 1e9).index, testing::ElementsAre(0, 255, 255, CellColors::kMasked));
}

TEST(CellColors, FlagsMaskWhateverTheNumber) {
    HeatMapData data = probabilities(2, 2);
    data.flags = std::make_shared<const std::vector<std::uint8_t>>(
        std::vector<std::uint8_t>{0, kCellMasked, kCellByHand, 0});
    const CellColors colors = cellColors(data, 9, 9);
    EXPECT_EQ(colors.index[1], CellColors::kMasked);
    EXPECT_NE(colors.index[2], CellColors::kMasked);
    EXPECT_TRUE(data.isMasked(0, 1));
}

TEST(CellColors, FewerPixelsThanCellsKeepTheLargest) {
    HeatMapData data = probabilities(6, 6);
    data.quantity = Quantity::Signed;
    data.range = {-1, 1};
    data.tensor = tensorOf(1, 6, 6, [](Index, Index i, Index j) {
        if (i == 4 && j == 1) return -1.0F;
        return i == 0 && j == 5 ? 1.0F : j >= 2 && j < 4 && i < 2 ? -INFINITY : 0.1F;
    });
    const CellColors colors = cellColors(data, 3, 3);
    ASSERT_TRUE(colors.reduced);
    EXPECT_EQ(colors.index[6], 0);                    // the −1 among its 0.1
    EXPECT_EQ(colors.index[2], 255);                  // the 1
    EXPECT_EQ(colors.index[1], CellColors::kMasked);  // nothing but masked cells
    EXPECT_EQ(colors.index[4], ColorMap::index(0.55));
}

TEST(SharedRange, CoversAllHeadsAndLeavesOutTheMask) {
    const TensorPtr tensor = tensorOf(3, 2, 2, [](Index h, Index i, Index j) {
        return i == 0 && j == 1 ? -INFINITY : static_cast<float>(h) - 2;
    });
    EXPECT_EQ(sharedRange(*tensor, Quantity::Signed), (ValueRange{-2, 2}));
    EXPECT_EQ(largestValue(*tensor, Quantity::Signed, 1), 1);
    EXPECT_EQ(
        sharedRange(*tensorOf(1, 1, 1, [](Index, Index, Index) { return 0.0F; }), Quantity::Probability),
        (ValueRange{0, 1}));
}

/// The picture of the cells has no text: the same on every machine, to the bit.
class GoldenCells : public testing::TestWithParam<const char*> {};

QImage goldenImage(const std::string& name) {
    const bool large = name.find("_2x") != std::string::npos;
    const bool causal = name.find("causal") != std::string::npos;
    const bool dark = name.find("dark") != std::string::npos;
    const bool reduced = name.find("reduced") != std::string::npos;
    const Theme theme = dark ? Theme::Dark : Theme::Light;
    const HeatMapData data = reduced  ? probabilities(200, 200)
                             : causal ? causalScores(7)
                                      : probabilities(7, 9);
    const QSize size = reduced ? QSize(90, 60) : QSize(9 * 20, 7 * 20) * (large ? 2 : 1);
    const CellColors colors = cellColors(data, size.height(), size.width());
    return cellImage(colors, HeatMapStyle{}.colorMap(data.quantity, theme), size,
                     reduced ? 0
                     : large ? 2
                             : 1,
                     palette(theme).card.rgb());
}

TEST_P(GoldenCells, AreIdentical) {
    const QString path = QStringLiteral(ATTN_GOLDEN_DIR "/cells_%1.png").arg(QString::fromLatin1(GetParam()));
    const QImage image = goldenImage(GetParam());
    if (qEnvironmentVariableIsSet("UPDATE_SNAPSHOTS")) {
        ASSERT_TRUE(image.save(path));
    }
    QImage golden(path);
    ASSERT_FALSE(golden.isNull()) << path.toStdString() << " is missing: run with UPDATE_SNAPSHOTS=1";
    golden = golden.convertToFormat(image.format());
    if (golden == image) return;
    const QString here =
        QDir::temp().filePath(QStringLiteral("cells_%1_new.png").arg(QString::fromLatin1(GetParam())));
    image.save(here);
    ADD_FAILURE() << path.toStdString() << " differs from " << here.toStdString();
}

INSTANTIATE_TEST_SUITE_P(HeatMap, GoldenCells,
                         testing::Values("viridis_light", "viridis_light_2x", "causal_light", "causal_dark",
                                         "reduced"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace attn::ui
