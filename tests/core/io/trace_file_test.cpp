#include "core/io/trace_file.h"

#include "core/io/npy.h"
#include "core/pipeline/pipeline.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace attn {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TracePtr traceOf(const std::string& text, const std::string& tokenizer = "words") {
    Inputs inputs;
    inputs.text = text;
    EXPECT_TRUE(inputs.parameters.setFromText("tokenizer", tokenizer));
    EXPECT_TRUE(inputs.parameters.setFromText("mask", "causal"));
    Pipeline pipeline;
    return pipeline.evaluate(inputs).value();
}

TEST(ShortestDecimal, ReadsBackAsTheSameFloat) {
    for (const float value : {0.1F, 1.0F / 3, 1e-45F, 3.4028235e38F, -0.0F, 16777216.0F}) {
        EXPECT_EQ(std::strtof(shortestDecimal(value).c_str(), nullptr), value);
    }
    EXPECT_EQ(shortestDecimal(0.1F), "0.1");
    EXPECT_EQ(shortestDecimal(-kInfinity), "-inf");
}

TEST(TokenForFile, IsTheTextItselfUnlessThatIsNoText) {
    EXPECT_EQ(tokenForFile(" "), " ");
    EXPECT_EQ(tokenForFile("酸菜"), "酸菜");
    EXPECT_EQ(tokenForFile("\n"), "\n");
    EXPECT_EQ(tokenForFile("\xe9"), "E9");
}

TEST(TraceFile, JsonHoldsEveryTensorWithItsShape) {
    const TracePtr trace = traceOf("a b a");
    const json document = json::parse(traceToJson(*trace, true));
    EXPECT_EQ(document["tokens"], json({"a", "b", "a"}));
    EXPECT_EQ(document["ids"], json({0, 1, 0}));
    std::size_t tensors = 0;
    for (const TensorKey& key : trace->keys()) {
        ++tensors;
        ASSERT_TRUE(document.contains(key.fullName())) << key.fullName();
        const TensorPtr tensor = trace->find(key)->get();
        const json& list = document[key.fullName()];
        const json heads = tensor->rank() == 3 ? list : json::array({list});
        ASSERT_EQ(static_cast<Index>(heads.size()), tensor->heads());
        for (Index h = 0; h < tensor->heads(); ++h) {
            const json& rows = heads[static_cast<std::size_t>(h)];
            ASSERT_EQ(static_cast<Index>(rows.size()), tensor->rows());
            for (Index i = 0; i < tensor->rows(); ++i) {
                const json& row = rows[static_cast<std::size_t>(i)];
                ASSERT_EQ(static_cast<Index>(row.size()), tensor->cols());
                for (Index j = 0; j < tensor->cols(); ++j) {
                    const float value = tensor->at(h, i, j);
                    const json& cell = row[static_cast<std::size_t>(j)];
                    if (std::isinf(value)) {
                        EXPECT_TRUE(cell.is_null());
                    } else {
                        ASSERT_EQ(cell.get<float>(), value) << key.fullName();
                    }
                }
            }
        }
    }
    EXPECT_EQ(document.size(), tensors + 2);
    EXPECT_TRUE(document["blocks.0.scores"][0][0][1].is_null()) << "the causal mask";
}

std::string npzOf(const Trace& trace, bool weights) {
    const test::TemporaryFolder folder;
    EXPECT_TRUE(writeTraceNpz(folder / "t.npz", trace, weights));
    EXPECT_TRUE(writeTraceJson(folder / "t.json", trace, weights));
    EXPECT_EQ(folder.read("t.json"), traceToJson(trace, weights));
    return folder.read("t.npz");
}

TEST(TraceFile, WeightsOnlyWhenAskedFor) {
    const TracePtr trace = traceOf("a b");
    EXPECT_FALSE(json::parse(traceToJson(*trace, false)).contains("blocks.0.W_Q"));
    EXPECT_TRUE(json::parse(traceToJson(*trace, true)).contains("blocks.0.W_Q"));
    const std::string with = npzOf(*trace, true), without = npzOf(*trace, false);
    EXPECT_THAT(with, HasSubstr("blocks.0.W_Q.npy"));
    EXPECT_THAT(without, testing::Not(HasSubstr("W_Q")));
    for (const char* name : {"tokens.npy", "ids.npy", "embed.npy", "blocks.0.pattern.npy"}) {
        EXPECT_THAT(without, HasSubstr(name));
    }
}

TEST(TraceFile, TextsThatAreHardToWrite) {
    for (const std::string& text :
         {std::string(), std::string("a\0b\"\\\n\xef\xbf\xbe", 8), std::string("שלום e\xcc\x81 🐟")}) {
        for (const char* tokenizer : {"words", "characters", "bytes"}) {
            const TracePtr trace = traceOf(text, tokenizer);
            const json document = json::parse(traceToJson(*trace, false));
            EXPECT_EQ(document["tokens"].size(), trace->tokens().items.size());
            EXPECT_THAT(npzOf(*trace, false), HasSubstr("tokens.npy"));
        }
    }
}

TEST(LabelledMatrix, CsvIsQuotedWhereItMustBe) {
    LabelledMatrix matrix{"blocks.0.pattern[0]", {"a,b", "\"", "plain"}, {"x\ny", "z"}, Matrix(3, 2)};
    matrix.values << 0.5F, 0.1F, -kInfinity, 1e-9F, 3, -4;
    EXPECT_EQ(toCsv(matrix),
              "blocks.0.pattern[0],\"x\ny\",z\n"
              "\"a,b\",0.5,0.1\n"
              "\"\"\"\",-inf,1e-09\n"
              "plain,3,-4\n");
}

TEST(LabelledMatrix, JsonAndNpy) {
    LabelledMatrix matrix{"m", {"a", "b"}, {"c"}, Matrix(2, 1)};
    matrix.values << 0.1F, -kInfinity;
    const json document = json::parse(toJson(matrix));
    EXPECT_EQ(document["name"], "m");
    EXPECT_EQ(document["rows"], json({"a", "b"}));
    EXPECT_EQ(document["columns"], json::array({"c"}));
    EXPECT_EQ(document["values"][0][0].get<float>(), 0.1F);
    EXPECT_TRUE(document["values"][1][0].is_null());
    const NpyArray array = npyFromBytes(toNpy(matrix)).value();
    EXPECT_THAT(array.shape, testing::ElementsAre(2, 1));
    EXPECT_THAT(array.values, testing::ElementsAre(0.1F, -kInfinity));
}

}  // namespace
}  // namespace attn
