#pragma once
/// A trained model's stack of blocks over one sequence: embeddings, attention sites, MLPs, residual stream.

#include "core/model/transformer.h"
#include "core/pipeline/attention_site.h"

#include <memory>
#include <string>
#include <vector>

namespace attn {

/// What the stack of an encoder left for a decoder's second attention.
struct EncodedText {
    TensorPtr output;  ///< Tk × d_model; null: there is no encoder
    TensorKey source;  ///< its name in the trace
    std::shared_ptr<const Tokens> tokens;
};

struct BlockStack {
    std::string sites = "blocks.";  ///< what stands before the number of a block
    Sequence sequence = Sequence::Text;
    std::shared_ptr<const Tokens> tokens;
    bool encoder = false;  ///< the model's encoder; else its blocks or its decoder
    EncodedText encoded;   ///< for a decoder with an encoder
};

/// The residual stream behind the last block (T × d_model). Adds the embeddings and every tensor and site of
/// the stack to the trace.
TensorPtr evaluateStack(EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model,
                        const BlockStack& stack);

/// Puts a tensor that is there into the trace.
void addEager(EvaluationContext& context, const TensorKey& key, const TensorPtr& tensor);

}  // namespace attn
