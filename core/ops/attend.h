#pragma once
/// Attention on whole arrays, with a batch and heads: what `attention-lab attend` does.

#include "core/base/error.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace attn {

/// Numbers in C order and their shape, owned by somebody else.
struct ArrayView {
    std::span<const std::int64_t> shape;
    std::span<const float> values;
    bool boolean = false;  ///< values are 0 and 1 and mean false and true
};

struct Array {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

struct AttendInputs {
    ArrayView q;  ///< Tq×d, H×Tq×d or B×H×Tq×d
    ArrayView k;  ///< the same number of axes: (B×)(H_kv×)Tk×d, where H is a multiple of H_kv
    ArrayView v;  ///< (B×)(H_kv×)Tk×d_v
    /// Broadcasts to B×H×Tq×Tk by NumPy's rules. Boolean: true where attention is allowed. Else it is added
    /// to the scores; −∞ forbids.
    std::optional<ArrayView> mask;
    bool causal = false;         ///< query i sees keys j ≤ i
    std::optional<float> scale;  ///< default 1/√d
    float softcap = 0;           ///< c: c·tanh(s/c), before masks; 0: none
    bool wantScores = true, wantPattern = true, wantZ = true;
};

/// With q's axes and heads; empty where it was not wanted.
struct AttendOutputs {
    Array scores;   ///< …×Tq×Tk: after scale, soft cap and masks; −∞ where forbidden
    Array pattern;  ///< …×Tq×Tk: rows sum to 1; a fully masked row is zeros
    Array z;        ///< …×Tq×d_v
};

/// pattern = softmax(mask(softcap(scale · q·kᵀ))), z = pattern·v. Query head h reads key/value head h / (H /
/// H_kv).
///
/// Errors name the array: shapes that do not fit, a NaN or an infinity in q, k or v (with its index), a NaN
/// or +∞ in the mask, a scale that is not finite, and results of more than 2³⁰ numbers.
[[nodiscard]] Result<AttendOutputs> attend(const AttendInputs& inputs);

}  // namespace attn
