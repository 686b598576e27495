#pragma once
/// A trained tokenizer's pieces and their ids, and the models that cut a word into them.

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace attn {

/// Largest id that a vocabulary may have.
inline constexpr std::int64_t kMaxTokenId = (std::int64_t{1} << 24U) - 1;

class Vocabulary {
public:
    /// False where the piece or the id is there already with another partner, or the id is out of range.
    [[nodiscard]] bool add(const std::string& piece, std::int64_t id);
    /// -1 where there is no such piece.
    [[nodiscard]] std::int64_t idOf(std::string_view piece) const;
    /// Null where there is no such id.
    [[nodiscard]] const std::string* pieceOf(std::int64_t id) const;
    [[nodiscard]] std::size_t size() const { return m_ids.size(); }
    [[nodiscard]] std::int64_t largestId() const { return m_largest; }  ///< -1 without pieces

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> m_ids;
    std::unordered_map<std::int64_t, std::string> m_pieces;
    std::int64_t m_largest = -1;
};

/// What cuts a word into pieces of a vocabulary.
class PieceModel {
public:
    virtual ~PieceModel() = default;
    /// Appends the ids of the word's pieces. The word is well-formed UTF-8.
    virtual void encode(std::string_view word, std::vector<std::int64_t>& ids) const = 0;
    [[nodiscard]] virtual const Vocabulary& vocabulary() const = 0;
    /// What stands before every piece of a word but the first; empty: nothing does.
    [[nodiscard]] virtual std::string_view continuationPrefix() const { return {}; }
};

struct BytePairOptions {
    std::string unknown;             ///< the piece for what has none; empty: such characters are left out
    std::string continuationPrefix;  ///< before every piece of a word but the first
    std::string endSuffix;           ///< after the last piece of a word
    bool fuseUnknown = false;        ///< unknown characters side by side become one unknown piece
    bool byteFallback = false;       ///< "<0xE9>" pieces for the bytes of unknown characters
    bool ignoreMerges = false;       ///< a whole word that is a piece is taken as it is
};

/// Byte-pair encoding: from single characters the pair with the lowest rank is joined until none is left.
/// Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.
/// An error where a merge has an empty part, or its parts or result are not in the vocabulary.
[[nodiscard]] Result<std::shared_ptr<const PieceModel>> bytePairModel(
    Vocabulary vocabulary, const std::vector<std::pair<std::string, std::string>>& merges,
    const BytePairOptions& options);

struct WordPieceOptions {
    std::string unknown = "[UNK]";
    std::string continuationPrefix = "##";
    std::size_t longestWord = 100;  ///< in characters; longer ones are unknown
};

/// The longest piece that fits, again and again; a word with a part that no piece fits is unknown as a whole.
/// Wu et al., "Google's Neural Machine Translation System", 2016, as BERT uses it.
[[nodiscard]] Result<std::shared_ptr<const PieceModel>> wordPieceModel(Vocabulary vocabulary,
                                                                       const WordPieceOptions& options);

struct UnigramOptions {
    std::int64_t unknown = -1;  ///< id of the piece for what has none; −1: such characters are left out
    bool byteFallback = false;  ///< "<0xE9>" pieces for the bytes of unknown characters, if all are there
};

/// The pieces whose log probabilities have the largest sum; an unknown character costs ten more than the
/// rarest piece, and those side by side are one unknown piece. Ids are places in the list. Kudo, "Subword
/// Regularization", 2018, as SentencePiece does it (Kudo and Richardson 2018).
/// An error where a piece is empty, longer than 1,024 bytes or there twice, or a score is no number.
[[nodiscard]] Result<std::shared_ptr<const PieceModel>> unigramModel(
    const std::vector<std::pair<std::string, double>>& pieces, const UnigramOptions& options);

}  // namespace attn
