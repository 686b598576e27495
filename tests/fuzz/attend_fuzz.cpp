// Any shapes, masks and numbers for attend: refused, or every row of the pattern sums to 1 or is 0 and all is
// finite.
#include "core/ops/attend.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <vector>

namespace {

/// Takes shapes and numbers from the input, zeros when it is used up.
class Source {
public:
    Source(const std::uint8_t* data, std::size_t size) : m_data(data), m_size(size) {}

    std::uint8_t byte() { return m_at < m_size ? m_data[m_at++] : std::uint8_t{0}; }
    float number() {
        // Half of them small, half of them any bits at all.
        const std::uint8_t kind = byte();
        if (kind < 128) return static_cast<float>(kind) / 16.0F - 4.0F;
        std::uint32_t bits = 0;
        for (int i = 0; i < 4; ++i) bits = bits << 8U | byte();
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
    attn::Array array(std::size_t mostAxes) {
        attn::Array array;
        const std::size_t axes = byte() % (mostAxes + 1);
        std::size_t count = 1;
        for (std::size_t i = 0; i < axes; ++i) {
            array.shape.push_back(byte() % 4);
            count *= static_cast<std::size_t>(array.shape.back());
        }
        for (std::size_t i = 0; i < count; ++i) array.values.push_back(number());
        return array;
    }

private:
    const std::uint8_t* m_data;
    std::size_t m_size, m_at = 0;
};

attn::ArrayView view(const attn::Array& array) {
    return {array.shape, array.values, false};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using attn::fuzz::require;
    Source source(data, size);
    const std::uint8_t flags = source.byte();
    attn::AttendInputs inputs;
    if ((flags & 1U) != 0) inputs.scale = source.number();
    if ((flags & 2U) != 0) inputs.softcap = source.number();
    inputs.causal = (flags & 4U) != 0;
    const attn::Array q = source.array(5), k = source.array(5), v = source.array(5), mask = source.array(5);
    inputs.q = view(q);
    inputs.k = view(k);
    inputs.v = view(v);
    if ((flags & 8U) != 0) {
        inputs.mask = view(mask);
        inputs.mask->boolean = (flags & 16U) != 0;
    }
    const attn::Result<attn::AttendOutputs> out = attn::attend(inputs);
    if (!out) {
        require(!out.error().english().empty());
        return 0;
    }
    require(out->pattern.shape.size() == q.shape.size());
    for (const float z : out->z.values) require(std::isfinite(z));
    for (const float s : out->scores.values) require(!std::isnan(s) && s < HUGE_VALF);
    const auto keys = static_cast<std::size_t>(out->pattern.shape.back());
    if (keys == 0) return 0;
    const std::span<const float> pattern = out->pattern.values;
    for (std::size_t row = 0; row < pattern.size(); row += keys) {
        const std::span<const float> weights = pattern.subspan(row, keys);
        const float sum = std::accumulate(weights.begin(), weights.end(), 0.0F);
        const bool masked = std::all_of(out->scores.values.begin() + static_cast<std::ptrdiff_t>(row),
                                        out->scores.values.begin() + static_cast<std::ptrdiff_t>(row + keys),
                                        [](float s) { return std::isinf(s); });
        require(masked ? sum == 0.0F : std::abs(sum - 1.0F) < 1e-5F);
        for (const float weight : weights) require(weight >= 0.0F && weight <= 1.000001F);
    }
    return 0;
}
