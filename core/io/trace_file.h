#pragma once
/// Every tensor of a trace by full name, as NPZ or JSON; one matrix as CSV, JSON or NPY.

#include "core/base/error.h"
#include "core/trace/trace.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// A token as files hold it: exactly its text; where that is no UTF-8 (a byte of a longer character), its
/// displayText: "E9".
[[nodiscard]] std::string tokenForFile(std::string_view tokenText);

/// `tokens`, `ids` (and `context.tokens`, `target.ids` …), then every tensor; W_* only if asked for.
/// Tensors are made, written and let go of one after another.
[[nodiscard]] Result<void> writeTraceNpz(const std::filesystem::path& path, const Trace& trace, bool weights);
/// One object of nested arrays by full name; −∞ is null. Ends with a line break.
[[nodiscard]] std::string traceToJson(const Trace& trace, bool weights);
/// The same into a file, tensor by tensor.
[[nodiscard]] Result<void> writeTraceJson(const std::filesystem::path& path, const Trace& trace,
                                          bool weights);

/// A text as a field of a CSV file, quoted where RFC 4180 says so.
[[nodiscard]] std::string csvField(const std::string& text);

/// A matrix with the labels of its rows and columns, as a table that a spreadsheet opens.
struct LabelledMatrix {
    std::string name;                        ///< full name of the tensor, with the head where there is one
    std::vector<std::string> rows, columns;  ///< labels
    Matrix values;
};
/// Quoted as RFC 4180 says; the name stands in the corner, lines end in \n, −∞ is "-inf".
[[nodiscard]] std::string toCsv(const LabelledMatrix& matrix);
/// {"name", "rows", "columns", "values"}; −∞ is null. Ends with a line break.
[[nodiscard]] std::string toJson(const LabelledMatrix& matrix);
/// float32, rows × columns.
[[nodiscard]] std::string toNpy(const LabelledMatrix& matrix);

/// Shortest decimal that reads back as the same float; "-inf" for −∞.
[[nodiscard]] std::string shortestDecimal(float value);

}  // namespace attn
