#include "core/tensor/tensor.h"

#include <cassert>

namespace attn {

Tensor Tensor::allocate(BufferPool& pool, Index rows, Index cols) {
    Tensor tensor = allocate(pool, 1, rows, cols, Layout::HeadsFirst);
    tensor.m_rank = 2;
    return tensor;
}

Tensor Tensor::allocate(BufferPool& pool, Index heads, Index rows, Index cols, Layout layout) {
    assert(heads >= 0 && rows >= 0 && cols >= 0);
    Tensor tensor;
    tensor.m_data = pool.take(static_cast<std::size_t>(heads * rows * cols));
    tensor.m_rank = 3;
    tensor.m_heads = heads;
    tensor.m_rows = rows;
    tensor.m_cols = cols;
    tensor.m_headStride = layout == Layout::HeadsFirst ? rows * cols : cols;
    tensor.m_rowStride = layout == Layout::HeadsFirst ? cols : heads * cols;
    return tensor;
}

Tensor Tensor::wrap(const std::shared_ptr<const void>& owner, const float* data, Index rows, Index cols,
                    Index rowStride) {
    Tensor tensor;
    // Aliased: shares the owner's count and points at its numbers. Published tensors are const.
    tensor.m_data = std::shared_ptr<float[]>(std::const_pointer_cast<void>(owner), const_cast<float*>(data));
    tensor.m_heads = 1;
    tensor.m_rows = rows;
    tensor.m_cols = cols;
    tensor.m_headStride = rows * rowStride;
    tensor.m_rowStride = rowStride;
    return tensor;
}

Tensor Tensor::splitRows(Index heads) const {
    assert(m_heads == 1 && heads > 0 && m_rows % heads == 0);
    Tensor split = *this;
    split.m_rank = 3;
    split.m_heads = heads;
    split.m_rows = m_rows / heads;
    split.m_headStride = split.m_rows * m_rowStride;
    return split;
}

Tensor Tensor::copy(BufferPool& pool) const {
    const bool interleaved = m_heads > 1 && m_headStride == m_cols && m_rowStride != m_cols;
    Tensor out =
        allocate(pool, m_heads, m_rows, m_cols, interleaved ? Layout::HeadsInterleaved : Layout::HeadsFirst);
    out.m_rank = m_rank;
    if (interleaved) {
        out.interleavedSpan() = this->interleaved();
    } else {
        for (Index h = 0; h < m_heads; ++h) out.span(h) = matrix(h);
    }
    return out;
}

MatrixView Tensor::matrix(Index head) const {
    assert(head >= 0 && head < m_heads);
    return {m_data.get() + head * m_headStride, m_rows, m_cols, Eigen::OuterStride<>(m_rowStride)};
}

MatrixSpan Tensor::span(Index head) {
    assert(head >= 0 && head < m_heads);
    return {m_data.get() + head * m_headStride, m_rows, m_cols, Eigen::OuterStride<>(m_rowStride)};
}

float Tensor::at(Index head, Index row, Index col) const {
    assert(head >= 0 && head < m_heads && row >= 0 && row < m_rows && col >= 0 && col < m_cols);
    return m_data[static_cast<std::ptrdiff_t>(head * m_headStride + row * m_rowStride + col)];
}

MatrixView Tensor::stacked() const {
    assert(m_heads <= 1 || m_headStride == m_rows * m_rowStride);
    return {m_data.get(), m_heads * m_rows, m_cols, Eigen::OuterStride<>(m_rowStride)};
}

MatrixView Tensor::interleaved() const {
    assert(m_heads <= 1 || m_headStride == m_cols);
    return {m_data.get(), m_rows, m_heads * m_cols, Eigen::OuterStride<>(m_rowStride)};
}

MatrixSpan Tensor::interleavedSpan() {
    assert(m_heads <= 1 || m_headStride == m_cols);
    return {m_data.get(), m_rows, m_heads * m_cols, Eigen::OuterStride<>(m_rowStride)};
}

}  // namespace attn
