#pragma once
/// A block of numbers with a shape: heads × rows × columns, or rows × columns.

#include "core/tensor/buffer_pool.h"
#include "core/tensor/matrix.h"

#include <array>
#include <memory>

namespace attn {

/// Owns its numbers together with everyone who shares them. Published as shared_ptr<const Tensor>, it never
/// changes.
///
/// Each head is a row-major matrix. Heads lie one after another (`HeadsFirst`: scores, pattern) or side by
/// side in one matrix (`HeadsInterleaved`: q, k, v and z as rows × (heads·columns), so that one product makes
/// all heads and one product consumes them).
class Tensor {
public:
    enum class Layout { HeadsFirst, HeadsInterleaved };

    Tensor() = default;

    /// rank 2. Contents undefined.
    [[nodiscard]] static Tensor allocate(BufferPool& pool, Index rows, Index cols);
    /// rank 3. Contents undefined.
    [[nodiscard]] static Tensor allocate(BufferPool& pool, Index heads, Index rows, Index cols,
                                         Layout layout);

    /// Numbers that lie elsewhere (in a mapped file), kept there by `owner`, and are only read. rank 2, rows
    /// begin `rowStride` apart.
    [[nodiscard]] static Tensor wrap(const std::shared_ptr<const void>& owner, const float* data, Index rows,
                                     Index cols, Index rowStride);

    /// Another arrangement of the same numbers: W_O as a (H·d_v) × d_model matrix is H × d_v × d_model
    /// without a copy.
    [[nodiscard]] Tensor splitRows(Index heads) const;

    /// The same numbers once more, in the same arrangement, for whoever changes some of them.
    [[nodiscard]] Tensor copy(BufferPool& pool) const;

    [[nodiscard]] int rank() const { return m_rank; }
    [[nodiscard]] Index heads() const { return m_heads; }  ///< 1 at rank 2
    [[nodiscard]] Index rows() const { return m_rows; }
    [[nodiscard]] Index cols() const { return m_cols; }
    [[nodiscard]] Index size() const { return m_heads * m_rows * m_cols; }
    [[nodiscard]] std::array<Index, 3> shape() const { return {m_heads, m_rows, m_cols}; }

    [[nodiscard]] MatrixView matrix(Index head = 0) const;
    [[nodiscard]] MatrixSpan span(Index head = 0);  ///< only for whoever fills it
    [[nodiscard]] float at(Index head, Index row, Index col) const;

    /// All heads one below another as one (heads·rows) × cols matrix; only for HeadsFirst or one head.
    [[nodiscard]] MatrixView stacked() const;
    /// All heads side by side as one rows × (heads·cols) matrix; only for HeadsInterleaved or one head.
    [[nodiscard]] MatrixView interleaved() const;
    [[nodiscard]] MatrixSpan interleavedSpan();

private:
    std::shared_ptr<float[]> m_data;
    int m_rank = 2;
    Index m_heads = 0, m_rows = 0, m_cols = 0;
    Index m_headStride = 0, m_rowStride = 0;
};

using TensorPtr = std::shared_ptr<const Tensor>;

}  // namespace attn
