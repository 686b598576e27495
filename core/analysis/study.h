#pragma once
/// An analysis that reads more of a trace than one look can: step by step, so that tensors that are recipes
/// are made one after another and let go again, and so that somebody who waits sees how far it is.
///
/// `attention-lab` runs all steps at once (finish); the window has a thread for them (ui/model/study_run.h).

#include "core/trace/trace.h"

#include <cstddef>
#include <stop_token>
#include <vector>

namespace attn {

class Study {
public:
    virtual ~Study() = default;
    Study(const Study&) = delete;
    Study& operator=(const Study&) = delete;

    [[nodiscard]] virtual std::size_t steps() const = 0;
    /// What a step reads: who has these tensors made before, and holds them, lets `work` begin at once.
    [[nodiscard]] virtual std::vector<EntryPtr> needs(std::size_t step) const = 0;
    /// Steps come in their order, each once. False where a stop was requested: the study is then given up.
    [[nodiscard]] virtual bool work(std::size_t step, const std::stop_token& stop) = 0;

protected:
    Study() = default;
};

/// Every step, now. False where a stop was requested.
inline bool finish(Study& study, const std::stop_token& stop = {}) {
    for (std::size_t step = 0; step < study.steps(); ++step)
        if (!study.work(step, stop)) return false;
    return true;
}

}  // namespace attn
