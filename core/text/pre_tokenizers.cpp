#include "core/text/text_steps.h"
#include "core/text/utf8.h"

#include <unicode/uchar.h>

#include <array>

namespace attn {
namespace {

using icu::UnicodeString;
using Range = TextPattern::Range;

/// Where a piece of a text lies, and whether the pattern made it.
struct Part {
    Range range;
    bool match = false;
};

std::vector<Part> partsOf(const UnicodeString& text, const std::vector<Range>& matches, bool invert) {
    std::vector<Part> parts;
    std::int32_t at = 0;
    for (const Range& match : matches) {
        if (match.begin > at) parts.push_back({{at, match.begin}, invert});
        parts.push_back({match, !invert});
        at = match.end;
    }
    if (at < text.length()) parts.push_back({{at, text.length()}, invert});
    return parts;
}

/// Ranges to keep, from the parts that are matches and those that are not.
std::vector<Range> arrange(const std::vector<Part>& parts, SplitBehavior behavior) {
    std::vector<Range> out;
    bool previousMatch = false;
    for (const Part& part : parts) {
        const bool first = &part == parts.data();
        bool join = false;
        switch (behavior) {
            case SplitBehavior::Removed:
                if (part.match) continue;
                break;
            case SplitBehavior::Isolated:
                break;
            case SplitBehavior::Contiguous:
                join = !first && part.match == previousMatch;
                break;
            case SplitBehavior::MergedWithPrevious:
                join = !first && part.match && !previousMatch;
                break;
            case SplitBehavior::MergedWithNext:
                join = !first && previousMatch && !part.match;
                break;
        }
        previousMatch = part.match;
        if (join) {
            out.back().end = part.range.end;
        } else {
            out.push_back(part.range);
        }
    }
    return out;
}

void appendRanges(Words& out, const Word& word, const std::vector<Range>& ranges) {
    for (const Range& range : ranges) {
        out.push_back({UnicodeString(word.text, range.begin, range.end - range.begin),
                       word.atStart && range.begin == 0});
    }
}

/// Every run (or every single character) for which `is` holds is a match.
template <typename Is>
std::vector<Range> matchesOf(const UnicodeString& text, bool single, const Is& is) {
    std::vector<Range> matches;
    for (std::int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        const std::int32_t end = i + U16_LENGTH(c);
        if (is(c)) {
            if (!single && !matches.empty() && matches.back().end == i) {
                matches.back().end = end;
            } else {
                matches.push_back({i, end});
            }
        }
        i = end;
    }
    return matches;
}

template <typename Is>
PreTokenizerStep characterSplit(SplitBehavior behavior, bool single, Is is) {
    return [behavior, single, is](Words& words) -> Result<void> {
        Words out;
        for (const Word& word : words) {
            appendRanges(out, word,
                         arrange(partsOf(word.text, matchesOf(word.text, single, is), false), behavior));
        }
        words = std::move(out);
        return {};
    };
}

bool isWhiteSpace(UChar32 c) {
    return u_isUWhiteSpace(c) != 0;
}

bool isBertPunctuation(UChar32 c) {
    const bool ascii =
        (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    return ascii || u_ispunct(c) != 0;
}

bool isNumeric(UChar32 c) {
    return (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0;
}

/// GPT-2's characters for bytes: printable ones stand for themselves, the others follow from U+0100 on.
struct ByteCharacters {
    std::array<char16_t, 256> ofByte{};
    std::array<int, 512> byteOf{};

    ByteCharacters() {
        byteOf.fill(-1);
        char16_t next = 256;
        for (std::size_t byte = 0; byte < ofByte.size(); ++byte) {
            const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
            ofByte[byte] = printable ? static_cast<char16_t>(byte) : next++;
            byteOf[ofByte[byte]] = static_cast<int>(byte);
        }
    }
};

const ByteCharacters& byteCharacters() {
    static const ByteCharacters table;
    return table;
}

constexpr const char* kGpt2Expression =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

Result<void> splitWords(Words& words, const TextPattern& pattern, SplitBehavior behavior, bool invert) {
    Words out;
    for (const Word& word : words) {
        const Result<std::vector<Range>> matches = pattern.find(word.text);
        if (!matches) return tl::unexpected(matches.error());
        appendRanges(out, word, arrange(partsOf(word.text, *matches, invert), behavior));
    }
    words = std::move(out);
    return {};
}

}  // namespace

PreTokenizerStep bertPreTokenizer() {
    const PreTokenizerStep spaces = characterSplit(SplitBehavior::Removed, false, isWhiteSpace);
    const PreTokenizerStep marks = characterSplit(SplitBehavior::Isolated, true, isBertPunctuation);
    return [spaces, marks](Words& words) -> Result<void> {
        if (Result<void> done = spaces(words); !done) return done;
        return marks(words);
    };
}

PreTokenizerStep byteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) {
    const Result<TextPattern> pattern = TextPattern::regularExpression(kGpt2Expression);
    return [addPrefixSpace, useRegex, pattern](Words& words) -> Result<void> {
        // Every stretch between added tokens gets its space, as in Hugging Face's tokenizers: what stands
        // right behind a <mask> begins a word too.
        if (addPrefixSpace) {
            for (Word& word : words) {
                if (!word.text.startsWith(u" ", 1)) word.text.insert(0, u' ');
            }
        }
        if (useRegex) {
            if (!pattern) return tl::unexpected(pattern.error());
            if (Result<void> done = splitWords(words, *pattern, SplitBehavior::Isolated, false); !done)
                return done;
        }
        for (Word& word : words) {
            UnicodeString mapped;
            for (const char byte : utf8(word.text))
                mapped.append(byteCharacters().ofByte[static_cast<unsigned char>(byte)]);
            word.text = mapped;
        }
        return {};
    };
}

PreTokenizerStep splitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) {
    return [pattern = std::move(pattern), behavior, invert](Words& words) {
        return splitWords(words, pattern, behavior, invert);
    };
}

PreTokenizerStep digitsPreTokenizer(bool individual) {
    return characterSplit(individual ? SplitBehavior::Isolated : SplitBehavior::Contiguous, individual,
                          isNumeric);
}

PreTokenizerStep punctuationPreTokenizer(SplitBehavior behavior) {
    return characterSplit(behavior, true, isBertPunctuation);
}

PreTokenizerStep whitespacePreTokenizer() {
    const Result<TextPattern> pattern = TextPattern::regularExpression(R"(\w+|[^\w\s]+)");
    return [pattern](Words& words) -> Result<void> {
        if (!pattern) return tl::unexpected(pattern.error());
        return splitWords(words, *pattern, SplitBehavior::Removed, true);
    };
}

PreTokenizerStep whitespaceSplitPreTokenizer() {
    return characterSplit(SplitBehavior::Removed, false, isWhiteSpace);
}

PreTokenizerStep metaspacePreTokenizer(const std::string& replacement, PrependScheme scheme, bool split) {
    const TextPattern pattern = TextPattern::plain(replacement);
    return [replacement = utf16(replacement), pattern, scheme, split](Words& words) -> Result<void> {
        for (Word& word : words) {
            word.text.findAndReplace(UnicodeString(u' '), replacement);
            const bool prepend =
                scheme == PrependScheme::Always || (scheme == PrependScheme::First && word.atStart);
            if (prepend && !word.text.startsWith(replacement)) word.text.insert(0, replacement);
        }
        if (!split) return {};
        return splitWords(words, pattern, SplitBehavior::MergedWithNext, false);
    };
}

std::string bytesOfByteLevel(std::string_view piece) {
    std::string out;
    for (std::size_t at = 0; at < piece.size();) {
        const std::string_view character = piece.substr(at, characterBytes(piece, at));
        at += character.size();
        const UChar32 c = utf16(character).char32At(0);
        const int byte = c >= 0 && c < 512 ? byteCharacters().byteOf[static_cast<std::size_t>(c)] : -1;
        if (byte >= 0) {
            out += static_cast<char>(byte);
        } else {
            out += character;
        }
    }
    return out;
}

}  // namespace attn
