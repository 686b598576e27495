// Numbers changed by hand in trained models and in the toy: against models whose files were changed, and
// against other runs whose numbers were written in place of the own ones.
#include "core/io/file.h"
#include "core/io/safetensors.h"
#include "core/pipeline/pipeline.h"
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
using testing::IsEmpty;

constexpr std::size_t kLimit = std::size_t{1} << 24U;
constexpr double kTolerance = 1e-5;

fs::path own(const std::string& name) {
    return fs::path(ATTN_TEST_DATA) / "models" / name;
}

Inputs inputsOf(const fs::path& folder, std::vector<std::int64_t> ids = {3, 1, 4, 1, 5, 9, 2, 6}) {
    Inputs inputs;
    inputs.model = folder.string();
    inputs.ids = std::move(ids);
    return inputs;
}

TracePtr traceOf(Pipeline& pipeline, const Inputs& inputs, const TracePtr& previous = nullptr) {
    Result<TracePtr> trace = pipeline.evaluate(inputs, previous);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

TensorPtr tensor(const TracePtr& trace, const std::string& scope, TensorName name) {
    return trace->find({scope, name})->get();
}

double difference(const Tensor& a, const Tensor& b) {
    EXPECT_EQ(a.shape(), b.shape());
    double largest = 0;
    for (Index h = 0; h < a.heads(); ++h) {
        for (Index i = 0; i < a.rows(); ++i) {
            for (Index j = 0; j < a.cols(); ++j) {
                if (a.at(h, i, j) == b.at(h, i, j)) continue;  // −∞ too
                largest = std::max(largest, std::abs(static_cast<double>(a.at(h, i, j)) -
                                                     static_cast<double>(b.at(h, i, j))));
            }
        }
    }
    return largest;
}

/// Every number of a tensor, to be written over that of another run.
void setAll(Edits& edits, const TracePtr& from, const TensorKey& key) {
    const TensorPtr numbers = from->find(key)->get();
    for (Index h = 0; h < numbers->heads(); ++h) {
        for (Index i = 0; i < numbers->rows(); ++i) {
            for (Index j = 0; j < numbers->cols(); ++j) {
                Edit edit;
                edit.tensor = key;
                edit.head = h;
                edit.row = i;
                edit.column = j;
                edit.value = static_cast<double>(numbers->at(h, i, j));
                setEdit(edits, std::move(edit));
            }
        }
    }
}

/// A copy of the model with another number at one place of a weight.
void change(const TemporaryFolder& folder, const std::string& model, const char* weight, std::size_t place,
            float value) {
    folder.write("config.json", *readFile(own(model) / "config.json", kLimit));
    std::string bytes = *readFile(own(model) / "model.safetensors", kLimit);
    const SafetensorsIndex index = *safetensorsIndex(bytes);
    const SafetensorsEntry& entry = index.entries.at(weight);
    ASSERT_EQ(entry.dtype, "F32");
    ASSERT_LT(place, (entry.end - entry.begin) / sizeof(float));
    std::memcpy(bytes.data() + index.dataBegin + entry.begin + place * sizeof(float), &value, sizeof(float));
    folder.write("model.safetensors", bytes);
}

struct WeightCase {
    const char *model, *edit, *weight;
    std::size_t place;
};

// GPT-2 keeps inputs × outputs with q, k and v side by side; BERT, Llama and Qwen outputs × inputs. Width 12,
// 4 heads of 3 (llama3 and qwen3: 2 of them with keys and values).
const std::vector<WeightCase> kWeights{
    {"gpt2-untied", "blocks.1.W_Q[2,5,1]=1.5", "transformer.h.1.attn.c_attn.weight", 5 * 36 + 2 * 3 + 1},
    {"gpt2-untied", "blocks.0.W_K[3,11,2]=-2", "transformer.h.0.attn.c_attn.weight",
     11 * 36 + 12 + 3 * 3 + 2},
    {"gpt2-untied", "blocks.1.W_V[0,0,0]=2", "transformer.h.1.attn.c_attn.weight", 24},
    {"gpt2-untied", "blocks.0.W_O[2,1,7]=1", "transformer.h.0.attn.c_proj.weight", (2 * 3 + 1) * 12 + 7},
    {"bert-masked", "blocks.0.W_Q[1,4,2]=1.5", "bert.encoder.layer.0.attention.self.query.weight",
     (1 * 3 + 2) * 12 + 4},
    {"bert-masked", "blocks.0.W_O[1,2,7]=-1.5", "bert.encoder.layer.0.attention.output.dense.weight",
     7 * 12 + 1 * 3 + 2},
};

TEST(Edit, OfAWeightIsTheModelWithThatNumberInItsFile) {
    for (const WeightCase& each : kWeights) {
        const TemporaryFolder folder;
        const Edit edit = *parseEdit(each.edit);
        change(folder, each.model, each.weight, each.place, static_cast<float>(edit.value));
        Pipeline pipeline;
        Inputs inputs = inputsOf(own(each.model));
        const TracePtr whole = traceOf(pipeline, inputs);
        setEdit(inputs.edits, edit);
        const TracePtr edited = traceOf(pipeline, inputs, whole);
        const TracePtr reference = traceOf(pipeline, inputsOf(folder.path()));
        ASSERT_THAT(edited->sleepingEdits(), IsEmpty()) << each.edit;
        EXPECT_LT(
            difference(*tensor(edited, "", TensorName::Logits), *tensor(reference, "", TensorName::Logits)),
            kTolerance)
            << each.edit;
        EXPECT_GT(difference(*tensor(edited, "", TensorName::Logits), *tensor(whole, "", TensorName::Logits)),
                  100 * kTolerance)
            << each.edit << ": it makes a difference";
        const TensorPtr shown = edited->find(edit.tensor)->get(), before = whole->find(edit.tensor)->get();
        EXPECT_EQ(shown->at(edit.head, edit.row, edit.column), static_cast<float>(edit.value));
        EXPECT_EQ(difference(*edited->beforeEdits(edit.tensor)->get(), *before), 0);
        EXPECT_EQ(difference(*shown, *tensor(reference, edit.tensor.scope, edit.tensor.name)), 0)
            << "this entry and no other";
    }
}

/// What was made in place of what another run has gives what the other run gives.
TEST(Edit, OfWholeTensorsIsTheOtherRun) {
    struct Patch {
        std::vector<TensorName> set;
        TensorName gives;
    };
    using enum TensorName;
    const std::vector<Patch> patches{{{Q, K, V}, Z},      {{ScoresRaw, V}, Z}, {{ScoresScaled, V}, Z},
                                     {{Scores, V}, Z},    {{Pattern, V}, Z},   {{Z}, AttnOut},
                                     {{Q, K}, Pattern},   {{Scores}, Pattern}, {{ResidPre}, ResidPost},
                                     {{ResidPre}, MlpOut}};
    for (const char* model : {"gpt2-untied", "bert-masked", "llama3", "qwen3", "mistral"}) {
        if (!fs::exists(own(model))) continue;
        for (const Retention retention : {Retention::Everything, Retention::Patterns, Retention::Residuals}) {
            Pipeline pipeline;
            pipeline.setRetention(retention);
            const TracePtr other = traceOf(pipeline, inputsOf(own(model), {7, 2, 2, 8, 1, 0, 5, 3}));
            for (const Patch& patch : patches) {
                Inputs inputs = inputsOf(own(model));
                inputs.parameters.set(ParameterId::EditedRows, std::string("kept"));
                for (const TensorName name : patch.set) setAll(inputs.edits, other, {"blocks.1", name});
                const TracePtr patched = traceOf(pipeline, inputs);
                EXPECT_THAT(patched->sleepingEdits(), IsEmpty());
                EXPECT_LT(difference(*tensor(patched, "blocks.1", patch.gives),
                                     *tensor(other, "blocks.1", patch.gives)),
                          kTolerance)
                    << model << ": " << toString(patch.set.front()) << " gives " << toString(patch.gives);
                const TracePtr plain = traceOf(pipeline, inputsOf(own(model)));
                EXPECT_EQ(difference(*patched->beforeEdits({"blocks.1", patch.set.front()})->get(),
                                     *tensor(plain, "blocks.1", patch.set.front())),
                          0);
            }
        }
    }
}

TEST(Edit, OfATokensVectorIsTheOtherToken) {
    for (const char* model : {"gpt2-untied", "bert-masked", "llama3"}) {
        Pipeline pipeline;
        const TracePtr other = traceOf(pipeline, inputsOf(own(model), {3, 1, 4, 7, 5, 9, 2, 6}));
        Inputs inputs = inputsOf(own(model));
        setAll(inputs.edits, other, {"", TensorName::TokenEmbed});
        EXPECT_LT(difference(*tensor(traceOf(pipeline, inputs), "", TensorName::Logits),
                             *tensor(other, "", TensorName::Logits)),
                  kTolerance)
            << model;
        inputs.edits.clear();
        setAll(inputs.edits, other, {"blocks.0", TensorName::ResidPost});
        EXPECT_LT(difference(*tensor(traceOf(pipeline, inputs), "", TensorName::Logits),
                             *tensor(other, "", TensorName::Logits)),
                  kTolerance)
            << model;
    }
}

TEST(Edit, OfPositionsWhereNothingIsAdded) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("llama3"));
    setEdit(inputs.edits, *parseEdit("pos_embed[2,3]=0.75"));
    const TracePtr trace = traceOf(pipeline, inputs);
    EXPECT_FLOAT_EQ(tensor(trace, "", TensorName::Embed)->at(0, 2, 3),
                    tensor(trace, "", TensorName::TokenEmbed)->at(0, 2, 3) + 0.75F);
}

TEST(Edit, OfTheThreeAttentionsOfAnEncoderDecoder) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("bart"), {0, 5, 9, 3, 11, 2}), otherInputs = inputs;
    inputs.targetIds = std::vector<std::int64_t>{2, 0, 7, 16};
    otherInputs.ids = std::vector<std::int64_t>{0, 8, 4, 3, 1, 2};
    otherInputs.targetIds = std::vector<std::int64_t>{2, 0, 5, 1};
    const TracePtr other = traceOf(pipeline, otherInputs);
    for (const char* site : {"encoder.blocks.0", "decoder.blocks.0", "decoder.blocks.0.cross"}) {
        Inputs changed = inputs;
        for (const TensorName name : {TensorName::Q, TensorName::K, TensorName::V})
            setAll(changed.edits, other, {site, name});
        const TracePtr trace = traceOf(pipeline, changed);
        EXPECT_THAT(trace->sleepingEdits(), IsEmpty()) << site;
        EXPECT_LT(difference(*tensor(trace, site, TensorName::Z), *tensor(other, site, TensorName::Z)),
                  kTolerance)
            << site;
    }
    Inputs both = inputs;
    setAll(both.edits, other, {"", TensorName::Embed});
    setAll(both.edits, other, {"target", TensorName::Embed});
    EXPECT_LT(difference(*tensor(traceOf(pipeline, both), "", TensorName::Logits),
                         *tensor(other, "", TensorName::Logits)),
              kTolerance);
}

/// What a decoder writes by itself, it writes with the numbers that were changed.
TEST(Edit, ActsOnWhatADecoderWrites) {
    Pipeline pipeline;
    Inputs inputs = inputsOf(own("bart"), {0, 5, 9, 3, 11, 2});
    const auto idsOf = [](const TracePtr& trace) {
        std::vector<std::int64_t> ids;
        for (const Token& token : trace->target()->items) ids.push_back(token.id);
        return ids;
    };
    const TracePtr plain = traceOf(pipeline, inputs);
    Edit edit = *parseEdit("decoder.blocks.1.resid_post[1,0]=40");
    inputs.edits = {edit};
    inputs.edits.push_back(*parseEdit("decoder.blocks.1.resid_post[1,1]=-40"));
    const TracePtr written = traceOf(pipeline, inputs);
    EXPECT_NE(idsOf(plain), idsOf(written)) << "the token after position 1 is another one";
    // Read again as a given target it is the same trace: the edits acted alike while it was written.
    Inputs given = inputs;
    given.targetIds = idsOf(written);
    EXPECT_LT(difference(*tensor(traceOf(pipeline, given), "", TensorName::Logits),
                         *tensor(written, "", TensorName::Logits)),
              kTolerance);
    const TensorPtr logits = tensor(written, "", TensorName::Logits);
    for (Index i = 0; i + 1 < logits->rows() && i < 4; ++i) {
        Index best = 0;
        logits->matrix().row(i).maxCoeff(&best);
        if (i > 0) {
            EXPECT_EQ(idsOf(written)[static_cast<std::size_t>(i) + 1], best) << i;
        }
    }
}

TEST(Edit, SleepsAndWakes) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three";
    TracePtr trace = traceOf(pipeline, inputs);
    Edit edit = *parseEdit("blocks.0.q[0,1,3]=2");
    remember(edit, {4, 3, 16}, &trace->tokens(), nullptr);
    Edit elsewhere = *parseEdit("blocks.7.q[0,1,3]=2");
    inputs.edits = {edit, elsewhere};
    const TensorKey q{"blocks.0", TensorName::Q};
    trace = traceOf(pipeline, inputs, trace);
    EXPECT_THAT(trace->sleepingEdits(), ElementsAre(1));
    ASSERT_NE(trace->edits(q), nullptr);
    EXPECT_NE(trace->edits(q)->find(0, 1, 3), nullptr);
    EXPECT_EQ(trace->edits(q)->find(0, 1, 2), nullptr);
    EXPECT_EQ(trace->find(q)->get()->at(0, 1, 3), 2.0F);
    inputs.text = "one four three";
    trace = traceOf(pipeline, inputs, trace);
    EXPECT_THAT(trace->sleepingEdits(), ElementsAre(0, 1));
    EXPECT_EQ(trace->edits(q), nullptr);
    EXPECT_EQ(trace->beforeEdits(q), nullptr);
    EXPECT_NE(trace->find(q)->get()->at(0, 1, 3), 2.0F);
    inputs.text = "one two three and more";
    trace = traceOf(pipeline, inputs, trace);
    EXPECT_THAT(trace->sleepingEdits(), ElementsAre(1));
    inputs.parameters.set(ParameterId::DK, std::int64_t{17});
    EXPECT_THAT(traceOf(pipeline, inputs, trace)->sleepingEdits(), ElementsAre(0, 1));
}

TEST(Edit, RenormalisedRowsKeepWhatWasSet) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three four";
    const TensorPtr before = tensor(traceOf(pipeline, inputs), "blocks.0", TensorName::Pattern);
    setEdit(inputs.edits, *parseEdit("blocks.0.pattern[1,2,0]=0.6"));
    setEdit(inputs.edits, *parseEdit("blocks.0.pattern[2,2,1]=0.75"));
    setEdit(inputs.edits, *parseEdit("blocks.0.pattern[2,2,3]=0.5"));
    const auto pattern = [&] { return tensor(traceOf(pipeline, inputs), "blocks.0", TensorName::Pattern); };
    const TensorPtr after = pattern();
    EXPECT_EQ(after->at(1, 2, 0), 0.6F);
    EXPECT_NEAR(static_cast<double>(after->matrix(1).row(2).sum()), 1, 1e-6);
    const double ratio = static_cast<double>(before->at(1, 2, 1)) / static_cast<double>(before->at(1, 2, 3));
    EXPECT_NEAR(static_cast<double>(after->at(1, 2, 1)) / static_cast<double>(after->at(1, 2, 3)), ratio,
                1e-4);
    EXPECT_NEAR(static_cast<double>(after->at(2, 2, 1)), 0.6, 1e-6) << "1.25 were set: divided by it";
    EXPECT_NEAR(static_cast<double>(after->at(2, 2, 3)), 0.4, 1e-6);
    EXPECT_EQ(after->at(2, 2, 0), 0.0F);
    EXPECT_EQ(after->matrix(0), before->matrix(0));
    inputs.parameters.set(ParameterId::EditedRows, std::string("kept"));
    const TensorPtr kept = pattern();
    EXPECT_EQ(kept->at(2, 2, 1), 0.75F);
    EXPECT_EQ(kept->at(2, 2, 0), before->at(2, 2, 0));
}

/// What is left of a row next to a huge number: 10⁻³⁵ is not lost in a difference, and counts.
TEST(Edit, SmallWeightsBesideAHugeNumberStillMakeTheRowSumToOne) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three";
    inputs.parameters.set(ParameterId::Mask, std::string("causal"));
    for (const char* text :
         {"blocks.0.scores[0,1,0]=80", "blocks.0.scores[0,1,1]=0", "blocks.0.pattern[0,1,0]=-1e6"})
        setEdit(inputs.edits, *parseEdit(text));
    const TensorPtr pattern = tensor(traceOf(pipeline, inputs), "blocks.0", TensorName::Pattern);
    EXPECT_EQ(pattern->at(0, 1, 0), -1e6F);
    EXPECT_NEAR(pattern->at(0, 1, 1), 1'000'001, 1);
    EXPECT_EQ(pattern->at(0, 1, 2), 0.0F);
}

/// A masked cell that gets a score is seen; a score of −∞ hides its key.
TEST(Edit, AScoreBehindTheMaskDecides) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three";
    inputs.parameters.set(ParameterId::Mask, std::string("causal"));
    for (const char* text : {"blocks.0.scores[0,0,2]=1", "blocks.0.scores[0,2,1]=-inf",
                             "blocks.0.scores_scaled[1,0,2]=5", "blocks.0.scores[2,0,0]=-inf"})
        setEdit(inputs.edits, *parseEdit(text));
    const TracePtr trace = traceOf(pipeline, inputs);
    const TensorPtr pattern = tensor(trace, "blocks.0", TensorName::Pattern);
    EXPECT_GT(pattern->at(0, 0, 2), 0.0F);
    EXPECT_EQ(pattern->at(0, 2, 1), 0.0F);
    EXPECT_EQ(pattern->at(1, 0, 2), 0.0F) << "what is set before the mask is masked";
    EXPECT_EQ(pattern->matrix(2).row(0).sum(), 0.0F) << "nothing is left to see";
    EXPECT_EQ(tensor(trace, "blocks.0", TensorName::ScoresScaled)->at(1, 0, 2), 5.0F);
    EXPECT_TRUE(std::isinf(tensor(trace, "blocks.0", TensorName::Scores)->at(1, 0, 2)));
    EXPECT_FALSE(std::isinf(trace->beforeEdits({"blocks.0", TensorName::Scores})->get()->at(0, 2, 1)));
}

TEST(Edit, TheLargestNumbersLeaveFiniteOnes) {
    Pipeline pipeline;
    Inputs inputs;
    inputs.text = "one two three";
    for (const char* text : {"embed[0,0]=1e6", "blocks.0.W_Q[0,0,0]=1e6", "blocks.0.W_K[0,0,0]=-1e6",
                             "blocks.0.W_V[0,0,0]=1e6", "blocks.0.W_O[0,0,0]=1e6"})
        setEdit(inputs.edits, *parseEdit(text));
    inputs.parameters.set(ParameterId::LayerNorm, false);
    for (const char* model : {"toy", "gpt2-untied", "llama3", "bert-masked"}) {
        if (std::string(model) != "toy") {
            inputs.text.clear();
            inputs.ids = std::vector<std::int64_t>{3, 1, 4};
            inputs.model = own(model).string();
        }
        const TracePtr trace = traceOf(pipeline, inputs);
        EXPECT_THAT(trace->sleepingEdits(), IsEmpty());
        for (const TensorKey& key : trace->keys()) {
            const TensorPtr numbers = trace->find(key)->get();
            for (Index h = 0; h < numbers->heads(); ++h) {
                EXPECT_FALSE(numbers->matrix(h).array().isNaN().any()) << model << " " << key.fullName();
                if (key.name != TensorName::Scores) {
                    EXPECT_TRUE(numbers->matrix(h).array().isFinite().all())
                        << model << " " << key.fullName();
                }
            }
        }
    }
}

}  // namespace
}  // namespace attn
