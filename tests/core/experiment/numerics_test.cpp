#include "core/experiment/numerics.h"

#include "core/experiment/half.h"
#include "core/experiment/saturation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace attn::experiment {
namespace {

using testing::Each;
using testing::HasSubstr;

std::vector<NumericsCell> cellsOf(const std::vector<double>& logits, double scale) {
    auto cells = softmaxNumerics(logits, scale);
    EXPECT_TRUE(cells.has_value());
    return cells.value_or(std::vector<NumericsCell>{});
}

NumericsCell cellOf(const std::vector<double>& logits, double scale, NumberFormat format, bool subtract) {
    for (const NumericsCell& cell : cellsOf(logits, scale)) {
        if (cell.format == format && cell.maximumSubtracted == subtract) return cell;
    }
    ADD_FAILURE() << "no such cell";
    return {};
}

std::string messageOf(const NumericsCell& cell) {
    return cell.message ? cell.message->english() : "none";
}

TEST(Numerics, eightCellsFormatByFormat) {
    const auto cells = cellsOf({1, 1, 2}, 1);
    ASSERT_EQ(cells.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(cells[i].format, kNumberFormats[i / 2]);
        EXPECT_EQ(cells[i].maximumSubtracted, i % 2 == 1);
        EXPECT_EQ(cells[i].event, NumericsEvent::None);
        EXPECT_FALSE(cells[i].message.has_value());
    }
}

TEST(Numerics, smallScoresAreAsGoodAsTheFormat) {
    const double tolerance[] = {1e-15, 1e-7, 1e-3, 8e-3};
    const auto cells = cellsOf({1, 1, 2}, 1);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        EXPECT_LT(cells[i].largestError, tolerance[i / 2]) << i;
        EXPECT_NEAR(cells[i].weights[2], 0.5761168848, tolerance[i / 2] + 5e-11) << i;
    }
    // The narrow formats are really narrow.
    EXPECT_GT(cells[4].largestError, 1e-6);
    EXPECT_GT(cells[6].largestError, 1e-5);
}

TEST(Numerics, everyStepIsARepresentableNumber) {
    for (const NumericsCell& cell : cellsOf({0.1, -3.7, 5.3, 2.9}, 0.7)) {
        for (const auto* values : {&cell.scores, &cell.shifted, &cell.exponentials, &cell.weights}) {
            for (const double value : *values) EXPECT_EQ(roundTo(cell.format, value), value);
        }
        EXPECT_EQ(roundTo(cell.format, cell.sum), cell.sum);
    }
}

TEST(Numerics, float32IsWhatFloatsGive) {
    const std::vector<double> logits{0.1, -3.7, 5.3, 2.9, 2.8};
    for (const bool subtract : {false, true}) {
        const NumericsCell cell = cellOf(logits, 0.7, NumberFormat::Float32, subtract);
        std::vector<float> e;
        float sum = 0;
        for (const double logit : logits) {
            const auto x = static_cast<float>(0.7 * logit);
            const float s = subtract ? x - static_cast<float>(0.7 * 5.3) : x;
            e.push_back(static_cast<float>(std::exp(static_cast<double>(s))));
            sum += e.back();
        }
        for (std::size_t i = 0; i < e.size(); ++i)
            EXPECT_EQ(cell.weights[i], static_cast<double>(e[i] / sum));
    }
}

TEST(Numerics, float16RoundsAfterEveryOperation) {
    // By hand, through the bits: e = exp(1), exp(2) rounded; the sum rounded after each addition.
    const auto rounded = [](double x) { return doubleFromFloat16(float16FromDouble(x)); };
    const double e1 = rounded(std::exp(1.0)), e2 = rounded(std::exp(2.0));
    const double sum = rounded(rounded(e1 + e1) + e2);
    const NumericsCell cell = cellOf({1, 1, 2}, 1, NumberFormat::Float16, false);
    EXPECT_EQ(cell.sum, sum);
    EXPECT_EQ(cell.weights, (std::vector<double>{rounded(e1 / sum), rounded(e1 / sum), rounded(e2 / sum)}));
    // With 11 bits, adding 1 to a number above 4096 changes nothing, however often.
    const NumericsCell many = cellOf({8.33, 0, 0, 0}, 1, NumberFormat::Float16, false);
    EXPECT_GT(many.exponentials[0], 4096);
    EXPECT_EQ(many.exponentials[1], 1);
    EXPECT_EQ(many.sum, many.exponentials[0]);
}

TEST(Numerics, eachFormatOverflowsAtItsOwnLogit) {
    struct Edge {
        NumberFormat format;
        double fits, overflows;
    };
    // ln of the largest finite number, and a step beyond.
    const Edge edges[] = {{NumberFormat::Float64, 709.7, 709.8},
                          {NumberFormat::Float32, 88.7, 88.8},
                          {NumberFormat::Float16, 11.08, 11.1},
                          {NumberFormat::Bfloat16, 88.5, 89}};
    for (const Edge& edge : edges) {
        SCOPED_TRACE(toString(edge.format));
        EXPECT_EQ(cellOf({-1, edge.fits}, 1, edge.format, false).event, NumericsEvent::None);
        const NumericsCell cell = cellOf({-1, edge.overflows, 1e4}, 1, edge.format, false);
        EXPECT_EQ(cell.event, NumericsEvent::ExpOverflow);
        EXPECT_EQ(cell.eventAt, 1U);
        EXPECT_THAT(messageOf(cell), HasSubstr("logit 2"));
        EXPECT_THAT(messageOf(cell), HasSubstr(toString(edge.format)));
        EXPECT_TRUE(std::isinf(cell.exponentials[1]));
        EXPECT_TRUE(std::isnan(cell.weights[1]));  // ∞/∞
        EXPECT_EQ(cell.largestError, std::numeric_limits<double>::infinity());
        const NumericsCell subtracted = cellOf({-1, edge.overflows, 1e4}, 1, edge.format, true);
        EXPECT_EQ(subtracted.event, NumericsEvent::None);
        EXPECT_EQ(subtracted.weights, (std::vector<double>{0, 0, 1}));
    }
}

TEST(Numerics, messagesSayHowLargeAndWhy) {
    EXPECT_THAT(messageOf(cellOf({1, 1, 2}, 10, NumberFormat::Float16, false)),
                HasSubstr("logit 3: exp(20) = 4.852e+08 is larger than the largest float16, 6.55e+04"));
    EXPECT_THAT(messageOf(cellOf({1, 1, 2}, 500, NumberFormat::Float64, false)),
                HasSubstr("logit 3: exp(1000) = 1.97e+434 is larger than the largest float64, 1.798e+308"));
    EXPECT_THAT(messageOf(cellOf({1, 1e300}, 1, NumberFormat::Float64, false)),
                HasSubstr("exp(1e+300) = e^1e+300"));
}

TEST(Numerics, theOtherWaysToFail) {
    const NumericsCell input = cellOf({1, 70000}, 1, NumberFormat::Float16, true);
    EXPECT_EQ(input.event, NumericsEvent::InputOverflow);
    EXPECT_THAT(messageOf(input), HasSubstr("logit 2: 1 × 7e+04 is beyond the largest float16"));
    EXPECT_TRUE(std::isnan(input.weights[1]));

    const NumericsCell sum = cellOf({11, 11}, 1, NumberFormat::Float16, false);
    EXPECT_EQ(sum.event, NumericsEvent::SumOverflow);
    EXPECT_THAT(sum.weights, Each(0.0));
    EXPECT_THAT(messageOf(sum), HasSubstr("the sum of the exponentials"));

    const NumericsCell zero = cellOf({-20, -30}, 1, NumberFormat::Float16, false);
    EXPECT_EQ(zero.event, NumericsEvent::SumZero);
    EXPECT_TRUE(std::isnan(zero.weights[0]));
    EXPECT_THAT(messageOf(zero), HasSubstr("0/0"));
    EXPECT_EQ(cellOf({-20, -30}, 1, NumberFormat::Float16, true).event, NumericsEvent::None);
}

TEST(Numerics, roundingToFloat32IsTheProcessors) {
    for (double x = 1e-46; x < 1e39; x *= 1.37) {
        const double expected = x > 3.4028235677973366e38 ? std::numeric_limits<double>::infinity()
                                                          : static_cast<double>(static_cast<float>(x));
        EXPECT_EQ(roundTo(NumberFormat::Float32, x), expected) << x;
        EXPECT_EQ(roundTo(NumberFormat::Float32, -x), -expected) << x;
    }
    const double largest = largestFinite(NumberFormat::Float32);
    EXPECT_EQ(roundTo(NumberFormat::Float32, largest), largest);
    EXPECT_EQ(roundTo(NumberFormat::Float32, std::nextafter(0x1.FFFFFFp127, 0)), largest);
    EXPECT_TRUE(std::isinf(roundTo(NumberFormat::Float32, 0x1.FFFFFFp127)));
}

TEST(Numerics, badLogitsAreRefused) {
    EXPECT_FALSE(softmaxNumerics({1}, 1).has_value());
    EXPECT_FALSE(softmaxNumerics({1, 2}, -1).has_value());
}

}  // namespace
}  // namespace attn::experiment
