// What the model predicts, beside the overview of all heads.
#include "core/io/file.h"
#include "core/trace/row_entries.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/views/heads_fixture.h"
#include "ui/plot/prediction_bars.h"
#include "ui/views/predictions_view.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <map>

namespace attn::ui {
namespace {

TEST_F(HeadsWorkspaceTest, WritesTheLikeliestTokenAndTakesItBack) {
    open(sceneOf(model("gpt2-untied")));
    auto* write = child<QPushButton>("predictions.write");
    auto* back = child<QPushButton>("predictions.back");
    const std::vector<std::int64_t> before = *m_document.inputs().ids;
    const TensorPtr logits = m_document.trace()->logitRows()->row(5)->get();
    Index likeliest = 0;
    logits->matrix().row(0).maxCoeff(&likeliest);
    ASSERT_TRUE(write->isEnabled());
    QTest::mouseClick(write, Qt::LeftButton);
    settle();
    std::vector<std::int64_t> after = before;
    after.push_back(likeliest);
    EXPECT_EQ(m_document.inputs().ids, after);
    EXPECT_EQ(m_document.selection()->pinned().query, 6) << "the row of the newest token";
    EXPECT_EQ(m_workspace.predictions()->position(), 6);
    QTest::mouseClick(back, Qt::LeftButton);
    settle();
    EXPECT_EQ(m_document.inputs().ids, before);
    EXPECT_EQ(m_document.selection()->pinned().query, 5);
    m_document.undoStack()->undo();
    m_document.undoStack()->undo();
    EXPECT_EQ(m_document.inputs().ids, before);
    settle();
    m_document.selection()->pin({2, -1});
    settle();
    EXPECT_FALSE(write->isEnabled()) << "only the end goes on";
}

TEST_F(HeadsWorkspaceTest, AnEncoderWritesNothing) {
    open(sceneOf(model("bert-masked")));
    EXPECT_FALSE(child<QPushButton>("predictions.write")->isVisible());
}

TEST_F(HeadsWorkspaceTest, PredictionsBeforeAndAfter) {
    open(sceneOf(model("gpt2-untied")));
    PredictionsView& view = *m_workspace.predictions();
    EXPECT_EQ(view.position(), 5) << "the last token, while none is chosen";
    ASSERT_EQ(view.bars()->bars().size(), 10U);
    EXPECT_FALSE(view.bars()->bars().front().before) << "nothing was changed";
    std::map<QString, double> before;
    for (const PredictionBar& bar : view.bars()->bars()) before[bar.label] = bar.after;

    m_document.toggleHeads(QStringLiteral("blocks.1"));
    settle();
    const Trace& trace = *m_document.trace();
    const TensorPtr logits = trace.logitRows()->row(5)->get();
    const TokenDistribution now({logits->matrix().data(), static_cast<std::size_t>(logits->cols())}, 1);
    int compared = 0;
    for (const PredictionBar& bar : view.bars()->bars()) {
        ASSERT_TRUE(bar.before);
        EXPECT_NEAR(bar.after, now.probability(bar.label.toInt()), 1e-6);
        if (before.count(bar.label) == 0) continue;
        ++compared;
        EXPECT_NEAR(*bar.before, before[bar.label], 1e-6);
    }
    EXPECT_GE(compared, 10) << "the likeliest before are all among them";

    m_document.setParameter(ParameterId::SamplingTemperature, 0.05);
    settle();
    EXPECT_GT(view.bars()->bars().front().after + *view.bars()->bars().front().before, 0.5)
        << "sharper, both";
    m_document.selection()->pin({2, -1});
    settle();
    EXPECT_EQ(view.position(), 2);
    const std::string csv = view.csv();
    EXPECT_EQ(csv.rfind("rank,token,id,probability,probability_before\n", 0), 0U);
    EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')),
              view.bars()->bars().size() + 1);
    m_document.clearAblations();
    m_document.setParameter(ParameterId::SamplingTemperature, 1.0);
    settle();
    EXPECT_FALSE(view.bars()->bars().front().before);
}

TEST_F(HeadsWorkspaceTest, TheBaselineFollowsAnotherText) {
    Scene scene = sceneOf(model("gpt2-untied"));
    scene.inputs.ablations = {{"blocks.0", AblatedPart::Heads, 0, AblationKind::Zero}};
    open(scene);
    ASSERT_TRUE(m_workspace.predictions()->bars()->bars().front().before);
    Scene plain = sceneOf(model("gpt2-untied"));
    const TracePtr unchanged = traceOf(plain.inputs);
    const TensorPtr logits = unchanged->logitRows()->row(5)->get();
    const TokenDistribution expected({logits->matrix().data(), static_cast<std::size_t>(logits->cols())}, 1);
    for (const PredictionBar& bar : m_workspace.predictions()->bars()->bars())
        EXPECT_NEAR(*bar.before, expected.probability(bar.label.toInt()), 1e-6);
}

TEST_F(HeadsWorkspaceTest, AModelWithoutAHeadSaysSo) {
    Scene scene;
    scene.inputs.text = kSentence;
    open(scene);
    EXPECT_TRUE(
        child<QLabel>("predictions.caption")->text().contains(QStringLiteral("toy model predicts nothing")));
    EXPECT_FALSE(m_workspace.predictions()->bars()->isVisible());
    open(sceneOf(model("llama-base")));
    EXPECT_TRUE(
        child<QLabel>("predictions.caption")->text().contains(QStringLiteral("no language-model head")));
}

TEST_F(HeadsWorkspaceTest, ATokenIsHiddenBehindTheMask) {
    const test::TemporaryFolder folder;
    for (const char* name : {"config.json", "model.safetensors"})
        folder.write(name, *readFile(model("bert-masked") + "/" + name, std::size_t{1} << 24U));
    folder.write("vocab.txt",
                 "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\non\na\nmat\n##s\ndog\nran\nto\nit\n.\n");
    Scene scene;
    scene.inputs.model = folder.path().string();
    scene.inputs.text = "the cat sat";
    open(scene);
    m_document.selection()->pin({2, -1});
    settle();
    auto* mask = child<QPushButton>("predictions.mask");
    ASSERT_TRUE(mask->isVisible());
    EXPECT_TRUE(child<QLabel>("predictions.caption")->text().contains(QStringLiteral("‘cat’")));
    mask->click();
    settle();
    EXPECT_EQ(m_document.inputs().maskedTokens, std::vector<std::int64_t>{2});
    EXPECT_EQ(m_document.trace()->tokens().items[2].text, "[MASK]");
    EXPECT_TRUE(child<QLabel>("predictions.caption")->text().contains(QStringLiteral("Behind ‘[MASK]’")));
    EXPECT_FALSE(m_workspace.predictions()->bars()->bars().front().before)
        << "a question is no change of the model";
    m_document.undoStack()->undo();
    settle();
    EXPECT_EQ(m_document.trace()->tokens().items[2].text, "cat");
}

TEST(PredictionBars, Numbers) {
    EXPECT_EQ(PredictionBars::percent(1), QStringLiteral("100.0 %"));
    EXPECT_EQ(PredictionBars::percent(0.1234), QStringLiteral("12.3 %"));
    EXPECT_EQ(PredictionBars::percent(0.012345), QStringLiteral("1.23 %"));
    EXPECT_EQ(PredictionBars::points(0.05), QStringLiteral("+5.00"));
    EXPECT_EQ(PredictionBars::points(-0.25), QStringLiteral("−25.0"));
    EXPECT_EQ(PredictionBars::points(1e-9), QStringLiteral("±0"));
}

}  // namespace
}  // namespace attn::ui
