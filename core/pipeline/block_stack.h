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
    EntryPtr output;   ///< Tk × d_model; null: there is no encoder
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
EntryPtr evaluateStack(EvaluationContext& context, const Inputs& inputs, const TransformerPtr& model,
                       const BlockStack& stack);

}  // namespace attn
