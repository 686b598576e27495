#include "core/trace/row_entries.h"

#include <cassert>

namespace attn {

EntryPtr RowEntries::row(Index row) const {
    assert(row >= 0 && row < m_rows);
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (EntryPtr kept = m_entries[row].lock()) return kept;
    std::erase_if(m_entries, [](const auto& each) { return each.second.expired(); });
    auto made = std::make_shared<const TensorEntry>(
        2, std::array<Index, 3>{1, 1, m_columns},
        [recipe = m_recipe, row](const std::stop_token&) { return recipe(row); }, m_cache);
    m_entries[row] = made;
    return made;
}

}  // namespace attn
