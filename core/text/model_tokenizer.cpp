#include "core/text/model_tokenizer.h"

#include "core/text/tokenizer_parts.h"
#include "core/text/utf8.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

namespace attn {
namespace {

/// A stretch of text, or an added token that was found in it.
struct Stretch {
    std::string text;
    std::int64_t id = -1;
    bool atStart = false;
};

/// The code point that ends before `at`, or begins at it; -1 at the ends of the text.
UChar32 characterBefore(std::string_view text, std::size_t at) {
    if (at == 0) return -1;
    std::size_t begin = at - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0U) == 0x80U) --begin;
    return utf16(text.substr(begin, at - begin)).char32At(0);
}
UChar32 characterAt(std::string_view text, std::size_t at) {
    return at < text.size() ? utf16(text.substr(at, characterBytes(text, at))).char32At(0) : UChar32{-1};
}

bool isSpace(UChar32 c) {
    return c >= 0 && u_isUWhiteSpace(c) != 0;
}
/// Unicode's definition of a word's characters (UTS 18, annex C).
bool isWordCharacter(UChar32 c) {
    if (c < 0) return false;
    constexpr std::uint32_t kKinds = U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
    return (U_GET_GC_MASK(c) & kKinds) != 0 || u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0 ||
           u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0;
}

/// Finds added tokens: leftmost first, the longest of those that begin at one place. Where that one has to be
/// a word of its own and is none, nothing inside it is looked for.
class AddedTokenFinder {
public:
    explicit AddedTokenFinder(std::vector<AddedToken> tokens) : m_tokens(std::move(tokens)) {
        std::sort(m_tokens.begin(), m_tokens.end(), [](const AddedToken& a, const AddedToken& b) {
            return a.content.size() != b.content.size() ? a.content.size() > b.content.size()
                                                        : a.content < b.content;
        });
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (!m_tokens[i].content.empty())
                m_byFirstByte[static_cast<unsigned char>(m_tokens[i].content.front())].push_back(i);
        }
    }

    [[nodiscard]] bool empty() const { return m_tokens.empty(); }

    void split(const Stretch& stretch, std::vector<Stretch>& out) const {
        const std::string& text = stretch.text;
        std::size_t done = 0;
        for (std::size_t at = 0; at < text.size();) {
            const AddedToken* const token = tokenAt(text, at);
            if (token == nullptr) {
                ++at;
                continue;
            }
            std::size_t begin = at, end = at + token->content.size();
            if (token->singleWord &&
                (isWordCharacter(characterBefore(text, begin)) || isWordCharacter(characterAt(text, end)))) {
                at = end;
                continue;
            }
            while (token->takesLeft && begin > done && isSpace(characterBefore(text, begin)))
                begin = previousCharacter(text, begin);
            while (token->takesRight && end < text.size() && isSpace(characterAt(text, end)))
                end += characterBytes(text, end);
            if (begin > done)
                out.push_back({text.substr(done, begin - done), -1, stretch.atStart && done == 0});
            out.push_back({token->content, token->id, false});
            done = at = end;
        }
        if (done < text.size()) out.push_back({text.substr(done), -1, stretch.atStart && done == 0});
    }

private:
    static std::size_t previousCharacter(std::string_view text, std::size_t at) {
        --at;
        while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) --at;
        return at;
    }

    [[nodiscard]] const AddedToken* tokenAt(const std::string& text, std::size_t at) const {
        for (const std::size_t i : m_byFirstByte[static_cast<unsigned char>(text[at])]) {
            const AddedToken& token = m_tokens[i];
            if (text.compare(at, token.content.size(), token.content) == 0) return &token;
        }
        return nullptr;
    }

    std::vector<AddedToken> m_tokens;
    std::array<std::vector<std::size_t>, 256> m_byFirstByte;
};

Result<std::string> normalized(const TokenizerParts& parts, const std::string& text) {
    icu::UnicodeString changed = utf16(text);
    for (const NormalizerStep& step : parts.normalizers) {
        if (Result<void> done = step(changed); !done) return tl::unexpected(done.error());
    }
    return utf8(changed);
}

/// "<0xE9>" as its byte.
std::optional<char> byteOf(std::string_view piece) {
    if (piece.size() != 6 || piece.substr(0, 3) != "<0x" || piece.back() != '>') return std::nullopt;
    int value = 0;
    for (const char c : piece.substr(3, 2)) {
        const bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'F';
        if (!digit && !letter) return std::nullopt;
        value = value * 16 + (digit ? c - '0' : c - 'A' + 10);
    }
    return static_cast<char>(value);
}

std::string textOf(const std::string& piece, PieceStyle style) {
    if (style == PieceStyle::ByteLevel) return bytesOfByteLevel(piece);
    if (style == PieceStyle::Plain) return piece;
    if (const std::optional<char> byte = byteOf(piece)) return {*byte};
    constexpr std::string_view kSpace = "\u2581";
    std::string out;
    for (std::size_t at = 0; at < piece.size();) {
        const bool space = std::string_view(piece).substr(at, kSpace.size()) == kSpace;
        out += space ? ' ' : piece[at];
        at += space ? kSpace.size() : 1;
    }
    return out;
}

}  // namespace

ModelTokenizer::ModelTokenizer(TokenizerParts parts)
    : m_parts(std::make_unique<const TokenizerParts>(std::move(parts))) {}
ModelTokenizer::~ModelTokenizer() = default;

namespace {

/// The text as stretches between added tokens: those looked for in the text as it is, then those looked for
/// in what normalisation makes of it.
Result<std::vector<Stretch>> stretchesOf(const TokenizerParts& parts, std::string text) {
    std::vector<AddedToken> exact, afterwards;
    for (const AddedToken& token : parts.added) {
        if (!token.normalized) {
            exact.push_back(token);
            continue;
        }
        AddedToken changed = token;
        Result<std::string> content = normalized(parts, token.content);
        if (!content) return tl::unexpected(content.error());
        changed.content = std::move(*content);
        afterwards.push_back(std::move(changed));
    }
    std::vector<Stretch> first, out;
    if (!text.empty()) AddedTokenFinder(std::move(exact)).split({std::move(text), -1, true}, first);
    const AddedTokenFinder finder(std::move(afterwards));
    for (Stretch& stretch : first) {
        if (stretch.id < 0) {
            Result<std::string> changed = normalized(parts, stretch.text);
            if (!changed) return tl::unexpected(changed.error());
            finder.split({std::move(*changed), -1, stretch.atStart}, out);
        } else {
            out.push_back(std::move(stretch));
        }
    }
    return out;
}

/// Ids of a stretch without added tokens. Words come back often: each is cut once.
class WordEncoder {
public:
    explicit WordEncoder(const PieceModel& model) : m_model(model) {}

    void encode(const std::string& word, std::vector<std::int64_t>& ids) {
        constexpr std::size_t kLongestKept = 256, kMostKept = 1U << 16U;
        if (word.size() > kLongestKept || m_known.size() >= kMostKept) {
            m_model.encode(word, ids);
            return;
        }
        const auto [place, isNew] = m_known.try_emplace(word);
        if (isNew) m_model.encode(word, place->second);
        ids.insert(ids.end(), place->second.begin(), place->second.end());
    }

private:
    const PieceModel& m_model;
    std::unordered_map<std::string, std::vector<std::int64_t>> m_known;
};

}  // namespace

Result<Tokens> ModelTokenizer::encode(std::string_view text, std::size_t limit) const {
    const TokenizerParts& parts = *m_parts;
    const Result<std::vector<Stretch>> stretches = stretchesOf(parts, repairUtf8(text));
    if (!stretches) return tl::unexpected(stretches.error());
    std::vector<std::int64_t> ids;
    WordEncoder encoder(*parts.model);
    for (const Stretch& stretch : *stretches) {
        if (stretch.id >= 0) {
            ids.push_back(stretch.id);
            continue;
        }
        Words words{{utf16(stretch.text), stretch.atStart}};
        for (const PreTokenizerStep& step : parts.preTokenizers) {
            if (Result<void> done = step(words); !done) return tl::unexpected(done.error());
        }
        for (const Word& word : words) encoder.encode(utf8(word.text), ids);
    }

    Tokens tokens;
    tokens.found = ids.size() + parts.before.size() + parts.after.size();
    const std::size_t around = std::min(limit, parts.before.size() + parts.after.size());
    ids.resize(std::min(ids.size(), limit - around));
    const auto append = [&](const std::vector<std::int64_t>& list) {
        for (const std::int64_t id : list) {
            if (tokens.items.size() < limit) tokens.items.push_back(token(id));
        }
    };
    append(parts.before);
    append(ids);
    append(parts.after);
    return tokens;
}

Token ModelTokenizer::token(std::int64_t id) const {
    Token out;
    out.id = id;
    for (const AddedToken& added : m_parts->added) {
        if (added.id != id) continue;
        out.text = out.piece = added.content;
        out.special = added.special;
        return out;
    }
    if (const std::string* const piece = m_parts->model->vocabulary().pieceOf(id)) {
        out.piece = *piece;
        out.text = textOf(*piece, m_parts->style);
        const std::string_view mark = m_parts->model->continuationPrefix();
        if (!mark.empty() && mark.size() <= std::numeric_limits<std::uint8_t>::max()) {
            const bool continues = out.text.size() > mark.size() && out.text.starts_with(mark);
            out.word = continues ? WordPlace::Continues : WordPlace::Begins;
            out.markBytes = continues ? static_cast<std::uint8_t>(mark.size()) : 0;
        }
        return out;
    }
    out.text = out.piece = std::to_string(id);
    out.word = WordPlace::Begins;
    return out;
}

std::int64_t ModelTokenizer::idOf(std::string_view piece) const {
    for (const AddedToken& added : m_parts->added) {
        if (added.content == piece) return added.id;
    }
    return m_parts->model->vocabulary().idOf(piece);
}

std::int64_t ModelTokenizer::idCount() const {
    std::int64_t largest = m_parts->model->vocabulary().largestId();
    for (const AddedToken& added : m_parts->added) largest = std::max(largest, added.id);
    return largest + 1;
}

}  // namespace attn
