#include "core/io/safetensors.h"

#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/json_listener.h"

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

namespace attn {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are copied as they lie in the file");

using nlohmann::json;
using Entry = SafetensorsFile::Entry;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxRank = 16;
constexpr JsonLimits kHeaderLimits{std::size_t{16} << 20U, 4, std::size_t{1} << 20U};

/// Bytes of one element; 0 for a type that the format does not have.
std::size_t elementBytes(std::string_view dtype) {
    constexpr std::array<std::pair<std::string_view, std::size_t>, 19> types{{{"C64", 8},
                                                                              {"F64", 8},
                                                                              {"I64", 8},
                                                                              {"U64", 8},
                                                                              {"F32", 4},
                                                                              {"I32", 4},
                                                                              {"U32", 4},
                                                                              {"F16", 2},
                                                                              {"BF16", 2},
                                                                              {"I16", 2},
                                                                              {"U16", 2},
                                                                              {"I8", 1},
                                                                              {"U8", 1},
                                                                              {"BOOL", 1},
                                                                              {"F8_E4M3", 1},
                                                                              {"F8_E5M2", 1},
                                                                              {"F8_E8M0", 1},
                                                                              {"F8_E4M3FNUZ", 1},
                                                                              {"F8_E5M2FNUZ", 1}}};
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == dtype; });
    return found == types.end() ? 0 : found->second;
}

/// A whole number that is not negative and fits both size_t and int64.
std::optional<std::size_t> sizeFrom(const json& value) {
    if (!value.is_number_unsigned()) return std::nullopt;
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::size_t>(number);
}

tl::unexpected<Error> bad(const std::string& name, const char* what) {
    return fail(tr("tensor '%1': %2"), {name, what});
}

Result<Entry> parseEntry(const std::string& name, const json& value, std::size_t dataBytes) {
    if (!value.is_object()) return bad(name, tr("its description is no object"));
    const auto dtype = value.find("dtype"), shape = value.find("shape"), offsets = value.find("data_offsets");
    if (dtype == value.end() || !dtype->is_string()) return bad(name, tr("dtype is missing or no text"));
    if (shape == value.end() || !shape->is_array()) return bad(name, tr("shape is missing or no list"));
    if (offsets == value.end() || !offsets->is_array() || offsets->size() != 2) {
        return bad(name, tr("data_offsets is missing or no pair"));
    }
    Entry entry;
    entry.dtype = dtype->get<std::string>();
    const std::size_t bytesEach = elementBytes(entry.dtype);
    if (bytesEach == 0) return fail(tr("tensor '%1': the type '%2' is not known"), {name, entry.dtype});
    if (shape->size() > kMaxRank) return bad(name, tr("shape has too many axes"));

    const std::optional<std::size_t> begin = sizeFrom((*offsets)[0]), end = sizeFrom((*offsets)[1]);
    if (!begin || !end || *begin > *end) return bad(name, tr("data_offsets are no range"));
    if (*end > dataBytes) return bad(name, tr("data_offsets lie outside the file"));
    entry.begin = *begin;
    entry.end = *end;

    std::size_t count = 1;
    bool empty = false;
    for (const json& axis : *shape) {
        const std::optional<std::size_t> length = sizeFrom(axis);
        if (!length) return bad(name, tr("a length in shape is no whole number"));
        entry.shape.push_back(static_cast<std::int64_t>(*length));
        empty = empty || *length == 0;
    }
    for (const std::int64_t length : entry.shape) {
        if (empty) break;
        if (static_cast<std::size_t>(length) > dataBytes / count)
            return bad(name, tr("shape is larger than the file"));
        count *= static_cast<std::size_t>(length);
    }
    if (empty) count = 0;
    // count ≤ dataBytes, and a string cannot be so long that eight times its size overflows.
    if (count * bytesEach != entry.end - entry.begin)
        return bad(name, tr("shape and data_offsets do not agree"));
    return entry;
}

/// The data must be covered without gap or overlap, as the format demands.
Result<void> checkCoverage(const std::map<std::string, Entry, std::less<>>& entries, std::size_t dataBytes) {
    std::vector<std::pair<const std::string*, const Entry*>> ordered;
    ordered.reserve(entries.size());
    for (const auto& [name, entry] : entries) ordered.emplace_back(&name, &entry);
    std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second->begin, a.second->end) < std::pair(b.second->begin, b.second->end);
    });
    std::size_t at = 0;
    for (const auto& [name, entry] : ordered) {
        if (entry->begin < at) return bad(*name, tr("its data overlap another tensor's"));
        if (entry->begin > at) return bad(*name, tr("there is a gap before its data"));
        at = entry->end;
    }
    if (at != dataBytes) {
        return fail(tr("%1 bytes at the end belong to no tensor"), {std::to_string(dataBytes - at)});
    }
    return {};
}

/// Finds a name that the header's object holds twice: a parsed document keeps but one of them.
class RepeatedNameFinder : public JsonListener {
public:
    bool start_object(std::size_t) override {
        ++m_depth;
        return true;
    }
    bool key(string_t& name) override {
        if (m_depth != 1 || m_names.insert(name).second) return true;
        m_repeated = name;
        return false;
    }
    bool end_object() override {
        --m_depth;
        return true;
    }

    [[nodiscard]] const std::optional<std::string>& repeated() const { return m_repeated; }

private:
    int m_depth = 0;
    std::set<std::string> m_names;
    std::optional<std::string> m_repeated;
};

std::optional<std::string> repeatedName(std::string_view header) {
    RepeatedNameFinder finder;
    json::sax_parse(header.begin(), header.end(), &finder);
    return finder.repeated();
}

template <typename Stored, typename Convert>
std::vector<float> convertAll(std::string_view bytes, const Convert& toFloat) {
    std::vector<float> values(bytes.size() / sizeof(Stored));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof stored, sizeof stored);
        values[i] = toFloat(stored);
    }
    return values;
}

template <typename Stored>
std::vector<float> cast(std::string_view bytes) {
    return convertAll<Stored>(bytes, [](Stored value) { return static_cast<float>(value); });
}

}  // namespace

const Entry* SafetensorsFile::find(std::string_view name) const {
    const auto found = m_index.entries.find(name);
    return found == m_index.entries.end() ? nullptr : &found->second;
}

Result<std::vector<float>> SafetensorsFile::floats(std::string_view name) const {
    const Entry* const entry = find(name);
    if (entry == nullptr) return fail(tr("there is no tensor '%1'"), {std::string(name)});
    return floatsFromBytes(
        name, entry->dtype,
        std::string_view(m_bytes).substr(m_index.dataBegin + entry->begin, entry->end - entry->begin));
}

Result<std::vector<float>> floatsFromBytes(std::string_view name, const std::string& dtype,
                                           std::string_view bytes) {
    if (dtype == "F32") return cast<float>(bytes);
    if (dtype == "F64") return cast<double>(bytes);
    if (dtype == "F16") {
        return convertAll<std::uint16_t>(bytes, [](std::uint16_t raw) {
            return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(raw));
        });
    }
    if (dtype == "BF16") {
        return convertAll<std::uint16_t>(bytes, [](std::uint16_t raw) {
            return static_cast<float>(Eigen::numext::bit_cast<Eigen::bfloat16>(raw));
        });
    }
    if (dtype == "BOOL")
        return convertAll<std::uint8_t>(bytes, [](std::uint8_t raw) { return raw == 0 ? 0.0F : 1.0F; });
    if (dtype == "I64") return cast<std::int64_t>(bytes);
    if (dtype == "I32") return cast<std::int32_t>(bytes);
    if (dtype == "I16") return cast<std::int16_t>(bytes);
    if (dtype == "I8") return cast<std::int8_t>(bytes);
    if (dtype == "U8") return cast<std::uint8_t>(bytes);
    return fail(tr("tensor '%1': numbers of type '%2' are not read"), {std::string(name), dtype});
}

Result<SafetensorsIndex> safetensorsIndex(std::string_view bytes) {
    constexpr std::size_t kLengthBytes = 8;
    if (bytes.size() < kLengthBytes) return fail(tr("this is no safetensors file: it is too short"));
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, bytes.data(), kLengthBytes);
    if (headerBytes > bytes.size() - kLengthBytes) {
        return fail(tr("this is no safetensors file, or it is cut off: its header would end after the file"));
    }
    const std::string_view text = bytes.substr(kLengthBytes, static_cast<std::size_t>(headerBytes));
    const Result<json> header = parseJson(text, kHeaderLimits);
    if (!header) return fail(tr("the safetensors header: %1"), {header.error().english()});
    if (!header->is_object()) return fail(tr("the safetensors header is no object"));
    if (const std::optional<std::string> twice = repeatedName(text))
        return bad(*twice, tr("it is described twice"));

    SafetensorsIndex index;
    index.dataBegin = kLengthBytes + static_cast<std::size_t>(headerBytes);
    const std::size_t dataBytes = bytes.size() - index.dataBegin;
    for (const auto& item : header->items()) {
        if (item.key() == "__metadata__") {
            if (!item.value().is_object())
                return fail(tr("the safetensors header: __metadata__ is no object"));
            for (const auto& each : item.value().items()) {
                if (!each.value().is_string())
                    return fail(tr("the safetensors header: __metadata__ holds more than text"));
                index.metadata.emplace(each.key(), each.value().get<std::string>());
            }
            continue;
        }
        Result<Entry> entry = parseEntry(item.key(), item.value(), dataBytes);
        if (!entry) return tl::unexpected(std::move(entry.error()));
        index.entries.emplace(item.key(), std::move(*entry));
    }
    if (Result<void> covered = checkCoverage(index.entries, dataBytes); !covered) {
        return tl::unexpected(std::move(covered.error()));
    }
    return index;
}

Result<SafetensorsFile> safetensorsFromBytes(std::string bytes) {
    Result<SafetensorsIndex> index = safetensorsIndex(bytes);
    if (!index) return tl::unexpected(std::move(index.error()));
    SafetensorsFile file;
    file.m_index = std::move(*index);
    file.m_bytes = std::move(bytes);
    return file;
}

Result<SafetensorsFile> readSafetensors(const std::filesystem::path& path, std::size_t limit) {
    Result<std::string> bytes = readFile(path, limit);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    Result<SafetensorsFile> file = safetensorsFromBytes(std::move(*bytes));
    if (!file) return fail("%1: %2", {path.string(), file.error().english()});
    return file;
}

}  // namespace attn
