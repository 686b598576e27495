#include "ui/model/study_run.h"

#include "ui/model/scene_document.h"

#include <utility>

namespace attn::ui {

StudyRun::StudyRun(SceneDocument* document, QObject* parent)
    : QObject(parent), m_document(document), m_thread([this](const std::stop_token& stop) { run(stop); }) {
    connect(m_document, &SceneDocument::tensorReady, this, &StudyRun::next);
}

StudyRun::~StudyRun() {
    m_running.request_stop();
    m_thread.request_stop();
    m_thread.join();  // it delivers to this object
}

void StudyRun::start(std::shared_ptr<Study> study) {
    cancel();
    m_study = std::move(study);
    m_running = std::stop_source();
    next();
}

void StudyRun::cancel() {
    m_running.request_stop();
    m_study.reset();
    m_step = 0;
    m_held.clear();
}

void StudyRun::setActive(bool active) {
    m_active = active;
    if (active) next();
}

/// A step begins when everything that it reads is there.
void StudyRun::next() {
    if (!m_active || m_busy || !m_study) return;
    const std::vector<EntryPtr> needs = m_study->needs(m_step);
    m_held.resize(needs.size());
    bool complete = true;
    for (std::size_t i = 0; i < needs.size(); ++i) {
        if (!m_held[i]) m_held[i] = m_document->request(needs[i]);
        complete = complete && m_held[i];
    }
    if (!complete) return;  // tensorReady comes
    m_busy = true;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_job = Job{m_study, m_step, std::exchange(m_held, {}), m_running.get_token()};
    }
    m_wake.notify_one();
}

void StudyRun::receive(const std::shared_ptr<Study>& study, bool done) {
    m_busy = false;
    if (study != m_study || !done) return next();  // another one was started meanwhile, or none
    ++m_step;
    if (m_step < m_study->steps()) {
        emit progressed();
        next();
        return;
    }
    m_study.reset();
    m_step = 0;
    emit finished();
}

void StudyRun::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        Job job;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_job.has_value(); })) return;
            job = *std::exchange(m_job, std::nullopt);
        }
        const bool done = job.study->work(job.step, job.stop);
        job.held.clear();  // the tensors may go
        if (stop.stop_requested()) return;
        QMetaObject::invokeMethod(
            this, [this, study = std::move(job.study), done] { receive(study, done); }, Qt::QueuedConnection);
    }
}

}  // namespace attn::ui
