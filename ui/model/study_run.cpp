#include "ui/model/study_run.h"

#include "ui/model/newest_work.h"
#include "ui/model/scene_document.h"

#include <utility>

namespace attn::ui {

StudyRun::StudyRun(SceneDocument* document, QObject* parent)
    : QObject(parent), m_document(document), m_work(new NewestWork(this)) {
    connect(m_document, &SceneDocument::tensorReady, this, &StudyRun::next);
}

void StudyRun::start(std::shared_ptr<Study> study) {
    cancel();
    m_study = std::move(study);
    next();
}

void StudyRun::cancel() {
    m_work->cancel();
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
    if (!m_active || m_work->isBusy() || !m_study) return;
    const std::vector<EntryPtr> needs = m_study->needs(m_step);
    m_held.resize(needs.size());
    bool complete = true;
    for (std::size_t i = 0; i < needs.size(); ++i) {
        if (!m_held[i]) m_held[i] = m_document->request(needs[i]);
        complete = complete && m_held[i];
    }
    if (!complete) return;  // tensorReady comes
    m_work->ask([this, study = m_study, step = m_step,
                 held = std::exchange(m_held, {})](const std::stop_token& superseded) -> NewestWork::Show {
        // Given up, it was superseded: nobody asks for its answer.
        if (!study->work(step, superseded)) return {};
        return [this] { receive(); };
    });
}

void StudyRun::receive() {
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

}  // namespace attn::ui
