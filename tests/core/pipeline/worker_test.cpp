#include "core/pipeline/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

namespace attn {
namespace {

/// Collects what a worker delivers and waits for it.
class Inbox {
public:
    void put(Worker::Delivery delivery) {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_deliveries.push_back(std::move(delivery));
        m_arrived.notify_all();
    }
    void putTensor(const EntryPtr& entry) {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_tensor = entry->get();
        m_arrived.notify_all();
    }
    Worker::Delivery waitFor(std::uint64_t serial) {
        std::unique_lock<std::mutex> lock(m_mutex);
        m_arrived.wait(lock, [&] { return !m_deliveries.empty() && m_deliveries.back().serial == serial; });
        return m_deliveries.back();
    }
    TensorPtr waitForTensor() {
        std::unique_lock<std::mutex> lock(m_mutex);
        m_arrived.wait(lock, [&] { return m_tensor != nullptr; });
        return m_tensor;
    }
    std::vector<std::uint64_t> serials() {
        const std::lock_guard<std::mutex> lock(m_mutex);
        std::vector<std::uint64_t> all;
        for (const auto& delivery : m_deliveries) all.push_back(delivery.serial);
        return all;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<Worker::Delivery> m_deliveries;
    TensorPtr m_tensor;
};

Inputs inputsOf(const std::string& text) {
    Inputs inputs;
    inputs.text = text;
    return inputs;
}

TEST(Worker, theNewestRequestIsAnsweredAndNoneTwice) {
    Inbox inbox;
    Worker worker([&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); },
                  [&](const EntryPtr& entry) { inbox.putTensor(entry); });
    std::uint64_t last = 0;
    for (int i = 0; i < 200; ++i) last = worker.request(inputsOf("word " + std::to_string(i)));
    const Worker::Delivery delivery = inbox.waitFor(last);
    ASSERT_TRUE(delivery.trace);
    EXPECT_EQ((*delivery.trace)->inputs().text, "word 199");
    const auto serials = inbox.serials();
    EXPECT_TRUE(std::is_sorted(serials.begin(), serials.end()));
    EXPECT_EQ(std::adjacent_find(serials.begin(), serials.end()), serials.end());
}

TEST(Worker, worksARecipeOut) {
    Inbox inbox;
    Worker worker([&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); },
                  [&](const EntryPtr& entry) { inbox.putTensor(entry); });
    const Worker::Delivery delivery = inbox.waitFor(worker.request(inputsOf("a b c")));
    const EntryPtr entry = (*delivery.trace)->find({"blocks.0", TensorName::Scores});
    worker.request(entry);
    const TensorPtr made = inbox.waitForTensor();
    EXPECT_EQ(made, entry->peek());
}

TEST(Worker, theBaselineComesBesideTheTraceUnlessItsModelWasLeft) {
    Inbox inbox, baselines;
    std::uint64_t count = 0;
    Worker worker([&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); },
                  [&](const EntryPtr& entry) { inbox.putTensor(entry); },
                  [&](Worker::Aside kind, Worker::Delivery delivery) {
                      EXPECT_EQ(kind, Worker::Aside::Baseline);
                      baselines.put({++count, std::move(delivery.trace), {}});
                  });
    Inputs changed = inputsOf("a b c");
    changed.parameters.set(ParameterId::Temperature, 3.0);
    ASSERT_TRUE(inbox.waitFor(worker.request(changed)).trace);
    worker.requestAside(Worker::Aside::Baseline, inputsOf("a b c"));
    const Worker::Delivery baseline = baselines.waitFor(1);
    ASSERT_TRUE(baseline.trace);
    EXPECT_EQ((*baseline.trace)->inputs(), inputsOf("a b c"));
    EXPECT_TRUE((*baseline.trace)->recomputed().size() < 6) << "it starts from the present trace";

    Inputs other = inputsOf("a b c");
    other.model = "none such";
    worker.requestAside(Worker::Aside::Baseline, other);
    ASSERT_TRUE(inbox.waitFor(worker.request(inputsOf("d"))).trace);
    worker.requestAside(Worker::Aside::Baseline, inputsOf("d e"));
    EXPECT_EQ((*baselines.waitFor(2).trace)->inputs().text, "d e") << "and nothing of the other model";
}

TEST(Worker, asidesOfBothKindsComeAndOneThatIsTakenBackDoesNot) {
    Inbox inbox, baselines, probes;
    std::uint64_t counts[Worker::kAsideCount] = {0, 0};
    Worker worker(
        [&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); },
        [&](const EntryPtr& entry) { inbox.putTensor(entry); },
        [&](Worker::Aside kind, Worker::Delivery delivery) {
            const bool probe = kind == Worker::Aside::Probe;
            (probe ? probes : baselines).put({++counts[probe ? 1 : 0], std::move(delivery.trace), {}});
        });
    ASSERT_TRUE(inbox.waitFor(worker.request(inputsOf("a"))).trace);
    worker.requestAside(Worker::Aside::Probe, inputsOf("p"));
    worker.requestAside(Worker::Aside::Baseline, inputsOf("b"));
    EXPECT_EQ((*baselines.waitFor(1).trace)->inputs().text, "b");
    EXPECT_EQ((*probes.waitFor(1).trace)->inputs().text, "p");
    Inputs longText = inputsOf(std::string(600, 'x'));
    longText.parameters.set(ParameterId::Tokenizer, std::string("characters"));
    worker.request(longText);  // the worker is busy
    worker.requestAside(Worker::Aside::Probe, inputsOf("taken back"));
    worker.cancelAside(Worker::Aside::Probe);
    worker.requestAside(Worker::Aside::Baseline, inputsOf("c"));
    EXPECT_EQ((*baselines.waitFor(2).trace)->inputs().text, "c");
    worker.requestAside(Worker::Aside::Probe, inputsOf("q"));
    EXPECT_EQ((*probes.waitFor(2).trace)->inputs().text, "q");
}

TEST(Worker, whatIsPinnedMayBeOfAnotherModelAndThePresentOneStaysOpen) {
    Inbox inbox, pinned;
    std::atomic<double> farthest{-1};
    Worker worker([&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); },
                  [&](const EntryPtr& entry) { inbox.putTensor(entry); },
                  [&](Worker::Aside kind, Worker::Delivery delivery) {
                      EXPECT_EQ(kind, Worker::Aside::Pinned);
                      pinned.put(std::move(delivery));
                  },
                  {},
                  [&](Worker::Aside kind, double fraction) {
                      EXPECT_EQ(kind, Worker::Aside::Pinned);
                      farthest = fraction;
                  });
    const auto ofModel = [](const char* name, std::vector<std::int64_t> ids) {
        Inputs inputs;
        inputs.model = std::string(ATTN_TEST_DATA "/models/") + name;
        inputs.ids = std::move(ids);
        return inputs;
    };
    const auto first = inbox.waitFor(worker.request(ofModel("bert-masked", {2, 7, 1})));
    ASSERT_TRUE(first.trace) << first.trace.error().english();
    const auto other = pinned.waitFor(worker.requestAside(Worker::Aside::Pinned, ofModel("mistral", {3, 1})));
    ASSERT_TRUE(other.trace) << other.trace.error().english();
    EXPECT_EQ((*other.trace)->model()->family, "mistral");
    EXPECT_EQ(farthest, 1);
    EXPECT_NE((*other.trace)->find({"blocks.0", TensorName::Pattern})->get(), nullptr);

    Inputs changed = ofModel("bert-masked", {2, 7, 1});
    changed.parameters.set(ParameterId::Temperature, 2.0);
    const auto next = inbox.waitFor(worker.request(changed));
    ASSERT_TRUE(next.trace);
    const TensorKey raw{"blocks.0", TensorName::ScoresRaw};
    EXPECT_EQ((*next.trace)->find(raw), (*first.trace)->find(raw)) << "the model was not opened again";

    // Of the present model it starts from the present trace; an error has the number of its request.
    const auto own =
        pinned.waitFor(worker.requestAside(Worker::Aside::Pinned, ofModel("bert-masked", {2, 7, 1})));
    ASSERT_TRUE(own.trace);
    EXPECT_EQ((*own.trace)->find(raw), (*first.trace)->find(raw));
    EXPECT_FALSE(
        pinned.waitFor(worker.requestAside(Worker::Aside::Pinned, ofModel("none", {1}))).trace.has_value());
}

TEST(Worker, anErrorIsDelivered) {
    Inbox inbox;
    Worker worker([&](Worker::Delivery delivery) { inbox.put(std::move(delivery)); }, [](const EntryPtr&) {});
    Inputs inputs = inputsOf("a");
    inputs.model = "none such";
    EXPECT_FALSE(inbox.waitFor(worker.request(inputs)).trace);
}

TEST(Worker, canBeDestroyedAtAnyMoment) {
    for (int i = 0; i < 50; ++i) {
        std::atomic<int> delivered{0};
        Worker worker([&](const Worker::Delivery&) { ++delivered; }, [](const EntryPtr&) {});
        Inputs inputs = inputsOf(std::string(static_cast<std::size_t>(i) * 40, 'x'));
        inputs.parameters.set(ParameterId::Tokenizer, std::string("characters"));
        worker.request(inputs);
        if (i % 3 == 0) worker.request(inputsOf("b"));
    }
}

}  // namespace
}  // namespace attn
