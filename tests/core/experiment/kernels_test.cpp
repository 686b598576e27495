#include "core/experiment/kernels.h"

#include "core/model/gaussian.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace attn::experiment {
namespace {

std::vector<float> numbers(std::uint64_t key, std::size_t n) {
    std::vector<float> out(n);
    fillGaussian(key, 0, 1.0F, out.data(), n);
    return out;
}

double distance(double x, double exact) {
    return std::abs(x - exact) / std::abs(exact);
}

TEST(Kernels, exponentialsAreAccurate) {
    for (int i = -708'000; i <= 708'000; i += 37) {
        const double x = i / 1000.0;
        const double exact = std::exp(x);
        ASSERT_LT(distance(portableExp(x), exact), 4e-16) << x;
    }
    EXPECT_EQ(portableExp(0), 1);
    EXPECT_EQ(portableExp(-708.5), 0);
    EXPECT_EQ(portableExp(-std::numeric_limits<double>::infinity()), 0);
    EXPECT_EQ(portableExp(-1e300), 0);
}

TEST(Kernels, logarithmsAreAccurate) {
    for (double x = 1e-300; x < 1e7; x *= 1.0173) {
        ASSERT_LT(distance(portableLog1p(x), std::log1p(x)), 1e-15) << x;
    }
    EXPECT_EQ(portableLog1p(0), 0);
}

TEST(Kernels, powersOfTheExponentsThatHaveNames) {
    for (const double d : {1.0, 2.0, 3.0, 64.0, 1000.0, 1024.0}) {
        EXPECT_EQ(powerScale(d, 0), 1);
        EXPECT_EQ(powerScale(d, 0.5), 1 / std::sqrt(d));
        EXPECT_EQ(powerScale(d, 1), 1 / d);
        EXPECT_NEAR(powerScale(d, 0.3), std::pow(d, -0.3), 1e-15);
    }
}

TEST(Kernels, prefixDotsAreDotProducts) {
    const std::vector<float> a = numbers(1, 1024), b = numbers(2, 1024);
    std::vector<std::size_t> ends;
    for (std::size_t end = 1; end <= 1024; end += end < 70 ? 1 : 53) ends.push_back(end);
    std::vector<float> out(ends.size());
    kernels().prefixDots(a.data(), b.data(), ends.data(), ends.size(), out.data());
    double exact = 0, magnitude = 0;
    std::size_t c = 0;
    for (std::size_t j = 0; j < ends.size(); ++j) {
        for (; c < ends[j]; ++c) {
            exact += static_cast<double>(a[c]) * static_cast<double>(b[c]);
            magnitude += std::abs(static_cast<double>(a[c]) * static_cast<double>(b[c]));
        }
        EXPECT_NEAR(static_cast<double>(out[j]), exact, 1e-6 * magnitude) << ends[j];
    }
}

TEST(Kernels, aPrefixDoesNotDependOnTheOthers) {
    const std::vector<float> a = numbers(3, 200), b = numbers(4, 200);
    const std::vector<std::size_t> ends{1, 7, 16, 17, 31, 32, 100, 199, 200};
    std::vector<float> together(ends.size());
    kernels().prefixDots(a.data(), b.data(), ends.data(), ends.size(), together.data());
    for (std::size_t j = 0; j < ends.size(); ++j) {
        float alone = 0;
        kernels().prefixDots(a.data(), b.data(), &ends[j], 1, &alone);
        EXPECT_EQ(alone, together[j]) << ends[j];
    }
}

TEST(Kernels, everyInstructionSetGivesTheSameBits) {
    const std::vector<std::size_t> ends{3, 64, 77, 1000};
    for (std::uint64_t key = 0; key < 50; ++key) {
        const std::vector<float> a = numbers(2 * key, 1000), b = numbers(2 * key + 1, 1000);
        float chosen[4], baseline[4];
        kernels().prefixDots(a.data(), b.data(), ends.data(), 4, chosen);
        baselineKernels().prefixDots(a.data(), b.data(), ends.data(), 4, baseline);
        for (int j = 0; j < 4; ++j) {
            ASSERT_EQ(std::bit_cast<std::uint32_t>(chosen[j]), std::bit_cast<std::uint32_t>(baseline[j]));
        }
        std::vector<double> x(a.begin(), a.end()), e(x.size()), f(x.size());
        const double factor = 1 + 40.0 * static_cast<double>(key);
        kernels().exponentials(x.data(), 6, factor, e.data(), x.size());
        baselineKernels().exponentials(x.data(), 6, factor, f.data(), x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(e[i]), std::bit_cast<std::uint64_t>(f[i])) << x[i];
        }
    }
}

}  // namespace
}  // namespace attn::experiment
