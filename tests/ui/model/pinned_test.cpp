// What is pinned to be compared with: an undo step, saved with the scene, and worked out when it is asked
// for.
#include "core/io/file.h"
#include "tests/ui/views/view_fixture.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QUndoStack>

namespace attn::ui {
namespace {

std::string testModel(const char* name) {
    return std::string(ATTN_TEST_DATA "/models/") + name;
}

Scene sceneOfIds(const char* model, std::vector<std::int64_t> ids) {
    Scene scene;
    scene.inputs.model = testModel(model);
    scene.inputs.ids = std::move(ids);
    return scene;
}

class PinnedTest : public testing::Test {
protected:
    [[nodiscard]] QString path(const char* name) const {
        return m_folder.filePath(QString::fromLatin1(name));
    }
    void save() {
        QString error;
        ASSERT_TRUE(m_document.save(path("s.attn"), &error)) << error.toStdString();
    }
    static void openIn(SceneDocument& document, const QString& file) {
        QString error;
        QSignalSpy opened(&document, &SceneDocument::opened);
        ASSERT_TRUE(document.open(file, &error)) << error.toStdString();
        ASSERT_TRUE(waitUntil([&] { return !opened.isEmpty(); }));
        settle(document);
    }
    /// Asks until it is there, or it is known that it will not be.
    static TracePtr waitForPinned(SceneDocument& document) {
        EXPECT_TRUE(
            waitUntil([&] { return document.requestPinned() || !document.pinnedWork().fault.isEmpty(); }));
        return document.requestPinned();
    }
    static TensorPtr pattern(const TracePtr& trace) {
        return trace->find({trace->sites().front().name, TensorName::Pattern})->get();
    }

    SceneDocument m_document;
    const QTemporaryDir m_folder;
};

TEST_F(PinnedTest, PinningAndLettingGoAreUndoSteps) {
    open(m_document, exampleScene());
    QSignalSpy inputs(&m_document, &SceneDocument::inputsChanged);
    EXPECT_EQ(m_document.requestPinned(), nullptr);
    m_document.selection()->setHead(2);
    m_document.pinState();
    const TracePtr first = m_document.trace();
    ASSERT_TRUE(m_document.pinned());
    EXPECT_EQ(*m_document.pinned(), (PinnedState{m_document.inputs(), "blocks.0", 2, "{}"}));
    EXPECT_EQ(m_document.requestPinned(), first) << "nothing is worked out twice";
    EXPECT_TRUE(m_document.isModified());
    m_document.pinState();
    EXPECT_EQ(m_document.undoStack()->count(), 1) << "the same once more is no step";

    m_document.setParameter(ParameterId::Temperature, 0.5);
    settle(m_document);
    m_document.pinState();
    EXPECT_EQ(m_document.requestPinned(), m_document.trace());
    m_document.unpinState();
    EXPECT_EQ(m_document.requestPinned(), nullptr);
    m_document.undo();
    EXPECT_EQ(m_document.requestPinned(), m_document.trace());
    m_document.undo();  // the first one is back, and is worked out again
    ASSERT_TRUE(m_document.pinned());
    const TracePtr again = waitForPinned(m_document);
    EXPECT_NE(again, m_document.trace());
    EXPECT_TRUE(pattern(again)->matrix().isApprox(pattern(first)->matrix(), 0.0F));
    m_document.undo();
    settle(m_document);
    m_document.undo();
    EXPECT_FALSE(m_document.pinned());
    EXPECT_FALSE(m_document.isModified());
    EXPECT_EQ(inputs.count(), 2) << "pinning leaves the inputs alone";
    m_document.redo();
    EXPECT_TRUE(m_document.pinned());
}

TEST_F(PinnedTest, ItIsThereAgainWhenTheSceneIsOpened) {
    open(m_document, exampleScene({{"heads", "3"}, {"mask", "causal"}}));
    m_document.paintCell(4, 2, false);
    m_document.toggleHead(QStringLiteral("blocks.0"), 1);
    m_document.editCell({"blocks.0", TensorName::Q}, 0, 1, 2, 0.75);
    settle(m_document);
    m_document.selection()->setHead(2);
    m_document.pinState();
    const TracePtr a = m_document.trace();
    m_document.setText(QStringLiteral("Tom chase Jerry"));
    m_document.clearEdits();
    settle(m_document);
    save();

    SceneDocument other;
    openIn(other, path("s.attn"));
    EXPECT_FALSE(other.isModified());
    EXPECT_EQ(other.scene(), m_document.scene());
    ASSERT_TRUE(other.pinned());
    EXPECT_EQ(other.pinned()->inputs, a->inputs());
    EXPECT_EQ(other.pinned()->head, 2);
    EXPECT_EQ(other.trace()->tokens().items.size(), 3U);
    EXPECT_EQ(other.requestPinned(), nullptr) << "it is worked out elsewhere";
    QSignalSpy changed(&other, &SceneDocument::pinnedChanged);
    ASSERT_TRUE(waitUntil([&] { return !changed.isEmpty(); }));
    const TracePtr restored = other.requestPinned();
    ASSERT_NE(restored, nullptr);
    EXPECT_TRUE(pattern(restored)->matrix().isApprox(pattern(a)->matrix(), 0.0F));
    EXPECT_EQ(restored->find({"blocks.0", TensorName::Q})->get()->at(0, 1, 2), 0.75F);
    EXPECT_FALSE(restored->mask("blocks.0").allowed(4, 2));
    EXPECT_EQ(other.trace()->tokens().items.size(), 3U) << "B is what it was";

    // A file without one lets it go.
    m_document.unpinState();
    save();
    openIn(other, path("s.attn"));
    EXPECT_FALSE(other.pinned());
    EXPECT_EQ(other.requestPinned(), nullptr);
}

TEST_F(PinnedTest, TheSameInputsAreWorkedOutOnce) {
    open(m_document, exampleScene());
    m_document.pinState();
    m_document.selection()->setHead(1);
    save();
    SceneDocument other;
    QString error;
    ASSERT_TRUE(other.open(path("s.attn"), &error));
    EXPECT_EQ(other.requestPinned(), nullptr);
    EXPECT_EQ(other.pinnedWork().serial, 0U) << "the present trace, which is on its way, is awaited";
    settle(other);
    EXPECT_EQ(other.requestPinned(), other.trace());
}

TEST_F(PinnedTest, AnotherModelIsOpenedBesidesThePresentOne) {
    open(m_document, sceneOfIds("mistral", {3, 1, 2}));
    m_document.pinState();
    const TracePtr a = m_document.trace();
    m_document.openModel(QString::fromStdString(testModel("bert-masked")));
    settle(m_document);
    save();

    SceneDocument other;
    openIn(other, path("s.attn"));
    const TracePtr b = other.trace();
    const TracePtr restored = waitForPinned(other);
    ASSERT_NE(restored, nullptr) << other.pinnedWork().fault.toStdString();
    EXPECT_EQ(restored->model()->family, "mistral");
    EXPECT_TRUE(pattern(restored)->matrix().isApprox(pattern(a)->matrix(), 0.0F));
    EXPECT_EQ(other.trace(), b);
    other.setParameter(ParameterId::Temperature, 2.0);
    settle(other);
    const TensorKey raw{"blocks.0", TensorName::ScoresRaw};
    EXPECT_EQ(other.trace()->find(raw), b->find(raw)) << "B's model stayed open";
}

TEST_F(PinnedTest, AModelThatIsMissingIsSaidAndKept) {
    const QString folder = path("model");
    QDir().mkpath(folder);
    const QDir source(QString::fromStdString(testModel("mistral")));
    for (const char* file : {"config.json", "model.safetensors"}) {
        const QString name = QString::fromLatin1(file);
        ASSERT_TRUE(QFile::copy(source.filePath(name), folder + u'/' + name));
    }
    Scene scene = sceneOfIds("mistral", {3, 1, 2});
    scene.inputs.model = folder.toStdString();
    open(m_document, scene);
    m_document.pinState();
    m_document.openModel(QStringLiteral("toy"));
    settle(m_document);
    save();
    const auto file = readFile(path("s.attn").toStdString(), 1U << 20U);
    ASSERT_TRUE(file);
    EXPECT_NE(file->find("\"./model\""), std::string::npos) << *file;
    ASSERT_TRUE(QDir(folder).removeRecursively());

    SceneDocument other;
    openIn(other, path("s.attn"));
    EXPECT_EQ(other.trace()->model(), nullptr) << "the scene opens all the same";
    QSignalSpy failures(&other, &SceneDocument::failed);
    EXPECT_EQ(waitForPinned(other), nullptr);
    EXPECT_TRUE(other.pinnedWork().fault.contains(folder)) << other.pinnedWork().fault.toStdString();
    EXPECT_TRUE(failures.isEmpty()) << "only who looks at A hears of it";
    QString error;
    ASSERT_TRUE(other.save(path("t.attn"), &error));
    const auto again = readFile(path("t.attn").toStdString(), 1U << 20U);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *file);

    other.pinState();  // another A
    EXPECT_EQ(other.requestPinned(), other.trace());
    EXPECT_TRUE(other.pinnedWork().fault.isEmpty());
}

TEST_F(PinnedTest, AnExampleKeepsItUnlessItBringsOne) {
    open(m_document, exampleScene());
    m_document.pinState();
    const PinnedState a = *m_document.pinned();
    Scene example;
    example.inputs.text = "walk by river bank";
    m_document.applyExample(example, QStringLiteral("bank"));
    settle(m_document);
    EXPECT_EQ(m_document.pinned(), a);
    example.pinned = PinnedState{};
    example.pinned->inputs.text = "money in the bank";
    m_document.applyExample(example, QStringLiteral("banks"));
    settle(m_document);
    EXPECT_EQ(m_document.pinned(), example.pinned);
    m_document.undo();
    EXPECT_EQ(m_document.pinned(), a);
    m_document.newScene(Scene{});
    EXPECT_FALSE(m_document.pinned()) << "it belongs to the scene";
}

}  // namespace
}  // namespace attn::ui
