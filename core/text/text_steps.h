#pragma once
/// The steps that a trained tokenizer's description is made of: what changes a text before it is cut
/// (normalisers), and what cuts it into words (pre-tokenizers). For core/text alone.

#include "core/base/error.h"

#include <unicode/unistr.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

using NormalizerStep = std::function<Result<void>(icu::UnicodeString& text)>;

struct Word {
    icu::UnicodeString text;
    bool atStart = false;  ///< it stands at the beginning of the whole text
};
using Words = std::vector<Word>;
using PreTokenizerStep = std::function<Result<void>(Words& words)>;

/// A regular expression or a plain text to look for. Copies share the compiled expression; one thread at a
/// time.
class TextPattern {
public:
    struct Range {
        std::int32_t begin = 0, end = 0;
    };

    [[nodiscard]] static Result<TextPattern> regularExpression(const std::string& utf8);
    [[nodiscard]] static TextPattern plain(const std::string& utf8);

    /// All matches from left to right; empty ones are left out.
    [[nodiscard]] Result<std::vector<Range>> find(const icu::UnicodeString& text) const;

private:
    struct Expression;
    std::shared_ptr<Expression> m_expression;
    icu::UnicodeString m_plain;
};

/// What becomes of the matches of a pattern.
enum class SplitBehavior : std::uint8_t { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

// Normalisers.

struct BertNormalization {
    bool cleanText = true;     ///< control, format and private characters go, white space becomes a space
    bool spaceChinese = true;  ///< spaces around every CJK ideograph
    bool stripAccents = true;
    bool lowerCase = true;
};
[[nodiscard]] NormalizerStep bertNormalizer(const BertNormalization& options);
enum class UnicodeForm : std::uint8_t { Nfc, Nfd, Nfkc, Nfkd };
[[nodiscard]] NormalizerStep unicodeNormalizer(UnicodeForm form);
[[nodiscard]] NormalizerStep lowerCaseNormalizer();
/// Marks of all three kinds go, while BERT's own normaliser drops those without a width alone.
[[nodiscard]] NormalizerStep stripAccentsNormalizer();
/// Control characters go, other spaces and what has no width become spaces: the first of SentencePiece's
/// rules for machine translation.
[[nodiscard]] NormalizerStep nmtNormalizer();
[[nodiscard]] NormalizerStep stripNormalizer(bool left, bool right);
[[nodiscard]] NormalizerStep prependNormalizer(const std::string& prefix);
[[nodiscard]] NormalizerStep replaceNormalizer(TextPattern pattern, const std::string& replacement);
/// SentencePiece's table of replacements, as tokenizer.json holds it: base64 of the size of a double-array
/// trie (Darts-clone's units, little-endian), the trie, and a pool of texts that its values point into. A
/// grapheme cluster of up to five bytes is looked up as a whole, then its characters one by one; of several
/// entries that a text begins with the shortest counts, as in Hugging Face's tokenizers.
[[nodiscard]] Result<NormalizerStep> precompiledNormalizer(std::string_view base64);

// Pre-tokenizers.

/// Words between white space; every punctuation mark is a word of its own.
[[nodiscard]] PreTokenizerStep bertPreTokenizer();
/// Bytes as the 256 printable characters that GPT-2's vocabulary is written in; with `useRegex` after cutting
/// the text by GPT-2's regular expression. Radford et al., "Language Models are Unsupervised Multitask
/// Learners", 2019.
[[nodiscard]] PreTokenizerStep byteLevelPreTokenizer(bool addPrefixSpace, bool useRegex);
[[nodiscard]] PreTokenizerStep splitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert);
[[nodiscard]] PreTokenizerStep digitsPreTokenizer(bool individual);
[[nodiscard]] PreTokenizerStep punctuationPreTokenizer(SplitBehavior behavior);
[[nodiscard]] PreTokenizerStep whitespacePreTokenizer();
[[nodiscard]] PreTokenizerStep whitespaceSplitPreTokenizer();
enum class PrependScheme : std::uint8_t { Always, First, Never };
/// Spaces become `replacement` (▁), one is put in front, and the text is cut before each.
[[nodiscard]] PreTokenizerStep metaspacePreTokenizer(const std::string& replacement, PrependScheme scheme,
                                                     bool split);

/// The bytes that a byte-level piece stands for; a character that stands for none is kept.
[[nodiscard]] std::string bytesOfByteLevel(std::string_view piece);

[[nodiscard]] icu::UnicodeString utf16(std::string_view utf8);
[[nodiscard]] std::string utf8(const icu::UnicodeString& text);

}  // namespace attn
