#include "ui/views/weights_view.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/heat_map.h"

#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>

#include <filesystem>

namespace attn::ui {
namespace {

struct WeightsViewTest : testing::Test {
    SceneDocument document;
    WeightsView view{&document};
    QLabel* sentence = view.findChild<QLabel*>(QStringLiteral("weights.sentence"));

    void show(const Scene& scene) {
        view.resize(400, 500);
        view.show();
        document.newScene(scene);
        settle();
    }
    void show(const char* model) {
        Scene scene;
        scene.inputs.model = (std::filesystem::path(ATTN_TEST_DATA) / "models" / model).string();
        scene.inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5, 9};
        show(scene);
    }
    void settle() {
        ASSERT_TRUE(waitUntil([&] { return document.isCurrent() && view.isComplete(); }));
    }
    void choose(WeightKind kind) {
        view.kinds()->setCurrentIndex(static_cast<int>(kind));
        settle();
    }
};

TEST_F(WeightsViewTest, EachKindIsShownAndExplained) {
    show("gpt2-untied");
    document.selection()->setSite(QStringLiteral("blocks.1"));
    document.selection()->setHead(1);
    settle();
    const TensorPtr pattern = document.trace()->find({"blocks.1", TensorName::Pattern})->get();
    EXPECT_EQ(view.map()->data().tensor->matrix(), pattern->matrix(1));
    for (std::size_t i = 0; i < kWeightKindCount; ++i) {
        const auto kind = static_cast<WeightKind>(i);
        choose(kind);
        EXPECT_EQ(document.view().heads.weights, toString(kind));
        EXPECT_TRUE(sentence->text().startsWith(QString::fromUtf8(explanation(kind))));
        WeightStudy study(document.trace(), "blocks.1", kind, isOfHead(kind) ? 1 : 0, 5);
        ASSERT_TRUE(finish(study));
        EXPECT_EQ(view.map()->data().tensor->matrix(), study.result()->matrix()) << toString(kind);
        EXPECT_EQ(view.map()->data().rowCount(), kind == WeightKind::Flow ? 1 : 6);
    }
}

TEST_F(WeightsViewTest, FollowsTheQueryOfAFlow) {
    show("gpt2-untied");
    choose(WeightKind::Flow);
    EXPECT_EQ(view.picture().query, 5);
    document.selection()->pin({2, 1});
    settle();
    EXPECT_EQ(view.picture().query, 2);
    EXPECT_EQ(view.map()->current(), (MatrixCell{0, 1}));
}

TEST_F(WeightsViewTest, WhatASiteDoesNotHaveCannotBeChosenAndSaysWhy) {
    show("bart");
    choose(WeightKind::Rollout);
    document.selection()->setSite(QStringLiteral("decoder.blocks.0.cross"));
    settle();
    EXPECT_TRUE(view.map()->data().isEmpty());
    EXPECT_TRUE(sentence->text().contains(QStringLiteral("another one"))) << sentence->text().toStdString();
    const auto* items = qobject_cast<QStandardItemModel*>(view.kinds()->model());
    ASSERT_NE(items, nullptr);
    EXPECT_FALSE(items->item(static_cast<int>(WeightKind::Rollout))->isEnabled());
    EXPECT_TRUE(items->item(static_cast<int>(WeightKind::ValueNorms))->isEnabled());
    document.selection()->setSite(QStringLiteral("encoder.blocks.1"));
    settle();
    EXPECT_EQ(view.map()->data().rowCount(), 6);
}

TEST_F(WeightsViewTest, FollowsTheTraceAndAnEmptyText) {
    Scene scene = exampleScene();
    scene.view.heads.weights = "rollout";
    show(scene);
    EXPECT_EQ(view.kinds()->currentIndex(), static_cast<int>(WeightKind::Rollout));
    const Matrix before = view.map()->data().tensor->matrix();
    document.setParameter(ParameterId::Temperature, 0.2);
    settle();
    EXPECT_NE(view.map()->data().tensor->matrix(), before);
    document.setText(QString());
    settle();
    EXPECT_TRUE(view.map()->data().isEmpty());
    for (std::size_t kind = 0; kind < kWeightKindCount; ++kind) {
        choose(static_cast<WeightKind>(kind));
        EXPECT_TRUE(view.map()->data().isEmpty()) << toString(static_cast<WeightKind>(kind));
    }
}

}  // namespace
}  // namespace attn::ui
