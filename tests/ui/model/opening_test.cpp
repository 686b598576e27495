// Opening models: what is there stays until the new one has come, and one undo step leads back.
#include "core/io/file.h"
#include "tests/ui/wait.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QUndoStack>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

QString model(const char* name) {
    return QStringLiteral(ATTN_TEST_DATA "/models/") + QString::fromLatin1(name);
}

/// A model's folder of its own, to break.
void copyModel(const char* name, const QString& target) {
    const QDir source(model(name));
    QDir().mkpath(target);
    for (const char* file : {"config.json", "model.safetensors"}) {
        ASSERT_TRUE(QFile::copy(source.filePath(QString::fromLatin1(file)),
                                target + QStringLiteral("/") + QString::fromLatin1(file)));
    }
}

class OpeningTest : public testing::Test {
protected:
    OpeningTest() : failures(&document, &SceneDocument::failed), opened(&document, &SceneDocument::opened) {
        Scene scene;
        scene.inputs.text = "one two three";
        document.newScene(scene);
        EXPECT_TRUE(waitForTrace(document));
    }
    bool open(const QString& path) {
        document.openModel(path);
        return waitForTrace(document);
    }
    [[nodiscard]] QString failure() const {
        return failures.isEmpty() ? QString() : failures.back().front().toString();
    }

    SceneDocument document;
    QSignalSpy failures, opened;
};

TEST_F(OpeningTest, AFolderTakesThePlaceInOneStepAndUndoLeadsBack) {
    document.setParameter(ParameterId::Temperature, 3.0);
    document.setParameter(ParameterId::Seed, std::int64_t{7});
    ASSERT_TRUE(waitForTrace(document));
    const Inputs toy = document.inputs();
    QSignalSpy traces(&document, &SceneDocument::traceChanged);
    ASSERT_TRUE(open(model("gpt2-untied")));
    EXPECT_EQ(traces.count(), 1);  // what was evaluated is not evaluated again
    ASSERT_NE(document.trace()->model(), nullptr);
    EXPECT_EQ(document.trace()->model()->family, "gpt2");
    EXPECT_EQ(document.inputs().model, model("gpt2-untied").toStdString());
    // It has no tokenizer: it begins with ids. What was set for the toy's scores does not act on it.
    EXPECT_TRUE(document.inputs().ids.has_value());
    EXPECT_EQ(document.trace()->tokens().items.size(), 8U);
    EXPECT_EQ(formatValue(document.parameters().get(ParameterId::Temperature)), "1");
    EXPECT_EQ(formatValue(document.parameters().get(ParameterId::Seed)), "7");
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened.front().front().toString(), model("gpt2-untied"));

    document.undoStack()->undo();
    EXPECT_EQ(document.inputs(), toy);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model(), nullptr);
    document.undoStack()->redo();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_NE(document.trace()->model(), nullptr);
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model(), nullptr);
    EXPECT_FALSE(document.inputs().ids.has_value());
    EXPECT_TRUE(failures.isEmpty()) << failure().toStdString();
}

TEST_F(OpeningTest, WhatDoesNotOpenIsOneLineAndEverythingStays) {
    ASSERT_TRUE(open(model("bert-masked")));
    const Inputs before = document.inputs();
    const TracePtr trace = document.trace();
    const int steps = document.undoStack()->count();
    const QTemporaryDir folder;
    const QString broken = folder.filePath(QStringLiteral("broken"));
    copyModel("gpt2-untied", broken);
    QFile weights(broken + QStringLiteral("/model.safetensors"));
    ASSERT_TRUE(weights.resize(100));
    for (const QString& path : {broken, folder.path(), folder.filePath(QStringLiteral("none"))}) {
        failures.clear();
        document.openModel(path);
        ASSERT_TRUE(waitUntil([&] { return !failures.isEmpty(); }));
        EXPECT_FALSE(failure().contains(QLatin1Char('\n')));
        EXPECT_TRUE(failure().contains(folder.path())) << failure().toStdString();
        EXPECT_EQ(document.inputs(), before);
        EXPECT_EQ(document.trace(), trace);
        EXPECT_TRUE(document.isCurrent());
        EXPECT_FALSE(document.opening().has_value());
        EXPECT_EQ(document.undoStack()->count(), steps);
    }
    // The model that was open still is: nothing of it is worked out again.
    document.setParameter(ParameterId::Temperature, 2.0);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->find({"blocks.0", TensorName::ScoresRaw}),
              trace->find({"blocks.0", TensorName::ScoresRaw}));
}

TEST_F(OpeningTest, CancellingLeavesWhatWasThere) {
    const Inputs before = document.inputs();
    const TracePtr trace = document.trace();
    document.openModel(model("bert-masked"));
    ASSERT_TRUE(document.opening().has_value());
    EXPECT_TRUE(document.opening()->cancellable);
    EXPECT_EQ(document.opening()->name, QStringLiteral("bert-masked"));
    document.cancelOpening();
    EXPECT_FALSE(document.opening().has_value());
    EXPECT_TRUE(document.isCurrent());
    document.setText(QStringLiteral("four"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model(), nullptr);
    EXPECT_EQ(document.trace()->tokens().items.size(), 1U);
    document.undoStack()->undo();
    EXPECT_EQ(document.inputs(), before);
    EXPECT_NE(trace, nullptr);
    EXPECT_TRUE(opened.isEmpty());
}

TEST_F(OpeningTest, UndoAndRedoOpenFirstAndCanBeCancelled) {
    ASSERT_TRUE(open(model("bert-masked")));
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(waitForTrace(document));
    const TracePtr toy = document.trace();
    QUndoStack& stack = *document.undoStack();
    document.undo();
    ASSERT_TRUE(document.opening().has_value());
    EXPECT_TRUE(document.opening()->cancellable);
    EXPECT_EQ(document.opening()->name, QStringLiteral("bert-masked"));
    EXPECT_EQ(document.inputs().model, "toy") << "until it is there everything stays";
    EXPECT_EQ(stack.index(), 2);
    document.cancelOpening();
    EXPECT_FALSE(document.opening().has_value());
    EXPECT_EQ(document.trace(), toy);
    EXPECT_TRUE(document.isCurrent());
    EXPECT_EQ(stack.index(), 2);

    document.undo();
    ASSERT_TRUE(waitUntil([&] { return !document.opening(); }));
    EXPECT_EQ(stack.index(), 1);
    ASSERT_TRUE(document.isCurrent());
    EXPECT_EQ(document.trace()->model()->family, "bert");
    document.undo();  // the toy needs no opening
    EXPECT_EQ(stack.index(), 0);
    ASSERT_TRUE(waitForTrace(document));
    document.redo();
    EXPECT_EQ(stack.index(), 0);
    ASSERT_TRUE(waitUntil([&] { return !document.opening(); }));
    EXPECT_EQ(stack.index(), 1);
    EXPECT_EQ(document.trace()->model()->family, "bert");
    EXPECT_TRUE(failures.isEmpty()) << failure().toStdString();
}

TEST_F(OpeningTest, StepsThatAreAskedForMeanwhileGoOnFromThere) {
    ASSERT_TRUE(open(model("bert-masked")));
    ASSERT_TRUE(open(model("mistral")));
    document.setParameter(ParameterId::Temperature, 2.0);
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(waitForTrace(document));
    QUndoStack& stack = *document.undoStack();
    ASSERT_EQ(stack.index(), 4);
    for (int i = 0; i < 3; ++i) document.undo();  // over mistral to bert
    EXPECT_EQ(document.opening()->name, QStringLiteral("bert-masked"));
    ASSERT_TRUE(waitUntil([&] { return !document.opening(); }));
    EXPECT_EQ(stack.index(), 1);
    EXPECT_EQ(document.trace()->model()->family, "bert");
    EXPECT_EQ(document.trace()->inputs(), document.inputs());

    document.redo();
    EXPECT_EQ(document.opening()->name, QStringLiteral("mistral"));
    document.undo();  // back to where it is
    EXPECT_FALSE(document.opening().has_value());
    EXPECT_EQ(stack.index(), 1);
    EXPECT_TRUE(document.isCurrent());
    EXPECT_TRUE(failures.isEmpty()) << failure().toStdString();
    document.redo();
    document.setText(QStringLiteral("a"));
    EXPECT_TRUE(failure().contains(QStringLiteral("mistral"))) << failure().toStdString();
}

TEST_F(OpeningTest, AStepThatCannotBeOpenedIsSaidAndLeftOutNextTime) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("model"));
    copyModel("gpt2-untied", path);
    ASSERT_TRUE(open(path));
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(open(model("bert-masked")));
    ASSERT_TRUE(QDir(path).removeRecursively());
    const TracePtr bert = document.trace();
    QUndoStack& stack = *document.undoStack();
    document.undo();
    ASSERT_TRUE(waitForTrace(document));
    ASSERT_EQ(stack.index(), 2);
    const TracePtr toy = document.trace();
    document.undo();
    ASSERT_TRUE(waitUntil([&] { return !failures.isEmpty(); }));
    EXPECT_TRUE(failure().contains(path)) << failure().toStdString();
    EXPECT_EQ(stack.index(), 2);
    EXPECT_EQ(document.trace(), toy);
    document.undo();
    EXPECT_EQ(stack.index(), 0) << "what was before it can still be reached";
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model(), nullptr);
    EXPECT_NE(document.trace(), bert);
}

TEST_F(OpeningTest, AnotherChangeStopsItAndSaysSo) {
    document.openModel(model("bert-masked"));
    document.setText(QStringLiteral("four five"));
    EXPECT_FALSE(document.opening().has_value());
    EXPECT_TRUE(failure().contains(QStringLiteral("bert-masked"))) << failure().toStdString();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.inputs().model, "toy");
    EXPECT_EQ(document.trace()->tokens().items.size(), 2U);
}

TEST_F(OpeningTest, OfTwoTheSecondOpens) {
    document.openModel(model("bert-masked"));
    document.openModel(model("mistral"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model()->family, "mistral");
    EXPECT_EQ(document.undoStack()->count(), 1);
}

TEST_F(OpeningTest, AFirstOpeningThatFailsShowsTheScene) {
    SceneDocument fresh;
    Scene scene;
    scene.inputs.text = "a b";
    fresh.newScene(scene);
    QSignalSpy failed(&fresh, &SceneDocument::failed);
    const QTemporaryDir folder;  // no model in it
    fresh.openModel(folder.path());
    ASSERT_TRUE(waitUntil([&] { return !failed.isEmpty(); }));
    ASSERT_TRUE(waitForTrace(fresh));
    EXPECT_EQ(fresh.trace()->tokens().items.size(), 2U);
}

TEST_F(OpeningTest, AModelThatVanishesLeavesItsTrace) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("model"));
    copyModel("gpt2-untied", path);
    ASSERT_TRUE(open(path));
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(waitForTrace(document));
    ASSERT_TRUE(open(model("bert-masked")));
    const TracePtr shown = document.trace();
    ASSERT_TRUE(QDir(path).removeRecursively());
    document.undoStack()->undo();
    document.undoStack()->undo();  // the folder that is gone
    ASSERT_TRUE(waitUntil([&] { return !failures.isEmpty(); }));
    EXPECT_TRUE(failure().contains(path)) << failure().toStdString();
    document.undoStack()->redo();
    document.undoStack()->redo();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->model()->family, "bert");
    EXPECT_NE(shown, nullptr);
}

TEST_F(OpeningTest, ScenesNameTheirModelBesideThem) {
    const QTemporaryDir folder;
    copyModel("mistral", folder.filePath(QStringLiteral("lesson/model")));
    ASSERT_TRUE(open(folder.filePath(QStringLiteral("lesson/model"))));
    document.setIds(std::vector<std::int64_t>{3, 1, 2});
    document.selection()->setSite(QStringLiteral("blocks.1"));
    ASSERT_TRUE(waitForTrace(document));
    const QString scene = folder.filePath(QStringLiteral("lesson/scene.attn"));
    QString error;
    ASSERT_TRUE(document.save(scene, &error)) << error.toStdString();
    const auto text = readFile(scene.toStdString(), 1U << 20U);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("\"./model\""), std::string::npos) << *text;
    ASSERT_TRUE(
        QDir().rename(folder.filePath(QStringLiteral("lesson")), folder.filePath(QStringLiteral("moved"))));

    SceneDocument other;
    QSignalSpy spy(&other, &SceneDocument::opened);
    ASSERT_TRUE(other.open(folder.filePath(QStringLiteral("moved/scene.attn")), &error))
        << error.toStdString();
    ASSERT_TRUE(waitForTrace(other));
    EXPECT_EQ(spy.count(), 1);
    EXPECT_EQ(other.inputs().model, folder.filePath(QStringLiteral("moved/model")).toStdString());
    EXPECT_EQ(other.trace()->tokens().items.size(), 3U);
    EXPECT_EQ(other.selection()->site(), QStringLiteral("blocks.1"));
    EXPECT_FALSE(other.isModified());

    ASSERT_TRUE(QDir(folder.filePath(QStringLiteral("moved/model"))).removeRecursively());
    const Scene before = document.scene();
    EXPECT_FALSE(document.open(folder.filePath(QStringLiteral("moved/scene.attn")), &error));
    EXPECT_TRUE(error.contains(QStringLiteral("moved/model"))) << error.toStdString();
    EXPECT_EQ(document.scene(), before);
}

TEST_F(OpeningTest, ParametersAreForAllLayersOrForOne) {
    ASSERT_TRUE(open(model("gpt2-untied")));
    const auto temperature = [&](const char* site) {
        return document.trace()->parameters(*document.trace()->site(site)).temperature;
    };
    document.selection()->setSite(QStringLiteral("blocks.1"));
    document.setOfSite(true);
    document.setParameter(ParameterId::Temperature, 2.0);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.0"), 1);
    EXPECT_EQ(temperature("blocks.1"), 2);
    document.setOfSite(false);
    document.setParameter(ParameterId::Scale, 0.5);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.1"), 2);  // another parameter: its own value stays
    document.setParameter(ParameterId::Temperature, 4.0);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.0"), 4);
    EXPECT_EQ(temperature("blocks.1"), 4);
    document.undoStack()->undo();
    document.resetSite();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.1"), 1);
    document.undoStack()->undo();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.1"), 2);
    document.setOfSite(true);
    document.resetParameter(ParameterId::Temperature);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(temperature("blocks.1"), 1);
    document.openModel(QStringLiteral("toy"));
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_FALSE(document.ofSite());
}

TEST_F(OpeningTest, IdsAreUndoneAndSegmentsFollowTheirNumber) {
    Scene scene;
    scene.inputs.model = model("bert-masked").toStdString();
    scene.inputs.ids = {2, 7, 1};
    scene.inputs.segments = {0, 1, 1};
    document.newScene(scene);
    ASSERT_TRUE(waitForTrace(document));
    document.setIds(std::vector<std::int64_t>{2, 7, 1, 4});
    document.setIds(std::vector<std::int64_t>{2, 7, 1, 4, 5});
    EXPECT_EQ(document.inputs().segments, (std::vector<std::int64_t>{0, 1, 1, 1, 1}));
    EXPECT_EQ(document.undoStack()->count(), 1);  // one run of typing
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(document.trace()->tokens().items.size(), 5U);
    document.undoStack()->undo();
    EXPECT_EQ(document.inputs(), scene.inputs);
    EXPECT_TRUE(failures.isEmpty()) << failure().toStdString();
}

}  // namespace
}  // namespace attn::ui
