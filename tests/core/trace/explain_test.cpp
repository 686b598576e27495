#include "core/trace/explain.h"

#include "core/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace attn {
namespace {

TracePtr traceOf(const Inputs& inputs) {
    static Pipeline pipeline;
    auto trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << trace.error().english();
    return *trace;
}

Inputs example() {
    Inputs inputs;
    inputs.text = "The animal didn't cross the street because it was too tired";
    return inputs;
}

void set(Inputs& inputs, const char* key, const std::string& value) {
    const auto done = inputs.parameters.setFromText(key, value);
    ASSERT_TRUE(done) << done.error().english();
}

/// The step whose result is the entry: the pattern's explanation goes on to z after it.
double resultOf(const Explanation& explanation) {
    if (explanation.tensor.name != TensorName::Pattern) return explanation.steps.back().result;
    bool softmax = false;
    double result = 0;
    for (const ExplanationStep& step : explanation.steps) {
        softmax = softmax || step.kind == ExplanationStep::Kind::Softmax;
        if (step.kind != ExplanationStep::Kind::Vector) result = step.result;
    }
    EXPECT_TRUE(softmax) << "no softmax in the explanation of a pattern";
    return result;
}

double largestOf(const Tensor& tensor) {
    double largest = 0;
    for (Index h = 0; h < tensor.heads(); ++h) {
        const MatrixView m = tensor.matrix(h);
        for (Index i = 0; i < m.rows(); ++i) {
            for (Index j = 0; j < m.cols(); ++j) {
                if (std::isfinite(m(i, j)))
                    largest = std::max(largest, std::abs(static_cast<double>(m(i, j))));
            }
        }
    }
    return largest;
}

void expectSumsOfTerms(const Explanation& explanation) {
    for (const ExplanationStep& step : explanation.steps) {
        if (step.kind == ExplanationStep::Kind::Sum) {
            double sum = 0;
            double size = 0;
            for (const ExplainedTerm& term : step.terms) {
                sum += term.value;
                size += std::abs(term.value);
                const double made = step.form == TermForm::Product        ? term.left * term.right
                                    : step.form == TermForm::WeightedTanh ? term.left * std::tanh(term.right)
                                                                          : term.value;
                EXPECT_EQ(made, term.value);
            }
            EXPECT_NEAR(sum, step.result, 1e-12 * (1 + size));
        }
    }
}

/// Every tensor of the trace at some of its cells.
void expectAgreement(const Trace& trace, std::mt19937& random) {
    for (const TensorKey& key : trace.keys()) {
        const SiteInfo* named = trace.site(key.scope);
        const SiteInfo& site = named != nullptr ? *named : trace.sites().front();
        const TensorPtr tensor = trace.find(key)->get();
        if (tensor->size() == 0) continue;
        const double tolerance = 1e-5 * std::max(largestOf(*tensor), 1e-30);
        for (int n = 0; n < 6; ++n) {
            const auto pick = [&](Index size) {
                return static_cast<Index>(random() % static_cast<std::uint64_t>(size));
            };
            const Index h = pick(tensor->heads());
            const Index i = pick(tensor->rows());
            const Index j = pick(tensor->cols());
            const auto explanation = explain(trace, site, key, h, i, j);
            ASSERT_TRUE(explanation) << key.fullName();
            ASSERT_FALSE(explanation->steps.empty()) << key.fullName();
            const auto entry = static_cast<double>(tensor->at(h, i, j));
            const double result = resultOf(*explanation);
            if (std::isinf(entry)) {
                EXPECT_EQ(result, entry) << key.fullName();
            } else {
                EXPECT_NEAR(result, entry, tolerance) << key.fullName() << " " << h << " " << i << " " << j;
                EXPECT_NEAR(explanation->value, entry, tolerance) << key.fullName();
            }
            expectSumsOfTerms(*explanation);
            EXPECT_STRNE(explanation->headline.text, "") << key.fullName();
        }
    }
}

/// Some numbers set by hand, and with them whole rows, so that the cells that are looked at are among them.
void changeSome(Inputs& inputs, const Trace& trace, std::mt19937& random) {
    for (const TensorKey& key : trace.keys()) {
        const auto [heads, rows, columns] = trace.find(key)->shape();
        if (!isEditable(key.name) || heads * rows * columns == 0 || random() % 3 != 0) continue;
        const auto pick = [&](Index size) {
            return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(size));
        };
        for (int n = 0; n < 3; ++n) {
            Edit edit;
            edit.tensor = key;
            edit.head = pick(heads);
            edit.row = pick(rows);
            for (edit.column = 0; edit.column < columns; ++edit.column) {
                edit.value = static_cast<double>(random() % 1000) / 500.0 - 0.7;
                if (random() % 2 == 0) setEdit(inputs.edits, edit);
            }
        }
    }
}

TEST(Explain, AgreesWithTheTraceForRandomParameters) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto oneOf = [&](std::initializer_list<const char*> choices) {
        return std::string(choices.begin()[random() % choices.size()]);
    };
    for (int round = 0; round < 60; ++round) {
        Inputs inputs = example();
        set(inputs, "seed", std::to_string(random() % 1000));
        set(inputs, "d_model", oneOf({"2", "7", "32", "64"}));
        set(inputs, "heads", oneOf({"1", "2", "3"}));
        set(inputs, "d_k", oneOf({"1", "5", "16"}));
        set(inputs, "d_v", oneOf({"1", "4", "16"}));
        set(inputs, "projections", oneOf({"random", "random", "identity"}));
        set(inputs, "positions", oneOf({"none", "sinusoidal", "rotary"}));
        set(inputs, "position_strength", oneOf({"0", "0.5", "1", "2"}));
        set(inputs, "score", oneOf({"dot", "cosine", "additive", "bilinear"}));
        set(inputs, "score_width", oneOf({"1", "32"}));
        set(inputs, "scale", oneOf({"inv_sqrt_dk", "none", "inv_dk", "0.3"}));
        set(inputs, "temperature", oneOf({"0.01", "0.5", "1", "100"}));
        set(inputs, "mask", oneOf({"none", "causal", "local", "padding"}));
        set(inputs, "normalizer", oneOf({"softmax", "hard"}));
        set(inputs, "residual", oneOf({"true", "false"}));
        set(inputs, "layer_norm", oneOf({"true", "false"}));
        if (random() % 4 == 0) inputs.context = "walk by river bank";
        if (random() % 2 == 0)
            inputs.painted.push_back({"blocks.0", 3, 0, "cross", "The", random() % 2 == 0});
        if (random() % 2 == 0) changeSome(inputs, *traceOf(inputs), random);
        set(inputs, "edited_rows", oneOf({"renormalised", "kept"}));
        const TracePtr trace = traceOf(inputs);
        ASSERT_NO_FATAL_FAILURE(expectAgreement(*trace, random));
        if (HasFailure()) break;
    }
}

TEST(Explain, AgreesWithTheTraceOfTrainedModels) {
    std::mt19937 random(1);
    for (const char* name :
         {"bart", "bart-forced", "bert-masked", "cerebras-gpt", "distilbert-masked", "gpt2-untied",
          "llama-base", "llama3", "mistral", "qwen2", "qwen3", "roberta-masked", "xlm-roberta-base"}) {
        SCOPED_TRACE(name);
        Inputs inputs;
        inputs.model = std::string(ATTN_TEST_DATA "/models/") + name;
        inputs.ids = {4, 2, 7, 5, 3};
        set(inputs, "blocks.1.temperature", "0.5");
        const TracePtr trace = traceOf(inputs);
        ASSERT_NO_FATAL_FAILURE(expectAgreement(*trace, random));
        changeSome(inputs, *trace, random);
        ASSERT_NO_FATAL_FAILURE(expectAgreement(*traceOf(inputs), random));
    }
}

TEST(Explain, SaysWhatWasSetByHandAndWhatTheArithmeticGives) {
    Inputs inputs = example();
    const TracePtr before = traceOf(inputs);
    for (const char* text : {"blocks.0.q[1,7,3]=2.5", "blocks.0.scores_raw[1,7,1]=4",
                             "blocks.0.pattern[1,7,2]=0.5", "blocks.0.W_O[0,1,2]=3"})
        setEdit(inputs.edits, *parseEdit(text));
    const TracePtr trace = traceOf(inputs);
    const auto explained = [&](TensorName name, Index head, Index row, Index column) {
        return *explain(*trace, trace->sites().front(), {"blocks.0", name}, head, row, column);
    };
    const auto madeAt = [&](TensorName name, Index head, Index row, Index column) {
        return static_cast<double>(before->find({"blocks.0", name})->get()->at(head, row, column));
    };
    const auto symbols = [](const Explanation& explanation) {
        std::vector<std::string> all;
        for (const ExplanationStep& step : explanation.steps) all.push_back(step.symbols);
        return all;
    };
    const Explanation q = explained(TensorName::Q, 1, 7, 3);
    EXPECT_EQ(symbols(q), (std::vector<std::string>{"x · W_Q", "q"}));
    EXPECT_EQ(q.value, 2.5);
    ASSERT_TRUE(q.before);
    EXPECT_NEAR(*q.before, madeAt(TensorName::Q, 1, 7, 3), 1e-5);
    EXPECT_FALSE(explained(TensorName::Q, 1, 7, 4).before);
    const Explanation weight = explained(TensorName::WO, 0, 1, 2);
    EXPECT_NEAR(*weight.before, madeAt(TensorName::WO, 0, 1, 2), 1e-7);
    // The raw score that was set goes into the softmax; the weight that was set beside it takes its share.
    const Explanation pattern = explained(TensorName::Pattern, 1, 7, 1);
    EXPECT_EQ(symbols(pattern), (std::vector<std::string>{"q · k", "scores_raw", "÷ √dₖ", "softmax",
                                                          "× (1 − Σ) ÷ Σ", "z = Σ p·v"}));
    EXPECT_EQ(pattern.steps[1].result, 4);
    EXPECT_NEAR(pattern.steps[2].result, 1, 1e-6) << "÷ √16";
    EXPECT_NEAR(explained(TensorName::Pattern, 1, 7, 2).value, 0.5, 1e-6);
}

TEST(Explain, AQueryOfATrainedModelShowsNormProductAndBias) {
    Inputs inputs;
    inputs.model = std::string(ATTN_TEST_DATA "/models/gpt2-untied");
    inputs.ids = {4, 2, 7};
    const TracePtr trace = traceOf(inputs);
    const SiteInfo& site = trace->sites().back();
    const auto explanation = explain(*trace, site, {site.name, TensorName::Q}, 1, 2, 0);
    ASSERT_TRUE(explanation);
    ASSERT_EQ(explanation->steps.size(), 2U);
    EXPECT_EQ(explanation->steps[0].symbols, "norm(x) · W_Q");
    EXPECT_EQ(explanation->steps[0].terms.size(), static_cast<std::size_t>(site.dModel));
    EXPECT_EQ(explanation->steps[1].termNames, (std::vector<std::string>{"norm(x) · W_Q", "b"}));
}

TEST(Explain, WritesTheStepsOfAPatternInOrder) {
    const TracePtr trace = traceOf(example());
    const auto explanation =
        explain(*trace, trace->sites().front(), {"blocks.0", TensorName::Pattern}, 1, 7, 1);
    ASSERT_TRUE(explanation);
    std::vector<std::string> symbols;
    for (const ExplanationStep& step : explanation->steps) symbols.push_back(step.symbols);
    EXPECT_EQ(symbols, (std::vector<std::string>{"q · k", "÷ √dₖ", "softmax", "z = Σ p·v"}));
    EXPECT_STREQ(explanation->headline.text, "%1 attends to %2");
    EXPECT_EQ(explanation->headline.arguments, (std::vector<std::string>{"it", "animal"}));
    EXPECT_EQ(explanation->steps[0].terms.size(), 16U);

    const ExplanationStep& softmax = explanation->steps[2];
    ASSERT_EQ(softmax.keys.size(), 11U);
    double sum = 0, largest = 0;
    for (const KeyWeight& key : softmax.keys) {
        sum += key.weight;
        largest = std::max(largest, key.exponential);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ(largest, 1);
    const TensorPtr z = trace->find({"blocks.0", TensorName::Z})->get();
    ASSERT_EQ(static_cast<Index>(explanation->steps[3].vector.size()), z->cols());
    for (Index d = 0; d < z->cols(); ++d) {
        EXPECT_EQ(explanation->steps[3].vector[static_cast<std::size_t>(d)], z->at(1, 7, d));
    }
}

TEST(Explain, SaysWhyACellIsMasked) {
    Inputs inputs = example();
    set(inputs, "mask", "causal");
    inputs.painted.push_back({"blocks.0", 2, 9, "didn't", "too", true});
    inputs.painted.push_back({"blocks.0", 2, 0, "didn't", "The", false});
    const TracePtr trace = traceOf(inputs);
    const SiteInfo& site = trace->sites().front();
    const TensorKey scores{"blocks.0", TensorName::Scores};

    const auto later = explain(*trace, site, scores, 0, 2, 5);
    ASSERT_TRUE(later);
    EXPECT_EQ(later->value, -std::numeric_limits<double>::infinity());
    EXPECT_STREQ(later->headline.text, "%1 may not see %2");
    EXPECT_STREQ(later->steps.back().note.text, "masked: −∞, the key comes later");

    const auto opened = explain(*trace, site, scores, 0, 2, 9);
    EXPECT_TRUE(std::isfinite(opened->value));
    EXPECT_STREQ(opened->steps.back().note.text, "allowed by hand");
    const auto closed = explain(*trace, site, scores, 0, 2, 0);
    EXPECT_STREQ(closed->steps.back().note.text, "masked by hand: −∞");
}

TEST(Explain, AFullyMaskedRowIsZero) {
    Inputs inputs = example();
    set(inputs, "mask", "padding");
    set(inputs, "mask_padding", "1024");
    const TracePtr trace = traceOf(inputs);
    const auto explanation =
        explain(*trace, trace->sites().front(), {"blocks.0", TensorName::Pattern}, 0, 0, 0);
    ASSERT_TRUE(explanation);
    EXPECT_EQ(explanation->value, 0);
    for (const ExplanationStep& step : explanation->steps) {
        for (const KeyWeight& key : step.keys) EXPECT_EQ(key.weight, 0);
    }
}

TEST(Explain, ThereIsNothingOutsideATensor) {
    const TracePtr trace = traceOf(example());
    const SiteInfo& site = trace->sites().front();
    const TensorKey pattern{"blocks.0", TensorName::Pattern};
    EXPECT_FALSE(explain(*trace, site, pattern, 0, 11, 0));
    EXPECT_FALSE(explain(*trace, site, pattern, 0, 0, -1));
    EXPECT_FALSE(explain(*trace, site, pattern, 4, 0, 0));
    EXPECT_FALSE(explain(*trace, site, {"blocks.9", TensorName::Pattern}, 0, 0, 0));
    const TracePtr empty = traceOf(Inputs{});
    EXPECT_FALSE(explain(*empty, empty->sites().front(), pattern, 0, 0, 0));
}

}  // namespace
}  // namespace attn
