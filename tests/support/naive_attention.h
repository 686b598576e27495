#pragma once
/// Attention in double and plain loops, as the textbook writes it: what the fast pipeline is held against.
/// Token vectors and weights are read from the trace, with what was changed in them by hand; everything
/// after them is worked out again.

#include "core/trace/trace.h"

#include <map>
#include <string>
#include <vector>

namespace attn::test {

/// Heads × rows × columns.
struct NaiveTensor {
    Index heads = 0, rows = 0, cols = 0;
    std::vector<double> values;

    NaiveTensor() = default;
    NaiveTensor(Index h, Index r, Index c)
        : heads(h), rows(r), cols(c), values(static_cast<std::size_t>(h * r * c), 0.0) {}
    double& at(Index h, Index r, Index c) {
        return values[static_cast<std::size_t>((h * rows + r) * cols + c)];
    }
    [[nodiscard]] double at(Index h, Index r, Index c) const {
        return values[static_cast<std::size_t>((h * rows + r) * cols + c)];
    }
};

/// By full name: everything from pos_embed to blocks.0.resid_post.
[[nodiscard]] std::map<std::string, NaiveTensor> naiveTrace(const Trace& trace);

}  // namespace attn::test
