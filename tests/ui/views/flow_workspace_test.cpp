#include "ui/views/flow_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/flow_layout.h"
#include "ui/plot/flow_plot.h"

#include <QLabel>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace attn::ui {
namespace {

Scene modelScene(const char* name) {
    Scene scene;
    scene.inputs.model = (std::filesystem::path(ATTN_TEST_DATA) / "models" / name).string();
    scene.inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5, 9};
    return scene;
}

struct FlowWorkspaceTest : testing::Test {
    SceneDocument document;
    FlowWorkspace workspace{&document};
    FlowPlot* plot = workspace.findChild<FlowPlot*>();
    QLabel* caption = workspace.findChild<QLabel*>(QStringLiteral("flow.caption"));

    void show(const Scene& scene) {
        workspace.resize(1100, 800);
        workspace.show();
        document.newScene(scene);
        settle();
    }
    void settle() {
        ASSERT_TRUE(waitUntil([&] { return document.isCurrent() && workspace.isComplete(); }));
    }
    QPoint at(const FlowItem& item) { return plot->boxOf(item).center().toPoint(); }
};

TEST_F(FlowWorkspaceTest, ShowsTheSelectedTokensWay) {
    show(modelScene("gpt2-untied"));
    EXPECT_EQ(workspace.page().flow().query, 5) << "the last one, where none is selected";
    document.selection()->pin({2, -1});
    settle();
    const FlowData& data = plot->data();
    EXPECT_EQ(workspace.page().flow().query, 2);
    ASSERT_EQ(data.stages.size(), 4U) << "attention and MLP of two layers";
    EXPECT_EQ(data.tokens.size(), 6U);
    EXPECT_TRUE(data.tokens[2].isQuery);
    const FlowStage& first = data.stages.front();
    ASSERT_EQ(first.left.size(), 4U) << "three named heads, and the others together";
    for (std::size_t i = 1; i < first.left.size() && first.left[i].head >= 0; ++i)
        EXPECT_GE(first.left[i - 1].norm, first.left[i].norm);
    EXPECT_FALSE(first.left.front().feeds.empty());
    EXPECT_DOUBLE_EQ(first.after, data.stages[1].before);
    EXPECT_TRUE(caption->text().contains(QStringLiteral("leaves with"))) << caption->text().toStdString();
}

TEST_F(FlowWorkspaceTest, AHeadIsSelectedAndATokenAsksByAClick) {
    show(modelScene("gpt2-untied"));
    const FlowItem head{-1, 2, 1, false};
    ASSERT_GE(plot->data().node(head).head, 0);
    QTest::mouseClick(plot->viewport(), Qt::LeftButton, {}, at(head));
    EXPECT_EQ(document.selection()->site(), QStringLiteral("blocks.1"));
    EXPECT_EQ(document.selection()->head(), plot->data().node(head).head);
    EXPECT_EQ(plot->data().selected, head);
    const FlowItem token{1, -1, -1, false};
    QTest::mouseClick(plot->viewport(), Qt::LeftButton, {}, at(token));
    EXPECT_EQ(document.selection()->pinned().query, 1);
    settle();
    EXPECT_EQ(workspace.page().flow().query, 1);
    EXPECT_TRUE(workspace.escape());
    settle();
    EXPECT_EQ(workspace.page().flow().query, 5);
}

TEST_F(FlowWorkspaceTest, KeysLeadFromTokenToTokenAndFromHeadToHead) {
    show(modelScene("gpt2-untied"));
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_Left);
    EXPECT_EQ(document.selection()->pinned().query, 4);
    settle();
    document.selection()->setSite(QStringLiteral("blocks.0"));
    const std::vector<FlowItem> heads = workspace.page().heads();
    document.selection()->setHead(plot->data().node(heads.front()).head);
    QTest::keyClick(plot, Qt::Key_Up);
    EXPECT_EQ(plot->data().selected, heads[1]);
    for (int i = 0; i < 40; ++i) QTest::keyClick(plot, Qt::Key_Up);
    EXPECT_EQ(plot->data().selected, heads.back());
    EXPECT_EQ(document.selection()->site(), QStringLiteral("blocks.1"));
}

TEST_F(FlowWorkspaceTest, HoverSaysTheNumbersAndDrawsNoRibbonAnew) {
    show(modelScene("gpt2-untied"));
    plot->repaint();
    const int pictures = plot->pictureCount();
    const FlowItem head{-1, 0, 0, false};
    QTest::mouseMove(plot->viewport(), at(head));
    EXPECT_EQ(plot->hovered(), head);
    EXPECT_TRUE(caption->text().contains(QStringLiteral("writes a vector of length")))
        << caption->text().toStdString();
    EXPECT_TRUE(caption->text().contains(QStringLiteral("It reads"))) << caption->text().toStdString();
    const int token = plot->data().node(head).feeds.front().token;
    QTest::mouseMove(plot->viewport(), at({token, -1, -1, false}));
    EXPECT_TRUE(caption->text().contains(QStringLiteral("is read by"))) << caption->text().toStdString();
    plot->repaint();
    EXPECT_EQ(plot->pictureCount(), pictures);
}

TEST_F(FlowWorkspaceTest, SettingsAreTheScenes) {
    Scene scene = modelScene("gpt2-untied");
    scene.view.flow = {1, 2};
    show(scene);
    const auto headsOf = [&] {
        const auto& left = plot->data().stages.front().left;
        return std::count_if(left.begin(), left.end(), [](const FlowNode& node) { return node.head >= 0; });
    };
    EXPECT_EQ(headsOf(), 1);
    EXPECT_EQ(plot->data().stages.front().left.front().feeds.size(), 2U);
    EXPECT_LT(plot->data().stages.front().left.back().head, 0) << "the others together";
    document.setFlowView({2, 2});
    settle();
    EXPECT_EQ(headsOf(), 2);
    EXPECT_EQ(document.scene().view.flow, (FlowView{2, 2}));
}

TEST_F(FlowWorkspaceTest, EncoderDecodersHaveBothTextsInTheLane) {
    show(modelScene("bart"));
    document.selection()->setSite(QStringLiteral("decoder.blocks.0.cross"));
    settle();
    const auto& tokens = plot->data().tokens;
    EXPECT_TRUE(std::any_of(tokens.begin(), tokens.end(), [](const FlowToken& t) { return t.other; }));
    EXPECT_TRUE(std::any_of(tokens.begin(), tokens.end(), [](const FlowToken& t) { return t.isQuery; }));
    EXPECT_FALSE(plot->data().otherTitle.isEmpty());
    // Post-norm: what the norm changes is shown.
    const auto& right = plot->data().stages.front().right;
    EXPECT_TRUE(std::any_of(right.begin(), right.end(),
                            [](const FlowNode& node) { return node.label == QStringLiteral("norm"); }));
}

TEST_F(FlowWorkspaceTest, EmptyAndLongTextsLookIntended) {
    show(exampleScene());
    EXPECT_EQ(plot->data().stages.size(), 1U);
    EXPECT_TRUE(plot->data().stages.front().right.size() == 1) << "the toy's layer norm";
    document.setText(QString());
    settle();
    EXPECT_TRUE(plot->data().isEmpty());
    EXPECT_TRUE(workspace.page().caption({}).isEmpty());
    document.setText(QStringLiteral("one"));
    settle();
    EXPECT_EQ(plot->data().tokens.size(), 1U);
    document.setParameter(ParameterId::Tokenizer, std::string("characters"));
    document.setText(QString(600, QLatin1Char('x')));
    settle();
    EXPECT_LE(plot->data().tokens.size(), FlowPage::kMostTokens);
    EXPECT_TRUE(std::any_of(plot->data().tokens.begin(), plot->data().tokens.end(),
                            [](const FlowToken& token) { return token.isQuery; }));
    document.setText(QStringLiteral("ab"));
    document.setParameter(ParameterId::Mask, std::string("padding"));
    document.setParameter(ParameterId::MaskPadding, std::int64_t{2});
    settle();
    for (const FlowNode& node : plot->data().stages.front().left) EXPECT_TRUE(node.feeds.empty());
}

TEST_F(FlowWorkspaceTest, ItsDataAreTheWholeFlow) {
    show(modelScene("gpt2-untied"));
    const auto csv = workspace.page().source().data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_TRUE(csv->starts_with("site,part,head,key,key_token,norm,projection\n"));
    FigureRequest request;
    const auto figure = workspace.page().source().figure(request);
    ASSERT_TRUE(figure);
    const auto svg = renderFigure(*figure, FigureFormat::Svg);
    ASSERT_TRUE(svg);
    EXPECT_TRUE(svg->contains("reads from"));
}

TEST_F(FlowWorkspaceTest, TextGrowsWhereThereIsAmpleRoomAndNowhereElse) {
    show(modelScene("gpt2-untied"));
    const FlowData& data = plot->data();
    const QSizeF least = layOutFlow(data, {}, 1).size;
    EXPECT_DOUBLE_EQ(growFlow(data, least, 1).zoom, 1);
    EXPECT_DOUBLE_EQ(growFlow(data, {3 * least.width(), least.height()}, 1).zoom, 1) << "it is not higher";
    for (const double times : {1.8, 2.4, 8.0}) {
        const FlowLayout large = growFlow(data, times * least, 1.5);
        EXPECT_LE(large.zoom, 3);
        EXPECT_LE(large.size.width(), times * least.width() + 0.5) << times;
        EXPECT_LE(large.size.height(), times * least.height() + 0.5) << times;
    }
    EXPECT_GT(growFlow(data, 2.4 * least, 1).zoom, 1.3);
    EXPECT_DOUBLE_EQ(growFlow(data, 8 * least, 1).zoom, 2);
    EXPECT_TRUE(growFlow({}, least, 1).isEmpty());
}

}  // namespace
}  // namespace attn::ui
