// Any bytes as a config.json: an error, or sizes that fit each other.
#include "core/io/json.h"
#include "core/model/architecture.h"
#include "tests/fuzz/require.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

using attn::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const attn::Result<nlohmann::json> config = attn::parseJson(text, {});
    if (!config) return 0;
    const attn::Result<attn::Architecture> a = attn::architectureFromConfig(*config);
    if (!a) {
        require(!a.error().english().empty());
        return 0;
    }
    require(a->vocabulary > 0 && a->dModel > 0 && a->layers > 0 && a->dMlp > 0 && a->context > 0);
    require(a->heads > 0 && a->kvHeads > 0 && a->heads % a->kvHeads == 0 && a->dHead > 0);
    require(a->windows.size() == static_cast<std::size_t>(a->layers));
    require(std::isfinite(a->scale(a->layers - 1)) && a->normEpsilon > 0);
    if (a->encoder) {
        require(a->encoder->layers > 0 && a->encoder->heads > 0 && a->encoder->dHead > 0);
        require(a->target.start >= 0 && a->target.start < a->vocabulary &&
                a->target.forcedFirst < a->vocabulary);
        require(!a->target.endTokens.empty() && std::isfinite(a->encoderBlock().scale));
    }
    if (a->rotary && a->dHead <= 4096) {
        for (const double frequency : attn::rotaryFrequencies(*a)) require(frequency >= 0);
    }
    return 0;
}
