#include "ui/plot/curve_plot.h"

#include "ui/plot/curve_plot_layout.h"
#include "ui/plot/figure.h"
#include "ui/style/palette.h"

#include <QSignalSpy>
#include <QTest>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attn::ui {
namespace {

using testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// y = x from 1 to 1000, with a marker at 10.
CurvePlotData diagonal() {
    CurvePlotData data;
    data.title = QStringLiteral("Diagonal");
    data.x = {QStringLiteral("d_k"), AxisScale::Logarithmic, 1, 1000, {}};
    data.y = {QStringLiteral("variance"), AxisScale::Logarithmic, 1, 1000, {}};
    Curve curve;
    curve.name = QStringLiteral("var = d_k");
    curve.x = curve.y = {1, 10, 100, 1000};
    data.curves = {curve};
    data.marker = 10;
    data.markerName = QStringLiteral("d_k");
    return data;
}

std::unique_ptr<CurvePlot> shown(const CurvePlotData& data) {
    auto plot = std::make_unique<CurvePlot>();
    plot->resize(500, 300);
    plot->setData(data);
    plot->show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(plot.get()));
    return plot;
}

QPoint onMarker(const CurvePlot& plot) {
    return QPointF(plot.pixelFromX(*plot.data().marker), plot.plotArea().center().y()).toPoint();
}

TEST(PlotRange, LeavesRoomUpToRoundNumbers) {
    CurvePlotData data;
    Curve curve;
    curve.x = {0.3, 7.2, kNaN};
    curve.y = {-3, 41, 1e99};
    curve.y[2] = std::numeric_limits<double>::infinity();
    data.curves = {curve};
    EXPECT_EQ(rangeOfX(data), (PlotRange{0, 8}));
    EXPECT_EQ(rangeOfY(data), (PlotRange{-10, 50}));
    data.x.scale = AxisScale::Logarithmic;
    EXPECT_NEAR(rangeOfX(data).low, 0.1, 1e-12);
    EXPECT_NEAR(rangeOfX(data).high, 10, 1e-9);
    data.x.low = 2;
    data.x.high = 5;
    EXPECT_EQ(rangeOfX(data), (PlotRange{2, 5}));
    EXPECT_EQ(rangeOfX(CurvePlotData{}), (PlotRange{0, 1}));
}

TEST(PlotRange, BarsStandOnZero) {
    CurvePlotData data;
    data.bars = {{QString(), -6, 3, {4, 9, 2}, 0}};
    EXPECT_EQ(rangeOfY(data).low, 0);
    EXPECT_LE(rangeOfX(data).low, -6);
    EXPECT_GE(rangeOfX(data).high, 3);
}

TEST(AxisTicks, StandAtRoundNumbers) {
    const AxisTicks linear = axisTicks({}, {0, 1}, 6);
    EXPECT_THAT(linear.labels,
                ElementsAre(QStringLiteral("0"), QStringLiteral("0.2"), QStringLiteral("0.4"),
                            QStringLiteral("0.6"), QStringLiteral("0.8"), QStringLiteral("1.0")));
    PlotAxis axis;
    axis.scale = AxisScale::Logarithmic;
    const AxisTicks decades = axisTicks(axis, {0.01, 1000}, 8);
    EXPECT_THAT(decades.labels,
                ElementsAre(QStringLiteral("0.01"), QStringLiteral("0.1"), QStringLiteral("1"),
                            QStringLiteral("10"), QStringLiteral("100"), QStringLiteral("1000")));
    EXPECT_EQ(decades.minor.size(), 40U);
    const AxisTicks wide = axisTicks(axis, {1e-9, 1e9}, 6);
    EXPECT_LE(wide.major.size(), 7U);
    EXPECT_EQ(wide.labels.front(), QString::fromUtf8("10⁻⁹"));
    axis.categories = {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")};
    EXPECT_THAT(axisTicks(axis, {0.5, 4.5}, 2).labels, ElementsAre(QStringLiteral("a"), QStringLiteral("c")));
}

TEST(AxisTicks, HugeRangesEnd) {
    const double largest = std::numeric_limits<double>::max();
    EXPECT_LE(axisTicks({}, {-largest, largest}, 8).major.size(), 64U);
    EXPECT_LE(axisTicks({}, {0, 5e-324}, 8).major.size(), 64U);
}

TEST(CurvePlotLayout, ValuesAndPixelsAreInverse) {
    for (const AxisScale scale : {AxisScale::Linear, AxisScale::Logarithmic}) {
        CurvePlotData data = diagonal();
        data.x.scale = scale;
        const CurvePlotLayout layout = layOutCurves(data, {0, 0, 500, 300}, 1);
        for (const double x : {1.0, 3.7, 50.0, 1000.0}) {
            EXPECT_NEAR(layout.valueX(layout.pixelX(x)), x, 1e-9 * x);
        }
        EXPECT_EQ(layout.valueX(-50), 1);
        EXPECT_EQ(layout.valueX(9999), 1000);
    }
}

TEST(CurvePlotLayout, LegendEntriesNeverOverlap) {
    CurvePlotData data = diagonal();
    for (int i = 0; i < 12; ++i) {
        data.curves.push_back(data.curves.front());
        data.curves.back().name = QStringLiteral("a name of some length %1").arg(i);
    }
    const CurvePlotLayout layout = layOutCurves(data, {0, 0, 400, 300}, 1);
    ASSERT_EQ(layout.legend.size(), 13U);
    for (std::size_t i = 1; i < layout.legend.size(); ++i) {
        const auto &a = layout.legend[i - 1], &b = layout.legend[i];
        const bool sameLine = a.sample.top() == b.sample.top();
        EXPECT_TRUE(!sameLine || b.sample.left() > a.text.x()) << i;
        EXPECT_LT(b.sample.bottom(), layout.plot.top());
    }
}

TEST(CurvePlot, TheMarkerIsDragged) {
    const auto plot = shown(diagonal());
    QSignalSpy pressed(plot.get(), &CurvePlot::markerPressed), moved(plot.get(), &CurvePlot::markerMoved),
        released(plot.get(), &CurvePlot::markerReleased);
    QTest::mousePress(plot.get(), Qt::LeftButton, {}, onMarker(*plot));
    EXPECT_EQ(moved.count(), 0);  // taken, not moved
    const QPoint target(static_cast<int>(std::lround(plot->pixelFromX(100))), onMarker(*plot).y());
    QTest::mouseMove(plot.get(), target);
    ASSERT_GE(moved.count(), 1);
    EXPECT_NEAR(moved.back().front().toDouble(), 100, 3);
    QTest::mouseMove(plot.get(), QPoint(5000, 0));
    EXPECT_EQ(moved.back().front().toDouble(), 1000);
    QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, target);
    EXPECT_EQ(pressed.count(), 1);
    EXPECT_EQ(released.count(), 1);
    EXPECT_EQ(*plot->data().marker, 10);  // whoever owns the state moves it
}

TEST(CurvePlot, APressElsewhereBringsTheMarker) {
    const auto plot = shown(diagonal());
    QSignalSpy moved(plot.get(), &CurvePlot::markerMoved);
    const QPoint at(static_cast<int>(std::lround(plot->pixelFromX(500))), onMarker(*plot).y());
    QTest::mousePress(plot.get(), Qt::LeftButton, {}, at);
    ASSERT_EQ(moved.count(), 1);
    EXPECT_NEAR(moved.front().front().toDouble(), 500, 15);
    QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, at);
}

TEST(CurvePlot, KeysMoveTheMarkerAsOneGesture) {
    const auto plot = shown(diagonal());
    QSignalSpy pressed(plot.get(), &CurvePlot::markerPressed), moved(plot.get(), &CurvePlot::markerMoved),
        released(plot.get(), &CurvePlot::markerReleased);
    QTest::keyPress(plot.get(), Qt::Key_Right);
    QTest::keyPress(plot.get(), Qt::Key_Right);
    QTest::keyRelease(plot.get(), Qt::Key_Right);
    EXPECT_EQ(pressed.count(), 1);
    EXPECT_EQ(released.count(), 1);
    ASSERT_EQ(moved.count(), 2);
    EXPECT_GT(moved.front().front().toDouble(), 10);
    QTest::keyClick(plot.get(), Qt::Key_End);
    EXPECT_EQ(moved.back().front().toDouble(), 1000);
}

TEST(CurvePlot, AMovingMarkerDrawsNoCurvesAnew) {
    const auto plot = shown(diagonal());
    plot->grab();
    const int before = plot->pictureCount();
    for (const double x : {20.0, 30.0, 40.0}) {
        plot->setMarker(x);
        plot->grab();
    }
    CurvePlotData moved = diagonal();
    moved.marker = 50;
    plot->setData(moved);
    plot->grab();
    EXPECT_EQ(plot->pictureCount(), before);
    moved.curves.front().y[2] = 90;
    plot->setData(moved);
    plot->grab();
    EXPECT_EQ(plot->pictureCount(), before + 1);
}

TEST(CurvePlot, ThePointUnderThePointerSaysItsNumbers) {
    CurvePlotData data = diagonal();
    data.curves.front().low = {1, 9, 90, 900};
    data.curves.front().high = {1, 11, 110, 1100};
    const auto plot = shown(data);
    const QPointF at(plot->pixelFromX(100), plot->pixelFromY(100));
    const CurvePlot::Point point = plot->pointAt(at + QPointF(3, 2));
    EXPECT_EQ(point, (CurvePlot::Point{0, 2}));
    EXPECT_EQ(plot->describe(point), QString::fromUtf8("var = d_k at d_k = 100: 100 (90 … 110)"));
    EXPECT_FALSE(plot->pointAt(at + QPointF(0, 90)).isValid());
    EXPECT_TRUE(plot->describe({}).isEmpty());
    EXPECT_TRUE(plot->describe({3, 0}).isEmpty());
}

TEST(CurvePlot, TheMarkerReadsTheCurves) {
    CurvePlotData data = diagonal();
    data.marker = 55;
    const auto plot = shown(data);
    EXPECT_EQ(plot->sentence(), QStringLiteral("d_k = 55: var = d_k 55"));
    EXPECT_EQ(plot->accessibleDescription(), plot->sentence());
    plot->setMarker(2);
    EXPECT_EQ(plot->accessibleDescription(), QStringLiteral("d_k = 2: var = d_k 2"));
    EXPECT_TRUE(std::isnan(valueAt(data.curves.front(), 0.5)));
}

TEST(CurvePlot, BarsSayTheirNumbers) {
    CurvePlotData data;
    data.x.categories = {QStringLiteral("the"), QStringLiteral("king")};
    data.bars = {{QString(), 0.5, 1, {0.25, 0}, 0}, {QString(), 1.5, 1, {0.75}, 1}};
    auto plot = shown(data);
    const auto at = [&](double x) { return QPointF(plot->pixelFromX(x), plot->plotArea().center().y()); };
    EXPECT_EQ(plot->describeBarAt(at(1)), QStringLiteral("the: 0.25"));
    EXPECT_EQ(plot->describeBarAt(at(2)), QStringLiteral("king: 0.75"));
    EXPECT_TRUE(plot->describeBarAt(QPointF(-5, -5)).isEmpty());
    CurvePlotData histogram;
    histogram.bars = {{QStringLiteral("q·k"), -2, 0.5, {0, 0.1, 0.4, 0.2}, 0}};
    plot = shown(histogram);
    EXPECT_EQ(plot->describeBarAt(at(-0.8)), QString::fromUtf8("−1 … −0.5: 0.4"));
}

TEST(CurvePlot, GapsAndWhatLiesOutsideAreDrawnWithoutHarm) {
    CurvePlotData data = diagonal();
    data.curves.front().y = {0, kNaN, 1e300, -5};
    data.curves.front().low = {kNaN, 0, -1, 1};
    data.curves.front().high = {1, 1e300, 2, 3};
    data.bars = {{QStringLiteral("bars"), -5, 2, {1e308, kNaN, -3, 20}, 0}};
    data.lines = {{false, -1, QStringLiteral("out"), 0}, {true, 1e9, QStringLiteral("out"), 0}};
    data.regions = {{1e-9, 5, QStringLiteral("region")}, {2000, 3000, QStringLiteral("out")}};
    data.marker = 1e-12;
    const auto plot = shown(data);
    EXPECT_FALSE(plot->grab().isNull());
    plot->resize(3, 3);
    EXPECT_FALSE(plot->grab().isNull());
}

TEST(Palette, SeriesCanBeRead) {
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
        const Palette& colors = palette(theme);
        for (const QColor& color : colors.series) {
            EXPECT_GE(contrast(color, colors.card), 4.5) << color.name().toStdString();
        }
    }
}

FigureSpec page() {
    FigureSpec spec;
    spec.title = QStringLiteral("A page");
    spec.panels = {{QStringLiteral("Left"), diagonal()},
                   {QStringLiteral("Right"), diagonal()},
                   {QStringLiteral("Wide"), diagonal(), 2, 200}};
    return spec;
}

TEST(FigurePage, HasTheSizeOfItsPanelsOrTheOneAskedFor) {
    const QSize natural = figureSize(page());
    EXPECT_GT(natural.width(), 800);
    EXPECT_GT(natural.height(), 450);
    FigureSpec spec = page();
    spec.width = 600;
    spec.height = 400;
    EXPECT_EQ(figureSize(spec), QSize(600, 400));
    spec.dpi = 192;
    const auto image = figureImage(spec);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->size(), QSize(1200, 800));
}

TEST(FigurePage, SvgAndPdfKeepTextAsText) {
    const auto svg = renderFigure(page(), FigureFormat::Svg);
    ASSERT_TRUE(svg);
    for (const char* text : {">Left</text>", ">Wide</text>", ">variance</text>", ">100</text>", "d_k = 10"}) {
        EXPECT_TRUE(svg->contains(text)) << text;
    }
    EXPECT_FALSE(svg->contains("<image"));
    const auto pdf = renderFigure(page(), FigureFormat::Pdf);
    ASSERT_TRUE(pdf);
    EXPECT_TRUE(pdf->startsWith("%PDF"));
    EXPECT_FALSE(pdf->contains("/Subtype /Image"));
}

TEST(FigurePage, WithAnEmptyPanelIsAnError) {
    FigureSpec spec = page();
    spec.panels.push_back({QStringLiteral("Nothing"), CurvePlotData{}});
    EXPECT_FALSE(renderFigure(spec, FigureFormat::Png));
}

}  // namespace
}  // namespace attn::ui
