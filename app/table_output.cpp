#include "app/table_output.h"

#include "app/numbers.h"
#include "app/output.h"
#include "core/io/file.h"

namespace attn::app {

CLI::Option* addTableOutput(CLI::App& command, std::string& path) {
    return command
        .add_option("-o,--output", path, "Where to: .csv or .json (default: CSV on standard output)")
        ->type_name("FILE");
}

Result<TableFormat> tableFormat(bool hasFile, const std::string& path) {
    if (!hasFile) return TableFormat::Csv;
    const std::string ending = lowerCaseEnding(path);
    if (ending == ".csv") return TableFormat::Csv;
    if (ending == ".json") return TableFormat::Json;
    return fail(translatable("core", "%1: the name must end in .csv or .json"), {path});
}

Result<void> writeTable(const std::string& path, const std::string& text) {
    return path.empty() ? print(text) : writeFile(path, text);
}

}  // namespace attn::app
