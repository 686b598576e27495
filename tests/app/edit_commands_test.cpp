// `--edit PLACE=NUMBER`: numbers changed by hand on the command line.
#include "tests/app/expectations.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace attn {
namespace {

using nlohmann::json;
using test::expectBadValue;
using test::expectFine;
using test::runProgram;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;

class EditCommands : public testing::Test {
protected:
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }
    [[nodiscard]] static std::string model(const char* name) {
        return std::string(ATTN_TEST_DATA "/models/") + name;
    }
    [[nodiscard]] json traced(std::vector<std::string> input) const {
        input.insert(input.begin(), "trace");
        input.insert(input.end(), {"-o", path("t.json")});
        expectFine(runProgram(input));
        return json::parse(m_folder.read("t.json"));
    }

    const TemporaryFolder m_folder;
};

TEST_F(EditCommands, WhatFollowsFollows) {
    const json plain = traced({"--text", "one two three"});
    const json edited = traced({"--text", "one two three", "--edit", "blocks.0.q[0,2,1]=2.5", "--edit",
                                "blocks.0.pattern[1,0,2]=0.75", "--edit", "embed[0,0]=-3"});
    EXPECT_EQ(edited["blocks.0.q"][0][2][1], 2.5);
    EXPECT_EQ(edited["blocks.0.pattern"][1][0][2], 0.75);
    EXPECT_EQ(edited["embed"][0][0], -3);
    EXPECT_EQ(edited["token_embed"], plain["token_embed"]);
    const auto scoreOf = [&](std::size_t key) {
        double sum = 0;
        for (std::size_t d = 0; d < edited["blocks.0.q"][0][2].size(); ++d) {
            sum +=
                edited["blocks.0.q"][0][2][d].get<double>() * edited["blocks.0.k"][0][key][d].get<double>();
        }
        return sum;
    };
    for (std::size_t key = 0; key < 3; ++key)
        EXPECT_NEAR(edited["blocks.0.scores_raw"][0][2][key].get<double>(), scoreOf(key), 1e-4);
    double sum = 0;
    for (const json& weight : edited["blocks.0.pattern"][1][0]) sum += weight.get<double>();
    EXPECT_NEAR(sum, 1, 1e-6);
    const json kept = traced(
        {"--text", "one two three", "--edit", "blocks.0.pattern[1,0,2]=0.75", "--set", "edited_rows=kept"});
    EXPECT_EQ(kept["blocks.0.pattern"][1][0][0], plain["blocks.0.pattern"][1][0][0]);
}

TEST_F(EditCommands, OfATrainedModel) {
    const std::vector<std::string> input{"--model", model("llama3"), "--ids", "3,1,4,1"};
    const json plain = traced(input);
    std::vector<std::string> more = input;
    more.insert(more.end(), {"--edit", "blocks.1.k[1,2,0]=2", "--edit", "blocks.0.scores[3,3,0]=-inf"});
    const json edited = traced(more);
    EXPECT_EQ(edited["blocks.1.k"][1][2][0], 2);
    EXPECT_EQ(edited["blocks.0.pattern"][3][3][0], 0);
    EXPECT_EQ(edited["blocks.0.q"], plain["blocks.0.q"]);
    EXPECT_NE(edited["logits"], plain["logits"]);
}

TEST_F(EditCommands, OfASceneAndOfFigures) {
    m_folder.write("s.attn", R"({"format":"attention-lab/scene","version":1,"text":{"source":"one two"},)"
                             R"("edits":[{"tensor":"blocks.0.q","head":0,"row":1,"column":0,"value":4,)"
                             R"("heads":4,"columns":16,"row_token":"two"},)"
                             R"({"tensor":"blocks.0.q","head":0,"row":0,"column":0,"value":5,)"
                             R"("heads":4,"columns":16,"row_token":"three"}]})");
    const auto run = runProgram({"trace", "--scene", path("s.attn"), "-o", path("t.json")});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.error, HasSubstr("1 edits sleep"));
    EXPECT_THAT(run.error, HasSubstr("blocks.0.q[0,0,0]"));
    const json q = json::parse(m_folder.read("t.json"))["blocks.0.q"];
    EXPECT_EQ(q[0][1][0], 4);
    EXPECT_NE(q[0][0][0], 5);
    expectFine(runProgram(
        {"export", "--text", "one two", "--edit", "blocks.0.pattern[0,1,1]=1", "-o", path("f.svg")}));
    expectFine(runProgram(
        {"export", "--text", "one two", "--edit", "blocks.0.pattern[0,1,1]=1", "-o", path("f.json")}));
    EXPECT_THAT(m_folder.read("f.json"), HasSubstr("[[0"));
}

TEST_F(EditCommands, SayWhatIsWrong) {
    const auto edited = [&](const char* edit) {
        return runProgram({"trace", "--text", "a b", "--edit", edit, "-o", path("t.json")});
    };
    expectBadValue(edited("blocks.0.q[0,1]=2"), "--edit: 'blocks.0.q[0,1]=2': q has heads");
    expectBadValue(edited("blocks.0.q[0,1,2]"), "is not TENSOR[head,row,column]=NUMBER");
    expectBadValue(edited("blocks.0.queries[0,1,2]=1"), "is no tensor that can be changed");
    expectBadValue(edited("blocks.0.q[0,1,2]=1e9"), "1e9 is outside");
    expectBadValue(edited("blocks.0.q[0,1,2]=nan"), "nan is outside");
    expectBadValue(edited("blocks.0.q[0,2,2]=1"), "blocks.0.q[0,2,2]=1: blocks.0.q is 4 × 2 × 16");
    expectBadValue(edited("embed[2,2]=1"), "embed[2,2]=1: embed is 2 × 64");
    expectBadValue(edited("blocks.3.q[0,1,2]=1"), "there is no tensor 'blocks.3.q'");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

}  // namespace
}  // namespace attn
