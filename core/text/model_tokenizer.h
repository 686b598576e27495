#pragma once
/// The tokenizer of a trained model: text to the ids that the model was trained on.

#include "core/base/error.h"
#include "core/text/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

struct TokenizerParts;

/// Finds added tokens, normalises, cuts into words, cuts words into pieces, adds the special tokens that the
/// model expects. Immutable, but one thread at a time: it holds compiled expressions.
class ModelTokenizer {
public:
    explicit ModelTokenizer(TokenizerParts parts);
    ~ModelTokenizer();
    ModelTokenizer(const ModelTokenizer&) = delete;
    ModelTokenizer& operator=(const ModelTokenizer&) = delete;

    /// At most `limit` tokens, special ones at both ends included; `found` counts all of them. A token's text
    /// is what its piece stands for (" the"), its `piece` what the vocabulary says ("Ġthe"). Its byte range
    /// is not known: normalisation moves characters.
    [[nodiscard]] Result<Tokens> encode(std::string_view text, std::size_t limit) const;

    /// The token of an id, for ids that come from elsewhere; an unknown id shows as a number.
    [[nodiscard]] Token token(std::int64_t id) const;
    /// -1 where there is no such piece.
    [[nodiscard]] std::int64_t idOf(std::string_view piece) const;
    /// One more than the largest id.
    [[nodiscard]] std::int64_t idCount() const;

private:
    std::unique_ptr<const TokenizerParts> m_parts;
};
using ModelTokenizerPtr = std::shared_ptr<const ModelTokenizer>;

/// What a tokenizer.json says. Format: https://huggingface.co/docs/tokenizers. Byte-pair encoding,
/// WordPiece and unigrams with the normalisers, pre-tokenizers and post-processors that published models of
/// both kinds use; another one is an error that names it.
[[nodiscard]] Result<ModelTokenizerPtr> tokenizerFromJson(std::string_view json);

/// The tokenizer of a model's folder: tokenizer.json, else vocab.json with merges.txt, else vocab.txt. The
/// family ("gpt2", "bert", …; may be empty) says what surrounds a text where the files do not.
[[nodiscard]] Result<ModelTokenizerPtr> openTokenizer(const std::filesystem::path& folder,
                                                      const std::string& family);
/// The name of the file that openTokenizer would read; empty: there is none.
[[nodiscard]] std::string tokenizerFileOf(const std::filesystem::path& folder);

}  // namespace attn
