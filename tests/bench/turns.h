#pragma once
/// How long the window's thread works without a pause: what a drag feels.

#include <QCoreApplication>
#include <QEventLoop>

#include <algorithm>
#include <ctime>

namespace attn::bench {

/// Processor time of this thread, in seconds: sleeping does not count, nor does what other programs take.
inline double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <typename Work>
double workOf(Work work) {
    const double begin = threadSeconds();
    work();
    return threadSeconds() - begin;
}

/// Runs the event loop until `done`; returns the longest turn of it, in seconds of work.
template <typename Done>
double longestTurn(Done done) {
    double longest = 0;
    while (!done()) {
        longest = std::max(
            longest, workOf([] {
                QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
            }));
    }
    // What was queued to be painted.
    return std::max(longest, workOf([] { QCoreApplication::processEvents(); }));
}

}  // namespace attn::bench
