#include "core/pipeline/worker.h"

#include <algorithm>
#include <new>

namespace attn {

using std::chrono::steady_clock;

Worker::Worker(Deliver deliver, DeliverTensor deliverTensor)
    : m_deliver(std::move(deliver)),
      m_deliverTensor(std::move(deliverTensor)),
      m_thread([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() {
    m_thread.request_stop();
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_running.request_stop();
}

std::uint64_t Worker::request(Inputs inputs) {
    std::uint64_t serial = 0;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_next = std::move(inputs);
        serial = ++m_serial;
        if (steady_clock::now() - m_lastDelivery < kPatience) m_running.request_stop();
    }
    m_wake.notify_one();
    return serial;
}

void Worker::request(EntryPtr entry) {
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (std::find(m_wanted.begin(), m_wanted.end(), entry) != m_wanted.end()) return;
        m_wanted.push_back(std::move(entry));
    }
    m_wake.notify_one();
}

void Worker::run(const std::stop_token& stop) {
    TracePtr previous;
    while (!stop.stop_requested()) {
        std::optional<Inputs> inputs;
        EntryPtr entry;
        std::uint64_t serial = 0;
        std::stop_token running;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_next.has_value() || !m_wanted.empty(); })) return;
            if (m_next) {
                inputs = std::exchange(m_next, std::nullopt);
                serial = m_serial;
                m_running = std::stop_source();
                running = m_running.get_token();
            } else {
                entry = std::move(m_wanted.front());
                m_wanted.erase(m_wanted.begin());
            }
        }
        if (stop.stop_requested()) return;  // the destructor may have come before m_running was new
        if (entry) {
            try {
                const TensorPtr made = entry->get();
                m_deliverTensor(entry);
            } catch (const std::bad_alloc&) {  // it stays unmade; what is shown stays as it is
            }
            continue;
        }
        const auto begin = steady_clock::now();
        Result<TracePtr> trace = m_pipeline.evaluate(*inputs, previous, running);
        if (trace && *trace == nullptr) continue;  // cancelled: a newer request waits
        if (trace) previous = *trace;
        const auto end = steady_clock::now();
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_lastDelivery = end;
        }
        m_deliver(
            {serial, std::move(trace), std::chrono::duration_cast<std::chrono::microseconds>(end - begin)});
    }
}

}  // namespace attn
