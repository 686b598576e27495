#include "core/text/tokenizer.h"

#include <gmock/gmock.h>

#include <random>

namespace attn {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kNoLimit = 1U << 24U;

std::vector<std::string> textsOf(const Tokens& tokens) {
    std::vector<std::string> texts;
    for (const Token& token : tokens.items) texts.push_back(token.text);
    return texts;
}

std::vector<std::string> words(std::string_view text) {
    return textsOf(tokenize(text, TokenizerKind::Words, kNoLimit));
}

std::vector<std::string> characters(std::string_view text) {
    return textsOf(tokenize(text, TokenizerKind::Characters, kNoLimit));
}

std::vector<std::int64_t> idsOf(const Tokens& tokens) {
    std::vector<std::int64_t> ids;
    for (const Token& token : tokens.items) ids.push_back(token.id);
    return ids;
}

/// What every tokenization must satisfy: the ranges lie in order, hold the tokens' texts, and leave out
/// nothing (words: nothing but white space); ids name first occurrences.
void expectSound(std::string_view text, TokenizerKind kind) {
    SCOPED_TRACE(testing::PrintToString(text.substr(0, 80)));
    const std::string repaired = repairUtf8(text);
    const Tokens tokens = tokenize(text, kind, kNoLimit);
    EXPECT_EQ(tokens.found, tokens.items.size());
    std::size_t at = 0;
    std::string between;
    for (std::size_t i = 0; i < tokens.items.size(); ++i) {
        const Token& token = tokens.items[i];
        ASSERT_LE(at, token.begin);
        ASSERT_LT(token.begin, token.end);
        ASSERT_LE(token.end, repaired.size());
        between += repaired.substr(at, token.begin - at);
        ASSERT_EQ(token.text, repaired.substr(token.begin, token.end - token.begin));
        at = token.end;
        ASSERT_GE(token.id, 0);
        ASSERT_LE(token.id, static_cast<std::int64_t>(i));
        EXPECT_EQ(tokens.items[static_cast<std::size_t>(token.id)].text, token.text);
        EXPECT_EQ(tokens.items[static_cast<std::size_t>(token.id)].id, token.id);
    }
    between += repaired.substr(at);
    if (kind == TokenizerKind::Words) {
        EXPECT_THAT(words(between), IsEmpty());
    } else {
        EXPECT_EQ(between, "");
    }
}

TEST(TokenizerWords, KeepsContractionsAndSplitsPunctuation) {
    EXPECT_THAT(words("The animal didn't cross."), ElementsAre("The", "animal", "didn't", "cross", "."));
    EXPECT_THAT(words("it didn’t"), ElementsAre("it", "didn’t"));
    EXPECT_THAT(words("tired."), ElementsAre("tired", "."));
    EXPECT_THAT(words("3.14 1,000 $5"), ElementsAre("3.14", "1,000", "$", "5"));
    EXPECT_THAT(words("e.g. this"), ElementsAre("e.g", ".", "this"));
    EXPECT_THAT(words("state-of-the-art"), ElementsAre("state", "-", "of", "-", "the", "-", "art"));
    EXPECT_THAT(words("\"Wait!\" she said…"), ElementsAre("\"", "Wait", "!", "\"", "she", "said", "…"));
    EXPECT_THAT(words("dogs' 'tis"), ElementsAre("dogs", "'", "'", "tis"));
    EXPECT_THAT(words("snake_case x2"), ElementsAre("snake_case", "x2"));
}

TEST(TokenizerWords, SegmentsChineseAndJapanese) {
    EXPECT_THAT(words("我想吃酸菜鱼"), ElementsAre("我想", "吃", "酸菜", "鱼"));
    EXPECT_THAT(words("汤姆 追逐 杰瑞。"), ElementsAre("汤姆", "追逐", "杰", "瑞", "。"));
    EXPECT_THAT(words("私は猫が好きです"), ElementsAre("私", "は", "猫", "が", "好き", "です"));
    EXPECT_THAT(words("カタカナ"), ElementsAre("カタカナ"));
}

TEST(TokenizerWords, LeavesOutAllWhiteSpaceAndNothingElse) {
    EXPECT_THAT(words(""), IsEmpty());
    EXPECT_THAT(words(" \t\r\n\v\f\u0085\u00A0\u2028\u2029\u3000"), IsEmpty());
    EXPECT_THAT(words("a \u200B b"), ElementsAre("a", "\u200B", "b"));
    EXPECT_THAT(words("a\0b\x01"s), ElementsAre("a", "\0"s, "b", "\x01"));
}

TEST(TokenizerWords, KeepsClustersWhole) {
    EXPECT_THAT(words("👩‍💻👍🏽 🇩🇪🇫🇷"),
                ElementsAre("👩‍💻", "👍🏽", "🇩🇪", "🇫🇷"));
    EXPECT_THAT(words("مَرحَبًا بالعالم"), ElementsAre("مَرحَبًا", "بالعالم"));
    EXPECT_THAT(words("cafe\u0301 שָׁלוֹם"), ElementsAre("cafe\u0301", "שָׁלוֹם"));
}

TEST(TokenizerCharacters, AreGraphemeClusters) {
    EXPECT_THAT(characters("我想吃酸菜鱼"), ElementsAre("我", "想", "吃", "酸", "菜", "鱼"));
    EXPECT_THAT(characters("a b\n"), ElementsAre("a", " ", "b", "\n"));
    EXPECT_THAT(characters("\r\n\n"), ElementsAre("\r\n", "\n"));
    EXPECT_THAT(characters("e\u0301x"), ElementsAre("e\u0301", "x"));
    EXPECT_THAT(characters("👨‍👩‍👧👍🏽🇯🇵1️⃣"),
                ElementsAre("👨‍👩‍👧", "👍🏽", "🇯🇵", "1️⃣"));
    EXPECT_THAT(characters("\u0301a"), ElementsAre("\u0301", "a"));
    EXPECT_THAT(characters("\0x"s), ElementsAre("\0"s, "x"));
    EXPECT_THAT(characters(""), IsEmpty());
}

TEST(TokenizerBytes, AreSingleRawBytes) {
    const Tokens tokens = tokenize("aé\0"s, TokenizerKind::Bytes, kNoLimit);
    EXPECT_THAT(textsOf(tokens), ElementsAre("a", "\xC3", "\xA9", "\0"s));
    EXPECT_EQ(tokens.items[2].begin, 2U);
    EXPECT_EQ(tokens.items[2].end, 3U);
}

TEST(Tokenizer, IdIsTheFirstPlaceOfTheSameText) {
    EXPECT_THAT(idsOf(tokenize("the cat saw the cat The", TokenizerKind::Words, kNoLimit)),
                ElementsAre(0, 1, 2, 0, 1, 5));
    EXPECT_THAT(idsOf(tokenize("abab", TokenizerKind::Bytes, kNoLimit)), ElementsAre(0, 1, 0, 1));
}

TEST(Tokenizer, StopsAtTheLimitAndCountsOn) {
    for (const auto kind : {TokenizerKind::Words, TokenizerKind::Characters, TokenizerKind::Bytes}) {
        const Tokens tokens = tokenize("a b c d", kind, 2);
        EXPECT_EQ(tokens.items.size(), 2U);
        EXPECT_EQ(tokens.found, kind == TokenizerKind::Words ? 4U : 7U);
        EXPECT_TRUE(tokens.truncated());
        const Tokens whole = tokenize("a b c d", kind, tokens.found);
        EXPECT_FALSE(whole.truncated());
        EXPECT_THAT(tokenize("a", kind, 0).items, IsEmpty());
        EXPECT_EQ(tokenize("a", kind, 0).found, 1U);
    }
}

TEST(Tokenizer, IteratorsForgetTheTextBefore) {
    EXPECT_THAT(words("one two three"), ElementsAre("one", "two", "three"));
    EXPECT_THAT(words("x"), ElementsAre("x"));
    EXPECT_THAT(characters("xy"), ElementsAre("x", "y"));
    EXPECT_THAT(words("酸菜 x"), ElementsAre("酸菜", "x"));
}

TEST(Tokenizer, RangesRebuildTheText) {
    const std::vector<std::string> texts = {"",
                                            "  The animal didn't cross the street.\n",
                                            "我想吃酸菜鱼 カタカナ สวัสดีครับ",
                                            "مَرحَبًا, العالم! \u202Eabc\u202C",
                                            "👨‍👩‍👧👍🏽🇯🇵1️⃣ \u0301 e\u0301",
                                            "a\0b\x01\x7F"s,
                                            "\xED\xA0\x80 x \xED\xBF\xBF",
                                            "\xE2\x82 \xF0\x9F\x98 \xFF\xFE \xC0\x80",
                                            "\U0010FFFF\U0001F3F4\U000E0067\U000E007F"};
    for (const std::string& text : texts) {
        for (const auto kind : {TokenizerKind::Words, TokenizerKind::Characters, TokenizerKind::Bytes}) {
            expectSound(text, kind);
        }
    }
}

TEST(Tokenizer, RangesRebuildRandomBytes) {
    constexpr std::uint32_t kSeed = 20240607;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 300; ++round) {
        std::string text(random() % 60, ' ');
        for (char& c : text) c = static_cast<char>(random() % 256);
        for (const auto kind : {TokenizerKind::Words, TokenizerKind::Characters, TokenizerKind::Bytes}) {
            expectSound(text, kind);
        }
    }
}

TEST(Tokenizer, TakesAMegabyteOnOneLine) {
    struct Piece {
        std::string text;
        std::size_t words;  ///< in each repetition; 0: in all of them together `inAll`
        std::size_t inAll;
    };
    const std::vector<Piece> pieces = {{"a", 0, 1},      {"a b ", 2, 0},        {"酸菜鱼", 2, 0},
                                       {"\u0301", 0, 1}, {"👩‍💻", 1, 0}, {" ", 0, 0}};
    for (const Piece& piece : pieces) {
        SCOPED_TRACE(piece.text);
        std::string text;
        std::size_t repeated = 0;
        for (; text.size() < (1U << 20U); ++repeated) text += piece.text;
        const Tokens tokens = tokenize(text, TokenizerKind::Words, 1024);
        const std::size_t expected = piece.words > 0 ? piece.words * repeated : piece.inAll;
        EXPECT_EQ(tokens.found, expected);
        EXPECT_EQ(tokens.items.size(), std::min<std::size_t>(expected, 1024));
    }
}

TEST(RepairUtf8, LeavesWellFormedTextAlone) {
    for (const std::string& text : {""s, "plain"s, "NUL \0 inside"s, "é€😀"s, "\uFFFD\uFFFE\U0010FFFF"s}) {
        EXPECT_EQ(repairUtf8(text), text);
    }
}

TEST(RepairUtf8, ReplacesEachMaximalPart) {
    const std::string r = "\uFFFD";
    EXPECT_EQ(repairUtf8("\xE2\x82"), r);                      // a truncated €
    EXPECT_EQ(repairUtf8("\xF0\x9F\x98x"), r + "x");           // a truncated emoji
    EXPECT_EQ(repairUtf8("\xED\xA0\x80"), r + r + r);          // a lone surrogate
    EXPECT_EQ(repairUtf8("\xC0\x80"), r + r);                  // an overlong NUL
    EXPECT_EQ(repairUtf8("\xE0\x80\xAF"), r + r + r);          // an overlong slash
    EXPECT_EQ(repairUtf8("\xF4\x90\x80\x80"), r + r + r + r);  // beyond U+10FFFF
    EXPECT_EQ(repairUtf8("a\x80z\xFF"), "a" + r + "z" + r);
    EXPECT_EQ(repairUtf8("\xE2\x82\xE2\x82\xAC"), r + "€");
}

}  // namespace
}  // namespace attn
