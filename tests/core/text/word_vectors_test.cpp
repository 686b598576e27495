#include "core/text/word_vectors.h"

#include "core/io/file.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <unistd.h>

namespace attn {
namespace {

using testing::HasSubstr;

/// A table of words in a folder of its own, gone with the test.
class WordVectorsFiles : public testing::Test {
protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder = std::filesystem::temp_directory_path() /
                 ("attn-words-" + std::to_string(::getpid()) + "-" + test->name());
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void write(const char* name, std::string_view bytes) const {
        std::ofstream(folder / name, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

    /// Half-precision numbers, given as their bits.
    void writeVectors(const std::string& shape, const std::vector<std::uint16_t>& halves,
                      const std::string& name = "vectors") const {
        const std::size_t size = halves.size() * sizeof(std::uint16_t);
        const std::string header = R"({")" + name + R"(":{"dtype":"F16","shape":)" + shape +
                                   R"(,"data_offsets":[0,)" + std::to_string(size) + "]}}";
        std::string bytes;
        for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
        bytes += header;
        bytes.append(reinterpret_cast<const char*>(halves.data()), size);
        write("vectors.safetensors", bytes);
    }

    [[nodiscard]] std::string loadError() const {
        const auto loaded = WordVectors::load(folder);
        EXPECT_FALSE(loaded.has_value());
        return loaded ? "" : loaded.error().english();
    }

    std::filesystem::path folder;
    static constexpr std::uint16_t kOne = 0x3C00, kMinusTwo = 0xC000, kInfinity = 0x7C00, kNaN = 0x7E00;
};

TEST_F(WordVectorsFiles, ReadsHalfPrecisionRowByRow) {
    write("vocab.txt", "the\ncat\n");
    writeVectors("[2,2]", {kOne, 0, kMinusTwo, kOne});
    const auto loaded = WordVectors::load(folder);
    ASSERT_TRUE(loaded) << loaded.error().english();
    const WordVectors& vectors = **loaded;
    EXPECT_EQ(vectors.words(), 2);
    EXPECT_EQ(vectors.dimensions(), 2);
    ASSERT_EQ(vectors.find("cat"), 1);
    EXPECT_EQ(vectors.row(1)(0), -2.0F);
    EXPECT_EQ(vectors.row(1)(1), 1.0F);
}

TEST_F(WordVectorsFiles, FindsTheExactFormFirst) {
    write("vocab.txt", "Polish\r\npolish\r\nstrasse\r\ndidn't\r\nΣΑΣ");
    writeVectors("[5,1]", {kOne, kOne, kOne, kOne, kOne});
    const auto loaded = WordVectors::load(folder);
    ASSERT_TRUE(loaded) << loaded.error().english();
    const WordVectors& vectors = **loaded;
    EXPECT_EQ(vectors.find("Polish"), 0);
    EXPECT_EQ(vectors.find("POLISH"), 1);
    EXPECT_EQ(vectors.find("Straße"), 2);
    EXPECT_EQ(vectors.find("Didn’t"), 3);
    EXPECT_EQ(vectors.find("ΣΑΣ"), 4);
    EXPECT_EQ(vectors.find("poli"), -1);
    EXPECT_EQ(vectors.find(""), -1);
    EXPECT_EQ(vectors.find("\xFF"), -1);
    EXPECT_EQ(vectors.find(std::string(1U << 20U, 'P')), -1);
}

TEST_F(WordVectorsFiles, RefusesWhatIsMissing) {
    EXPECT_THAT(loadError(), HasSubstr("vocab.txt"));
    write("vocab.txt", "a\n");
    EXPECT_THAT(loadError(), HasSubstr("vectors.safetensors"));
    writeVectors("[1,1]", {kOne}, "weights");
    EXPECT_THAT(loadError(), HasSubstr("expected a tensor 'vectors'"));
}

TEST_F(WordVectorsFiles, RefusesTruncatedFiles) {
    write("vocab.txt", "a\nb\n");
    writeVectors("[2,1]", {kOne, kOne});
    ASSERT_TRUE(WordVectors::load(folder));
    const auto file = folder / "vectors.safetensors";
    const auto size = std::filesystem::file_size(file);
    for (std::uintmax_t shorter = 0; shorter < size; ++shorter) {
        writeVectors("[2,1]", {kOne, kOne});
        std::filesystem::resize_file(file, shorter);
        EXPECT_THAT(loadError(), HasSubstr("vectors.safetensors")) << shorter;
    }
}

TEST_F(WordVectorsFiles, RefusesShapesThatDoNotFit) {
    write("vocab.txt", "a\nb\nc\n");
    writeVectors("[2,1]", {kOne, kOne});
    EXPECT_THAT(loadError(), HasSubstr("2 rows for the 3 words"));
    writeVectors("[2]", {kOne, kOne});
    EXPECT_THAT(loadError(), HasSubstr("words × dimensions"));
    writeVectors("[0,3]", {});
    EXPECT_THAT(loadError(), HasSubstr("words × dimensions"));
}

TEST_F(WordVectorsFiles, RefusesBadWordsAndNumbers) {
    writeVectors("[2,1]", {kOne, kOne});
    write("vocab.txt", "a\na\n");
    EXPECT_THAT(loadError(), HasSubstr("vocab.txt: line 2: 'a' stands there twice"));
    write("vocab.txt", "\na\n");
    EXPECT_THAT(loadError(), HasSubstr("vocab.txt: line 1 is empty"));
    write("vocab.txt", "a\nb\n");
    for (const std::uint16_t bad : {std::uint16_t{0}, kInfinity, kNaN}) {
        writeVectors("[2,1]", {kOne, bad});
        EXPECT_THAT(loadError(), HasSubstr("row 1 ('b') has no usable length"));
    }
}

/// The table that ships.
class ShippedWords : public testing::Test {
protected:
    static void SetUpTestSuite() {
        auto loaded = WordVectors::load(resourceFolder() / "models" / "words");
        ASSERT_TRUE(loaded) << loaded.error().english();
        vectors = *std::move(loaded);
    }
    static void TearDownTestSuite() { vectors.reset(); }

    /// Cosine over the first components, as the toy model of that d_model uses them.
    static float likeness(const char* a, const char* b, Index dModel) {
        const Index first = vectors->find(a), second = vectors->find(b);
        EXPECT_GE(first, 0) << a;
        EXPECT_GE(second, 0) << b;
        const auto x = vectors->row(first).head(dModel), y = vectors->row(second).head(dModel);
        return x.dot(y) / (x.norm() * y.norm());
    }

    static std::shared_ptr<const WordVectors> vectors;
};
std::shared_ptr<const WordVectors> ShippedWords::vectors;

TEST_F(ShippedWords, IsSmallAndKnowsTheExamples) {
    EXPECT_GE(vectors->words(), 3000);
    EXPECT_LE(vectors->dimensions(), 100);
    for (const char* word :
         {"The", "animal", "didn't", "cross", "street", "because", "it",    "was", "too", "tired", "walk",
          "by",  "river",  "bank",   "Tom",   "chase",  "Jerry",   "money", ".",   ",",   "!"}) {
        EXPECT_GE(vectors->find(word), 0) << word;
    }
    EXPECT_EQ(vectors->find("xyzzy"), -1);
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(resourceFolder() / "models" / "words")) {
        bytes += file.file_size();
    }
    EXPECT_LT(bytes, 1'000'000U);
}

TEST_F(ShippedWords, LikenessFollowsMeaning) {
    for (const Index dModel : {Index{16}, Index{64}, vectors->dimensions()}) {
        SCOPED_TRACE(dModel);
        const float riverBank = likeness("river", "bank", dModel);
        EXPECT_GT(riverBank, 0.6F);
        for (const char* other : {"walk", "by"}) {
            EXPECT_GT(riverBank, likeness("river", other, dModel) + 0.2F) << other;
            EXPECT_GT(riverBank, likeness("bank", other, dModel) + 0.2F) << other;
        }
        EXPECT_GT(likeness("king", "queen", dModel), likeness("king", "bread", dModel) + 0.2F);
        EXPECT_GT(likeness("cat", "dog", dModel), likeness("cat", "because", dModel) + 0.2F);
        EXPECT_GT(likeness("red", "blue", dModel), likeness("red", "tired", dModel) + 0.2F);
    }
}

}  // namespace
}  // namespace attn
