#pragma once
/// A pattern as links from queries to keys: the strongest of them, and how much is left out.

#include "core/tensor/tensor.h"

#include <cstddef>
#include <span>
#include <vector>

namespace attn {

/// One weight of a pattern. Head −1: of what is no head's own.
struct Link {
    Index head = 0, query = 0, key = 0;
    float weight = 0;

    bool operator==(const Link&) const = default;
};

struct LinkLimits {
    double threshold = 0;    ///< weights below are left out, and those of 0 always
    std::size_t most = 400;  ///< of those that are left, only so many
};

struct Links {
    std::vector<Link> strongest;  ///< falling weights; equal ones by head, query and key
    std::size_t hidden = 0;       ///< weights above 0 that are left out
    double hiddenShare = 0;       ///< of the sum of all weights: 0 … 1
};

/// Of some heads of a pattern (H × Tq × Tk, weights ≥ 0). O(heads · Tq · Tk).
[[nodiscard]] Links strongestLinks(const Tensor& pattern, std::span<const Index> heads,
                                   const LinkLimits& limits);

}  // namespace attn
