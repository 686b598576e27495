#include "core/io/npy.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <memory>
#include <numeric>

namespace attn {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

constexpr std::size_t kMaxCharacters = std::size_t{16} << 20U;

std::string npyHeader(const std::string& descr, std::span<const std::int64_t> shape) {
    std::string tuple = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (i > 0) tuple += ' ';
        tuple += std::to_string(shape[i]) + ",";
    }
    if (shape.size() > 1) tuple.pop_back();
    std::string dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + tuple + "), }";
    // The data start at a multiple of 64, the header ends with a line break.
    const std::size_t unpadded = 10 + dictionary.size() + 1;
    dictionary.append((64 - unpadded % 64) % 64, ' ');
    dictionary += '\n';
    assert(dictionary.size() < 65536);
    std::string header = "\x93NUMPY";
    header += '\x01';
    header += '\0';
    header += static_cast<char>(dictionary.size() & 0xffU);
    header += static_cast<char>(dictionary.size() >> 8U);
    return header + dictionary;
}

void appendBytes(std::string& out, const void* data, std::size_t bytes) {
    out.append(static_cast<const char*>(data), bytes);
}

std::u32string codePoints(const std::string& text) {
    const icu::UnicodeString utf16 = icu::UnicodeString::fromUTF8(text);
    std::u32string out(static_cast<std::size_t>(utf16.countChar32()), U'\0');
    UErrorCode status = U_ZERO_ERROR;
    std::vector<UChar32> characters(out.size());
    utf16.toUTF32(characters.data(), static_cast<std::int32_t>(characters.size()), status);
    std::transform(characters.begin(), characters.end(), out.begin(),
                   [](UChar32 c) { return static_cast<char32_t>(c); });
    return out;
}

}  // namespace

std::string npyFromFloats(std::span<const float> values, std::span<const std::int64_t> shape) {
    assert(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()) ==
           static_cast<std::int64_t>(values.size()));
    std::string out = npyHeader("<f4", shape);
    out.reserve(out.size() + values.size_bytes());
    appendBytes(out, values.data(), values.size_bytes());
    return out;
}

std::string npyFromInts(std::span<const std::int64_t> values) {
    const std::int64_t count = static_cast<std::int64_t>(values.size());
    std::string out = npyHeader("<i8", {&count, 1});
    appendBytes(out, values.data(), values.size_bytes());
    return out;
}

std::string npyFromStrings(std::span<const std::string> values) {
    const std::size_t most = kMaxCharacters / std::max<std::size_t>(values.size(), 1);
    std::vector<std::u32string> texts;
    texts.reserve(values.size());
    std::size_t width = 1;  // NumPy has no <U0 in files that other programs read
    for (const std::string& value : values) {
        texts.push_back(codePoints(value));
        if (texts.back().size() > most) {
            texts.back().resize(std::max<std::size_t>(most, 1));
            texts.back().back() = U'…';
        }
        width = std::max(width, texts.back().size());
    }
    const std::int64_t count = static_cast<std::int64_t>(values.size());
    std::string out = npyHeader("<U" + std::to_string(width), {&count, 1});
    out.reserve(out.size() + values.size() * width * sizeof(char32_t));
    for (std::u32string& text : texts) {
        text.resize(width, U'\0');
        appendBytes(out, text.data(), text.size() * sizeof(char32_t));
    }
    return out;
}

namespace {

std::string tensorHeader(int rank, const std::array<Index, 3>& shape) {
    return npyHeader("<f4", std::span(shape).subspan(rank == 2 ? 1 : 0));
}

}  // namespace

std::size_t npyBytes(int rank, const std::array<Index, 3>& shape) {
    const auto count = static_cast<std::size_t>(shape[0] * shape[1] * shape[2]);
    return tensorHeader(rank, shape).size() + count * sizeof(float);
}

std::string npyFromTensor(const Tensor& tensor) {
    std::string out = tensorHeader(tensor.rank(), tensor.shape());
    out.reserve(out.size() + static_cast<std::size_t>(tensor.size()) * sizeof(float));
    for (Index head = 0; head < tensor.heads(); ++head) {
        const MatrixView matrix = tensor.matrix(head);
        for (Index row = 0; row < matrix.rows(); ++row) {
            appendBytes(out, matrix.data() + row * matrix.outerStride(),
                        static_cast<std::size_t>(matrix.cols()) * sizeof(float));
        }
    }
    return out;
}

}  // namespace attn
