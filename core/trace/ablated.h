#pragma once
/// What of a trace is switched off.

#include "core/trace/trace.h"

#include <optional>

namespace attn {

/// Whether the numbers of a tensor were replaced: z of a head that is switched off, mlp_out of an MLP.
[[nodiscard]] std::optional<AblationKind> ablationOf(const Trace& trace, const TensorKey& key, Index head);

/// Whether the block of a site has an MLP that can be switched off.
[[nodiscard]] bool hasMlp(const Trace& trace, const SiteInfo& site);

/// Whether the model has the part that is switched off.
[[nodiscard]] bool hasPlace(const Trace& trace, const Ablation& ablation);
/// Those of the scene's ablations that have no place in this model: they do nothing here.
[[nodiscard]] Ablations unmatchedAblations(const Trace& trace);

/// Masked positions that hide nothing: beyond this text, or all of them where the model has no mask token.
[[nodiscard]] std::vector<std::int64_t> unmatchedMaskedTokens(const Trace& trace);

}  // namespace attn
