#include "core/text/tokenizer.h"

#include <gmock/gmock.h>

namespace attn {
namespace {

using namespace std::string_literals;

TEST(DisplayText, LeavesWordsAlone) {
    for (const char* word :
         {"", "didn't", "酸菜", "é", "e\u0301", "Straße", "مَرحَبًا", "שָׁלוֹם", "नमस्ते", "カタカナ", "~!@"}) {
        EXPECT_EQ(displayText(word), word);
    }
}

TEST(DisplayText, ShowsSpacesBreaksAndControls) {
    EXPECT_EQ(displayText(" "), "␣");
    EXPECT_EQ(displayText("a b"), "a␣b");
    EXPECT_EQ(displayText("\n"), "⏎");
    EXPECT_EQ(displayText("\r\n"), "⏎");
    EXPECT_EQ(displayText("\r\r\n\n"), "␍⏎⏎");
    EXPECT_EQ(displayText("\t"), "⇥");
    EXPECT_EQ(displayText("\0"s), "␀");
    EXPECT_EQ(displayText("\x01\x1B\x7F"), "␁␛␡");
    EXPECT_EQ(displayText("\u0085"), "⟨U+0085⟩");
}

TEST(DisplayText, ShowsWhatHasNoShape) {
    EXPECT_EQ(displayText("\u200B"), "⟨U+200B⟩");
    EXPECT_EQ(displayText("a\u00A0b\u3000"), "a⟨U+00A0⟩b⟨U+3000⟩");
    EXPECT_EQ(displayText("\u202Eabc\u202C"), "⟨U+202E⟩abc⟨U+202C⟩");
    EXPECT_EQ(displayText("\u200F\u2066\uFEFF\u00AD"), "⟨U+200F⟩⟨U+2066⟩⟨U+FEFF⟩⟨U+00AD⟩");
    EXPECT_EQ(displayText("a\u200Db"), "a⟨U+200D⟩b");
    EXPECT_EQ(displayText("e\u0301\u200Db"), "e\u0301⟨U+200D⟩b");
    EXPECT_EQ(displayText("a\uFE0F"), "a⟨U+FE0F⟩");
    EXPECT_EQ(displayText("\u2028\u2029\u2800\u3164"), "⟨U+2028⟩⟨U+2029⟩⟨U+2800⟩⟨U+3164⟩");
    EXPECT_EQ(displayText("\uFFFE\uE000\U0010FFFF"), "⟨U+FFFE⟩⟨U+E000⟩⟨U+10FFFF⟩");
    EXPECT_EQ(displayText("\uFFFD"), "\uFFFD");
}

TEST(DisplayText, KeepsWhatShapesItsNeighbours) {
    for (const char* cluster :
         {"👩‍💻", "👨🏽‍🚀", "❤️‍🔥", "1️⃣", "🇯🇵", "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
          "می‌خواهم", "क्‍ष", "葛\U000E0100", "مَ\u200Cن"}) {
        EXPECT_EQ(displayText(cluster), cluster);
    }
    EXPECT_EQ(displayText("x\U000E0067"), "x⟨U+E0067⟩");
    EXPECT_EQ(displayText("\u200D👩"), "⟨U+200D⟩👩");
}

TEST(DisplayText, GivesLoneMarksABase) {
    EXPECT_EQ(displayText("\u0301"), "◌\u0301");
    EXPECT_EQ(displayText("\u0301\u0302"), "◌\u0301\u0302");
    EXPECT_EQ(displayText(" \u0301"), "␣◌\u0301");
    EXPECT_EQ(displayText("\u200B\u0301"), "⟨U+200B⟩◌\u0301");
}

TEST(DisplayText, WritesBytesInHexadecimal) {
    const Tokens tokens = tokenize("é\n", TokenizerKind::Bytes, 10);
    EXPECT_EQ(displayText(tokens.items[0].text), "C3");
    EXPECT_EQ(displayText(tokens.items[1].text), "A9");
    EXPECT_EQ(displayText(tokens.items[2].text), "⏎");
    EXPECT_EQ(displayText("\xE2\x82"), "\uFFFD");
}

TEST(DisplayText, IsNeverLongerThanItsLimit) {
    EXPECT_EQ(displayText("abcdef", 6), "abcdef");
    EXPECT_EQ(displayText("abcdef", 5), "abcde…");
    EXPECT_EQ(displayText("酸菜鱼", 2), "酸菜…");
    EXPECT_EQ(displayText("酸菜鱼", 3), "酸菜鱼");
    EXPECT_EQ(displayText("😀😀😀", 2), "😀😀…");
    EXPECT_EQ(displayText(std::string(1U << 20U, 'a')), std::string(256, 'a') + "…");
    EXPECT_EQ(displayText("a", 0), "…");
}

}  // namespace
}  // namespace attn
