#include "ui/views/softmax_workspace.h"

#include "core/experiment/numerics.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/panels/logit_bars.h"
#include "ui/panels/number_list_edit.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/value_edit.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/heat_map.h"
#include "ui/views/number_table.h"
#include "ui/views/softmax_captions.h"
#include "ui/views/softmax_tables.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace attn::ui {
namespace {

using testing::ElementsAre;

SaturationState stateOf(std::vector<double> logits, double scale) {
    SaturationState state;
    state.logits = std::move(logits);
    state.scale = scale;
    return state;
}

SoftmaxPage pageOf(std::vector<double> logits, double scale) {
    SoftmaxPage page;
    page.setState(stateOf(std::move(logits), scale));
    return page;
}

TEST(SoftmaxPage, CurvesAreTheRowsOfTheExperiment) {
    const SoftmaxPage page = pageOf({1, 1, 2}, 2);
    const CurvePlotData plot = page.weightCurves();
    ASSERT_EQ(plot.curves.size(), 2U);  // equal logits share one
    EXPECT_EQ(plot.curves[1].name, QString::fromUtf8("p₁ = p₂"));
    EXPECT_EQ(plot.marker, 2);
    for (std::size_t i = 0; i < plot.curves[0].x.size(); ++i) {
        const auto row = experiment::saturationRow({1, 1, 2}, plot.curves[0].x[i]);
        ASSERT_TRUE(row);
        EXPECT_EQ(plot.curves[0].y[i], row->p[2]);
        EXPECT_EQ(plot.curves[1].y[i], row->p[0]);
    }
    EXPECT_NEAR(page.weightBars().bars[2].heights[0], 0.7869860422, 1e-10);
}

TEST(SoftmaxPage, TheSaturatedRegionBeginsWhereTheNormFallsBelowTheThreshold) {
    const SoftmaxPage page = pageOf({1, 1, 2}, 1);
    ASSERT_EQ(page.curves().saturated.size(), 1U);
    const double begin = page.curves().saturated[0].first;
    EXPECT_FALSE(experiment::saturationRow({1, 1, 2}, begin * 0.999)->measures.saturated);
    EXPECT_TRUE(experiment::saturationRow({1, 1, 2}, begin * 1.001)->measures.saturated);
    const CurvePlotData plot = page.gradientCurves();
    ASSERT_EQ(plot.regions.size(), 1U);
    EXPECT_EQ(plot.regions[0].low, begin);
    EXPECT_EQ(plot.regions[0].name, QStringLiteral("saturated"));
    EXPECT_GE(plot.regions[0].high, 1000);
    EXPECT_TRUE(pageOf({3, 3}, 1).curves().saturated.empty());  // a tie never saturates
}

TEST(SoftmaxPage, ALinearAxisShowsWhereSomethingHappens) {
    SaturationState state = stateOf({1, 1, 2}, 1);
    state.axis = AxisKind::Linear;
    SoftmaxPage page;
    page.setState(state);
    const CurvePlotData plot = page.weightCurves();
    EXPECT_EQ(plot.x.scale, AxisScale::Linear);
    EXPECT_GT(*plot.x.high, page.curves().saturated[0].first);
    EXPECT_LT(*plot.x.high, 20);
}

TEST(SoftmaxPage, ADraggedScaleKeepsTheCurves) {
    SoftmaxPage page = pageOf({1, 1, 2}, 1);
    const SoftmaxCurves* before = &page.curves();
    page.setState(stateOf({1, 1, 2}, 5));
    EXPECT_EQ(&page.curves(), before);
    EXPECT_EQ(page.row().scale, 5);
    page.setState(stateOf({1, 1, 3}, 5));
    EXPECT_NE(&page.curves(), before);
}

TEST(SoftmaxPage, TheJacobianIsTheDerivative) {
    const std::vector<double> logits{0.3, -1, 2, 0.5};
    const double scale = 1.7, step = 1e-6;
    const HeatMapData map = pageOf(logits, scale).jacobian();
    for (std::size_t j = 0; j < logits.size(); ++j) {
        // ∂p/∂s with s = a·logit: a change of the logit by h changes s by a·h.
        std::vector<double> up = logits, down = logits;
        up[j] += step / scale;
        down[j] -= step / scale;
        const auto high = experiment::saturationRow(up, scale), low = experiment::saturationRow(down, scale);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            EXPECT_NEAR(map.value(static_cast<Index>(i), static_cast<Index>(j)),
                        (high->p[i] - low->p[i]) / (2 * step), 1e-6)
                << i << ", " << j;
        }
    }
}

TEST(SoftmaxPage, ManyLogitsNameFewAndLeaveOutNoneSilently) {
    std::vector<double> logits;
    logits.reserve(1024);
    for (int i = 0; i < 1024; ++i) logits.push_back(std::sin(i * 12.9898) * 3);
    const SoftmaxPage page = pageOf(logits, 2);
    const CurvePlotData curves = page.weightCurves();
    ASSERT_EQ(curves.curves.size(), SoftmaxPage::kNamed + 1);
    EXPECT_TRUE(curves.curves.back().name.contains(QStringLiteral("1016")));
    EXPECT_EQ(page.weightBars().x.categories.size(), 64);
    EXPECT_TRUE(page.weightBars().note.contains(QStringLiteral("1024")));
    const HeatMapData map = page.jacobian();
    EXPECT_EQ(map.rowCount(), 64);
    EXPECT_TRUE(map.title.contains(QStringLiteral("64")));
    // p(1 − p) of the largest, though most keys are not on the map.
    const std::size_t first = page.curves().order[0];
    const double p = page.row().p[first];
    EXPECT_NEAR(map.value(0, 0), p * (1 - p), 1e-7);
    EXPECT_TRUE(page.source().figure({}).has_value());
}

TEST(SoftmaxPage, HugeLogitsOverflowNowhere) {
    const SoftmaxPage page = pageOf({-1e300, 1e300, 1e300}, 1000);
    EXPECT_EQ(page.row().p[0], 0);
    EXPECT_EQ(page.row().p[1], 0.5);
    for (const CurvePlotData& plot : {page.weightCurves(), page.entropyCurve(), page.gradientCurves()}) {
        for (const Curve& curve : plot.curves) {
            for (const double y : curve.y) EXPECT_TRUE(std::isfinite(y));
        }
    }
}

TEST(SoftmaxCaptions, FollowTheStateWithItsNumbers) {
    const auto says = [](const SoftmaxPage& page, const char* text) {
        return SoftmaxCaptions::state(page).contains(QString::fromUtf8(text));
    };
    EXPECT_TRUE(says(pageOf({1, 1, 2}, 1), "largest weight is 0.576"));
    EXPECT_TRUE(says(pageOf({1, 1, 2}, 1), "2.65 of 3 keys"));
    EXPECT_TRUE(says(pageOf({1, 1, 2}, 0.01), "nearly equal"));
    EXPECT_TRUE(says(pageOf({1, 1, 2}, 10), "saturated: p₃ takes 0.999909"));
    EXPECT_TRUE(says(pageOf({1, 1, 2}, 100), "p₃ takes all of the weight"));
    EXPECT_TRUE(SoftmaxCaptions::gradient(pageOf({1, 1, 2}, 1)).contains(QStringLiteral("from a = 6.09 on")));
    EXPECT_TRUE(SoftmaxCaptions::gradient(pageOf({1, 1, 2}, 10)).contains(QStringLiteral("is below")));
    EXPECT_TRUE(SoftmaxCaptions::gradient(pageOf({2, 2}, 10)).contains(QStringLiteral("no scale")));
    EXPECT_TRUE(SoftmaxCaptions::weights(pageOf({2, 2, 1}, 1)).contains(QStringLiteral("0.5 each")));
    EXPECT_TRUE(SoftmaxCaptions::weights(pageOf({2, 2}, 1)).contains(QStringLiteral("All logits are equal")));
    EXPECT_TRUE(SoftmaxCaptions::entropy(pageOf({1, 1, 2}, 100)).contains(QStringLiteral("one key")));
    for (const char* number : {"0.99991", "1.0", "0.787", "0.909"}) {
        EXPECT_TRUE(SoftmaxCaptions::aboutTheTable().contains(QString::fromLatin1(number))) << number;
    }
}

class SoftmaxWorkspaceTest : public testing::Test {
protected:
    SoftmaxWorkspaceTest() : view(&document) {
        open(document, exampleScene());
        view.resize(1200, 900);
        view.show();
    }
    template <typename Widget>
    Widget* child(const char* name) {
        auto* found = view.findChild<Widget*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    const SaturationState& state() const { return document.experiments().saturation; }
    QString caption() { return child<QLabel>("softmax.caption")->text(); }

    SceneDocument document;
    SoftmaxWorkspace view;
};

TEST_F(SoftmaxWorkspaceTest, EveryControlHasANameAndIsReachable) {
    for (QWidget* widget : view.findChildren<QWidget*>()) {
        if ((widget->focusPolicy() & Qt::TabFocus) == 0 || !widget->isVisibleTo(&view)) continue;
        if (widget->objectName().startsWith(QStringLiteral("qt_"))) continue;
        EXPECT_FALSE(widget->objectName().isEmpty()) << widget->metaObject()->className();
        const auto* button = qobject_cast<QPushButton*>(widget);
        EXPECT_TRUE(!widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty()))
            << widget->objectName().toStdString();
    }
}

TEST_F(SoftmaxWorkspaceTest, TheMarkerOfEachCurveDragsTheScaleInOneStep) {
    for (const char* name :
         {"softmax.curves.plot", "softmax.gradient.plot", "softmax.entropy.plot", "softmax.effective.plot"}) {
        auto* plot = child<CurvePlot>(name);
        const int steps = document.undoStack()->index();
        const double before = state().scale;
        const int y = static_cast<int>(plot->plotArea().center().y());
        const auto at = [&](double scale) { return QPoint(static_cast<int>(plot->pixelFromX(scale)), y); };
        QTest::mousePress(plot, Qt::LeftButton, {}, at(before));
        for (const double scale : {2.0, 5.0, 10.0, 20.0}) QTest::mouseMove(plot, at(scale));
        QTest::mouseRelease(plot, Qt::LeftButton, {}, at(20));
        EXPECT_EQ(document.undoStack()->index(), steps + 1) << name;
        EXPECT_NEAR(state().scale, 20, 1) << name;
        EXPECT_NEAR(*child<CurvePlot>("softmax.curves.plot")->data().marker, state().scale, 1e-12);
        EXPECT_TRUE(caption().contains(QStringLiteral("saturated"))) << caption().toStdString();
        document.undoStack()->undo();
        EXPECT_EQ(state().scale, before) << name;
        EXPECT_TRUE(caption().contains(QStringLiteral("0.576"))) << caption().toStdString();
    }
}

TEST_F(SoftmaxWorkspaceTest, APulledBarIsOneStepAndEverythingFollows) {
    auto* bars = child<LogitBars>("softmax.bars");
    const auto at = [&](double value) {
        return QPointF(bars->barRect(0).center().x(), bars->pixelFromValue(value)).toPoint();
    };
    QTest::mousePress(bars, Qt::LeftButton, {}, at(1));
    for (const double value : {1.5, 2.0, 3.0}) QTest::mouseMove(bars, at(value));
    QTest::mouseRelease(bars, Qt::LeftButton, {}, at(3));
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_NEAR(state().logits[0], 3, 0.11);
    EXPECT_EQ(child<CurvePlot>("softmax.curves.plot")->data().curves.size(), 3U);
    EXPECT_TRUE(child<NumberListEdit>("softmax.list")->edit()->text().startsWith(QLatin1Char('3')));
    EXPECT_GT(child<HeatMapWidget>("softmax.jacobian.map")->data().value(0, 0), 0.1F);
    document.undoStack()->undo();
    EXPECT_THAT(state().logits, ElementsAre(1, 1, 2));
    EXPECT_THAT(bars->values(), ElementsAre(1, 1, 2));
}

TEST_F(SoftmaxWorkspaceTest, LogitsAreAddedAndRemovedDownToTwo) {
    child<QPushButton>("softmax.add")->click();
    EXPECT_THAT(state().logits, ElementsAre(1, 1, 2, 0));
    EXPECT_EQ(child<LogitBars>("softmax.bars")->current(), 3);
    child<LogitBars>("softmax.bars")->setCurrent(0);
    auto* remove = child<QPushButton>("softmax.remove");
    remove->click();
    EXPECT_THAT(state().logits, ElementsAre(1, 2, 0));
    remove->click();
    EXPECT_EQ(state().logits.size(), 2U);
    EXPECT_FALSE(remove->isEnabled());
    EXPECT_EQ(document.undoStack()->count(), 3);
    while (document.undoStack()->canUndo()) document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
}

TEST_F(SoftmaxWorkspaceTest, BadLogitsAreOneLineAtTheField) {
    auto* list = child<NumberListEdit>("softmax.list");
    list->edit()->setFocus();
    list->edit()->setText(QStringLiteral("1, NaN"));
    QTest::keyClick(list->edit(), Qt::Key_Return);
    EXPECT_FALSE(list->message().isEmpty());
    EXPECT_THAT(state().logits, ElementsAre(1, 1, 2));
    EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(SoftmaxWorkspaceTest, TheSelectedRowOfTheSentenceBecomesTheLogits) {
    document.selection()->pin({9, 1});
    document.selection()->setHead(2);
    auto* take = child<QPushButton>("softmax.takeRow");
    ASSERT_TRUE(take->isEnabled());
    EXPECT_TRUE(take->toolTip().contains(QStringLiteral("too"))) << take->toolTip().toStdString();
    take->click();
    ASSERT_TRUE(waitUntil([&] { return state().logits.size() == 11; }));
    EXPECT_EQ(document.undoStack()->count(), 1);
    const TracePtr trace = document.trace();
    const TensorPtr raw = trace->find({"blocks.0", TensorName::ScoresRaw})->get();
    const TensorPtr pattern = trace->find({"blocks.0", TensorName::Pattern})->get();
    for (Index key = 0; key < 11; ++key) {
        const auto k = static_cast<std::size_t>(key);
        EXPECT_NEAR(state().logits[k], static_cast<double>(raw->at(2, 9, key)), 1e-6);
        EXPECT_NEAR(view.page().row().p[k], static_cast<double>(pattern->at(2, 9, key)), 1e-5);
    }
    EXPECT_EQ(state().labels.size(), 11U);
    EXPECT_EQ(state().labels[1], "animal");
    EXPECT_NEAR(state().scale, 0.25, 1e-9);  // 1/√16
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
    document.selection()->free();
    EXPECT_FALSE(take->isEnabled());
}

TEST_F(SoftmaxWorkspaceTest, TheTableHoldsThePublishedNumbers) {
    const NumberTable* table = child<ScalesCard>("softmax.table")->table();
    ASSERT_EQ(table->rowCount(), 5);
    const std::vector<QString> largest{QStringLiteral("0.5761168848"), QStringLiteral("0.7869860422"),
                                       QStringLiteral("0.9094429985"), QStringLiteral("0.9999092084"),
                                       QStringLiteral("1.0000000000")};
    for (int row = 0; row < 5; ++row)
        EXPECT_EQ(table->item(row, 4)->text(), largest[static_cast<std::size_t>(row)]);
    auto* scales = child<NumberListEdit>("softmax.scales");
    scales->edit()->setText(QStringLiteral("0.5, 50"));
    QTest::keyClick(scales->edit(), Qt::Key_Return);
    EXPECT_THAT(state().tableScales, ElementsAre(0.5, 50));
    EXPECT_EQ(table->rowCount(), 2);
    scales->edit()->setText(QStringLiteral("1, -2"));
    QTest::keyClick(scales->edit(), Qt::Key_Return);
    EXPECT_FALSE(scales->message().isEmpty());
    EXPECT_THAT(state().tableScales, ElementsAre(0.5, 50));
    emit child<NumberTable>("softmax.table.view")->rowChosen(1);
    EXPECT_EQ(state().scale, 50);
    document.undoStack()->undo();
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
    EXPECT_EQ(table->rowCount(), 5);
}

TEST_F(SoftmaxWorkspaceTest, OverflowIsMarkedWithItsMessage) {
    const auto* card = child<NumericsCard>("softmax.numerics");
    const NumberTable* table = card->table();
    EXPECT_TRUE(card->messages().isEmpty());
    document.setSaturation(stateOf({1, 1, 2}, 100), QStringLiteral("scale"));
    // exp(200) is beyond float16 and float32, not beyond float64.
    const auto cells = experiment::softmaxNumerics({1, 1, 2}, 100);
    ASSERT_TRUE(cells);
    for (std::size_t i = 0; i < cells->size(); ++i) {
        const auto& cell = (*cells)[i];
        const int row = static_cast<int>(i / 2), column = cell.maximumSubtracted ? 3 : 1;
        EXPECT_EQ(table->item(row, column)->toolTip().isEmpty(), !cell.message.has_value()) << i;
        EXPECT_EQ(table->item(row, column)->text().contains(QStringLiteral("NaN")),
                  std::isnan(cell.weights[2]))
            << i;
    }
    EXPECT_TRUE(card->messages().contains(QStringLiteral("largest float16")))
        << card->messages().toStdString();
    EXPECT_TRUE(card->caption().contains(QStringLiteral("float16")));
}

TEST_F(SoftmaxWorkspaceTest, AxisAndScaleAreUndone) {
    auto* scale = child<QuantityField>("softmax.scale");
    scale->edit()->setText(QStringLiteral("0.05"));
    QTest::keyClick(scale->edit(), Qt::Key_Return);
    EXPECT_EQ(state().scale, 0.05);
    child<QPushButton>("softmax.axis.linear")->click();
    EXPECT_EQ(state().axis, AxisKind::Linear);
    EXPECT_EQ(child<CurvePlot>("softmax.curves.plot")->data().x.scale, AxisScale::Linear);
    document.undoStack()->undo();
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
    EXPECT_EQ(child<CurvePlot>("softmax.curves.plot")->data().x.scale, AxisScale::Logarithmic);
    EXPECT_EQ(scale->edit()->text(), QStringLiteral("1"));
}

TEST_F(SoftmaxWorkspaceTest, ManyLogitsAreShownAndDragged) {
    std::vector<double> logits(1024);
    for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = std::cos(static_cast<double>(i) * 7.13);
    document.setSaturation(stateOf(logits, 3), QStringLiteral("many"));
    EXPECT_FALSE(view.grab().isNull());
    EXPECT_FALSE(child<QPushButton>("softmax.add")->isEnabled());
    logits[5] = 4;
    document.setSaturation(stateOf(logits, 3), QStringLiteral("one"));
    EXPECT_EQ(child<CurvePlot>("softmax.curves.plot")->data().curves.front().name, QString::fromUtf8("p₆"));
}

}  // namespace
}  // namespace attn::ui
