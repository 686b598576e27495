// SentencePiece's unigram model and its table of characters, as tokenizer.json writes them.
#include "core/text/model_tokenizer.h"
#include "core/text/text_steps.h"
#include "core/text/vocabulary.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

using Scored = std::vector<std::pair<std::string, double>>;

std::vector<std::int64_t> idsOf(const PieceModel& model, std::string_view word) {
    std::vector<std::int64_t> ids;
    model.encode(word, ids);
    return ids;
}

std::shared_ptr<const PieceModel> modelOf(const Scored& pieces, const UnigramOptions& options) {
    const auto made = unigramModel(pieces, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().english());
    return made ? *made : nullptr;
}

/// The largest sum of scores over all ways to cut a word, unknown characters at their price.
double bestOf(const std::map<std::string, double>& scores, double unknown, const std::string& word) {
    if (word.empty()) return 0;
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t length = 1; length <= word.size(); ++length) {
        const auto piece = scores.find(word.substr(0, length));
        if (piece != scores.end())
            best = std::max(best, piece->second + bestOf(scores, unknown, word.substr(length)));
    }
    if (scores.count(word.substr(0, 1)) == 0)
        best = std::max(best, unknown + bestOf(scores, unknown, word.substr(1)));
    return best;
}

RC_GTEST_PROP(Unigram, FindsTheBestOfAllWaysToCut, ()) {
    const auto letters = [](int most) {
        const auto length = static_cast<std::size_t>(*rc::gen::inRange(1, most));
        return *rc::gen::container<std::string>(length, rc::gen::element('a', 'b', 'c'));
    };
    Scored pieces{{"<unk>", 0}};
    std::map<std::string, double> scores;
    const int count = *rc::gen::inRange(0, 8);
    for (int i = 0; i < count; ++i) {
        const std::string piece = letters(4);
        const double score = -*rc::gen::inRange(1, 80) / 8.0;
        if (scores.emplace(piece, score).second) pieces.emplace_back(piece, score);
    }
    double lowest = 0;
    for (const auto& each : pieces) lowest = std::min(lowest, each.second);
    const double unknown = lowest - 10;
    const auto model = modelOf(pieces, {0, false});
    const std::string word = letters(9);
    const auto ids = idsOf(*model, word);
    // What it found costs what the best way costs: known pieces by their scores, unknown letters one by one.
    double sum = 0;
    std::size_t written = 0;
    for (const std::int64_t id : ids) {
        if (id == 0) continue;
        sum += pieces[static_cast<std::size_t>(id)].second;
        written += pieces[static_cast<std::size_t>(id)].first.size();
    }
    sum += unknown * static_cast<double>(word.size() - written);
    RC_ASSERT(std::abs(sum - bestOf(scores, unknown, word)) < 1e-9);
    for (std::size_t i = 1; i < ids.size(); ++i) RC_ASSERT(!(ids[i] == 0 && ids[i - 1] == 0));
}

TEST(Unigram, LongPiecesWinByTheirScoresNotByTheirLength) {
    const Scored pieces{{"<unk>", 0}, {"a", -1}, {"b", -1}, {"ab", -1.5}, {"abc", -9}, {"c", -2}};
    EXPECT_THAT(idsOf(*modelOf(pieces, {0, false}), "abc"), ElementsAre(3, 5));
    EXPECT_THAT(idsOf(*modelOf(pieces, {0, false}), "xya\xE2\x82\xAC"), ElementsAre(0, 1, 0));
    EXPECT_THAT(idsOf(*modelOf(pieces, {-1, false}), "xa"), ElementsAre(1)) << "no unknown piece: left out";
    EXPECT_THAT(idsOf(*modelOf(pieces, {0, false}), ""), ElementsAre());
}

TEST(Unigram, BytesTakeThePlaceOfUnknownCharacters) {
    Scored pieces{{"<unk>", 0}, {"a", -1}};
    for (int byte = 0; byte < 256; ++byte) {
        char name[8];
        std::snprintf(name, sizeof name, "<0x%02X>", static_cast<unsigned>(byte));
        pieces.emplace_back(name, 0);
    }
    EXPECT_THAT(idsOf(*modelOf(pieces, {0, true}), "a\xE2\x82\xAC"),
                ElementsAre(1, 2 + 0xE2, 2 + 0x82, 2 + 0xAC));
    EXPECT_THAT(idsOf(*modelOf(pieces, {0, false}), "a\xE2\x82\xAC"), ElementsAre(1, 0));
}

TEST(Unigram, ADamagedVocabularyIsAnError) {
    EXPECT_FALSE(unigramModel({}, {}));
    EXPECT_FALSE(unigramModel({{"a", -1}}, {1, false}));
    EXPECT_FALSE(unigramModel({{"a", -1}, {"a", -2}}, {0, false}));
    EXPECT_FALSE(unigramModel({{"", -1}}, {0, false}));
    EXPECT_FALSE(unigramModel({{std::string(2000, 'a'), -1}}, {0, false}));
    EXPECT_FALSE(unigramModel({{"a", std::numeric_limits<double>::infinity()}}, {0, false}));
}

/// A table of characters, built the slow way: every node where its children first find room.
class CharsMapWriter {
public:
    explicit CharsMapWriter(const std::map<std::string, std::string>& entries) {
        std::map<std::string, std::uint32_t> places;
        for (const auto& [text, replacement] : entries) {
            places[text] = static_cast<std::uint32_t>(m_pool.size());
            m_pool += replacement + '\0';
        }
        m_units.resize(1);
        m_taken.resize(1, true);
        write(places, "", 0);
    }
    [[nodiscard]] std::string base64() const {
        std::string bytes;
        const auto number = [&](std::uint32_t value) {
            for (int i = 0; i < 4; ++i)
                bytes += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xffU);
        };
        number(static_cast<std::uint32_t>(4 * m_units.size()));
        for (const std::uint32_t unit : m_units) number(unit);
        bytes += m_pool;
        constexpr std::string_view kDigits =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string out;
        for (std::size_t at = 0; at < bytes.size(); at += 3) {
            std::uint32_t three = 0;
            for (std::size_t i = 0; i < 3; ++i)
                three =
                    three << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
            for (std::size_t i = 0; i < 4; ++i)
                out += at + i <= bytes.size() ? kDigits[three >> (18 - 6 * i) & 63U] : '=';
        }
        return out;
    }

private:
    void write(const std::map<std::string, std::uint32_t>& places, const std::string& prefix,
               std::size_t node) {
        std::vector<unsigned char> next;
        const bool leaf = places.count(prefix) > 0;
        if (leaf) next.push_back(0);
        for (const auto& [text, place] : places) {
            if (text.size() <= prefix.size() || text.compare(0, prefix.size(), prefix) != 0) continue;
            const auto byte = static_cast<unsigned char>(text[prefix.size()]);
            if (std::find(next.begin(), next.end(), byte) == next.end()) next.push_back(byte);
        }
        std::size_t offset = 1;
        const auto free = [&](unsigned char byte) {
            const std::size_t at = node ^ offset ^ byte;
            return at >= m_taken.size() || !m_taken[at];
        };
        while (!std::all_of(next.begin(), next.end(), free)) ++offset;
        m_units[node] |= static_cast<std::uint32_t>(offset << 10U) | (leaf ? 1U << 8U : 0U);
        for (const unsigned char byte : next) {
            const std::size_t at = node ^ offset ^ byte;
            if (at >= m_units.size()) {
                m_units.resize(at + 1);
                m_taken.resize(at + 1, false);
            }
            m_taken[at] = true;
            m_units[at] = byte;
        }
        for (const unsigned char byte : next) {
            const std::size_t at = node ^ offset ^ byte;
            if (byte == 0) {
                m_units[at] = 0x80000000U | places.at(prefix);
            } else {
                write(places, prefix + static_cast<char>(byte), at);
            }
        }
    }

    std::vector<std::uint32_t> m_units;
    std::vector<bool> m_taken;
    std::string m_pool;
};

std::string changed(const NormalizerStep& step, const std::string& text) {
    icu::UnicodeString characters = utf16(text);
    EXPECT_TRUE(step(characters));
    return utf8(characters);
}

TEST(PrecompiledCharsMap, ReplacesGraphemesThenCharacters) {
    const CharsMapWriter table(
        {{"\uFB01", "fi"}, {"\uFF21", "A"}, {"e\u0301", "\u00E9"}, {"\u00AD", ""}, {"\u3000", " "}});
    const auto step = precompiledNormalizer(table.base64());
    ASSERT_TRUE(step) << step.error().english();
    EXPECT_EQ(changed(*step, "\uFB01nd \uFF21bc"), "find Abc");
    EXPECT_EQ(changed(*step, "cafe\u0301"), "caf\u00E9") << "a grapheme of two characters";
    EXPECT_EQ(changed(*step, "so\u00ADft\u3000x"), "soft x");
    EXPECT_EQ(changed(*step, "plain \u6211 \U0001F389"), "plain \u6211 \U0001F389");
    EXPECT_EQ(changed(*step, ""), "");
}

TEST(PrecompiledCharsMap, DamageIsAnErrorOrChangesNothing) {
    EXPECT_FALSE(precompiledNormalizer("!!!"));
    EXPECT_FALSE(precompiledNormalizer(""));
    EXPECT_FALSE(precompiledNormalizer("//////8="));  // a trie of 4 GB
    const auto empty = precompiledNormalizer("AAAAAA==");
    ASSERT_TRUE(empty);
    EXPECT_EQ(changed(*empty, "abc"), "abc");
}

RC_GTEST_PROP(PrecompiledCharsMap, AnyBytesAreNoTrouble, (const std::vector<std::uint8_t>& noise)) {
    // Units without sense: every place outside is refused.
    std::string bytes(noise.begin(), noise.end());
    bytes.resize(bytes.size() / 4 * 4);
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (const char c : bytes) text += kDigits[static_cast<unsigned char>(c) & 63U];
    if (const auto step = precompiledNormalizer(text)) changed(*step, "abc \u00E9 \u6211");
}

// XLM-RoBERTa's kind of file, small.
TEST(Unigram, ATokenizerFileOfXlmRobertasKind) {
    const CharsMapWriter table(std::map<std::string, std::string>{{"\uFF21", "A"}});
    const json document = {
        {"added_tokens",
         {{{"id", 0}, {"content", "<s>"}, {"special", true}},
          {{"id", 1}, {"content", "</s>"}, {"special", true}}}},
        {"normalizer",
         {{"type", "Sequence"},
          {"normalizers",
           {{{"type", "Precompiled"}, {"precompiled_charsmap", table.base64()}},
            {{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", " "}}}}}},
        {"pre_tokenizer",
         {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "WhitespaceSplit"}}, {{"type", "Metaspace"}, {"replacement", "\u2581"}}}}}},
        {"post_processor",
         {{"type", "TemplateProcessing"},
          {"single",
           {{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
            {{"Sequence", {{"id", "A"}, {"type_id", 0}}}},
            {{"SpecialToken", {{"id", "</s>"}, {"type_id", 0}}}}}},
          {"special_tokens",
           {{"<s>", {{"id", "<s>"}, {"ids", {0}}, {"tokens", {"<s>"}}}},
            {"</s>", {{"id", "</s>"}, {"ids", {1}}, {"tokens", {"</s>"}}}}}}}},
        {"decoder", {{"type", "Metaspace"}, {"replacement", "\u2581"}}},
        {"model",
         {{"type", "Unigram"},
          {"unk_id", 2},
          {"vocab", json::array({json::array({"<s>", 0.0}), json::array({"</s>", 0.0}),
                                 json::array({"<unk>", 0.0}), json::array({"\u2581", -4.0}),
                                 json::array({"\u2581A", -5.0}), json::array({"nna", -6.0}),
                                 json::array({"\u2581Anna", -12.0}), json::array({".", -3.0})})}}}};
    const auto tokenizer = tokenizerFromJson(document.dump());
    ASSERT_TRUE(tokenizer) << tokenizer.error().english();
    const auto tokens = (*tokenizer)->encode("\uFF21nna  q.", 100);
    ASSERT_TRUE(tokens);
    std::vector<std::int64_t> ids;
    for (const Token& token : tokens->items) ids.push_back(token.id);
    EXPECT_THAT(ids, ElementsAre(0, 4, 5, 3, 2, 7, 1)) << "-5 - 6 is better than -12";
    EXPECT_EQ(tokens->items[1].text, " A");
    json damaged = document;
    damaged["model"]["vocab"][3] = "x";
    EXPECT_THAT(tokenizerFromJson(damaged.dump()).error().english(), HasSubstr("model.vocab[3]"));
    damaged = document;
    damaged["normalizer"]["normalizers"][0]["precompiled_charsmap"] = "?";
    EXPECT_THAT(tokenizerFromJson(damaged.dump()).error().english(), HasSubstr("precompiled_charsmap"));
}

}  // namespace
}  // namespace attn
