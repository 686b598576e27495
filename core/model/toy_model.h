#pragma once
/// The toy model's numbers: token vectors and one block's weights, each entry a Gaussian of
/// hash(seed, tensor, head, row, column).
///
/// With embeddings of variance 1 and sinusoidal positions of strength s, a component of x has mean square 1 +
/// s²/2; W_Q, W_K and W_V get the gain 1/√(d_model·(1 + s²/2)), so that components of q, k and v have
/// variance 1 at any size and strength. W_O gets 1/√d_model. Heads, d_k and d_v can grow without any old
/// entry changing; d_model and the strength multiply all entries of W_Q, W_K and W_V by one common factor and
/// redraw none.

#include "core/scene/parameter.h"
#include "core/tensor/tensor.h"
#include "core/text/tokenizer.h"
#include "core/text/word_vectors.h"

#include <span>

namespace attn {

enum class ToyWeight : std::uint8_t { Q, K, V, O, AdditiveQuery, AdditiveKey, AdditiveOut, Bilinear };

/// T × d_model: a row depends on the token's text and the seed alone. With `words`: the word's vector, cut to
/// d_model or continued with zeros, scaled to the norm √d_model; random for unknown words.
[[nodiscard]] Tensor toyTokenEmbed(BufferPool& pool, std::span<const Token> tokens,
                                   const EffectiveParameters& p, const WordVectors* words);

/// W_Q, W_K: d_model × d_k, W_V: d_model × d_v for each head, heads side by side. W_O: H × d_v × d_model.
[[nodiscard]] Tensor toyWeight(BufferPool& pool, ToyWeight weight, const EffectiveParameters& p);

/// Weights of the score functions for each head: W₁ and W₂: d_k × width, w: 1 × width, W: d_k × d_k.
[[nodiscard]] Tensor toyScoreWeight(BufferPool& pool, ToyWeight weight, const EffectiveParameters& p);

}  // namespace attn
