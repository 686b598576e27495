#include "core/tensor/buffer_pool.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <vector>

namespace attn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallestKept = std::size_t{16} << 20U;

struct Block {
    float* data = nullptr;
    std::size_t bytes = 0;
};

/// Large blocks are the system's pages, which it has back when they go: from the heap they would leave holes.
constexpr std::size_t kSmallestMapped = std::size_t{1} << 20U;

float* obtain(std::size_t bytes) {
    if (bytes < kSmallestMapped)
        return static_cast<float*>(::operator new (bytes, std::align_val_t{kAlignment}));
    void* const pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return static_cast<float*>(pages);
}

void release(const Block& block) {
    if (block.bytes < kSmallestMapped) {
        ::operator delete (block.data, std::align_val_t{kAlignment});
    } else {
        ::munmap(block.data, block.bytes);
    }
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
            surplus = trim(static_cast<std::size_t>(recentPeak));
        }
        for (const Block& each : surplus) release(each);
    }

    /// Takes the oldest blocks out until what is kept fits.
    std::vector<Block> trim(std::size_t limit) {
        std::vector<Block> surplus;
        while (bytesKept > std::max(kSmallestKept, limit)) {
            surplus.push_back(kept.back());
            bytesKept -= kept.back().bytes;
            kept.pop_back();
        }
        return surplus;
    }

    /// Room for a new block: what is kept and what is in use stay within the recent peak together.
    std::vector<Block> makeRoom(std::size_t bytes) {
        const double spare = recentPeak - static_cast<double>(bytesInUse + bytes);
        return trim(static_cast<std::size_t>(std::max(0.0, spare)));
    }
};

BufferPool::BufferPool() : m_state(std::make_shared<State>()) {}

std::shared_ptr<float[]> BufferPool::take(std::size_t count) {
    const std::size_t lines = (std::max<std::size_t>(count, 1) * sizeof(float) + kAlignment - 1) / kAlignment;
    const std::size_t bytes = lines * kAlignment;
    Block block;
    std::vector<Block> surplus;
    {
        const std::lock_guard<std::mutex> lock(m_state->mutex);
        block = m_state->reuse(bytes);
        if (block.data == nullptr) surplus = m_state->makeRoom(bytes);
    }
    for (const Block& each : surplus) release(each);
    if (block.data == nullptr) block = {obtain(bytes), bytes};
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
