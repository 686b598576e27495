#pragma once
/// One thread that works for a view: of all questions the newest alone is answered.

#include <QObject>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace attn::ui {

class NewestWork : public QObject {
    Q_OBJECT
public:
    /// Shows an answer; called on the window's thread.
    using Show = std::function<void()>;
    /// Makes an answer on the other thread. It owns all that it reads, and may give up when `superseded`.
    using Work = std::function<Show(const std::stop_token& superseded)>;

    explicit NewestWork(QObject* parent = nullptr);
    ~NewestWork() override;  ///< supersedes and joins

    /// What was asked before is superseded: not begun, it is dropped; done, it is not shown.
    void ask(Work work);
    void cancel();
    /// A question waits for its answer.
    [[nodiscard]] bool isBusy() const { return m_shown != m_asked; }

private:
    void run(const std::stop_token& stop);

    std::uint64_t m_asked = 0, m_shown = 0;  // the window's: serial numbers of questions

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Work> m_next;
    std::uint64_t m_nextSerial = 0;
    std::stop_source m_running{std::nostopstate};
    std::jthread m_thread;  // last: starts when everything else is there
};

}  // namespace attn::ui
