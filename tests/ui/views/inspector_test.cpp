#include "ui/views/inspector.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/bars.h"
#include "ui/views/inspector_lines.h"
#include "ui/views/inspector_step.h"
#include "ui/views/inspector_terms.h"
#include "ui/views/inspector_text.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

namespace attn::ui {
namespace {

struct InspectorTest : testing::Test {
    SceneDocument document;
    Inspector inspector{&document};

    void SetUp() override {
        inspector.resize(320, 800);
        inspector.show();
        open(document, exampleScene());
    }
};

TEST_F(InspectorTest, WritesOutTheArithmeticOfThePinnedCell) {
    document.selection()->setHead(2);
    document.selection()->pin({7, 1});
    ASSERT_TRUE(inspector.explanation());
    const TensorPtr pattern = document.trace()->find({"blocks.0", TensorName::Pattern})->get();
    EXPECT_NEAR(inspector.explanation()->value, static_cast<double>(pattern->at(2, 7, 1)), 1e-9);
    const QString text = inspector.plainText();
    EXPECT_TRUE(text.startsWith(QStringLiteral("it attends to animal: "))) << text.toStdString();
    EXPECT_TRUE(text.contains(QStringLiteral("÷ √16 = ")));
    EXPECT_EQ(text.count(QStringLiteral("×")), 16) << "all terms of the dot product";
}

TEST_F(InspectorTest, FollowsThePointerAndReturnsToThePin) {
    document.selection()->free();
    document.selection()->setPreview({3, 4});
    EXPECT_EQ(inspector.explanation()->row, 3);
    document.selection()->pin({7, 1});
    document.selection()->setPreview({3, 4});
    EXPECT_EQ(inspector.explanation()->row, 3);
    document.selection()->clearPreview();
    EXPECT_EQ(inspector.explanation()->row, 7);
    document.selection()->free();
    EXPECT_FALSE(inspector.explanation());
    EXPECT_TRUE(inspector.plainText().contains(QStringLiteral("blocks.0.pattern has the shape 4 × 11 × 11")));
}

TEST_F(InspectorTest, InALowWindowHeadlineAndButtonsScrollWithTheSteps) {
    const auto* content = inspector.findChild<QWidget*>(QStringLiteral("inspector.steps"));
    const auto* button = inspector.findChild<QPushButton*>(QStringLiteral("inspector.export"));
    const auto* headline = inspector.findChild<InspectorHeadline*>();
    ASSERT_TRUE(content && button && headline);
    EXPECT_FALSE(content->isAncestorOf(button));
    inspector.resize(320, 6 * inspector.fontMetrics().lineSpacing());
    QCoreApplication::processEvents();
    EXPECT_TRUE(content->isAncestorOf(button));
    EXPECT_TRUE(content->isAncestorOf(headline));
    inspector.resize(320, 800);
    QCoreApplication::processEvents();
    EXPECT_FALSE(content->isAncestorOf(button));
    EXPECT_FALSE(content->isAncestorOf(headline));
}

TEST_F(InspectorTest, FollowsAParameter) {
    document.selection()->pin({7, 1});
    const double before = inspector.explanation()->value;
    document.setParameter(ParameterId::Temperature, 0.2);
    settle(document);
    EXPECT_NE(inspector.explanation()->value, before);
    EXPECT_TRUE(inspector.plainText().contains(QStringLiteral("÷ 0.2 = ")));
}

TEST_F(InspectorTest, KeepsItsGeometryWhileCellsAreScrubbed) {
    document.selection()->pin({0, 0});
    QApplication::processEvents();
    // The widest numbers have been seen once; after that nothing moves.
    for (int i = 0; i < 11; ++i) {
        for (int j = 0; j < 11; ++j) document.selection()->pin({i, j});
    }
    QApplication::processEvents();
    const QRect third = inspector.step(2)->geometry();
    const QRect fourth = inspector.step(3)->geometry();
    for (int i = 0; i < 11; ++i) {
        document.selection()->pin({i, 10 - i});
        QApplication::processEvents();
        EXPECT_EQ(inspector.step(2)->geometry(), third);
        EXPECT_EQ(inspector.step(3)->geometry(), fourth);
    }
}

TEST_F(InspectorTest, AClickOnAKeyPinsIt) {
    document.selection()->pin({7, 1});
    WeightBars* bars = inspector.step(2)->weightBars();
    emit bars->barClicked(4);
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 4}));
    EXPECT_EQ(bars->current(), 4);
}

TEST_F(InspectorTest, AQueryAloneShowsItsStrongestKey) {
    document.selection()->pin({7, -1});
    ASSERT_TRUE(inspector.explanation());
    const TensorPtr pattern = document.trace()->find({"blocks.0", TensorName::Pattern})->get();
    EXPECT_FLOAT_EQ(static_cast<float>(inspector.explanation()->value), pattern->matrix(0).row(7).maxCoeff());
}

TEST_F(InspectorTest, ListsEveryTermOnDemandAndSortsThem) {
    document.selection()->setStage(QStringLiteral("qkv"));
    document.selection()->pin({7, 1, 3});
    inspector.step(0)->termsLine()->setChecked(true);
    QTableView* table = inspector.step(0)->termTable();
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->model()->rowCount(), 64);
    table->sortByColumn(TermsModel::ValueColumn, Qt::DescendingOrder);
    const auto& terms = inspector.explanation()->steps[0].terms;
    const auto largest = std::max_element(terms.begin(), terms.end(), [](const auto& a, const auto& b) {
        return std::abs(a.value) < std::abs(b.value);
    });
    EXPECT_EQ(table->model()->index(0, 0).data().toString(), QString::number(largest->index));
}

TEST_F(InspectorTest, IsASentenceForScreenReaders) {
    document.selection()->pin({7, 1});
    EXPECT_TRUE(waitUntil([&] {
        return inspector.accessibleDescription().startsWith(QStringLiteral("it attends to animal: "));
    }));
}

TEST_F(InspectorTest, ButtonsAskForTheFigure) {
    QSignalSpy copied(&inspector, &Inspector::copyFigureRequested);
    QSignalSpy exported(&inspector, &Inspector::exportRequested);
    inspector.findChild<QPushButton*>(QStringLiteral("inspector.copyFigure"))->click();
    inspector.findChild<QPushButton*>(QStringLiteral("inspector.export"))->click();
    EXPECT_EQ(copied.count(), 1);
    EXPECT_EQ(exported.count(), 1);
}

TEST_F(InspectorTest, EveryStageOfEveryScoreHasAnExplanation) {
    for (const char* score : {"dot", "cosine", "additive", "bilinear"}) {
        document.setParameter(ParameterId::Score, std::string(score));
        settle(document);
        document.selection()->pin({7, 1, 2});
        for (const StageInfo& stage : document.trace()->sites().front().stages) {
            document.selection()->setStage(QString::fromStdString(stage.id));
            ASSERT_TRUE(inspector.explanation()) << stage.id;
            EXPECT_FALSE(inspector.explanation()->steps.empty()) << stage.id;
        }
    }
}

TEST(InspectorText, MaskedIsASignAndSmallNumbersAreNotZero) {
    EXPECT_EQ(arithmeticNumber(-std::numeric_limits<double>::infinity()), QStringLiteral("−∞"));
    EXPECT_EQ(arithmeticNumber(11.653), QStringLiteral("11.653"));
    EXPECT_NE(arithmeticNumber(1e-6), QStringLiteral("0.000"));
    EXPECT_EQ(arithmeticNumber(0), QStringLiteral("0"));
    Sentence sentence{"%1 attends to %2", {"%2", "b"}, {Part::Query, Part::Key}};
    EXPECT_EQ(sentenceText(sentence), QStringLiteral("%2 attends to b"));
}

}  // namespace
}  // namespace attn::ui
