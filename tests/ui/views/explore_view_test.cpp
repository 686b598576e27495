#include "ui/views/explore_view.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/explore_toolbar.h"
#include "ui/views/tensor_table.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

namespace attn::ui {
namespace {

struct ExploreViewTest : testing::Test {
    SceneDocument document;
    ExploreView view{&document};

    void SetUp() override {
        view.resize(900, 700);
        view.show();
        open(document, exampleScene());
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    }
    [[nodiscard]] TensorPtr tensor(TensorName name) const {
        return document.trace()->find({"blocks.0", name})->get();
    }
};

TEST_F(ExploreViewTest, ShowsTheTensorOfTheStage) {
    EXPECT_EQ(view.heatMap()->data().tensor, tensor(TensorName::Pattern));
    document.selection()->setHead(3);
    EXPECT_EQ(view.heatMap()->data().head, 3);
    EXPECT_EQ(view.headStrip()->currentHead(), 3);
    document.selection()->setStage(QStringLiteral("z"));
    EXPECT_EQ(view.heatMap()->data().tensor, tensor(TensorName::Z));
    document.selection()->setStage(QStringLiteral("embed"));
    EXPECT_FALSE(view.headStrip()->isVisibleTo(&view)) << "an embedding has no heads";
}

TEST_F(ExploreViewTest, ARecipeComesAWhileLater) {
    document.selection()->setStage(QStringLiteral("scale"));
    EXPECT_FALSE(view.isComplete());
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    ASSERT_TRUE(view.heatMap()->data().tensor);
    EXPECT_EQ(view.heatMap()->data().tensor, tensor(TensorName::ScoresScaled));
}

TEST_F(ExploreViewTest, DoesNotRepaintWhatStaysTheSame) {
    view.heatMap()->flush();
    const int images = view.heatMap()->counts().images;
    document.setParameter(ParameterId::Residual, false);
    settle(document);
    view.heatMap()->flush();
    EXPECT_EQ(view.heatMap()->counts().images, images) << "the pattern does not depend on the residual";
    document.setParameter(ParameterId::Temperature, 2.0);
    settle(document);
    view.heatMap()->flush();
    EXPECT_EQ(view.heatMap()->counts().images, images + 1);
}

TEST_F(ExploreViewTest, HoverPreviewsAndAPinStays) {
    HeatMapWidget* map = view.heatMap();
    Selection* selection = document.selection();
    selection->free();
    emit map->hoveredCell({2, 3});
    EXPECT_EQ(selection->shown(), (Cell{2, 3}));
    emit map->hoveredCell({});
    EXPECT_TRUE(selection->shown().isNull());
    emit map->clicked({4, 5}, Qt::NoModifier);
    EXPECT_EQ(selection->pinned(), (Cell{4, 5}));
    emit map->hoveredCell({2, 3});
    EXPECT_EQ(selection->preview(), (Cell{2, 3}));
    EXPECT_EQ(map->current(), (MatrixCell{4, 5})) << "the pin keeps its outline";
    EXPECT_EQ(map->hovered(), (MatrixCell{2, 3}));
    emit map->moveRequested(1, -1);
    EXPECT_EQ(selection->pinned(), (Cell{5, 4}));
    emit map->edgeRequested(0, 1);
    EXPECT_EQ(selection->pinned(), (Cell{5, 10}));
    emit map->escapePressed();
    EXPECT_TRUE(selection->pinned().isNull());
    EXPECT_FALSE(map->current().isValid());
}

TEST_F(ExploreViewTest, TokensAndDimensionsKeepTheRestOfTheSelection) {
    document.selection()->pin({7, 1});
    document.selection()->setStage(QStringLiteral("qkv"), QStringLiteral("v"));
    EXPECT_EQ(view.heatMap()->current(), (MatrixCell{1, 0}));
    emit view.heatMap()->clicked({3, 6}, Qt::NoModifier);
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 3, 6}));
    document.setParameter(ParameterId::Temperature, 2.0);
    settle(document);
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 3, 6})) << "a new trace leaves the dimension alone";
}

TEST_F(ExploreViewTest, AStrokeMasksAndIsOneUndoStep) {
    HeatMapWidget* map = view.heatMap();
    const int before = document.undoStack()->count();
    emit map->paintStarted({2, 3});
    emit map->painted({2, 3});
    settle(document);
    emit map->painted({2, 4});
    emit map->paintFinished();
    settle(document);
    EXPECT_EQ(document.undoStack()->count(), before + 1);
    const MaskPlan& plan = document.trace()->mask("blocks.0");
    EXPECT_FALSE(plan.allowed(2, 3));
    EXPECT_FALSE(plan.allowed(2, 4));
    EXPECT_TRUE(view.heatMap()->data().isMasked(2, 4));

    // The first cell decides: over a masked one the brush allows, and what the rule allows needs no paint.
    emit map->paintStarted({2, 3});
    emit map->painted({2, 3});
    emit map->paintFinished();
    settle(document);
    EXPECT_EQ(document.inputs().painted.size(), 1U);
    document.undoStack()->undo();
    document.undoStack()->undo();
    settle(document);
    EXPECT_TRUE(document.inputs().painted.empty());
}

TEST_F(ExploreViewTest, TheBrushIsForQueriesTimesKeys) {
    view.toolbar()->paintButton()->click();
    EXPECT_TRUE(view.heatMap()->paintMode());
    document.selection()->setStage(QStringLiteral("z"));
    EXPECT_FALSE(view.heatMap()->paintMode());
    EXPECT_FALSE(view.toolbar()->paintButton()->isEnabled());
    document.selection()->setStage(QStringLiteral("pattern"));
    EXPECT_TRUE(view.heatMap()->paintMode());
}

TEST_F(ExploreViewTest, TheToolbarIsTheView) {
    view.toolbar()->rangeButton()->click();
    EXPECT_EQ(document.view().range, RangeMode::Unit);
    EXPECT_EQ(view.heatMap()->data().range, (ValueRange{0, 1}));
    const bool values = document.view().values;
    view.toolbar()->valuesButton()->click();
    EXPECT_EQ(view.heatMap()->heatMapStyle().values, !values);
    document.setColormap(QStringLiteral("magma"));
    EXPECT_EQ(view.heatMap()->heatMapStyle().sequential, ColorMapId::Magma);
}

TEST_F(ExploreViewTest, CopiesTheFigureAndItsData) {
    view.copyFigure();
    ASSERT_NE(QApplication::clipboard()->mimeData(), nullptr);
    EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasImage());
    view.copyData();
    EXPECT_EQ(QApplication::clipboard()->text().count(QLatin1Char('\n')), 12);
}

TEST_F(ExploreViewTest, ShowsEveryNumberAsATable) {
    view.showTable();
    auto* table = view.findChild<TensorTable*>();
    ASSERT_NE(table, nullptr);
    const QAbstractItemModel* model = table->view()->model();
    EXPECT_EQ(model->rowCount(), 11);
    EXPECT_EQ(model->headerData(7, Qt::Vertical).toString(), QStringLiteral("it"));
    EXPECT_EQ(model->index(7, 1).data().toString().toFloat(), tensor(TensorName::Pattern)->at(0, 7, 1));
    table->close();
}

TEST_F(ExploreViewTest, TheEdgesOfTextAreNoSpecialCase) {
    for (const char* text : {"", "Hello", "我想吃酸菜鱼"}) {
        document.setText(QString::fromUtf8(text));
        settle(document);
        for (const StageInfo& stage : document.trace()->sites().front().stages) {
            document.selection()->setStage(QString::fromStdString(stage.id));
            ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
            EXPECT_EQ(view.heatMap()->data().isEmpty(), *text == '\0') << stage.id;
            view.grab();
        }
    }
}

}  // namespace
}  // namespace attn::ui
