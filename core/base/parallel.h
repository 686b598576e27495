#pragma once
/// The program's own few threads. Products and element-wise kernels are split over them by rows or heads;
/// BLAS itself is kept to one thread, so that two pools never fight for the same cores.

#include <cstddef>
#include <functional>

namespace attn {

/// Number of threads that parallelFor uses, the caller's included: the hardware's, at most 16.
[[nodiscard]] std::size_t threadCount();

/// Calls body(i) for every i in [0, count), from several threads, and returns when all are done.
///
/// Which thread runs which i is not defined, so body may depend on i alone: results are then the same on
/// every run. Must not be called from inside a body. One caller at a time has the threads; another one runs
/// its loop alone.
void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body);

/// Splits [0, count) into at most threadCount() runs of at least `grain` and calls body(begin, end) for each.
void parallelRanges(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t begin, std::size_t end)>& body);

}  // namespace attn
