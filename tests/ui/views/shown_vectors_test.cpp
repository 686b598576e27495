// Special tokens hidden and whole words where vectors are shown: neurons, geometry, flow, and the softmax
// page.
#include "core/ops/product.h"
#include "core/trace/shown_tokens.h"
#include "tests/support/tiny_bert.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/plot/flow_plot.h"
#include "ui/plot/geometry_plot.h"
#include "ui/plot/neurons_plot.h"
#include "ui/views/flow_workspace.h"
#include "ui/views/geometry_workspace.h"
#include "ui/views/neurons_workspace.h"
#include "ui/views/scores_row.h"

#include <QLabel>
#include <QTest>

#include <algorithm>
#include <numeric>

namespace attn::ui {
namespace {

/// [CLS] the cat ##s sat [SEP]
class ShownVectorsTest : public testing::Test {
protected:
    void SetUp() override {
        Scene scene;
        scene.inputs.model = test::writeTinyBert(m_folder);
        scene.inputs.text = "the cats sat";
        open(m_document, scene);
        ASSERT_TRUE(m_document.trace());
        ASSERT_EQ(m_document.trace()->tokens().items.size(), 6U);
    }
    void show(Workspace& view) {
        view.resize(1000, 800);
        view.show();
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    }
    void setTokens(Workspace& view, const TokensView& tokens) {
        m_document.setTokensView(tokens);
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    }
    [[nodiscard]] std::vector<float> patternRow(Index query) const {
        const TensorPtr pattern = m_document.trace()->find({"blocks.0", TensorName::Pattern})->get();
        std::vector<float> row;
        for (Index j = 0; j < 6; ++j) row.push_back(pattern->at(0, query, j));
        return row;
    }
    [[nodiscard]] static QString label(const QWidget& in, const char* name) {
        return in.findChild<QLabel*>(QString::fromLatin1(name))->text();
    }

    const test::TemporaryFolder m_folder;
    SceneDocument m_document;
};

TEST_F(ShownVectorsTest, NeuronsHasNoLineForAHiddenKeyAndAddsThePiecesOfAWordUp) {
    NeuronsWorkspace view(&m_document);
    m_document.selection()->pin({3, 1});
    show(view);
    const auto* plot = view.findChild<NeuronsPlot*>();
    EXPECT_EQ(plot->data().lines(), 6);
    const std::vector<float> scores = plot->data().row->all.scores;
    setTokens(view, {true, true, true});
    const NeuronsData& data = plot->data();
    EXPECT_EQ(data.shown, (std::vector<Index>{1, 2, 3, 4}));
    EXPECT_EQ(data.row->all.scores, scores) << "scores are those of single tokens, whatever is hidden";
    const std::vector<float>& weights = data.row->all.weights;
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-6);
    const std::vector<float> all = patternRow(3);
    const float left = 1 - all[0] - all[5];
    EXPECT_NEAR(weights[4], all[4] / left, 1e-5);
    ASSERT_EQ(data.words.size(), 1U);
    EXPECT_EQ(data.words[0].line, 1);
    EXPECT_EQ(data.words[0].count, 2);
    EXPECT_NEAR(data.words[0].weight, (all[2] + all[3]) / left, 1e-5);
    const QString note = label(view, "neurons.note");
    EXPECT_TRUE(note.contains(QStringLiteral("2 special tokens hidden, rows renormalised")))
        << note.toStdString();
    EXPECT_TRUE(note.contains(QStringLiteral("stay apart"))) << note.toStdString();
    m_document.selection()->pin({3, 2});
    const QString caption = label(view, "neurons.caption");
    EXPECT_TRUE(caption.contains(QStringLiteral("All pieces of ‘cats’ have the weight")))
        << caption.toStdString();
    EXPECT_TRUE(caption.contains(QStringLiteral("Among all keys it was"))) << caption.toStdString();
    setTokens(view, {});
    EXPECT_EQ(data.lines(), 6);
    EXPECT_TRUE(data.words.empty());
    EXPECT_FALSE(label(view, "neurons.note").contains(QStringLiteral("hidden")));
}

TEST_F(ShownVectorsTest, NeuronsGoesPastWhatIsHidden) {
    NeuronsWorkspace view(&m_document);
    m_document.setTokensView({true, false, false});
    m_document.selection()->pin({0, 5});
    show(view);
    auto* plot = view.findChild<NeuronsPlot*>();
    EXPECT_EQ(view.page().query(), 1) << "[CLS] gives way to the next token";
    const auto& shown = plot->data().shown;
    EXPECT_NE(std::find(shown.begin(), shown.end(), view.page().key()), shown.end());
    EXPECT_NEAR(plot->data().row->all.weights[2], patternRow(1)[2], 1e-5) << "rows as they were";
    m_document.selection()->pin({4, 4});
    QTest::keyClick(plot, Qt::Key_Down);
    EXPECT_EQ(m_document.selection()->pinned().key, 4) << "[SEP] is not reached";
    QTest::keyClick(plot, Qt::Key_Up);
    EXPECT_EQ(m_document.selection()->pinned().key, 3);
    QTest::keyClick(plot, Qt::Key_Down, Qt::ControlModifier);
    EXPECT_EQ(m_document.selection()->pinned().query, 4);
    m_document.setText(QString());
    settle(m_document);
    EXPECT_TRUE(plot->data().isEmpty()) << "[CLS] and [SEP] alone";
    EXPECT_TRUE(view.isComplete());
}

TEST_F(ShownVectorsTest, GeometryIsThePlaneOfWhatIsShown) {
    GeometryWorkspace view(&m_document);
    m_document.selection()->pin({3, 2});
    show(view);
    auto* plot = view.findChild<GeometryPlot*>();
    EXPECT_EQ(plot->data().plane->queries.size(), 6U);
    EXPECT_TRUE(label(view, "geometry.note").contains(QStringLiteral("of all queries and keys")));
    const std::optional<PairGeometry> pair = plot->data().pair;
    setTokens(view, {true, true, true});
    const GeometryData& data = plot->data();
    EXPECT_EQ(data.plane->queries.size(), 4U) << "pieces keep points of their own";
    EXPECT_EQ((*data.queries)[2], QStringLiteral("##s"));
    EXPECT_EQ(data.query, 2) << "the same token, in another place";
    EXPECT_EQ(data.key, 1);
    ASSERT_TRUE(data.pair && pair);
    EXPECT_DOUBLE_EQ(data.pair->product, pair->product) << "lengths and angles are what they were";
    const TensorPtr q = m_document.trace()->find({"blocks.0", TensorName::Q})->get();
    const TensorPtr k = m_document.trace()->find({"blocks.0", TensorName::K})->get();
    const Geometry own = geometryOf(rowsOf(q->matrix(0), 1, 4), rowsOf(k->matrix(0), 1, 4));
    EXPECT_NEAR(data.plane->explained(), own.explained(), 1e-9);
    EXPECT_NEAR(data.plane->keys[3].x, own.keys[3].x, 1e-5);
    ASSERT_EQ(data.weights.size(), 4U);
    const std::vector<float> all = patternRow(3);
    EXPECT_NEAR(data.weights[1], all[2] / (1 - all[0] - all[5]), 1e-5);
    const QString note = label(view, "geometry.note");
    for (const char* part : {"of the queries and keys shown", "2 special tokens hidden",
                             "every piece by itself", "weights renormalised"})
        EXPECT_TRUE(note.contains(QString::fromLatin1(part))) << part << ": " << note.toStdString();
    emit plot->pointClicked({Role::Key, 3});
    EXPECT_EQ(m_document.selection()->pinned(), (Cell{3, 4, -1})) << "the selection speaks of tokens";
    QTest::keyClick(plot, Qt::Key_Up);
    EXPECT_EQ(m_document.selection()->pinned().key, 3);
    QTest::keyClick(plot, Qt::Key_Down, Qt::ControlModifier);
    QTest::keyClick(plot, Qt::Key_Down, Qt::ControlModifier);
    EXPECT_EQ(m_document.selection()->pinned().query, 4) << "[SEP] is not reached";
}

TEST_F(ShownVectorsTest, AnEditedVectorIsMarkedInItsPlace) {
    GeometryWorkspace view(&m_document);
    show(view);
    setTokens(view, {true, false, false});
    m_document.editCell({"blocks.0", TensorName::Q}, 0, 3, 1, 1.5);
    settle(m_document);
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    EXPECT_EQ(view.findChild<GeometryPlot*>()->data().editedQueries, (std::vector<Index>{2}));
}

TEST_F(ShownVectorsTest, FlowGathersWhatHiddenTokensFeed) {
    FlowWorkspace view(&m_document);
    m_document.selection()->pin({3, -1});
    m_document.setFlowView({8, 12});
    show(view);
    auto* plot = view.findChild<FlowPlot*>();
    EXPECT_EQ(plot->data().tokens.size(), 6U);
    setTokens(view, {true, false, true});
    const FlowData& data = plot->data();
    ASSERT_EQ(data.tokens.size(), 4U) << "the | cats | sat, and the hidden ones";
    EXPECT_EQ(data.tokens[1].label, QStringLiteral("cats"));
    EXPECT_TRUE(data.tokens[1].isQuery);
    EXPECT_TRUE(data.tokens[3].isHidden());
    EXPECT_EQ(data.tokens[3].label, QStringLiteral("2 hidden"));
    const FlowNode& head = data.stages[0].left[0];
    const FlowWrite& write = view.page().flow().steps[0].heads[0];
    ASSERT_EQ(head.feeds.size(), 4U);
    EXPECT_EQ(head.feeds.back().token, 3);
    EXPECT_DOUBLE_EQ(head.feeds.back().norm, write.hiddenSources);
    QString caption = label(view, "flow.caption");
    for (const char* part : {"2 special tokens are hidden", "Whole words"})
        EXPECT_TRUE(caption.contains(QString::fromLatin1(part))) << part << ": " << caption.toStdString();
    EXPECT_TRUE(view.page().caption({-1, 0, 0, false}).contains(QStringLiteral("from hidden tokens")));
    EXPECT_TRUE(view.page().caption({3, -1, -1, false}).contains(QStringLiteral("What is hidden here")));
    // A word asks by its first piece; the hidden ones do not ask.
    emit plot->itemClicked({3, -1, -1, false});
    EXPECT_EQ(m_document.selection()->pinned().query, 3);
    emit plot->itemClicked({1, -1, -1, false});
    EXPECT_EQ(m_document.selection()->pinned().query, 3) << "a piece of it is chosen already";
    emit plot->itemClicked({0, -1, -1, false});
    EXPECT_EQ(m_document.selection()->pinned().query, 1);
}

TEST_F(ShownVectorsTest, FlowIsThatOfATokenThatIsShown) {
    FlowWorkspace view(&m_document);
    m_document.setTokensView({true, false, false});
    m_document.selection()->pin({0, -1});
    show(view);
    EXPECT_EQ(view.page().flow().query, 1);
    auto* plot = view.findChild<FlowPlot*>();
    QTest::keyClick(plot, Qt::Key_Left);
    EXPECT_EQ(m_document.selection()->pinned().query, 1) << "[CLS] is not reached";
    QTest::keyClick(plot, Qt::Key_Right);
    EXPECT_EQ(m_document.selection()->pinned().query, 2);
    m_document.setText(QString());
    settle(m_document);
    EXPECT_TRUE(plot->data().isEmpty());
    EXPECT_TRUE(view.isComplete());
}

TEST_F(ShownVectorsTest, TheSoftmaxPageTakesTheRowThatIsShown) {
    m_document.selection()->pin({3, 1});
    const TensorPtr raw = m_document.trace()->find({"blocks.0", TensorName::ScoresRaw})->get();
    ASSERT_EQ(selectedScoresRow(m_document)->logits.size(), 6U);
    m_document.setTokensView({true, true, true});
    const std::optional<ScoresRow> row = selectedScoresRow(m_document);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->query, QStringLiteral("##s"));
    EXPECT_EQ(row->labels, (std::vector<std::string>{"the", "cat", "##s", "sat"}));
    EXPECT_EQ(row->hidden, 2);
    ASSERT_EQ(row->logits.size(), 4U);
    for (Index j = 0; j < 4; ++j)
        EXPECT_NEAR(row->logits[static_cast<std::size_t>(j)], raw->at(0, 3, j + 1), 1e-5);
    // Their softmax is what is left of the row, renormalised.
    double sum = 0;
    for (const double logit : row->logits) sum += std::exp(logit * row->scale);
    const std::vector<float> all = patternRow(3);
    EXPECT_NEAR(std::exp(row->logits[0] * row->scale) / sum, all[1] / (1 - all[0] - all[5]), 1e-5);
    m_document.selection()->pin({0, 1});
    EXPECT_FALSE(selectedScoresRow(m_document)) << "[CLS] is hidden";
}

}  // namespace
}  // namespace attn::ui
