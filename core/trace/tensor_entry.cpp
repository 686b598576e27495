#include "core/trace/trace.h"

namespace attn {

void DerivedCache::use(const TensorEntry* entry, std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto place = m_places.find(entry);
    if (place != m_places.end()) {
        m_used.splice(m_used.begin(), m_used, place->second);
        return;
    }
    m_used.push_front({entry, bytes});
    m_places[entry] = m_used.begin();
    m_bytes += bytes;
    while (m_bytes > kBudget && m_used.size() > 1) giveUpOldest();
}

void DerivedCache::makeRoom(std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    while (!m_used.empty() && m_bytes + bytes > kBudget) giveUpOldest();
}

void DerivedCache::giveUpOldest() {
    const Used last = m_used.back();
    last.entry->giveUp();  // alive: its destructor waits for our lock in forget()
    m_bytes -= last.bytes;
    m_places.erase(last.entry);
    m_used.pop_back();
}

void DerivedCache::forget(const TensorEntry* entry) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto place = m_places.find(entry);
    if (place == m_places.end()) return;
    m_bytes -= place->second->bytes;
    m_used.erase(place->second);
    m_places.erase(place);
}

std::size_t DerivedCache::bytes() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_bytes;
}

TensorEntry::TensorEntry(TensorPtr tensor)
    : m_rank(tensor->rank()), m_shape(tensor->shape()), m_tensor(std::move(tensor)) {}

TensorEntry::TensorEntry(int rank, std::array<Index, 3> shape, Recipe recipe,
                         std::shared_ptr<DerivedCache> cache, bool quick)
    : m_rank(rank), m_shape(shape), m_recipe(std::move(recipe)), m_quick(quick), m_cache(std::move(cache)) {}

TensorEntry::~TensorEntry() {
    if (m_cache) m_cache->forget(this);
}

TensorPtr TensorEntry::peek() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_tensor ? m_tensor : m_given.lock();
}

void TensorEntry::giveUp() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_given = m_tensor;
    m_tensor.reset();
}

TensorPtr TensorEntry::get(const std::stop_token& stop) const {
    TensorPtr tensor = peek();
    if (!isRecipe()) return tensor;
    // Without the lock: whoever peeks meanwhile must not wait. Two who ask at once work twice, to the same
    // end.
    if (!tensor) {
        m_cache->makeRoom(static_cast<std::size_t>(m_shape[0] * m_shape[1] * m_shape[2]) * sizeof(float));
        tensor = std::make_shared<const Tensor>(m_recipe(stop));
    }
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_tensor = tensor;
    }
    m_cache->use(this, static_cast<std::size_t>(tensor->size()) * sizeof(float));
    return tensor;
}

}  // namespace attn
