// Numbers changed by hand: undo, gestures, what they remember, and taking them back.
#include "ui/model/scene_document.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

#include <limits>

namespace attn::ui {
namespace {

constexpr int kMostMillis = 20'000;
const TensorKey kQ{"blocks.0", TensorName::Q};
const TensorKey kWeight{"blocks.0", TensorName::WQ};

class SceneDocumentEdits : public testing::Test {
protected:
    SceneDocumentEdits() {
        Scene scene;
        scene.inputs.text = "one two three";
        document.newScene(scene);
        settle();
    }
    bool settle() {
        return QTest::qWaitFor([&] { return document.trace() != nullptr && document.isCurrent(); },
                               kMostMillis);
    }
    [[nodiscard]] const Edits& edits() const { return document.inputs().edits; }
    float shown(const TensorKey& key, Index head, Index row, Index column) {
        settle();
        return document.trace()->find(key)->get()->at(head, row, column);
    }

    SceneDocument document;
};

TEST_F(SceneDocumentEdits, ANumberIsSetAndUndone) {
    const float before = shown(kQ, 1, 2, 3);
    document.editCell(kQ, 1, 2, 3, 2.5);
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(edits().front().rowToken, "three");
    EXPECT_EQ(edits().front().heads, 4);
    EXPECT_EQ(edits().front().columns, 16);
    EXPECT_EQ(shown(kQ, 1, 2, 3), 2.5F);
    EXPECT_EQ(document.undoStack()->undoText(), QStringLiteral("Set blocks.0.q[1,2,3]"));
    document.undoStack()->undo();
    EXPECT_EQ(shown(kQ, 1, 2, 3), before);
    document.undoStack()->redo();
    EXPECT_EQ(shown(kQ, 1, 2, 3), 2.5F);
}

TEST_F(SceneDocumentEdits, ADragIsOneStepAndAComeBackNone) {
    document.beginGesture(QStringLiteral("Scrub"));
    for (int i = 1; i <= 20; ++i) document.editCell(kQ, 0, 0, 0, 0.1 * i);
    document.endGesture();
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_EQ(edits().size(), 1U);
    document.editCell(kQ, 0, 0, 0, 2.0);
    EXPECT_EQ(document.undoStack()->count(), 1) << "it is 2 already";
    document.editCell(kQ, 0, 0, 1, 3);
    document.editCell(kQ, 0, 0, 1, 4);
    EXPECT_EQ(document.undoStack()->count(), 3) << "typed one after the other";
}

TEST_F(SceneDocumentEdits, SeveralAtOnceAreOneStep) {
    Edit a, b;
    a.tensor = b.tensor = kQ;
    b.column = 1;
    a.value = b.value = 7;
    document.editCells({a, b});
    EXPECT_EQ(edits().size(), 2U);
    EXPECT_EQ(document.undoStack()->count(), 1);
}

TEST_F(SceneDocumentEdits, WhatHasNoPlaceIsLeftAlone) {
    document.editCell(kQ, 0, 3, 0, 1);
    document.editCell(kQ, 4, 0, 0, 1);
    document.editCell(kQ, 0, -1, 0, 1);
    document.editCell({"blocks.5", TensorName::Q}, 0, 0, 0, 1);
    document.editCell({"", TensorName::Logits}, 0, 0, 0, 1);
    document.editCell(kQ, 0, 0, 0, 1e7);
    document.editCell(kQ, 0, 0, 0, -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(edits().empty());
    EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(SceneDocumentEdits, AreTakenBackOneByOneByTensorAndAllTogether) {
    document.editCell(kQ, 0, 0, 0, 1);
    document.editCell(kQ, 0, 0, 1, 1);
    document.editCell(kWeight, 0, 0, 0, 1);
    document.resetCell(kQ, 0, 0, 1);
    EXPECT_EQ(edits().size(), 2U);
    document.resetCell(kQ, 0, 0, 1);
    EXPECT_EQ(document.undoStack()->count(), 4) << "there was nothing to take back";
    document.resetTensor(kQ);
    EXPECT_EQ(edits().size(), 1U);
    document.clearEdits();
    EXPECT_TRUE(edits().empty());
    for (int i = 0; i < 3; ++i) document.undoStack()->undo();
    EXPECT_EQ(edits().size(), 3U);
}

TEST_F(SceneDocumentEdits, SleepersWakeOrAreRemoved) {
    document.editCell(kQ, 0, 1, 0, 1);
    document.editCell(kWeight, 0, 0, 0, 1);
    document.setText(QStringLiteral("one four three"));
    ASSERT_TRUE(settle());
    EXPECT_EQ(document.trace()->sleepingEdits().size(), 1U);
    document.removeSleepingEdits();
    ASSERT_EQ(edits().size(), 1U);
    EXPECT_EQ(edits().front().tensor, kWeight);
    document.undoStack()->undo();
    document.setText(QStringLiteral("one two three"));
    ASSERT_TRUE(settle());
    EXPECT_TRUE(document.trace()->sleepingEdits().empty());
}

TEST_F(SceneDocumentEdits, LiveInTheSceneFile) {
    document.editCell(kQ, 1, 2, 3, 2.5);
    const QTemporaryDir folder;
    const QString path = QDir(folder.path()).filePath(QStringLiteral("s.attn"));
    QString error;
    ASSERT_TRUE(document.save(path, &error)) << error.toStdString();
    SceneDocument other;
    ASSERT_TRUE(other.open(path, &error)) << error.toStdString();
    EXPECT_EQ(other.inputs(), document.inputs());
}

}  // namespace
}  // namespace attn::ui
