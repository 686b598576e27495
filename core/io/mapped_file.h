#pragma once
/// A file in memory without being read: pages come when somebody looks at them.

#include "core/base/error.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace attn {

/// Read-only. A file that is cut off while it is mapped does not kill the program: what is gone reads as
/// zeros, and check() says so from then on. A file that is replaced by another one stays as it was.
class MappedFile {
public:
    [[nodiscard]] static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    [[nodiscard]] std::string_view bytes() const { return {m_data, m_size}; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// An error where the mapped file was cut off, or written to, since it was opened.
    [[nodiscard]] Result<void> check() const;

private:
    MappedFile() = default;

    std::filesystem::path m_path;
    const char* m_data = nullptr;
    std::size_t m_size = 0;
    int m_descriptor = -1;
    int m_slot = -1;  ///< in the table that the signal handler reads
    std::int64_t m_changedSeconds = 0, m_changedNanos = 0;
};

}  // namespace attn
