#pragma once
/// Scene: the value that describes everything that is shown. Comparable, copyable, written to and read from
/// JSON.
///
/// It holds inputs (text, model, parameters, painted cells, ablations, edits: undoable, a change recomputes),
/// what the experiments are set to (undoable), the state that was put aside to compare with (undoable), and
/// the view (workspace, selection, colours: saved, not undoable); never results.

#include "core/scene/ablation.h"
#include "core/scene/edit.h"
#include "core/scene/experiment_state.h"
#include "core/scene/parameter.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attn {

/// Tokens that a sequence may have; what comes after them is kept as text and not used.
inline constexpr std::size_t kToyContext = 1024;
/// Longest text, in bytes, that a scene holds.
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20U;

/// Most ids that a scene holds in place of a text.
inline constexpr std::size_t kMaxIds = std::size_t{1} << 20U;

/// One cell of the mask that was set by hand, for all heads of a site. It remembers the tokens it was painted
/// between: where they no longer stand there it sleeps, and wakes when they do again.
struct PaintedCell {
    std::string site;
    std::int64_t query = 0, key = 0;
    std::string queryToken, keyToken;
    bool allowed = false;

    bool operator==(const PaintedCell&) const = default;
};

/// What is computed.
struct Inputs {
    std::string text;
    std::optional<std::string> context;  ///< present: keys and values come from it (cross-attention)
    /// What an encoder-decoder's decoder reads, after the token that it starts with; without it and
    /// `targetIds` the model writes it. Other models have no use for them.
    std::optional<std::string> target;
    std::optional<std::vector<std::int64_t>> targetIds;  ///< present: in place of `target`, nothing added
    std::string model = "toy";                           ///< or the path of a model's folder
    std::optional<std::vector<std::int64_t>> ids;  ///< present: tokens of the model's vocabulary, in place of
                                                   ///< the text, nothing added
    std::vector<std::int64_t> segments;  ///< token types of a model that has some; those that lack are 0
    Parameters parameters;
    std::vector<PaintedCell> painted;        ///< at most one for each (site, query, key)
    Ablations ablations;                     ///< heads and MLPs that are switched off
    Edits edits;                             ///< numbers that were changed by hand
    std::vector<std::int64_t> maskedTokens;  ///< positions, ascending, whose tokens a masked language model's
                                             ///< mask token replaces; those beyond the text do nothing

    bool operator==(const Inputs&) const = default;
};

enum class RangeMode : std::uint8_t {
    Shared,
    Unit
};  ///< 0 … largest of all heads, or 0 … 1 (probabilities only)

/// The colours that a scene may ask for, for probabilities.
inline constexpr std::array<const char*, 5> kColormapNames{"viridis", "cividis", "magma", "blues", "greys"};

/// How links are drawn.
struct LinksView {
    static constexpr std::array<const char*, 3> kArrangements{"columns", "rows", "arcs"};
    static constexpr std::int64_t kMostLines = 400;

    std::string arrangement = kArrangements.front();
    std::vector<std::int64_t> heads;  ///< in the order in which they were chosen; empty: the selected one
    double threshold = 0.02;          ///< weights below are not drawn: 0 … 1
    std::int64_t most = 200;          ///< lines: 1 … kMostLines

    bool operator==(const LinksView&) const = default;
};

/// How the overview of all heads is looked at.
struct HeadsView {
    std::string measure = "entropy";  ///< an unknown one shows entropy
    bool sorted = false;              ///< the heads with most of the measure first, instead of layer by layer
    bool ownRanges = false;           ///< every head its own range of colours
    AblationKind ablation = AblationKind::Zero;  ///< what switching off means from now on
    double least = 0;                            ///< heads with less of the measure fade; 0: none does
    std::string weights = "pattern";  ///< what the selected head's picture shows (analysis/weights.h)

    bool operator==(const HeadsView&) const = default;
};

/// How the terms of a query's scores are looked at.
struct NeuronsView {
    static constexpr std::size_t kMostOff = 1024;

    std::string order = "dimension";  ///< or contribution: the largest to the selected key's score first
    std::vector<std::int64_t> off;    ///< dimensions that contribute nothing, ascending: a question, what the
                                      ///< weights would be without them; the trace stays as it is

    bool operator==(const NeuronsView&) const = default;
};

/// How queries and keys are looked at as points of a plane.
struct GeometryView {
    std::string color = "role";  ///< role, position or length
    bool weights = true;         ///< lines from the selected query to the keys, as wide as its weights

    bool operator==(const GeometryView&) const = default;
};

/// What is drawn of one token's way through the layers.
struct FlowView {
    static constexpr std::int64_t kMostHeads = 8, kMostTokens = 12;

    std::int64_t heads = 3;   ///< of a layer that are named, the strongest: 1 … kMostHeads
    std::int64_t tokens = 3;  ///< that feed such a head, the strongest: 1 … kMostTokens

    bool operator==(const FlowView&) const = default;
};

/// What of the tokens is shown (core/analysis/token_view.h).
struct TokensView {
    bool hideSpecial = false;  ///< without the rows and columns of [CLS], <s>, <|endoftext|> …
    bool renormalise = false;  ///< what is left of a row of weights sums to 1 again
    bool wholeWords = false;   ///< weights of whole words in place of their pieces

    bool operator==(const TokensView&) const = default;
};

/// How it is looked at.
struct View {
    std::string workspace = "explore";  ///< an unknown one shows explore
    std::string site = "blocks.0";
    std::string stage = "pattern";  ///< a stage of the site; an unknown one shows the pattern
    std::string tensor;             ///< the tensor of that stage that is shown; empty: its main one
    std::int64_t head = 0;
    std::int64_t query = -1, key = -1;  ///< -1: nothing selected
    std::string colormap = "viridis";
    RangeMode range = RangeMode::Shared;
    bool values = true;  ///< numbers inside cells where there is room
    LinksView links;
    HeadsView heads;
    NeuronsView neurons;
    GeometryView geometry;
    FlowView flow;
    TokensView tokens;
    std::string side = "arithmetic";  ///< beside the heat map: arithmetic or predictions

    bool operator==(const View&) const = default;
};

/// A state that was put aside to compare others with: what it is computed from, and which of its heads was
/// looked at.
struct PinnedState {
    Inputs inputs;
    std::string site = "blocks.0";
    std::int64_t head = 0;
    std::string unknown = "{}";  ///< as in Scene, of its own keys

    bool operator==(const PinnedState&) const = default;
};

struct Scene {
    Inputs inputs;
    Experiments experiments;  ///< undoable like inputs; nothing of them reaches the pipeline
    View view;
    std::optional<PinnedState> pinned;  ///< A of the comparison; undoable, and the inputs stay what they are
    std::string unknown = "{}";  ///< JSON object of the keys that this version does not know, kept for saving

    bool operator==(const Scene&) const = default;
};

}  // namespace attn
