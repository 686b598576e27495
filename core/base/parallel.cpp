#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace attn {
namespace {

void pause() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#endif
}

/// Helpers sleep between loops, after having watched for the next one for some microseconds: a slider step is
/// a dozen short loops in a row, and waking a sleeper costs as much as a short loop.
class ThreadPool {
public:
    ThreadPool() {
        for (std::size_t i = 1; i < threadCount(); ++i) {
            m_threads.emplace_back([this](const std::stop_token& stop) { help(stop); });
        }
    }
    ~ThreadPool() {
        for (std::jthread& thread : m_threads) thread.request_stop();
    }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void run(std::size_t count, const std::function<void(std::size_t)>& body) {
        const std::unique_lock<std::mutex> owner(m_owner, std::try_to_lock);
        if (!owner.owns_lock() || m_threads.empty() || count < 2) {
            for (std::size_t i = 0; i < count; ++i) body(i);
            return;
        }
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_body = &body;
            m_count = count;
            m_next.store(0, std::memory_order_relaxed);
            m_generation.fetch_add(1, std::memory_order_release);
        }
        m_wake.notify_all();
        work(body, count);
        // Whoever has not joined by now finds the loop closed; those inside are waited for.
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_body = nullptr;
        }
        while (m_inside.load(std::memory_order_acquire) > 0) pause();
    }

private:
    static constexpr int kWatchRounds = 2000;

    void work(const std::function<void(std::size_t)>& body, std::size_t count) {
        for (std::size_t i = m_next.fetch_add(1); i < count; i = m_next.fetch_add(1)) body(i);
    }

    void help(const std::stop_token& stop) {
        std::uint64_t seen = 0;
        while (!stop.stop_requested()) {
            for (int i = 0; i < kWatchRounds && m_generation.load(std::memory_order_acquire) == seen; ++i)
                pause();
            const std::function<void(std::size_t)>* body = nullptr;
            std::size_t count = 0;
            {
                std::unique_lock<std::mutex> lock(m_mutex);
                if (!m_wake.wait(lock, stop, [&] { return m_generation.load() != seen; })) return;
                seen = m_generation.load();
                body = m_body;
                count = m_count;
                if (body != nullptr) m_inside.fetch_add(1);
            }
            if (body == nullptr) continue;
            work(*body, count);
            m_inside.fetch_sub(1, std::memory_order_release);
        }
    }

    std::mutex m_owner;  ///< held by the one caller that has the threads
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    const std::function<void(std::size_t)>* m_body = nullptr;
    std::size_t m_count = 0;
    std::atomic<std::size_t> m_next{0};
    std::atomic<int> m_inside{0};
    std::atomic<std::uint64_t> m_generation{0};
    std::vector<std::jthread> m_threads;  // last: they use all of the above
};

}  // namespace

std::size_t threadCount() {
    static const std::size_t count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16);
    return count;
}

void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body) {
    if (count < 2 || threadCount() == 1) {
        for (std::size_t i = 0; i < count; ++i) body(i);
        return;
    }
    static ThreadPool pool;
    pool.run(count, body);
}

void parallelRanges(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t begin, std::size_t end)>& body) {
    const std::size_t parts =
        std::clamp<std::size_t>(count / std::max<std::size_t>(grain, 1), 1, threadCount());
    parallelFor(parts, [&](std::size_t i) { body(count * i / parts, count * (i + 1) / parts); });
}

}  // namespace attn
