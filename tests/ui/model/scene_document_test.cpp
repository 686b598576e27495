#include "ui/model/scene_document.h"

#include "ui/model/selection.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

constexpr int kMostMillis = 20'000;

/// Waits until the trace belongs to the inputs.
bool settle(SceneDocument& document) {
    return QTest::qWaitFor([&] { return document.trace() != nullptr && document.isCurrent(); }, kMostMillis);
}

std::string parameter(const SceneDocument& document, ParameterId id) {
    return formatValue(document.parameters().get(id));
}

class SceneDocumentTest : public testing::Test {
protected:
    SceneDocumentTest() {
        Scene scene;
        scene.inputs.text = "one two three";
        document.newScene(scene);
    }
    SceneDocument document;
};

TEST_F(SceneDocumentTest, tracesFollowTheInputs) {
    ASSERT_TRUE(settle(document));
    QSignalSpy traces(&document, &SceneDocument::traceChanged);
    document.setText(QStringLiteral("four five"));
    ASSERT_TRUE(settle(document));
    EXPECT_GE(traces.count(), 1);
    EXPECT_EQ(document.trace()->tokens().items.size(), 2U);
}

TEST_F(SceneDocumentTest, aDragIsOneStep) {
    document.beginGesture(QStringLiteral("Change temperature"));
    for (int i = 1; i <= 50; ++i) document.setParameter(ParameterId::Temperature, 1 + 0.1 * i);
    document.endGesture();
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_EQ(parameter(document, ParameterId::Temperature), "6");
    document.undoStack()->undo();
    EXPECT_EQ(parameter(document, ParameterId::Temperature), "1");
    document.undoStack()->redo();
    EXPECT_EQ(parameter(document, ParameterId::Temperature), "6");
    document.setParameter(ParameterId::Temperature, 2.0);
    document.setParameter(ParameterId::Temperature, 3.0);
    EXPECT_EQ(document.undoStack()->count(), 3);
}

TEST_F(SceneDocumentTest, twoDragsAreTwoSteps) {
    for (int drag = 1; drag <= 2; ++drag) {
        document.beginGesture(QStringLiteral("drag"));
        document.setParameter(ParameterId::Temperature, 1.0 + drag);
        document.setParameter(ParameterId::Temperature, 1.5 + drag);
        document.endGesture();
    }
    EXPECT_EQ(document.undoStack()->count(), 2);
}

TEST_F(SceneDocumentTest, aDragThatComesBackLeavesNoStep) {
    document.beginGesture(QStringLiteral("drag"));
    document.setParameter(ParameterId::Temperature, 2.0);
    document.setParameter(ParameterId::Temperature, 1.0);
    document.endGesture();
    EXPECT_FALSE(document.undoStack()->canUndo());
    EXPECT_FALSE(document.isModified());
}

TEST_F(SceneDocumentTest, experimentsAreUndoneAndReachNoPipeline) {
    ASSERT_TRUE(settle(document));
    const TracePtr trace = document.trace();
    QSignalSpy changed(&document, &SceneDocument::experimentsChanged);
    SaturationState state;
    document.beginGesture(QStringLiteral("Drag the scale"));
    for (const double scale : {2.0, 3.0, 4.0}) {
        state.scale = scale;
        document.setSaturation(state, QStringLiteral("Change the scale"));
    }
    document.endGesture();
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_EQ(document.undoStack()->undoText(), QStringLiteral("Drag the scale"));
    EXPECT_EQ(changed.count(), 3);
    ScalingState scaling;
    scaling.dk = 256;
    document.setScaling(scaling, QStringLiteral("Change d_k"));
    document.setScaling(scaling, QStringLiteral("Change d_k"));  // nothing new, no step
    EXPECT_EQ(document.undoStack()->count(), 2);
    EXPECT_EQ(document.experiments().saturation.scale, 4.0);
    EXPECT_TRUE(document.isModified());
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments().scaling, ScalingState{});
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
    document.undoStack()->redo();
    EXPECT_EQ(document.experiments().saturation, state);
    EXPECT_TRUE(document.isCurrent());
    EXPECT_EQ(document.trace(), trace);
}

TEST_F(SceneDocumentTest, anExperimentAndTheInputsAreStepsOfTheirOwnInOneDrag) {
    SaturationState state;
    state.scale = 7;
    document.beginGesture(QStringLiteral("both"));
    document.setParameter(ParameterId::Temperature, 2.0);
    document.setSaturation(state, QStringLiteral("scale"));
    document.endGesture();
    document.undoStack()->undo();
    EXPECT_EQ(document.experiments(), Experiments{});
    EXPECT_EQ(parameter(document, ParameterId::Temperature), "2");
}

TEST_F(SceneDocumentTest, typingMergesAndOtherChangesEndIt) {
    document.setText(QStringLiteral("o"));
    document.setText(QStringLiteral("on"));
    document.setText(QStringLiteral("one"));
    EXPECT_EQ(document.undoStack()->count(), 1);
    document.setParameter(ParameterId::Temperature, 2.0);
    document.setText(QStringLiteral("one t"));
    EXPECT_EQ(document.undoStack()->count(), 3);
    document.undoStack()->undo();
    EXPECT_EQ(document.inputs().text, "one");
    document.undoStack()->undo();
    document.undoStack()->undo();
    EXPECT_EQ(document.inputs().text, "one two three");
}

TEST_F(SceneDocumentTest, undoThenRedoIsTheIdentity) {
    ASSERT_TRUE(settle(document));
    std::vector<Inputs> states{document.inputs()};
    document.setText(QStringLiteral("one two three four"));
    states.push_back(document.inputs());
    document.setContext(QStringLiteral("other"));
    states.push_back(document.inputs());
    document.setParameter(ParameterId::Mask, std::string("causal"));
    states.push_back(document.inputs());
    ASSERT_TRUE(settle(document));
    document.paintCell(0, 0, false);
    states.push_back(document.inputs());
    document.clearPainted();
    states.push_back(document.inputs());
    for (std::size_t i = states.size() - 1; i > 0; --i) {
        EXPECT_EQ(document.inputs(), states[i]) << i;
        document.undoStack()->undo();
    }
    for (const Inputs& state : states) {
        EXPECT_EQ(document.inputs(), state);
        document.undoStack()->redo();
    }
    EXPECT_EQ(document.inputs(), states.back());
}

TEST_F(SceneDocumentTest, paintingMasksTheCellAndAStrokeIsOneStep) {
    ASSERT_TRUE(settle(document));
    document.beginGesture(QStringLiteral("Paint"));
    document.paintCell(0, 1, false);
    document.paintCell(0, 2, false);
    document.paintCell(0, 99, false);  // outside: nothing
    document.endGesture();
    ASSERT_TRUE(settle(document));
    EXPECT_EQ(document.inputs().painted.size(), 2U);
    EXPECT_EQ(document.undoStack()->count(), 1);
    const TensorPtr pattern = document.request({"blocks.0", TensorName::Pattern});
    ASSERT_NE(pattern, nullptr);
    EXPECT_EQ(pattern->at(0, 0, 1), 0.0F);
    EXPECT_EQ(pattern->at(0, 0, 2), 0.0F);
}

TEST_F(SceneDocumentTest, aRecipeComesLater) {
    ASSERT_TRUE(settle(document));
    QSignalSpy ready(&document, &SceneDocument::tensorReady);
    const TensorKey key{"blocks.0", TensorName::Scores};
    if (document.request(key) == nullptr) {
        ASSERT_TRUE(ready.wait(kMostMillis));
    }
    EXPECT_NE(document.request(key), nullptr);
}

TEST_F(SceneDocumentTest, theSelectionStaysInsideTheTrace) {
    ASSERT_TRUE(settle(document));
    document.selection()->pin({2, 2});
    document.selection()->setHead(3);
    document.setText(QStringLiteral("one"));
    document.setParameter(ParameterId::Heads, std::int64_t{2});
    ASSERT_TRUE(settle(document));
    EXPECT_EQ(document.selection()->pinned(), (Cell{0, 0}));
    EXPECT_EQ(document.selection()->head(), 1);
    document.setText(QString());
    ASSERT_TRUE(settle(document));
    EXPECT_TRUE(document.selection()->pinned().isNull());
}

TEST_F(SceneDocumentTest, saveThenOpenIsTheIdentity) {
    ASSERT_TRUE(settle(document));
    document.setText(QString::fromUtf8("tab\t鱼 \xF0\x9F\x90\x9F"));
    document.setParameter(ParameterId::Scale, 0.25);
    document.selection()->setStage(QStringLiteral("mask"));
    SaturationState state;
    state.logits = {0.1, -3, 5e10};
    document.setSaturation(state, QStringLiteral("logits"));
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("scene.attn"));
    QString error;
    ASSERT_TRUE(document.save(path, &error)) << error.toStdString();
    EXPECT_FALSE(document.isModified());
    const Scene saved = document.scene();
    SceneDocument other;
    QSignalSpy opened(&other, &SceneDocument::opened);
    ASSERT_TRUE(other.open(path, &error)) << error.toStdString();
    EXPECT_EQ(other.scene(), saved);
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened.front().front().toString(), path);
    EXPECT_TRUE(opened.front().back().toStringList().isEmpty());
    EXPECT_EQ(other.displayName(), QStringLiteral("scene.attn"));
}

TEST_F(SceneDocumentTest, whatCannotBeOpenedChangesNothing) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("broken.attn"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("{\"format\": \"attention-lab/scene\", \"version\": 99}");
    file.close();
    const Scene before = document.scene();
    QString error;
    EXPECT_FALSE(document.open(path, &error));
    EXPECT_TRUE(error.contains(QStringLiteral("99"))) << error.toStdString();
    EXPECT_FALSE(document.open(folder.filePath(QStringLiteral("missing.attn")), &error));
    EXPECT_TRUE(error.contains(QStringLiteral("missing.attn"))) << error.toStdString();
    EXPECT_EQ(document.scene(), before);
}

TEST_F(SceneDocumentTest, savingToAMissingFolderSaysSo) {
    QString error;
    EXPECT_FALSE(document.save(QStringLiteral("/no/such/folder/scene.attn"), &error));
    EXPECT_TRUE(error.contains(QStringLiteral("/no/such/folder"))) << error.toStdString();
}

TEST_F(SceneDocumentTest, unknownKeysAreListedAndKept) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("newer.attn"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(
        "{\"format\": \"attention-lab/scene\", \"version\": 1, \"text\": {\"source\": \"a b\"}, \"extra\": "
        "[1, 2]}");
    file.close();
    QString error;
    QSignalSpy opened(&document, &SceneDocument::opened);
    ASSERT_TRUE(document.open(path, &error)) << error.toStdString();
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened.front().back().toStringList(), QStringList{QStringLiteral("extra")});
    ASSERT_TRUE(document.save(path, &error));
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_TRUE(file.readAll().contains("\"extra\""));
}

}  // namespace
}  // namespace attn::ui
