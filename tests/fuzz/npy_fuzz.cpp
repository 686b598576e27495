// Any bytes as an NPY file: refused, or read into as many numbers as its shape says, no more than its bytes
// hold.
#include "core/io/npy.h"
#include "tests/fuzz/require.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using attn::fuzz::require;
    // libFuzzer's bytes are unsigned, files are char.
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const attn::Result<attn::NpyArray> array = attn::npyFromBytes(bytes);
    if (!array) {
        require(!array.error().english().empty());
        return 0;
    }
    require(array->values.size() <= size);
    bool empty = false;
    for (const std::int64_t length : array->shape) empty = empty || length == 0;
    std::size_t count = empty ? 0 : 1;
    for (const std::int64_t length : array->shape) {
        require(length >= 0);
        if (!empty) count *= static_cast<std::size_t>(length);
    }
    require(count == array->values.size());
    const attn::Result<attn::NpyArray> again =
        attn::npyFromBytes(attn::npyFromFloats(array->values, array->shape));
    require(again.has_value() && again->shape == array->shape);
    for (std::size_t i = 0; i < count; ++i) {
        const float before = array->values[i], after = again->values[i];
        require(before == after || (std::isnan(before) && std::isnan(after)));
    }
    return 0;
}
