#include "core/io/file.h"
#include "core/io/npy.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace attn {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are copied as they lie in the file");

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxHeaderBytes = 65536;
constexpr std::size_t kMaxRank = 32;  // NumPy's own limit
constexpr std::size_t kMaxFileBytes = std::size_t{4} << 30U;

struct Header {
    std::string descr;
    bool fortran = false;
    std::vector<std::int64_t> shape;
};

tl::unexpected<Error> badHeader(const char* what) {
    return fail(tr("the NPY header is damaged: %1"), {what});
}

/// The dictionary of three keys that an NPY header is: a Python literal, read by hand and never evaluated.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_text(text) {}

    [[nodiscard]] Result<Header> parse() {
        Header header;
        bool descr = false, order = false, shape = false;
        if (!take('{')) return badHeader(tr("it is no dictionary"));
        while (!take('}')) {
            std::string key;
            if (!takeString(key) || !take(':')) return badHeader(tr("a key is expected"));
            bool* seen = key == "descr"           ? &descr
                         : key == "fortran_order" ? &order
                         : key == "shape"         ? &shape
                                                  : nullptr;
            if (seen == nullptr) return fail(tr("the NPY header has the unknown key '%1'"), {key});
            if (std::exchange(*seen, true)) return fail(tr("the NPY header has the key '%1' twice"), {key});
            if (Result<void> value = parseValue(key, header); !value) return tl::unexpected(value.error());
            if (!take(',') && peek() != '}') return badHeader(tr("a comma is missing"));
        }
        skipSpace();
        if (m_at != m_text.size()) return badHeader(tr("something follows the dictionary"));
        if (!descr || !order || !shape) return badHeader(tr("descr, fortran_order or shape is missing"));
        return header;
    }

private:
    [[nodiscard]] Result<void> parseValue(const std::string& key, Header& header) {
        if (key == "descr") {
            if (peek() == '[') return fail(tr("structured arrays are not read"));
            if (!takeString(header.descr)) return badHeader(tr("descr is no text"));
            return {};
        }
        if (key == "fortran_order") {
            header.fortran = takeWord("True");
            if (!header.fortran && !takeWord("False"))
                return badHeader(tr("fortran_order is neither True nor False"));
            return {};
        }
        return parseShape(header.shape);
    }

    [[nodiscard]] Result<void> parseShape(std::vector<std::int64_t>& shape) {
        if (!take('(')) return badHeader(tr("shape is no tuple"));
        while (!take(')')) {
            skipSpace();
            std::int64_t length = 0;
            const char* const begin = m_text.data() + m_at;
            const char* const end = m_text.data() + m_text.size();
            const auto [stop, error] = std::from_chars(begin, end, length);
            if (error == std::errc::result_out_of_range)
                return badHeader(tr("a length in shape is too large"));
            if (error != std::errc()) return badHeader(tr("a length in shape is no whole number"));
            if (length < 0) return badHeader(tr("a length in shape is negative"));
            m_at += static_cast<std::size_t>(stop - begin);
            if (peek() == 'L') ++m_at;  // Python 2 wrote long integers so
            shape.push_back(length);
            if (shape.size() > kMaxRank) return badHeader(tr("shape has more than 32 axes"));
            if (!take(',') && (peek() != ')' || shape.size() == 1)) return badHeader(tr("shape is no tuple"));
        }
        return {};
    }

    void skipSpace() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t'))
            ++m_at;
    }
    [[nodiscard]] char peek() {
        skipSpace();
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    [[nodiscard]] bool take(char wanted) {
        if (peek() != wanted) return false;
        ++m_at;
        return true;
    }
    [[nodiscard]] bool takeWord(std::string_view word) {
        skipSpace();
        if (m_text.substr(m_at, word.size()) != word) return false;
        m_at += word.size();
        return true;
    }
    [[nodiscard]] bool takeString(std::string& out) {
        const char quote = peek();
        if (quote != '\'' && quote != '"') return false;
        const std::size_t end = m_text.find(quote, m_at + 1);
        if (end == std::string_view::npos) return false;
        out = m_text.substr(m_at + 1, end - m_at - 1);
        m_at = end + 1;
        return out.find('\\') == std::string::npos;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

struct Type {
    char letter = 'f';
    std::size_t bytes = 4;
};

Result<Type> parseType(const std::string& descr) {
    std::string_view text = descr;
    if (!text.empty() && text.front() == '>') {
        return fail(tr("big-endian numbers ('%1') are not read: save as little-endian"), {descr});
    }
    if (!text.empty() && (text.front() == '<' || text.front() == '|' || text.front() == '='))
        text.remove_prefix(1);
    if (text.empty()) return fail(tr("'%1' is no type of numbers"), {descr});
    const char letter = text.front();
    if (text == "?" || text == "b1") return Type{'b', 1};
    switch (letter) {
        case 'O':
            return fail(tr("object arrays ('%1') are not read"), {descr});
        case 'V':
            return fail(tr("structured arrays ('%1') are not read"), {descr});
        case 'c':
            return fail(tr("complex numbers ('%1') are not read"), {descr});
        case 'U':
        case 'S':
        case 'a':
            return fail(tr("an array of texts ('%1') where numbers are expected"), {descr});
        case 'M':
        case 'm':
            return fail(tr("an array of times ('%1') where numbers are expected"), {descr});
        default:
            break;
    }
    const std::string_view size = text.substr(1);
    const bool fits = letter == 'f' ? size == "2" || size == "4" || size == "8"
                                    : (letter == 'i' || letter == 'u') &&
                                          (size == "1" || size == "2" || size == "4" || size == "8");
    if (!fits) return fail(tr("numbers of type '%1' are not read"), {descr});
    return Type{letter, static_cast<std::size_t>(size.front() - '0')};
}

/// Number of elements, or nothing where it is more than `limit`.
std::optional<std::size_t> elementCount(const std::vector<std::int64_t>& shape, std::size_t limit) {
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
    std::size_t count = 1;
    for (const std::int64_t length : shape) {
        if (static_cast<std::uint64_t>(length) > limit / count) return std::nullopt;
        count *= static_cast<std::size_t>(length);
    }
    return count;
}

template <typename T>
void convert(const char* bytes, std::vector<float>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        T value;
        std::memcpy(&value, bytes + i * sizeof value, sizeof value);
        values[i] = static_cast<float>(value);
    }
}

void convertHalf(const char* bytes, std::vector<float>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint16_t raw = 0;
        std::memcpy(&raw, bytes + i * sizeof raw, sizeof raw);
        values[i] = static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(raw));
    }
}

void convertDouble(const char* bytes, NpyArray& array) {
    for (std::size_t i = 0; i < array.values.size(); ++i) {
        double value = 0;
        std::memcpy(&value, bytes + i * sizeof value, sizeof value);
        if (std::isfinite(value) && std::abs(value) > static_cast<double>(FLT_MAX)) {
            if (!array.firstOutOfRange) array.firstOutOfRange = i;
            value = std::copysign(static_cast<double>(FLT_MAX), value);
        }
        array.values[i] = static_cast<float>(value);
    }
}

void convertAll(const Type& type, const char* bytes, NpyArray& array) {
    const bool isSigned = type.letter == 'i';
    std::vector<float>& values = array.values;
    if (type.letter == 'b') {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = bytes[i] == 0 ? 0.0F : 1.0F;
    } else if (type.letter == 'f') {
        if (type.bytes == 2) convertHalf(bytes, values);
        if (type.bytes == 4) convert<float>(bytes, values);
        if (type.bytes == 8) convertDouble(bytes, array);
    } else if (type.bytes == 1) {
        isSigned ? convert<std::int8_t>(bytes, values) : convert<std::uint8_t>(bytes, values);
    } else if (type.bytes == 2) {
        isSigned ? convert<std::int16_t>(bytes, values) : convert<std::uint16_t>(bytes, values);
    } else if (type.bytes == 4) {
        isSigned ? convert<std::int32_t>(bytes, values) : convert<std::uint32_t>(bytes, values);
    } else {
        isSigned ? convert<std::int64_t>(bytes, values) : convert<std::uint64_t>(bytes, values);
    }
}

/// From the order in which the first index runs fastest to the one in which the last does.
void toCOrder(NpyArray& array) {
    const std::size_t rank = array.shape.size();
    if (rank < 2 || array.values.empty()) return;
    std::vector<std::size_t> stride(rank, 1), index(rank, 0);
    for (std::size_t a = 1; a < rank; ++a)
        stride[a] = stride[a - 1] * static_cast<std::size_t>(array.shape[a - 1]);
    std::vector<float> ordered(array.values.size());
    std::size_t source = 0;
    for (float& value : ordered) {
        value = array.values[source];
        for (std::size_t a = rank; a-- > 0;) {
            source += stride[a];
            if (++index[a] < static_cast<std::size_t>(array.shape[a])) break;
            source -= stride[a] * index[a];
            index[a] = 0;
        }
    }
    array.values = std::move(ordered);
    array.firstOutOfRange.reset();
}

}  // namespace

Result<NpyArray> npyFromBytes(std::string_view bytes) {
    constexpr std::string_view magic = "\x93NUMPY";
    if (bytes.substr(0, magic.size()) != magic || bytes.size() < 10) return fail(tr("this is no NPY file"));
    const auto byteAt = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
    };
    const std::size_t major = byteAt(6), minor = byteAt(7);
    if (major < 1 || major > 3 || minor != 0) {
        return fail(tr("NPY version %1.%2 is not known"), {std::to_string(major), std::to_string(minor)});
    }
    const std::size_t lengthBytes = major == 1 ? 2 : 4;
    std::size_t at = 8, headerBytes = 0;
    if (bytes.size() < at + lengthBytes) return fail(tr("the NPY header is cut off"));
    for (std::size_t i = 0; i < lengthBytes; ++i) headerBytes |= byteAt(at + i) << (8 * i);
    at += lengthBytes;
    if (headerBytes > kMaxHeaderBytes) return badHeader(tr("it is longer than 65,536 bytes"));
    if (headerBytes > bytes.size() - at) return fail(tr("the NPY header is cut off"));
    Result<Header> header = HeaderParser(bytes.substr(at, headerBytes)).parse();
    if (!header) return tl::unexpected(std::move(header.error()));
    const Result<Type> type = parseType(header->descr);
    if (!type) return tl::unexpected(type.error());

    const std::string_view data = bytes.substr(at + headerBytes);
    const std::optional<std::size_t> count = elementCount(header->shape, data.size() / type->bytes);
    if (!count) {
        return fail(tr("the NPY header promises more numbers than the %1 bytes after it hold"),
                    {std::to_string(data.size())});
    }
    if (*count * type->bytes != data.size()) {
        return fail(tr("%1 bytes are left over after the array"),
                    {std::to_string(data.size() - *count * type->bytes)});
    }
    NpyArray array;
    array.kind = type->letter == 'b'   ? NpyArray::Kind::Bool
                 : type->letter == 'f' ? NpyArray::Kind::Float
                                       : NpyArray::Kind::Integer;
    array.shape = std::move(header->shape);
    array.values.resize(*count);
    convertAll(*type, data.data(), array);
    if (header->fortran) {
        const bool outOfRange = array.firstOutOfRange.has_value();
        toCOrder(array);
        if (outOfRange) {
            const auto found = std::find_if(array.values.begin(), array.values.end(),
                                            [](float value) { return std::abs(value) == FLT_MAX; });
            array.firstOutOfRange = static_cast<std::size_t>(found - array.values.begin());
        }
    }
    return array;
}

Result<NpyArray> readNpy(const std::filesystem::path& path) {
    Result<std::string> bytes = readFile(path, kMaxFileBytes);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    Result<NpyArray> array = npyFromBytes(*bytes);
    if (!array) return fail("%1: %2", {path.string(), array.error().english()});
    return array;
}

}  // namespace attn
