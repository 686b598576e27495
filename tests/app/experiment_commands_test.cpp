#include "tests/app/program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace attn {
namespace {

using nlohmann::json;
using test::Outcome;
using test::runProgramBare;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Arguments = std::vector<std::string>;

void expectFine(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << outcome.error;
    EXPECT_THAT(outcome.error, IsEmpty());
}

/// Status 1, and one line on standard error that holds `text`.
void expectBadValue(const Outcome& outcome, const std::string& text) {
    EXPECT_EQ(outcome.status, 1) << outcome.error;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.error, StartsWith("attention-lab: "));
    EXPECT_THAT(outcome.error, HasSubstr(text));
    EXPECT_EQ(std::count(outcome.error.begin(), outcome.error.end(), '\n'), 1) << outcome.error;
}

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

}  // namespace
}  // namespace attn
