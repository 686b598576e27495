#pragma once
/// Vectors of words, counted from text (positive pointwise mutual information of neighbours, truncated SVD).

#include "core/base/error.h"
#include "core/tensor/matrix.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace attn {

class WordVectors {
public:
    /// Reads `vocab.txt` (one word a line, most frequent first) and `vectors.safetensors` (words ×
    /// dimensions, tensor "vectors") from a folder. Errors name the file and what is wrong with it: it cannot
    /// be read, there are more or fewer rows than words, a word stands there twice or is empty, a number is
    /// not finite or a row all zeros.
    [[nodiscard]] static Result<std::shared_ptr<const WordVectors>> load(const std::filesystem::path& folder);

    [[nodiscard]] Index dimensions() const { return m_vectors.cols(); }
    [[nodiscard]] Index words() const { return m_vectors.rows(); }

    /// Row of a word, -1 where there is none. As it stands first, then with case folded and typographic
    /// quotes, apostrophes and dashes as their ASCII forms: "Didn’t" finds "didn't".
    [[nodiscard]] Index find(std::string_view word) const;
    [[nodiscard]] auto row(Index index) const { return m_vectors.row(index); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    Matrix m_vectors;  ///< words × dimensions, dimensions in the order of their singular values
    std::unordered_map<std::string, Index, Hash, std::equal_to<>> m_index;
};

}  // namespace attn
