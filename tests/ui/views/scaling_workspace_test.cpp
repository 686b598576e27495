#include "ui/views/scaling_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/model/scaling_run.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"
#include "ui/plot/curve_plot.h"
#include "ui/views/scaling_captions.h"
#include "ui/views/scaling_controls.h"
#include "ui/views/step_card.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QTimer>

namespace attn::ui {
namespace {

struct ScalingWorkspaceTest : testing::Test {
    SceneDocument document;
    ScalingWorkspace page{&document};

    void SetUp() override {
        page.resize(1200, 900);
        Scene scene = exampleScene();
        scene.experiments.scaling.samples = 400;
        open(document, scene);
        page.show();
        ASSERT_TRUE(settled());
    }
    [[nodiscard]] bool settled() {
        return waitUntil([&] { return page.isComplete() && page.run()->isResting(); });
    }
    [[nodiscard]] const ScalingState& state() const { return document.experiments().scaling; }
    template <typename Widget>
    [[nodiscard]] Widget* find(const char* name) const {
        return page.findChild<Widget*>(QString::fromLatin1(name));
    }
    void expectOneStep(int before, const ScalingState& start) {
        EXPECT_EQ(document.undoStack()->index(), before + 1);
        document.undoStack()->undo();
        EXPECT_EQ(state(), start);
    }
};

TEST_F(ScalingWorkspaceTest, showsPlotsAndSentencesForEveryStep) {
    for (const ScalingPlot plot : kScalingPlots) EXPECT_FALSE(page.plot(plot)->data().isEmpty());
    for (int step = 1; step <= 5; ++step) {
        EXPECT_FALSE(page.card(step)->caption().isEmpty()) << step;
        EXPECT_FALSE(page.card(step)->accessibleName().isEmpty());
    }
    EXPECT_EQ(page.card(2)->caption(), softmaxCaption(*page.run()->picture()));
    EXPECT_TRUE(page.plot(ScalingPlot::Scores)->data().note.contains(QStringLiteral("400")));
}

TEST_F(ScalingWorkspaceTest, whatRestsIsShownWhole) {
    ScalingState changed = state();
    for (const std::int64_t keys : {3, 40, 8}) {
        changed.keys = keys;
        changed.dk = 5 * keys;
        document.setScaling(changed, QStringLiteral("Change"));
    }
    ASSERT_TRUE(settled());
    for (const ScalingPlot plot : kScalingPlots) {
        EXPECT_EQ(page.plot(plot)->data(), scalingPlot(plot, *page.run()->picture(), scalingLook(state())));
    }
}

TEST_F(ScalingWorkspaceTest, captionsFollowTheState) {
    const QString before = page.card(2)->caption();
    ScalingState changed = state();
    changed.dk = 900;
    document.setScaling(changed, QStringLiteral("Change"));
    ASSERT_TRUE(settled());
    EXPECT_NE(page.card(2)->caption(), before);
    EXPECT_TRUE(page.card(2)->caption().contains(QStringLiteral("900")));
    changed.exponent = 0.9;
    document.setScaling(changed, QStringLiteral("Change"));
    ASSERT_TRUE(settled());
    EXPECT_TRUE(page.card(4)->caption().contains(QStringLiteral("0.90")));
}

TEST_F(ScalingWorkspaceTest, everyControlIsOneUndoStepAndHasAName) {
    for (const char* key : {"d_k", "keys", "correlation", "exponent", "samples"}) {
        const QString name = QStringLiteral("parameter.scaling.") + QString::fromLatin1(key);
        auto* slider = page.findChild<ValueSlider*>(name + QStringLiteral(".slider"));
        auto* edit = page.findChild<ValueEdit*>(name + QStringLiteral(".value"));
        ASSERT_TRUE(slider && edit) << key;
        EXPECT_FALSE(slider->accessibleName().isEmpty());
        EXPECT_FALSE(edit->accessibleName().isEmpty());
        const ScalingState start = state();
        const int before = document.undoStack()->index();
        const QPoint middle = slider->rect().center();
        QTest::mousePress(slider, Qt::LeftButton, {}, middle);
        QTest::mouseMove(slider, middle + QPoint(25, 0));
        QTest::mouseMove(slider, middle + QPoint(40, 0));
        EXPECT_FALSE(state() == start) << key;
        QTest::mouseRelease(slider, Qt::LeftButton, {}, middle + QPoint(40, 0));
        expectOneStep(before, start);
    }
}

TEST_F(ScalingWorkspaceTest, dkReachesBothEndsAndRefusesWhatLiesOutside) {
    auto* slider = find<ValueSlider>("parameter.scaling.d_k.slider");
    QTest::keyClick(slider, Qt::Key_End);
    EXPECT_EQ(state().dk, 1024);
    QTest::keyClick(slider, Qt::Key_Home);
    EXPECT_EQ(state().dk, 1);
    QTest::keyClick(slider, Qt::Key_Right);
    EXPECT_EQ(state().dk, 2);
    auto* edit = find<ValueEdit>("parameter.scaling.d_k.value");
    for (const char* wrong : {"0", "1025", "2.5", "nan", "x"}) {
        edit->setText(QString::fromLatin1(wrong));
        QTest::keyClick(edit, Qt::Key_Return);
        EXPECT_TRUE(edit->isInvalid()) << wrong;
        EXPECT_FALSE(find<QLabel>("parameter.scaling.d_k.message")->text().isEmpty());
        EXPECT_EQ(state().dk, 2);
    }
    edit->setText(QStringLiteral("333"));
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_EQ(state().dk, 333);
}

TEST_F(ScalingWorkspaceTest, aDoubleClickOnALabelResets) {
    ScalingState changed = state();
    changed.dk = 3;
    changed.distribution = ComponentDistribution::Signs;
    document.setScaling(changed, QStringLiteral("Change"));
    EXPECT_EQ(find<SegmentedControl>("parameter.scaling.distribution")->current(), QStringLiteral("signs"));
    QTest::mouseDClick(find<ParameterLabel>("parameter.scaling.d_k.label"), Qt::LeftButton);
    EXPECT_EQ(state().dk, ScalingState{}.dk);
    QTest::mouseDClick(find<ParameterLabel>("parameter.scaling.distribution.label"), Qt::LeftButton);
    EXPECT_EQ(state().distribution, ComponentDistribution::Gaussian);
}

TEST_F(ScalingWorkspaceTest, choicesAndButtonsChangeTheState) {
    find<SegmentedControl>("parameter.scaling.distribution")->button(QStringLiteral("uniform"))->click();
    EXPECT_EQ(state().distribution, ComponentDistribution::Uniform);
    find<SegmentedControl>("scaling.measure")->button(QStringLiteral("entropy"))->click();
    EXPECT_EQ(state().measure, RowMeasure::Entropy);
    EXPECT_EQ(find<SegmentedControl>("scaling.measureByScale")->current(), QStringLiteral("entropy"));
    ASSERT_TRUE(settled());
    EXPECT_TRUE(page.plot(ScalingPlot::Measure)->data().y.title.contains(QStringLiteral("entropy")));
    find<QAbstractButton>("scaling.sorted")->click();
    EXPECT_TRUE(state().sorted);
    const std::vector<double> first = *page.run()->picture()->draw;
    find<QAbstractButton>("scaling.another")->click();
    EXPECT_EQ(state().draw, 1);
    find<QAbstractButton>("parameter.scaling.seed.next")->click();
    EXPECT_EQ(state().seed, 2);
    ASSERT_TRUE(settled());
    EXPECT_NE(*page.run()->picture()->draw, first);
}

TEST_F(ScalingWorkspaceTest, theMarkerMovesTheSliderInOneStep) {
    const ScalingState start = state();
    const int before = document.undoStack()->index();
    CurvePlot* plot = page.plot(ScalingPlot::Gradient);
    emit plot->markerPressed();
    emit plot->markerMoved(100.4);
    emit plot->markerMoved(511.6);
    EXPECT_EQ(state().dk, 512);
    EXPECT_EQ(page.controls()->dk()->slider()->number(), 512);
    for (const ScalingPlot each : kScalingPlots) {
        if (!isOverDk(each)) continue;
        EXPECT_EQ(page.plot(each)->data().marker, 512);
    }
    emit plot->markerMoved(1e9);
    EXPECT_EQ(state().dk, 1024);
    emit plot->markerReleased();
    expectOneStep(before, start);
}

TEST_F(ScalingWorkspaceTest, moreSamplesComeWithProgressAndCanBeStopped) {
    ScalingState many = state();
    many.samples = 1'000'000;
    document.setScaling(many, QStringLiteral("Change"));
    auto* stop = find<QAbstractButton>("scaling.stop");
    ASSERT_TRUE(waitUntil([&] { return page.run()->isCurrent() && page.run()->samples() > 1000; }));
    EXPECT_TRUE(stop->isEnabled());
    EXPECT_TRUE(find<QLabel>("scaling.state")->text().contains(QStringLiteral("1,000,000")));
    stop->click();
    ASSERT_TRUE(waitUntil([&] { return page.run()->isResting(); }));
    EXPECT_LT(page.run()->samples(), many.samples);
    EXPECT_TRUE(waitUntil([&] { return page.isComplete(); }));
    EXPECT_EQ(stop->text(), QStringLiteral("Go on"));
    const std::int64_t reached = page.run()->samples();
    stop->click();
    ASSERT_TRUE(waitUntil([&] { return page.run()->samples() > reached; }));
    EXPECT_EQ(stop->text(), QStringLiteral("Stop"));
    find<QAbstractButton>("scaling.more")->click();
    EXPECT_EQ(state().samples, 10'000'000);
    EXPECT_FALSE(find<QAbstractButton>("scaling.more")->isEnabled());
}

TEST_F(ScalingWorkspaceTest, restsWhileNobodyLooks) {
    ScalingState many = state();
    many.samples = 10'000'000;
    document.setScaling(many, QStringLiteral("Change"));
    page.hide();
    ASSERT_TRUE(waitUntil([&] { return page.run()->isResting(); }));
    EXPECT_FALSE(page.run()->isStopped());
    many.samples = 300;
    document.setScaling(many, QStringLiteral("Change"));
    EXPECT_TRUE(page.run()->isResting()) << "asks nothing before it is seen again";
    page.show();
    ASSERT_TRUE(settled());
    EXPECT_EQ(page.run()->samples(), 300);
}

TEST_F(ScalingWorkspaceTest, theSentenceIsMeasuredAndCanBeFollowed) {
    EXPECT_TRUE(page.card(5)->caption().contains(QStringLiteral("4 × 11 × 11, dₖ = 16")));
    find<QAbstractButton>("scaling.match")->click();
    EXPECT_EQ(state().dk, 16);
    EXPECT_EQ(state().keys, 11);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(find<QAbstractButton>("scaling.match")->isEnabled());
    document.setText(QString());
    settle(document);
    ASSERT_TRUE(settled());
    EXPECT_TRUE(page.card(5)->caption().contains(QStringLiteral("Type a sentence")));
    document.setText(QStringLiteral("one two"));
    settle(document);
    ASSERT_TRUE(settled());
    EXPECT_TRUE(page.card(5)->caption().contains(QStringLiteral("4 × 2 × 2")));
}

TEST_F(ScalingWorkspaceTest, copiesFigureAndData) {
    page.copyFigure();
    ASSERT_NE(QApplication::clipboard()->mimeData(), nullptr);
    EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasImage());
    page.copyData();
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith(QStringLiteral("dk,mean,variance,")));
}

TEST_F(ScalingWorkspaceTest, theMenuOfAPlotIsAboutThatPlot) {
    page.copyFigure();
    const QSize whole = QApplication::clipboard()->image().size();
    CurvePlot* plot = page.plot(ScalingPlot::Gradient);
    bool asked = false;
    QTimer::singleShot(0, &page, [&] {
        auto* menu = page.findChild<QMenu*>(QStringLiteral("plotMenu"));
        ASSERT_NE(menu, nullptr);
        auto* copy = menu->findChild<QAction*>(QStringLiteral("plot.copyFigure"));
        ASSERT_NE(copy, nullptr);
        copy->trigger();
        asked = true;
        menu->close();
    });
    emit plot->customContextMenuRequested(QPoint(5, 5));
    EXPECT_TRUE(asked);
    const QSize alone = QApplication::clipboard()->image().size();
    EXPECT_LT(alone.height(), whole.height() / 2);
    EXPECT_GT(alone.height(), 100);
    page.copyFigure();
    EXPECT_EQ(QApplication::clipboard()->image().size(), whole);
}

TEST_F(ScalingWorkspaceTest, fitsNarrowAndWideWindows) {
    for (const int width : {760, 1000, 2500}) {
        page.resize(width, 700);
        QCoreApplication::processEvents();
        for (const ScalingPlot plot : kScalingPlots) {
            const CurvePlot* widget = page.plot(plot);
            EXPECT_GE(widget->width(), 200) << width;
            const QPoint end = widget->mapTo(page.card(1)->parentWidget(), QPoint(widget->width(), 0));
            EXPECT_LE(end.x(), page.card(1)->parentWidget()->width()) << width;
        }
    }
    page.setPresenting(true);
    EXPECT_FALSE(page.controls()->isVisible());
    auto* bar = find<QuantityField>("parameter.scaling.d_k.bar");
    EXPECT_TRUE(bar->isVisible());
    QTest::keyClick(bar->slider(), Qt::Key_End);
    EXPECT_EQ(state().dk, 1024);
    page.setPresenting(false);
    EXPECT_TRUE(page.controls()->isVisible());
}

}  // namespace
}  // namespace attn::ui
