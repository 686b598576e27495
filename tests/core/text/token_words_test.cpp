#include "core/text/token_words.h"

#include "core/text/model_tokenizer.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace attn {
namespace {

using testing::ElementsAre;

Token piece(const std::string& text, bool special = false) {
    Token token;
    token.text = text;
    token.special = special;
    return token;
}

std::vector<Token> pieces(const std::vector<std::string>& texts) {
    std::vector<Token> tokens;
    for (const std::string& text : texts) tokens.push_back(piece(text));
    return tokens;
}

std::vector<std::string> words(const std::vector<Token>& tokens) {
    const std::vector<std::uint8_t> begins = wordBeginnings(tokens);
    std::vector<std::string> out;
    for (std::size_t first = 0; first < tokens.size();) {
        std::size_t end = first + 1;
        while (end < tokens.size() && begins[end] == 0) ++end;
        out.push_back(joinedText(std::span<const Token>(tokens).subspan(first, end - first)));
        first = end;
    }
    return out;
}

std::vector<Token> encoded(const nlohmann::json& model, const nlohmann::json& preTokenizer,
                           const std::vector<std::int64_t>& ids) {
    const nlohmann::json file = {{"added_tokens", nlohmann::json::array()},
                                 {"normalizer", nullptr},
                                 {"pre_tokenizer", preTokenizer},
                                 {"post_processor", nullptr},
                                 {"decoder", nullptr},
                                 {"model", model}};
    const auto tokenizer = tokenizerFromJson(file.dump());
    EXPECT_TRUE(tokenizer) << tokenizer.error().english();
    std::vector<Token> tokens;
    if (!tokenizer) return tokens;
    for (const std::int64_t id : ids) tokens.push_back((*tokenizer)->token(id));
    return tokens;
}

TEST(TokenWords, SpacesBeginWordsInByteLevelPieces) {
    EXPECT_THAT(words(pieces({"The", " an", "imal", " didn", "'t", " cross", "."})),
                ElementsAre("The", " animal", " didn't", " cross", "."));
    EXPECT_THAT(words(pieces({"3", ".", "14", " (", "see", ")"})), ElementsAre("3.14", " (", "see", ")"));
    EXPECT_THAT(words(pieces({"a", " ", " b"})), ElementsAre("a", " ", " b")) << "two spaces";
    EXPECT_THAT(words(pieces({"a", " ", "b"})), ElementsAre("a", " b")) << "a space belongs to what follows";
    EXPECT_THAT(words(pieces({"a", "\n", "b"})), ElementsAre("a", "\n", "b"));
}

TEST(TokenWords, BytesOfACharacterAreOneWordAndChineseCharactersStandAlone) {
    EXPECT_THAT(words(pieces({" \xF0\x9F", "\x8E", "\x89", " ok"})), ElementsAre(" \U0001F389", " ok"));
    // A family: four people and three joiners, cut anywhere.
    EXPECT_THAT(words(pieces({"\U0001F468", "\u200D", "\U0001F469\u200D", "\U0001F467"})),
                ElementsAre("\U0001F468\u200D\U0001F469\u200D\U0001F467"));
    EXPECT_THAT(words(pieces({"\u6211", "\u60F3", "\u5403", "\u9C7C"})),
                ElementsAre("\u6211", "\u60F3", "\u5403", "\u9C7C"));
    EXPECT_THAT(words(pieces({"\xE6", "\x88", "\x91", "\xE6\x83", "\xB3"})), ElementsAre("\u6211", "\u60F3"));
    EXPECT_THAT(words(pieces({"\u6C64\u59C6", "\u8FFD\u9010"})), ElementsAre("\u6C64\u59C6", "\u8FFD\u9010"));
    EXPECT_THAT(words(pieces({"a", "\u6211", "b"})), ElementsAre("a", "\u6211", "b"));
    // Bytes that are no text at all stay where they are.
    EXPECT_EQ(wordBeginnings(pieces({"\xFF", "\x80", "x"})).size(), 3U);
}

TEST(TokenWords, WordPieceSaysItByItsMark) {
    const nlohmann::json model = {{"type", "WordPiece"},
                                  {"unk_token", "[UNK]"},
                                  {"continuing_subword_prefix", "##"},
                                  {"vocab",
                                   {{"[UNK]", 0},
                                    {"em", 1},
                                    {"##bed", 2},
                                    {"##ding", 3},
                                    {"is", 4},
                                    {"don", 5},
                                    {"'", 6},
                                    {"t", 7},
                                    {"##", 8}}}};
    const auto tokens = encoded(model, nullptr, {1, 2, 3, 4, 5, 6, 7, 8, 1});
    EXPECT_THAT(words(tokens), ElementsAre("embedding", "is", "don", "'", "t", "##", "em"));
    EXPECT_EQ(tokens[1].word, WordPlace::Continues);
    EXPECT_EQ(tokens[0].word, WordPlace::Begins);
    EXPECT_THAT(splitWordPieces(tokens), ElementsAre(1, 1, 1, 0, 0, 0, 0, 0, 0));
}

TEST(TokenWords, SentencePieceWithByteFallback) {
    const nlohmann::json model = {{"type", "BPE"},
                                  {"byte_fallback", true},
                                  {"merges", nlohmann::json::array()},
                                  {"vocab",
                                   {{"\u2581The", 0},
                                    {"\u2581str", 1},
                                    {"eet", 2},
                                    {"<0xE6>", 3},
                                    {"<0x88>", 4},
                                    {"<0x91>", 5},
                                    {".", 6},
                                    {"\u2581", 7}}}};
    const nlohmann::json metaspace = {{"type", "Metaspace"}, {"replacement", "\u2581"}};
    const auto tokens = encoded(model, metaspace, {0, 1, 2, 6, 7, 3, 4, 5});
    EXPECT_THAT(words(tokens), ElementsAre(" The", " street", ".", " \u6211"));
    EXPECT_THAT(splitWordPieces(tokens), ElementsAre(0, 1, 1, 0, 1, 1, 1, 1));
}

TEST(TokenWords, ToyWordsAreWords) {
    const Tokens tokens = tokenize("Tom didn't chase \u6211\u60F3\u5403", TokenizerKind::Words, 100);
    for (const std::uint8_t each : wordBeginnings(tokens.items)) EXPECT_EQ(each, 1);
    EXPECT_THAT(words(tokenize("I am", TokenizerKind::Characters, 100).items), ElementsAre("I", " am"));
    EXPECT_THAT(words(tokenize("\u00E9t\u00E9 la", TokenizerKind::Bytes, 100).items),
                ElementsAre("\u00E9t\u00E9", " la"));
}

TEST(TokenWords, SpecialTokensEndWords) {
    std::vector<Token> tokens = pieces({"un", "known", "word"});
    tokens.insert(tokens.begin() + 1, piece("<s>", true));
    EXPECT_THAT(wordBeginnings(tokens), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(wordBeginnings({}), ElementsAre());
    for (const char* text : {"<s>", "</s>", "[CLS]", "[SEP]", "<|endoftext|>", "<pad>", "[PAD]"})
        EXPECT_TRUE(surroundsText(piece(text, true))) << text;
    for (const char* text : {"[MASK]", "<mask>", "[UNK]", "<unk>"})
        EXPECT_FALSE(surroundsText(piece(text, true))) << text;
    EXPECT_FALSE(surroundsText(piece("<s>")));
}

// What every tokenizer cuts by rule says nothing about what a model knows.
TEST(TokenWords, CutsByRuleAreNoSignOfARareWord) {
    EXPECT_THAT(splitWordPieces(pieces({" didn", "'t", " 20", "26", "."})), ElementsAre(0, 0, 0, 0, 0));
    EXPECT_THAT(splitWordPieces(pieces({" z", "q", "x", " ok"})), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(splitWordPieces(pieces({" \xF0\x9F", "\x8E\x89"})), ElementsAre(1, 1));
    EXPECT_THAT(splitWordPieces(pieces({"\u6211", "\u60F3"})), ElementsAre(0, 0));
}

}  // namespace
}  // namespace attn
