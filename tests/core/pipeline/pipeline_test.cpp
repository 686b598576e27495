#include "core/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace attn {
namespace {

using namespace std::string_literals;

Inputs inputsOf(const std::string& text) {
    Inputs inputs;
    inputs.text = text;
    return inputs;
}

TracePtr evaluate(const Inputs& inputs) {
    Pipeline pipeline;
    return pipeline.evaluate(inputs).value();
}

TensorPtr tensor(const TracePtr& trace, TensorName name) {
    return trace->find({"blocks.0", name})->get();
}

std::string repeated(const std::string& word, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += word + std::to_string(i % 37) + " ";
    return text;
}

/// No number that a view could see is NaN or infinite, but for the −∞ of a masked score; rows sum to 1 or are
/// 0.
void expectSound(const TracePtr& trace) {
    for (const TensorKey& key : trace->keys()) {
        const TensorPtr tensor = trace->find(key)->get();
        for (Index h = 0; h < tensor->heads(); ++h) {
            const Matrix m = tensor->matrix(h);
            for (Index i = 0; i < m.size(); ++i) {
                const float value = m.data()[i];
                const bool masked =
                    key.name == TensorName::Scores && value == -std::numeric_limits<float>::infinity();
                ASSERT_TRUE(std::isfinite(value) || masked)
                    << key.fullName() << " entry " << i << " is " << value;
            }
            if (key.name != TensorName::Pattern) continue;
            for (Index i = 0; i < m.rows(); ++i) {
                const float sum = m.row(i).sum();
                ASSERT_TRUE(std::abs(sum - 1) < 1e-4F || sum == 0.0F) << "row " << i << " sums to " << sum;
            }
        }
    }
}

TEST(Pipeline, emptyTextIsATraceOfNoTokens) {
    const TracePtr trace = evaluate(inputsOf(""));
    EXPECT_TRUE(trace->tokens().items.empty());
    EXPECT_EQ(tensor(trace, TensorName::Pattern)->shape(), (std::array<Index, 3>{4, 0, 0}));
    expectSound(trace);
}

TEST(Pipeline, anEmptyContextLeavesNothingToAttendTo) {
    Inputs inputs = inputsOf("a b");
    inputs.context = "";
    const TracePtr trace = evaluate(inputs);
    EXPECT_EQ(tensor(trace, TensorName::Pattern)->shape(), (std::array<Index, 3>{4, 2, 0}));
    EXPECT_TRUE(tensor(trace, TensorName::Z)->matrix().isZero());
    expectSound(trace);
}

TEST(Pipeline, everyNameIsThere) {
    Inputs inputs = inputsOf("a b");
    inputs.context = "c";
    const TracePtr trace = evaluate(inputs);
    for (const char* name : {"token_embed",
                             "pos_embed",
                             "embed",
                             "context.token_embed",
                             "context.pos_embed",
                             "context.embed",
                             "blocks.0.resid_pre",
                             "blocks.0.W_Q",
                             "blocks.0.W_K",
                             "blocks.0.W_V",
                             "blocks.0.W_O",
                             "blocks.0.q",
                             "blocks.0.k",
                             "blocks.0.v",
                             "blocks.0.scores_raw",
                             "blocks.0.scores_scaled",
                             "blocks.0.scores",
                             "blocks.0.pattern",
                             "blocks.0.z",
                             "blocks.0.attn_out",
                             "blocks.0.resid_post"}) {
        EXPECT_NE(trace->find(*TensorKey::fromFullName(name)), nullptr) << name;
    }
    for (const StageInfo& stage : trace->sites().front().stages) {
        for (const TensorKey& key : stage.tensors) EXPECT_NE(trace->find(key), nullptr) << key.fullName();
    }
}

TEST(Pipeline, extremesAreSound) {
    for (const char* text : {"one", "a b c d e f", ""}) {
        for (const char* mask : {"none", "causal", "local", "padding"}) {
            for (const double temperature : {0.01, 100.0}) {
                for (const char* scale : {"none", "1e6", "-1e6", "0"}) {
                    Inputs inputs = inputsOf(text);
                    ASSERT_TRUE(inputs.parameters.setFromText("mask", mask));
                    ASSERT_TRUE(inputs.parameters.setFromText("mask_padding", "1024"));
                    ASSERT_TRUE(inputs.parameters.setFromText("mask_window", "0"));
                    ASSERT_TRUE(inputs.parameters.setFromText("scale", scale));
                    inputs.parameters.set(ParameterId::Temperature, temperature);
                    expectSound(evaluate(inputs));
                }
            }
        }
    }
}

TEST(Pipeline, aThousandTokensAreUsedAndTheRestIsCounted) {
    Inputs inputs = inputsOf(repeated("word", 1500));
    const TracePtr trace = evaluate(inputs);
    EXPECT_EQ(trace->tokens().items.size(), kToyContext);
    EXPECT_EQ(trace->tokens().found, 1500U);
    EXPECT_TRUE(trace->tokens().truncated());
    expectSound(trace);
}

TEST(Pipeline, theSameSceneGivesTheSameBits) {
    const Inputs inputs = inputsOf(repeated("bit", 200));
    const TracePtr a = evaluate(inputs);
    const TracePtr b = evaluate(inputs);
    for (const TensorKey& key : a->keys()) {
        for (Index h = 0; h < a->find(key)->get()->heads(); ++h) {
            const bool same = a->find(key)->get()->matrix(h) == b->find(key)->get()->matrix(h);
            EXPECT_TRUE(same) << key.fullName();
        }
    }
}

TEST(Pipeline, aWordHasTheSameVectorInEverySentenceAndPlace) {
    const TracePtr a = evaluate(inputsOf("the cat sat"));
    const TracePtr b = evaluate(inputsOf("a dog saw the old cat"));
    const auto row = [](const TracePtr& trace, Index index) {
        return Matrix(trace->find({"", TensorName::TokenEmbed})->get()->matrix().row(index));
    };
    EXPECT_EQ(row(a, 1), row(b, 5));
    EXPECT_EQ(row(a, 0), row(b, 3));
    EXPECT_NE(row(a, 0), row(a, 1));
}

/// Every old entry stands where it stood, times `factor`.
void expectExtended(const TensorPtr& small, const TensorPtr& large, float factor) {
    for (Index h = 0; h < small->heads(); ++h) {
        for (Index r = 0; r < small->rows(); ++r) {
            for (Index c = 0; c < small->cols(); ++c) {
                if (factor == 1.0F) {
                    ASSERT_EQ(small->at(h, r, c), large->at(h, r, c)) << h << ' ' << r << ' ' << c;
                } else {
                    ASSERT_FLOAT_EQ(small->at(h, r, c) * factor, large->at(h, r, c))
                        << h << ' ' << r << ' ' << c;
                }
            }
        }
    }
}

TEST(Pipeline, aSizeSliderExtendsAndReshufflesNothing) {
    const Inputs before = inputsOf("one two");
    const TracePtr small = evaluate(before);
    const auto weights = {TensorName::WQ, TensorName::WK, TensorName::WV, TensorName::WO};
    for (const auto& [id, value] :
         {std::pair{ParameterId::Heads, 5}, {ParameterId::DK, 17}, {ParameterId::DV, 17}}) {
        Inputs inputs = before;
        inputs.parameters.set(id, std::int64_t{value});
        const TracePtr large = evaluate(inputs);
        for (const TensorName name : weights) expectExtended(tensor(small, name), tensor(large, name), 1);
    }
    Inputs inputs = before;
    inputs.parameters.set(ParameterId::DModel, std::int64_t{65});
    const TracePtr large = evaluate(inputs);
    expectExtended(small->find({"", TensorName::TokenEmbed})->get(),
                   large->find({"", TensorName::TokenEmbed})->get(), 1);
    // One common factor keeps the variance of q and k at 1; no entry is drawn anew.
    for (const TensorName name : weights) {
        expectExtended(tensor(small, name), tensor(large, name), std::sqrt(64.0F / 65.0F));
    }
}

TEST(Pipeline, queriesAndKeysHaveVarianceOneAtAnySizeAndStrength) {
    for (const char* dModel : {"16", "200"}) {
        for (const char* strength : {"0", "1", "2"}) {
            Inputs inputs = inputsOf(repeated("token", 300));
            ASSERT_TRUE(inputs.parameters.setFromText("d_model", dModel));
            ASSERT_TRUE(inputs.parameters.setFromText("position_strength", strength));
            ASSERT_TRUE(inputs.parameters.setFromText("heads", "32"));
            const TracePtr trace = evaluate(inputs);
            for (const TensorName name : {TensorName::Q, TensorName::K}) {
                const double variance =
                    static_cast<double>(tensor(trace, name)->interleaved().array().square().mean());
                EXPECT_NEAR(variance, 1, 0.2) << dModel << ' ' << strength << ' ' << toString(name);
            }
        }
    }
}

TEST(Pipeline, causalPrefixesDoNotSeeTheFuture) {
    Inputs inputs = inputsOf("the cat sat on the mat");
    inputs.parameters.set(ParameterId::Mask, "causal"s);
    const TracePtr whole = evaluate(inputs);
    inputs.text = "the cat sat";
    const TracePtr prefix = evaluate(inputs);
    const Matrix a = tensor(whole, TensorName::ResidPost)->matrix().topRows(3);
    const Matrix b = tensor(prefix, TensorName::ResidPost)->matrix();
    EXPECT_LT((a - b).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST(Pipeline, withoutPositionsOrderMakesNoDifference) {
    Inputs inputs = inputsOf("red green blue");
    inputs.parameters.set(ParameterId::Positions, "none"s);
    const Matrix a = tensor(evaluate(inputs), TensorName::AttnOut)->matrix();
    inputs.text = "blue red green";
    const Matrix b = tensor(evaluate(inputs), TensorName::AttnOut)->matrix();
    EXPECT_LT((a.row(0) - b.row(1)).cwiseAbs().maxCoeff(), 1e-5F);
    EXPECT_LT((a.row(2) - b.row(0)).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST(Pipeline, aRecipeIsMadeWhenAskedForAndKept) {
    const TracePtr trace = evaluate(inputsOf("a b c"));
    const EntryPtr scores = trace->find({"blocks.0", TensorName::Scores});
    EXPECT_TRUE(scores->isRecipe());
    EXPECT_EQ(scores->peek(), nullptr);
    const TensorPtr made = scores->get();
    EXPECT_EQ(scores->peek(), made);
    EXPECT_EQ(scores->shape(), made->shape());
}

TEST(Pipeline, stopsWhenAsked) {
    std::stop_source source;
    source.request_stop();
    Pipeline pipeline;
    const auto trace = pipeline.evaluate(inputsOf("a"), nullptr, {source.get_token(), {}});
    ASSERT_TRUE(trace);
    EXPECT_EQ(*trace, nullptr);
}

TEST(Pipeline, anUnknownModelIsAnError) {
    Inputs inputs = inputsOf("a");
    inputs.model = "gpt-9";
    Pipeline pipeline;
    EXPECT_EQ(pipeline.evaluate(inputs).error().english(),
              "there is no model 'gpt-9': it is neither toy, nor built in, nor a folder");
}

std::size_t residentBytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    file >> total >> resident;
    return resident * 4096;
}

TEST(Pipeline, aThousandStepsOfASliderLeaveTheMemoryWhereItWas) {
#ifdef ATTN_SANITIZED
    GTEST_SKIP() << "AddressSanitizer keeps what was freed";
#endif
    Pipeline pipeline;
    Inputs inputs = inputsOf(repeated("word", 100));
    TracePtr trace;
    for (const auto& [id, range] :
         {std::pair{ParameterId::DK, 64}, {ParameterId::Heads, 16}, {ParameterId::DModel, 128}}) {
        std::size_t after50 = 0;
        for (int step = 0; step < 1000; ++step) {
            inputs.parameters.set(id, std::int64_t{2 + step % (range - 2)});
            trace = pipeline.evaluate(inputs, trace).value();
            (void)trace->find({"blocks.0", TensorName::Scores})->get();
            if (step == 50) after50 = std::max(after50, residentBytes());
        }
        // What a sweep needs at its widest may come after step 50: the pool's own limits.
        const std::size_t allowance = pipeline.buffers().bytesKept() + pipeline.buffers().bytesInUse();
        EXPECT_LT(residentBytes(), after50 + allowance + (std::size_t{24} << 20U)) << spec(id).key;
    }
    std::size_t after50 = 0;
    for (int step = 0; step < 1000; ++step) {
        inputs.parameters.set(ParameterId::Temperature, 0.5 + step % 100 * 0.01);
        trace = pipeline.evaluate(inputs, trace).value();
        if (step == 50) after50 = residentBytes();
    }
    EXPECT_LT(residentBytes(), after50 + (std::size_t{2} << 20U));
}

}  // namespace
}  // namespace attn
