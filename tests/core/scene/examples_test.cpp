#include "core/scene/examples.h"

#include "core/analysis/neurons.h"
#include "core/io/file.h"
#include "core/pipeline/pipeline.h"
#include "core/scene/scene_json.h"
#include "core/text/tokenizer.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <unistd.h>

namespace attn {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<Example> shipped() {
    auto loaded = loadExamples(resourceFolder() / "examples");
    EXPECT_TRUE(loaded) << loaded.error().english();
    return loaded ? *std::move(loaded) : std::vector<Example>{};
}

/// An example, computed; what its hint says is checked on it.
class Computed {
public:
    explicit Computed(const char* id) {
        for (const Example& example : shipped()) {
            if (example.id == id) inputs = example.scene.inputs;
        }
        EXPECT_FALSE(inputs.text.empty()) << "no example " << id;
        compute();
    }

    void set(const char* key, const char* value) {
        const auto done = inputs.parameters.setFromText(key, value);
        ASSERT_TRUE(done) << done.error().english();
        compute();
    }

    [[nodiscard]] const Tensor& tensor(TensorName name) {
        held = trace->find({"blocks.0", name})->get();
        return *held;
    }
    [[nodiscard]] float weight(Index head, Index query, Index key) {
        return tensor(TensorName::Pattern).at(head, query, key);
    }
    /// Key of a row's largest weight, the query's own left out.
    [[nodiscard]] Index favourite(Index query) {
        const Tensor& pattern = tensor(TensorName::Pattern);
        Index best = query == 0 ? 1 : 0;
        for (Index key = 0; key < pattern.cols(); ++key) {
            if (key != query && pattern.at(0, query, key) > pattern.at(0, query, best)) best = key;
        }
        return best;
    }
    [[nodiscard]] float largest(Index head, Index query) {
        const Tensor& pattern = tensor(TensorName::Pattern);
        return pattern.matrix(head).row(query).maxCoeff();
    }
    [[nodiscard]] bool rowsEqual(Index first, Index second) {
        const Tensor& pattern = tensor(TensorName::Pattern);
        for (Index head = 0; head < pattern.heads(); ++head) {
            if (!pattern.matrix(head).row(first).isApprox(pattern.matrix(head).row(second), 1e-4F))
                return false;
        }
        return true;
    }

    Inputs inputs;
    TracePtr trace;

private:
    void compute() {
        Pipeline pipeline;
        const auto result = pipeline.evaluate(inputs);
        ASSERT_TRUE(result) << result.error().english();
        trace = *result;
    }

    TensorPtr held;
};

TEST(Examples, AreWholeAndDifferent) {
    const std::vector<Example> examples = shipped();
    EXPECT_GE(examples.size(), 12U);
    std::set<std::string> ids, titles;
    Pipeline pipeline;
    for (const Example& example : examples) {
        SCOPED_TRACE(example.id);
        EXPECT_TRUE(ids.insert(example.id).second);
        EXPECT_TRUE(titles.insert(example.title).second);
        EXPECT_EQ(example.hint.find('\n'), std::string::npos);
        EXPECT_LE(tokenize(example.hint, TokenizerKind::Characters, 0).found, 180U);

        const auto trace = pipeline.evaluate(example.scene.inputs);
        ASSERT_TRUE(trace) << trace.error().english();
        const SiteInfo* site = (*trace)->site(example.scene.view.site);
        ASSERT_NE(site, nullptr);
        EXPECT_GE(site->queries, 3);
        EXPECT_LT(example.scene.view.query, site->queries);
        EXPECT_LT(example.scene.view.key, site->keys);
        EXPECT_GE(example.scene.view.query, 0);
        EXPECT_GE(example.scene.view.key, 0);
        EXPECT_LT(example.scene.view.head, site->heads);
        EXPECT_NE(site->stage(example.scene.view.stage), nullptr);

        const auto again = sceneFromJson(sceneToJson(example.scene));
        ASSERT_TRUE(again) << again.error().english();
        EXPECT_EQ(again->scene, example.scene);
    }
}

TEST(Examples, HoldTheSentencesThatTeachersUse) {
    std::set<std::string> texts;
    for (const Example& example : shipped()) texts.insert(example.scene.inputs.text);
    for (const char* text : {"The animal didn't cross the street because it was too tired",
                             "walk by river bank", "Tom chase Jerry", "我想吃酸菜鱼"}) {
        EXPECT_TRUE(texts.count(text)) << text;
    }
}

TEST(ExampleHints, Pairs) {
    EXPECT_EQ(shipped().front().id, "pairs");
    Computed example("pairs");
    for (const auto& [a, b] : {std::pair<Index, Index>{1, 3}, {6, 8}, {9, 11}}) {
        EXPECT_EQ(example.favourite(a), b);
        EXPECT_EQ(example.favourite(b), a);
        EXPECT_NEAR(example.weight(0, a, b), 1.0F / 3, 0.06F);
        EXPECT_NEAR(example.weight(0, b, a), 1.0F / 3, 0.06F);
    }
    for (const Token& token : example.trace->tokens().items) EXPECT_TRUE(token.known) << token.text;
}

TEST(ExampleHints, WhichNumbersDecide) {
    Computed example("which-numbers");
    const TracePtr trace = example.trace;
    const NeuronHead head(trace, *trace->site("blocks.0"), 0, trace->find({"blocks.0", TensorName::Q})->get(),
                          trace->find({"blocks.0", TensorName::K})->get());
    EXPECT_EQ(head.width(), 32);
    const std::vector<Index> off{12, 6, 5};
    const NeuronRow row = head.row(3, off);
    const std::vector<Index> order = head.byContribution(row, 1);
    EXPECT_EQ((std::vector<Index>{order.begin(), order.begin() + 3}), off);
    EXPECT_LT(row.kept.raw[1], row.all.raw[1] / 2);
    // Of the others' best.
    const float before = *std::max_element(row.all.weights.begin() + 4, row.all.weights.end());
    const float after = *std::max_element(row.kept.weights.begin() + 4, row.kept.weights.end());
    EXPECT_LT(row.kept.weights[1] / after, row.all.weights[1] / before / 2);
}

TEST(ExampleHints, Plane) {
    Computed example("plane");
    const TensorPtr q = example.trace->find({"blocks.0", TensorName::Q})->get();
    EXPECT_EQ(q->cols(), 2);
    EXPECT_GT(example.tensor(TensorName::ScoresRaw).at(0, 0, 1), 0) << "before it is dragged";
}

TEST(ExampleHints, RiverBank) {
    Computed example("river-bank");
    EXPECT_EQ(example.favourite(2), 3);
    EXPECT_EQ(example.favourite(3), 2);
    EXPECT_GT(example.weight(0, 2, 3), 3.9F * example.weight(0, 2, 0));
    EXPECT_GT(example.weight(0, 3, 2), 3.9F * example.weight(0, 3, 0));
}

TEST(ExampleHints, Animal) {
    Computed example("animal");
    EXPECT_EQ(example.favourite(10), 9);
    EXPECT_EQ(example.favourite(5), 3);
    EXPECT_LT(example.weight(0, 7, 1), 0.05F);
}

TEST(ExampleHints, Heads) {
    Computed example("heads");
    EXPECT_EQ(example.trace->sites().front().heads, 4);
    EXPECT_EQ(example.trace->tokens().items.size(), 6U);
    example.set("tokenizer", "words");
    EXPECT_EQ(example.trace->tokens().items.size(), 4U);
}

TEST(ExampleHints, Cross) {
    Computed example("cross");
    const auto translates = [&] {
        const auto row = [&](Index query) {
            Index key = 0;
            example.tensor(TensorName::Pattern).matrix(0).row(query).maxCoeff(&key);
            return key;
        };
        return row(0) == 0 && row(1) == 1 && row(2) >= 2;
    };
    EXPECT_TRUE(translates());
    for (const char* seed : {"2", "3", "4"}) {
        example.set("seed", seed);
        EXPECT_FALSE(translates()) << seed;
    }
}

TEST(ExampleHints, Masks) {
    Computed causal("causal");
    EXPECT_EQ(causal.weight(0, 0, 0), 1);
    EXPECT_EQ(causal.weight(0, 0, 1), 0);
    EXPECT_GT(causal.tensor(TensorName::Pattern).matrix(0).row(8).minCoeff(), 0);
    EXPECT_EQ(causal.trace->tokens().items.size(), 9U);

    Computed local("local");
    for (Index query = 0; query < 13; ++query) {
        EXPECT_LE((local.tensor(TensorName::Pattern).matrix(0).row(query).array() > 0).count(), 5);
    }
}

TEST(ExampleHints, Positions) {
    Computed example("positions");
    EXPECT_FALSE(example.rowsEqual(1, 4));
    example.set("position_strength", "0");
    EXPECT_TRUE(example.rowsEqual(1, 4));
}

TEST(ExampleHints, Rotary) {
    Computed example("rotary");
    const Tensor& scores = example.tensor(TensorName::ScoresRaw);
    for (Index head = 0; head < scores.heads(); ++head) {
        const float size = scores.matrix(head).cwiseAbs().maxCoeff();
        for (Index i = 1; i < scores.rows(); ++i) {
            for (Index j = 1; j < scores.cols(); ++j) {
                EXPECT_NEAR(scores.at(head, i, j), scores.at(head, i - 1, j - 1), 1e-4F * size);
            }
        }
    }
}

TEST(ExampleHints, Saturation) {
    Computed example("saturation");
    const auto sureRows = [&] {
        int sure = 0;
        for (Index head = 0; head < 4; ++head) {
            for (Index query = 0; query < 9; ++query) sure += example.largest(head, query) > 0.9F ? 1 : 0;
        }
        return sure;
    };
    EXPECT_GT(sureRows(), 18);
    example.set("scale", "inv_sqrt_dk");
    EXPECT_LE(sureRows(), 1);
}

TEST(ExampleHints, Temperatures) {
    Computed hot("hot");
    const Tensor& even = hot.tensor(TensorName::Pattern);
    EXPECT_LT((even.matrix().array() - 1.0F / 12).abs().maxCoeff(), 0.01F);

    Computed cold("cold");
    int sure = 0;
    for (Index head = 0; head < 4; ++head) {
        for (Index query = 0; query < 9; ++query) sure += cold.largest(head, query) > 0.9F ? 1 : 0;
    }
    EXPECT_GE(sure, 32);
    EXPECT_GT(cold.weight(1, 1, 5), 0.3F);
    EXPECT_GT(cold.weight(1, 1, 7), 0.3F);
    cold.set("temperature", "1");
    const Tensor& scores = cold.tensor(TensorName::Scores);
    EXPECT_LT(std::abs(scores.at(1, 1, 5) - scores.at(1, 1, 7)), 0.01F);
}

TEST(ExampleHints, Hard) {
    Computed example("hard");
    for (const Index query : {3, 6, 9}) {
        for (const Index key : {3, 6, 9}) EXPECT_NEAR(example.weight(0, query, key), 1.0F / 3, 1e-6F);
    }
    EXPECT_NE(example.trace->tokens().items[0].id, example.trace->tokens().items[3].id);
}

TEST(ExampleHints, Unknown) {
    Computed example("unknown");
    for (const Token& token : example.trace->tokens().items) {
        const std::set<std::string> unknown{"slithy", "toves", "gyre", "gimble"};
        EXPECT_EQ(token.known, unknown.count(token.text) == 0) << token.text;
    }
    for (const Index query : {1, 2, 4, 6}) EXPECT_GT(example.weight(0, query, query), 0.5F);
}

TEST(ExampleHints, Scripts) {
    Computed emoji("emoji");
    ASSERT_EQ(emoji.trace->tokens().items.size(), 7U);
    EXPECT_EQ(emoji.trace->tokens().items[6].id, 0);
    EXPECT_EQ(emoji.trace->tokens().items[4].text.size(), 4 * 4 + 3 * 3U);
    EXPECT_TRUE(emoji.rowsEqual(0, 6));
    EXPECT_FALSE(emoji.rowsEqual(0, 1));

    Computed mixed("right-to-left");
    ASSERT_EQ(mixed.trace->tokens().items.size(), 7U);
    EXPECT_THAT(mixed.trace->tokens().items[2].text, StartsWith("ש"));
    EXPECT_THAT(mixed.trace->tokens().items[6].text, StartsWith("م"));

    Computed bytes("bytes");
    ASSERT_EQ(bytes.trace->tokens().items.size(), 9U);
    EXPECT_EQ(bytes.trace->tokens().items[4].id, 1);
    EXPECT_TRUE(bytes.rowsEqual(1, 4));
}

/// A list of examples in a folder of its own.
class ExampleFile : public testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() / ("attn-examples-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    [[nodiscard]] std::string errorOf(std::string_view json) const {
        std::ofstream(folder / "examples.json", std::ios::binary) << json;
        const auto loaded = loadExamples(folder);
        EXPECT_FALSE(loaded) << json;
        return loaded ? "" : loaded.error().english();
    }

    std::filesystem::path folder;
};

TEST_F(ExampleFile, TakesWhatASceneFileTakes) {
    std::ofstream(folder / "examples.json") << R"([{"id": "a", "title": "A", "hint": "h", "text": "x y",
        "context": "z", "parameters": {"temperature": 2}, "view": {"head": 1}}])";
    const auto loaded = loadExamples(folder);
    ASSERT_TRUE(loaded) << loaded.error().english();
    ASSERT_EQ(loaded->size(), 1U);
    const Example& example = loaded->front();
    EXPECT_EQ(example.id + example.title + example.hint, "aAh");
    EXPECT_EQ(example.scene.inputs.text, "x y");
    EXPECT_EQ(example.scene.inputs.context, "z");
    EXPECT_EQ(example.scene.inputs.parameters.get(ParameterId::Temperature), ParameterValue(2.0));
    EXPECT_EQ(example.scene.view.head, 1);
}

TEST_F(ExampleFile, SaysWhatIsWrongAndWhere) {
    EXPECT_THAT(loadExamples(folder / "none").error().english(), HasSubstr("examples.json"));
    EXPECT_THAT(errorOf("[{"), HasSubstr("examples.json"));
    EXPECT_THAT(errorOf("{}"), HasSubstr("expected a list"));
    EXPECT_THAT(errorOf("[]"), HasSubstr("expected a list"));
    EXPECT_THAT(errorOf("[3]"), HasSubstr("example 1: it is no object"));
    const std::string good = R"({"id": "a", "title": "A", "hint": "h", "text": "x")";
    EXPECT_THAT(errorOf(R"([{"id": "a", "title": "", "hint": "h", "text": "x"}])"), HasSubstr("'title'"));
    EXPECT_THAT(errorOf(R"([{"id": "a", "title": "A", "hint": 3, "text": "x"}])"), HasSubstr("'hint'"));
    EXPECT_THAT(errorOf(R"([{"id": "a", "title": "A", "hint": "h"}])"), HasSubstr("'text'"));
    EXPECT_THAT(errorOf("[" + good + R"(, "colour": 1}])"), HasSubstr("unknown key 'colour'"));
    EXPECT_THAT(errorOf("[" + good + R"(, "parameters": {"heat": 1}}])"), HasSubstr("unknown key"));
    EXPECT_THAT(errorOf("[" + good + R"(, "parameters": {"temperature": 0}}])"), HasSubstr("temperature"));
    EXPECT_THAT(errorOf("[" + good + "}," + good + "}]"),
                HasSubstr("example 2: the id 'a' stands there twice"));
}

}  // namespace
}  // namespace attn
