#include "core/experiment/experiment_file.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

namespace attn::experiment {
namespace {

using nlohmann::json;

std::vector<std::vector<std::string>> cellsOf(const std::string& csv) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream text(csv);
    for (std::string line; std::getline(text, line);) {
        lines.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) lines.back().push_back(cell);
    }
    return lines;
}

TEST(ExperimentFile, saturationReadsBackToTheSameNumbers) {
    const std::vector<double> logits{1, 1, 2};
    const auto rows = *saturationCurves(logits, {1, 10, 100});
    const auto csv = cellsOf(saturationToCsv(rows));
    ASSERT_EQ(csv.size(), 4U);
    EXPECT_EQ(csv[0], (std::vector<std::string>{"scale", "p_1", "p_2", "p_3", "max_p", "entropy_nats",
                                                "jacobian_frobenius"}));
    const json document = json::parse(saturationToJson(logits, rows));
    EXPECT_EQ(document["logits"], json({1, 1, 2}));
    ASSERT_EQ(document["rows"].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const json& row = document["rows"][i];
        EXPECT_EQ(row["scale"].get<double>(), rows[i].scale);
        EXPECT_EQ(row["p"].get<std::vector<double>>(), rows[i].p);
        EXPECT_EQ(row["max_p"].get<double>(), rows[i].measures.maxP);
        EXPECT_EQ(row["entropy_nats"].get<double>(), rows[i].measures.entropyNats);
        EXPECT_EQ(row["jacobian_frobenius"].get<double>(), rows[i].measures.jacobianFrobenius);
        EXPECT_EQ(row.size(), 5U);
        EXPECT_EQ(std::stod(csv[i + 1][0]), rows[i].scale);
        for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(std::stod(csv[i + 1][k + 1]), rows[i].p[k]);
        EXPECT_EQ(std::stod(csv[i + 1][4]), rows[i].measures.maxP);
        EXPECT_EQ(std::stod(csv[i + 1][5]), rows[i].measures.entropyNats);
        EXPECT_EQ(std::stod(csv[i + 1][6]), rows[i].measures.jacobianFrobenius);
    }
}

TEST(ExperimentFile, scalingHasTheSameColumnsInBothFormats) {
    ScalingSettings settings;
    settings.dks = {16, 1};
    settings.seed = 5;
    settings.exponents = {1, 0.5, 0};  // found by value, not by place
    ScalingExperiment experiment;
    ASSERT_TRUE(experiment.configure(settings).has_value());
    experiment.advance(50);
    const ScalingSnapshot snapshot = experiment.snapshot();
    const auto csv = cellsOf(scalingToCsv(snapshot));
    const std::vector<std::string> names{"dk",
                                         "mean",
                                         "variance",
                                         "scaled_mean",
                                         "scaled_variance",
                                         "entropy_unscaled",
                                         "entropy_scaled",
                                         "max_p_unscaled",
                                         "max_p_scaled",
                                         "jacobian_unscaled",
                                         "jacobian_scaled",
                                         "saturated_unscaled",
                                         "saturated_scaled"};
    ASSERT_EQ(csv.size(), 3U);
    EXPECT_EQ(csv[0], names);
    const json document = json::parse(scalingToJson(snapshot));
    EXPECT_EQ(document["keys"], 16);
    EXPECT_EQ(document["samples"], 50);
    EXPECT_EQ(document["seed"], 5);
    ASSERT_EQ(document["rows"].size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const json& row = document["rows"][i];
        EXPECT_EQ(row.size(), names.size());
        for (std::size_t c = 0; c < names.size(); ++c) {
            EXPECT_EQ(std::stod(csv[i + 1][c]), row[names[c]].get<double>()) << names[c];
        }
        EXPECT_EQ(row["dk"], settings.dks[i]);
        EXPECT_EQ(row["variance"].get<double>(), snapshot.rows[i].variance.value);
        EXPECT_NEAR(row["scaled_variance"].get<double>(),
                    row["variance"].get<double>() / static_cast<double>(settings.dks[i]), 1e-15);
        EXPECT_EQ(row["entropy_unscaled"].get<double>(), snapshot.rows[i].scales[2].entropyNats.value);
        EXPECT_EQ(row["jacobian_scaled"].get<double>(), snapshot.rows[i].scales[1].jacobianFrobenius.value);
        EXPECT_EQ(row["saturated_unscaled"].get<double>(), snapshot.rows[i].scales[2].saturated.value);
    }
}

}  // namespace
}  // namespace attn::experiment
