#include "tests/app/expectations.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace attn {
namespace {

using nlohmann::json;
using test::expectBadValue;
using test::expectFine;
using test::Outcome;
using test::runProgramBare;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Arguments = std::vector<std::string>;

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

class ExperimentCommands : public testing::Test {
protected:
    [[nodiscard]] std::string path(const char* name) const { return (m_folder / name).string(); }

    const test::TemporaryFolder m_folder;
};

TEST_F(ExperimentCommands, helpNeedsNoDisplay) {
    for (const char* command : {"saturation", "scaling"}) {
        const Outcome help = runProgramBare({command, "--help"});
        expectFine(help);
        EXPECT_THAT(help.out, HasSubstr("Usage: attention-lab " + std::string(command)));
    }
}

TEST_F(ExperimentCommands, saturationPrintsCsv) {
    const Outcome outcome = runProgramBare({"saturation", "--logits", "1,1,2", "--scales", "1,10,100"});
    expectFine(outcome);
    const std::vector<std::string> lines = linesOf(outcome.out);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "scale,p_1,p_2,p_3,max_p,entropy_nats,jacobian_frobenius");
    EXPECT_THAT(lines[1], StartsWith("1,0.21194155761708"));
    EXPECT_THAT(lines[1], HasSubstr(",0.5761168847658"));
    EXPECT_THAT(lines[2], StartsWith("10,"));
    EXPECT_THAT(lines[3], StartsWith("100,"));
}

TEST_F(ExperimentCommands, saturationWritesJsonAndCsv) {
    expectFine(runProgramBare(
        {"saturation", "--logits", "1, 1, 2", "--scales", "1,2,3,10,100", "-o", path("s.json")}));
    const json document = json::parse(m_folder.read("s.json"));
    EXPECT_EQ(document["logits"], json({1, 1, 2}));
    const double published[] = {0.5761168848, 0.7869860422, 0.9094429985, 0.9999092084, 1};
    ASSERT_EQ(document["rows"].size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(document["rows"][i]["max_p"].get<double>(), published[i], 5e-11);
        EXPECT_EQ(document["rows"][i]["p"].size(), 3U);
    }
    const Outcome printed = runProgramBare({"saturation"});
    expectFine(printed);
    expectFine(runProgramBare({"saturation", "-o", path("s.csv")}));
    EXPECT_EQ(m_folder.read("s.csv"), printed.out);
}

TEST_F(ExperimentCommands, saturationTakesNegativeAndHugeLogits) {
    const Outcome outcome = runProgramBare({"saturation", "--logits", "-1e300,1e300", "--scales", "1000"});
    expectFine(outcome);
    EXPECT_THAT(outcome.out, HasSubstr("\n1000,0,1,1,0,0\n"));
}

TEST_F(ExperimentCommands, saturationRefusesBadValues) {
    struct Case {
        Arguments arguments;
        const char* text;
    };
    const Case cases[] = {
        {{"--logits", ""}, "--logits: the list is empty"},
        {{"--logits", "  "}, "--logits: the list is empty"},
        {{"--logits", "3"}, "two or more"},
        {{"--logits", "1,nan,2"}, "--logits: 'nan'"},
        {{"--logits", "1,inf"}, "--logits: 'inf'"},
        {{"--logits", "1,1e999"}, "--logits: '1e999'"},
        {{"--logits", "1,,2"}, "--logits: number 2 is missing"},
        {{"--logits", "1,2,"}, "--logits: number 3 is missing"},
        {{"--logits", "1,two"}, "--logits: 'two'"},
        {{"--logits", "1;2"}, "--logits: '1;2'"},
        {{"--scales", ""}, "--scales: the list is empty"},
        {{"--scales", "1,0"}, "scale 2 is not above 0"},
        {{"--scales", "-1"}, "scale 1 is not above 0"},
        {{"-o", path("s.txt")}, "must end in .csv or .json"},
        {{"-o", path("none/s.csv")}, "none"},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(testing::PrintToString(one.arguments));
        Arguments arguments{"saturation"};
        arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
        expectBadValue(runProgramBare(arguments), one.text);
    }
    std::string many = "1";
    for (int i = 0; i < 1024; ++i) many += ",1";
    expectBadValue(runProgramBare({"saturation", "--logits", many}), "--logits: more than 1024 numbers");
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(ExperimentCommands, scalingPrintsCsv) {
    const Arguments arguments{"scaling", "--dk", "64,1", "--keys", "8", "--samples", "500", "--seed", "7"};
    const Outcome outcome = runProgramBare(arguments);
    expectFine(outcome);
    const std::vector<std::string> lines = linesOf(outcome.out);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0],
              "dk,mean,variance,scaled_mean,scaled_variance,entropy_unscaled,entropy_scaled,max_p_unscaled,"
              "max_p_scaled,jacobian_unscaled,jacobian_scaled,saturated_unscaled,saturated_scaled");
    EXPECT_THAT(lines[1], StartsWith("64,"));
    EXPECT_THAT(lines[2], StartsWith("1,"));
    EXPECT_EQ(runProgramBare(arguments).out, outcome.out);
}

TEST_F(ExperimentCommands, scalingWritesJson) {
    expectFine(runProgramBare(
        {"scaling", "--dk", "16,256", "--keys", "16", "--samples", "3000", "-o", path("d.json")}));
    const json document = json::parse(m_folder.read("d.json"));
    EXPECT_EQ(document["keys"], 16);
    EXPECT_EQ(document["samples"], 3000);
    EXPECT_EQ(document["seed"], 1);
    ASSERT_EQ(document["rows"].size(), 2U);
    const json& row = document["rows"][1];
    EXPECT_EQ(row["dk"], 256);
    EXPECT_NEAR(row["variance"].get<double>(), 256, 15);
    EXPECT_NEAR(row["scaled_variance"].get<double>(), 1, 0.06);
    EXPECT_NEAR(row["saturated_unscaled"].get<double>(), 0.5, 0.04);
    EXPECT_EQ(row["saturated_scaled"].get<double>(), 0);
}

TEST_F(ExperimentCommands, scalingRefusesBadValues) {
    struct Case {
        Arguments arguments;
        const char* text;
    };
    const Case cases[] = {
        {{"--dk", "0"}, "--dk: 0 is outside 1 … 1024"},
        {{"--dk", "4,-1"}, "--dk: -1 is outside"},
        {{"--dk", "1025"}, "--dk: 1025 is outside"},
        {{"--dk", ""}, "--dk: the list is empty"},
        {{"--dk", "4.5"}, "--dk: '4.5' is no whole number"},
        {{"--keys", "0"}, "--keys: 0 is outside"},
        {{"--keys", "9999999999999999999999"}, "--keys"},
        {{"--samples", "-5"}, "--samples: -5 is outside"},
        {{"--samples", "0"}, "--samples: 0 is outside"},
        {{"--samples", "nan"}, "--samples: 'nan'"},
        {{"--seed", "-1"}, "--seed: -1 is outside"},
        {{"-o", path("d")}, "must end in .csv or .json"},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(testing::PrintToString(one.arguments));
        Arguments arguments{"scaling"};
        arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
        expectBadValue(runProgramBare(arguments), one.text);
    }
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(ExperimentCommands, exportsTheScalingPage) {
    const Arguments common{"--dk", "4,64", "--keys", "8", "--samples", "300", "--seed", "7"};
    const auto exportTo = [&](const char* name) {
        Arguments arguments{"export", "--text", "one two three", "--view", "scaling", "-o", path(name)};
        arguments.insert(arguments.end(), common.begin(), common.end());
        return runProgramBare(arguments);
    };
    for (const char* name : {"d.csv", "d.json", "d.svg", "d.pdf", "d.png"}) expectFine(exportTo(name));
    Arguments subcommand{"scaling"};
    subcommand.insert(subcommand.end(), common.begin(), common.end());
    EXPECT_EQ(m_folder.read("d.csv"), runProgramBare(subcommand).out) << "the same numbers";
    EXPECT_EQ(json::parse(m_folder.read("d.json"))["rows"].size(), 2U);
    EXPECT_THAT(m_folder.read("d.svg"), HasSubstr("300 samples × 8 keys"));
    EXPECT_THAT(m_folder.read("d.svg"), HasSubstr("your sentence"));
    EXPECT_THAT(m_folder.read("d.pdf"), StartsWith("%PDF"));
    EXPECT_THAT(m_folder.read("d.png"), StartsWith("\x89PNG"));
}

TEST_F(ExperimentCommands, theScalingPageIsThatOfTheScene) {
    m_folder.write("s.attn",
                   R"({"format": "attention-lab/scene", "version": 1, "experiments": {"scaling":
                       {"d_k": 100, "keys": 5, "samples": 200, "seed": 3, "distribution": "signs"}}})");
    expectFine(
        runProgramBare({"export", "--scene", path("s.attn"), "--view", "scaling", "-o", path("s.json")}));
    const json document = json::parse(m_folder.read("s.json"));
    EXPECT_EQ(document["keys"], 5);
    EXPECT_EQ(document["samples"], 200);
    EXPECT_EQ(document["seed"], 3);
    ASSERT_EQ(document["rows"].size(), 12U) << "the curves' d_k and the scene's";
    EXPECT_EQ(document["rows"][7]["dk"], 100);
}

TEST_F(ExperimentCommands, theScalingWorkspaceHasItsPictureTaken) {
    expectFine(runProgramBare({"screenshot", "--text", "one two three", "--workspace", "scaling", "--size",
                               "1024x700", "-o", path("w.png")}));
    const std::string png = m_folder.read("w.png");
    EXPECT_THAT(png, StartsWith("\x89PNG"));
    EXPECT_GT(png.size(), 20'000U) << "plots, not an empty page";
}

TEST_F(ExperimentCommands, theScalingPageRefusesBadValues) {
    struct Case {
        Arguments arguments;
        const char* text;
    };
    const Case cases[] = {
        {{"--view", "scaling", "--dk", "0", "-o", path("s.png")}, "--dk: 0 is outside 1 … 1024"},
        {{"--view", "scaling", "--dk", "", "-o", path("s.png")}, "--dk: the list is empty"},
        {{"--view", "scaling", "--samples", "-1", "-o", path("s.png")}, "--samples: -1 is outside"},
        {{"--view", "scaling", "--keys", "0", "-o", path("s.png")}, "--keys: 0 is outside"},
        {{"--view", "scaling", "--seed", "x", "-o", path("s.png")}, "--seed: 'x'"},
        {{"--view", "scaling", "--logits", "1,2", "-o", path("s.png")},
         "--logits goes with --view saturation"},
        {{"--view", "saturation", "--dk", "4", "-o", path("s.png")}, "--dk goes with --view scaling"},
        {{"--samples", "4", "-o", path("s.png")}, "--samples goes with --view scaling"},
        // At once: not after ten million samples.
        {{"--view", "scaling", "--samples", "10000000", "-o", path("s.npy")}, "the name must end in"},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(testing::PrintToString(one.arguments));
        Arguments arguments{"export"};
        arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
        expectBadValue(runProgramBare(arguments), one.text);
    }
    EXPECT_THAT(m_folder.names(), IsEmpty());
}

TEST_F(ExperimentCommands, wrongUsage) {
    for (const char* command : {"saturation", "scaling"}) {
        const Outcome unknown = runProgramBare({command, "--unknown", "1"});
        EXPECT_EQ(unknown.status, 2);
        EXPECT_THAT(unknown.out, IsEmpty());
        EXPECT_THAT(unknown.error, HasSubstr("--help"));
        EXPECT_EQ(runProgramBare({command, "stray"}).status, 2);
    }
    EXPECT_EQ(runProgramBare({"saturation", "--logits"}).status, 2);
    EXPECT_EQ(runProgramBare({"saturation", "--logits="}).status, 2);
}

TEST_F(ExperimentCommands, exportDrawsTheSaturationPage) {
    expectFine(runProgramBare({"export", "--view", "saturation", "-o", path("s.svg")}));
    const std::string svg = m_folder.read("s.svg");
    for (const char* text :
         {"Softmax of a·(1, 1, 2)", "0.576", "saturated", "What is left of the gradient", "exp(H)"})
        EXPECT_THAT(svg, HasSubstr(text));
    EXPECT_THAT(svg, testing::Not(HasSubstr("<image")));
    expectFine(runProgramBare({"export", "--view", "saturation", "--logits", "3,-1,0.5,0.5", "--theme",
                               "dark", "-o", path("s.pdf")}));
    EXPECT_THAT(m_folder.read("s.pdf"), StartsWith("%PDF"));
    expectFine(runProgramBare({"export", "--view", "saturation", "--width", "900", "--height", "700", "--dpi",
                               "192", "-o", path("s.png")}));
    EXPECT_THAT(m_folder.read("s.png"), HasSubstr("PNG"));
}

TEST_F(ExperimentCommands, exportedSaturationIsTheSubcommandsTable) {
    const Arguments numbers{"--logits", "1,1,2", "--scales", "0.5,10"};
    for (const char* name : {"s.csv", "s.json"}) {
        Arguments asExport{"export", "--view", "saturation", "-o", path(name)};
        asExport.insert(asExport.end(), numbers.begin(), numbers.end());
        expectFine(runProgramBare(asExport));
        const std::string exported = m_folder.read(name);
        Arguments asSubcommand{"saturation", "-o", path(name)};
        asSubcommand.insert(asSubcommand.end(), numbers.begin(), numbers.end());
        expectFine(runProgramBare(asSubcommand));
        EXPECT_EQ(exported, m_folder.read(name));
    }
}

TEST_F(ExperimentCommands, exportTakesTheScenesOwnLogits) {
    m_folder.write("s.attn", R"({"format":"attention-lab/scene","experiments":{"saturation":)"
                             R"({"logits":[0,4],"table_scales":[2]}}})");
    expectFine(
        runProgramBare({"export", "--scene", path("s.attn"), "--view", "saturation", "-o", path("s.json")}));
    const json document = json::parse(m_folder.read("s.json"));
    EXPECT_EQ(document["logits"], json({0, 4}));
    ASSERT_EQ(document["rows"].size(), 1U);
    EXPECT_NEAR(document["rows"][0]["max_p"].get<double>(), 1 / (1 + std::exp(-8.0)), 1e-12);
}

TEST_F(ExperimentCommands, exportSaysWhatIsWrongWithLogits) {
    const auto exportWith = [&](Arguments arguments, const char* name = "s.png") {
        arguments.insert(arguments.begin(), {"export", "-o", path(name)});
        return runProgramBare(arguments);
    };
    expectBadValue(exportWith({"--view", "saturation", "--logits", ""}), "--logits");
    expectBadValue(exportWith({"--view", "saturation", "--logits", "1"}), "one logit");
    expectBadValue(exportWith({"--view", "saturation", "--logits", "1,nan"}), "--logits");
    expectBadValue(exportWith({"--view", "saturation", "--scales", "0"}), "scale 1 is not above 0");
    expectBadValue(exportWith({"--view", "saturation"}, "s.npy"), "the name must end in");
    expectBadValue(exportWith({"--logits", "1,2"}), "--logits goes with --view saturation");
    m_folder.write("bad.attn",
                   R"({"format":"attention-lab/scene","experiments":{"saturation":{"scale":0}}})");
    expectBadValue(exportWith({"--scene", path("bad.attn"), "--view", "saturation"}),
                   "experiments.saturation.scale: 0 is outside");
    EXPECT_THAT(m_folder.names(), testing::ElementsAre("bad.attn"));
}

TEST_F(ExperimentCommands, screenshotShowsTheSoftmaxWorkspace) {
    expectFine(runProgramBare({"screenshot", "--text", "a b c", "--size", "1024x700", "-o", path("e.png")}));
    expectFine(runProgramBare({"screenshot", "--text", "a b c", "--size", "1024x700", "--workspace",
                               "softmax", "-o", path("s.png")}));
    EXPECT_THAT(m_folder.read("s.png"), HasSubstr("PNG"));
    EXPECT_NE(m_folder.read("s.png"), m_folder.read("e.png"));
    m_folder.write("s.attn", R"({"format":"attention-lab/scene","text":{"source":"a b c"},)"
                             R"("view":{"workspace":"softmax"}})");
    expectFine(runProgramBare(
        {"screenshot", "--scene", path("s.attn"), "--size", "1024x700", "-o", path("scene.png")}));
    EXPECT_EQ(m_folder.read("scene.png"), m_folder.read("s.png"));
}

}  // namespace
}  // namespace attn
