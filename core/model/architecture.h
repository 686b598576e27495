#pragma once
/// What a config.json says about a transformer, as one value: everything that the forward pass needs to know
/// of a family. The forward pass itself knows no names of models.

#include "core/base/error.h"
#include "core/ops/row_kernels.h"
#include "core/scene/parameter.h"
#include "core/tensor/matrix.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

enum class NormKind : std::uint8_t { LayerNorm, RootMeanSquare };

/// How rotary frequencies are stretched for longer texts. Linear: all divided by the factor. Llama3: those
/// with wavelengths above originalContext / lowFrequency are, those below originalContext / highFrequency are
/// not, the others in between. Source: the published configuration of Llama 3.1.
struct RotaryScaling {
    enum class Kind : std::uint8_t { None, Linear, Llama3 };
    Kind kind = Kind::None;
    double factor = 1, lowFrequency = 1, highFrequency = 4, originalContext = 8192;
};

/// What turns the last residual stream into logits.
enum class HeadKind : std::uint8_t {
    None,
    Linear,      ///< logits = x·Wᵀ
    Transformed  ///< logits = norm(activation(x·Wᵀ + b))·Wᵀ + b: a masked language model's
};

/// Where an encoder-decoder's encoder differs from its decoder, which the other members describe.
struct EncoderShape {
    Index layers = 0, heads = 0, dHead = 0, dMlp = 0;
};

/// One attention and the MLP behind it, in numbers.
struct BlockShape {
    Index heads = 0, kvHeads = 0, dHead = 0, dMlp = 0;
    bool causal = false;
    bool rotary = false;
    Index window = 0;  ///< a query sees that many keys, itself included; 0: all
    double scale = 1;  ///< what scores are multiplied by
};

/// How a decoder with an encoder begins and ends its text.
struct TargetRules {
    Index start = 0;               ///< the token that it reads before its first own one
    Index forcedFirst = -1;        ///< ≥ 0: what comes after the start, whatever the logits say
    std::vector<Index> endTokens;  ///< after one of these nothing follows
};

struct Architecture {
    std::string family;     ///< model_type: "gpt2", "bert", …; for messages and for the tokenizer
    std::string className;  ///< the first of `architectures`, or empty

    Index vocabulary = 0, dModel = 0, layers = 0, heads = 0, kvHeads = 0, dHead = 0, dMlp = 0;
    Index context = 0;  ///< the most tokens that a text may have

    bool causal = true;
    std::vector<Index> windows;  ///< of each layer: a query sees that many keys, itself included; 0: all
    bool preNorm = true;         ///< norms before attention and MLP; else after each sum
    NormKind norm = NormKind::LayerNorm;
    double normEpsilon = 1e-5;
    bool embeddingsNorm = false, finalNorm = true;
    double embedScale = 1;  ///< what the tokens' vectors are multiplied by

    bool learnedPositions = false;
    Index positionRows = 0;    ///< of the table of learned positions
    Index positionOffset = 0;  ///< rows of that table before the first position's
    Index paddingId = -1;      ///< ≥ 0: positions count from paddingId + 1, and padding stays at paddingId
    bool rotary = false;
    double rotaryBase = 10000;
    RotaryScaling rotaryScaling;
    std::vector<bool> unrotated;  ///< of each layer: its q and k are not turned; empty: all are
    Index tokenTypes = 0;

    bool queryKeyNorm = false;  ///< root mean square norms of q and k, head by head, before the rotation
    bool queryKeyValueBias = false, outputBias = false, mlpBias = false;
    bool gatedMlp = false;  ///< down(activation(gate(x)) ∘ up(x)); else down(activation(up(x)))
    ActivationKind activation = ActivationKind::Gelu, headActivation = ActivationKind::Gelu;
    bool scaledAttention = true;  ///< by 1/√d_head
    bool scaledByLayer = false;   ///< and by 1/(layer + 1)

    HeadKind head = HeadKind::None;
    bool headRequired = false;  ///< the class has one: without its weights the model does not open
    bool tiedHead = false;      ///< the embeddings are its weights

    /// Present: an encoder of such blocks reads the text, and every block of the decoder has a second
    /// attention, to what the encoder made of it.
    std::optional<EncoderShape> encoder;
    TargetRules target;  ///< with an encoder alone

    /// What scores are multiplied by at a layer.
    [[nodiscard]] double scale(Index layer) const;
    /// A block of the model, or of its decoder; its second attention, to the encoder, neither masks nor
    /// slides.
    [[nodiscard]] BlockShape block(Index layer) const;
    [[nodiscard]] BlockShape crossBlock(Index layer) const;
    /// A block of the encoder, where there is one.
    [[nodiscard]] BlockShape encoderBlock() const;
    [[nodiscard]] PositionsKind positionsKind() const;
};

/// The angles' frequencies: dHead/2 of them.
[[nodiscard]] std::vector<double> rotaryFrequencies(const Architecture& architecture);

/// The families of the published configurations: gpt2, bert, roberta, xlm-roberta, distilbert, llama,
/// mistral, qwen2, qwen3, smollm3, bart. `null` is absent; a missing size, an absurd one, and what this
/// program does not compute are errors that name the key.
[[nodiscard]] Result<Architecture> architectureFromConfig(const nlohmann::json& config);
/// The same from a folder's config.json; errors name the file.
[[nodiscard]] Result<Architecture> readArchitecture(const std::filesystem::path& folder);
/// model_type of a folder's config.json; empty where there is no such file.
[[nodiscard]] Result<std::string> readModelType(const std::filesystem::path& folder);

}  // namespace attn
