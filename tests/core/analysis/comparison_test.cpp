#include "core/analysis/comparison.h"

#include "core/ops/product.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace attn {
namespace {

using Texts = std::vector<std::string>;

TEST(AlignTokens, EqualTokensStandTogether) {
    EXPECT_EQ(alignTokens(Texts{"too", "tired"}, Texts{"too", "wide"}),
              (Alignment{{0, 0}, {1, -1}, {-1, 1}}));
    EXPECT_EQ(alignTokens(Texts{"a", "b", "c"}, Texts{"a", "c"}), (Alignment{{0, 0}, {1, -1}, {2, 1}}));
    EXPECT_EQ(alignTokens(Texts{}, Texts{"x"}), (Alignment{{-1, 0}}));
    EXPECT_TRUE(alignTokens(Texts{}, Texts{}).empty());
}

/// The length of a longest common subsequence, by trying everything.
std::size_t longest(const Texts& a, const Texts& b, std::size_t i = 0, std::size_t j = 0) {
    if (i == a.size() || j == b.size()) return 0;
    if (a[i] == b[j]) return 1 + longest(a, b, i + 1, j + 1);
    return std::max(longest(a, b, i + 1, j), longest(a, b, i, j + 1));
}

RC_GTEST_PROP(AlignTokens, KeepsBothOrdersAndPairsAsManyAsCanBe, ()) {
    const auto letters = rc::gen::container<Texts>(rc::gen::element<std::string>("a", "b", "c"));
    const auto shortTexts = rc::gen::suchThat(letters, [](const Texts& texts) { return texts.size() <= 7; });
    const Texts a = *shortTexts, b = *shortTexts;
    Index nextA = 0, nextB = 0;
    std::size_t pairs = 0;
    for (const AlignedPlace& place : alignTokens(a, b)) {
        RC_ASSERT(place.a >= 0 || place.b >= 0);
        if (place.a >= 0) RC_ASSERT(place.a == nextA++);
        if (place.b >= 0) RC_ASSERT(place.b == nextB++);
        if (place.a >= 0 && place.b >= 0) {
            RC_ASSERT(a[static_cast<std::size_t>(place.a)] == b[static_cast<std::size_t>(place.b)]);
            ++pairs;
        }
    }
    RC_ASSERT(nextA == static_cast<Index>(a.size()));
    RC_ASSERT(nextB == static_cast<Index>(b.size()));
    RC_ASSERT(pairs == longest(a, b));
}

TEST(JensenShannon, AgreesWithItsDefinition) {
    const std::vector<float> p{0.5F, 0.5F, 0}, q{0, 0.5F, 0.5F}, r{0, 0, 1}, none{0, 0, 0};
    EXPECT_EQ(jensenShannon(p, p), 0);
    // m = (¼, ½, ¼): each side is ½ ln 2.
    EXPECT_NEAR(jensenShannon(p, q), 0.5 * std::log(2.0), 1e-12);
    EXPECT_NEAR(jensenShannon(p, r), std::log(2.0), 1e-12);
    EXPECT_EQ(jensenShannon(p, q), jensenShannon(q, p));
    EXPECT_TRUE(std::isnan(jensenShannon(p, none)));
}

RC_GTEST_PROP(JensenShannon, LiesBetweenNothingAndLnTwo, ()) {
    const auto draws = *rc::gen::container<std::vector<std::pair<int, int>>>(
        6, rc::gen::pair(rc::gen::inRange(0, 100), rc::gen::inRange(0, 100)));
    std::vector<float> p, q;
    float ofP = 0, ofQ = 0;
    for (const auto& draw : draws) {
        ofP += static_cast<float>(draw.first);
        ofQ += static_cast<float>(draw.second);
    }
    RC_PRE(ofP > 0 && ofQ > 0);
    for (const auto& draw : draws) {
        p.push_back(static_cast<float>(draw.first) / ofP);
        q.push_back(static_cast<float>(draw.second) / ofQ);
    }
    const double divergence = jensenShannon(p, q);
    RC_ASSERT(divergence >= 0);
    RC_ASSERT(divergence <= std::log(2.0) + 1e-6);
}

TEST(CompareMatrices, SubtractsWhereBothHaveANumber) {
    BufferPool pool;
    Matrix a(2, 2), b(2, 3);
    a << 0.25F, 0.75F, 1, 0;
    b << 0.5F, 0.25F, 0.25F, 1, 0, 0;
    const Alignment rows{{0, 0}, {1, -1}, {-1, 1}}, columns{{0, 0}, {-1, 1}, {1, 2}};
    const Comparison comparison = compareMatrices(pool, view(a), view(b), rows, columns, true);
    constexpr float kNothing = -std::numeric_limits<float>::infinity();
    Matrix difference(3, 3);
    difference << 0.25F, kNothing, -0.5F, kNothing, kNothing, kNothing, kNothing, kNothing, kNothing;
    EXPECT_TRUE((comparison.difference->matrix().array() == difference.array()).all());
    EXPECT_EQ(comparison.a->at(0, 0, 1), kNothing);
    EXPECT_EQ(comparison.b->at(0, 2, 0), 1);
    EXPECT_NEAR(comparison.largestDifference, 0.5, 1e-7);
    ASSERT_EQ(comparison.divergence.size(), 3U);
    const std::vector<float> p{0.25F, 0, 0.75F}, q{0.5F, 0.25F, 0.25F};
    EXPECT_EQ(comparison.divergence[0], jensenShannon(p, q));
    EXPECT_TRUE(std::isnan(comparison.divergence[1]));
    EXPECT_TRUE(compareMatrices(pool, view(a), view(b), rows, columns, false).divergence.empty());
}

TEST(CompareMatrices, AMaskedScoreHasNoDifference) {
    BufferPool pool;
    Matrix a(1, 2), b(1, 2);
    a << 1, -std::numeric_limits<float>::infinity();
    b << 3, 2;
    const Comparison comparison =
        compareMatrices(pool, view(a), view(b), alignPlaces(1, 1), alignPlaces(2, 2), false);
    EXPECT_EQ(comparison.difference->at(0, 0, 0), 2);
    EXPECT_TRUE(std::isinf(comparison.difference->at(0, 0, 1)));
    EXPECT_EQ(comparison.largestDifference, 2);
}

}  // namespace
}  // namespace attn
