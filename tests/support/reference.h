#pragma once
/// Published values that lie beside the checkout; tests of them are skipped, with a line that says so, where
/// they don't.

#include <cstdlib>
#include <filesystem>

namespace attn::test {

/// $ATTENTION_LAB_REFERENCE / name, or an empty path where the variable is not set or there is no such
/// folder.
inline std::filesystem::path referenceFolder(const char* name) {
    const char* const folder = std::getenv("ATTENTION_LAB_REFERENCE");
    if (folder == nullptr || *folder == '\0') return {};
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

}  // namespace attn::test
