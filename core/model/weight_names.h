#pragma once
/// What the families call their tensors. A name is followed by ".weight" or ".bias"; "{}" stands for the
/// layer's number.

#include <array>
#include <string_view>

namespace attn {

struct WeightNames {
    const char* family;
    /// Base models and models with a head differ in what stands before every name but the head's.
    std::array<const char*, 2> prefixes;

    const char* tokens;
    /// Encoder-decoders: what stands before the names of each stack, from `positions` to `down`; else empty.
    const char *encoderStack, *decoderStack;
    std::array<const char*, 3> tokensToo;  ///< the same table under second names, or null

    const char* positions;  ///< null here and below: the family has none
    const char* types;
    const char* embeddingsNorm;
    const char* finalNorm;

    const char* attentionNorm;
    const char *q, *k, *v;
    const char* qkv;  ///< the three in one, side by side
    const char* o;
    const char *qNorm, *kNorm;
    const char* crossNorm;  ///< of the attention to the encoder
    const char *crossQ, *crossK, *crossV, *crossO;
    const char* mlpNorm;
    const char *up, *gate, *down;
    bool inputsByRows;  ///< linear weights are d_in × d_out

    const char *headTransform, *headNorm, *headOutput;  ///< these have no prefix
    const char* headBias;   ///< whole name of the output's bias; null: the head has none
    bool headBiasOptional;  ///< it may be absent, and is 1 × vocabulary

    /// Whole names of what older files hold beside the weights and nobody reads: masks, position numbers.
    std::array<const char*, 2> buffers;
};

/// The row of a family that architectureFromConfig knows.
[[nodiscard]] const WeightNames& weightNames(std::string_view family);

}  // namespace attn
