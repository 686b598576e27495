#include "core/text/model_tokenizer.h"

#include "core/io/file.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace attn {
namespace {

using nlohmann::json;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kAll = std::size_t{1} << 40U;

std::vector<std::int64_t> idsOf(const ModelTokenizer& tokenizer, std::string_view text,
                                std::size_t limit = kAll) {
    const Result<Tokens> tokens = tokenizer.encode(text, limit);
    EXPECT_TRUE(tokens) << (tokens ? "" : tokens.error().english());
    std::vector<std::int64_t> ids;
    for (const Token& token : tokens->items) ids.push_back(token.id);
    return ids;
}

std::vector<std::string> piecesOf(const ModelTokenizer& tokenizer, std::string_view text) {
    std::vector<std::string> pieces;
    const Tokens tokens = tokenizer.encode(text, kAll).value();
    for (const Token& token : tokens.items) pieces.push_back(token.piece);
    return pieces;
}

ModelTokenizerPtr fromJson(const json& document) {
    Result<ModelTokenizerPtr> tokenizer = tokenizerFromJson(document.dump());
    EXPECT_TRUE(tokenizer) << (tokenizer ? "" : tokenizer.error().english());
    return *tokenizer;
}

std::string errorOf(const json& document) {
    const Result<ModelTokenizerPtr> tokenizer = tokenizerFromJson(document.dump());
    return tokenizer ? "no error" : tokenizer.error().english();
}

/// Numbers pieces from 0 in the order of the list.
json numbered(const std::vector<std::string>& pieces) {
    json vocab = json::object();
    for (const std::string& piece : pieces) vocab[piece] = vocab.size();
    return vocab;
}

void expectPublishedIds(const char* name, std::size_t around) {
    const std::filesystem::path folder = test::referenceFolder("tokenizers");
    if (folder.empty()) GTEST_SKIP() << "no reference tokenizers beside the checkout";
    const Result<ModelTokenizerPtr> tokenizer = openTokenizer(folder / name, "");
    ASSERT_TRUE(tokenizer) << tokenizer.error().english();
    const json cases = json::parse(readFile(folder / name / "cases.json", 1U << 24U).value());
    ASSERT_GT(cases.size(), 10U);
    for (const json& each : cases) {
        const std::string text = each.at("text").get<std::string>();
        std::vector<std::int64_t> ids = idsOf(**tokenizer, text);
        ASSERT_GE(ids.size(), around) << text;
        if (around > 0) ids = {ids.begin() + 1, ids.end() - 1};
        EXPECT_THAT(ids, ElementsAreArray(each.at("ids").get<std::vector<std::int64_t>>())) << text;
    }
}

TEST(PublishedTokenizers, Gpt2) {
    expectPublishedIds("gpt2", 0);
}

TEST(PublishedTokenizers, BertBaseUncased) {
    expectPublishedIds("bert-base-uncased", 2);
}

TEST(PublishedTokenizers, BertSurroundsAndFindsSpecialTokens) {
    const std::filesystem::path folder = test::referenceFolder("tokenizers");
    if (folder.empty()) GTEST_SKIP() << "no reference tokenizers beside the checkout";
    const ModelTokenizerPtr tokenizer = openTokenizer(folder / "bert-base-uncased", "bert").value();
    EXPECT_THAT(piecesOf(*tokenizer, "Tom [MASK] Jérôme\u200b's\x07 caf\u00e9s"),
                ElementsAre("[CLS]", "tom", "[MASK]", "jerome", "'", "s", "cafes", "[SEP]"));
    EXPECT_THAT(idsOf(*tokenizer, ""), ElementsAre(101, 102));
    EXPECT_THAT(idsOf(*tokenizer, "one two three", 4), ElementsAre(101, 2028, 2048, 102));
    EXPECT_THAT(idsOf(*tokenizer, std::string(101, 'a')), ElementsAre(101, 100, 102));
}

TEST(PublishedTokenizers, AMegabyteOfAnything) {
    const std::filesystem::path folder = test::referenceFolder("tokenizers");
    if (folder.empty()) GTEST_SKIP() << "no reference tokenizers beside the checkout";
    const ModelTokenizerPtr gpt2 = openTokenizer(folder / "gpt2", "gpt2").value();
    const ModelTokenizerPtr bert = openTokenizer(folder / "bert-base-uncased", "bert").value();
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& unit : {std::string(" "), std::string("a"), std::string("\n"),
                                    std::string("ab 12, "), std::string("\u9c7c"), std::string("!")}) {
        std::string text;
        while (text.size() < 1'000'000) text += unit;
        EXPECT_GT(gpt2->encode(text, 16).value().found, 10'000U) << unit;
        EXPECT_GE(bert->encode(text, 16).value().found, 2U) << unit;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

json llamaStyle() {
    std::vector<std::string> pieces{"<unk>", "<s>", "</s>"};
    for (int byte = 0; byte < 256; ++byte) {
        std::array<char, 8> name{};
        std::snprintf(name.data(), name.size(), "<0x%02X>", static_cast<unsigned>(byte));
        pieces.emplace_back(name.data());
    }
    for (const char* piece :
         {"\u2581", "h", "e", "l", "o", "he", "ll", "hell", "hello", "\u2581hello", "\u2581\u2581"})
        pieces.emplace_back(piece);
    return {{"added_tokens",
             {{{"id", 1}, {"content", "<s>"}, {"special", true}, {"normalized", false}},
              {{"id", 2}, {"content", "</s>"}, {"special", true}, {"normalized", false}}}},
            {"normalizer",
             {{"type", "Sequence"},
              {"normalizers",
               {{{"type", "Prepend"}, {"prepend", "\u2581"}},
                {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\u2581"}}}}}},
            {"pre_tokenizer", nullptr},
            {"post_processor",
             {{"type", "TemplateProcessing"},
              {"single",
               {{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
                {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
              {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {1}}, {"tokens", {"<s>"}}}}}}}},
            {"model",
             {{"type", "BPE"},
              {"unk_token", "<unk>"},
              {"fuse_unk", true},
              {"byte_fallback", true},
              {"vocab", numbered(pieces)},
              {"merges", {"h e", "l l", "he ll", "hell o", "\u2581 hello", "\u2581 \u2581"}}}}};
}

TEST(ModelTokenizer, SentencePieceStyleWithByteFallback) {
    const ModelTokenizerPtr tokenizer = fromJson(llamaStyle());
    EXPECT_THAT(piecesOf(*tokenizer, "hello hello"), ElementsAre("<s>", "\u2581hello", "\u2581hello"));
    EXPECT_THAT(piecesOf(*tokenizer, "\u00e9\n"), ElementsAre("<s>", "\u2581", "<0xC3>", "<0xA9>", "<0x0A>"));
    EXPECT_THAT(piecesOf(*tokenizer, "   h"), ElementsAre("<s>", "\u2581\u2581", "\u2581\u2581", "h"));
    EXPECT_THAT(idsOf(*tokenizer, ""), ElementsAre(1));
    EXPECT_THAT(piecesOf(*tokenizer, "hello</s>"), ElementsAre("<s>", "\u2581hello", "</s>"));
    const Tokens tokens = tokenizer->encode("\n hello", kAll).value();
    EXPECT_EQ(tokens.items[2].text, "\n");
    EXPECT_EQ(tokens.items[3].text, " hello");
    EXPECT_TRUE(tokens.items[0].special);
    // One word of a megabyte.
    EXPECT_EQ(tokenizer->encode(std::string(1'000'000, 'h'), 8).value().found, 1'000'002U);
}

TEST(ModelTokenizer, MergesAsPairsAreTheSame) {
    json document = llamaStyle();
    document["model"]["merges"] = json::parse(R"([["h", "e"], ["l", "l"], ["he", "ll"], ["hell", "o"]])");
    EXPECT_THAT(piecesOf(*fromJson(document), "hello"), ElementsAre("<s>", "\u2581", "hello"));
}

json byteLevel(const json& preTokenizer) {
    std::vector<std::string> pieces{"<|end|>"};
    for (const char* piece : {"a", "b", "c", "1", "2", "3", "\u0120", "\u010a", "!", "'", "s", "ab",
                              "\u0120ab", "12", "\u0120\u0120"})
        pieces.emplace_back(piece);
    return {{"added_tokens", {{{"id", 0}, {"content", "<|end|>"}, {"special", true}}}},
            {"normalizer", {{"type", "NFC"}}},
            {"pre_tokenizer", preTokenizer},
            {"post_processor", {{"type", "ByteLevel"}}},
            {"decoder", {{"type", "ByteLevel"}}},
            {"model",
             {{"type", "BPE"},
              {"vocab", numbered(pieces)},
              {"merges", {"a b", "\u0120 ab", "1 2", "\u0120 \u0120"}}}}};
}

TEST(ModelTokenizer, ByteLevelWithGpt2sExpression) {
    const ModelTokenizerPtr tokenizer =
        fromJson(byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", false}}));
    EXPECT_THAT(piecesOf(*tokenizer, "ab ab's"), ElementsAre("ab", "\u0120ab", "'", "s"));
    EXPECT_THAT(piecesOf(*tokenizer, "a   ab"), ElementsAre("a", "\u0120\u0120", "\u0120ab"));
    EXPECT_THAT(piecesOf(*tokenizer, "123!<|end|>a"), ElementsAre("12", "3", "!", "<|end|>", "a"));
    EXPECT_EQ(tokenizer->encode(" ab", kAll).value().items[0].text, " ab");
}

// As Hugging Face's ByteLevel does: a space before every stretch between added tokens, not only at the start.
TEST(ModelTokenizer, APrefixSpaceGoesBeforeWhatFollowsAnAddedTokenToo) {
    const ModelTokenizerPtr tokenizer =
        fromJson(byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", true}}));
    EXPECT_THAT(piecesOf(*tokenizer, "ab<|end|>!"), ElementsAre("\u0120ab", "<|end|>", "\u0120", "!"));
    EXPECT_EQ(piecesOf(*tokenizer, "ab<|end|>!"), piecesOf(*tokenizer, "ab<|end|> !"));
}

TEST(ModelTokenizer, SplitByTheFilesOwnExpression) {
    // Llama 3's and Qwen 2's: digits in groups or one by one, then bytes without GPT-2's expression.
    const auto splitBy = [](const char* regex) {
        return json{{"type", "Sequence"},
                    {"pretokenizers",
                     {{{"type", "Split"},
                       {"pattern", {{"Regex", regex}}},
                       {"behavior", "Isolated"},
                       {"invert", false}},
                      {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
    };
    const ModelTokenizerPtr qwen = fromJson(byteLevel(splitBy(
        R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)")));
    EXPECT_THAT(piecesOf(*qwen, "12 ab"), ElementsAre("1", "2", "\u0120ab"));
    EXPECT_THAT(piecesOf(*qwen, "a  \n\nb"), ElementsAre("a", "\u0120\u0120", "\u010a", "\u010a", "b"));
    EXPECT_EQ(qwen->encode(std::string(1'000'000, ' '), 4).value().found, 500'000U);
    const ModelTokenizerPtr digits =
        fromJson(byteLevel({{"type", "Sequence"},
                            {"pretokenizers",
                             {{{"type", "Digits"}, {"individual_digits", true}},
                              {{"type", "ByteLevel"}, {"add_prefix_space", false}}}}}));
    EXPECT_THAT(piecesOf(*digits, "12 ab"), ElementsAre("1", "2", "\u0120ab"));
}

TEST(ModelTokenizer, WordPieceInJson) {
    const json document = {
        {"normalizer", {{"type", "BertNormalizer"}, {"lowercase", false}, {"strip_accents", nullptr}}},
        {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
        {"post_processor", {{"type", "BertProcessing"}, {"sep", {"[SEP]", 1}}, {"cls", {"[CLS]", 0}}}},
        {"model",
         {{"type", "WordPiece"},
          {"unk_token", "[UNK]"},
          {"vocab", numbered({"[CLS]", "[SEP]", "[UNK]", "un", "##aff", "##able", "\u9c7c", "\u00e9"})}}}};
    const ModelTokenizerPtr tokenizer = fromJson(document);
    EXPECT_THAT(
        piecesOf(*tokenizer, "unaffable Un \u9c7c\u9c7c \u00e9"),
        ElementsAre("[CLS]", "un", "##aff", "##able", "[UNK]", "\u9c7c", "\u9c7c", "\u00e9", "[SEP]"));
}

TEST(ModelTokenizer, AddedTokensSwallowSpaces) {
    json document = byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", false}});
    document["added_tokens"] = {
        {{"id", 20}, {"content", "<m>"}, {"lstrip", true}, {"normalized", false}},
        {{"id", 21}, {"content", "ca"}, {"single_word", true}, {"normalized", false}}};
    const ModelTokenizerPtr tokenizer = fromJson(document);
    EXPECT_THAT(piecesOf(*tokenizer, "a  <m> ab"), ElementsAre("a", "<m>", "\u0120ab"));
    EXPECT_THAT(piecesOf(*tokenizer, "ca caa"), ElementsAre("ca", "\u0120", "c", "a", "a"));
    EXPECT_EQ(tokenizer->idCount(), 22);
    EXPECT_EQ(tokenizer->token(99).text, "99");
}

// In Hugging Face's tokenizers a token that is found inside a word is passed over as a whole.
TEST(ModelTokenizer, AnAddedTokenInsideAWordHidesWhatLiesInIt) {
    json document = byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", false}});
    document["added_tokens"] = {
        {{"id", 20}, {"content", "aba"}, {"single_word", true}, {"normalized", false}},
        {{"id", 21}, {"content", "ba"}, {"normalized", false}},
        {{"id", 22}, {"content", "a"}, {"single_word", true}, {"normalized", false}}};
    const ModelTokenizerPtr tokenizer = fromJson(document);
    EXPECT_THAT(idsOf(*tokenizer, "aba"), ElementsAre(20));
    EXPECT_THAT(piecesOf(*tokenizer, "abab"), ElementsAre("ab", "ab")) << "not ba, which begins in aba";
    EXPECT_THAT(piecesOf(*tokenizer, "cba"), ElementsAre("c", "ba"));
    // A word's characters are Unicode's: letters of numbers, circled ones, marks, joiners.
    for (const char* letter : {"\u216b", "\u24d0", "\u20dd", "\u200d", "_", "7"})
        EXPECT_THAT(piecesOf(*tokenizer, std::string("a") + letter + "!"), ElementsAre("a", "!")) << letter;
    EXPECT_THAT(idsOf(*tokenizer, "a\u2014"), ElementsAre(22));
}

TEST(ModelTokenizer, UnknownCharactersAndBytes) {
    json document = llamaStyle();
    document["normalizer"] = nullptr;
    document["post_processor"] = nullptr;
    document["model"]["vocab"].erase("<0xC3>");  // so that not every character has its bytes
    EXPECT_THAT(piecesOf(*fromJson(document), "h\u00e9\u00e9h"), ElementsAre("h", "<unk>", "h"));
    document["model"]["fuse_unk"] = false;
    EXPECT_THAT(piecesOf(*fromJson(document), "\u00e9\u00e9"), ElementsAre("<unk>", "<unk>"));
    document["model"]["merges"] = {"#version: 0.2", "h e"};
    EXPECT_THAT(piecesOf(*fromJson(document), "he"), ElementsAre("he"));
}

json wordLevelPieces(const json& normalizer, const std::vector<std::string>& pieces) {
    return {{"normalizer", normalizer},
            {"pre_tokenizer", {{"type", "WhitespaceSplit"}}},
            {"model", {{"type", "WordPiece"}, {"unk_token", "[UNK]"}, {"vocab", numbered(pieces)}}}};
}

TEST(ModelTokenizer, Normalisers) {
    // StripAccents takes marks of all three kinds, BertNormalizer those without a width.
    const std::vector<std::string> pieces{"[UNK]", "\u0915", "\u0915\u093f", "a", "b", "a\ufdd0"};
    EXPECT_THAT(piecesOf(*fromJson(wordLevelPieces({{"type", "StripAccents"}}, pieces)),
                         "\u0915\u093f a\u0301\u20dd"),
                ElementsAre("\u0915", "a"));
    EXPECT_THAT(piecesOf(*fromJson(wordLevelPieces({{"type", "BertNormalizer"}}, pieces)),
                         "\u0915\u093f a\u0301 a\u20dd"),
                ElementsAre("\u0915\u093f", "a", "[UNK]"));
    // Control, format and private characters go, what has no character yet stays.
    EXPECT_THAT(piecesOf(*fromJson(wordLevelPieces({{"type", "BertNormalizer"}}, pieces)),
                         "a\u200d\u00ad\ue000\x01 a\ufdd0"),
                ElementsAre("a", "a\ufdd0"));
    EXPECT_THAT(piecesOf(*fromJson(wordLevelPieces({{"type", "Nmt"}}, pieces)), "a\u200bb\x02\x7f\u2581a"),
                ElementsAre("a", "b", "a"));
    json metaspace = byteLevel({{"type", "Metaspace"}, {"prepend_scheme", "once"}});
    EXPECT_THAT(errorOf(metaspace), HasSubstr("the prepend_scheme 'once' is not known"));
    metaspace = byteLevel({{"type", "CharDelimiterSplit"}, {"delimiter", "-"}});
    EXPECT_THAT(piecesOf(*fromJson(metaspace), "ab-a-b"), ElementsAre("ab", "a", "b"));
}

TEST(ModelTokenizer, BadFilesAreNamed) {
    json document = byteLevel({{"type", "ByteLevel"}});
    document["model"]["merges"] = {"a b", "a zz"};
    EXPECT_THAT(errorOf(document), HasSubstr("merge 2, 'a zz': 'zz' is not in the vocabulary"));
    document["model"]["merges"] = json::parse(R"([["a", ""]])");
    EXPECT_THAT(errorOf(document), HasSubstr("merge 1: one of its two parts is empty"));
    document["model"].erase("merges");
    EXPECT_THAT(errorOf(document), HasSubstr("model.merges is missing"));
    document["model"]["merges"] = 3;
    EXPECT_THAT(errorOf(document), HasSubstr("model.merges: expected a list, got 3"));

    document = byteLevel({{"type", "ByteLevel"}});
    document["model"]["vocab"]["ab"] = 1;
    EXPECT_THAT(errorOf(document), HasSubstr("the id 1 is there already"));
    document["model"]["vocab"]["ab"] = -3;
    EXPECT_THAT(errorOf(document), HasSubstr("expected a token's id, got -3"));
    document["model"]["vocab"] = json::array({"a"});
    EXPECT_THAT(errorOf(document), HasSubstr("model.vocab: expected an object"));
    document["model"] = {{"type", "WordLevel"}};
    EXPECT_THAT(errorOf(document), HasSubstr("model.type: 'WordLevel' is not read"));
    document["model"] = {{"type", "Unigram"}};
    EXPECT_THAT(errorOf(document), HasSubstr("model.vocab is missing"));

    EXPECT_THAT(errorOf(byteLevel({{"type", "Split"}, {"pattern", {{"Regex", "("}}}})),
                HasSubstr("the regular expression '(' cannot be read"));
    EXPECT_THAT(errorOf(byteLevel({{"type", "Guess"}})), HasSubstr("the pre-tokenizer 'Guess' is not known"));
    EXPECT_THAT(errorOf(json::array()), HasSubstr("no JSON object"));
}

TEST(OpenTokenizer, FromVocabularyAndMerges) {
    const TemporaryFolder folder;
    EXPECT_THAT(openTokenizer(folder.path(), "gpt2").error().english(), HasSubstr("there is no tokenizer"));
    folder.write("vocab.json", R"({"a":0,"b":1,"ab":2,"<s>":3,"</s>":4,"<mask>":5,"<|endoftext|>":6,"Ġ":7})");
    EXPECT_THAT(openTokenizer(folder.path(), "gpt2").error().english(), HasSubstr("merges.txt is missing"));
    folder.write("merges.txt", "#version: 0.2\na b\n");
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "gpt2").value(), "ab<|endoftext|>b"),
                ElementsAre(2, 6, 1));
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "roberta").value(), "ab <mask>b"),
                ElementsAre(3, 2, 5, 1, 4));
    folder.write("merges.txt", "#version: 0.2\na b\nab\n");
    EXPECT_THAT(openTokenizer(folder.path(), "gpt2").error().english(), HasSubstr("line 3 is no pair"));
}

TEST(OpenTokenizer, BartSurroundsATextAsRobertaDoes) {
    const TemporaryFolder folder;
    folder.write("vocab.json", R"({"a":0,"<s>":1,"</s>":2,"[BOS]":3})");
    folder.write("merges.txt", "#version: 0.2\n");
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "bart").value(), "a"), ElementsAre(1, 0, 2));
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "gpt2").value(), "a"), ElementsAre(0));
    folder.write("tokenizer_config.json", R"({"add_bos_token":true,"bos_token":{"content":"[BOS]"}})");
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "gpt2").value(), "a[BOS]"), ElementsAre(3, 0, 3));
    folder.write("tokenizer_config.json", R"({"add_bos_token":true,"bos_token":"[GONE]"})");
    EXPECT_THAT(openTokenizer(folder.path(), "gpt2").error().english(), HasSubstr("'[GONE]'"));
}

TEST(OpenTokenizer, SpecialTokensOfAnyName) {
    const TemporaryFolder folder;
    folder.write("vocab.txt", "<unk>\n<cls>\n<sep>\n<hide>\na\n");
    folder.write("special_tokens_map.json",
                 R"({"unk_token":"<unk>","cls_token":"<cls>","sep_token":{"content":"<sep>"}})");
    folder.write("tokenizer_config.json", R"({"mask_token":"<hide>","sep_token":null})");
    EXPECT_THAT(idsOf(*openTokenizer(folder.path(), "bert").value(), "A z <hide>"),
                ElementsAre(1, 4, 0, 3, 2));
}

// The published classes set these members anew; where tokenizer_config.json says nothing, the file holds.
TEST(OpenTokenizer, SettingsOfTheClassGoBeforeTheFile) {
    const TemporaryFolder folder;
    folder.write("tokenizer.json", llamaStyle().dump());
    const auto ids = [&] { return idsOf(*openTokenizer(folder.path(), "llama").value(), "hello"); };
    const std::int64_t hello = ids().back();
    EXPECT_THAT(ids(), ElementsAre(1, hello));
    folder.write("tokenizer_config.json",
                 R"({"tokenizer_class":"LlamaTokenizerFast","add_bos_token":false,"add_eos_token":true})");
    EXPECT_THAT(ids(), ElementsAre(hello, 2));
    folder.write(
        "tokenizer_config.json",
        R"({"tokenizer_class":"LlamaTokenizer","add_eos_token":true,"eos_token":{"content":"</s>"}})");
    EXPECT_THAT(ids(), ElementsAre(1, hello, 2));
    for (const char* other : {R"({"tokenizer_class":"PreTrainedTokenizerFast","add_bos_token":false})",
                              R"({"tokenizer_class":"LlamaTokenizerFast"})"}) {
        folder.write("tokenizer_config.json", other);
        EXPECT_THAT(ids(), ElementsAre(1, hello)) << other;
    }
    folder.write("tokenizer_config.json",
                 R"({"tokenizer_class":"LlamaTokenizer","add_bos_token":true,"bos_token":"<b>"})");
    EXPECT_THAT(openTokenizer(folder.path(), "llama").error().english(), HasSubstr("'<b>'"));

    const TemporaryFolder bytes;
    bytes.write("tokenizer.json", byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", false}}).dump());
    bytes.write("tokenizer_config.json", R"({"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true})");
    EXPECT_THAT(piecesOf(*openTokenizer(bytes.path(), "gpt2").value(), "ab"), ElementsAre("\u0120ab"));

    const TemporaryFolder words;
    words.write(
        "tokenizer.json",
        wordLevelPieces({{"type", "BertNormalizer"}, {"lowercase", true}}, {"[UNK]", "a", "A"}).dump());
    words.write("tokenizer_config.json",
                R"({"tokenizer_class":"BertTokenizer","do_lower_case":false,"strip_accents":null})");
    EXPECT_THAT(piecesOf(*openTokenizer(words.path(), "bert").value(), "A"), ElementsAre("A"));
}

TEST(OpenTokenizer, TokensThatTheSettingsDeclare) {
    const TemporaryFolder folder;
    json document = byteLevel({{"type", "ByteLevel"}, {"add_prefix_space", false}});
    document["added_tokens"] = {{{"id", 20}, {"content", "<m>"}, {"normalized", false}}};
    folder.write("tokenizer.json", document.dump());
    const auto ids = [&](const char* typed) {
        return idsOf(*openTokenizer(folder.path(), "").value(), typed);
    };
    const std::int64_t a = ids("a").front(), c = ids("c").front(), ab = ids("ab").front();
    EXPECT_THAT(ids("c <m>"), ElementsAre(c, testing::_, 20));
    EXPECT_THAT(ids("aab"), ElementsAre(a, ab));
    folder.write("tokenizer_config.json",
                 R"({"bos_token":"aa","eos_token":{"content":"ca"},"pad_token":"12","added_tokens_decoder":{)"
                 R"("30":{"content":"<m>","lstrip":true,"normalized":false,"special":true},)"
                 R"("31":{"content":"<new>","special":true}}})");
    EXPECT_THAT(ids("c <m><new>"), ElementsAre(c, 20, 31)) << "its id stays, its flags are the settings'";
    EXPECT_TRUE(openTokenizer(folder.path(), "").value()->token(20).special);
    EXPECT_TRUE(openTokenizer(folder.path(), "").value()->encode("112", kAll)->items.back().special)
        << "a piece of the vocabulary that the settings name";
    EXPECT_THAT(ids("aab"), ElementsAre(a, ab)) << "no piece is called aa";
}

}  // namespace
}  // namespace attn
