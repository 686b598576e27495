#include "core/tensor/tensor.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace attn {
namespace {

TEST(Tensor, interleavedHeadsShareOneMatrix) {
    BufferPool pool;
    Tensor tensor = Tensor::allocate(pool, 2, 3, 4, Tensor::Layout::HeadsInterleaved);
    tensor.span(0).setConstant(1);
    tensor.span(1).setConstant(2);
    const MatrixView all = tensor.interleaved();
    EXPECT_EQ(all.rows(), 3);
    EXPECT_EQ(all.cols(), 8);
    EXPECT_EQ(all(2, 3), 1.0F);
    EXPECT_EQ(all(0, 4), 2.0F);
    EXPECT_EQ(tensor.at(1, 2, 3), 2.0F);
}

TEST(Tensor, splitRowsIsTheSameMemory) {
    BufferPool pool;
    Tensor tensor = Tensor::allocate(pool, 6, 2);
    for (Index i = 0; i < 6; ++i) tensor.span().row(i).setConstant(static_cast<float>(i));
    const Tensor split = tensor.splitRows(3);
    EXPECT_EQ(split.rank(), 3);
    EXPECT_EQ(split.shape(), (std::array<Index, 3>{3, 2, 2}));
    EXPECT_EQ(split.at(2, 1, 0), 5.0F);
    EXPECT_EQ(split.stacked().data(), tensor.matrix().data());
}

TEST(BufferPool, usesABufferAgain) {
    BufferPool pool;
    const float* first = pool.take(1000).get();
    EXPECT_EQ(pool.take(1000).get(), first);
    EXPECT_EQ(pool.bytesInUse(), 0U);
    EXPECT_GE(pool.bytesKept(), 4000U);
}

TEST(BufferPool, buffersMayOutliveIt) {
    std::shared_ptr<float[]> buffer;
    {
        BufferPool pool;
        buffer = pool.take(10);
    }
    buffer[9] = 1;
    EXPECT_EQ(buffer[9], 1.0F);
}

TEST(BufferPool, aSweepThroughSizesDoesNotPileUp) {
    BufferPool pool;
    std::size_t most = 0;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t size = 1; size <= 4096; size += 17) {
            const auto held = pool.take(size * 1000);
            most = std::max(most, pool.bytesKept());
        }
    }
    EXPECT_LE(most, 2 * std::size_t{4096} * 4000);
}

}  // namespace
}  // namespace attn
