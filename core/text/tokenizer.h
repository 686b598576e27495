#pragma once
/// Text to tokens for the toy model: Unicode words, grapheme clusters, or bytes. ICU does the segmentation.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

enum class TokenizerKind {
    Words,       ///< ICU word segments that are not white space: "didn't" is one, 酸菜鱼 is 酸菜 | 鱼
    Characters,  ///< grapheme clusters, white space included
    Bytes,       ///< UTF-8 bytes, shown as two hexadecimal digits where they are no printable ASCII
};

/// Where a token stands in its word, as far as its tokenizer says.
enum class WordPlace : std::uint8_t {
    ByText,     ///< its text decides: a space in front, else where words end by Unicode's rules
    Begins,     ///< a word of the toy's, or a piece without WordPiece's mark
    Continues,  ///< a piece with the mark "##"
};

struct Token {
    std::string text;       ///< UTF-8, exactly what stood in the text (a single byte for Bytes)
    std::int64_t id = 0;    ///< toy: index of this text's first occurrence in the sequence
    std::size_t begin = 0;  ///< byte range in the (repaired) text it came from
    std::size_t end = 0;
    bool known = true;     ///< false where an embedding table has no vector for it
    std::string piece;     ///< a trained model's: as its vocabulary writes it ("Ġthe"); empty: as `text`
    bool special = false;  ///< a trained model's: [CLS], <|endoftext|> …
    WordPlace word = WordPlace::ByText;
    std::uint8_t markBytes = 0;  ///< bytes at the start of `text` that are a mark and no text ("##")

    bool operator==(const Token&) const = default;
};

struct Tokens {
    std::vector<Token> items;
    std::size_t found = 0;  ///< how many tokens the text has; items holds at most the context's first ones

    [[nodiscard]] bool truncated() const { return found > items.size(); }
    bool operator==(const Tokens&) const = default;
};

/// The first `limit` tokens of the text; `found` counts all of them. Invalid UTF-8 is repaired first
/// (repairUtf8).
[[nodiscard]] Tokens tokenize(std::string_view text, TokenizerKind kind, std::size_t limit);

/// A text in which every maximal part of an ill-formed sequence is replaced by U+FFFD, as web browsers do: a
/// truncated "€" gives one, a surrogate written as three bytes gives three. Well-formed text comes back
/// unchanged, NUL included.
[[nodiscard]] std::string repairUtf8(std::string_view text);

/// How a token is shown: spaces as ␣, line breaks as ⏎, tabs as ⇥, control characters as pictures (␀ …),
/// everything else that has no shape of its own (zero-width, direction and unassigned characters) as
/// ⟨U+200B⟩; a combining mark without a base gets a dotted circle. Joiners and variation selectors stay where
/// they shape their neighbours (emoji, Arabic, Indic scripts). A lone byte that is no character: "E9". After
/// `limit` characters comes "…".
[[nodiscard]] std::string displayText(std::string_view tokenText, std::size_t limit = 256);

}  // namespace attn
