#include "core/io/file.h"
#include "core/io/npy.h"
#include "tests/app/expectations.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace attn {
namespace {

using nlohmann::json;
using test::expectBadValue;
using test::expectFine;
using test::Outcome;
using test::runProgram;
using test::runProgramBare;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Arguments = std::vector<std::string>;

void expectWrongUsage(const Outcome& outcome, const std::string& text) {
    EXPECT_EQ(outcome.status, 2) << outcome.error;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.error, HasSubstr(text));
    EXPECT_THAT(outcome.error, HasSubstr("--help"));
}

class CommandLine : public testing::Test {
protected:
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }
    [[nodiscard]] json readJson(const char* name) const { return json::parse(m_folder.read(name)); }

    std::string writeNpy(const char* name, const std::vector<std::int64_t>& shape,
                         const std::vector<float>& values) {
        return m_folder.write(name, npyFromFloats(values, shape)).string();
    }

    const TemporaryFolder m_folder;
};

// --- Usage
// -------------------------------------------------------------------------------------------------------

TEST_F(CommandLine, HelpAndVersionNeedNoDisplay) {
    const Outcome version = runProgramBare({"--version"});
    expectFine(version);
    EXPECT_THAT(version.out, testing::MatchesRegex("attention-lab [0-9]+\\.[0-9]+\\.[0-9]+\n"));
    expectFine(runProgramBare({"--help"}));
    for (const char* command : {"attend", "export", "models", "screenshot", "tokenize", "trace"}) {
        EXPECT_THAT(runProgramBare({"--help"}).out, HasSubstr(command));
        const Outcome help = runProgramBare({command, "--help"});
        expectFine(help);
        EXPECT_THAT(help.out, HasSubstr("Usage: attention-lab " + std::string(command)));
    }
}

TEST_F(CommandLine, WrongUsageIsStatusTwo) {
    expectWrongUsage(runProgram({"--bogus"}), "--bogus");
    expectWrongUsage(runProgram({"bogus"}), "bogus");
    expectWrongUsage(runProgram({"trace", "--bogus", "-o", path("t.npz")}), "--bogus");
    expectWrongUsage(runProgram({"trace", "bogus", "-o", path("t.npz")}), "bogus");
    expectWrongUsage(runProgram({"trace", "--text", "a"}), "--output is required");
    expectWrongUsage(runProgram({"trace", "--text", "a", "-o"}), "--output");
    expectWrongUsage(runProgram({"trace", "--text", "a", "--ids", "1", "-o", path("t.npz")}), "excludes");
    expectWrongUsage(
        runProgram({"trace", "--text", "a", "--context", "b", "--target", "c", "-o", path("t.npz")}),
        "excludes");
    expectWrongUsage(runProgram({"trace", "tokenize", "--text", "a"}), "");
    expectWrongUsage(runProgram({"attend", "--q", "a.npy"}), "required");
    expectWrongUsage(runProgram({"tokenize"}), "--text is required");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(CommandLine, TheWindowSaysWhatItCannotOpen) {
    expectBadValue(runProgramBare({}), "no display");
    expectBadValue(runProgramBare({path("missing.attn")}), "missing.attn: there is no such file");
    expectBadValue(runProgramBare({m_folder.path().string()}), "config.json: cannot be read");
}

TEST_F(CommandLine, StandardOutputThatIsFullIsAnError) {
    const Outcome outcome = runProgram({"tokenize", "--text", "a b"}, "/dev/full");
    expectBadValue(outcome, "standard output: cannot be written");
}

// --- tokenize, models
// --------------------------------------------------------------------------------------------

TEST_F(CommandLine, Tokenize) {
    const auto tokens = [](const Arguments& arguments) {
        Arguments all{"tokenize"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const Outcome outcome = runProgram(all);
        expectFine(outcome);
        return json::parse(outcome.out);
    };
    EXPECT_EQ(tokens({"--text", "a b a"}), json::parse(R"({"tokens":["a","b","a"],"ids":[0,1,0]})"));
    EXPECT_EQ(tokens({"--text", "我想吃酸菜鱼", "--tokenizer", "characters"})["tokens"].size(), 6U);
    EXPECT_EQ(tokens({"--text", "é", "--tokenizer", "bytes"})["tokens"], json({"C3", "A9"}));
    EXPECT_EQ(tokens({"--text", "", "--model", "toy"}), json::parse(R"({"tokens":[],"ids":[]})"));
    EXPECT_EQ(tokens({"--text", "-5"})["tokens"].size(), tokens({"--text=-5"})["tokens"].size());
    EXPECT_EQ(tokens({"--text", "[a]"})["tokens"], json({"[", "a", "]"}));
    EXPECT_EQ(tokens({"--text", "a\xff\xed\xa0\x80"})["tokens"].size(), 5U) << "a and four times U+FFFD";
    expectBadValue(runProgram({"tokenize", "--text", "a", "--tokenizer", "syllables"}),
                   "--tokenizer: 'syllables' is none of words, characters, bytes");
    expectBadValue(runProgram({"tokenize", "--text", "a", "--model", "nobody"}),
                   "there is no model 'nobody'");
}

TEST_F(CommandLine, WhatIsBeyondTheContextIsTold) {
    std::string text;
    for (int i = 0; i < 1100; ++i) text += "w" + std::to_string(i) + " ";
    const Outcome outcome = runProgram({"tokenize", "--text", text});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.error, "attention-lab: the text has 1100 tokens: the first 1024 are used\n");
    EXPECT_EQ(json::parse(outcome.out)["ids"].size(), 1024U);
    const Outcome trace = runProgram({"trace", "--text", "a", "--context", text, "--set", "heads=1", "--set",
                                      "d_model=2", "-o", path("t.json")});
    EXPECT_EQ(trace.status, 0);
    EXPECT_EQ(trace.error, "attention-lab: the context has 1100 tokens: the first 1024 are used\n");
}

TEST_F(CommandLine, Models) {
    const Outcome list = runProgram({"models"});
    expectFine(list);
    EXPECT_THAT(list.out, StartsWith("toy "));
    EXPECT_EQ(runProgram({"models", "toy"}).out, list.out);
    expectBadValue(runProgram({"models", m_folder.path().string()}), "config.json: cannot be read");
    expectBadValue(runProgram({"models", "nobody"}), "there is no model 'nobody'");
}

// --- trace
// -------------------------------------------------------------------------------------------------------

TEST_F(CommandLine, TraceWritesEveryTensor) {
    expectFine(runProgram(
        {"trace", "--text", "a b a", "--set", "heads=2", "--set", "mask=causal", "-o", path("t.json")}));
    const json trace = readJson("t.json");
    EXPECT_EQ(trace["tokens"], json({"a", "b", "a"}));
    for (const char* name : {"ids", "token_embed", "pos_embed", "embed", "blocks.0.resid_pre", "blocks.0.q",
                             "blocks.0.k", "blocks.0.v", "blocks.0.scores_raw", "blocks.0.scores",
                             "blocks.0.pattern", "blocks.0.z", "blocks.0.attn_out", "blocks.0.resid_post"}) {
        EXPECT_TRUE(trace.contains(name)) << name;
    }
    EXPECT_FALSE(trace.contains("blocks.0.W_Q"));
    EXPECT_EQ(trace["blocks.0.pattern"].size(), 2U);
    EXPECT_TRUE(trace["blocks.0.scores"][0][0][1].is_null());
    expectFine(runProgram({"trace", "--text", "a b", "--weights", "-o", path("w.json")}));
    EXPECT_TRUE(readJson("w.json").contains("blocks.0.W_O"));
    expectFine(runProgram({"trace", "--text", "a b a", "-o", path("T.NPZ")}));
    EXPECT_THAT(m_folder.read("T.NPZ"), StartsWith("PK"));
    EXPECT_THAT(m_folder.read("T.NPZ"), HasSubstr("blocks.0.pattern.npy"));
    EXPECT_THAT(m_folder.names(), ElementsAre("T.NPZ", "t.json", "w.json"));
}

TEST_F(CommandLine, TraceOfTheSameInputIsTheSameFile) {
    for (const char* name : {"a.npz", "b.npz"})
        expectFine(runProgram({"trace", "--text", "a b c", "-o", path(name)}));
    EXPECT_EQ(m_folder.read("a.npz"), m_folder.read("b.npz"));
}

TEST_F(CommandLine, TraceOfNothingAndOfTheExample) {
    expectFine(runProgram({"trace", "--text", "", "-o", path("e.json")}));
    EXPECT_EQ(readJson("e.json")["tokens"], json::array());
    expectFine(runProgram({"trace", "-o", path("x.json")}));
    EXPECT_THAT(readJson("x.json")["tokens"], Not(IsEmpty()));
    expectFine(runProgram({"trace", "--text", "a", "--context", "b c", "-o", path("c.json")}));
    EXPECT_EQ(readJson("c.json")["context.tokens"], json({"b", "c"}));
    EXPECT_EQ(readJson("c.json")["blocks.0.pattern"][0][0].size(), 2U);
}

TEST_F(CommandLine, TraceOfASceneFile) {
    const std::string scene =
        m_folder
            .write("s.attn",
                   R"({"format":"attention-lab/scene","version":1,"text":{"source":"x y","lang":"en"},)"
                   R"("parameters":{"heads":1,"blocks.0.temperature":2},"author":"A"})")
            .string();
    const Outcome outcome = runProgram({"trace", "--scene", scene, "--set", "d_k=3", "-o", path("t.json")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.error,
              "attention-lab: " + scene + ": keys that this version does not know: text.lang, author\n");
    EXPECT_EQ(readJson("t.json")["tokens"], json({"x", "y"}));
    EXPECT_EQ(readJson("t.json")["blocks.0.q"][0][0].size(), 3U);
}

TEST_F(CommandLine, BadScenesAreStatusOne) {
    const auto trace = [&](const std::string& content) {
        return runProgram(
            {"trace", "--scene", m_folder.write("s.attn", content).string(), "-o", path("t.json")});
    };
    expectBadValue(trace("{"), "s.attn: line 1, column ");
    expectBadValue(trace(R"({"format":"attention-lab/scene","version":7})"), "s.attn: version 7 is newer");
    expectBadValue(trace(R"({"format":"attention-lab/scene","parameters":{"temperature":0}})"),
                   "s.attn: parameters.temperature: 0 is outside");
    expectBadValue(trace(R"({"format":"attention-lab/scene","model":"nobody"})"), "nobody");
    expectBadValue(trace(std::string(100'000, '[')), "nested too deeply");
    expectBadValue(runProgram({"trace", "--scene", path("none.attn"), "-o", path("t.json")}),
                   "none.attn: cannot be read");
    EXPECT_THAT(m_folder.names(), ElementsAre("s.attn"));
}

TEST_F(CommandLine, BadValuesAreStatusOne) {
    const auto set = [&](const char* assignment) {
        return runProgram({"trace", "--text", "a", "--set", assignment, "-o", path("t.json")});
    };
    expectBadValue(set("temperature=0"), "temperature: 0 is outside 0.01 … 100");
    expectBadValue(set("temperature=nan"), "temperature");
    expectBadValue(set("temperature="), "temperature");
    expectBadValue(set("heads=2.5"), "heads");
    expectBadValue(set("warp=9"), "'warp'");
    expectBadValue(set("temperature"), "'temperature' is not KEY=VALUE");
    expectBadValue(set("blocks.7.temperature=2"), "there is no site 'blocks.7'");
    expectBadValue(set("blocks.0.seed=2"), "blocks.0.seed");
    expectBadValue(runProgram({"trace", "--text", "a", "--model", "nobody", "-o", path("t.json")}), "nobody");
    expectBadValue(runProgram({"trace", "--ids", "1,2", "-o", path("t.json")}), "--ids");
    expectBadValue(runProgram({"trace", "--text", "a", "--target", "b", "-o", path("t.json")}), "--target");
    expectBadValue(runProgram({"trace", "--text", "a", "-o", path("t.xyz")}), "t.xyz: the name must end in");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(CommandLine, PlacesThatCannotBeWrittenAreStatusOneAndStayAsTheyWere) {
    expectBadValue(runProgram({"trace", "--text", "a", "-o", path("no/such/t.npz")}), "cannot be written");
    ::mkdir(path("folder.npz").c_str(), 0700);
    expectBadValue(runProgram({"trace", "--text", "a", "-o", path("folder.npz")}), "is a folder");
    ::symlink("/dev/full", path("full.npz").c_str());
    expectBadValue(runProgram({"trace", "--text", "a", "-o", path("full.npz")}), "No space left");
    EXPECT_THAT(m_folder.names(), ElementsAre("folder.npz", "full.npz"));
    if (::geteuid() == 0)
        GTEST_SKIP() << "the superuser may write everywhere: read-only folders are not tried";
    ::chmod(m_folder.path().c_str(), 0500);
    expectBadValue(runProgram({"trace", "--text", "a", "-o", path("t.npz")}), "Permission denied");
    ::chmod(m_folder.path().c_str(), 0700);
    EXPECT_THAT(m_folder.names(), ElementsAre("folder.npz", "full.npz"));
}

// --- attend
// ------------------------------------------------------------------------------------------------------

TEST_F(CommandLine, AttendWritesWhatIsAskedFor) {
    const std::string q = writeNpy("q.npy", {2, 1}, {1, 2}), k = writeNpy("k.npy", {2, 1}, {1, -1}),
                      v = writeNpy("v.npy", {2, 3}, {1, 2, 3, 4, 5, 6});
    expectFine(
        runProgram({"attend", "--q", q, "--k", k, "--v", v, "--causal", "--scale", "-0.5", "--pattern-out",
                    path("p.npy"), "--scores-out", path("s.npy"), "--z-out", path("z.npy")}));
    const NpyArray s = readNpy(path("s.npy")).value(), p = readNpy(path("p.npy")).value(),
                   z = readNpy(path("z.npy")).value();
    EXPECT_THAT(s.values, ElementsAre(-0.5F, -std::numeric_limits<float>::infinity(), -1.0F, 1.0F));
    const float heavy = 1 / (1 + std::exp(-2.0F));
    EXPECT_THAT(p.values, testing::Pointwise(testing::FloatNear(1e-6F), {1.0F, 0.0F, 1 - heavy, heavy}));
    EXPECT_THAT(z.shape, ElementsAre(2, 3));
    EXPECT_NEAR(z.values[3], 1 * (1 - heavy) + 4 * heavy, 1e-5F);
    expectFine(runProgram({"attend", "--q", q, "--k", k, "--v", v, "--z-out", path("only.npy")}));
    EXPECT_THAT(m_folder.names(),
                ElementsAre("k.npy", "only.npy", "p.npy", "q.npy", "s.npy", "v.npy", "z.npy"));
}

TEST_F(CommandLine, AttendSaysWhatIsWrongAndLeavesNothingBehind) {
    const std::string q = writeNpy("q.npy", {2, 4}, std::vector<float>(8, 1.0F)),
                      k = writeNpy("k.npy", {3, 4}, std::vector<float>(12, 1.0F)),
                      wide = writeNpy("wide.npy", {3, 8}, std::vector<float>(24, 1.0F)),
                      nan = writeNpy("nan.npy", {1, 4}, {0, 0, std::nanf(""), 0}),
                      cut = m_folder
                                .write("cut.npy",
                                       npyFromFloats(std::vector<float>(12), std::vector<std::int64_t>{3, 4})
                                           .substr(0, 140))
                                .string();
    const std::vector<std::string> before = m_folder.names();
    const auto attend = [&](const Arguments& arguments) {
        Arguments all{"attend", "--z-out", path("z.npy")};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return runProgram(all);
    };
    expectBadValue(attend({"--q", q, "--k", wide, "--v", k}), "k has 8 dimensions per head, q has 4");
    expectBadValue(attend({"--q", nan, "--k", k, "--v", k}), "q has a NaN at [0, 2]");
    expectBadValue(attend({"--q", q, "--k", cut, "--v", k}), "cut.npy: the NPY header promises more");
    expectBadValue(attend({"--q", q, "--k", path("none.npy"), "--v", k}), "none.npy: cannot be read");
    expectBadValue(attend({"--q", q, "--k", k, "--v", k, "--mask", wide}), "does not broadcast");
    for (const char* scale : {"", "x", "nan", "inf", "1e999", "1,5", "0x10", " 1", "1 "}) {
        expectBadValue(attend({"--q", q, "--k", k, "--v", k, "--scale", scale}), "--scale");
    }
    expectBadValue(attend({"--q", q, "--k", k, "--v", k, "--softcap", "-1"}), "soft cap");
    expectBadValue(runProgram({"attend", "--q", q, "--k", k, "--v", k}), "nothing to write");
    expectBadValue(attend({"--q", q, "--k", k, "--v", k, "--pattern-out", path("no/p.npy")}),
                   "no/p.npy: cannot be written");
    expectBadValue(attend({"--q", q, "--k", k, "--v", k, "--pattern-out", path("z.npy")}),
                   "would be written twice");
    EXPECT_EQ(m_folder.names(), before);
}

// --- export, screenshot
// ------------------------------------------------------------------------------------------

TEST_F(CommandLine, ExportWritesFiguresWithoutADisplay) {
    for (const auto& [name, magic] :
         {std::pair("f.png", "\x89PNG"), std::pair("f.svg", "<?xml"), std::pair("f.pdf", "%PDF")}) {
        const Outcome outcome = runProgramBare({"export", "--text", "walk by river bank", "-o", path(name)});
        expectFine(outcome);
        EXPECT_THAT(m_folder.read(name), StartsWith(magic));
    }
    EXPECT_THAT(m_folder.read("f.svg"), HasSubstr("river"));
}

TEST_F(CommandLine, ExportWritesTheNumbersOfTheTrace) {
    const Arguments input{"--text", "a b c", "--set", "seed=7", "--set", "mask=causal"};
    const auto run = [&](Arguments arguments) {
        arguments.insert(arguments.end(), input.begin(), input.end());
        expectFine(runProgram(arguments));
    };
    run({"trace", "-o", path("t.json")});
    run({"export", "--tensor", "scores", "--head", "2", "-o", path("s.npy")});
    run({"export", "--tensor", "scores", "--head", "2", "-o", path("s.csv")});
    run({"export", "--head", "all", "-o", path("all.npy")});
    const json trace = readJson("t.json");
    const NpyArray scores = readNpy(path("s.npy")).value();
    ASSERT_THAT(scores.shape, ElementsAre(3, 3));
    for (std::size_t i = 0; i < 9; ++i) {
        const json& cell = trace["blocks.0.scores"][2][i / 3][i % 3];
        EXPECT_EQ(scores.values[i],
                  cell.is_null() ? -std::numeric_limits<float>::infinity() : cell.get<float>());
    }
    EXPECT_THAT(m_folder.read("s.csv"), HasSubstr("-inf"));
    EXPECT_THAT(readNpy(path("all.npy")).value().shape, ElementsAre(trace["blocks.0.pattern"].size(), 3, 3));
}

TEST_F(CommandLine, ExportSaysWhatIsWrong) {
    const auto exportWith = [&](const Arguments& arguments) {
        Arguments all{"export", "--text", "a b", "-o", path("f.png")};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return runProgram(all);
    };
    expectBadValue(exportWith({"--view", "globe"}), "--view: 'globe' is none of heatmap, heads");
    expectBadValue(exportWith({"--tensor", "warp"}), "warp");
    expectBadValue(exportWith({"--site", "blocks.9"}), "blocks.9");
    expectBadValue(exportWith({"--layer", "9"}), "9");
    expectBadValue(exportWith({"--head", "99"}), "99");
    expectBadValue(exportWith({"--head", "-1"}), "--head: -1 is outside");
    expectBadValue(exportWith({"--head", "x"}), "--head: 'x' is no whole number");
    expectBadValue(exportWith({"--width", ""}), "--width: '' is no whole number");
    expectBadValue(exportWith({"--width", "1000000000"}), "--width: 1000000000 is outside");
    expectBadValue(exportWith({"--dpi", "0"}), "--dpi: 0 is outside");
    expectBadValue(exportWith({"--theme", "pink"}), "--theme: 'pink' is none of light, dark");
    expectBadValue(exportWith({"--colormap", "jet"}), "--colormap: 'jet' is none of");
    expectBadValue(runProgram({"export", "--text", "a", "-o", path("f.gif")}), "f.gif: the name must end in");
    expectBadValue(runProgram({"export", "--text", "a", "-o", path("no/f.svg")}),
                   "no/f.svg: cannot be written");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(CommandLine, ScreenshotIsTheWholeWindow) {
    expectFine(runProgramBare({"screenshot", "--text", "walk by river bank", "--size", "1000x700", "--theme",
                               "dark", "-o", path("w.png")}));
    const std::string png = m_folder.read("w.png");
    ASSERT_GT(png.size(), 24U);
    const auto number = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = at; i < at + 4; ++i) value = value << 8U | static_cast<unsigned char>(png[i]);
        return value;
    };
    EXPECT_EQ(number(16), 1000U);
    EXPECT_EQ(number(20), 700U);
}

TEST_F(CommandLine, ScreenshotSaysWhatIsWrong) {
    const auto screenshot = [&](const Arguments& arguments) {
        Arguments all{"screenshot", "--text", "a b", "-o", path("w.png")};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return runProgram(all);
    };
    expectBadValue(screenshot({"--size", "large"}), "--size: 'large' is not WIDTHxHEIGHT");
    expectBadValue(screenshot({"--size", "10x10"}), "--size: 10 is outside");
    expectBadValue(screenshot({"--zoom", "1000"}), "--zoom: 1000 is outside");
    expectBadValue(screenshot({"--workspace", "attic"}), "--workspace: 'attic' is none of");
    expectBadValue(screenshot({"--theme", "pink"}), "--theme");
    expectBadValue(runProgram({"screenshot", "--text", "a", "-o", path("w.jpg")}), "must end in .png");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

}  // namespace
}  // namespace attn
