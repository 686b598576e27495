#include "ui/model/study_run.h"

#include "core/analysis/weights.h"
#include "tests/ui/views/view_fixture.h"

#include <atomic>
#include <thread>

namespace attn::ui {
namespace {

/// Counts its steps; each waits until it is let through or stopped.
class CountedStudy : public Study {
public:
    explicit CountedStudy(std::size_t steps, bool waits = false) : m_steps(steps), m_waits(waits) {}
    [[nodiscard]] std::size_t steps() const override { return m_steps; }
    [[nodiscard]] std::vector<EntryPtr> needs(std::size_t) const override { return {}; }
    [[nodiscard]] bool work(std::size_t step, const std::stop_token& stop) override {
        began = true;
        while (m_waits && !stop.stop_requested()) std::this_thread::yield();
        if (stop.stop_requested()) return false;
        inOrder = inOrder && step == done;
        offThread = offThread && std::this_thread::get_id() != m_home;
        ++done;
        return true;
    }

    std::atomic<bool> began{false};
    std::size_t done = 0;
    bool inOrder = true, offThread = true;

private:
    std::size_t m_steps;
    bool m_waits;
    std::thread::id m_home = std::this_thread::get_id();
};

struct StudyRunTest : testing::Test {
    SceneDocument document;
    StudyRun run{&document};
    int finished = 0, progressed = 0;

    void SetUp() override {
        QObject::connect(&run, &StudyRun::finished, [this] { ++finished; });
        QObject::connect(&run, &StudyRun::progressed, [this] { ++progressed; });
    }
};

TEST_F(StudyRunTest, StepsComeInOrderOnAThreadOfTheirOwn) {
    auto study = std::make_shared<CountedStudy>(5);
    run.start(study);
    EXPECT_TRUE(run.isRunning());
    ASSERT_TRUE(waitUntil([&] { return finished == 1; }));
    EXPECT_EQ(study->done, 5U);
    EXPECT_TRUE(study->inOrder && study->offThread);
    EXPECT_EQ(progressed, 4);
    EXPECT_FALSE(run.isRunning());
}

TEST_F(StudyRunTest, TheNewestQuestionCountsAndTheOldOneIsStopped) {
    auto old = std::make_shared<CountedStudy>(3, true);
    run.start(old);
    ASSERT_TRUE(waitUntil([&] { return old->began.load(); }));
    auto study = std::make_shared<CountedStudy>(2);
    run.start(study);
    ASSERT_TRUE(waitUntil([&] { return finished == 1; }));
    EXPECT_EQ(old->done, 0U);
    EXPECT_EQ(study->done, 2U);
    run.start(std::make_shared<CountedStudy>(2, true));
    run.cancel();
    EXPECT_FALSE(run.isRunning());
    run.start(std::make_shared<CountedStudy>(1));
    ASSERT_TRUE(waitUntil([&] { return finished == 2; }));
}

TEST_F(StudyRunTest, NothingBeginsWhileNobodyLooks) {
    run.setActive(false);
    auto study = std::make_shared<CountedStudy>(1);
    run.start(study);
    for (int i = 0; i < 20; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    EXPECT_FALSE(study->began);
    run.setActive(true);
    ASSERT_TRUE(waitUntil([&] { return finished == 1; }));
}

TEST_F(StudyRunTest, CanBeDestroyedWhileAStepRuns) {
    for (int i = 0; i < 20; ++i) {
        StudyRun other(&document);
        other.start(std::make_shared<CountedStudy>(2, i % 2 == 0));
        if (i % 3 == 0) QCoreApplication::processEvents();
    }
}

TEST_F(StudyRunTest, RecipesAreAskedOfTheWorkerFirst) {
    Scene scene = exampleScene();
    document.newScene(scene);
    ASSERT_TRUE(waitForTrace(document));
    const auto kind = WeightKind::ValueNorms;
    auto study = std::make_shared<WeightStudy>(document.trace(), "blocks.0", kind, 1, 0);
    run.start(study);
    ASSERT_TRUE(waitUntil([&] { return finished == 1; }));
    ASSERT_NE(study->result(), nullptr);
    WeightStudy direct(document.trace(), "blocks.0", kind, 1, 0);
    ASSERT_TRUE(finish(direct));
    EXPECT_EQ(study->result()->matrix(), direct.result()->matrix());
}

}  // namespace
}  // namespace attn::ui
