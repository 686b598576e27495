#pragma once
/// The text of an encoder-decoder's decoder, where nobody gives one.

#include "core/model/transformer.h"
#include "core/pipeline/block_stack.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace attn {

/// What the decoder reads when it writes by itself: its start token, then the most likely next token again
/// and again, until one that ends a text (left out) or until there are 3·source + 32 of them, at most 256 and
/// never more than its context. Equal inputs give equal tokens: of equal logits the first wins.
///
/// Each step goes through the same blocks as the trace, so that every parameter of a decoder's site acts on
/// what is written; what does not depend on the target (keys and values from the encoder) is made once.
/// Throws EvaluationStopped.
/// `name`: the tokens of ids as the trace will show them, for what was painted or changed between tokens.
[[nodiscard]] std::vector<std::int64_t> generateTarget(
    EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model, const EncodedText& encoded,
    const std::function<Tokens(const std::vector<std::int64_t>&)>& name);

}  // namespace attn
