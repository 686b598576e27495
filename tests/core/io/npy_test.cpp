#include "core/io/npy.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <zip.h>

#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

namespace attn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// An NPY file with any header, true or false.
std::string npy(const std::string& dictionary, const std::string& data, int major = 1) {
    std::string header = dictionary;
    header += '\n';
    std::string out = "\x93NUMPY";
    out += static_cast<char>(major);
    out += '\0';
    for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
        out += static_cast<char>((header.size() >> (8 * i)) & 0xffU);
    return out + header + data;
}

std::string dictionary(const std::string& descr, const std::string& shape,
                       const std::string& order = "False") {
    return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

template <typename T>
std::string bytesOf(std::initializer_list<T> values) {
    std::string out(values.size() * sizeof(T), '\0');
    std::memcpy(out.data(), std::data(values), out.size());
    return out;
}

std::string errorOf(const std::string& bytes) {
    const Result<NpyArray> result = npyFromBytes(bytes);
    return result ? "no error" : result.error().english();
}

TEST(NpyRead, EveryKindOfNumber) {
    const auto read = [](const std::string& descr, const std::string& data) {
        return npyFromBytes(npy(dictionary(descr, "(2,)"), data)).value();
    };
    EXPECT_THAT(read("<f4", bytesOf<float>({1.5F, -kInfinity})).values, ElementsAre(1.5F, -kInfinity));
    EXPECT_THAT(read("<f8", bytesOf<double>({0.1, -2})).values, ElementsAre(0.1F, -2.0F));
    EXPECT_THAT(read("<f2", bytesOf<std::uint16_t>({0x3c00, 0xfc00})).values, ElementsAre(1.0F, -kInfinity));
    EXPECT_THAT(read("|b1", std::string("\x00\x01", 2)).values, ElementsAre(0.0F, 1.0F));
    EXPECT_THAT(read("|i1", std::string("\xff\x01", 2)).values, ElementsAre(-1.0F, 1.0F));
    EXPECT_THAT(read("|u1", std::string("\xff\x01", 2)).values, ElementsAre(255.0F, 1.0F));
    EXPECT_THAT(read("<i2", bytesOf<std::int16_t>({-300, 300})).values, ElementsAre(-300.0F, 300.0F));
    EXPECT_THAT(read("<u2", bytesOf<std::uint16_t>({65535, 1})).values, ElementsAre(65535.0F, 1.0F));
    EXPECT_THAT(read("<i4", bytesOf<std::int32_t>({-70000, 1})).values, ElementsAre(-70000.0F, 1.0F));
    EXPECT_THAT(read("<u4", bytesOf<std::uint32_t>({70000, 1})).values, ElementsAre(70000.0F, 1.0F));
    EXPECT_THAT(read("=i8", bytesOf<std::int64_t>({-5, 1})).values, ElementsAre(-5.0F, 1.0F));
    EXPECT_THAT(read("<u8", bytesOf<std::uint64_t>({1ULL << 63U, 1})).values,
                ElementsAre(9223372036854775808.0F, 1.0F));
    EXPECT_EQ(read("|b1", std::string(2, '\1')).kind, NpyArray::Kind::Bool);
    EXPECT_EQ(read("<i4", std::string(8, '\1')).kind, NpyArray::Kind::Integer);
    EXPECT_EQ(read("<f4", std::string(8, '\1')).kind, NpyArray::Kind::Float);
}

TEST(NpyRead, DoublesBeyondFloatAreMarked) {
    const std::string data = bytesOf<double>({1, -1e300, 1e39, std::numeric_limits<double>::infinity()});
    const NpyArray array = npyFromBytes(npy(dictionary("<f8", "(4,)"), data)).value();
    EXPECT_THAT(array.values, ElementsAre(1.0F, -FLT_MAX, FLT_MAX, kInfinity));
    EXPECT_EQ(array.firstOutOfRange, 1U);
    const NpyArray fortran = npyFromBytes(npy(dictionary("<f8", "(2, 2)", "True"), data)).value();
    EXPECT_EQ(fortran.firstOutOfRange, 1U) << "in C order 1e39 comes first";
}

TEST(NpyRead, EveryVersionAndShape) {
    const std::string data = bytesOf<float>({1, 2, 3, 4, 5, 6});
    for (const int major : {1, 2, 3}) {
        EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "(2, 3)"), data, major)).value().shape,
                    ElementsAre(2, 3));
    }
    EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "(6,)"), data)).value().shape, ElementsAre(6));
    EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "(1,2,3)"), data)).value().shape, ElementsAre(1, 2, 3));
    EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "(2L, 3L)"), data)).value().shape, ElementsAre(2, 3));
    EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "()"), bytesOf<float>({7}))).value().values,
                ElementsAre(7.0F));
    EXPECT_THAT(npyFromBytes(npy(dictionary("<f4", "(0, 5)"), "")).value().values, IsEmpty());
    EXPECT_THAT(
        npyFromBytes(npy("{\"shape\":(6,),\"descr\":\"<f4\",\"fortran_order\":False}", data)).value().values,
        ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(NpyRead, FortranOrderBecomesCOrder) {
    // a[i, j, k] = 100 i + 10 j + k, the first index running fastest in the file
    std::string data;
    for (int k = 0; k < 4; ++k) {
        for (int j = 0; j < 3; ++j) {
            for (int i = 0; i < 2; ++i) data += bytesOf<float>({static_cast<float>(100 * i + 10 * j + k)});
        }
    }
    const NpyArray array = npyFromBytes(npy(dictionary("<f4", "(2, 3, 4)", "True"), data)).value();
    std::vector<float> expected;
    for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < 3; ++j) {
            for (int k = 0; k < 4; ++k) expected.push_back(static_cast<float>(100 * i + 10 * j + k));
        }
    }
    EXPECT_EQ(array.values, expected);
    EXPECT_THAT(array.shape, ElementsAre(2, 3, 4));
}

TEST(NpyRead, OtherTypesAreRefusedByName) {
    const std::string data(64, '\0');
    EXPECT_THAT(errorOf(npy(dictionary(">f4", "(16,)"), data)), HasSubstr("big-endian numbers ('>f4')"));
    EXPECT_THAT(errorOf(npy(dictionary("|O", "(8,)"), data)), HasSubstr("object arrays ('|O')"));
    EXPECT_THAT(errorOf(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (16,), }", data)),
                HasSubstr("structured arrays"));
    EXPECT_THAT(errorOf(npy(dictionary("|V8", "(8,)"), data)), HasSubstr("structured arrays ('|V8')"));
    EXPECT_THAT(errorOf(npy(dictionary("<c8", "(8,)"), data)), HasSubstr("complex numbers"));
    EXPECT_THAT(errorOf(npy(dictionary("<U4", "(4,)"), data)), HasSubstr("texts ('<U4')"));
    EXPECT_THAT(errorOf(npy(dictionary("<M8[s]", "(8,)"), data)), HasSubstr("times"));
    EXPECT_THAT(errorOf(npy(dictionary("<f16", "(4,)"), data)), HasSubstr("'<f16'"));
    EXPECT_THAT(errorOf(npy(dictionary("", "(4,)"), data)), HasSubstr("no type"));
}

TEST(NpyRead, LyingHeadersAreErrors) {
    const std::string data(24, '\0');
    const auto shape = [&](const std::string& text) { return errorOf(npy(dictionary("<f4", text), data)); };
    EXPECT_THAT(shape("(7,)"), HasSubstr("promises more numbers than the 24 bytes"));
    EXPECT_THAT(shape("(1000000000000,)"), HasSubstr("promises more"));
    EXPECT_THAT(shape("(4294967296, 4294967296)"), HasSubstr("promises more"));
    EXPECT_THAT(shape("(9223372036854775807, 9223372036854775807)"), HasSubstr("promises more"));
    EXPECT_THAT(shape("(9223372036854775808,)"), HasSubstr("too large"));
    EXPECT_THAT(shape("(-6,)"), HasSubstr("negative"));
    EXPECT_THAT(shape("(-2, -3)"), HasSubstr("negative"));
    EXPECT_THAT(shape("(5,)"), HasSubstr("4 bytes are left over"));
    EXPECT_THAT(shape("(0, 9223372036854775807)"), HasSubstr("24 bytes are left over"));
    EXPECT_THAT(shape("(6)"), HasSubstr("no tuple"));
    EXPECT_THAT(shape("6"), HasSubstr("no tuple"));
    EXPECT_THAT(shape("(2.0, 3)"), HasSubstr("damaged"));
    EXPECT_THAT(shape("(2 3)"), HasSubstr("damaged"));
    EXPECT_THAT(shape("(__import__('os'),)"), HasSubstr("no whole number"));
    std::string many = "(";
    for (int i = 0; i < 40; ++i) many += "1,";
    EXPECT_THAT(shape(many + ")"), HasSubstr("more than 32 axes"));
}

TEST(NpyRead, DamagedHeadersAreErrors) {
    const std::string data(8, '\0');
    for (const char* text :
         {"", "{", "{'descr': '<f4'", "{'descr': '<f4', 'fortran_order': False}", "[1, 2]",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
          "{'descr': <f4, 'fortran_order': False, 'shape': (2,)}",
          "{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}",
          "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'extra': 1}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "{'descr': '<f4',,}"}) {
        EXPECT_THAT(errorOf(npy(text, data)), HasSubstr("NPY header")) << text;
    }
    EXPECT_EQ(errorOf(""), "this is no NPY file");
    EXPECT_EQ(errorOf("PK\x03\x04 and more of it"), "this is no NPY file");
    std::string version = npy(dictionary("<f4", "(2,)"), data);
    version[6] = 9;
    EXPECT_THAT(errorOf(version), HasSubstr("version 9.0"));
}

TEST(NpyRead, EveryTruncationIsAnError) {
    for (const int major : {1, 2}) {
        const std::string whole = npy(dictionary("<f4", "(2, 3)"), std::string(24, '\1'), major);
        ASSERT_EQ(errorOf(whole), "no error");
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_NE(errorOf(whole.substr(0, size)), "no error") << size;
        }
    }
    // A header length of nearly 4 GiB.
    EXPECT_THAT(errorOf(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14)), HasSubstr("longer than"));
}

TEST(NpyRead, ErrorsNameTheFile) {
    const test::TemporaryFolder folder;
    EXPECT_THAT(readNpy(folder.write("q.npy", "nonsense nonsense")).error().english(),
                HasSubstr("/q.npy: this is no NPY"));
    EXPECT_THAT(readNpy(folder / "missing.npy").error().english(), HasSubstr("/missing.npy: cannot be read"));
}

TEST(NpyWrite, FloatsComeBackAsTheyWere) {
    const std::vector<float> values{0.1F, -kInfinity, -0.0F, 1e-45F, FLT_MAX, 6};
    const std::vector<std::int64_t> shape{1, 2, 3};
    const std::string bytes = npyFromFloats(values, shape);
    EXPECT_EQ(bytes.size(), 128U + 24U);
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    EXPECT_THAT(bytes.substr(10, 118),
                testing::StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), } "));
    EXPECT_EQ(bytes[127], '\n');
    const NpyArray back = npyFromBytes(bytes).value();
    EXPECT_EQ(back.values, values);
    EXPECT_TRUE(std::signbit(back.values[2]));
    EXPECT_EQ(back.shape, shape);
}

TEST(NpyWrite, IntsAndStrings) {
    const std::vector<std::int64_t> ids{0, -1, 50256};
    EXPECT_THAT(npyFromBytes(npyFromInts(ids)).value().values, ElementsAre(0.0F, -1.0F, 50256.0F));
    EXPECT_THAT(npyFromInts(ids), HasSubstr("'descr': '<i8', 'fortran_order': False, 'shape': (3,), }"));

    const std::vector<std::string> texts{"a", "", "鱼🐟", "e\xcc\x81"};
    const std::string bytes = npyFromStrings(texts);
    EXPECT_THAT(bytes, HasSubstr("'descr': '<U2', 'fortran_order': False, 'shape': (4,), }"));
    const std::string data = bytes.substr(bytes.find('\n') + 1);
    EXPECT_EQ(data, bytesOf<char32_t>({U'a', 0, 0, 0, U'鱼', U'🐟', U'e', U'\u0301'}));
    EXPECT_THAT(npyFromStrings({}), HasSubstr("'<U1', 'fortran_order': False, 'shape': (0,), }"));
    // A byte that is no UTF-8 does not break the array.
    const std::vector<std::string> broken{"\xff"};
    EXPECT_EQ(npyFromStrings(broken).substr(npyFromStrings(broken).find('\n') + 1),
              bytesOf<char32_t>({U'\ufffd'}));
}

TEST(NpyWrite, OneLongStringAmongManyDoesNotFillTheMemory) {
    std::vector<std::string> texts(1024, "short");
    texts[7] = std::string(1U << 20U, 'x');
    const std::string bytes = npyFromStrings(texts);
    EXPECT_LT(bytes.size(), std::size_t{70} << 20U);
    EXPECT_THAT(bytes.substr(0, 128), HasSubstr("'<U16384'"));
}

TEST(NpyWrite, TensorsHaveTheirOwnShape) {
    BufferPool pool;
    Tensor two = Tensor::allocate(pool, 2, 3);
    Tensor three = Tensor::allocate(pool, 2, 1, 2, Tensor::Layout::HeadsInterleaved);
    two.span() << 1, 2, 3, 4, 5, 6;
    three.span(0) << 1, 2;
    three.span(1) << 3, 4;
    EXPECT_THAT(npyFromBytes(npyFromTensor(two)).value().shape, ElementsAre(2, 3));
    EXPECT_THAT(npyFromBytes(npyFromTensor(two)).value().values, ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(npyFromBytes(npyFromTensor(three)).value().shape, ElementsAre(2, 1, 2));
    EXPECT_THAT(npyFromBytes(npyFromTensor(three)).value().values, ElementsAre(1, 2, 3, 4));
}

std::string memberOf(const std::string& archive, const char* name) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
    const std::unique_ptr<zip_t, decltype(&zip_discard)> zip(
        zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error), &zip_discard);
    if (zip == nullptr) return "no archive";
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(zip.get(), name, 0), &zip_fclose);
    if (file == nullptr) return "no member";
    std::string out(1U << 20U, '\0');
    out.resize(static_cast<std::size_t>(zip_fread(file.get(), out.data(), out.size())));
    return out;
}

std::string archiveOf(const std::vector<std::pair<std::string, std::string>>& contents) {
    const test::TemporaryFolder folder;
    std::vector<NpzMember> members;
    int inMemory = 0;
    for (const auto& each : contents) {
        members.push_back({each.first, each.second.size(), [&inMemory, text = each.second] {
                               ++inMemory;
                               return text;
                           }});
    }
    const Result<void> written = writeNpz(folder / "a.npz", members);
    EXPECT_EQ(inMemory, written ? static_cast<int>(contents.size()) : 0) << "each is made once";
    EXPECT_EQ(folder.names().size(), written ? 1U : 0U) << "nothing else is left behind";
    return written ? folder.read("a.npz") : written.error().english();
}

TEST(Npz, MembersComeBack) {
    const std::string large(500'000, 'z');
    const std::string archive = archiveOf({{"a.npy", "one"}, {"blocks.0.q.npy", large}, {"empty.npy", ""}});
    EXPECT_EQ(memberOf(archive, "a.npy"), "one");
    EXPECT_EQ(memberOf(archive, "blocks.0.q.npy"), large);
    EXPECT_EQ(memberOf(archive, "empty.npy"), "");
    EXPECT_LT(archive.size(), 50'000U) << "members are deflated";
}

TEST(Npz, TheSameMembersGiveTheSameBytes) {
    EXPECT_EQ(archiveOf({{"a.npy", "one"}}), archiveOf({{"a.npy", "one"}}));
    // Date and time of the first entry: 1980-01-01 00:00.
    EXPECT_EQ(archiveOf({{"a.npy", "one"}}).substr(10, 4), std::string("\x00\x00\x21\x00", 4));
}

TEST(Npz, TwoMembersOfOneNameAreAnError) {
    EXPECT_THAT(archiveOf({{"a.npy", "one"}, {"a.npy", "two"}}), HasSubstr("cannot be made"));
    EXPECT_THAT(writeNpz("/nowhere/a.npz", {}).error().english(),
                HasSubstr("/nowhere/a.npz: cannot be written"));
}

TEST(Npz, TheSizeOfAnArrayIsKnownBeforeItIsMade) {
    BufferPool pool;
    Tensor matrix = Tensor::allocate(pool, 3, 5);
    matrix.span().setZero();
    EXPECT_EQ(npyFromTensor(matrix).size(), npyBytes(2, matrix.shape()));
    Tensor heads = Tensor::allocate(pool, 2, 3, 5, Tensor::Layout::HeadsInterleaved);
    heads.interleavedSpan().setZero();
    EXPECT_EQ(npyFromTensor(heads).size(), npyBytes(3, heads.shape()));
}

}  // namespace
}  // namespace attn
