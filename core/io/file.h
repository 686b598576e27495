#pragma once
/// Whole files: read with a limit, written entirely or not at all.

#include "core/base/error.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// The bytes of a regular file of at most `limit` bytes. A folder, a device or a larger file is an error.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path, std::size_t limit);

/// Writes to a temporary file beside `path`, flushes it to the disk and renames it. On an error nothing is
/// left behind and what was at `path` is untouched. A link is followed, its target replaced; an existing file
/// keeps its permissions, and one that may not be written is an error. A device or a pipe is written to as it
/// stands.
[[nodiscard]] Result<void> writeFile(const std::filesystem::path& path, std::string_view bytes);

/// The same for a file that `make` writes, piece by piece, at the place that it is given.
[[nodiscard]] Result<void> writeFileBy(
    const std::filesystem::path& path,
    const std::function<Result<void>(const std::filesystem::path& temporary)>& make);

struct FileContent {
    std::filesystem::path path;
    std::string bytes;
};
/// All of them or none: every temporary is complete before the first one is renamed.
[[nodiscard]] Result<void> writeFiles(const std::vector<FileContent>& files);

/// Where the program's resources lie: $ATTENTION_LAB_RESOURCES, the installed folder, or the source tree.
[[nodiscard]] std::filesystem::path resourceFolder();

}  // namespace attn
