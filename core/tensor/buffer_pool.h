#pragma once
/// Buffers of floats that are used again instead of being given back to the system at every slider step
/// (fresh buffers made a recompute 2.5 times as slow: every page has to be faulted in).

#include <cstddef>
#include <memory>

namespace attn {

/// Thread-safe. A buffer returns to its pool when the last owner goes, also when that is after the pool
/// itself.
class BufferPool {
public:
    BufferPool();

    /// At least `count` floats, 64-byte aligned, contents undefined. Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<float[]> take(std::size_t count);

    /// Bytes now in use, and bytes kept for later. What is kept never exceeds the larger of 16 MiB and what
    /// was in use at the most lately, and makes room for new buffers within that peak: a slider that sweeps
    /// through sizes does not pile up buffers.
    [[nodiscard]] std::size_t bytesInUse() const;
    [[nodiscard]] std::size_t bytesKept() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace attn
