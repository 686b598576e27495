#include "core/pipeline/evaluation.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>

namespace attn {

TensorPtr HeadwiseStages::add(const std::string& id, StageKey key, const std::function<Tensor()>& allocate,
                              Fill fill) {
    if (auto kept = m_evaluation.recall<Tensor>(id, key)) return kept;
    m_evaluation.checkStop();
    auto tensor = std::make_shared<Tensor>(allocate());
    m_pending.push_back({tensor, std::move(fill)});
    return m_evaluation.remember<Tensor>(id, std::move(key), tensor);
}

void HeadwiseStages::run(std::size_t rowBytes) {
    if (m_pending.empty()) return;
    forHeadBlocks(m_heads, m_queries, rowBytes, m_evaluation.stopToken(),
                  [&](Index head, Index begin, Index count) {
                      for (const Pending& each : m_pending) each.fill(head, begin, count, *each.tensor);
                  });
}

void forHeadBlocks(Index heads, Index queries, std::size_t rowBytes, const std::stop_token& stop,
                   const std::function<void(Index head, Index begin, Index count)>& each) {
    if (heads == 0 || queries == 0) return;
    constexpr std::size_t kCacheBytes = std::size_t{1} << 20U;
    constexpr Index kFewestRows = 64;  // below that a product spends its time on packing
    const auto fitting = static_cast<Index>(kCacheBytes / std::max<std::size_t>(rowBytes, 1));
    Index rows = std::clamp(fitting / 16 * 16, kFewestRows, std::max(queries, kFewestRows));
    const auto threads = static_cast<Index>(threadCount());
    if (heads < threads) rows = std::min(rows, std::max(kFewestRows, (queries + threads - 1) / threads));
    const Index blocks = (queries + rows - 1) / rows;
    rows = ((queries + blocks - 1) / blocks + 15) / 16 * 16;  // alike, so that no thread gets a stub

    parallelFor(static_cast<std::size_t>(heads * blocks), [&](std::size_t i) {
        if (stop.stop_requested()) return;
        const Index head = static_cast<Index>(i) / blocks;
        const Index begin = static_cast<Index>(i) % blocks * rows;
        const Index count = std::min(rows, queries - begin);
        if (count > 0) each(head, begin, count);
    });
    throwIfStopped(stop);
}

}  // namespace attn
