#include "core/pipeline/worker.h"

#include <algorithm>
#include <new>

namespace attn {

using std::chrono::steady_clock;

/// One thing to do: an evaluation, else a recipe, else one beside them.
struct Worker::Task {
    std::optional<Inputs> inputs, aside;
    Aside kind = Aside::Baseline;
    EntryPtr entry;
    std::uint64_t serial = 0;
    std::stop_token running;
};

Worker::Worker(Deliver deliver, DeliverTensor deliverTensor, DeliverAside deliverAside,
               ReportOpening reportOpening, ReportAside reportAside)
    : m_deliver(std::move(deliver)),
      m_deliverTensor(std::move(deliverTensor)),
      m_deliverAside(std::move(deliverAside)),
      m_reportOpening(std::move(reportOpening)),
      m_reportAside(std::move(reportAside)),
      m_thread([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() {
    m_thread.request_stop();
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_running.request_stop();
    m_runningAside.request_stop();
}

std::uint64_t Worker::request(Inputs inputs) {
    std::uint64_t serial = 0;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_next = std::move(inputs);
        serial = ++m_serial;
        m_runningAside.request_stop();
        if (steady_clock::now() - m_lastDelivery < kPatience) m_running.request_stop();
    }
    m_wake.notify_one();
    return serial;
}

void Worker::cancel() {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_next.reset();
    m_running.request_stop();
}

void Worker::request(EntryPtr entry) {
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (std::find(m_wanted.begin(), m_wanted.end(), entry) != m_wanted.end()) return;
        m_wanted.push_back(std::move(entry));
        m_runningAside.request_stop();
    }
    m_wake.notify_one();
}

std::uint64_t Worker::requestAside(Aside kind, Inputs inputs) {
    std::uint64_t serial = 0;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        WantedAside& wanted = m_asides[static_cast<std::size_t>(kind)];
        wanted.inputs = std::move(inputs);
        serial = ++wanted.serial;
        m_runningAside.request_stop();
    }
    m_wake.notify_one();
    return serial;
}

void Worker::cancelAside(Aside kind) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    WantedAside& wanted = m_asides[static_cast<std::size_t>(kind)];
    wanted.inputs.reset();
    ++wanted.serial;
    m_runningAside.request_stop();
}

/// False: the worker shall end.
bool Worker::wait(const std::stop_token& stop, Task& task) {
    std::unique_lock<std::mutex> lock(m_mutex);
    const auto aside = [&] {
        return std::find_if(m_asides.begin(), m_asides.end(),
                            [](const WantedAside& each) { return each.inputs.has_value(); });
    };
    if (!m_wake.wait(lock, stop, [&] { return m_next || !m_wanted.empty() || aside() != m_asides.end(); })) {
        return false;
    }
    if (m_next) {
        task.inputs = std::exchange(m_next, std::nullopt);
        task.serial = m_serial;
        m_running = std::stop_source();
        task.running = m_running.get_token();
    } else if (!m_wanted.empty()) {
        task.entry = std::move(m_wanted.front());
        m_wanted.erase(m_wanted.begin());
    } else {
        task.aside = aside()->inputs;  // stays wanted until it is done
        task.kind = static_cast<Aside>(aside() - m_asides.begin());
        task.serial = aside()->serial;
        m_runningAside = std::stop_source();
        task.running = m_runningAside.get_token();
    }
    return !stop.stop_requested();  // the destructor may have come before the stop source was new
}

/// A second model stays open as long as its trace does.
Result<TracePtr> Worker::traceAside(const Task& task, const TracePtr& previous) {
    OpenProgress progress{task.running, {}};
    if (m_reportAside)
        progress.report = [this, kind = task.kind](double fraction) { m_reportAside(kind, fraction); };
    if (task.kind != Aside::Pinned || m_pipeline.isOpen(task.aside->model))
        return m_pipeline.evaluate(*task.aside, previous, progress);
    Pipeline second;
    second.setNamesIds(true);
    return second.evaluate(*task.aside, nullptr, progress);
}

void Worker::evaluateAside(const Task& task, const TracePtr& previous) {
    // Of a model that was left meanwhile: nobody wants it any more.
    const bool left = task.kind != Aside::Pinned && previous && previous->inputs().model != task.aside->model;
    Result<TracePtr> trace = left ? TracePtr() : traceAside(task, previous);
    if (!left && trace && *trace == nullptr) return;  // interrupted
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        WantedAside& wanted = m_asides[static_cast<std::size_t>(task.kind)];
        if (task.serial != wanted.serial) return;  // another one is wanted by now
        wanted.inputs.reset();
    }
    if (!left && m_deliverAside) m_deliverAside(task.kind, {task.serial, std::move(trace), {}});
}

void Worker::run(const std::stop_token& stop) {
    m_pipeline.setNamesIds(true);  // for people
    TracePtr previous;
    while (!stop.stop_requested()) {
        Task task;
        if (!wait(stop, task)) return;
        if (task.entry) {
            try {
                const TensorPtr made = task.entry->get();
                m_deliverTensor(task.entry);
            } catch (const std::bad_alloc&) {  // it stays unmade; what is shown stays as it is
            }
            continue;
        }
        if (task.aside) {
            evaluateAside(task, previous);
            continue;
        }
        const auto begin = steady_clock::now();
        OpenProgress progress{task.running, {}};
        if (m_reportOpening) {
            progress.report = [this, serial = task.serial](double fraction) {
                m_reportOpening(serial, fraction);
            };
        }
        Result<TracePtr> trace = m_pipeline.evaluate(*task.inputs, previous, progress);
        if (trace && *trace == nullptr) continue;  // cancelled, or a newer request waits
        if (trace) previous = *trace;
        const auto end = steady_clock::now();
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_lastDelivery = end;
        }
        m_deliver({task.serial, std::move(trace),
                   std::chrono::duration_cast<std::chrono::microseconds>(end - begin)});
    }
}

}  // namespace attn
