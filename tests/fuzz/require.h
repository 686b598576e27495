#pragma once
/// What must hold for any input, also in builds without assertions.

#include <cstdlib>

namespace attn::fuzz {

inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace attn::fuzz
