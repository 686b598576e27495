#include "core/tensor/buffer_pool.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <new>
#include <vector>

namespace attn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallestKept = std::size_t{16} << 20U;

struct Block {
    float* data = nullptr;
    std::size_t bytes = 0;
};

void release(const Block& block) {
    ::operator delete (block.data, std::align_val_t{kAlignment});
}

}  // namespace

struct BufferPool::State {
    mutable std::mutex mutex;
    std::list<Block> kept;  ///< most recently returned first
    std::size_t bytesKept = 0;
    std::size_t bytesInUse = 0;
    double recentPeak = 0;  ///< of bytesInUse, fading with every buffer that is taken

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        for (const Block& block : kept) release(block);
    }

    /// The tightest kept block of at least `bytes` and at most a quarter more; none: a null block.
    Block reuse(std::size_t bytes) {
        auto best = kept.end();
        for (auto it = kept.begin(); it != kept.end(); ++it) {
            const bool fits = it->bytes >= bytes && it->bytes <= bytes + bytes / 4 + 4096;
            if (fits && (best == kept.end() || it->bytes < best->bytes)) best = it;
        }
        if (best == kept.end()) return {};
        const Block block = *best;
        bytesKept -= block.bytes;
        kept.erase(best);
        return block;
    }

    void giveBack(const Block& block) {
        std::vector<Block> surplus;
        {
            const std::lock_guard<std::mutex> lock(mutex);
            bytesInUse -= block.bytes;
            kept.push_front(block);
            bytesKept += block.bytes;
            const std::size_t limit = std::max(kSmallestKept, static_cast<std::size_t>(recentPeak));
            while (bytesKept > limit) {
                surplus.push_back(kept.back());
                bytesKept -= kept.back().bytes;
                kept.pop_back();
            }
        }
        for (const Block& each : surplus) release(each);
    }
};

BufferPool::BufferPool() : m_state(std::make_shared<State>()) {}

std::shared_ptr<float[]> BufferPool::take(std::size_t count) {
    const std::size_t lines = (std::max<std::size_t>(count, 1) * sizeof(float) + kAlignment - 1) / kAlignment;
    const std::size_t bytes = lines * kAlignment;
    Block block;
    {
        const std::lock_guard<std::mutex> lock(m_state->mutex);
        block = m_state->reuse(bytes);
    }
    if (block.data == nullptr) {
        block = {static_cast<float*>(::operator new (bytes, std::align_val_t{kAlignment})), bytes};
    }
    {
        const std::lock_guard<std::mutex> lock(m_state->mutex);
        m_state->bytesInUse += block.bytes;
        m_state->recentPeak = std::max(m_state->recentPeak * 0.999, static_cast<double>(m_state->bytesInUse));
    }
    return {block.data, [state = m_state, block](float*) { state->giveBack(block); }};
}

std::size_t BufferPool::bytesInUse() const {
    const std::lock_guard<std::mutex> lock(m_state->mutex);
    return m_state->bytesInUse;
}

std::size_t BufferPool::bytesKept() const {
    const std::lock_guard<std::mutex> lock(m_state->mutex);
    return m_state->bytesKept;
}

}  // namespace attn
