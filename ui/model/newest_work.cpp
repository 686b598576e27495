#include "ui/model/newest_work.h"

#include <utility>

namespace attn::ui {

NewestWork::NewestWork(QObject* parent)
    : QObject(parent), m_thread([this](const std::stop_token& stop) { run(stop); }) {}

NewestWork::~NewestWork() {
    cancel();
    m_thread.request_stop();
    m_thread.join();
}

void NewestWork::ask(Work work) {
    ++m_asked;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_running.request_stop();
        m_next = std::move(work);
        m_nextSerial = m_asked;
    }
    m_wake.notify_one();
}

void NewestWork::cancel() {
    m_shown = ++m_asked;
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_running.request_stop();
    m_next.reset();
}

void NewestWork::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        Work work;
        std::uint64_t serial = 0;
        std::stop_source running;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_next.has_value(); })) return;
            work = *std::exchange(m_next, std::nullopt);
            serial = m_nextSerial;
            m_running = running;
        }
        Show show = work(running.get_token());
        work = nullptr;  // what it owned may go
        QMetaObject::invokeMethod(
            this,
            [this, serial, answer = std::move(show)] {
                if (serial != m_asked) return;
                m_shown = serial;
                if (answer) answer();
            },
            Qt::QueuedConnection);
    }
}

}  // namespace attn::ui
