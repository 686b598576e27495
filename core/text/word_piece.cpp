#include "core/text/utf8.h"
#include "core/text/vocabulary.h"

namespace attn {
namespace {

class WordPieces : public PieceModel {
public:
    WordPieces(Vocabulary vocabulary, WordPieceOptions options)
        : m_vocabulary(std::move(vocabulary)),
          m_options(std::move(options)),
          m_unknown(m_vocabulary.idOf(m_options.unknown)) {}

    [[nodiscard]] const Vocabulary& vocabulary() const override { return m_vocabulary; }
    [[nodiscard]] std::string_view continuationPrefix() const override {
        return m_options.continuationPrefix;
    }

    void encode(std::string_view word, std::vector<std::int64_t>& ids) const override {
        if (word.empty()) return;
        std::vector<std::size_t> edges{0};
        while (edges.back() < word.size() && edges.size() <= m_options.longestWord + 1) {
            edges.push_back(edges.back() + characterBytes(word, edges.back()));
        }
        const std::size_t before = ids.size();
        const std::size_t characters = edges.size() - 1;
        for (std::size_t at = 0; at < characters && characters <= m_options.longestWord;) {
            const std::size_t end = longest(word, edges, at, ids);
            if (end == at) break;
            at = end;
            if (at == characters) return;
        }
        ids.resize(before);
        ids.push_back(m_unknown);
    }

private:
    /// Appends the longest piece that begins at character `at` and returns where it ends; `at`: there is
    /// none.
    std::size_t longest(std::string_view word, const std::vector<std::size_t>& edges, std::size_t at,
                        std::vector<std::int64_t>& ids) const {
        std::string candidate;
        for (std::size_t end = edges.size() - 1; end > at; --end) {
            const std::string_view part = word.substr(edges[at], edges[end] - edges[at]);
            std::int64_t id = -1;
            if (at == 0) {
                id = m_vocabulary.idOf(part);
            } else {
                candidate = m_options.continuationPrefix;
                candidate += part;
                id = m_vocabulary.idOf(candidate);
            }
            if (id < 0) continue;
            ids.push_back(id);
            return end;
        }
        return at;
    }

    Vocabulary m_vocabulary;
    WordPieceOptions m_options;
    std::int64_t m_unknown;
};

}  // namespace

Result<std::shared_ptr<const PieceModel>> wordPieceModel(Vocabulary vocabulary,
                                                         const WordPieceOptions& options) {
    if (vocabulary.idOf(options.unknown) < 0) {
        return fail(translatable("core", "the unknown token '%1' is not in the vocabulary"),
                    {options.unknown});
    }
    return std::make_shared<const WordPieces>(std::move(vocabulary), options);
}

}  // namespace attn
