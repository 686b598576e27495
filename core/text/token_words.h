#pragma once
/// Which pieces of a trained tokenizer belong to one word, as far as the pieces tell.
///
/// WordPiece marks every piece of a word but its first ("##ing"), and the toy's tokens are words. Byte-level
/// and SentencePiece vocabularies mark a word's beginning by the space in front of it ("Ġthe", "▁the"); where
/// there is no space (punctuation, other scripts, bytes of a character) the text decides: a word ends where
/// Unicode's rules end it (UAX 29: "didn't" and "3.14" are one, an emoji with its modifiers too), and a
/// Chinese character is a word by itself, as in BERT, unless a piece holds several. Special tokens belong to
/// no word.

#include "core/text/tokenizer.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace attn {

/// 1 for each token that begins a word.
[[nodiscard]] std::vector<std::uint8_t> wordBeginnings(std::span<const Token> tokens);

/// 1 for each piece of a word that the vocabulary does not have in one: the word was cut between two letters,
/// or inside a character whose bytes are tokens. A cut before an apostrophe or between digits does not count:
/// tokenizers make those by rule, whatever they know.
[[nodiscard]] std::vector<std::uint8_t> splitWordPieces(std::span<const Token> tokens);

/// The text of tokens side by side, without the marks of continuing pieces: "embed", "##ding" → "embedding".
[[nodiscard]] std::string joinedText(std::span<const Token> tokens);

/// The tokenizer put it there, or it ends a text: [CLS], [SEP], <s>, </s>, <|endoftext|>, padding. A mask or
/// an unknown token is special too, but stands for a word of the text.
[[nodiscard]] bool surroundsText(const Token& token);

}  // namespace attn
