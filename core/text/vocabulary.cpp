#include "core/text/vocabulary.h"

#include <algorithm>

namespace attn {

bool Vocabulary::add(const std::string& piece, std::int64_t id) {
    if (id < 0 || id > kMaxTokenId) return false;
    const auto known = m_ids.find(piece);
    if (known != m_ids.end()) return known->second == id;
    if (!m_pieces.emplace(id, piece).second) return false;
    m_ids.emplace(piece, id);
    m_largest = std::max(m_largest, id);
    return true;
}

std::int64_t Vocabulary::idOf(std::string_view piece) const {
    const auto found = m_ids.find(piece);
    return found == m_ids.end() ? -1 : found->second;
}

const std::string* Vocabulary::pieceOf(std::int64_t id) const {
    const auto found = m_pieces.find(id);
    return found == m_pieces.end() ? nullptr : &found->second;
}

}  // namespace attn
