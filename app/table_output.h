#pragma once
/// Where a subcommand that makes a table leaves it: CSV on standard output, or a file by its ending.

#include "core/base/error.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace attn::app {

enum class TableFormat : std::uint8_t { Csv, Json };

/// -o FILE.{csv,json}
CLI::Option* addTableOutput(CLI::App& command, std::string& path);
/// By the file's ending; CSV without a file. An error for another ending.
[[nodiscard]] Result<TableFormat> tableFormat(bool hasFile, const std::string& path);
/// Writes all of it, or nothing; prints it where `path` is empty.
[[nodiscard]] Result<void> writeTable(const std::string& path, const std::string& text);

}  // namespace attn::app
