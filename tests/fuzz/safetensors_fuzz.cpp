// Any bytes as a safetensors file: refused, or every tensor has as many numbers as its shape says.
#include "core/io/safetensors.h"
#include "tests/fuzz/require.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using attn::fuzz::require;
    const attn::Result<attn::SafetensorsFile> file =
        attn::safetensorsFromBytes(std::string(data, data + size));
    if (!file) {
        require(!file.error().english().empty());
        return 0;
    }
    std::size_t bytes = 0;
    for (const auto& [name, entry] : file->entries()) {
        bytes += entry.end - entry.begin;
        bool empty = false;
        for (const std::int64_t length : entry.shape) empty = empty || length == 0;
        std::size_t count = empty ? 0 : 1;
        for (const std::int64_t length : entry.shape) {
            if (!empty) count *= static_cast<std::size_t>(length);
        }
        const attn::Result<std::vector<float>> values = file->floats(name);
        require(!values || values->size() == count);
    }
    require(bytes <= size);
    return 0;
}
