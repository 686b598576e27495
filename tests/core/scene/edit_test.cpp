// Numbers changed by hand: as text, in order, and where they fit.
#include "core/scene/edit.h"

#include "core/text/tokenizer.h"

#include <gmock/gmock.h>

#include <cmath>

namespace attn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Tokens tokensOf(std::initializer_list<const char*> texts) {
    Tokens tokens;
    for (const char* text : texts) tokens.items.emplace_back().text = text;
    return tokens;
}

TEST(Edit, TextsAndBack) {
    for (const char* text : {"blocks.0.q[0,3,1]=2.5", "embed[3,0]=-1", "context.token_embed[0,0]=1e-05",
                             "decoder.blocks.1.cross.scores[2,0,4]=-inf", "blocks.11.W_O[1,0,700]=0.1",
                             "blocks.0.resid_post[1,2]=1e+06"}) {
        const Result<Edit> edit = parseEdit(text);
        ASSERT_TRUE(edit) << text << ": " << edit.error().english();
        EXPECT_EQ(formatEdit(*edit), text);
    }
    const Edit edit = *parseEdit("blocks.2.k[1,3,7]=0.5");
    EXPECT_EQ(edit.tensor, (TensorKey{"blocks.2", TensorName::K}));
    EXPECT_EQ(edit.head, 1);
    EXPECT_EQ(edit.row, 3);
    EXPECT_EQ(edit.column, 7);
    EXPECT_EQ(edit.value, 0.5);
    EXPECT_EQ(formatPlace(edit), "blocks.2.k[1,3,7]");
}

TEST(Edit, SaysWhatIsWrong) {
    const auto error = [](const char* text) {
        const Result<Edit> edit = parseEdit(text);
        return edit ? std::string() : edit.error().english();
    };
    for (const char* text :
         {"", "blocks.0.q", "blocks.0.q=1", "blocks.0.q[0,1,2]", "blocks.0.q[0,1,2]=", "blocks.0.q[0,,2]=1",
          "blocks.0.q[]=1", "blocks.0.q[0,-1,2]=1", "blocks.0.q[0,1,2]=two", "blocks.0.q[0,1,2]=1 ",
          "blocks.0.q[0,1,99999999999]=1", "]=[blocks.0.q"})
        EXPECT_THAT(error(text), HasSubstr("is not TENSOR[head,row,column]=NUMBER")) << text;
    EXPECT_THAT(error("logits[0,1]=1"), HasSubstr("'logits' is no tensor that can be changed"));
    EXPECT_THAT(error("blocks.0.queries[0,1]=1"), HasSubstr("no tensor"));
    EXPECT_THAT(error("blocks.0.q[1,2]=1"), HasSubstr("q has heads, give [head,row,column]"));
    EXPECT_THAT(error("embed[0,1,2]=1"), HasSubstr("embed has no heads, give [row,column]"));
    for (const char* value : {"nan", "inf", "-inf", "1000001", "-1e300"}) {
        EXPECT_THAT(error((std::string("blocks.0.q[0,1,2]=") + value).c_str()),
                    HasSubstr("outside -1e+06 … 1e+06"))
            << value;
    }
    EXPECT_EQ(error("blocks.0.scores[0,1,2]=-inf"), "");
    EXPECT_THAT(error("blocks.0.scores[0,1,2]=inf"), HasSubstr("outside"));
}

TEST(Edit, OneForEachPlaceInOrder) {
    Edits all;
    for (const char* text : {"blocks.0.q[1,0,0]=1", "blocks.0.W_Q[0,0,0]=2", "blocks.0.q[0,2,1]=3",
                             "blocks.0.q[0,10,0]=4", "blocks.0.q[0,2,0]=5", "blocks.0.q[1,0,0]=6"})
        setEdit(all, *parseEdit(text));
    std::vector<std::string> texts;
    for (const Edit& each : all) texts.push_back(formatEdit(each));
    EXPECT_THAT(texts, ElementsAre("blocks.0.W_Q[0,0,0]=2", "blocks.0.q[0,2,0]=5", "blocks.0.q[0,2,1]=3",
                                   "blocks.0.q[0,10,0]=4", "blocks.0.q[1,0,0]=6"));
    EXPECT_EQ(editsOf(all, {"blocks.0", TensorName::Q}).size(), 4U);
    EXPECT_EQ(editsOf(all, {"blocks.0", TensorName::K}).size(), 0U);
    EXPECT_EQ(editsOf(all, {"blocks.1", TensorName::Q}).size(), 0U);
    EXPECT_TRUE(removeEdit(all, *parseEdit("blocks.0.q[0,10,0]=99")));
    EXPECT_FALSE(removeEdit(all, *parseEdit("blocks.0.q[0,10,0]=99")));
    EXPECT_EQ(all.size(), 4U);
}

TEST(Edit, SleepsWhereItsTokenIsGone) {
    const Tokens three = tokensOf({"one", "two", "three"}), other = tokensOf({"one", "four", "three"});
    Edit edit = *parseEdit("blocks.0.q[1,1,5]=1");
    EXPECT_TRUE(fits(edit, {4, 3, 16}, &three, nullptr)) << "it remembers nothing";
    remember(edit, {4, 3, 16}, &three, nullptr);
    EXPECT_EQ(edit.rowToken, "two");
    EXPECT_EQ(edit.rows, 0) << "a longer text has it too";
    EXPECT_TRUE(fits(edit, {4, 3, 16}, &three, nullptr));
    EXPECT_TRUE(fits(edit, {4, 4, 16}, &three, nullptr));
    EXPECT_FALSE(fits(edit, {4, 3, 16}, &other, nullptr));
    EXPECT_FALSE(fits(edit, {4, 3, 32}, &three, nullptr)) << "another d_k";
    EXPECT_FALSE(fits(edit, {5, 3, 16}, &three, nullptr)) << "another number of heads";
    const Tokens shorter = tokensOf({"one"});
    EXPECT_FALSE(fits(edit, {4, 1, 16}, &shorter, nullptr));
}

TEST(Edit, BothTokensOfAScoreMustBeThere) {
    const Tokens queries = tokensOf({"a", "b"}), keys = tokensOf({"c", "d", "e"});
    Edit edit = *parseEdit("blocks.0.pattern[0,1,2]=1");
    remember(edit, {2, 2, 3}, &queries, &keys);
    EXPECT_EQ(edit.columnToken, "e");
    EXPECT_TRUE(fits(edit, {2, 2, 3}, &queries, &keys));
    EXPECT_FALSE(fits(edit, {2, 2, 3}, &queries, &queries));
    const Tokens swapped = tokensOf({"b", "a"});
    EXPECT_FALSE(fits(edit, {2, 2, 3}, &swapped, &keys));
}

TEST(Edit, OfAWeightFitsItsShapeAlone) {
    Edit edit = *parseEdit("blocks.0.W_V[1,60,3]=1");
    remember(edit, {2, 64, 8}, nullptr, nullptr);
    EXPECT_TRUE(fits(edit, {2, 64, 8}, nullptr, nullptr));
    for (const std::array<std::int64_t, 3> shape :
         {std::array<std::int64_t, 3>{3, 64, 8}, {2, 65, 8}, {2, 64, 9}, {2, 32, 8}})
        EXPECT_FALSE(fits(edit, shape, nullptr, nullptr)) << shape[0] << " " << shape[1] << " " << shape[2];
    Edit unbound = *parseEdit("blocks.0.W_V[1,60,3]=1");
    EXPECT_TRUE(fits(unbound, {3, 65, 9}, nullptr, nullptr));
    EXPECT_FALSE(fits(unbound, {3, 60, 9}, nullptr, nullptr)) << "there is no such row";
}

TEST(Edit, ALoneByteIsFoundAgainAfterAFile) {
    Tokens bytes;
    bytes.items.emplace_back().text = "\xE9";
    EXPECT_TRUE(stands(bytes, 0, "\xE9"));
    EXPECT_TRUE(stands(bytes, 0, "\xEF\xBF\xBD"));
    EXPECT_FALSE(stands(bytes, 0, "e"));
    EXPECT_FALSE(stands(bytes, 1, "e"));
    EXPECT_FALSE(stands(bytes, -1, "e"));
}

}  // namespace
}  // namespace attn
