#pragma once
/// Tensors in safetensors files. Format: https://github.com/huggingface/safetensors#format
/// (8 bytes: length of the header, little-endian; a JSON object of names with dtype, shape and data_offsets;
/// the data).

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// A tensor's type, shape and place.
struct SafetensorsEntry {
    std::string dtype;                ///< "F32", "F16", "BF16", "F64", "BOOL", "I64", …
    std::vector<std::int64_t> shape;  ///< empty: a scalar
    std::size_t begin = 0, end = 0;   ///< bytes of the data
};

/// The header of a file.
struct SafetensorsIndex {
    std::map<std::string, SafetensorsEntry, std::less<>> entries;
    std::map<std::string, std::string> metadata;  ///< the text values of "__metadata__"
    std::size_t dataBegin = 0;                    ///< where the data begin in the file
};

/// Reads and checks the header of a file of which all bytes are there, if only mapped: names (each once),
/// types, that each range lies inside the data, is as long as its shape says, overlaps no other, and that no
/// byte is left over. A header of at most 16 MiB and 65,536 tensors; errors name the tensor and what is wrong
/// with it.
[[nodiscard]] Result<SafetensorsIndex> safetensorsIndex(std::string_view bytes);

/// The numbers of such bytes as float32 (BOOL: 0 or 1; F64 and integers are rounded), or an error where the
/// type is none of these: F64 F32 F16 BF16 BOOL I64 I32 I16 I8 U8.
[[nodiscard]] Result<std::vector<float>> floatsFromBytes(std::string_view name, const std::string& dtype,
                                                         std::string_view bytes);

/// The bytes of a file and where its tensors lie in them.
class SafetensorsFile {
public:
    using Entry = SafetensorsEntry;

    [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const { return m_index.entries; }
    [[nodiscard]] const Entry* find(std::string_view name) const;
    /// The text values of "__metadata__".
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return m_index.metadata; }

    /// The numbers of a tensor in C order, converted to float32 (BOOL: 0 or 1; F64 and integers are rounded).
    /// An error where there is no such tensor, or its type is none of these: F64 F32 F16 BF16 BOOL I64 I32
    /// I16 I8 U8.
    [[nodiscard]] Result<std::vector<float>> floats(std::string_view name) const;

private:
    friend Result<SafetensorsFile> safetensorsFromBytes(std::string bytes);

    std::string m_bytes;
    SafetensorsIndex m_index;
};

[[nodiscard]] Result<SafetensorsFile> safetensorsFromBytes(std::string bytes);
/// The same from a file of at most `limit` bytes; errors name it.
[[nodiscard]] Result<SafetensorsFile> readSafetensors(const std::filesystem::path& path, std::size_t limit);

}  // namespace attn
