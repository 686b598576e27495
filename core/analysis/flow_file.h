#pragma once
/// A token's way through the layers as tables.

#include "core/analysis/flow.h"

#include <string>

namespace attn {

[[nodiscard]] const char* toString(FlowPart part);  ///< "head", "others", "bias", "mlp", "norm", "edit"

// `trace`: as its tokens are shown. A "key" is a token's number in the text, of a word that of its first
// piece.

/// "site,part,head,key,key_token,norm,projection", in the order of the computation: "start", the parts of
/// each step (a head's sources behind it, as "source", then what hidden tokens feed, as "hidden"), "resid"
/// behind each step.
[[nodiscard]] std::string flowToCsv(const Trace& trace, const TokenFlow& flow);
/// {"query", "token", "start", "start_projection", "end", "steps": [{"site", "mlp", "before", "after",
/// "heads": [{"head", "norm", "projection", "sources": [{"key", "token", "norm"}…], "other_sources"}…],
/// "others", "bias", "mlp_out", "norm", "edit"}…]}. Where keys are hidden a step says how many,
/// "hidden_keys", and its heads have "hidden_sources". Ends with a line break.
[[nodiscard]] std::string flowToJson(const Trace& trace, const TokenFlow& flow);

}  // namespace attn
