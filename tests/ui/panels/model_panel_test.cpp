// The controls of a trained model: facts, what acts on it, and for which layers.
#include "tests/ui/views/view_fixture.h"
#include "ui/panels/badge.h"
#include "ui/panels/model_facts.h"
#include "ui/panels/parameter_editor.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/parameter_panel.h"
#include "ui/panels/segmented_control.h"

#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>

namespace attn::ui {
namespace {

class ModelPanelTest : public testing::Test {
protected:
    ModelPanelTest() {
        panel.resize(256, 900);
        panel.show();
    }
    void show(const char* name) {
        Scene scene;
        scene.inputs.model = std::string(ATTN_TEST_DATA "/models/") + name;
        scene.inputs.ids = {1, 2, 3, 4};
        open(document, scene);
    }
    ParameterEditor* editor(ParameterId id) {
        const auto& editors = panel.editors();
        return *std::find_if(editors.begin(), editors.end(),
                             [&](const ParameterEditor* each) { return each->spec().id == id; });
    }
    template <typename T>
    T* child(const char* name) {
        return panel.findChild<T*>(QString::fromLatin1(name));
    }

    SceneDocument document;
    ParameterPanel panel{&document};
};

TEST_F(ModelPanelTest, ShowsFactsAndOnlyWhatActs) {
    open(document, exampleScene());
    EXPECT_FALSE(panel.findChild<ModelFacts*>()->isVisible());
    EXPECT_TRUE(editor(ParameterId::DModel)->isVisible());
    show("mistral");
    auto* facts = panel.findChild<ModelFacts*>();
    EXPECT_TRUE(facts->isVisible());
    for (const char* line : {"kind mistral", "heads 4", "heads of k and v 2", "d model 12", "vocabulary 17"})
        EXPECT_TRUE(facts->text().contains(QString::fromLatin1(line))) << line;
    for (const ParameterId id : {ParameterId::Scale, ParameterId::Temperature, ParameterId::Mask,
                                 ParameterId::Score, ParameterId::Normalizer}) {
        EXPECT_TRUE(editor(id)->isVisible()) << editor(id)->objectName().toStdString();
        EXPECT_TRUE(editor(id)->isEnabled());
    }
    for (const ParameterId id : {ParameterId::DModel, ParameterId::Heads, ParameterId::Seed,
                                 ParameterId::Tokenizer, ParameterId::Residual})
        EXPECT_FALSE(editor(id)->isVisible()) << editor(id)->objectName().toStdString();
    EXPECT_FALSE(child<QPushButton>("parameter.score.additive")->isEnabled());
    EXPECT_TRUE(child<QPushButton>("parameter.score.cosine")->isEnabled());

    QTest::mouseClick(child<QPushButton>("modelFacts.toToy"), Qt::LeftButton);
    settle(document);
    EXPECT_EQ(document.inputs().model, "toy");
    EXPECT_FALSE(facts->isVisible());
    EXPECT_TRUE(editor(ParameterId::DModel)->isVisible());
    document.undoStack()->undo();
    settle(document);
    EXPECT_TRUE(facts->isVisible());
}

TEST_F(ModelPanelTest, TheMaskThatTheModelBringsIsShownUntilOneIsChosen) {
    auto* mask = child<SegmentedControl>("parameter.mask.choices");
    show("gpt2-untied");
    EXPECT_EQ(mask->current(), QStringLiteral("causal"));
    QTest::mouseClick(mask->button(QStringLiteral("none")), Qt::LeftButton);
    EXPECT_EQ(mask->current(), QStringLiteral("none"));
    document.resetParameter(ParameterId::Mask);
    EXPECT_EQ(mask->current(), QStringLiteral("causal"));
    show("mistral");  // its sliding window is none of the choices
    EXPECT_EQ(mask->current(), QString());
    show("bert-masked");
    EXPECT_EQ(mask->current(), QStringLiteral("none"));
}

TEST_F(ModelPanelTest, ALayerMayHaveItsOwnAndItIsMarked) {
    auto* scope = child<QWidget>("scopeSwitch");
    open(document, exampleScene());
    EXPECT_FALSE(scope->isVisible());
    show("gpt2-untied");
    ASSERT_TRUE(scope->isVisible());
    document.selection()->setSite(QStringLiteral("blocks.1"));
    QTest::mouseClick(child<QPushButton>("scope.one"), Qt::LeftButton);
    document.setParameter(ParameterId::Temperature, 5.0);
    const QLabel* label = editor(ParameterId::Temperature)->label();
    EXPECT_TRUE(label->text().endsWith(QStringLiteral("•")));
    EXPECT_TRUE(child<QLabel>("scope.own")->isVisible());
    document.selection()->setSite(QStringLiteral("blocks.0"));
    EXPECT_FALSE(label->text().endsWith(QStringLiteral("•")));
    EXPECT_FALSE(child<QLabel>("scope.own")->isVisible());
    QTest::mouseClick(child<QPushButton>("scope.all"), Qt::LeftButton);
    EXPECT_TRUE(label->text().endsWith(QStringLiteral("•")));  // one of them differs
    document.selection()->setSite(QStringLiteral("blocks.1"));
    QTest::mouseClick(child<QToolButton>("scope.reset"), Qt::LeftButton);
    EXPECT_FALSE(label->text().endsWith(QStringLiteral("•")));
    EXPECT_EQ(document.parameters().ofSites().size(), 0U);
}

TEST_F(ModelPanelTest, TheBadgeNamesTheModel) {
    const auto* badge = panel.findChild<Badge*>();
    show("mistral");
    EXPECT_EQ(badge->property("badge").toString(), QStringLiteral("trained"));
    EXPECT_TRUE(badge->text().contains(QStringLiteral("trained: mistral"))) << badge->text().toStdString();
    document.paintCell(2, 0, false);
    settle(document);
    EXPECT_EQ(badge->property("badge").toString(), QStringLiteral("edited"));
    open(document, exampleScene());
    EXPECT_EQ(badge->property("badge").toString(), QStringLiteral("toy"));
}

}  // namespace
}  // namespace attn::ui
