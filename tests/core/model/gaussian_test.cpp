#include "core/model/gaussian.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

namespace attn {
namespace gaussian_baseline {
void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
}
namespace {

TEST(Gaussian, hasTheMomentsOfAStandardNormal) {
    constexpr std::size_t kRows = 256;
    constexpr std::size_t kCols = 4096;
    std::vector<float> row(kCols);
    double sum = 0, squares = 0, fourths = 0, beyondTwo = 0;
    for (std::size_t r = 0; r < kRows; ++r) {
        fillGaussian(mixHash(7, r), 0, 1.0F, row.data(), kCols);
        for (const float value : row) {
            const double x = static_cast<double>(value);
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
            beyondTwo += std::abs(x) > 2 ? 1 : 0;
        }
    }
    const double n = kRows * kCols;  // a standard error of the mean is 0.001
    EXPECT_NEAR(sum / n, 0, 0.004);
    EXPECT_NEAR(squares / n, 1, 0.006);
    EXPECT_NEAR(fourths / n, 3, 0.04);
    EXPECT_NEAR(beyondTwo / n, 0.0455, 0.001);
}

TEST(Gaussian, neighboursAreIndependent) {
    constexpr std::size_t kCols = 65536;
    std::vector<float> a(kCols), b(kCols);
    fillGaussian(mixHash(1, 0), 0, 1.0F, a.data(), kCols);
    fillGaussian(mixHash(1, 1), 0, 1.0F, b.data(), kCols);
    double alongRow = 0, acrossRows = 0;
    for (std::size_t i = 1; i < kCols; ++i) {
        alongRow += static_cast<double>(a[i]) * static_cast<double>(a[i - 1]);
        acrossRows += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    EXPECT_NEAR(alongRow / kCols, 0, 0.016);  // four standard errors
    EXPECT_NEAR(acrossRows / kCols, 0, 0.016);
}

TEST(Gaussian, anEntryDependsOnItsPlaceAlone) {
    std::vector<float> whole(100), part(37);
    fillGaussian(42, 0, 0.5F, whole.data(), whole.size());
    fillGaussian(42, 63, 0.5F, part.data(), part.size());
    for (std::size_t i = 0; i < part.size(); ++i) EXPECT_EQ(whole[63 + i], part[i]);
}

TEST(Gaussian, everyInstructionSetDrawsTheSameBits) {
    std::vector<float> chosen(1003), baseline(1003);
    for (std::uint64_t key = 0; key < 50; ++key) {
        fillGaussian(mixHash(3, key), key, 0.125F, chosen.data(), chosen.size());
        gaussian_baseline::fillGaussian(mixHash(3, key), key, 0.125F, baseline.data(), baseline.size());
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            ASSERT_EQ(std::bit_cast<std::uint32_t>(chosen[i]), std::bit_cast<std::uint32_t>(baseline[i]))
                << key << ' ' << i;
        }
    }
}

TEST(Gaussian, drawsArePinned) {
    // A change of these numbers changes every toy scene that anybody has saved.
    std::vector<float> row(4);
    fillGaussian(mixHash(mixHash(1, 100), std::string_view("animal")), 0, 1.0F, row.data(), row.size());
    const std::vector<float> expected{-0.497630954F, 0.941818953F, -1.15325618F, 0.896557987F};
    for (std::size_t i = 0; i < row.size(); ++i) EXPECT_FLOAT_EQ(row[i], expected[i]) << i;
}

}  // namespace
}  // namespace attn
