#include "ui/views/neurons_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/neurons_plot.h"
#include "ui/views/head_chooser.h"
#include "ui/views/number_table.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

struct NeuronsWorkspaceTest : testing::Test {
    SceneDocument document;
    NeuronsWorkspace workspace{&document};
    NeuronsPlot* plot = workspace.findChild<NeuronsPlot*>();

    void SetUp() override {
        workspace.resize(1000, 800);
        workspace.show();
        open(document, exampleScene({{"heads", "4"}}));
        document.selection()->pin({7, 1});
    }
    TensorPtr tensor(TensorName name) { return document.trace()->find({"blocks.0", name})->get(); }
    QString caption() { return workspace.findChild<QLabel*>(QStringLiteral("neurons.caption"))->text(); }
    void click(const NeuronsPlace& place) {
        QTest::mouseClick(plot->viewport(), Qt::LeftButton, {}, plot->boxOf(place).center().toPoint());
    }
    static NeuronsPlace ofQuery(Index dimension) { return {-1, dimension, true, false}; }
};

TEST_F(NeuronsWorkspaceTest, ShowsTheSelectedQueryOfTheSelectedHead) {
    document.selection()->setHead(2);
    const NeuronsData& shown = plot->data();
    ASSERT_FALSE(shown.isEmpty());
    EXPECT_EQ(shown.query, QStringLiteral("it"));
    EXPECT_EQ(shown.lines(), 11);
    EXPECT_EQ(workspace.page().key(), 1);
    for (Index key = 0; key < 11; ++key) {
        const auto place = static_cast<std::size_t>(key);
        EXPECT_NEAR(shown.row->all.weights[place], tensor(TensorName::Pattern)->at(2, 7, key), 1e-5);
        EXPECT_NEAR(shown.row->all.raw[place], tensor(TensorName::ScoresRaw)->at(2, 7, key), 1e-4);
    }
    EXPECT_EQ(shown.row->left[5], tensor(TensorName::Q)->at(2, 7, 5));
    EXPECT_TRUE(caption().startsWith(QStringLiteral("‘it’ and ‘animal’: 16 terms add up to ")))
        << caption().toStdString();
}

TEST_F(NeuronsWorkspaceTest, AClickOnTheQuerySwitchesADimensionOffAndOn) {
    const std::vector<float> before = plot->data().row->all.weights;
    click(ofQuery(3));
    EXPECT_EQ(document.view().neurons.off, (std::vector<std::int64_t>{3}));
    EXPECT_TRUE(plot->data().anyOff);
    EXPECT_EQ(plot->data().row->all.weights, before) << "with every dimension nothing changes";
    EXPECT_NE(plot->data().row->kept.weights, before);
    EXPECT_TRUE(caption().contains(QStringLiteral("Without what is off"))) << caption().toStdString();
    EXPECT_FALSE(document.undoStack()->canUndo()) << "how it is looked at, not what is computed";
    click(ofQuery(0));
    EXPECT_EQ(document.view().neurons.off, (std::vector<std::int64_t>{0, 3}));
    click(ofQuery(3));
    EXPECT_EQ(document.view().neurons.off, (std::vector<std::int64_t>{0}));
    auto* all = workspace.findChild<QPushButton*>(QStringLiteral("neurons.allOn"));
    EXPECT_TRUE(all->isEnabled());
    all->click();
    EXPECT_TRUE(document.view().neurons.off.empty());
    EXPECT_FALSE(all->isEnabled());
    EXPECT_EQ(plot->data().row->kept.weights, before);
}

TEST_F(NeuronsWorkspaceTest, TheKeyboardReachesEverything) {
    QTest::keyClick(plot, Qt::Key_Down);
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 2, -1}));
    QTest::keyClick(plot, Qt::Key_Up, Qt::ControlModifier);
    EXPECT_EQ(document.selection()->pinned(), (Cell{6, 2, -1}));
    EXPECT_EQ(plot->currentDimension(), 0);
    QTest::keyClick(plot, Qt::Key_Right);
    QTest::keyClick(plot, Qt::Key_Right);
    EXPECT_EQ(plot->currentDimension(), 2);
    EXPECT_TRUE(caption().startsWith(QStringLiteral("Dimension 2 of ‘because’"))) << caption().toStdString();
    QTest::keyClick(plot, Qt::Key_Space);
    EXPECT_EQ(document.view().neurons.off, (std::vector<std::int64_t>{2}));
    QTest::keyClick(plot, Qt::Key_Escape);
    EXPECT_TRUE(document.selection()->pinned().isNull());
}

TEST_F(NeuronsWorkspaceTest, AClickOnALineChoosesItsKey) {
    click({4, 8, false, true});
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 4, -1}));
    EXPECT_TRUE(document.view().neurons.off.empty());
    document.selection()->free();
    const std::vector<float>& weights = plot->data().row->all.weights;
    EXPECT_EQ(workspace.page().query(), 0) << "without a selection the first query";
    EXPECT_EQ(workspace.page().key(), std::max_element(weights.begin(), weights.end()) - weights.begin());
}

TEST_F(NeuronsWorkspaceTest, DimensionsCanStandByTheirContribution) {
    NeuronsView view = document.view().neurons;
    view.order = "contribution";
    document.setNeuronsView(view);
    const NeuronsData& shown = plot->data();
    double last = 1e9;
    for (const Index dimension : shown.columns) {
        const double size = std::abs(shown.head->term(*shown.row, 1, dimension));
        EXPECT_LE(size, last);
        last = size;
    }
    // The list beside it begins with the same.
    const auto* table = workspace.findChild<NumberTable*>();
    EXPECT_EQ(table->item(0, 0)->text(), QString::number(shown.columns[0]));
    EXPECT_EQ(workspace.page().contributions().size(), NeuronsPage::kListed);
    const Index largest = shown.columns[0];
    emit const_cast<NumberTable*>(table)->rowChosen(0);
    EXPECT_EQ(document.view().neurons.off, (std::vector<std::int64_t>{largest}));
}

TEST_F(NeuronsWorkspaceTest, ACellUnderThePointerSaysItsArithmetic) {
    QTest::mouseMove(plot->viewport(), plot->boxOf({4, 8, false, true}).center().toPoint());
    EXPECT_TRUE(caption().startsWith(QStringLiteral("Dimension 8 of ‘it’ and ‘the’: ")))
        << caption().toStdString();
    QTest::mouseMove(plot->viewport(), plot->boxOf(ofQuery(8)).center().toPoint());
    EXPECT_TRUE(caption().contains(QStringLiteral("A click switches it off"))) << caption().toStdString();
}

/// What the pointer or the keyboard rested on may be gone.
TEST_F(NeuronsWorkspaceTest, APlaceThatIsGoneIsNoLongerSpokenOf) {
    QTest::mouseMove(plot->viewport(), plot->boxOf({4, 8, false, true}).center().toPoint());
    ASSERT_TRUE(caption().startsWith(QStringLiteral("Dimension 8"))) << caption().toStdString();
    document.setText(QStringLiteral("a b"));
    settle(document);
    EXPECT_FALSE(caption().startsWith(QStringLiteral("Dimension 8"))) << caption().toStdString();
    document.setText(QString::fromUtf8(kSentence));
    settle(document);
    document.selection()->pin({7, 1});
    QTest::keyClick(plot, Qt::Key_Right);
    ASSERT_TRUE(caption().startsWith(QStringLiteral("Dimension 1 of ‘it’ and ‘animal’")))
        << caption().toStdString();
    QTest::keyClick(plot, Qt::Key_Down);
    EXPECT_TRUE(caption().startsWith(QStringLiteral("Dimension 1 of ‘it’ and ‘didn't’")))
        << caption().toStdString();
    for (int i = 0; i < 14; ++i) QTest::keyClick(plot, Qt::Key_Right);
    document.setParameter(ParameterId::DK, std::int64_t{2});
    settle(document);
    EXPECT_FALSE(caption().startsWith(QStringLiteral("Dimension 15"))) << caption().toStdString();
}

TEST_F(NeuronsWorkspaceTest, OtherScoresSayWhatTheirTermsAre) {
    const auto* note = workspace.findChild<QLabel*>(QStringLiteral("neurons.note"));
    for (const auto& [score, part] :
         {std::pair("cosine", "add up to the cosine exactly"),
          std::pair("additive", "hidden unit by hidden unit"), std::pair("bilinear", "qᵀW")}) {
        document.setParameter(ParameterId::Score, std::string(score));
        settle(document);
        EXPECT_TRUE(note->text().contains(QString::fromUtf8(part))) << note->text().toStdString();
        const auto key = static_cast<std::size_t>(workspace.page().key());
        EXPECT_NEAR(plot->data().row->all.weights[key], tensor(TensorName::Pattern)->at(0, 7, 1), 1e-5);
    }
}

TEST_F(NeuronsWorkspaceTest, FollowsNumbersThatAreSetByHand) {
    const auto* note = workspace.findChild<QLabel*>(QStringLiteral("neurons.note"));
    document.editCell({"blocks.0", TensorName::Q}, 0, 7, 3, 2.5);
    settle(document);
    EXPECT_EQ(plot->data().row->left[3], 2.5F);
    EXPECT_NEAR(plot->data().row->all.weights[1], tensor(TensorName::Pattern)->at(0, 7, 1), 1e-5);
    EXPECT_FALSE(note->text().contains(QStringLiteral("set by hand")));
    document.editCell({"blocks.0", TensorName::Scores}, 0, 7, 3, 9);
    settle(document);
    EXPECT_TRUE(note->text().contains(QStringLiteral("set by hand"))) << note->text().toStdString();
}

TEST_F(NeuronsWorkspaceTest, EmptyTextOneTokenAndMaskedRowsLookIntended) {
    document.setText(QString());
    settle(document);
    EXPECT_TRUE(plot->data().isEmpty());
    EXPECT_TRUE(caption().isEmpty());
    EXPECT_TRUE(workspace.isComplete());
    document.setText(QStringLiteral("one"));
    settle(document);
    EXPECT_EQ(plot->data().lines(), 1);
    document.setText(QStringLiteral("two words"));
    document.setParameter(ParameterId::Mask, std::string("padding"));
    document.setParameter(ParameterId::MaskPadding, std::int64_t{2});
    settle(document);
    EXPECT_TRUE(caption().contains(QStringLiteral("the mask forbids the pair"))) << caption().toStdString();
}

TEST_F(NeuronsWorkspaceTest, OnlyWhatIsInSightIsPaintedAndTheRestScrolls) {
    QString text;
    for (int i = 0; i < 1024; ++i) text += QStringLiteral("w%1 ").arg(i);
    document.setText(text);
    document.setParameter(ParameterId::DK, std::int64_t{256});
    settle(document);
    EXPECT_EQ(plot->data().lines(), 1024);
    EXPECT_EQ(plot->data().columns.size(), 256U);
    EXPECT_GT(plot->verticalScrollBar()->maximum(), 1000);
    document.selection()->pin({3, 1000});
    plot->reveal(1000);
    EXPECT_TRUE(plot->viewport()->rect().contains(plot->boxOf({1000, 5, false, false}).center().toPoint()));
    // A figure has the keys with most weight, and the one that is looked at.
    const auto figure = workspace.page().source().figure({});
    ASSERT_TRUE(figure);
    EXPECT_TRUE(figure->caption.contains(QStringLiteral("Of 1024 keys the 40 with most weight are drawn")))
        << figure->caption.toStdString();
    const auto csv = workspace.page().source().data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 1025);
}

TEST_F(NeuronsWorkspaceTest, BeforeAnAudienceThereIsOnlyThePicture) {
    const auto* list = workspace.findChild<QWidget*>(QStringLiteral("neurons.list"));
    EXPECT_TRUE(list->isVisible());
    workspace.setPresenting(true);
    EXPECT_FALSE(list->isVisible());
    document.selection()->pin({7, 3});
    EXPECT_FALSE(list->isVisible());
    EXPECT_TRUE(plot->isVisible());
    workspace.setPresenting(false);
    EXPECT_TRUE(list->isVisible());
}

TEST_F(NeuronsWorkspaceTest, TheHeadIsChosenForAllViews) {
    auto* list = workspace.findChild<HeadChooser*>()->list();
    EXPECT_EQ(list->count(), 4);
    list->setCurrentIndex(2);
    emit list->activated(2);
    EXPECT_EQ(document.selection()->head(), 2);
    EXPECT_EQ(plot->data().head->head(), 2);
    document.selection()->setHead(1);
    EXPECT_EQ(list->currentIndex(), 1);
}

TEST_F(NeuronsWorkspaceTest, ItsFigureHasItsTokensAsText) {
    const auto spec = workspace.page().source().figure({});
    ASSERT_TRUE(spec);
    const auto svg = renderFigure(*spec, FigureFormat::Svg);
    ASSERT_TRUE(svg);
    for (const char* text : {"animal", "street", "raw score", "softmax"})
        EXPECT_TRUE(svg->contains(text)) << text;
}

}  // namespace
}  // namespace attn::ui
