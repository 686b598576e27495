#pragma once
/// The one thread that computes. Only values cross: inputs in, a const Trace out.

#include "core/pipeline/pipeline.h"

#include <array>
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
///
/// Beside what is requested there are inputs that are only evaluated when there is nothing else to do.
class Worker {
public:
    enum class Aside : std::uint8_t {
        Baseline,  ///< the text's model without what was changed
        Probe,     ///< texts by which heads are measured
        Pinned,    ///< what is compared with, of whatever model
    };
    static constexpr std::size_t kAsideCount = 3;

    static constexpr std::chrono::milliseconds kPatience{120};

    struct Delivery {
        std::uint64_t serial = 0;  ///< of the request it answers; asides of each kind have their own
        Result<TracePtr> trace;
        std::chrono::microseconds duration{0};
    };
    /// Called on the worker's thread; hands the delivery to the thread that wants it.
    using Deliver = std::function<void(Delivery)>;
    using DeliverTensor = std::function<void(EntryPtr)>;
    using DeliverAside = std::function<void(Aside, Delivery)>;
    /// How far the opening of the model is that request `serial` needs, 0 … 1; on the worker's thread.
    using ReportOpening = std::function<void(std::uint64_t serial, double fraction)>;
    using ReportAside = std::function<void(Aside, double fraction)>;

    Worker(Deliver deliver, DeliverTensor deliverTensor, DeliverAside deliverAside = {},
           ReportOpening reportOpening = {}, ReportAside reportAside = {});
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
    /// Evaluates other inputs beside those that were requested when there is nothing else to do: a request
    /// interrupts it, and it is tried again. Of each kind the newest one counts. One of another model than
    /// the last evaluation's is dropped; for what is pinned that model is opened besides.
    std::uint64_t requestAside(Aside kind, Inputs inputs);
    /// Takes the newest one of a kind back, as far as it was not delivered.
    void cancelAside(Aside kind);

private:
    struct Task;
    struct WantedAside {
        std::optional<Inputs> inputs;
        std::uint64_t serial = 0;
    };
    void run(const std::stop_token& stop);
    [[nodiscard]] bool wait(const std::stop_token& stop, Task& task);
    void evaluateAside(const Task& task, const TracePtr& previous);
    [[nodiscard]] Result<TracePtr> traceAside(const Task& task, const TracePtr& previous);

    Deliver m_deliver;
    DeliverTensor m_deliverTensor;
    DeliverAside m_deliverAside;
    ReportOpening m_reportOpening;
    ReportAside m_reportAside;
    Pipeline m_pipeline;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Inputs> m_next;
    std::uint64_t m_serial = 0;
    std::vector<EntryPtr> m_wanted;
    std::array<WantedAside, kAsideCount> m_asides;
    std::stop_source m_running{std::nostopstate}, m_runningAside{std::nostopstate};
    std::chrono::steady_clock::time_point m_lastDelivery{};
    std::jthread m_thread;  // last: starts when everything else is there
};

}  // namespace attn
