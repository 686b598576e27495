// The overview of all heads, on tiny models.
#include "ui/views/heads_workspace.h"

#include "core/analysis/probe.h"
#include "tests/ui/views/heads_fixture.h"
#include "ui/views/head_figure.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

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

TEST(SiteNames, AreShort) {
    EXPECT_EQ(shortSiteName("blocks.3"), QStringLiteral("3"));
    EXPECT_EQ(shortSiteName("decoder.blocks.0.cross"), QStringLiteral("decoder 0 ×"));
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

TEST_F(HeadsWorkspaceTest, NumbersSetByHandAreSeenAndNamed) {
    open(sceneOf(model("gpt2-untied")));
    const auto masked = [&](int head) {
        const CellColors& colors = m_workspace.survey()->picture(0, head)->colors;
        return colors.index[static_cast<std::size_t>(1 * colors.columns + 4)] == CellColors::kMasked;
    };
    ASSERT_TRUE(masked(0)) << "a later token";
    m_document.editCell({"blocks.0", TensorName::Pattern}, 0, 1, 4, 0.5);
    settle();
    EXPECT_FALSE(masked(0));
    EXPECT_TRUE(masked(1));
    const auto caption = [&] {
        return headsSource(m_document.trace(), m_document.view(), m_workspace.survey()->sites())
            .figure({})
            ->caption;
    };
    EXPECT_TRUE(caption().contains(QStringLiteral("edited: blocks.0.pattern[0,1,4]=0.5")))
        << caption().toStdString();
    m_document.setIds(std::vector<std::int64_t>{3, 2, 4, 1, 5, 9});  // another token in that row
    settle();
    EXPECT_FALSE(caption().contains(QStringLiteral("edited"))) << "what sleeps is not in force";
}

}  // namespace
}  // namespace attn::ui
