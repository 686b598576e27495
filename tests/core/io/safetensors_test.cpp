#include "core/io/safetensors.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <cstring>

namespace attn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string safetensors(const std::string& header, const std::string& data) {
    std::string out(8, '\0');
    const std::uint64_t length = header.size();
    std::memcpy(out.data(), &length, sizeof length);
    return out + header + data;
}

std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

template <typename T>
std::string bytesOf(std::initializer_list<T> values) {
    std::string out(values.size() * sizeof(T), '\0');
    std::memcpy(out.data(), std::data(values), out.size());
    return out;
}

std::string errorOf(const std::string& header, const std::string& data) {
    const Result<SafetensorsFile> file = safetensorsFromBytes(safetensors(header, data));
    return file ? "no error" : file.error().english();
}

TEST(Safetensors, ConvertsEveryType) {
    const auto read = [](const std::string& dtype, const std::string& data) {
        const std::string end = std::to_string(data.size());
        return safetensorsFromBytes(safetensors(one(dtype, "[2]", "[0," + end + "]"), data))
            .value()
            .floats("t")
            .value();
    };
    EXPECT_THAT(read("F32", bytesOf<float>({1.5F, -2})), ElementsAre(1.5F, -2.0F));
    EXPECT_THAT(read("F64", bytesOf<double>({0.1, -2})), ElementsAre(0.1F, -2.0F));
    EXPECT_THAT(read("F16", bytesOf<std::uint16_t>({0x3c00, 0xc000})), ElementsAre(1.0F, -2.0F));
    EXPECT_THAT(read("BF16", bytesOf<std::uint16_t>({0x3f80, 0xc000})), ElementsAre(1.0F, -2.0F));
    EXPECT_THAT(read("BOOL", std::string("\x01\x00", 2)), ElementsAre(1.0F, 0.0F));
    EXPECT_THAT(read("I64", bytesOf<std::int64_t>({-7, 7})), ElementsAre(-7.0F, 7.0F));
    EXPECT_THAT(read("I32", bytesOf<std::int32_t>({-7, 7})), ElementsAre(-7.0F, 7.0F));
    EXPECT_THAT(read("I16", bytesOf<std::int16_t>({-7, 7})), ElementsAre(-7.0F, 7.0F));
    EXPECT_THAT(read("I8", std::string("\xff\x07", 2)), ElementsAre(-1.0F, 7.0F));
    EXPECT_THAT(read("U8", std::string("\xff\x07", 2)), ElementsAre(255.0F, 7.0F));
}

TEST(Safetensors, SeveralTensorsAndMetadata) {
    const std::string header =
        R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},)"
        R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,9],"data_offsets":[12,12]}}   )";
    const SafetensorsFile file = safetensorsFromBytes(safetensors(header, bytesOf<float>({1, 2, 3}))).value();
    EXPECT_EQ(file.entries().size(), 3U);
    EXPECT_THAT(file.floats("a").value(), ElementsAre(1.0F));
    EXPECT_THAT(file.floats("b").value(), ElementsAre(2.0F, 3.0F));
    EXPECT_THAT(file.find("b")->shape, ElementsAre(1, 2));
    EXPECT_THAT(file.floats("e").value(), IsEmpty());
    EXPECT_EQ(file.metadata().at("format"), "pt");
    EXPECT_EQ(file.find("c"), nullptr);
    EXPECT_THAT(file.floats("c").error().english(), HasSubstr("no tensor 'c'"));
}

TEST(Safetensors, LyingHeadersAreErrors) {
    const std::string data(8, '\0');
    EXPECT_EQ(errorOf(one("F32", "[2]", "[0,8]"), data), "no error");
    EXPECT_THAT(errorOf(one("F32", "[9]", "[0,8]"), data), HasSubstr("'t': shape is larger than the file"));
    EXPECT_THAT(errorOf(one("F32", "[1]", "[0,8]"), data), HasSubstr("do not agree"));
    EXPECT_THAT(errorOf(one("F32", "[3]", "[0,12]"), data), HasSubstr("outside the file"));
    EXPECT_THAT(errorOf(one("F32", "[4294967296,4294967296,4]", "[0,0]"), data),
                HasSubstr("larger than the file"));
    EXPECT_THAT(errorOf(one("F32", "[18446744073709551615]", "[0,8]"), data), HasSubstr("no whole number"));
    EXPECT_THAT(errorOf(one("F32", "[-2]", "[0,8]"), data), HasSubstr("no whole number"));
    EXPECT_THAT(errorOf(one("F32", "[2.0]", "[0,8]"), data), HasSubstr("no whole number"));
    EXPECT_THAT(errorOf(one("F32", "[2]", "[8,0]"), data), HasSubstr("no range"));
    EXPECT_THAT(errorOf(one("F32", "[2]", "[-8,0]"), data), HasSubstr("no range"));
    EXPECT_THAT(errorOf(one("F32", "[2]", "[0]"), data), HasSubstr("no pair"));
    EXPECT_THAT(errorOf(one("F32", "[1]", "[0,4]"), data), HasSubstr("4 bytes at the end"));
    EXPECT_THAT(errorOf(one("F32", "[1]", "[4,8]"), data), HasSubstr("gap"));
    EXPECT_THAT(errorOf(one("X9", "[2]", "[0,8]"), data), HasSubstr("type 'X9'"));
    EXPECT_THAT(errorOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                        R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                        data),
                HasSubstr("overlap"));
}

TEST(Safetensors, DamagedHeadersAreErrors) {
    for (const char* header : {"", "{", "[]", "null", R"({"t":1})", R"({"t":{}})", R"({"t":{"dtype":1}})",
                               R"({"t":{"dtype":"F32","shape":1,"data_offsets":[0,0]}})",
                               R"({"__metadata__":1})", R"({"__metadata__":{"a":1}})", "{\"\xff\":1}"}) {
        EXPECT_NE(errorOf(header, ""), "no error") << header;
    }
    EXPECT_THAT(errorOf(std::string(100'000, '['), ""), HasSubstr("nested too deeply"));
    EXPECT_FALSE(safetensorsFromBytes(""));
    EXPECT_FALSE(safetensorsFromBytes("short"));
    EXPECT_THAT(safetensorsFromBytes(std::string(8, '\xff') + "{}").error().english(),
                HasSubstr("end after the file"));
}

TEST(Safetensors, EveryTruncationIsAnError) {
    const std::string whole = safetensors(one("F32", "[2]", "[0,8]"), std::string(8, '\0'));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(safetensorsFromBytes(whole.substr(0, size))) << size;
    }
}

TEST(Safetensors, ErrorsNameTheFile) {
    const test::TemporaryFolder folder;
    EXPECT_THAT(readSafetensors(folder.write("w.safetensors", "x"), 100).error().english(),
                HasSubstr("/w.safetensors: this is no safetensors file"));
    EXPECT_THAT(readSafetensors(folder.write("large", std::string(200, 'x')), 100).error().english(),
                HasSubstr("larger than 100 bytes"));
}

}  // namespace
}  // namespace attn
