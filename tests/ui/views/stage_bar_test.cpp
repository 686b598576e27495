#include "ui/views/stage_bar.h"

#include "tests/ui/wait.h"
#include "ui/model/selection.h"
#include "ui/panels/segmented_control.h"
#include "ui/views/tensor_tabs.h"

#include <QProxyStyle>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

class StageBarTest : public testing::Test {
protected:
    StageBarTest() {
        bar.resize(900, 40);
        tabs.resize(900, 40);
        bar.show();
        Scene scene;
        scene.inputs.text = "The animal was too tired";
        document.newScene(scene);
    }
    QToolButton* button(const char* stage) {
        QToolButton* found = bar.button(QString::fromLatin1(stage));
        EXPECT_NE(found, nullptr) << stage;
        return found;
    }
    /// What the next flash names.
    QStringList nextFlash() {
        QSignalSpy spy(&bar, &StageBar::flashed);
        EXPECT_TRUE(waitUntil([&] { return spy.count() > 0; }));
        return spy.isEmpty() ? QStringList() : spy.front().front().toStringList();
    }

    SceneDocument document;
    StageBar bar{&document};
    TensorTabs tabs{&document};
};

TEST_F(StageBarTest, HasAPillForEveryStageOfTheSite) {
    ASSERT_TRUE(waitForTrace(document));
    const SiteInfo& site = document.trace()->sites().front();
    ASSERT_GE(site.stages.size(), 8U);
    for (const StageInfo& stage : site.stages) {
        const QToolButton* pill = button(stage.id.c_str());
        EXPECT_EQ(pill->text(), QString::fromStdString(stage.label));
        EXPECT_FALSE(pill->accessibleName().isEmpty());
        EXPECT_TRUE(pill->toolTip().contains(QString::fromUtf8(stage.title)));
        EXPECT_TRUE(bar.rect().contains(pill->geometry()));
    }
    EXPECT_TRUE(button("pattern")->isChecked());
}

TEST_F(StageBarTest, ClickKeyAndSelectionAgree) {
    ASSERT_TRUE(waitForTrace(document));
    QTest::mouseClick(button("qkv"), Qt::LeftButton);
    EXPECT_EQ(document.selection()->stage(), QStringLiteral("qkv"));
    QTest::keyClick(button("qkv"), Qt::Key_Right);
    EXPECT_EQ(document.selection()->stage(), QStringLiteral("scores_raw"));
    EXPECT_TRUE(button("scores_raw")->isChecked());
    QSignalSpy changes(document.selection(), &Selection::stageChanged);
    document.selection()->setStage(QStringLiteral("z"));
    EXPECT_TRUE(button("z")->isChecked());
    EXPECT_FALSE(button("scores_raw")->isChecked());
    EXPECT_EQ(changes.count(), 1);
    document.selection()->setStage(QStringLiteral("no such stage"));
    EXPECT_TRUE(button("pattern")->isChecked());
}

TEST_F(StageBarTest, LabelsFollowTheParameters) {
    ASSERT_TRUE(waitForTrace(document));
    const QString before = button("mask")->text();
    document.setParameter(ParameterId::Mask, std::string("causal"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_NE(button("mask")->text(), before);
}

TEST_F(StageBarTest, FlashesWhatAChangeRecomputed) {
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_TRUE(bar.pending().empty());
    document.setParameter(ParameterId::Temperature, 2.0);
    const QStringList after = nextFlash();
    EXPECT_EQ(after, (QStringList{QStringLiteral("attn_out"), QStringLiteral("mask"),
                                  QStringLiteral("pattern"), QStringLiteral("scale"), QStringLiteral("z")}));
    EXPECT_TRUE(bar.pending().empty());
    document.setParameter(ParameterId::DV, std::int64_t{8});
    // qkv's main tensor is q, which does not depend on d_v; z and the output do.
    EXPECT_EQ(nextFlash(), (QStringList{QStringLiteral("attn_out"), QStringLiteral("z")}));
}

TEST_F(StageBarTest, FlashesOnceAfterTheDrag) {
    ASSERT_TRUE(waitForTrace(document));
    QSignalSpy spy(&bar, &StageBar::flashed);
    document.beginGesture(QStringLiteral("drag"));
    for (const double temperature : {2.0, 3.0, 4.0}) {
        document.setParameter(ParameterId::Temperature, temperature);
        ASSERT_TRUE(waitForTrace(document));
    }
    bool settled = false;
    QTimer::singleShot(400, &document, [&] { settled = true; });
    ASSERT_TRUE(waitUntil([&] { return settled; }));
    EXPECT_EQ(spy.count(), 0);
    EXPECT_FALSE(bar.pending().empty());
    document.endGesture();
    ASSERT_TRUE(waitUntil([&] { return spy.count() > 0; }));
    EXPECT_EQ(spy.count(), 1);
    EXPECT_TRUE(bar.pending().empty());
}

TEST_F(StageBarTest, WrapsWhereItIsNarrow) {
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(bar.rows(), 1);
    const int one = bar.height();
    for (const int width : {400, 250, 140}) {
        bar.resize(width, bar.height());
        EXPECT_GT(bar.rows(), 1);
        EXPECT_GT(bar.height(), one);
        for (const StageInfo& stage : document.trace()->sites().front().stages) {
            EXPECT_TRUE(bar.rect().contains(button(stage.id.c_str())->geometry()))
                << stage.id << " at " << width;
        }
    }
}

TEST_F(StageBarTest, TabsChooseATensorOfTheStage) {
    ASSERT_TRUE(waitForTrace(document));
    const SiteInfo& site = document.trace()->sites().front();
    Selection* selection = document.selection();
    EXPECT_TRUE(tabs.isHidden());
    EXPECT_EQ(shownTensor(site, *selection).name, TensorName::Pattern);
    selection->setStage(QStringLiteral("qkv"));
    EXPECT_FALSE(tabs.isHidden());
    EXPECT_EQ(tabs.segments()->current(), QStringLiteral("q"));
    EXPECT_EQ(shownTensor(site, *selection).name, TensorName::Q);
    tabs.segments()->button(QStringLiteral("W_K"))->click();
    EXPECT_EQ(selection->tensor(), QStringLiteral("W_K"));
    EXPECT_EQ(shownTensor(site, *selection).name, TensorName::WK);
    tabs.segments()->button(QStringLiteral("q"))->click();
    EXPECT_TRUE(selection->tensor().isEmpty());
    selection->setStage(QStringLiteral("embed"), QStringLiteral("W_K"));  // none of this stage
    EXPECT_EQ(shownTensor(site, *selection).name, TensorName::Embed);
    EXPECT_EQ(tabs.segments()->current(), QStringLiteral("embed"));
}

TEST_F(StageBarTest, TheContextsTensorsHaveNamesOfTheirOwn) {
    document.setContext(QStringLiteral("une chatte"));
    ASSERT_TRUE(waitForTrace(document));
    document.selection()->setStage(QStringLiteral("embed"));
    QPushButton* context = tabs.segments()->button(QStringLiteral("context.embed"));
    ASSERT_NE(context, nullptr);
    context->click();
    EXPECT_EQ(shownTensor(document.trace()->sites().front(), *document.selection()),
              (TensorKey{"context", TensorName::Embed}));
}

}  // namespace
}  // namespace attn::ui
