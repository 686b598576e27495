// The overview of all heads and what it predicts, on tiny models.
#include "ui/views/heads_workspace.h"

#include "core/analysis/probe.h"
#include "core/io/file.h"
#include "core/trace/row_entries.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/plot/prediction_bars.h"
#include "ui/views/head_figure.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_survey.h"
#include "ui/views/predictions_view.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace attn::ui {
namespace {

std::string model(const char* name) {
    return (std::filesystem::path(ATTN_TEST_DATA) / "models" / name).string();
}

Scene sceneOf(const std::string& folder) {
    Scene scene;
    scene.inputs.model = folder;
    scene.inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5, 9};
    scene.view.workspace = "heads";
    return scene;
}

class HeadsWorkspaceTest : public testing::Test {
protected:
    void open(const Scene& scene) {
        m_document.newScene(scene);
        m_workspace.resize(1100, 700);
        m_workspace.show();
        ASSERT_TRUE(waitUntil([&] { return m_document.isCurrent() && m_document.trace() && complete(); }));
    }
    bool complete() {
        m_workspace.grid()->viewport()->repaint();
        return m_workspace.isComplete();
    }
    void settle() {
        ASSERT_TRUE(waitUntil([&] { return m_document.isCurrent() && complete(); }));
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_workspace.grid(), key, modifiers);
    }
    [[nodiscard]] std::pair<QString, int> selected() const {
        return {m_document.selection()->site(), m_document.selection()->head()};
    }
    [[nodiscard]] std::string ablations() const {
        std::string text;
        for (const Ablation& each : m_document.inputs().ablations) text += formatAblation(each) + " ";
        return text;
    }
    template <typename T>
    T* child(const char* name) {
        T* found = m_workspace.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }

    SceneDocument m_document;
    HeadsWorkspace m_workspace{&m_document};
};

TEST_F(HeadsWorkspaceTest, EveryHeadHasAPictureAndItsMeasures) {
    open(sceneOf(model("gpt2-untied")));
    const HeadSurvey& survey = *m_workspace.survey();
    ASSERT_EQ(survey.sites().size(), 2U);
    for (int site = 0; site < 2; ++site) {
        const SiteInfo& info = m_document.trace()->sites()[static_cast<std::size_t>(site)];
        const TensorPtr pattern = m_document.trace()->find({info.name, TensorName::Pattern})->get();
        for (int head = 0; head < 4; ++head) {
            const HeadPicture* picture = survey.picture(site, head);
            ASSERT_NE(picture, nullptr);
            EXPECT_EQ(picture->colors.rows, 6);
            EXPECT_TRUE(picture->colors.anyMasked) << "it is causal";
            EXPECT_FLOAT_EQ(static_cast<float>(picture->largest), pattern->matrix(head).maxCoeff());
            const HeadMeasures expected =
                measureHead(pattern->matrix(head), measuredTokens(*m_document.trace(), info));
            for (std::size_t i = 0; i < kHeadMeasureCount; ++i) {
                const bool both = std::isnan(expected[i]) && std::isnan(picture->measures[i]);
                EXPECT_TRUE(both || expected[i] == picture->measures[i]);
            }
        }
    }
}

TEST_F(HeadsWorkspaceTest, PicturesThatDidNotChangeStay) {
    open(sceneOf(model("gpt2-untied")));
    const auto versions = [&] {
        return std::pair(m_workspace.survey()->sites()[0].version, m_workspace.survey()->sites()[1].version);
    };
    const auto before = versions();
    m_document.toggleHead(QStringLiteral("blocks.0"), 2);
    settle();
    EXPECT_EQ(versions().first, before.first) << "its own pattern is what it was";
    EXPECT_NE(versions().second, before.second);
}

TEST_F(HeadsWorkspaceTest, KeysMoveSwitchAndOpen) {
    open(sceneOf(model("gpt2-untied")));
    key(Qt::Key_Right);
    key(Qt::Key_Down);
    key(Qt::Key_Right);
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.1"), 2));
    key(Qt::Key_Space);
    EXPECT_EQ(ablations(), "blocks.1.h2 ");
    key(Qt::Key_Space, Qt::ShiftModifier);
    EXPECT_EQ(ablations(), "blocks.1 ");
    key(Qt::Key_Space);
    EXPECT_EQ(ablations(), "blocks.1.h0 blocks.1.h1 blocks.1.h3 ");
    key(Qt::Key_M);
    EXPECT_EQ(ablations(), "blocks.1.h0 blocks.1.h1 blocks.1.h3 blocks.1.mlp ");
    for (int i = 0; i < 4; ++i) m_document.undoStack()->undo();
    EXPECT_EQ(ablations(), "");
    m_document.undoStack()->redo();
    EXPECT_EQ(ablations(), "blocks.1.h2 ");
    key(Qt::Key_Home);
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.0"), 0));
    key(Qt::Key_End);
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.1"), 3));
    key(Qt::Key_Return);
    EXPECT_EQ(m_document.view().workspace, "explore");
}

TEST_F(HeadsWorkspaceTest, ThePointerChoosesSwitchesAndOpens) {
    open(sceneOf(model("gpt2-untied")));
    HeadGrid& grid = *m_workspace.grid();
    const auto click = [&](const QPoint& at) {
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.origin() + at);
    };
    EXPECT_GT(grid.origin().y(), 0) << "a small grid stands in the middle";
    click(grid.layoutOfHeads().rect({1, 1}).center());
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.1"), 1));
    click(grid.layoutOfHeads().toggleRect({0, 3}).center());
    EXPECT_EQ(ablations(), "blocks.0.h3 ");
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.1"), 1)) << "switching chooses nothing";
    click(grid.layoutOfHeads().siteToggleRect(1).center());
    click(grid.layoutOfHeads().rect({0, -1}).center());
    EXPECT_EQ(ablations(), "blocks.0.h3 blocks.0.mlp blocks.1 ");
    child<QPushButton>("heads.kind.mean")->click();
    EXPECT_EQ(ablations(), "blocks.0.h3=mean blocks.0.mlp=mean blocks.1=mean ");
    child<QPushButton>("heads.clear")->click();
    EXPECT_EQ(ablations(), "");
    EXPECT_FALSE(child<QPushButton>("heads.clear")->isEnabled());
    QTest::mouseDClick(grid.viewport(), Qt::LeftButton, {},
                       grid.origin() + grid.layoutOfHeads().rect({0, 2}).center());
    EXPECT_EQ(selected(), std::pair(QStringLiteral("blocks.0"), 2));
    EXPECT_EQ(m_document.view().workspace, "explore");
}

TEST_F(HeadsWorkspaceTest, SortsByAMeasure) {
    open(sceneOf(model("gpt2-untied")));
    auto* measure = child<QComboBox>("heads.measure");
    measure->setCurrentIndex(static_cast<int>(HeadMeasure::Same));
    child<QToolButton>("heads.sort")->click();
    EXPECT_EQ(m_document.view().heads.measure, "same");
    EXPECT_TRUE(m_document.view().heads.sorted);
    const auto& cells = m_workspace.grid()->layoutOfHeads().cells();
    ASSERT_EQ(cells.size(), 8U);
    float last = 2;
    for (const auto& cell : cells) {
        const float value = measureOf(
            m_workspace.survey()->picture(cell.place.site, cell.place.head)->measures, HeadMeasure::Same);
        EXPECT_LE(value, last);
        last = value;
    }
    EXPECT_TRUE(m_workspace.grid()->layoutOfHeads().wrapped());
    EXPECT_TRUE(m_workspace.grid()->describe(cells.front().place).contains(QStringLiteral("Same token")));
}

TEST_F(HeadsWorkspaceTest, ZoomsAndFits) {
    open(sceneOf(model("gpt2-untied")));
    HeadGrid& grid = *m_workspace.grid();
    const int fitted = grid.layoutOfHeads().edge();
    key(Qt::Key_Plus);
    EXPECT_GT(grid.layoutOfHeads().edge(), fitted);
    EXPECT_FALSE(grid.isFitted());
    EXPECT_FALSE(child<QToolButton>("heads.fit")->isChecked());
    key(Qt::Key_0);
    EXPECT_EQ(grid.layoutOfHeads().edge(), fitted);
    EXPECT_TRUE(child<QToolButton>("heads.fit")->isChecked());
}

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

TEST(SiteNames, AreShort) {
    EXPECT_EQ(shortSiteName("blocks.3"), QStringLiteral("3"));
    EXPECT_EQ(shortSiteName("decoder.blocks.0.cross"), QStringLiteral("decoder 0 ×"));
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

TEST_F(HeadsWorkspaceTest, EveryControlIsNamed) {
    open(sceneOf(model("gpt2-untied")));
    for (QWidget* each : m_workspace.findChildren<QWidget*>()) {
        if ((each->focusPolicy() & Qt::TabFocus) == 0 || !each->isVisible()) continue;
        EXPECT_FALSE(each->objectName().isEmpty()) << each->metaObject()->className();
        EXPECT_FALSE(each->accessibleName().isEmpty()) << each->objectName().toStdString();
    }
    EXPECT_TRUE(m_workspace.grid()->accessibleDescription().startsWith(QStringLiteral("layer 0, head 0")));
}

TEST_F(HeadsWorkspaceTest, TheSheetHasEveryHeadOnce) {
    open(sceneOf(model("gpt2-untied")));
    View view = m_document.view();
    for (const bool sorted : {false, true}) {
        view.heads.sorted = sorted;
        const PageSource source = headsSource(m_document.trace(), view, m_workspace.survey()->sites());
        const auto spec = source.figure({});
        ASSERT_TRUE(spec);
        const auto svg = renderFigure(*spec, FigureFormat::Svg);
        ASSERT_TRUE(svg) << svg.error().english();
        EXPECT_EQ(svg->contains("layer"), !sorted || svg->contains("layers"));
        const auto image = figureImage(*spec);
        ASSERT_TRUE(image);
        EXPECT_GT(image->width(), 250);
        const auto csv = source.data({}, DataFormat::Csv);
        ASSERT_TRUE(csv);
        EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 9);
    }
    EXPECT_FALSE(headsSource(nullptr, view, {}).data({}, DataFormat::Csv));
    const auto nothing = headsSource(nullptr, view, {}).figure({});
    EXPECT_FALSE(renderFigure(*nothing, FigureFormat::Png));
}

TEST(PredictionBars, Numbers) {
    EXPECT_EQ(PredictionBars::percent(1), QStringLiteral("100.0 %"));
    EXPECT_EQ(PredictionBars::percent(0.1234), QStringLiteral("12.3 %"));
    EXPECT_EQ(PredictionBars::percent(0.012345), QStringLiteral("1.23 %"));
    EXPECT_EQ(PredictionBars::points(0.05), QStringLiteral("+5.00"));
    EXPECT_EQ(PredictionBars::points(-0.25), QStringLiteral("−25.0"));
    EXPECT_EQ(PredictionBars::points(1e-9), QStringLiteral("±0"));
}

TEST_F(HeadsWorkspaceTest, ShowsHeadsLikeTheSelectedOne) {
    open(sceneOf(model("gpt2-untied")));
    m_document.selection()->setSite(QStringLiteral("blocks.1"));
    m_document.selection()->setHead(1);
    child<QToolButton>("heads.like")->click();
    settle();
    EXPECT_EQ(m_document.view().heads.measure, "likeness");
    EXPECT_TRUE(m_document.view().heads.sorted);
    const auto& cells = m_workspace.grid()->layoutOfHeads().cells();
    EXPECT_EQ(cells.front().place, (HeadPlace{1, 1})) << "nothing is more like it than itself";
    float last = 2;
    for (const auto& cell : cells) {
        const HeadPicture* picture = m_workspace.survey()->picture(cell.place.site, cell.place.head);
        const float likeness = measureOf(picture->measures, HeadMeasure::Likeness);
        EXPECT_LE(likeness, last);
        last = likeness;
    }
    EXPECT_TRUE(m_workspace.grid()->describe({1, 1}).contains(QStringLiteral("Like the selected head: 1")));
    m_document.selection()->setHead(0);
    settle();
    EXPECT_EQ(m_workspace.grid()->layoutOfHeads().cells().front().place, (HeadPlace{1, 0}));
    child<QToolButton>("heads.like")->click();
    EXPECT_FALSE(m_document.view().heads.sorted);
}

TEST_F(HeadsWorkspaceTest, HeadsWithLessOfAMeasureFadeAndAreCounted) {
    open(sceneOf(model("gpt2-untied")));
    const int all = m_workspace.survey()->headCount();
    EXPECT_EQ(m_workspace.grid()->passing(), all);
    std::vector<double> shares;
    for (const auto& site : m_workspace.survey()->sites())
        for (const HeadPicture& picture : site.pictures)
            shares.push_back(shareOf(picture.measures, HeadMeasure::Entropy, site.keys));
    HeadsView view = m_document.view().heads;
    view.least = *std::max_element(shares.begin(), shares.end());
    m_document.setHeadsView(view);
    EXPECT_EQ(m_workspace.grid()->passing(), 1);
    EXPECT_TRUE(child<QLabel>("heads.status")->text().contains(QStringLiteral("1 of %1 heads").arg(all)));
    m_workspace.grid()->viewport()->repaint();
    view.least = 0;
    m_document.setHeadsView(view);
    EXPECT_EQ(m_workspace.grid()->passing(), all);
}

TEST_F(HeadsWorkspaceTest, ProbesTheModelWhenAskedAndRemembersIt) {
    Scene scene = sceneOf(model("gpt2-untied"));
    scene.view.heads.measure = "probe_induction";
    open(scene);
    const auto induction = [&](int site, int head) {
        return measureOf(m_workspace.survey()->picture(site, head)->measures, HeadMeasure::ProbeInduction);
    };
    Probe probe;
    for (const Inputs& inputs : probeInputs(*m_document.trace())) probe.add(*traceOf(inputs));
    EXPECT_EQ(probe.count(), 4U);
    for (int site = 0; site < 2; ++site)
        EXPECT_NEAR(induction(site, 1),
                    probe.measure(static_cast<std::size_t>(site), 1, HeadMeasure::ProbeInduction), 1e-5);
    EXPECT_TRUE(child<QLabel>("heads.status")->text().contains(QStringLiteral("seed 1")));
    // Another text of the same model has the same probe; a head that is off another one.
    m_document.setIds(std::vector<std::int64_t>{3, 1, 4, 1, 5});
    settle();
    const float before = induction(1, 1);
    EXPECT_FALSE(std::isnan(before));
    m_document.setParameter(ParameterId::Temperature, 3.0);
    settle();
    EXPECT_NE(induction(1, 1), before);
}

TEST_F(HeadsWorkspaceTest, AProbeThatAnotherModelInterruptedIsTakenUpAgain) {
    Scene scene = sceneOf(model("gpt2-untied"));
    open(scene);
    HeadsView view = m_document.view().heads;
    view.measure = "probe_induction";
    m_document.setHeadsView(view);
    Inputs other = m_document.inputs();
    other.model = model("bert-masked");
    Scene second = m_document.scene();
    second.inputs = other;
    m_document.newScene(second);
    settle();
    m_document.newScene(scene);
    settle();
    m_document.setHeadsView(view);
    settle();
    EXPECT_FALSE(
        std::isnan(measureOf(m_workspace.survey()->picture(1, 1)->measures, HeadMeasure::ProbeInduction)));
    EXPECT_TRUE(child<QLabel>("heads.status")->text().contains(QStringLiteral("seed 1")));
}

}  // namespace
}  // namespace attn::ui
