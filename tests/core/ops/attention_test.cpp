#include "core/ops/attention.h"

#include "core/ops/product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attn {
namespace {

Matrix matrixOf(Index rows, Index cols, std::initializer_list<float> values) {
    Matrix m(rows, cols);
    std::copy(values.begin(), values.end(), m.data());
    return m;
}

TEST(Attention, hardMaximumSharesTies) {
    const Matrix raw = matrixOf(2, 4, {1, 3, 3 * (1 + 2e-7F), 0, -5, -5, -5, -5});
    Matrix pattern(2, 4);
    hardmaxScores(view(raw), {}, span(pattern));
    EXPECT_EQ(pattern, matrixOf(2, 4, {0, 0.5F, 0.5F, 0, 0.25F, 0.25F, 0.25F, 0.25F}));
}

TEST(Attention, hardMaximumOfAMaskedRowIsZero) {
    const Matrix raw = matrixOf(1, 2, {1, 3});
    const std::uint8_t none[] = {0, 0};
    Matrix pattern(1, 2);
    hardmaxScores(view(raw), {1, 0, none, nullptr}, span(pattern));
    EXPECT_EQ(pattern, matrixOf(1, 2, {0, 0}));
}

TEST(Attention, dotScoresBeyondFloatStayFinite) {
    const Matrix q = matrixOf(1, 2, {1e30F, 1e30F});
    const Matrix k = matrixOf(3, 2, {1e30F, -1e30F, 1e30F, 1e30F, -1e30F, -1e30F});
    Matrix scores(1, 3);
    ASSERT_TRUE(dotsMayOverflow(view(q), view(k)));
    dotScores(view(q), view(k), span(scores), true);
    constexpr float kLargest = std::numeric_limits<float>::max();
    EXPECT_EQ(scores, matrixOf(1, 3, {0, kLargest, -kLargest}));
}

TEST(Attention, softmaxIsShiftInvariantAndFollowsAPermutation) {
    const Matrix raw = Matrix::NullaryExpr(
        5, 23, [](Index i, Index j) { return std::sin(static_cast<float>(i * 31 + j * 7)); });
    Matrix pattern(5, 23), shifted(5, 23), permuted(5, 23);
    softmaxScores(view(raw), {}, span(pattern));
    const Matrix moved = raw.array() + 5.0F;
    softmaxScores(view(moved), {}, span(shifted));
    EXPECT_LT((pattern - shifted).cwiseAbs().maxCoeff(), 1e-6F);
    const Matrix reversed = raw.rowwise().reverse();
    softmaxScores(view(reversed), {}, span(permuted));
    EXPECT_LT((pattern.rowwise().reverse() - permuted).cwiseAbs().maxCoeff(), 1e-6F);
}

TEST(Attention, temperatureLimits) {
    const Matrix raw = matrixOf(1, 3, {1, 2, 1.5F});
    Matrix pattern(1, 3);
    softmaxScores(view(raw), {1000.0F, 0, nullptr, nullptr}, span(pattern));
    EXPECT_EQ(pattern, matrixOf(1, 3, {0, 1, 0}));
    softmaxScores(view(raw), {1e-6F, 0, nullptr, nullptr}, span(pattern));
    EXPECT_NEAR(pattern(0, 0), 1.0F / 3, 1e-6F);
}

TEST(Product, parallelEqualsEigenForAnyShape) {
    for (const auto& [rows, inner, cols] : {std::array<Index, 3>{1, 1, 1},
                                            {3, 5, 7},
                                            {300, 64, 33},
                                            {17, 200, 500},
                                            {64, 0, 64},
                                            {0, 5, 5},
                                            {600, 128, 1}}) {
        const Matrix a = Matrix::NullaryExpr(
            rows, inner, [](Index i, Index j) { return static_cast<float>((i * 7 + j * 3) % 11) - 5; });
        const Matrix b = Matrix::NullaryExpr(
            inner, cols, [](Index i, Index j) { return static_cast<float>((i * 5 + j) % 13) - 6; });
        Matrix c = Matrix::Constant(rows, cols, 99.0F);
        multiplyParallel(view(a), view(b), span(c));
        const Matrix expected = a * b;  // small whole numbers: exact in float
        EXPECT_EQ(c, expected) << rows << 'x' << inner << 'x' << cols;
        Matrix d = Matrix::Constant(rows, cols, 99.0F);
        const Matrix bt = b.transpose();
        multiplyTransposed(view(a), view(bt), span(d));
        EXPECT_EQ(d, expected);
    }
}

}  // namespace
}  // namespace attn
