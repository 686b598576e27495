#include "ui/views/links_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/panels/head_chips.h"
#include "ui/panels/quantity_field.h"
#include "ui/plot/links_plot.h"

#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

using Side = LinksToken::Side;

TEST(LinkColors, AHeadKeepsItsColourWhereItCan) {
    EXPECT_EQ(linkColors({3}), (std::vector<int>{3}));
    EXPECT_EQ(linkColors({0, 8, 1}), (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(linkColors({0, 1, 2, 3, 4, 5, 6, 7, 8}).back(), -1);
    EXPECT_EQ(linkColors({9, 2}), (std::vector<int>{1, 2}));
}

struct LinksWorkspaceTest : testing::Test {
    SceneDocument document;
    LinksWorkspace workspace{&document};
    LinksPlot* plot = workspace.findChild<LinksPlot*>();
    HeadChips* heads = workspace.findChild<HeadChips*>();

    void SetUp() override {
        workspace.resize(1000, 700);
        workspace.show();
        open(document, exampleScene({{"heads", "4"}}));
    }
    TensorPtr pattern() { return document.trace()->find({"blocks.0", TensorName::Pattern})->get(); }
};

TEST_F(LinksWorkspaceTest, DrawsTheStrongestWeightsOfTheSelectedHead) {
    document.selection()->setHead(2);
    ASSERT_FALSE(plot->data().lines.empty());
    const LinkLine& first = plot->data().lines.front();
    EXPECT_FLOAT_EQ(static_cast<float>(first.weight), pattern()->matrix(2).maxCoeff());
    EXPECT_EQ(pattern()->at(2, first.query, first.key), static_cast<float>(first.weight));
    for (const LinkLine& line : plot->data().lines) EXPECT_GE(line.weight, document.view().links.threshold);
}

TEST_F(LinksWorkspaceTest, AClickTogglesAHeadAndADoubleClickIsolatesIt) {
    document.selection()->setHead(1);
    QTest::mouseClick(heads->button(3), Qt::LeftButton);
    EXPECT_EQ(document.view().links.heads, (std::vector<std::int64_t>{1, 3}));
    EXPECT_TRUE(heads->button(3)->isChecked());
    EXPECT_EQ(workspace.page().heads(), (std::vector<Index>{1, 3}));
    QTest::mouseClick(heads->button(1), Qt::LeftButton);
    EXPECT_EQ(workspace.page().heads(), (std::vector<Index>{3}));
    QTest::mouseClick(heads->button(3), Qt::LeftButton);
    EXPECT_EQ(workspace.page().heads(), (std::vector<Index>{3})) << "the last one stays";
    QTest::mouseDClick(heads->button(0), Qt::LeftButton);
    EXPECT_EQ(document.selection()->head(), 0);
    EXPECT_EQ(workspace.page().heads(), (std::vector<Index>{0}));
}

TEST_F(LinksWorkspaceTest, AFocusShowsTheMeanWeightsOfTheHeadsThatAreDrawn) {
    LinksView view = document.view().links;
    view.heads = {0, 2};
    document.setLinksView(view);
    document.selection()->pin({7, 1});
    ASSERT_TRUE(plot->highlight());
    EXPECT_EQ(plot->highlight()->token, (LinksToken{Side::Query, 7}));
    EXPECT_EQ(plot->highlight()->other, Index{1});
    double sum = 0;
    for (Index key = 0; key < 11; ++key) {
        const float weight = plot->highlight()->weights[static_cast<std::size_t>(key)];
        EXPECT_NEAR(weight, (pattern()->at(0, 7, key) + pattern()->at(2, 7, key)) / 2, 1e-6);
        sum += static_cast<double>(weight);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    const auto* caption = workspace.findChild<QLabel*>(QStringLiteral("links.caption"));
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("‘it’ attends most to ")))
        << caption->text().toStdString();
    EXPECT_TRUE(workspace.escape());
    EXPECT_FALSE(plot->highlight());
    EXPECT_FALSE(workspace.escape());
}

TEST_F(LinksWorkspaceTest, OtherWeightsStandInTheirPlaceAndSayWhatTheyAre) {
    auto* kinds = workspace.findChild<QComboBox*>(QStringLiteral("links.weights"));
    const auto* caption = workspace.findChild<QLabel*>(QStringLiteral("links.caption"));
    LinksView view = document.view().links;
    view.heads = {2, 0};
    view.threshold = 0;
    view.most = 400;
    document.setLinksView(view);
    document.selection()->free();
    const auto choose = [&](WeightKind kind) {
        kinds->setCurrentIndex(static_cast<int>(kind));
        ASSERT_TRUE(waitUntil([&] { return workspace.isComplete(); }));
    };
    choose(WeightKind::ValueNorms);
    EXPECT_EQ(document.view().heads.weights, "value_norms") << "one choice for all views";
    const Links& links = workspace.page().links();
    ASSERT_EQ(links.strongest.size(), 242U);
    WeightStudy study(document.trace(), "blocks.0", WeightKind::ValueNorms, 2, 0);
    ASSERT_TRUE(finish(study));
    for (const Link& link : links.strongest) {
        if (link.head != 2) continue;
        EXPECT_FLOAT_EQ(link.weight, study.result()->at(0, link.query, link.key));
    }
    EXPECT_DOUBLE_EQ(plot->data().lines.front().weight, 1) << "the widest is the longest vector";
    EXPECT_TRUE(caption->text().contains(QString::fromUtf8(explanation(WeightKind::ValueNorms))));
    EXPECT_TRUE(caption->text().contains(QStringLiteral("The widest line would be")));
    EXPECT_TRUE(heads->isVisible());

    choose(WeightKind::Rollout);
    EXPECT_FALSE(heads->isVisible()) << "no head's own";
    EXPECT_EQ(workspace.page().heads(), (std::vector<Index>{-1}));
    WeightStudy rollout(document.trace(), "blocks.0", WeightKind::Rollout, 0, 0);
    ASSERT_TRUE(finish(rollout));
    document.selection()->pin({7, 1});
    ASSERT_TRUE(plot->highlight());
    EXPECT_NEAR(plot->highlight()->weights[3], rollout.result()->at(0, 7, 3), 1e-6);
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("By this measure ‘it’")))
        << caption->text().toStdString();
    const auto* items = qobject_cast<QStandardItemModel*>(kinds->model());
    EXPECT_FALSE(items->item(static_cast<int>(WeightKind::Flow))->isEnabled()) << "one query's";

    // What a site does not have it says, and draws nothing in its place.
    document.setContext(QStringLiteral("two words"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_TRUE(workspace.isComplete());
    EXPECT_TRUE(plot->data().lines.empty());
    EXPECT_TRUE(caption->text().contains(QStringLiteral("another one"))) << caption->text().toStdString();
    choose(WeightKind::Pattern);
    EXPECT_FALSE(plot->data().lines.empty());
    EXPECT_TRUE(heads->isVisible());
}

TEST_F(LinksWorkspaceTest, SaysHowMuchIsLeftOut) {
    document.selection()->free();
    LinksView view = document.view().links;
    view.threshold = 0;
    view.most = 400;
    document.setLinksView(view);
    const auto* caption = workspace.findChild<QLabel*>(QStringLiteral("links.caption"));
    EXPECT_EQ(caption->text(), QStringLiteral("All 121 links are drawn."));
    view.most = 10;
    document.setLinksView(view);
    EXPECT_EQ(plot->data().lines.size(), 10U);
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("10 of 121 links are drawn")))
        << caption->text().toStdString();
}

TEST_F(LinksWorkspaceTest, HoverPreviewsAndAClickPins) {
    document.selection()->free();
    QTest::mouseMove(plot->viewport(), plot->boxOf({Side::Key, 4}).center().toPoint());
    EXPECT_EQ(document.selection()->preview(), (Cell{-1, 4, -1}));
    ASSERT_TRUE(plot->highlight());
    EXPECT_EQ(plot->highlight()->token.side, Side::Key);
    const QPoint query = plot->boxOf({Side::Query, 6}).center().toPoint();
    QTest::mouseClick(plot->viewport(), Qt::LeftButton, {}, query);
    EXPECT_EQ(document.selection()->pinned(), (Cell{6, -1, -1}));
    QTest::mouseClick(plot->viewport(), Qt::LeftButton, {}, query);
    EXPECT_TRUE(document.selection()->pinned().isNull()) << "a second click lets go";
}

TEST_F(LinksWorkspaceTest, EmptyTextAndMaskedRowsLookIntended) {
    document.setText(QString());
    settle(document);
    EXPECT_TRUE(plot->data().isEmpty());
    document.setText(QStringLiteral("one"));
    settle(document);
    EXPECT_EQ(plot->data().lines.size(), 1U);
    document.setText(QStringLiteral("two words"));
    document.setParameter(ParameterId::Mask, std::string("padding"));
    document.setParameter(ParameterId::MaskPadding, std::int64_t{2});
    settle(document);
    EXPECT_TRUE(plot->data().lines.empty());
    document.selection()->pin({0, -1});
    EXPECT_TRUE(workspace.page().caption(plot->highlight()).contains(QStringLiteral("attends to nothing")));
}

TEST_F(LinksWorkspaceTest, ItsDataAreTheLinksThatAreDrawn) {
    document.selection()->setHead(0);
    const auto csv = workspace.page().source().data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_TRUE(csv->starts_with("head,query,key,query_token,key_token,weight\n"));
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'),
              static_cast<std::ptrdiff_t>(plot->data().lines.size()) + 1);
}

}  // namespace
}  // namespace attn::ui
