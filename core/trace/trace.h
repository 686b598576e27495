#pragma once
/// Trace: every intermediate tensor of every site for one scene. Immutable; views and analyses only read it.

#include "core/scene/scene.h"
#include "core/tensor/tensor.h"
#include "core/tensor/tensor_name.h"
#include "core/text/tokenizer.h"
#include "core/trace/model_info.h"
#include "core/trace/tensor_edits.h"

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace attn {

/// What runs along the rows or columns of a tensor.
enum class Axis : std::uint8_t { Queries, Keys, Model, HeadDim, ValueDim, Vocabulary };

/// What a tensor's numbers are, which decides their colour map and how a cell is written.
enum class Quantity : std::uint8_t {
    Signed,       ///< diverging map centred on 0
    Probability,  ///< sequential map from 0
};

class TensorEntry;

/// Keeps what recipes made within a budget: the entries that were least recently used give theirs up first.
/// An entry that goes takes its tensor with it, so traces of the past leave nothing behind. Thread-safe.
class DerivedCache {
public:
    static constexpr std::size_t kBudget = std::size_t{256} << 20U;  ///< bytes

    /// Entries give up theirs until `bytes` more fit: before they are made, so that old and new do not stand
    /// in memory together.
    void makeRoom(std::size_t bytes);
    /// `entry` has just been used and holds a tensor of `bytes`.
    void use(const TensorEntry* entry, std::size_t bytes);
    void forget(const TensorEntry* entry);
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Used {
        const TensorEntry* entry;
        std::size_t bytes;
    };
    void giveUpOldest();  ///< m_mutex is held

    mutable std::mutex m_mutex;
    std::list<Used> m_used;  ///< most recently first
    std::unordered_map<const TensorEntry*, std::list<Used>::iterator> m_places;
    std::size_t m_bytes = 0;
};

/// A tensor as the trace knows it: always its shape, its numbers at once or when somebody asks.
class TensorEntry {
public:
    /// May give up where a stop is requested: it then throws, and nothing is kept.
    using Recipe = std::function<Tensor(const std::stop_token& stop)>;

    explicit TensorEntry(TensorPtr tensor);
    /// `rank` and `shape` of what the recipe will make; `quick`: within a small part of a frame.
    TensorEntry(int rank, std::array<Index, 3> shape, Recipe recipe, std::shared_ptr<DerivedCache> cache,
                bool quick = false);
    ~TensorEntry();
    TensorEntry(const TensorEntry&) = delete;
    TensorEntry& operator=(const TensorEntry&) = delete;

    [[nodiscard]] std::array<Index, 3> shape() const { return m_shape; }
    [[nodiscard]] int rank() const { return m_rank; }
    [[nodiscard]] bool isRecipe() const { return m_recipe != nullptr; }
    [[nodiscard]] bool isQuick() const { return m_quick; }
    /// Where a recipe's tensor is kept; null for a tensor that is there from the beginning.
    [[nodiscard]] const std::shared_ptr<DerivedCache>& cache() const { return m_cache; }
    /// The numbers if they are there, else null. Never computes: for the window's thread.
    [[nodiscard]] TensorPtr peek() const;
    /// The numbers, worked out now if need be.
    [[nodiscard]] TensorPtr get(const std::stop_token& stop = {}) const;

private:
    friend class DerivedCache;
    void giveUp() const;  ///< what the recipe made; it lasts as long as somebody shows it

    int m_rank;
    std::array<Index, 3> m_shape;
    Recipe m_recipe;  ///< null for a tensor that is there from the beginning
    bool m_quick = false;
    std::shared_ptr<DerivedCache> m_cache;
    mutable std::mutex m_mutex;
    mutable TensorPtr m_tensor;
    mutable std::weak_ptr<const Tensor> m_given;  ///< what was given up and may still be in somebody's hands
};
using EntryPtr = std::shared_ptr<const TensorEntry>;

/// One step of a site's computation, as the stage bar shows it.
struct StageInfo {
    std::string id;          ///< "embed", "qkv", "scores_raw", "scale", "mask", "pattern", "z", "attn_out"
    std::string label;       ///< short, in symbols: "X", "Q K V", "QKᵀ", "÷ √dₖ"
    const char* title = "";  ///< a few words, marked for translation
    const char* explanation = "";    ///< one sentence, marked for translation
    std::vector<TensorKey> tensors;  ///< what it shows, the main one first

    bool operator==(const StageInfo&) const = default;
};

/// Which of a trace's token sequences.
enum class Sequence : std::uint8_t {
    Text,     ///< "tokens", "embed" …
    Context,  ///< the toy's second text: "context.tokens" …
    Target,   ///< what the decoder of an encoder-decoder reads: "target.tokens" …
};
inline constexpr std::size_t kSequenceCount = 3;

/// "", "context", "target": what stands before the names of a sequence's tensors.
[[nodiscard]] const char* scopeOf(Sequence sequence);
/// The sequence of such a scope; Text for any other.
[[nodiscard]] Sequence sequenceOf(std::string_view scope);

struct SiteInfo {
    std::string name;    ///< "blocks.0"
    bool cross = false;  ///< keys and values come from another sequence
    Sequence queriesFrom = Sequence::Text, keysFrom = Sequence::Text;
    TensorKey keySource;  ///< whose rows keys and values are made of: its own resid_pre, or another's output
    Index heads = 0, kvHeads = 0, queries = 0, keys = 0, dModel = 0, dK = 0, dV = 0;
    std::vector<StageInfo> stages;
    std::optional<ModelFacts> facts;  ///< of a trained model, at this site

    [[nodiscard]] const StageInfo* stage(std::string_view id) const;
    /// Which matrix of a tensor of `tensorHeads` belongs to head `head` of the site: heads that share keys
    /// and values share their matrices.
    [[nodiscard]] Index matrixOf(Index tensorHeads, Index head) const {
        return tensorHeads > 0 && tensorHeads < heads ? head / (heads / tensorHeads) : head;
    }
    /// The first head that matrix `matrix` of such a tensor belongs to.
    [[nodiscard]] Index firstHeadOf(Index tensorHeads, Index matrix) const {
        return tensorHeads > 0 && tensorHeads < heads ? matrix * (heads / tensorHeads) : matrix;
    }
};

/// Which (query, key) pairs are allowed. Without cells everything is.
struct MaskPlan {
    Index queries = 0, keys = 0;
    std::vector<std::uint8_t> cells;    ///< queries × keys, 1 = allowed; empty: all allowed
    std::vector<std::uint8_t> byHand;   ///< 1 where a painted cell decides; empty: none
    std::vector<std::size_t> sleeping;  ///< indices into Inputs::painted of cells that do not fit this text

    bool operator==(const MaskPlan&) const = default;

    [[nodiscard]] bool allowed(Index query, Index key) const {
        return cells.empty() || cells[static_cast<std::size_t>(query * keys + key)] != 0;
    }
    [[nodiscard]] const std::uint8_t* row(Index query) const {
        return cells.empty() ? nullptr : cells.data() + query * keys;
    }
    [[nodiscard]] bool painted(Index query, Index key) const {
        return !byHand.empty() && byHand[static_cast<std::size_t>(query * keys + key)] != 0;
    }
};

/// Weights of the score functions that have some; null otherwise.
struct ScoreWeights {
    TensorPtr additiveQuery, additiveKey, additiveOut;  ///< W₁, W₂: H × d_k × width; w: H × 1 × width
    TensorPtr bilinear;                                 ///< H × d_k × d_k
};

struct SiteSources;
struct OutputSources;

class RowEntries;      // core/trace/row_entries.h
class ModelTokenizer;  // core/text/model_tokenizer.h
class ShownTokens;     // core/trace/shown_tokens.h
class StageMemory;     // pipeline's: what it needs to find out what changed

class Trace {
public:
    [[nodiscard]] const Inputs& inputs() const { return *m_inputs; }

    /// The trained model that it comes from; null for the toy.
    [[nodiscard]] const ModelInfo* model() const { return m_model.get(); }

    [[nodiscard]] const Tokens& tokens() const { return *tokens(Sequence::Text); }
    /// The toy's second sequence, or null without one.
    [[nodiscard]] const Tokens* context() const { return tokens(Sequence::Context); }
    /// What an encoder-decoder's decoder reads, or null without one.
    [[nodiscard]] const Tokens* target() const { return tokens(Sequence::Target); }
    [[nodiscard]] const Tokens* tokens(Sequence sequence) const {
        return m_sequences[static_cast<std::size_t>(sequence)].get();
    }
    [[nodiscard]] const Tokens& queryTokens(const SiteInfo& site) const { return *tokens(site.queriesFrom); }
    [[nodiscard]] const Tokens& keyTokens(const SiteInfo& site) const { return *tokens(site.keysFrom); }
    /// Which tokens run along an axis of a tensor; nothing where none do.
    [[nodiscard]] std::optional<Sequence> sequenceAlong(const TensorKey& key, Axis axis) const;
    /// Those tokens; null where none run there.
    [[nodiscard]] const Tokens* tokensAlong(const TensorKey& key, Axis axis) const;

    /// How its tokens are shown where they are not shown one by one; null in a trace as it was computed.
    [[nodiscard]] const std::shared_ptr<const ShownTokens>& shownTokens() const { return m_shown; }
    /// The same trace with its tokens shown otherwise, and the entries that go with that. For
    /// core/analysis/token_view.h.
    [[nodiscard]] std::shared_ptr<const Trace> showing(std::shared_ptr<const ShownTokens> shown,
                                                       std::map<TensorKey, EntryPtr> entries) const;

    [[nodiscard]] std::span<const SiteInfo> sites() const { return m_sites; }
    [[nodiscard]] const SiteInfo* site(std::string_view name) const;
    /// Parameters as they took effect at a site.
    [[nodiscard]] EffectiveParameters parameters(const SiteInfo& site) const;
    [[nodiscard]] const MaskPlan& mask(std::string_view site) const;
    /// The same between the rows and columns of a tensor of queries × keys, as its tokens are shown.
    [[nodiscard]] const MaskPlan& maskOf(const TensorKey& key) const;
    /// What the site's score function multiplies with, where it has weights.
    [[nodiscard]] const ScoreWeights& scoreWeights(std::string_view site) const;

    /// What a trained model's site computes with (site_sources.h); null for the toy, and for what is no site.
    [[nodiscard]] const SiteSources* sources(std::string_view site) const;
    [[nodiscard]] const OutputSources& outputSources() const;

    /// The entry of a tensor, or null where this model has no such tensor.
    [[nodiscard]] EntryPtr find(const TensorKey& key) const;
    /// The logits row by row; null where the model predicts no tokens.
    [[nodiscard]] const std::shared_ptr<const RowEntries>& logitRows() const { return m_logitRows; }
    /// A row of logits speaks of the token after it (a decoder), not of the one in its place.
    [[nodiscard]] bool predictsNext() const { return m_predictsNext; }
    /// What reads and names the model's tokens; null for the toy, and where ids were given in place of a
    /// text.
    [[nodiscard]] const std::shared_ptr<const ModelTokenizer>& tokenizer() const { return m_tokenizer; }
    /// The token that hides another one from a masked language model, -1 where there is none or nobody looked
    /// for it.
    [[nodiscard]] std::int64_t maskTokenId() const { return m_maskTokenId; }

    /// What of a tensor was changed by hand, or null where nothing awake was.
    [[nodiscard]] const TensorEdits* edits(const TensorKey& key) const;
    /// Such a tensor as it would be without these changes (but with those of what it was made from); null for
    /// the others.
    [[nodiscard]] EntryPtr beforeEdits(const TensorKey& key) const;
    /// Indices into Inputs::edits of those that sleep: other tokens, another shape, or no such tensor.
    [[nodiscard]] const std::vector<std::size_t>& sleepingEdits() const { return m_sleepingEdits; }

    /// All of them, in the order of the computation. Weights are among them.
    [[nodiscard]] const std::vector<TensorKey>& keys() const { return m_keys; }

    /// Names of the stages that ran for this trace ("blocks.0.pattern"); the others were taken from the one
    /// before.
    [[nodiscard]] const std::vector<std::string>& recomputed() const { return m_recomputed; }

private:
    friend class TraceBuilder;  // pipeline's: the only one who fills a trace, before anybody sees it
    std::shared_ptr<const Inputs> m_inputs;
    std::array<std::shared_ptr<const Tokens>, kSequenceCount> m_sequences;
    std::shared_ptr<const ModelInfo> m_model;
    std::vector<SiteInfo> m_sites;
    std::map<std::string, EffectiveParameters, std::less<>> m_parameters;
    std::map<std::string, std::shared_ptr<const MaskPlan>, std::less<>> m_masks;
    std::map<std::string, ScoreWeights, std::less<>> m_scoreWeights;
    std::map<std::string, std::shared_ptr<const SiteSources>, std::less<>> m_sources;
    std::shared_ptr<const OutputSources> m_outputSources;
    struct Edited {
        TensorEditsPtr edits;
        EntryPtr before;
    };
    std::map<TensorKey, EntryPtr> m_entries;
    std::map<TensorKey, Edited> m_edited;
    std::vector<std::size_t> m_sleepingEdits;
    std::vector<TensorKey> m_keys;
    std::shared_ptr<const RowEntries> m_logitRows;
    std::shared_ptr<const ModelTokenizer> m_tokenizer;
    std::int64_t m_maskTokenId = -1;
    bool m_predictsNext = false;
    std::vector<std::string> m_recomputed;
    std::shared_ptr<const StageMemory> m_memory;
    std::shared_ptr<const ShownTokens> m_shown;
};
using TracePtr = std::shared_ptr<const Trace>;

[[nodiscard]] Quantity quantity(TensorName name);
/// Row and column axes of a tensor's matrices.
[[nodiscard]] std::pair<Axis, Axis> axes(const TensorKey& key);
/// "q = x·W_Q": the formula that made it, with the parameters in effect at the site.
[[nodiscard]] std::string formula(TensorName name, const EffectiveParameters& parameters);
[[nodiscard]] bool isWeight(TensorName name);

}  // namespace attn
