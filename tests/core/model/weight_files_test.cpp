// Weights in files: types, shards and order that do not matter, and what a broken folder says.
#include "core/model/weight_files.h"

#include "core/model/transformer.h"
#include "tests/support/model_folder.h"

#include <gmock/gmock.h>

#include <array>

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::bytesOf;
using test::errorOf;
using test::inputsOf;
using test::numbersOf;
using test::ownModels;
using test::TemporaryFolder;
using test::Tensors;
using test::tensorsOf;
using test::traceOf;
using testing::HasSubstr;

std::uint16_t bfloat(float number) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    return static_cast<std::uint16_t>(bits >> 16U);
}
float whole(float number) {
    return number;
}

std::vector<float> logitsOf(const fs::path& folder) {
    return numbersOf(*traceOf(inputsOf(folder, {3, 1, 4, 1}))->find({"", TensorName::Logits})->get());
}

/// A folder with the config of an own model and no weights yet.
void copyConfig(const TemporaryFolder& folder, const char* model) {
    folder.write("config.json", readFile(ownModels() / model / "config.json", 1U << 16U).value());
}

TEST(WeightFiles, HalvesShardsAndOrderAgree) {
    Tensors tensors = tensorsOf(ownModels() / "qwen3" / "model.safetensors");
    for (auto& each : tensors) {
        for (float& number : each.second.second) {
            const std::uint32_t bits = static_cast<std::uint32_t>(bfloat(number)) << 16U;
            std::memcpy(&number, &bits, sizeof number);
        }
    }
    const TemporaryFolder full, half, shards;
    for (const TemporaryFolder* folder : {&full, &half, &shards}) copyConfig(*folder, "qwen3");
    full.write("model.safetensors", bytesOf(tensors, "F32", whole));
    half.write("model.safetensors", bytesOf(tensors, "BF16", bfloat));
    Tensors first, second;
    json map = json::object();
    for (const auto& each : tensors) {
        const bool early = first.size() * 2 < tensors.size();
        (early ? first : second).insert(each);
        map[each.first] = early ? "a.safetensors" : "b.safetensors";
    }
    shards.write("a.safetensors", bytesOf(first, "F32", whole));
    shards.write("b.safetensors", bytesOf(second, "BF16", bfloat));
    shards.write("model.safetensors.index.json", json{{"weight_map", map}}.dump());
    const std::vector<float> expected = logitsOf(full.path());
    EXPECT_EQ(logitsOf(half.path()), expected);
    EXPECT_EQ(logitsOf(shards.path()), expected);

    map["model.norm.weight"] = "../a.safetensors";
    shards.write("model.safetensors.index.json", json{{"weight_map", map}}.dump());
    EXPECT_THAT(errorOf(inputsOf(shards.path(), {1})), HasSubstr("tensor 'model.norm.weight'"));
    map["model.norm.weight"] = "a.safetensors";
    shards.write("model.safetensors.index.json", json{{"weight_map", map}}.dump());
    EXPECT_THAT(errorOf(inputsOf(shards.path(), {1})),
                HasSubstr("'model.norm.weight' is not in a.safetensors"));
    fs::resize_file(shards / "b.safetensors", fs::file_size(shards / "b.safetensors") - 1);
    EXPECT_THAT(errorOf(inputsOf(shards.path(), {1})), HasSubstr("b.safetensors"));
}

// Writers keep one of two names of the same numbers; which one differs.
TEST(WeightFiles, TheEmbeddingsMayStandUnderTheHeadsNameAlone) {
    for (const auto& [model, table, head] :
         {std::array<const char*, 3>{"qwen3", "model.embed_tokens.weight", "lm_head.weight"},
          {"bart", "model.shared.weight", "lm_head.weight"},
          {"roberta-masked", "roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight"}}) {
        Tensors tensors = tensorsOf(ownModels() / model / "model.safetensors");
        ASSERT_EQ(tensors.count(table), 1U) << model;
        tensors[head] = tensors[table];
        tensors.erase(table);
        const TemporaryFolder folder;
        copyConfig(folder, model);
        folder.write("model.safetensors", bytesOf(tensors, "F32", whole));
        EXPECT_EQ(logitsOf(folder.path()), logitsOf(ownModels() / model)) << model;
        EXPECT_TRUE(describeFolder(folder.path()).unused.empty()) << model;
    }
}

TEST(WeightFiles, BuffersOfOlderFilesAreKnown) {
    for (const auto& [model, buffer] :
         {std::array<const char*, 2>{"cerebras-gpt", "transformer.h.1.attn.bias"},
          {"bert-masked", "bert.embeddings.position_ids"},
          {"llama3", "model.layers.0.self_attn.rotary_emb.inv_freq"}}) {
        Tensors tensors = tensorsOf(ownModels() / model / "model.safetensors");
        tensors[buffer] = {{1, 2}, {0, 1}};
        tensors["else.weight"] = {{1}, {0}};
        const TemporaryFolder folder;
        copyConfig(folder, model);
        folder.write("model.safetensors", bytesOf(tensors, "F32", whole));
        EXPECT_THAT(describeFolder(folder.path()).unused, testing::ElementsAre("else.weight")) << model;
    }
}

TEST(WeightFiles, BrokenFoldersSayWhatIsWrong) {
    const TemporaryFolder folder;
    const auto error = [&] { return errorOf(inputsOf(folder.path(), {1})); };
    EXPECT_THAT(error(), HasSubstr("config.json: cannot be read"));
    copyConfig(folder, "mistral");
    EXPECT_THAT(error(), HasSubstr("there are no weights"));
    folder.write("pytorch_model.bin", "PK");
    EXPECT_THAT(error(), HasSubstr("can run code"));

    Tensors tensors = tensorsOf(ownModels() / "mistral" / "model.safetensors");
    const auto write = [&] { folder.write("model.safetensors", bytesOf(tensors, "F32", whole)); };
    const auto norm = tensors.extract("model.norm.weight");
    write();
    EXPECT_THAT(error(), HasSubstr("tensor 'model.norm.weight' is missing"));
    tensors["model.norm.weight"] = {{3, 4}, norm.mapped().second};
    write();
    EXPECT_THAT(error(), HasSubstr("tensor 'model.norm.weight': its shape is 3×4, config.json wants 12"));
    tensors["model.norm.weight"] = norm.mapped();
    folder.write("model.safetensors",
                 bytesOf(tensors, "I32", [](float n) { return static_cast<std::int32_t>(n); }));
    EXPECT_THAT(error(), HasSubstr("weights of the type I32 are not read"));
    const FolderReport report = describeFolder(folder.path());
    EXPECT_TRUE(report.error && report.architecture && report.missing.empty());
    folder.write("model.safetensors", "short");
    EXPECT_THAT(error(), HasSubstr("too short"));
    EXPECT_THAT(errorOf(inputsOf("/nowhere", {1})), HasSubstr("there is no folder '/nowhere'"));
}

TEST(WeightFiles, AReportSaysTheSameAsOpening) {
    const TemporaryFolder folder;
    copyConfig(folder, "qwen3");
    Tensors tensors = tensorsOf(ownModels() / "qwen3" / "model.safetensors");
    folder.write("model.safetensors", bytesOf(tensors, "F32", whole));
    EXPECT_FALSE(describeFolder(folder.path()).error);
    folder.write("tokenizer.json", R"({"model":{"type":"BPE","merges":[]}})");
    FolderReport report = describeFolder(folder.path());
    EXPECT_FALSE(report.error);
    ASSERT_TRUE(report.tokenizerError) << "ids open, a text does not";
    EXPECT_THAT(report.tokenizerError->english(), HasSubstr("model.vocab is missing"));
    EXPECT_EQ(errorOf(inputsOf(folder.path(), {1})), "no error");
    std::swap(tensors["model.norm.weight"].first, tensors["model.embed_tokens.weight"].first);
    std::swap(tensors["model.norm.weight"].second, tensors["model.embed_tokens.weight"].second);
    folder.write("model.safetensors", bytesOf(tensors, "F32", whole));
    report = describeFolder(folder.path());
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->english(), errorOf(inputsOf(folder.path(), {1})));
}

TEST(WeightFiles, AFileThatIsCutOffWhileItIsOpen) {
    const TemporaryFolder folder;
    copyConfig(folder, "mistral");
    Tensors tensors = tensorsOf(ownModels() / "mistral" / "model.safetensors");
    tensors["aaa.padding"] = {{40'000}, std::vector<float>(40'000)};  // so that whole pages vanish
    folder.write("model.safetensors", bytesOf(tensors, "F32", whole));
    Pipeline pipeline;
    ASSERT_TRUE(pipeline.evaluate(inputsOf(folder.path(), {1, 2})));
    fs::resize_file(folder / "model.safetensors", 4096);
    const Result<TracePtr> trace = pipeline.evaluate(inputsOf(folder.path(), {1, 2, 3}));
    ASSERT_FALSE(trace);
    EXPECT_THAT(trace.error().english(), HasSubstr("was cut off while it was open"));

    // Reading what is gone gives zeros instead of ending the program.
    folder.write("page.bin", std::string(20'000, 'x'));
    const auto mapped = MappedFile::open(folder / "page.bin").value();
    fs::resize_file(folder / "page.bin", 100);
    EXPECT_EQ(mapped->bytes()[15'000], '\0');
    EXPECT_FALSE(mapped->check());
}

}  // namespace
}  // namespace attn
