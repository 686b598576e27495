#include "core/text/utf8.h"
#include "core/text/vocabulary.h"

#include <queue>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// Pieces side by side as one key: ids are below 2^24.
std::uint64_t pairKey(std::int64_t left, std::int64_t right) {
    return (static_cast<std::uint64_t>(left) << 32U) | static_cast<std::uint64_t>(right);
}

struct Merge {
    std::size_t rank = 0;
    std::int64_t id = 0;
};

struct Symbol {
    std::int64_t id = 0;
    std::ptrdiff_t previous = -1, next = -1;
    bool gone = false;  ///< joined to the one before it
};

/// A pair that may be joined. By the time its turn comes one of its symbols may have changed.
struct Candidate {
    std::size_t rank = 0;
    std::size_t at = 0;
    std::int64_t id = 0;
    bool operator<(const Candidate& other) const {
        return rank != other.rank ? rank > other.rank : at > other.at;
    }
};

class BytePairs : public PieceModel {
public:
    BytePairs(Vocabulary vocabulary, std::unordered_map<std::uint64_t, Merge> merges, BytePairOptions options)
        : m_vocabulary(std::move(vocabulary)), m_merges(std::move(merges)), m_options(std::move(options)) {
        m_unknown = m_options.unknown.empty() ? -1 : m_vocabulary.idOf(m_options.unknown);
        for (std::size_t byte = 0; byte < m_bytes.size(); ++byte) {
            std::array<char, 8> name{};
            std::snprintf(name.data(), name.size(), "<0x%02X>", static_cast<unsigned>(byte));
            m_bytes[byte] = m_vocabulary.idOf(name.data());
        }
    }

    [[nodiscard]] const Vocabulary& vocabulary() const override { return m_vocabulary; }
    [[nodiscard]] std::string_view continuationPrefix() const override {
        return m_options.continuationPrefix;
    }

    void encode(std::string_view word, std::vector<std::int64_t>& ids) const override {
        if (word.empty()) return;
        if (m_options.ignoreMerges) {
            if (const std::int64_t whole = m_vocabulary.idOf(word); whole >= 0) {
                ids.push_back(whole);
                return;
            }
        }
        std::vector<Symbol> symbols = symbolsOf(word);
        join(symbols);
        for (std::ptrdiff_t i = symbols.empty() ? -1 : 0; i >= 0;
             i = symbols[static_cast<std::size_t>(i)].next) {
            ids.push_back(symbols[static_cast<std::size_t>(i)].id);
        }
    }

private:
    /// The word's characters as pieces.
    [[nodiscard]] std::vector<Symbol> symbolsOf(std::string_view word) const {
        std::vector<Symbol> symbols;
        symbols.reserve(word.size());
        bool unknownWaits = false;  // for another one to be fused with
        const auto push = [&](std::int64_t id) {
            Symbol symbol;
            symbol.id = id;
            symbol.previous = static_cast<std::ptrdiff_t>(symbols.size()) - 1;
            if (!symbols.empty()) symbols.back().next = static_cast<std::ptrdiff_t>(symbols.size());
            symbols.push_back(symbol);
        };
        std::string decorated;
        for (std::size_t at = 0; at < word.size();) {
            const std::size_t bytes = characterBytes(word, at);
            const std::string_view character = word.substr(at, bytes);
            std::string_view piece = character;
            const bool prefix = at > 0 && !m_options.continuationPrefix.empty();
            const bool suffix = at + bytes == word.size() && !m_options.endSuffix.empty();
            if (prefix || suffix) {
                decorated = prefix ? m_options.continuationPrefix : std::string();
                decorated += character;
                if (suffix) decorated += m_options.endSuffix;
                piece = decorated;
            }
            at += bytes;
            const std::int64_t id = m_vocabulary.idOf(piece);
            if (id >= 0) {
                if (std::exchange(unknownWaits, false)) push(m_unknown);
                push(id);
            } else if (m_options.byteFallback && hasBytesOf(piece)) {
                for (const char c : piece) push(m_bytes[static_cast<unsigned char>(c)]);
            } else if (m_unknown >= 0) {
                if (unknownWaits && !m_options.fuseUnknown) push(m_unknown);
                unknownWaits = true;
            }
        }
        if (unknownWaits) push(m_unknown);
        return symbols;
    }

    [[nodiscard]] bool hasBytesOf(std::string_view character) const {
        return std::all_of(character.begin(), character.end(),
                           [&](char c) { return m_bytes[static_cast<unsigned char>(c)] >= 0; });
    }

    /// A heap of candidates and a linked list of symbols: n log n, also where a whole text is one word.
    void join(std::vector<Symbol>& symbols) const {
        std::priority_queue<Candidate> queue;
        const auto consider = [&](std::ptrdiff_t left) {
            if (left < 0) return;
            const Symbol& symbol = symbols[static_cast<std::size_t>(left)];
            if (symbol.next < 0) return;
            const auto found =
                m_merges.find(pairKey(symbol.id, symbols[static_cast<std::size_t>(symbol.next)].id));
            if (found == m_merges.end()) return;
            queue.push({found->second.rank, static_cast<std::size_t>(left), found->second.id});
        };
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) consider(static_cast<std::ptrdiff_t>(i));
        while (!queue.empty()) {
            const Candidate candidate = queue.top();
            queue.pop();
            Symbol& left = symbols[candidate.at];
            if (left.gone || left.next < 0) continue;
            Symbol& right = symbols[static_cast<std::size_t>(left.next)];
            const auto found = m_merges.find(pairKey(left.id, right.id));
            if (found == m_merges.end() || found->second.id != candidate.id) continue;
            left.id = candidate.id;
            left.next = right.next;
            right.gone = true;
            if (right.next >= 0)
                symbols[static_cast<std::size_t>(right.next)].previous =
                    static_cast<std::ptrdiff_t>(candidate.at);
            consider(left.previous);
            consider(static_cast<std::ptrdiff_t>(candidate.at));
        }
    }

    Vocabulary m_vocabulary;
    std::unordered_map<std::uint64_t, Merge> m_merges;
    BytePairOptions m_options;
    std::int64_t m_unknown = -1;
    std::array<std::int64_t, 256> m_bytes{};
};

}  // namespace

Result<std::shared_ptr<const PieceModel>> bytePairModel(
    Vocabulary vocabulary, const std::vector<std::pair<std::string, std::string>>& merges,
    const BytePairOptions& options) {
    if (!options.unknown.empty() && vocabulary.idOf(options.unknown) < 0) {
        return fail(tr("the unknown token '%1' is not in the vocabulary"), {options.unknown});
    }
    std::unordered_map<std::uint64_t, Merge> table;
    table.reserve(merges.size());
    const std::string& prefix = options.continuationPrefix;
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const auto& [left, right] = merges[rank];
        const std::string place = std::to_string(rank + 1);
        if (left.empty() || right.empty()) {
            return fail(tr("merge %1: one of its two parts is empty: it would lead back to itself"), {place});
        }
        const bool cut = !prefix.empty() && right.compare(0, prefix.size(), prefix) == 0;
        const std::string joined = left + (cut ? right.substr(prefix.size()) : right);
        if (joined == left) {
            return fail(tr("merge %1: one of its two parts is empty: it would lead back to itself"), {place});
        }
        for (const std::string* piece : {&left, &right, &joined}) {
            if (vocabulary.idOf(*piece) < 0) {
                return fail(tr("merge %1, '%2 %3': '%4' is not in the vocabulary"),
                            {place, left, right, *piece});
            }
        }
        table[pairKey(vocabulary.idOf(left), vocabulary.idOf(right))] = {rank, vocabulary.idOf(joined)};
    }
    return std::make_shared<const BytePairs>(std::move(vocabulary), std::move(table), options);
}

}  // namespace attn
