// Switching parts of a model off: against a model whose weights were cut, and which stages run.
#include "core/scene/ablation.h"

#include "core/io/file.h"
#include "core/io/safetensors.h"
#include "core/pipeline/pipeline.h"
#include "core/trace/ablated.h"
#include "core/trace/explain.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <filesystem>

namespace attn {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;

constexpr std::size_t kLimit = std::size_t{1} << 24U;

fs::path own(const char* name) {
    return fs::path(ATTN_TEST_DATA) / "models" / name;
}

Inputs inputsOf(const fs::path& folder, std::initializer_list<const char*> ablations = {}) {
    Inputs inputs;
    inputs.model = folder.string();
    inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5, 9, 2, 6};
    for (const char* text : ablations) setAblation(inputs.ablations, *parseAblation(text));
    return inputs;
}

TracePtr traceOf(Pipeline& pipeline, const Inputs& inputs, const TracePtr& previous = nullptr) {
    Result<TracePtr> trace = pipeline.evaluate(inputs, previous);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

TensorPtr tensor(const TracePtr& trace, const char* scope, TensorName name) {
    return trace->find({scope, name})->get();
}

void expectClose(const Tensor& a, const Tensor& b, double tolerance) {
    ASSERT_EQ(a.shape(), b.shape());
    for (Index h = 0; h < a.heads(); ++h) {
        for (Index i = 0; i < a.rows(); ++i) {
            for (Index j = 0; j < a.cols(); ++j) {
                ASSERT_NEAR(static_cast<double>(a.at(h, i, j)), static_cast<double>(b.at(h, i, j)), tolerance)
                    << h << ", " << i << ", " << j;
            }
        }
    }
}

/// A copy of the model in which `count` numbers of a weight, `first` the first of each group and groups
/// `stride` apart, are 0.
void cut(const TemporaryFolder& folder, const char* model, const char* weight, std::size_t first,
         std::size_t count, std::size_t stride) {
    folder.write("config.json", *readFile(own(model) / "config.json", kLimit));
    std::string bytes = *readFile(own(model) / "model.safetensors", kLimit);
    const SafetensorsIndex index = *safetensorsIndex(bytes);
    const SafetensorsEntry& entry = index.entries.at(weight);
    ASSERT_EQ(entry.dtype, "F32");
    char* const data = bytes.data() + index.dataBegin + entry.begin;
    const std::size_t numbers = (entry.end - entry.begin) / sizeof(float);
    for (std::size_t start = first; start + count <= numbers; start += stride)
        std::memset(data + start * sizeof(float), 0, count * sizeof(float));
    folder.write("model.safetensors", bytes);
}

// GPT-2 keeps W_O as inputs × outputs: a head's rows lie one after another. BERT as outputs × inputs.
TEST(Ablation, ZeroIsTheModelWithoutTheHeadsRowsOfItsOutputMatrix) {
    for (const bool gpt : {true, false}) {
        const char* const model = gpt ? "gpt2-untied" : "bert-masked";
        const TemporaryFolder folder;
        constexpr std::size_t kWidth = 12, kHead = 2, kSize = 3;
        if (gpt) {
            cut(folder, model, "transformer.h.0.attn.c_proj.weight", kHead * kSize * kWidth, kSize * kWidth,
                kWidth * kWidth);
        } else {
            cut(folder, model, "bert.encoder.layer.0.attention.output.dense.weight", kHead * kSize, kSize,
                kWidth);
        }
        Pipeline pipeline;
        const TracePtr switched = traceOf(pipeline, inputsOf(own(model), {"blocks.0.h2"}));
        const TracePtr reference = traceOf(pipeline, inputsOf(folder.path()));
        const TracePtr whole = traceOf(pipeline, inputsOf(own(model)));
        expectClose(*tensor(switched, "", TensorName::Logits), *tensor(reference, "", TensorName::Logits),
                    1e-5);
        expectClose(*tensor(switched, "blocks.1", TensorName::Pattern),
                    *tensor(reference, "blocks.1", TensorName::Pattern), 1e-5);
        EXPECT_GT((tensor(switched, "", TensorName::Logits)->matrix() -
                   tensor(whole, "", TensorName::Logits)->matrix())
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-3F)
            << model << ": the head makes a difference";
    }
}

TEST(Ablation, AnMlpIsTheModelWithoutItsLastMatrixAndBias) {
    const TemporaryFolder folder, both;
    cut(folder, "gpt2-untied", "transformer.h.1.mlp.c_proj.weight", 0, 48 * 12, 48 * 12);
    std::string bytes = *readFile(folder / "model.safetensors", kLimit);
    const SafetensorsIndex index = *safetensorsIndex(bytes);
    const SafetensorsEntry& bias = index.entries.at("transformer.h.1.mlp.c_proj.bias");
    std::memset(bytes.data() + index.dataBegin + bias.begin, 0, bias.end - bias.begin);
    folder.write("model.safetensors", bytes);
    Pipeline pipeline;
    const TracePtr switched = traceOf(pipeline, inputsOf(own("gpt2-untied"), {"blocks.1.mlp"}));
    const TracePtr reference = traceOf(pipeline, inputsOf(folder.path()));
    EXPECT_EQ(tensor(switched, "blocks.1", TensorName::MlpOut)->matrix().cwiseAbs().maxCoeff(), 0);
    expectClose(*tensor(switched, "", TensorName::Logits), *tensor(reference, "", TensorName::Logits), 1e-5);
}

TEST(Ablation, MeanIsTheSameRowForEveryQuery) {
    Pipeline pipeline;
    for (const char* model : {"qwen3", "llama3", "distilbert-masked"}) {
        const TracePtr whole = traceOf(pipeline, inputsOf(own(model)));
        const TracePtr switched =
            traceOf(pipeline, inputsOf(own(model), {"blocks.1.h1=mean", "blocks.1.mlp=mean"}));
        const TensorPtr before = tensor(whole, "blocks.1", TensorName::Z);
        const TensorPtr after = tensor(switched, "blocks.1", TensorName::Z);
        for (Index h = 0; h < before->heads(); ++h) {
            for (Index d = 0; d < before->cols(); ++d) {
                double mean = 0;
                for (Index i = 0; i < before->rows(); ++i)
                    mean += static_cast<double>(before->at(h, i, d)) / static_cast<double>(before->rows());
                for (Index i = 0; i < before->rows(); ++i) {
                    const double expected = h == 1 ? mean : static_cast<double>(before->at(h, i, d));
                    ASSERT_NEAR(static_cast<double>(after->at(h, i, d)), expected, 1e-6) << model;
                }
            }
        }
        const TensorPtr mlp = tensor(switched, "blocks.1", TensorName::MlpOut);
        for (Index i = 1; i < mlp->rows(); ++i)
            ASSERT_EQ(mlp->matrix().row(i), mlp->matrix().row(0)) << model;
    }
}

/// Nothing below layer 1, and of layer 1 only what follows z.
TEST(Ablation, OnlyWhatFollowsRuns) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("gpt2-untied"));
    TracePtr trace = traceOf(pipeline, inputs);
    const auto ran = [&](const char* text, bool on) {
        if (on) {
            setAblation(inputs.ablations, *parseAblation(text));
        } else {
            removeAblation(inputs.ablations, *parseAblation(text));
        }
        trace = traceOf(pipeline, inputs, trace);
        return trace->recomputed();
    };
    const auto after = [](std::vector<std::string> first) {
        for (const char* name : {"attn_out", "resid_mid", "mlp_in", "mlp_out", "resid_post"})
            first.push_back(std::string("blocks.1.") + name);
        first.emplace_back("final_norm");
        return first;
    };
    EXPECT_EQ(ran("blocks.1.h0", true), after({"blocks.1.z_ablated"}));
    EXPECT_EQ(ran("blocks.1.h0", true), std::vector<std::string>()) << "nothing changed";
    EXPECT_EQ(ran("blocks.1.h3=mean", true), after({"blocks.1.z_ablated"}));
    EXPECT_EQ(ran("blocks.1.h3", false), after({"blocks.1.z_ablated"}));
    EXPECT_EQ(ran("blocks.1.h0", false), after({})) << "z itself was kept";
    EXPECT_THAT(ran("blocks.1.mlp", true),
                ElementsAre("blocks.1.mlp_ablated", "blocks.1.resid_post", "final_norm"));
    EXPECT_THAT(ran("blocks.1.mlp=mean", true),
                ElementsAre("blocks.1.mlp_out", "blocks.1.mlp_ablated", "blocks.1.resid_post", "final_norm"));
    EXPECT_THAT(ran("blocks.1.mlp", false), ElementsAre("blocks.1.resid_post", "final_norm"));
    EXPECT_EQ(ran("blocks.7.h0", true), std::vector<std::string>()) << "there is no such layer";
    EXPECT_EQ(unmatchedAblations(*trace), inputs.ablations);
    const TracePtr before = trace;
    for (const std::string& stage : ran("blocks.0", true))
        EXPECT_EQ(stage.rfind("blocks.0.q", 0), std::string::npos);
    for (const TensorName name : {TensorName::Q, TensorName::ScoresRaw, TensorName::Pattern})
        EXPECT_EQ(before->find({"blocks.0", name}), trace->find({"blocks.0", name})) << toString(name);
    EXPECT_NE(before->find({"blocks.1", TensorName::Q}), trace->find({"blocks.1", TensorName::Q}));
}

TEST(Ablation, ExplanationsSayIt) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("gpt2-untied"), {"blocks.0.h1", "blocks.1.mlp=mean"});
    const TracePtr trace = traceOf(pipeline, inputs);
    const auto noteOf = [&](const char* site, TensorName name, Index head) {
        const auto explanation = explain(*trace, *trace->site(site), {site, name}, head, 2, 1);
        EXPECT_EQ(explanation->steps.back().result,
                  name == TensorName::Pattern ? explanation->value : explanation->steps.back().result);
        EXPECT_EQ(explanation->value, static_cast<double>(tensor(trace, site, name)->at(head, 2, 1)));
        return std::string(explanation->steps.back().note.text);
    };
    EXPECT_THAT(noteOf("blocks.0", TensorName::Z, 1), testing::HasSubstr("switched off: its z is 0"));
    EXPECT_THAT(noteOf("blocks.0", TensorName::Z, 0), testing::IsEmpty());
    EXPECT_THAT(noteOf("blocks.1", TensorName::MlpOut, 0), testing::HasSubstr("mean of its output"));
    const auto pattern =
        explain(*trace, *trace->site("blocks.0"), {"blocks.0", TensorName::Pattern}, 1, 2, 1);
    EXPECT_THAT(std::string(pattern->steps.back().note.text), testing::HasSubstr("no effect"));
}

TEST(Ablation, OfTheThreeAttentionsOfAnEncoderDecoder) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("bart"));
    inputs.ids = std::vector<std::int64_t>{0, 5, 9, 3, 11, 2};
    inputs.targetIds = std::vector<std::int64_t>{2, 0, 7, 16};
    const TracePtr whole = traceOf(pipeline, inputs);
    for (const char* site : {"encoder.blocks.0", "decoder.blocks.0", "decoder.blocks.0.cross"}) {
        Inputs changed = inputs;
        changed.ablations = {{site, AblatedPart::Head, 1, AblationKind::Zero}};
        const TracePtr trace = traceOf(pipeline, changed, whole);
        EXPECT_THAT(unmatchedAblations(*trace), testing::IsEmpty()) << site;
        EXPECT_EQ(tensor(trace, site, TensorName::Z)->matrix(1).cwiseAbs().maxCoeff(), 0) << site;
        EXPECT_EQ(tensor(trace, site, TensorName::Z)->matrix(0),
                  tensor(whole, site, TensorName::Z)->matrix(0));
        EXPECT_GT((tensor(trace, "", TensorName::Logits)->matrix() -
                   tensor(whole, "", TensorName::Logits)->matrix())
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-5F)
            << site;
        const bool encodes = std::string(site).rfind("encoder", 0) == 0;
        EXPECT_EQ(trace->find({"encoder.blocks.1", TensorName::ResidPost}) ==
                      whole->find({"encoder.blocks.1", TensorName::ResidPost}),
                  !encodes);
    }
    Inputs changed = inputs;
    changed.ablations = {*parseAblation("encoder.blocks.1.mlp"),
                         *parseAblation("decoder.blocks.0.cross.mlp")};
    const TracePtr trace = traceOf(pipeline, changed);
    EXPECT_THAT(unmatchedAblations(*trace), ElementsAre(*parseAblation("decoder.blocks.0.cross.mlp")))
        << "a block has one MLP, and not at its cross-attention";
}

TEST(Ablation, OfTheToy) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three";
    const TracePtr before = traceOf(pipeline, inputs);
    setAblation(inputs.ablations, *parseAblation("blocks.0"));
    const TracePtr trace = traceOf(pipeline, inputs, before);
    EXPECT_EQ(tensor(trace, "blocks.0", TensorName::AttnOut)->matrix().cwiseAbs().maxCoeff(), 0);
    EXPECT_THAT(trace->recomputed(),
                ElementsAre("blocks.0.z_ablated", "blocks.0.attn_out", "blocks.0.resid_post"));
    setAblation(inputs.ablations, *parseAblation("blocks.0.mlp"));
    EXPECT_EQ(unmatchedAblations(*traceOf(pipeline, inputs)).size(), 1U) << "the toy has no MLP";
}

}  // namespace
}  // namespace attn
