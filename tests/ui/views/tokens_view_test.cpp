// Special tokens hidden, whole words: what follows in the views, and what keeps speaking of single tokens.
#include "tests/support/tiny_bert.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/links_plot.h"
#include "ui/views/cell_editing.h"
#include "ui/views/cell_editor.h"
#include "ui/views/compare_workspace.h"
#include "ui/views/explore_view.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_survey.h"
#include "ui/views/heads_workspace.h"
#include "ui/views/inspector.h"
#include "ui/views/links_workspace.h"
#include "ui/views/sentence_bar.h"
#include "ui/views/token_chips.h"
#include "ui/views/tokens_button.h"
#include "ui/views/tokens_note.h"
#include "ui/views/weights_view.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QTest>

namespace attn::ui {
namespace {

class TokensViewTest : public testing::Test {
protected:
    void SetUp() override {
        m_scene.inputs.model = test::writeTinyBert(m_folder);
        m_scene.inputs.text = "the cats sat";
        open(m_document, m_scene);
        ASSERT_TRUE(m_document.trace());
        ASSERT_EQ(m_document.trace()->tokens().items.size(), 6U) << "[CLS] the cat ##s sat [SEP]";
    }
    [[nodiscard]] static QString label(const QWidget& in, const char* name) {
        const auto* found = in.findChild<QLabel*>(QString::fromLatin1(name));
        return found == nullptr || found->isHidden() ? QString() : found->text();
    }
    void complete(const Workspace& view) {
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    }

    const test::TemporaryFolder m_folder;
    Scene m_scene;
    SceneDocument m_document;
};

TEST_F(TokensViewTest, TheHeatMapShowsWhatIsLeftAndSaysSo) {
    ExploreView view(&m_document);
    view.resize(900, 700);
    view.show();
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    const TensorPtr all = view.heatMap()->data().tensor;
    EXPECT_EQ(all->rows(), 6);
    EXPECT_EQ(label(view, "explore.tokens"), QString());

    m_document.setTokensView({true, true, true});
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    const HeatMapData& data = view.heatMap()->data();
    ASSERT_EQ(data.rowCount(), 3);
    EXPECT_EQ(data.rowLabel(1), QStringLiteral("cats"));
    for (Index i = 0; i < 3; ++i) EXPECT_NEAR(data.tensor->matrix(0).row(i).sum(), 1, 1e-5);
    const QString note = label(view, "explore.tokens");
    EXPECT_TRUE(note.startsWith(QStringLiteral("2 special tokens hidden, rows renormalised; ")))
        << note.toStdString();
    EXPECT_TRUE(note.contains(QStringLiteral("whole words"))) << note.toStdString();

    // Scores cannot be added up: pieces again, and it is said.
    m_document.selection()->setStage(QStringLiteral("mask"));
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    EXPECT_EQ(view.heatMap()->data().rowCount(), 4);
    EXPECT_TRUE(label(view, "explore.tokens").contains(QStringLiteral("every piece by itself")));

    m_document.setTokensView({});
    m_document.selection()->setStage(QStringLiteral("pattern"));
    EXPECT_EQ(view.heatMap()->data().tensor, all) << "the very same object";
    EXPECT_EQ(label(view, "explore.tokens"), QString());
}

TEST_F(TokensViewTest, TheSelectionPointsAtTokensAndTheArithmeticIsTheirs) {
    ExploreView view(&m_document);
    Inspector inspector(&m_document);
    view.resize(900, 700);
    view.show();
    inspector.show();
    m_document.setTokensView({true, true, true});
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    Selection* selection = m_document.selection();
    selection->pin({3, 1});  // ##s attends to the
    EXPECT_EQ(view.heatMap()->current(), (MatrixCell{1, 0}));
    ASSERT_TRUE(waitUntil([&] { return inspector.explanation().has_value(); }));
    const float weight = m_document.trace()->find({"blocks.0", TensorName::Pattern})->get()->at(0, 3, 1);
    EXPECT_FLOAT_EQ(static_cast<float>(inspector.explanation()->value), weight);
    EXPECT_TRUE(label(inspector, "inspector.pieces")
                    .contains(QStringLiteral("query ‘##s’ is piece 2 of 2 of ‘cats’")))
        << label(inspector, "inspector.pieces").toStdString();

    // The keys of the map are words: going on keeps the piece, another word begins at its first one.
    QTest::keyClick(view.heatMap(), Qt::Key_Right);
    EXPECT_EQ(selection->pinned().query, 3);
    EXPECT_EQ(selection->pinned().key, 2);
    QTest::keyClick(view.heatMap(), Qt::Key_Down);
    EXPECT_EQ(selection->pinned().query, 4);
    selection->pin({0, 1});
    EXPECT_FALSE(view.heatMap()->current().isValid()) << "[CLS] is hidden";
    EXPECT_EQ(selection->pinned().query, 0);
    EXPECT_TRUE(label(inspector, "inspector.pieces").contains(QStringLiteral("hidden")));
}

TEST_F(TokensViewTest, PaintingAWordMasksAllItsPieces) {
    ExploreView view(&m_document);
    view.resize(900, 700);
    view.show();
    m_document.setTokensView({true, false, true});
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    emit view.heatMap()->paintStarted({1, 1});
    emit view.heatMap()->painted({1, 1});
    emit view.heatMap()->paintFinished();
    ASSERT_EQ(m_document.inputs().painted.size(), 4U) << "two pieces each";
    EXPECT_EQ(m_document.inputs().painted.front().query, 2);
    m_document.undoStack()->undo();
    EXPECT_TRUE(m_document.inputs().painted.empty()) << "one stroke, one step";
}

// What is typed into a cell goes to the token behind it; a sum over pieces cannot be typed over.
TEST_F(TokensViewTest, ChangedNumbersStayAtTheirTokens) {
    ExploreView view(&m_document);
    view.resize(900, 700);
    view.show();
    const auto type = [&](const MatrixCell& cell, const char* number) {
        emit view.heatMap()->doubleClicked(cell);
        if (!view.editing()->editor()->isVisible()) return;
        emit view.editing()->editor()->committed(QString::fromLatin1(number).toDouble());
        view.editing()->editor()->dismiss();
        settle(m_document);
        ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    };
    m_document.setTokensView({true, false, true});
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    type({1, 1}, "0.5");  // cats × cats: four weights
    EXPECT_TRUE(m_document.inputs().edits.empty());
    type({2, 0}, "0.5");  // sat attends to the
    ASSERT_EQ(m_document.inputs().edits.size(), 1U);
    EXPECT_EQ(m_document.inputs().edits.front().row, 4);
    EXPECT_EQ(m_document.inputs().edits.front().column, 1);
    const HeatMapData& data = view.heatMap()->data();
    ASSERT_TRUE(data.flags);
    for (Index i = 0; i < 3; ++i) {
        for (Index j = 0; j < 3; ++j) {
            const bool edited = ((*data.flags)[static_cast<std::size_t>(3 * i + j)] & kCellEdited) != 0;
            EXPECT_EQ(edited, i == 2 && j == 0) << i << ", " << j;
        }
    }
    // Rows of weights are no tokens.
    m_document.selection()->setStage(QStringLiteral("qkv"), QStringLiteral("W_Q"));
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    emit view.heatMap()->clicked({5, 1}, Qt::NoModifier);
    EXPECT_EQ(m_document.selection()->pinned().weightRow, 5);
    EXPECT_EQ(view.heatMap()->current(), (MatrixCell{5, 1}));
}

TEST_F(TokensViewTest, ChipsLinksHeadsAndComparisonsFollow) {
    SentenceBar bar(&m_document, {});
    LinksWorkspace links(&m_document);
    HeadsWorkspace heads(&m_document);
    CompareWorkspace compare(&m_document);
    for (QWidget* each : std::initializer_list<QWidget*>{&bar, &links, &heads, &compare}) {
        each->resize(1100, 700);
        each->show();
    }
    m_document.pinState();
    m_document.setTokensView({true, true, true});
    EXPECT_EQ(bar.chips()->count(), 3);
    EXPECT_EQ(bar.chips()->countText(), QStringLiteral("3 words of 6 tokens, 2 hidden"));
    QTest::mouseClick(bar.chips(), Qt::LeftButton, {}, bar.chips()->chipRect(1).center());
    EXPECT_EQ(m_document.selection()->pinned().query, 2) << "the first piece of the word";
    complete(links);
    EXPECT_EQ(links.findChild<LinksPlot*>()->data().queryCount(), 3);
    EXPECT_TRUE(label(links, "links.caption").contains(QStringLiteral("2 special tokens hidden")));
    ASSERT_TRUE(waitUntil([&] {
        heads.grid()->viewport()->repaint();
        return heads.isComplete();
    }));
    EXPECT_EQ(heads.survey()->picture(0, 0)->colors.rows, 3);
    EXPECT_TRUE(label(heads, "heads.tokens").contains(QStringLiteral("2 special tokens hidden")));
    // What stands in place of a head's weights is grouped alike.
    auto* const weights = heads.findChild<WeightsView*>();
    ASSERT_NE(weights, nullptr);
    ASSERT_TRUE(waitUntil([&] { return weights->isComplete(); }));
    ASSERT_EQ(weights->map()->data().rowCount(), 3);
    const TensorPtr own = m_document.shownTrace()->find({"blocks.0", TensorName::Pattern})->get();
    for (Index i = 0; i < 3; ++i) {
        for (Index j = 0; j < 3; ++j)
            EXPECT_NEAR(weights->map()->data().value(i, j), own->at(0, i, j), 1e-6) << i << ", " << j;
    }
    complete(compare);
    ASSERT_FALSE(compare.page().isEmpty());
    EXPECT_EQ(compare.page().mapA().rowCount(), 3) << "the pinned state too";
    EXPECT_EQ(compare.page().comparison().largestDifference, 0);
    EXPECT_TRUE(label(compare, "compare.caption").contains(QStringLiteral("2 special tokens hidden")));
    m_document.setTokensView({});
    EXPECT_EQ(bar.chips()->count(), 6);
    complete(compare);
    EXPECT_EQ(compare.page().mapB().rowCount(), 6);
}

TEST_F(TokensViewTest, ThePlaceOfAWordInATable) {
    TokenLens lens;
    const TracePtr shown = lens.show(m_document.trace(), {true, true, true});
    FigureRequest request;
    const auto csv = makeData(*shown, request, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_TRUE(csv->starts_with("\"blocks.0.pattern, head 0\",the,cats,sat\n")) << *csv;
    const auto spec = makeFigure(*shown, request);
    ASSERT_TRUE(spec);
    EXPECT_TRUE(spec->caption.contains(QStringLiteral("2 special tokens hidden, rows renormalised; ")));
}

TEST_F(TokensViewTest, TheMenuHidesMergesAndSetsSegments) {
    TokensButton button(&m_document);
    button.show();
    const auto action = [&](const char* name) {
        return button.findChild<QAction*>(QString::fromLatin1(name));
    };
    EXPECT_FALSE(action("tokens.renormalise")->isEnabled()) << "nothing is hidden yet";
    action("tokens.hideSpecial")->trigger();
    EXPECT_TRUE(m_document.view().tokens.hideSpecial);
    EXPECT_TRUE(action("tokens.renormalise")->isEnabled());
    action("tokens.wholeWords")->trigger();
    EXPECT_EQ(button.text(), QStringLiteral("Tokens: words, no special ▾"));

    m_document.selection()->pin({3, 1});
    emit button.menu()->aboutToShow();
    action("tokens.segment.1")->trigger();
    EXPECT_EQ(m_document.inputs().segments, (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1}));
    settle(m_document);
    emit button.menu()->aboutToShow();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    action("tokens.oneSegment")->trigger();
    EXPECT_TRUE(m_document.inputs().segments.empty());
    m_document.undoStack()->undo();
    EXPECT_EQ(m_document.inputs().segments.size(), 6U);

    open(m_document, exampleScene());
    m_document.setTokensView({true, false, true});
    EXPECT_TRUE(button.isVisible()) << "what is set stays in reach";
    m_document.setTokensView({});
    EXPECT_FALSE(button.isVisible()) << "the toy's words have nothing to hide or merge";
}

TEST_F(TokensViewTest, IdsAreShownAsPieces) {
    std::vector<std::int64_t> ids;
    for (const Token& token : m_document.trace()->tokens().items) ids.push_back(token.id);
    const Tokens before = m_document.trace()->tokens();
    m_document.setIds(ids);
    settle(m_document);
    for (std::size_t i = 0; i < ids.size(); ++i)
        EXPECT_EQ(m_document.trace()->tokens().items[i].text, before.items[i].text);
    Scene bare;
    bare.inputs.model = std::string(ATTN_TEST_DATA) + "/models/gpt2-untied";
    bare.inputs.ids = std::vector<std::int64_t>{5, 7};
    open(m_document, bare);
    SentenceBar bar(&m_document, {});
    EXPECT_EQ(bar.chips()->tokens().items.front().text, "#5") << "no tokenizer to name it";
    EXPECT_EQ(m_document.trace()->tokens().items.front().text, "5");
}

TEST_F(TokensViewTest, AllHiddenIsEmpty) {
    ExploreView view(&m_document);
    view.resize(900, 700);
    view.show();
    m_document.setTokensView({true, false, false});
    m_document.setText(QString());
    settle(m_document);
    ASSERT_TRUE(waitUntil([&] { return view.isComplete(); }));
    EXPECT_TRUE(view.heatMap()->data().isEmpty());
}

}  // namespace
}  // namespace attn::ui
