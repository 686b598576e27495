#pragma once

#include <cstdint>

namespace attn {

/// What stays in memory of a forward pass. What does not is made when somebody asks, and then lives in the
/// derived cache.
enum class Retention : std::uint8_t {
    Everything,  ///< every tensor that a stage makes
    Patterns,    ///< all of them but the raw scores
    Residuals,   ///< what a block hands on to the next: a long text would fill the memory otherwise
};

}  // namespace attn
