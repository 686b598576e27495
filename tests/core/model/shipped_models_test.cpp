// The trained models that come with the program, against what PyTorch made of the same weights
// (resources/models/training/write_expected.py), and what their folders promise.
#include "core/io/file.h"
#include "core/model/transformer.h"
#include "core/pipeline/pipeline.h"
#include "core/scene/examples.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kTolerance = 2e-3;  // the weights are stored in half precision and computed in float32
constexpr std::uintmax_t kMaxFolderBytes = 8'000'000;

fs::path folderOf(const std::string& name) {
    return resourceFolder() / "models" / name;
}

json readJson(const fs::path& path) {
    return json::parse(readFile(path, std::size_t{1} << 24U).value());
}

TracePtr traceOf(const std::string& name, const std::string& text) {
    Inputs inputs;
    inputs.model = folderOf(name).string();
    inputs.text = text;
    Pipeline pipeline;
    Result<TracePtr> trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

std::vector<std::int64_t> idsOf(const Tokens& tokens) {
    std::vector<std::int64_t> ids;
    for (const Token& token : tokens.items) ids.push_back(token.id);
    return ids;
}

/// softmax of a row of logits, in float64.
std::vector<double> probabilities(const Tensor& logits, Index row) {
    std::vector<double> out(static_cast<std::size_t>(logits.cols()));
    double largest = -std::numeric_limits<double>::infinity(), sum = 0;
    for (Index i = 0; i < logits.cols(); ++i)
        largest = std::max(largest, static_cast<double>(logits.at(0, row, i)));
    for (Index i = 0; i < logits.cols(); ++i) {
        double& value = out[static_cast<std::size_t>(i)];
        value = std::exp(static_cast<double>(logits.at(0, row, i)) - largest);
        sum += value;
    }
    for (double& value : out) value /= sum;
    return out;
}

void expectLogits(const Tensor& logits, const json& rows) {
    ASSERT_EQ(logits.rows(), static_cast<Index>(rows.size()));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::vector<double> actual = probabilities(logits, static_cast<Index>(row));
        for (const json& likely : rows[row]) {
            const auto id = likely[0].get<std::size_t>();
            ASSERT_LT(id, actual.size());
            EXPECT_NEAR(actual[id], likely[1].get<double>(), kTolerance) << "row " << row << ", id " << id;
        }
    }
}

void expectPattern(const Tensor& pattern, Index head, const json& weights) {
    ASSERT_LT(head, pattern.heads());
    ASSERT_EQ(pattern.rows(), static_cast<Index>(weights.size()));
    for (Index i = 0; i < pattern.rows(); ++i) {
        const json& row = weights[static_cast<std::size_t>(i)];
        ASSERT_EQ(pattern.cols(), static_cast<Index>(row.size()));
        for (Index j = 0; j < pattern.cols(); ++j) {
            EXPECT_NEAR(static_cast<double>(pattern.at(head, i, j)),
                        row[static_cast<std::size_t>(j)].get<double>(), kTolerance)
                << "at " << i << ", " << j;
        }
    }
}

class ShippedModels : public testing::TestWithParam<const char*> {};

TEST_P(ShippedModels, ComputeWhatTheyWereTrainedToCompute) {
    const json expected =
        readJson(fs::path(ATTN_TEST_DATA) / "trained" / (std::string(GetParam()) + ".json"));
    ASSERT_FALSE(expected.at("cases").empty());
    for (const json& each : expected.at("cases")) {
        SCOPED_TRACE(each.at("text").get<std::string>());
        const TracePtr trace = traceOf(GetParam(), each.at("text").get<std::string>());
        ASSERT_TRUE(trace);
        EXPECT_EQ(idsOf(trace->tokens()), each.at("ids").get<std::vector<std::int64_t>>());
        if (each.contains("target_ids")) {
            ASSERT_NE(trace->target(), nullptr);
            EXPECT_EQ(idsOf(*trace->target()), each.at("target_ids").get<std::vector<std::int64_t>>());
        }
        expectLogits(*trace->find({"", TensorName::Logits})->get(), each.at("rows"));
        ASSERT_FALSE(each.at("patterns").empty());
        for (const json& pattern : each.at("patterns")) {
            const auto site = pattern.at("site").get<std::string>();
            SCOPED_TRACE(site);
            const auto entry = trace->find({site, TensorName::Pattern});
            ASSERT_TRUE(entry);
            expectPattern(*entry->get(), pattern.at("head").get<Index>(), pattern.at("weights"));
        }
    }
}

TEST_P(ShippedModels, FolderIsWholeAndSmall) {
    const FolderReport report = describeFolder(folderOf(GetParam()));
    EXPECT_FALSE(report.error) << report.error->english();
    EXPECT_TRUE(report.unused.empty());
    EXPECT_TRUE(report.missing.empty());
    const json card = readJson(folderOf(GetParam()) / "card.json");
    EXPECT_EQ(card.at("parameters").get<std::int64_t>(), report.parameters);
    EXPECT_FALSE(card.at("title").get<std::string>().empty());
    EXPECT_FALSE(card.at("description").get<std::string>().empty());
    std::uintmax_t bytes = 0;
    for (const auto& file : fs::directory_iterator(folderOf(GetParam()))) bytes += file.file_size();
    EXPECT_LE(bytes, kMaxFolderBytes);
}

TEST_P(ShippedModels, NamedHeadsAndExamplesAreThere) {
    const json heads = readJson(folderOf(GetParam()) / "heads.json");
    const auto examples = loadExamples(folderOf(GetParam()));
    ASSERT_TRUE(examples) << examples.error().english();
    for (const Example& example : *examples) {
        SCOPED_TRACE(example.id);
        const TracePtr trace = traceOf(GetParam(), example.scene.inputs.text);
        ASSERT_TRUE(trace);
        const auto pattern = trace->find({example.scene.view.site, TensorName::Pattern});
        ASSERT_TRUE(pattern) << example.scene.view.site;
        EXPECT_LT(example.scene.view.head, (*pattern).get()->heads());
        EXPECT_LT(example.scene.view.query, (*pattern).get()->rows());
        EXPECT_LT(example.scene.view.key, (*pattern).get()->cols());
    }
    const TracePtr trace = traceOf(GetParam(), "The cat");
    ASSERT_TRUE(trace);
    ASSERT_FALSE(heads.empty());
    for (const json& head : heads) {
        const auto pattern = trace->find({head.at("site").get<std::string>(), TensorName::Pattern});
        ASSERT_TRUE(pattern) << head.dump();
        EXPECT_LT(head.at("head").get<Index>(), pattern->get()->heads());
        EXPECT_FALSE(head.at("name").get<std::string>().empty());
        EXPECT_FALSE(head.at("explanation").get<std::string>().empty());
        EXPECT_TRUE(head.at("taught").is_boolean());
    }
}

INSTANTIATE_TEST_SUITE_P(All, ShippedModels, testing::Values("reader", "storyteller", "translator"),
                         [](const auto& each) { return std::string(each.param); });

/// What the window opens on: "it" finds the animal, and the street once the animal is not tired but the
/// street wide.
TEST(ShippedReader, LinksItToItsNoun) {
    for (const auto& [last, noun] : {std::pair("tired", 2), std::pair("wide", 7)}) {
        const TracePtr trace =
            traceOf("reader", std::string("The animal didn't cross the street because it was too ") + last);
        ASSERT_TRUE(trace);
        const Tensor& pattern = *trace->find({"blocks.2", TensorName::Pattern})->get();
        constexpr Index kIt = 9;
        Index best = 0;
        for (Index j = 1; j < pattern.cols(); ++j)
            if (pattern.at(0, kIt, j) > pattern.at(0, kIt, best)) best = j;
        EXPECT_EQ(best, noun) << last;
        EXPECT_GT(pattern.at(0, kIt, noun), 0.5F) << last;
        const std::vector<double> said = probabilities(*trace->find({"", TensorName::Logits})->get(), kIt);
        const auto answer = std::max_element(said.begin(), said.end()) - said.begin();
        EXPECT_EQ(answer, trace->tokens().items[static_cast<std::size_t>(noun)].id) << last;
    }
}

/// Tom chases Jerry: each Chinese word looks at its English one.
TEST(ShippedTranslator, AlignsWords) {
    const TracePtr trace = traceOf("translator", "Tom chases Jerry");
    ASSERT_TRUE(trace);
    ASSERT_EQ(trace->target()->items.size(), 4U);  // </s> and three words
    const Tensor& pattern = *trace->find({"decoder.blocks.0.cross", TensorName::Pattern})->get();
    for (Index word = 0; word < 3; ++word) EXPECT_GT(pattern.at(0, word + 1, word), 0.5F) << word;
}

}  // namespace
}  // namespace attn
