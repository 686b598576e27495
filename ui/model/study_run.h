#pragma once
/// A thread for an analysis that goes through a trace step by step (core/analysis/study.h): newest question
/// first, nothing while nobody looks.

#include "core/analysis/study.h"

#include <QObject>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace attn::ui {

class SceneDocument;

/// Tensors that a step reads are asked of the document's worker first, which alone multiplies matrices of
/// models; the step then runs on this object's thread. Between two steps the window's thread may read the
/// study.
class StudyRun : public QObject {
    Q_OBJECT
public:
    explicit StudyRun(SceneDocument* document, QObject* parent = nullptr);
    ~StudyRun() override;  ///< cancels and joins

    /// Takes the place of what is under way.
    void start(std::shared_ptr<Study> study);
    void cancel();
    /// While nobody looks no step begins.
    void setActive(bool active);

    [[nodiscard]] bool isRunning() const { return m_study != nullptr; }
    [[nodiscard]] std::size_t step() const { return m_step; }  ///< so many are done
    [[nodiscard]] std::size_t steps() const { return m_study ? m_study->steps() : 0; }

signals:
    void progressed();  ///< a step is done, and another one follows
    void finished();    ///< the last one is done; not after cancel()

private:
    struct Job {
        std::shared_ptr<Study> study;
        std::size_t step = 0;
        std::vector<TensorPtr> held;  ///< what it reads
        std::stop_token stop;
    };

    void next();
    void receive(const std::shared_ptr<Study>& study, bool done);
    void run(const std::stop_token& stop);

    SceneDocument* m_document;
    std::shared_ptr<Study> m_study;  ///< null: there is nothing to do
    std::size_t m_step = 0;
    std::vector<TensorPtr> m_held;  ///< what has come of what the next step reads
    bool m_active = true, m_busy = false;
    std::stop_source m_running{std::nostopstate};

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_job;
    std::jthread m_thread;  // last: starts when everything else is there
};

}  // namespace attn::ui
