#include "core/analysis/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace attn {
namespace {

/// Rows of random weights that sum to 1, some of them 0.
Tensor randomPattern(BufferPool& pool, Index heads, Index rows, Index cols) {
    Tensor pattern = Tensor::allocate(pool, heads, rows, cols, Tensor::Layout::HeadsFirst);
    std::mt19937 random(7);
    for (Index h = 0; h < heads; ++h) {
        for (Index i = 0; i < rows; ++i) {
            float sum = 0;
            for (Index j = 0; j < cols; ++j) {
                const auto draw = static_cast<float>(random() % 8U);
                pattern.span(h)(i, j) = draw * draw;
                sum += draw * draw;
            }
            if (sum > 0) pattern.span(h).row(i) /= sum;
        }
    }
    return pattern;
}

/// All of them, sorted.
std::vector<Link> naive(const Tensor& pattern, const std::vector<Index>& heads) {
    std::vector<Link> all;
    for (const Index h : heads)
        for (Index i = 0; i < pattern.rows(); ++i)
            for (Index j = 0; j < pattern.cols(); ++j)
                if (pattern.at(h, i, j) > 0) all.push_back({h, i, j, pattern.at(h, i, j)});
    std::stable_sort(all.begin(), all.end(),
                     [](const Link& a, const Link& b) { return a.weight > b.weight; });
    return all;
}

TEST(StrongestLinks, AreThoseOfACompleteSort) {
    BufferPool pool;
    const Tensor pattern = randomPattern(pool, 3, 40, 31);
    const std::vector<Index> heads{0, 2};
    const std::vector<Link> all = naive(pattern, heads);
    for (const std::size_t most :
         {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{400}, all.size() + 5}) {
        const Links links = strongestLinks(pattern, heads, {0, most});
        const std::size_t count = std::min(most, all.size());
        ASSERT_EQ(links.strongest.size(), count);
        EXPECT_TRUE(std::equal(links.strongest.begin(), links.strongest.end(), all.begin()));
        EXPECT_EQ(links.hidden, all.size() - count);
    }
}

TEST(StrongestLinks, WhatIsHiddenIsTheRestOfTheWeight) {
    BufferPool pool;
    const Tensor pattern = randomPattern(pool, 2, 12, 12);
    const std::vector<Index> heads{0, 1};
    const Links links = strongestLinks(pattern, heads, {0.1, 1000});
    double above = 0, all = 0;
    for (const Link& link : naive(pattern, heads)) {
        all += static_cast<double>(link.weight);
        if (link.weight >= 0.1F) above += static_cast<double>(link.weight);
    }
    ASSERT_GT(links.hidden, 0U);
    EXPECT_NEAR(links.hiddenShare, 1 - above / all, 1e-12);
    EXPECT_TRUE(std::all_of(links.strongest.begin(), links.strongest.end(),
                            [](const Link& link) { return link.weight >= 0.1F; }));
    EXPECT_EQ(strongestLinks(pattern, heads, {0, 1000}).hiddenShare, 0);
}

TEST(StrongestLinks, OfNothingAreNone) {
    BufferPool pool;
    Tensor masked = Tensor::allocate(pool, 1, 3, 3, Tensor::Layout::HeadsFirst);
    masked.span().setZero();
    const std::vector<Index> head{0}, none;
    EXPECT_TRUE(strongestLinks(masked, head, {}).strongest.empty());
    EXPECT_EQ(strongestLinks(masked, head, {}).hidden, 0U);
    EXPECT_TRUE(strongestLinks(randomPattern(pool, 1, 3, 3), none, {}).strongest.empty());
    const Tensor empty = Tensor::allocate(pool, 1, 0, 0, Tensor::Layout::HeadsFirst);
    EXPECT_TRUE(strongestLinks(empty, head, {}).strongest.empty());
}

}  // namespace
}  // namespace attn
