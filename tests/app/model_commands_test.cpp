// Models of a folder, on the command line.
#include "core/io/file.h"
#include "tests/app/program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace attn {
namespace {

using nlohmann::json;
using test::Outcome;
using test::runProgram;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;

std::string model(const char* name) {
    return std::string(ATTN_TEST_DATA) + "/models/" + name;
}

void expectFine(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << outcome.error;
    EXPECT_THAT(outcome.error, IsEmpty());
}

/// Status 1, and one line on standard error that holds `text`.
void expectBadValue(const Outcome& outcome, const std::string& text) {
    EXPECT_EQ(outcome.status, 1) << outcome.error;
    EXPECT_THAT(outcome.error, HasSubstr(text));
    EXPECT_EQ(std::count(outcome.error.begin(), outcome.error.end(), '\n'), 1) << outcome.error;
}

class ModelCommands : public testing::Test {
protected:
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }

    const TemporaryFolder m_folder;
};

TEST_F(ModelCommands, ModelsSaysWhatAFolderHolds) {
    const Outcome outcome = runProgram({"models", model("mistral")});
    expectFine(outcome);
    for (const char* line :
         {"family:       mistral (MistralForCausalLM)", "heads:        4, keys and values 2",
          "mask:         causal, window 3", "tokenizer:    none", "opens:        yes"})
        EXPECT_THAT(outcome.out, HasSubstr(line));
    const std::string bytes = readFile(model("mistral") + "/config.json", std::size_t{1} << 16U).value();
    m_folder.write("config.json", bytes);
    const Outcome empty = runProgram({"models", m_folder.path().string()});
    expectBadValue(empty, "there are no weights");
    EXPECT_THAT(empty.out, HasSubstr("opens:        no"));
    m_folder.write("config.json", "{");
    expectBadValue(runProgram({"models", m_folder.path().string()}), "config.json: line 1");
}

TEST_F(ModelCommands, TraceOfIdsAndSegments) {
    expectFine(runProgram({"trace", "--model", model("bert-masked"), "--ids", "2,7,1", "--segments", "0,1,1",
                           "-o", path("a.json")}));
    expectFine(
        runProgram({"trace", "--model", model("bert-masked"), "--ids", "2,7,1", "-o", path("b.json")}));
    const json a = json::parse(m_folder.read("a.json")), b = json::parse(m_folder.read("b.json"));
    EXPECT_EQ(a["tokens"], json({"2", "7", "1"}));
    EXPECT_EQ(a["logits"].size(), 3U);
    EXPECT_EQ(a["token_embed"], b["token_embed"]);
    EXPECT_NE(a["embed"], b["embed"]);
    EXPECT_FALSE(a.contains("blocks.0.W_Q"));

    const Outcome cut = runProgram({"trace", "--model", model("bert-masked"), "--ids",
                                    "1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9", "-o", path("c.json")});
    EXPECT_EQ(cut.status, 0);
    EXPECT_EQ(cut.error, "attention-lab: the text has 18 tokens: the first 16 are used\n");
    expectBadValue(
        runProgram({"trace", "--model", model("bert-masked"), "--ids", "2,17", "-o", path("d.json")}),
        "the token 17 is outside");
    expectBadValue(
        runProgram({"trace", "--model", model("bert-masked"), "--ids", "2,x", "-o", path("d.json")}),
        "--ids: 'x' is no whole number");
    expectBadValue(runProgram({"trace", "--model", model("llama3"), "--ids", "2", "--segments", "0", "-o",
                               path("d.json")}),
                   "no token types");
    expectBadValue(runProgram({"trace", "--model", model("llama3"), "--text", "a", "-o", path("d.json")}),
                   "there is no tokenizer");
    expectBadValue(runProgram({"trace", "--model", model("llama3"), "--ids", "2", "--set",
                               "blocks.7.scale=none", "-o", path("d.json")}),
                   "there is no site 'blocks.7'");
}

TEST_F(ModelCommands, AnEncoderDecoderWritesItsTargetOrTakesOne) {
    const auto trace = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"trace",        "--model", model("bart"), "--ids",
                                           "0,5,9,3,11,2", "-o",      path("t.json")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        expectFine(runProgram(arguments));
        return json::parse(m_folder.read("t.json"));
    };
    const json own = trace({});
    EXPECT_EQ(own["target.ids"], json({2, 12, 14, 3}));
    EXPECT_EQ(own["ids"], json({0, 5, 9, 3, 11, 2}));
    EXPECT_EQ(own["decoder.blocks.1.cross.pattern"][0].size(), 4U);
    EXPECT_EQ(own["decoder.blocks.1.cross.pattern"][0][0].size(), 6U);
    EXPECT_EQ(own["logits"].size(), 4U);
    const json given = trace({"--target-ids", "2,12,14,3"});
    EXPECT_EQ(given, own) << "what it wrote, given back, is the same computation";
    EXPECT_EQ(trace({"--target-ids", "2,1"})["target.tokens"], json({"2", "1"}));
    EXPECT_NE(trace({"--set", "decoder.blocks.0.cross.temperature=0.01"})["decoder.blocks.0.cross.pattern"],
              own["decoder.blocks.0.cross.pattern"]);

    expectFine(runProgram({"export", "--model", model("bart"), "--ids", "0,5,2", "--site",
                           "decoder.blocks.1.cross", "-o", path("f.csv")}));
    EXPECT_THAT(m_folder.read("f.csv"), HasSubstr("decoder.blocks.1.cross.pattern"));
    const auto refused = [&](const char* which, const char* option, const char* value) {
        return runProgram({"trace", "--model", which == std::string("toy") ? "toy" : model(which), "--ids",
                           "2", option, value, "-o", path("g.json")});
    };
    expectBadValue(refused("llama3", "--target", "a"), "--target: the model");
    expectBadValue(refused("llama3", "--target-ids", "1"), "is no encoder-decoder");
    expectBadValue(refused("bart", "--target", "a"), "there is no tokenizer");
    expectBadValue(refused("bart", "--target-ids", "17"), "the token 17 is outside");
    const Outcome bench =
        runProgram({"bench", "--model", model("bart"), "--tokens", "5", "--repeat", "1", "--checksums"});
    expectFine(bench);
    EXPECT_NEAR(
        json::parse(bench.out)["rows"][0]["checksums"]["decoder.blocks.0.cross.pattern"].get<double>(), 4 * 5,
        1e-5);
    const Outcome report = runProgram({"models", model("bart")});
    expectFine(report);
    for (const char* line : {"layers:       encoder 2, decoder 2", "heads:        encoder 4, decoder 4",
                             "mask:         of the decoder causal", "opens:        yes"})
        EXPECT_THAT(report.out, HasSubstr(line));
}

TEST_F(ModelCommands, ParametersActOnRealWeights) {
    const auto pattern = [&](std::vector<std::string> set) {
        std::vector<std::string> arguments{"trace", "--model", model("qwen3"), "--ids",
                                           "3,1,4", "-o",      path("t.json")};
        for (std::string& each : set) arguments.insert(arguments.end(), {"--set", std::move(each)});
        expectFine(runProgram(arguments));
        return json::parse(m_folder.read("t.json"))["blocks.1.pattern"][0];
    };
    const json own = pattern({});
    EXPECT_EQ(own[0], json({1.0, 0.0, 0.0}));
    EXPECT_NE(pattern({"mask=none"})[0], own[0]);
    EXPECT_NE(pattern({"blocks.1.temperature=3"})[2], own[2]);
    EXPECT_EQ(pattern({"blocks.0.scale=none"})[0], own[0]);
    const json hard = pattern({"normalizer=hard"})[2];
    EXPECT_EQ(std::count(hard.begin(), hard.end(), 1.0), 1);
}

TEST_F(ModelCommands, TokenizeWithAModelsTokenizer) {
    m_folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##able\nhello\n");
    const Outcome outcome =
        runProgram({"tokenize", "--model", m_folder.path().string(), "--text", "Hello unable [MASK] z"});
    expectFine(outcome);
    EXPECT_EQ(json::parse(outcome.out),
              json::parse(R"({"tokens":["[CLS]","hello","un","##able","[MASK]","[UNK]","[SEP]"],)"
                          R"("ids":[2,7,5,6,4,1,3]})"));
    m_folder.write("tokenizer.json", R"({"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}})");
    expectBadValue(runProgram({"tokenize", "--model", m_folder.path().string(), "--text", "a"}),
                   "tokenizer.json: merge 1, 'a b': 'b' is not in the vocabulary");
    expectBadValue(runProgram({"tokenize", "--model", model("qwen3"), "--text", "a"}),
                   "there is no tokenizer");
}

TEST_F(ModelCommands, ExportOfALayerAndAHead) {
    expectFine(runProgram({"export", "--model", model("gpt2-untied"), "--ids", "1,2,3", "--layer", "1",
                           "--head", "2", "-o", path("f.csv")}));
    EXPECT_THAT(m_folder.read("f.csv"), HasSubstr("blocks.1.pattern"));
    expectFine(runProgram({"export", "--model", model("gpt2-untied"), "--ids", "1,2,3", "--layer", "1",
                           "--head", "all", "-o", path("f.svg")}));
    expectBadValue(runProgram({"export", "--model", model("gpt2-untied"), "--ids", "1,2,3", "--layer", "2",
                               "-o", path("g.csv")}),
                   "there is no layer 2");
}

TEST_F(ModelCommands, BenchCountsEveryTensor) {
    const Outcome outcome =
        runProgram({"bench", "--model", model("qwen2"), "--tokens", "3,8", "--repeat", "2", "--checksums"});
    expectFine(outcome);
    const json rows = json::parse(outcome.out)["rows"];
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1]["tokens"], 8);
    EXPECT_LE(rows[1]["min_s"].get<double>(), rows[1]["median_s"].get<double>());
    EXPECT_EQ(rows[0]["checksums"].size(), 2U * 6U + 1U);
    EXPECT_NEAR(rows[0]["checksums"]["blocks.1.pattern"].get<double>(), 4 * 3, 1e-5) << "each row sums to 1";
    EXPECT_GT(rows[1]["checksums"]["logits"].get<double>(), rows[0]["checksums"]["logits"].get<double>());
    expectFine(runProgram({"bench", "--tokens", "5", "--repeat", "1"}));
    expectBadValue(runProgram({"bench", "--model", model("qwen2"), "--tokens", "33"}), "context of 32");
    expectBadValue(runProgram({"bench", "--model", model("qwen2"), "--tokens", "0"}),
                   "--tokens: 0 is outside");
}

}  // namespace
}  // namespace attn
