#pragma once
/// An analysis that goes through a trace step by step (core/analysis/study.h), away from the window: newest
/// question first, nothing while nobody looks.

#include "core/analysis/study.h"

#include <QObject>

#include <cstddef>
#include <memory>
#include <vector>

namespace attn::ui {

class NewestWork;
class SceneDocument;

/// Tensors that a step reads are asked of the document's worker first, which alone multiplies matrices of
/// models; the step then runs on a thread. Between two steps the window's thread may read the study.
class StudyRun : public QObject {
    Q_OBJECT
public:
    explicit StudyRun(SceneDocument* document, QObject* parent = nullptr);

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
    void next();
    void receive();

    SceneDocument* m_document;
    NewestWork* m_work;
    std::shared_ptr<Study> m_study;  ///< null: there is nothing to do
    std::size_t m_step = 0;
    std::vector<TensorPtr> m_held;  ///< what has come of what the next step reads
    bool m_active = true;
};

}  // namespace attn::ui
