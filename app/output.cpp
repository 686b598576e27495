#include "app/output.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace attn::app {

void warn(const Error& error) {
    const std::string line = "attention-lab: " + error.english() + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

Result<void> print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        return fail(translatable("core", "standard output: cannot be written: %1"),
                    {std::generic_category().message(errno)});
    }
    return {};
}

}  // namespace attn::app
