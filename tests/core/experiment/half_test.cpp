// Exhaustive: every pattern of both half formats, and every tie between neighbours.
#include "core/experiment/half.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace attn::experiment {
namespace {

struct Format {
    const char* name;
    std::uint16_t (*from)(double);
    double (*to)(std::uint16_t);
    std::uint16_t infinity;  ///< bits
    double largest, leastNormal, leastSubnormal;
};

const Format kFormats[] = {
    {"float16", float16FromDouble, doubleFromFloat16, 0x7c00, 65504, 0x1p-14, 0x1p-24},
    {"bfloat16", bfloat16FromDouble, doubleFromBfloat16, 0x7f80, 0x1.FEp127, 0x1p-126, 0x1p-133},
};

TEST(Half, everyPatternMakesTheRoundTrip) {
    for (const Format& format : kFormats) {
        for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
            const auto pattern = static_cast<std::uint16_t>(bits);
            const double value = format.to(pattern);
            ASSERT_EQ(format.from(value), pattern) << format.name << ' ' << bits;
            ASSERT_EQ(std::isnan(value), (bits & 0x7fffU) > format.infinity) << format.name << ' ' << bits;
            ASSERT_EQ(std::signbit(value), bits > 0x7fff) << format.name << ' ' << bits;
        }
    }
}

TEST(Half, bfloat16IsTheUpperHalfOfAFloat) {
    for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
        const auto value = std::bit_cast<float>(bits << 16U);
        if (std::isnan(value)) continue;
        ASSERT_EQ(doubleFromBfloat16(static_cast<std::uint16_t>(bits)), static_cast<double>(value)) << bits;
    }
}

TEST(Half, float16IsSignExponentMantissa) {
    for (std::uint32_t bits = 0; bits < 0x7c00; ++bits) {
        const int exponent = static_cast<int>(bits >> 10U);
        const double mantissa = bits & 0x3ffU;
        const double value =
            exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
        ASSERT_EQ(doubleFromFloat16(static_cast<std::uint16_t>(bits)), value) << bits;
    }
}

TEST(Half, everyTieGoesToTheEvenNeighbour) {
    for (const Format& format : kFormats) {
        for (std::uint16_t low = 0; low < format.infinity; ++low) {
            const auto high = static_cast<std::uint16_t>(low + 1);
            const double below = format.to(low);
            // The last step leads to infinity: as if the format went on.
            const double above = high == format.infinity
                                     ? 2 * format.largest - format.to(static_cast<std::uint16_t>(low - 1))
                                     : format.to(high);
            const double tie = (below + above) / 2;
            const double infinity = std::numeric_limits<double>::infinity();
            ASSERT_EQ(format.from(tie), low % 2 == 0 ? low : high) << format.name << ' ' << low;
            ASSERT_EQ(format.from(std::nextafter(tie, 0)), low) << format.name << ' ' << low;
            ASSERT_EQ(format.from(std::nextafter(tie, infinity)), high) << format.name << ' ' << low;
            ASSERT_EQ(format.from(-tie), 0x8000U | (low % 2 == 0 ? low : high)) << format.name << ' ' << low;
        }
    }
}

TEST(Half, knownValues) {
    EXPECT_EQ(float16FromDouble(1), 0x3c00);
    EXPECT_EQ(float16FromDouble(-2), 0xc000);
    EXPECT_EQ(float16FromDouble(1.0 / 3), 0x3555);
    EXPECT_EQ(float16FromDouble(1 + 0x1p-11), 0x3c00);      // tie, down to even
    EXPECT_EQ(float16FromDouble(1 + 3 * 0x1p-11), 0x3c02);  // tie, up to even
    EXPECT_EQ(float16FromDouble(65519.99), 0x7bff);
    EXPECT_EQ(float16FromDouble(65520), 0x7c00);
    EXPECT_EQ(float16FromDouble(1e300), 0x7c00);
    EXPECT_EQ(float16FromDouble(-1e300), 0xfc00);
    EXPECT_EQ(float16FromDouble(0x1p-25), 0);
    EXPECT_EQ(float16FromDouble(0x1.0001p-25), 1);
    EXPECT_EQ(float16FromDouble(5e-324), 0);
    EXPECT_EQ(float16FromDouble(-0.0), 0x8000);
    EXPECT_EQ(bfloat16FromDouble(3.14159265358979), 0x4049);
    EXPECT_EQ(bfloat16FromDouble(1 + 0x1p-8), 0x3f80);
    EXPECT_EQ(bfloat16FromDouble(1 + 3 * 0x1p-8), 0x3f82);
    EXPECT_EQ(bfloat16FromDouble(1e39), 0x7f80);
    for (const Format& format : kFormats) {
        EXPECT_EQ(format.to(static_cast<std::uint16_t>(format.infinity - 1)), format.largest);
        EXPECT_EQ(format.to(1), format.leastSubnormal);
        EXPECT_EQ(format.from(format.leastNormal),
                  format.from(format.leastNormal - format.leastSubnormal) + 1);
        EXPECT_EQ(format.from(std::numeric_limits<double>::infinity()), format.infinity);
        EXPECT_TRUE(std::isnan(format.to(format.from(std::numeric_limits<double>::quiet_NaN()))));
        // A NaN whose payload lies in the bits that are dropped is still a NaN.
        EXPECT_TRUE(std::isnan(format.to(format.from(std::bit_cast<double>(0x7ff0000000000001ULL)))));
    }
}

}  // namespace
}  // namespace attn::experiment
