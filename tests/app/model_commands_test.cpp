// Models of a folder, on the command line.
#include "core/io/file.h"
#include "tests/app/expectations.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace attn {
namespace {

using nlohmann::json;
using test::expectBadValue;
using test::expectFine;
using test::Outcome;
using test::runProgram;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;

std::string model(const char* name) {
    return std::string(ATTN_TEST_DATA) + "/models/" + name;
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
    test::expectRefusal(empty, "there are no weights");
    EXPECT_THAT(empty.out, HasSubstr("opens:        no"));
    m_folder.write("config.json", "{");
    expectBadValue(runProgram({"models", m_folder.path().string()}), "config.json: line 1");
}

TEST_F(ModelCommands, ModelsListsWhatIsBuiltIn) {
    const Outcome outcome = runProgram({"models"});
    expectFine(outcome);
    EXPECT_THAT(outcome.out, testing::StartsWith("toy "));
    expectBadValue(runProgram({"models", "nobody"}), "there is no model 'nobody'");
    expectBadValue(runProgram({"models", "no/such/folder"}), "no/such/folder");
    EXPECT_EQ(runProgram({"nobody"}).status, 2);
}

TEST_F(ModelCommands, AFolderOpensInTheWindow) {
    // All that is missing here is a display.
    expectBadValue(test::runProgramBare({model("mistral")}), "no display");
}

TEST_F(ModelCommands, AScenesModelLiesBesideIt) {
    std::filesystem::copy(model("gpt2-untied"), m_folder / "model");
    m_folder.write("scene.attn", R"({"format": "attention-lab/scene", "version": 1, "model": "model",)"
                                 R"( "text": {"ids": [3, 1, 2]}})");
    expectFine(runProgram({"trace", "--scene", path("scene.attn"), "-o", path("a.json")}));
    EXPECT_EQ(json::parse(m_folder.read("a.json"))["tokens"], json({"3", "1", "2"}));
    std::filesystem::rename(m_folder / "model", m_folder / "gone");
    expectBadValue(runProgram({"trace", "--scene", path("scene.attn"), "-o", path("b.json")}),
                   "there is no model 'model'");
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
    EXPECT_THAT(json::parse(outcome.out)["products"].get<std::string>(),
                testing::AnyOf(HasSubstr("OpenBLAS"), "Eigen"));
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

// --- what a model predicts, and without which of its parts

json parsed(const Outcome& outcome) {
    return json::parse(outcome.out, nullptr, false);
}

TEST_F(ModelCommands, PredictsTheNextToken) {
    const Outcome outcome = runProgram({"predict", "--model", model("gpt2-untied"), "--ids", "3,1,4"});
    expectFine(outcome);
    const json out = parsed(outcome);
    EXPECT_EQ(out["position"], 2);
    EXPECT_EQ(out["predicts"], "next");
    ASSERT_EQ(out["tokens"].size(), 10U);
    double last = 1, sum = 0;
    for (const json& each : out["tokens"]) {
        EXPECT_LE(each["probability"], last);
        last = each["probability"];
        sum += last;
        EXPECT_EQ(each["token"], std::to_string(each["id"].get<int>())) << "no tokenizer: the id";
    }
    EXPECT_LT(sum, 1);
    const json sharp = parsed(runProgram({"predict", "--model", model("gpt2-untied"), "--ids", "3,1,4",
                                          "--top", "1", "--set", "sampling_temperature=0.01"}));
    ASSERT_EQ(sharp["tokens"].size(), 1U);
    EXPECT_EQ(sharp["tokens"][0]["id"], out["tokens"][0]["id"]);
    EXPECT_GT(sharp["tokens"][0]["probability"], 0.9);
    expectFine(runProgram({"predict", "--model", model("gpt2-untied"), "--ids", "3,1,4", "--position", "0",
                           "-o", path("p.csv")}));
    EXPECT_THAT(readFile(path("p.csv"), 1U << 16U).value(),
                testing::StartsWith("rank,token,id,probability,log_probability\n0,"));
}

TEST_F(ModelCommands, WhatCannotBePredicted) {
    expectBadValue(runProgram({"predict", "--text", "a"}), "the model 'toy' predicts no tokens");
    expectBadValue(runProgram({"predict", "--model", model("llama-base"), "--ids", "1"}),
                   "predicts no tokens");
    expectBadValue(runProgram({"predict", "--model", model("qwen2"), "--ids", "1,2", "--position", "2"}),
                   "--position");
    expectBadValue(runProgram({"predict", "--model", model("qwen2"), "--ids", "1", "-o", path("p.txt")}),
                   "must end in .csv or .json");
    expectBadValue(
        runProgram({"predict", "--model", model("qwen2"), "--ids", "1", "--set", "sampling_temperature=0"}),
        "sampling_temperature: 0 is outside 0.01");
}

TEST_F(ModelCommands, MasksATokenOfAnEncoder) {
    for (const char* name : {"config.json", "model.safetensors"})
        m_folder.write(name, readFile(model("bert-masked") + "/" + name, std::size_t{1} << 24U).value());
    m_folder.write(
        "vocab.txt",
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\non\na\nmat\n##s\ndog\nran\nto\nit\n.\n");
    const std::string folder = m_folder.path().string();
    const Outcome outcome =
        runProgram({"predict", "--model", folder, "--text", "the cat sat", "--mask-token", "2"});
    expectFine(outcome);
    const json out = parsed(outcome);
    EXPECT_EQ(out["position"], 2) << "the masked one";
    EXPECT_EQ(out["at"]["token"], "[MASK]");
    EXPECT_EQ(out["predicts"], "same");
    const json written =
        parsed(runProgram({"predict", "--model", folder, "--text", "the [MASK] sat", "--position", "2"}));
    EXPECT_EQ(out["tokens"], written["tokens"]);
    expectBadValue(runProgram({"predict", "--model", folder, "--text", "the cat", "--mask-token", "7"}),
                   "there is no token 7 to mask: the text has 4");
    expectBadValue(runProgram({"trace", "--text", "the cat", "--mask-token", "0", "-o", path("t.json")}),
                   "no mask token");
}

TEST_F(ModelCommands, WithoutAHead) {
    const std::vector<std::string> base{"trace", "--model", model("gpt2-untied"), "--ids",
                                        "3,1,4", "-o",      path("t.json")};
    const auto traced = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments = base;
        arguments.insert(arguments.end(), more.begin(), more.end());
        expectFine(runProgram(arguments));
        return json::parse(readFile(path("t.json"), std::size_t{1} << 24U).value());
    };
    const json whole = traced({});
    const json without = traced({"--ablate", "blocks.0.h1", "--ablate", "blocks.1.mlp=mean"});
    EXPECT_EQ(without["blocks.0.pattern"], whole["blocks.0.pattern"]);
    EXPECT_EQ(without["blocks.0.z"][0], whole["blocks.0.z"][0]);
    for (const json& row : without["blocks.0.z"][1])
        for (const json& number : row) EXPECT_EQ(number, 0);
    EXPECT_EQ(without["blocks.1.mlp_out"][0], without["blocks.1.mlp_out"][2]);
    EXPECT_NE(without["logits"], whole["logits"]);
    const auto refused = [&](const char* part) {
        std::vector<std::string> arguments = base;
        arguments.insert(arguments.end(), {"--ablate", part});
        return runProgram(arguments);
    };
    expectBadValue(refused("blocks.7.h0"), "there is no site 'blocks.7'; the model has blocks.0, blocks.1");
    expectBadValue(refused("blocks.0.h4"), "there is no head 4: blocks.0 has the heads 0 … 3");
    expectBadValue(refused("blocks.0=half"), "none of zero, mean");
    expectBadValue(refused("h3"), "is not SITE, SITE.hN or SITE.mlp");
    expectBadValue(runProgram({"trace", "--text", "a", "--ablate", "blocks.0.mlp", "-o", path("t.json")}),
                   "there is no MLP at blocks.0");
}

TEST_F(ModelCommands, AllHeadsOfAllLayersOnOneSheet) {
    const std::vector<std::string> base{
        "export", "--view",    "heads",    "--model",     model("gpt2-untied"),
        "--ids",  "3,1,4,1,5", "--ablate", "blocks.1.h2", "-o"};
    const auto write = [&](const char* name) {
        std::vector<std::string> arguments = base;
        arguments.push_back(path(name));
        expectFine(runProgram(arguments));
        return readFile(path(name), std::size_t{1} << 24U).value();
    };
    const std::string csv = write("h.csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 9);
    EXPECT_THAT(csv, testing::StartsWith("site,head,off,entropy,largest,same,previous,next,first,"));
    EXPECT_THAT(csv, HasSubstr("\nblocks.1,2,zero,"));
    const json heads = json::parse(write("h.json"))["heads"];
    EXPECT_EQ(heads.size(), 8U);
    EXPECT_EQ(heads[0]["next"], 0) << "it is causal";
    EXPECT_TRUE(heads[0]["special"].is_null());
    EXPECT_THAT(write("h.svg"), HasSubstr("all heads of all layers"));
    EXPECT_THAT(write("h.pdf"), testing::StartsWith("%PDF"));
    EXPECT_GT(write("h.png").size(), 1000U);
}

}  // namespace
}  // namespace attn
