#include "ui/plot/links_plot.h"

#include "ui/plot/figure.h"

#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace attn::ui {
namespace {

using Side = LinksToken::Side;

Labels labelsOf(int count, const QString& text = QStringLiteral("token")) {
    auto labels = std::make_shared<QStringList>();
    for (int i = 0; i < count; ++i) labels->append(text + QString::number(i));
    return labels;
}

LinksData linksOf(LinksArrangement arrangement, int queries, int keys) {
    LinksData data;
    data.arrangement = arrangement;
    data.queries = labelsOf(queries);
    data.oneSequence = queries == keys;
    data.keys = data.oneSequence ? data.queries : labelsOf(keys);
    data.queryTitle = QStringLiteral("query");
    data.keyTitle = QStringLiteral("key");
    data.legend = {{QStringLiteral("head 0"), 0}, {QStringLiteral("head 1"), 1}};
    for (int i = 0; i < queries; ++i) data.lines.push_back({i, (i * 7) % keys, 0.5, 0});
    return data;
}

class LinksLayoutTest : public testing::TestWithParam<LinksArrangement> {};

TEST_P(LinksLayoutTest, NoTwoTokensOfASideOverlapAndAllLieInside) {
    for (const auto& [queries, keys] :
         {std::pair{1, 1}, std::pair{11, 11}, std::pair{64, 64}, std::pair{3, 9}}) {
        const LinksLayout layout = layOutLinks(linksOf(GetParam(), queries, keys), QSizeF(900, 500), 1);
        const QRectF all = QRectF(QPointF(), layout.size).adjusted(-0.5, -0.5, 0.5, 0.5);
        for (const Side side : {Side::Query, Side::Key}) {
            const auto& places = layout.side(side);
            for (std::size_t i = 0; i < places.size(); ++i) {
                EXPECT_TRUE(all.contains(places[i].box)) << queries << " " << i;
                EXPECT_TRUE(all.contains(layout.numberBox(side, static_cast<Index>(i))));
                for (std::size_t j = 0; j < i; ++j) {
                    const QRectF common = places[i].box & places[j].box;
                    EXPECT_FALSE(common.width() > 0.01 && common.height() > 0.01) << i << " " << j;
                }
                const LinksToken found = layout.tokenAt(places[i].box.center());
                EXPECT_EQ(found.index, static_cast<Index>(i));
            }
        }
        EXPECT_EQ(layout.queries.size(), static_cast<std::size_t>(queries));
    }
}

TEST_P(LinksLayoutTest, APathJoinsItsTokensAndStaysInside) {
    const LinksLayout layout = layOutLinks(linksOf(GetParam(), 11, 11), QSizeF(900, 500), 1);
    const QRectF all = QRectF(QPointF(), layout.size).adjusted(-0.5, -0.5, 0.5, 0.5);
    for (Index query = 0; query < 11; ++query) {
        for (Index key = 0; key < 11; ++key) {
            const QPainterPath path = layout.path(query, key);
            // A line straight across is a rectangle without height, which nothing contains.
            EXPECT_TRUE(all.contains(path.boundingRect().adjusted(0, 0, 0.1, 0.1))) << query << " " << key;
            if (layout.oneLine && query == key) continue;
            const auto& from = layout.queries[static_cast<std::size_t>(query)];
            const auto& to = layout.keys[static_cast<std::size_t>(key)];
            EXPECT_LT(std::abs(path.pointAtPercent(0).x() - from.anchor.x()), 1);
            EXPECT_LT(std::abs(path.pointAtPercent(1).x() - to.anchor.x()), 1);
        }
    }
}

TEST_P(LinksLayoutTest, AFigureOfSixtyFourTokensFitsItsPage) {
    FigureSpec spec;
    spec.title = QStringLiteral("links");
    spec.panels.push_back({QString(), linksOf(GetParam(), 64, 64)});
    spec.panelColumns = 1;
    for (const auto& [width, height] : {std::pair{0, 0}, std::pair{1200, 900}}) {
        spec.width = width;
        spec.height = height;
        const auto svg = renderFigure(spec, FigureFormat::Svg);
        ASSERT_TRUE(svg);
        EXPECT_TRUE(svg->contains("token63"));
        const QSize size = figureSize(spec);
        const LinksLayout layout = fitLinks(std::get<LinksData>(spec.panels[0].content),
                                            QSizeF(size.width() - 40, size.height() - 60));
        EXPECT_LE(layout.size.height(), size.height());
        EXPECT_TRUE(std::none_of(layout.legend.begin(), layout.legend.end(), [&](const QRectF& box) {
            return std::any_of(layout.keys.begin(), layout.keys.end(),
                               [&](const auto& place) { return place.box.intersects(box); });
        }));
    }
}

INSTANTIATE_TEST_SUITE_P(Arrangements, LinksLayoutTest,
                         testing::Values(LinksArrangement::Columns, LinksArrangement::Rows,
                                         LinksArrangement::Arcs));

TEST(LinksLayout, NoTwoArcsFromOneTokenHaveTheSameHeight) {
    const LinksLayout layout = layOutLinks(linksOf(LinksArrangement::Arcs, 20, 20), QSizeF(900, 300), 1);
    double last = 0;
    for (Index key = 18; key >= 0; --key) {
        const double height = layout.path(19, key).boundingRect().height();
        EXPECT_GT(height, last + 0.5);
        last = height;
    }
}

struct LinksPlotTest : testing::Test {
    LinksPlot plot;
    LinksData data = linksOf(LinksArrangement::Columns, 200, 200);

    void SetUp() override {
        plot.resize(700, 400);
        plot.show();
        plot.setData(data);
        QCoreApplication::processEvents();
    }
    QPoint centreOf(Side side, Index index) { return plot.boxOf({side, index}).center().toPoint(); }
};

TEST_F(LinksPlotTest, ReportsTheTokenUnderThePointerAndAClick) {
    QSignalSpy hovered(&plot, &LinksPlot::tokenHovered), clicked(&plot, &LinksPlot::tokenClicked);
    QTest::mouseMove(plot.viewport(), centreOf(Side::Key, 3));
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, centreOf(Side::Query, 2));
    ASSERT_FALSE(hovered.empty());
    EXPECT_EQ(hovered.front()[0].value<LinksToken>(), (LinksToken{Side::Key, 3}));
    ASSERT_EQ(clicked.size(), 1);
    EXPECT_EQ(clicked.front()[0].value<LinksToken>(), (LinksToken{Side::Query, 2}));
}

TEST_F(LinksPlotTest, ManyLinesThatKeepChangingAreSmoothAgainWhenTheyRest) {
    plot.resize(2400, 1600);
    data = linksOf(LinksArrangement::Columns, 40, 40);
    for (int i = 0; i < 400; ++i) data.lines.push_back({i % 40, (i * 3) % 40, 0.9, 0});
    plot.setData(data);
    plot.repaint();
    data.lines.pop_back();
    plot.setData(data);
    plot.repaint();
    const int pictures = plot.pictureCount();
    const QImage changing = plot.grab().toImage();
    EXPECT_TRUE(QTest::qWaitFor([&] { return plot.pictureCount() > pictures; }, 3000));
    EXPECT_EQ(plot.pictureCount(), pictures + 1);
    EXPECT_NE(plot.grab().toImage(), changing);
}

TEST_F(LinksPlotTest, AFocusDoesNotDrawTheOtherLinesAnew) {
    plot.repaint();
    const int pictures = plot.pictureCount();
    for (Index i = 0; i < 20; ++i) {
        LinksFocus focus;
        focus.token = {Side::Query, i};
        focus.lines = {{i, 1, 0.7, 0}};
        focus.weights.assign(200, 0);
        plot.setHighlight(focus);
        plot.repaint();
    }
    plot.setData(data);  // the same once more
    plot.repaint();
    EXPECT_EQ(plot.pictureCount(), pictures);
    data.lines.pop_back();
    plot.setData(data);
    plot.repaint();
    EXPECT_EQ(plot.pictureCount(), pictures + 1);
}

TEST_F(LinksPlotTest, ScrollsToATokenFarDown) {
    const LinksToken far{Side::Query, 150};
    EXPECT_FALSE(QRectF(plot.viewport()->rect()).contains(plot.boxOf(far)));
    plot.reveal(far);
    EXPECT_TRUE(QRectF(plot.viewport()->rect()).contains(plot.boxOf(far)));
    EXPECT_GT(plot.verticalScrollBar()->value(), 0);
}

TEST_F(LinksPlotTest, ArrowKeysMoveAlongASideAndAcross) {
    QSignalSpy moved(&plot, &LinksPlot::moveRequested);
    QTest::keyClick(&plot, Qt::Key_Down);
    QTest::keyClick(&plot, Qt::Key_Right);
    ASSERT_EQ(moved.size(), 2);
    EXPECT_EQ(moved[0], (QVariantList{1, 0}));
    EXPECT_EQ(moved[1], (QVariantList{0, 1}));
}

}  // namespace
}  // namespace attn::ui
