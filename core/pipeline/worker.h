#pragma once
/// The one thread that computes. Only values cross: inputs in, a const Trace out.

#include "core/pipeline/pipeline.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace attn {

/// Newest request wins. A running evaluation that has been superseded is cancelled, unless the last delivery
/// is longer ago than `kPatience`: while a slider is dragged faster than traces can be made, pictures still
/// keep coming.
class Worker {
public:
    static constexpr std::chrono::milliseconds kPatience{120};

    struct Delivery {
        std::uint64_t serial = 0;  ///< of the request it answers
        Result<TracePtr> trace;
        std::chrono::microseconds duration{0};
    };
    /// Called on the worker's thread; hands the delivery to the thread that wants it.
    using Deliver = std::function<void(Delivery)>;
    using DeliverTensor = std::function<void(EntryPtr)>;
    using DeliverBaseline = std::function<void(Result<TracePtr>)>;
    /// How far the opening of the model is that request `serial` needs, 0 … 1; on the worker's thread.
    using ReportOpening = std::function<void(std::uint64_t serial, double fraction)>;

    Worker(Deliver deliver, DeliverTensor deliverTensor, DeliverBaseline deliverBaseline = {},
           ReportOpening reportOpening = {});
    ~Worker();  ///< cancels and joins
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Returns the request's serial number: 1, 2, 3 …
    std::uint64_t request(Inputs inputs);
    /// Takes the newest request back: it is stopped where it runs, and not delivered (unless it was done just
    /// now).
    void cancel();
    /// Works out a recipe between evaluations and reports it; asking again for one that waits does nothing.
    void request(EntryPtr entry);
    /// Evaluates other inputs beside those that were requested, to compare with, when there is nothing else
    /// to do: a request for either interrupts it, and it is tried again. The newest one counts.
    /// One of another model than the last evaluation's is dropped.
    void requestBaseline(Inputs inputs);

private:
    struct Task;
    void run(const std::stop_token& stop);
    [[nodiscard]] bool wait(const std::stop_token& stop, Task& task);
    void deliverBaseline(const Task& task, const TracePtr& previous);

    Deliver m_deliver;
    DeliverTensor m_deliverTensor;
    DeliverBaseline m_deliverBaseline;
    ReportOpening m_reportOpening;
    Pipeline m_pipeline;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Inputs> m_next;
    std::uint64_t m_serial = 0;
    std::vector<EntryPtr> m_wanted;
    std::optional<Inputs> m_baseline;
    std::uint64_t m_baselineSerial = 0;
    std::stop_source m_running{std::nostopstate}, m_runningBaseline{std::nostopstate};
    std::chrono::steady_clock::time_point m_lastDelivery{};
    std::jthread m_thread;  // last: starts when everything else is there
};

}  // namespace attn
