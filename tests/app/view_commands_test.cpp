// `export --view links|arcs|neurons|geometry|compare`.
#include "tests/app/expectations.h"
#include "tests/support/tiny_bert.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace attn {
namespace {

using nlohmann::json;
using test::expectBadValue;
using test::expectFine;
using test::runProgram;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ViewCommands : public testing::Test {
protected:
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }
    [[nodiscard]] json readJson(const char* name) const { return json::parse(m_folder.read(name)); }

    const TemporaryFolder m_folder;
};

TEST_F(ViewCommands, LinksAreTheStrongestWeightsOfThePattern) {
    const char* text = "Tom chase Jerry";
    expectFine(runProgram({"trace", "--text", text, "-o", path("t.json")}));
    expectFine(runProgram({"export", "--text", text, "--view", "links", "--head", "1,3", "--threshold", "0",
                           "--most", "5", "-o", path("l.json")}));
    const json pattern = readJson("t.json")["blocks.0.pattern"], links = readJson("l.json");
    ASSERT_EQ(links["links"].size(), 5U);
    EXPECT_EQ(links["hidden"], 2 * 9 - 5);
    double last = 1;
    for (const json& link : links["links"]) {
        const int head = link["head"];
        EXPECT_TRUE(head == 1 || head == 3);
        const double weight = pattern[static_cast<std::size_t>(head)][link["query"].get<std::size_t>()]
                                     [link["key"].get<std::size_t>()];
        EXPECT_NEAR(link["weight"].get<double>(), weight, 1e-6);
        EXPECT_LE(weight, last + 1e-6);
        last = weight;
    }
    expectFine(runProgram({"export", "--text", text, "--view", "links", "-o", path("l.csv")}));
    EXPECT_THAT(m_folder.read("l.csv"), StartsWith("head,query,key,query_token,key_token,weight\n0,"));
}

TEST_F(ViewCommands, LinksAndArcsAreFiguresWithTheirTokensAsText) {
    for (const char* view : {"links", "arcs"}) {
        const std::string file = path("f.svg");
        expectFine(runProgram({"export", "--text", "walk by river bank", "--context", "money in the bank",
                               "--view", view, "--head", "all", "-o", file}));
        const std::string svg = m_folder.read("f.svg");
        for (const char* token : {"walk", "river", "money", "head 3"})
            EXPECT_THAT(svg, HasSubstr(token)) << view;
    }
}

TEST_F(ViewCommands, NeuronsAddUpToTheScoresOfTheTrace) {
    const char* text = "Tom chase Jerry";
    expectFine(runProgram({"trace", "--text", text, "--set", "mask=causal", "-o", path("t.json")}));
    expectFine(runProgram({"export", "--text", text, "--set", "mask=causal", "--view", "neurons", "--head",
                           "2", "--query", "1", "--off", "5,3", "-o", path("n.json")}));
    const json trace = readJson("t.json"), neurons = readJson("n.json");
    EXPECT_EQ(neurons["head"], 2);
    EXPECT_EQ(neurons["query_token"], "chase");
    EXPECT_EQ(neurons["off"], (json{3, 5}));
    ASSERT_EQ(neurons["keys"].size(), 3U);
    for (std::size_t j = 0; j < 3; ++j) {
        const json& key = neurons["keys"][j];
        double sum = 0;
        for (const json& term : key["terms"]) sum += term.get<double>();
        EXPECT_NEAR(sum, trace["blocks.0.scores_raw"][2][1][j].get<double>(), 1e-5);
        EXPECT_NEAR(key["pattern"].get<double>(), trace["blocks.0.pattern"][2][1][j].get<double>(), 1e-5);
        EXPECT_NEAR(key["without"]["scores_raw"].get<double>(),
                    sum - key["terms"][3].get<double>() - key["terms"][5].get<double>(), 1e-5);
    }
    EXPECT_TRUE(neurons["keys"][2]["scores"].is_null());
    expectFine(runProgram({"export", "--text", text, "--view", "neurons", "-o", path("n.csv")}));
    EXPECT_THAT(m_folder.read("n.csv"), StartsWith("key,key_token,scores_raw,scores,pattern,term_0,term_1"));
    expectFine(runProgram(
        {"export", "--text", text, "--view", "neurons", "--order", "contribution", "-o", path("n.svg")}));
    EXPECT_THAT(m_folder.read("n.svg"), HasSubstr("chase"));
    // One head's, of another sequence's keys.
    expectFine(runProgram({"export", "--text", "walk", "--context", "money in the bank", "--view", "neurons",
                           "--key", "3", "-o", path("n.pdf")}));
    EXPECT_THAT(m_folder.read("n.pdf"), StartsWith("%PDF"));
}

TEST_F(ViewCommands, GeometryHoldsTheVectorsOfTheTrace) {
    const std::vector<std::string> input{"--text", "Tom chase Jerry", "--set", "d_k=2"};
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin() + 1, input.begin(), input.end());
        expectFine(runProgram(arguments));
    };
    run({"trace", "-o", path("t.json")});
    run({"export", "--view", "geometry", "--head", "1", "-o", path("g.json")});
    const json trace = readJson("t.json"), plane = readJson("g.json");
    EXPECT_EQ(plane["exact"], true);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(plane["queries"][i]["x"].get<double>(), trace["blocks.0.q"][1][i][0].get<double>(), 1e-6);
        EXPECT_NEAR(plane["keys"][i]["y"].get<double>(), trace["blocks.0.k"][1][i][1].get<double>(), 1e-6);
    }
    run({"export", "--view", "geometry", "--query", "0", "--key", "2", "-o", path("g.svg")});
    EXPECT_THAT(m_folder.read("g.svg"), HasSubstr("dimension 1"));
    expectFine(runProgram({"export", "--text", "Tom chase Jerry", "--view", "geometry", "--color", "length",
                           "-o", path("g.csv")}));
    EXPECT_THAT(m_folder.read("g.csv"), StartsWith("role,index,token,x,y,length\nquery,0,Tom,"));
}

TEST_F(ViewCommands, ComparesWithAnotherScene) {
    m_folder.write("b.attn", R"({"format": "attention-lab/scene", "version": 1,
        "text": {"source": "too wide"}, "parameters": {"temperature": 0.5}})");
    expectFine(runProgram({"export", "--text", "too tired", "--view", "compare", "--against", path("b.attn"),
                           "-o", path("c.json")}));
    const json compared = readJson("c.json");
    EXPECT_EQ(compared["rows"], (json{"too", "tired", "wide"}));
    EXPECT_TRUE(compared["difference"][0][1].is_null());
    EXPECT_TRUE(compared["divergence_nats"][1].is_null());
    EXPECT_NEAR(compared["difference"][0][0].get<double>(),
                compared["b"][0][0].get<double>() - compared["a"][0][0].get<double>(), 1e-6);
    expectFine(runProgram({"export", "--text", "too tired", "--view", "compare", "--against", path("b.attn"),
                           "-o", path("c.pdf")}));
    EXPECT_THAT(m_folder.read("c.pdf"), StartsWith("%PDF"));
}

TEST_F(ViewCommands, ComparesWithWhatTheSceneHasPinned) {
    m_folder.write("s.attn", R"({"format": "attention-lab/scene", "version": 1,
        "text": {"source": "too wide"}, "parameters": {"temperature": 0.5}, "view": {"head": 1},
        "pinned": {"text": {"source": "too tired"}, "parameters": {"mask": "causal"}, "head": 3}})");
    m_folder.write("a.attn", R"({"format": "attention-lab/scene", "version": 1,
        "text": {"source": "too tired"}, "parameters": {"mask": "causal"}})");
    const std::string scene = path("s.attn");
    expectFine(runProgram({"export", "--scene", scene, "--view", "compare", "-o", path("c.json")}));
    const auto exported = [&](const std::string& of, const char* head) {
        expectFine(runProgram({"export", "--scene", of, "--head", head, "-o", path("h.json")}));
        return readJson("h.json")["values"];
    };
    const json a = exported(path("a.attn"), "3"), b = exported(scene, "1");
    const json compared = readJson("c.json");
    EXPECT_EQ(compared["rows"], (json{"too", "tired", "wide"}));
    const auto near = [](const json& one, const json& other) {
        EXPECT_NEAR(one.get<double>(), other.get<double>(), 1e-6);
    };
    near(compared["a"][1][0], a[1][0]);
    near(compared["a"][1][1], a[1][1]);
    near(compared["b"][2][0], b[1][0]);
    near(compared["b"][0][2], b[0][1]);
    // The options say what B is; A has its own place.
    expectFine(runProgram({"export", "--scene", scene, "--view", "compare", "--head", "2", "--set",
                           "temperature=3", "-o", path("d.json")}));
    EXPECT_EQ(readJson("d.json")["a"], compared["a"]);
    EXPECT_NE(readJson("d.json")["b"], compared["b"]);
    expectFine(runProgram({"export", "--scene", scene, "--view", "compare", "-o", path("c.svg")}));
    EXPECT_THAT(m_folder.read("c.svg"), HasSubstr("tired"));
    // Another scene goes before what is pinned.
    expectFine(runProgram({"export", "--scene", scene, "--view", "compare", "--against", path("a.attn"), "-o",
                           path("e.json")}));
    EXPECT_EQ(readJson("e.json")["rows"], (json{"too", "wide", "tired"}));
}

TEST_F(ViewCommands, WhatIsPinnedMayBeMissingWhereNobodyLooksAtIt) {
    m_folder.write("s.attn", R"({"format": "attention-lab/scene", "version": 1,
        "text": {"source": "too wide"}, "pinned": {"model": "./gone"}})");
    expectFine(runProgram({"export", "--scene", path("s.attn"), "-o", path("f.csv")}));
    expectBadValue(
        runProgram({"export", "--scene", path("s.attn"), "--view", "compare", "-o", path("c.csv")}),
        "what is pinned: model: there is no folder '" + path("gone") + "'");
}

// [CLS] the cat ##s sat [SEP] becomes the | cats | sat, by the definition in plain loops.
TEST_F(ViewCommands, SpecialTokensAreHiddenAndPiecesBecomeWords) {
    const std::string model = test::writeTinyBert(m_folder);
    const std::vector<std::string> of{"--model", model, "--text", "the cats sat"};
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin() + 1, of.begin(), of.end());
        return runProgram(arguments);
    };
    expectFine(run({"trace", "-o", path("t.json")}));
    expectFine(run({"export", "--layer", "1", "--head", "2", "--hide-special", "--renormalise",
                    "--whole-words", "-o", path("w.json")}));
    const json pattern = readJson("t.json")["blocks.1.pattern"][2], words = readJson("w.json");
    const std::vector<std::vector<int>> groups{{1}, {2, 3}, {4}};
    ASSERT_EQ(words["rows"], (json{"the", "cats", "sat"})) << words.dump();
    ASSERT_EQ(words["columns"], words["rows"]);
    for (std::size_t g = 0; g < 3; ++g) {
        std::vector<double> sums(3, 0);
        double left = 0;
        for (std::size_t h = 0; h < 3; ++h) {
            for (const int i : groups[g]) {
                for (const int j : groups[h])
                    sums[h] +=
                        pattern[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)].get<double>();
            }
            left += sums[h];
        }
        for (std::size_t h = 0; h < 3; ++h)
            EXPECT_NEAR(words["values"][g][h].get<double>(), sums[h] / left, 1e-6);
    }
    // Links and all heads see the same tokens; a scene says it for itself.
    expectFine(run({"export", "--view", "links", "--whole-words", "--hide-special", "-o", path("l.csv")}));
    EXPECT_THAT(m_folder.read("l.csv"), HasSubstr(",cats,"));
    EXPECT_THAT(m_folder.read("l.csv"), Not(HasSubstr("[CLS]")));
    m_folder.write("s.attn", json{{"format", "attention-lab/scene"},
                                  {"version", 1},
                                  {"text", {{"source", "the cats sat"}}},
                                  {"model", model},
                                  {"view", {{"tokens", {{"hide_special", true}}}}}}
                                 .dump());
    expectFine(runProgram({"export", "--scene", path("s.attn"), "-o", path("s.csv")}));
    EXPECT_THAT(m_folder.read("s.csv"), HasSubstr(",the,cat,##s,sat\n"));
    expectFine(run({"export", "--view", "heads", "--hide-special", "-o", path("h.svg")}));
    EXPECT_THAT(m_folder.read("h.svg"), HasSubstr("2 special tokens hidden"));
}

TEST_F(ViewCommands, ViewsOfVectorsAndOfTheFlowHideSpecialTokensToo) {
    const std::string model = test::writeTinyBert(m_folder);
    const auto run = [&](const std::string& view, std::vector<std::string> arguments) {
        const std::vector<std::string> of{"export",       "--model", model, "--text",
                                          "the cats sat", "--view",  view};
        arguments.insert(arguments.begin(), of.begin(), of.end());
        return runProgram(arguments);
    };
    const auto hidden = [&](const std::string& view, const char* file) {
        expectFine(run(
            view, {"--hide-special", "--renormalise", "--whole-words", "--query", "3", "-o", path(file)}));
    };
    expectFine(runProgram({"trace", "--model", model, "--text", "the cats sat", "-o", path("t.json")}));
    const json pattern = readJson("t.json")["blocks.0.pattern"][0][3];
    const double left = 1 - pattern[0].get<double>() - pattern[5].get<double>();
    hidden("neurons", "n.json");
    const json neurons = readJson("n.json");
    EXPECT_EQ(neurons["query_token"], "##s");
    ASSERT_EQ(neurons["keys"].size(), 4U);
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_NEAR(neurons["keys"][i]["pattern"].get<double>(), pattern[i + 1].get<double>() / left, 1e-5);
    EXPECT_NEAR(neurons["keys"][1]["word_pattern"].get<double>(),
                (pattern[2].get<double>() + pattern[3].get<double>()) / left, 1e-5);
    hidden("neurons", "n.svg");
    EXPECT_THAT(m_folder.read("n.svg"), HasSubstr("2 special tokens hidden"));
    hidden("geometry", "g.json");
    EXPECT_EQ(readJson("g.json")["queries"].size(), 4U);
    EXPECT_EQ(readJson("g.json")["queries"][0]["index"], 1);
    hidden("geometry", "g.svg");
    EXPECT_THAT(m_folder.read("g.svg"), HasSubstr("of the queries and keys shown"));
    hidden("flow", "f.json");
    EXPECT_EQ(readJson("f.json")["steps"][0]["hidden_keys"], 2);
    hidden("flow", "f.csv");
    EXPECT_THAT(m_folder.read("f.csv"), HasSubstr(",2,cats,"));
    // Without --query it is the last token that is shown; a hidden one cannot be asked for.
    expectFine(run("neurons", {"--hide-special", "-o", path("d.json")}));
    EXPECT_EQ(readJson("d.json")["query"], 4);
    for (const char* view : {"neurons", "geometry", "flow"})
        expectBadValue(run(view, {"--hide-special", "--query", "0", "-o", path("b.csv")}),
                       "--query: token 0 is hidden");
    expectBadValue(run("neurons", {"--hide-special", "--key", "5", "-o", path("b.csv")}),
                   "--key: token 5 is hidden");
}

TEST_F(ViewCommands, NamesOfIdsAreReadWhereTheyAreNeeded) {
    const std::string model = test::writeTinyBert(m_folder);
    expectFine(runProgram({"export", "--model", model, "--ids", "2,5,6,11,3", "-o", path("n.csv")}));
    EXPECT_THAT(m_folder.read("n.csv"), HasSubstr(",2,5,6,11,3\n"));
    expectFine(runProgram({"export", "--model", model, "--ids", "2,5,6,11,3", "--hide-special",
                           "--whole-words", "-o", path("n.csv")}));
    EXPECT_THAT(m_folder.read("n.csv"), HasSubstr(",the,cats\n"));
    expectBadValue(runProgram({"export", "--text", "a", "--renormalise", "-o", path("r.csv")}),
                   "--renormalise goes with --hide-special");
    expectBadValue(runProgram({"export", "--view", "scaling", "--whole-words", "-o", path("r.csv")}),
                   "has no tokens to hide or merge");
}

TEST_F(ViewCommands, SayWhatIsWrong) {
    const auto exportWith = [&](const std::vector<std::string>& arguments) {
        std::vector<std::string> all{"export", "--text", "a b", "-o", path("f.png")};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return runProgram(all);
    };
    expectBadValue(exportWith({"--view", "links", "--head", "9"}), "--head: 9 is outside");
    expectBadValue(exportWith({"--view", "arcs", "--threshold", "2"}), "--threshold: 2 is outside");
    expectBadValue(exportWith({"--view", "links", "--most", "0"}), "--most: 0 is outside");
    expectBadValue(exportWith({"--view", "neurons", "--query", "2"}), "--query: 2 is outside");
    expectBadValue(exportWith({"--view", "neurons", "--head", "all"}), "--head");
    expectBadValue(exportWith({"--view", "neurons", "--off", "16"}), "--off");
    expectBadValue(exportWith({"--view", "neurons", "--order", "size"}),
                   "'size' is none of dimension, contribution");
    expectBadValue(exportWith({"--view", "geometry", "--color", "red"}), "--color: 'red' is none of");
    expectBadValue(exportWith({"--color", "role"}), "--color goes with --view geometry");
    expectBadValue(exportWith({"--view", "geometry", "--key", "2"}), "--key: 2 is outside");
    expectBadValue(exportWith({"--off", "1"}), "--off goes with --view neurons");
    expectBadValue(exportWith({"--key", "1"}), "--key goes with --view neurons");
    expectBadValue(exportWith({"--most", "3"}), "--most goes with --view links");
    expectBadValue(exportWith({"--view", "flow", "--tensor", "q"}), "--tensor goes with --view heatmap");
    expectBadValue(exportWith({"--view", "links", "--tensor", "q"}), "--tensor goes with --view heatmap");
    expectBadValue(exportWith({"--view", "flow", "--head", "0"}), "--view flow is not that of one head");
    expectBadValue(exportWith({"--weights", "rollout", "--query", "0"}), "--query goes with --weights flow");
    expectBadValue(exportWith({"--view", "heads", "--probe", "--layer", "0"}), "of the whole model");
    expectBadValue(exportWith({"--view", "compare"}), "needs --against");
    expectBadValue(exportWith({"--view", "compare", "--against", path("no.attn")}),
                   "no.attn: cannot be read");
    expectBadValue(exportWith({"--against", path("no.attn")}), "--against goes with --view compare");
    expectBadValue(runProgram({"export", "--text", "", "--view", "links", "-o", path("f.png")}),
                   "nothing to draw");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(ViewCommands, ATokensFlowIsAFigureAndItsNumbers) {
    expectFine(runProgram({"export", "--model", "reader", "--text", "The animal was tired", "--view", "flow",
                           "--query", "2", "-o", path("f.json")}));
    const json flow = readJson("f.json");
    EXPECT_EQ(flow["query"], 2);
    double total = flow["start_projection"];
    for (const json& step : flow["steps"]) {
        if (step.contains("heads"))
            for (const json& head : step["heads"]) total += head["projection"].get<double>();
        for (const char* part : {"bias", "mlp_out", "norm"})
            if (step.contains(part)) total += step[part]["projection"].get<double>();
    }
    EXPECT_NEAR(total, flow["end"].get<double>(), 1e-3) << "all that is written makes the end";
    expectFine(runProgram({"export", "--text", "Tom chase Jerry", "--view", "flow", "-o", path("f.svg")}));
    EXPECT_THAT(m_folder.read("f.svg"), HasSubstr("Jerry"));
    expectFine(runProgram({"export", "--text", "Tom chase Jerry", "--view", "flow", "-o", path("f.csv")}));
    EXPECT_THAT(m_folder.read("f.csv"), StartsWith("site,part,head,key,key_token,norm,projection\n"));
    expectBadValue(
        runProgram({"export", "--text", "Tom", "--view", "flow", "--query", "1", "-o", path("g.csv")}),
        "--query");
    expectBadValue(runProgram({"export", "--text", "", "--view", "flow", "-o", path("g.csv")}),
                   "nothing to draw");
    expectBadValue(runProgram({"export", "--text", "Tom", "--query", "0", "-o", path("g.csv")}),
                   "--query goes with --view neurons, geometry or flow, or with --weights");
}

TEST_F(ViewCommands, AlternativesToTheWeights) {
    const char* text = "Tom chase Jerry";
    expectFine(runProgram({"trace", "--text", text, "-o", path("t.json")}));
    expectFine(runProgram({"export", "--text", text, "--weights", "mean_of_heads", "-o", path("w.json")}));
    const json pattern = readJson("t.json")["blocks.0.pattern"], mean = readJson("w.json");
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (const json& head : pattern) sum += head[i][j].get<double>();
            EXPECT_NEAR(mean["values"][i][j].get<double>(), sum / static_cast<double>(pattern.size()), 1e-5);
        }
    }
    expectFine(
        runProgram({"export", "--text", text, "--weights", "flow", "--query", "1", "-o", path("w.csv")}));
    EXPECT_THAT(m_folder.read("w.csv"), HasSubstr("\nchase,"));
    expectFine(runProgram({"export", "--model", "storyteller", "--text", "Once upon a time", "--layer", "2",
                           "--weights", "rollout", "-o", path("w.png")}));
    expectBadValue(runProgram({"export", "--text", text, "--weights", "raw", "-o", path("x.csv")}),
                   "rollout");
    expectBadValue(runProgram({"export", "--text", text, "--context", "a b", "--weights", "rollout", "-o",
                               path("x.csv")}),
                   "blocks.0");
    expectBadValue(
        runProgram({"export", "--text", text, "--view", "flow", "--weights", "rollout", "-o", path("x.csv")}),
        "--weights goes with --view heatmap, links or arcs");
    expectBadValue(
        runProgram({"export", "--text", text, "--view", "links", "--weights", "flow", "-o", path("x.csv")}),
        "is that of one query");
}

/// A scene's own site that the model does not have gives way to the first one, in every view.
TEST_F(ViewCommands, EveryViewFindsASiteInEveryModel) {
    for (const char* view : {"heatmap", "links", "arcs", "neurons", "geometry", "flow"})
        expectFine(runProgram({"export", "--model", "translator", "--text", "Tom chases Jerry", "--view",
                               view, "-o", path("v.json")}));
}

TEST_F(ViewCommands, HeadsAreProbedOnRequest) {
    expectFine(runProgram({"export", "--model", "storyteller", "--text", "Once upon a time", "--view",
                           "heads", "--probe", "-o", path("h.json")}));
    double induction = 0;
    const json measured = readJson("h.json");
    for (const json& head : measured["heads"])
        if (head["site"] == "blocks.1" && head["head"] == 0) induction = head["probe_induction"];
    EXPECT_GE(induction, 0.4);
    expectFine(runProgram(
        {"export", "--text", "Tom chase Jerry", "--view", "heads", "--probe", "-o", path("h.csv")}));
    EXPECT_THAT(m_folder.read("h.csv"),
                HasSubstr("induction,probe_previous,probe_duplicate,probe_induction\n"));
    expectBadValue(runProgram({"export", "--text", "a", "--probe", "-o", path("x.csv")}),
                   "--probe goes with");
}

TEST_F(ViewCommands, LinksOfOtherWeights) {
    const std::string text = "a cat sat";
    const auto links = [&](const char* kind, const char* file) {
        expectFine(runProgram({"export", "--text", text, "--view", "links", "--head", "1,0", "--threshold",
                               "0", "--weights", kind, "-o", path(file)}));
    };
    expectFine(runProgram(
        {"export", "--text", text, "--weights", "value_norms", "--head", "1", "-o", path("w.json")}));
    const json norms = readJson("w.json")["values"];
    links("value_norms", "l.json");
    const json document = readJson("l.json");
    EXPECT_EQ(document["weights"], "value_norms");
    ASSERT_EQ(document["links"].size(), 18U) << "nine of each head";
    for (const json& link : document["links"]) {
        if (link["head"] != 1) continue;
        EXPECT_FLOAT_EQ(link["weight"],
                        norms[link["query"].get<std::size_t>()][link["key"].get<std::size_t>()]);
    }
    links("rollout", "r.json");
    EXPECT_FALSE(readJson("r.json")["links"][0].contains("head")) << "no head's own";
    EXPECT_EQ(readJson("r.json")["links"].size(), 9U);
    links("rollout", "r.csv");
    EXPECT_THAT(m_folder.read("r.csv"), HasSubstr("\n,"));
    links("value_norms", "l.svg");
    EXPECT_THAT(m_folder.read("l.svg"), HasSubstr("Times value norms"));
    EXPECT_THAT(m_folder.read("l.svg"), HasSubstr("The widest line would be"));
}

}  // namespace
}  // namespace attn
