#pragma once
/// A trained model: its architecture and its weights, ready to compute.

#include "core/model/architecture.h"
#include "core/model/open_progress.h"
#include "core/model/weight_files.h"
#include "core/ops/linear.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace attn {

struct AttentionWeights {
    NormWeights norm;  ///< before it or after its sum
    LinearWeights q, k, v, o;
    NormWeights qNorm, kNorm;  ///< without a gain: none
};

struct BlockWeights {
    AttentionWeights attention;
    AttentionWeights cross;  ///< a decoder's, to the encoder
    NormWeights mlpNorm;
    LinearWeights up, gate, down;
};

struct HeadWeights {
    LinearWeights transform;  ///< HeadKind::Transformed alone
    NormWeights norm;
    LinearWeights output;
};

struct Transformer {
    std::filesystem::path folder;
    Architecture architecture;           ///< its head is the one that the weights have
    TensorPtr tokens, positions, types;  ///< rows of the embeddings; null: none
    NormWeights embeddingsNorm, finalNorm;
    std::vector<BlockWeights> blocks;
    TensorPtr encoderPositions;  ///< here and below: an encoder-decoder's encoder; the rest is its decoder
    NormWeights encoderEmbeddingsNorm;
    std::vector<BlockWeights> encoderBlocks;
    HeadWeights head;
    std::vector<std::shared_ptr<const MappedFile>> files;
    std::int64_t parameters = 0;  ///< numbers of the weights

    /// An error where a file of weights was cut off or changed since it was opened.
    [[nodiscard]] Result<void> checkFiles() const;
};
using TransformerPtr = std::shared_ptr<const Transformer>;

/// The model of a Hugging Face folder. Float32 weights stay where they are in the mapped file; half-precision
/// ones are converted once. Null where a stop was requested.
[[nodiscard]] Result<TransformerPtr> openTransformer(const std::filesystem::path& folder,
                                                     const OpenProgress& progress = {});

/// What a folder holds, as far as it can be told.
struct FolderReport {
    std::optional<Architecture> architecture;
    std::size_t files = 0;
    std::int64_t parameters = 0;               ///< numbers of the weights that are used
    std::int64_t bytes = 0;                    ///< that they take in memory, mapped or converted
    std::map<std::string, std::size_t> types;  ///< how many of the used tensors have which type
    std::vector<std::string> missing, unused;
    std::string tokenizerFile;            ///< empty: none
    std::optional<Error> tokenizerError;  ///< why that file cannot be read: texts do not open, ids do
    std::optional<Error> error;           ///< why it does not open
};
[[nodiscard]] FolderReport describeFolder(const std::filesystem::path& folder);

}  // namespace attn
