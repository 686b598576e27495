#pragma once
/// What heads do on texts without meaning: random tokens, repeated. There a head that looks at the previous
/// token, at an earlier place of the same token, or at what followed it, does so for no other reason.
///
/// A probe is `sequences` texts of `length` different tokens each, drawn evenly from the vocabulary without
/// its special tokens, repeated `repeats` times, between the special tokens that the present text begins and
/// ends with. For the toy the tokens are letters, its own being made of any text. Of every head the measures
/// "previous", "duplicate" and "induction" (head_measures.h) are taken, and their mean over the sequences.
///
/// The model is probed as the scene has it: with its parameters and what is switched off, without what
/// belongs to the text (painted cells, segments, masked tokens, edits of other tensors than weights).
///
/// Olsson et al., "In-context Learning and Induction Heads", 2022: prefix matching on 25 random tokens,
/// repeated four times.

#include "core/analysis/head_measures.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attn {

struct ProbeSettings {
    std::uint32_t seed = 1;
    Index length = 25, repeats = 4, sequences = 4;

    bool operator==(const ProbeSettings&) const = default;
};

/// What the model's context and vocabulary allow of the settings: fewer repeats before shorter texts. None
/// where they hold no repeated pair of tokens.
[[nodiscard]] std::optional<ProbeSettings> possibleProbe(const Trace& trace,
                                                         const ProbeSettings& settings = {});

/// The texts' inputs, by the possible settings.
[[nodiscard]] std::vector<Inputs> probeInputs(const Trace& trace, const ProbeSettings& settings = {});

/// What decides over a probe's result besides its settings: the present inputs without what belongs to their
/// text.
[[nodiscard]] Inputs probedModel(const Inputs& inputs);

/// Collects the traces of the texts.
class Probe {
public:
    /// Of one more text.
    void add(const Trace& trace);
    [[nodiscard]] std::size_t count() const { return m_count; }

    /// The mean over the texts so far, of a site of the traces, by its place in them; NaN where there is
    /// none.
    [[nodiscard]] float measure(std::size_t site, Index head, HeadMeasure probed) const;

private:
    std::size_t m_count = 0;
    std::vector<std::vector<HeadMeasures>> m_sums;  ///< by site and head: the sentence's measures
};

}  // namespace attn
