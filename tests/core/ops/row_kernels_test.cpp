#include "core/ops/row_kernels.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace attn {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> draw(std::size_t n, double spread, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::uniform_real_distribution<double> uniform(-spread, spread);
    std::vector<float> values(n);
    for (float& value : values) value = static_cast<float>(uniform(engine));
    return values;
}

std::vector<double> naiveSoftmax(const std::vector<float>& raw, double multiplier,
                                 const std::vector<std::uint8_t>& allowed) {
    std::vector<double> weights(raw.size(), 0.0);
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < raw.size(); ++j) {
        if (allowed.empty() || allowed[j] != 0)
            largest = std::max(largest, static_cast<double>(raw[j]) * multiplier);
    }
    double sum = 0;
    for (std::size_t j = 0; j < raw.size(); ++j) {
        if (!allowed.empty() && allowed[j] == 0) continue;
        weights[j] = std::exp(static_cast<double>(raw[j]) * multiplier - largest);
        sum += weights[j];
    }
    for (double& weight : weights) weight = sum > 0 ? weight / sum : 0;
    return weights;
}

class RowKernelSets : public testing::TestWithParam<const RowKernels*> {};

TEST_P(RowKernelSets, productsOfAFewRowsAtAnySize) {
    std::uint64_t seed = 0;
    for (std::size_t rows : {1U, 3U, 4U, 7U, 16U}) {
        for (std::size_t k : {1U, 7U, 8U, 31U, 64U}) {
            for (std::size_t n : {1U, 2U, 3U, 17U, 255U, 530U}) {
                for (const bool transposed : {false, true}) {
                    const std::size_t lda = k + 3, ldb = (transposed ? k : n) + 5, ldc = n + 2;
                    const std::vector<float> a = draw(rows * lda, 1, ++seed);
                    const std::vector<float> b = draw((transposed ? n : k) * ldb, 1, ++seed);
                    std::vector<float> c(rows * ldc, 9.0F);
                    GetParam()->fewRows(a.data(), lda, rows, b.data(), ldb, transposed, c.data(), ldc, n, k);
                    for (std::size_t i = 0; i < rows; ++i) {
                        for (std::size_t j = 0; j < n; ++j) {
                            double sum = 0;
                            for (std::size_t p = 0; p < k; ++p) {
                                sum += static_cast<double>(a[i * lda + p]) *
                                       static_cast<double>(transposed ? b[j * ldb + p] : b[p * ldb + j]);
                            }
                            ASSERT_NEAR(static_cast<double>(c[i * ldc + j]), sum, 1e-5)
                                << rows << " × " << k << " × " << n << " at " << i << ' ' << j;
                        }
                        ASSERT_EQ(c[i * ldc + n], 9.0F) << "nothing beside the rows is written";
                    }
                }
            }
        }
    }
}

TEST_P(RowKernelSets, softmaxEqualsTheNaiveOneAtAnyLength) {
    for (std::size_t n = 0; n < 70; ++n) {
        const std::vector<float> raw = draw(n, 12, n);
        std::vector<std::uint8_t> allowed(n);
        for (std::size_t j = 0; j < n; ++j) allowed[j] = (j * 7 + n) % 3 == 0 ? 0 : 1;
        std::vector<float> weights(n, -1.0F);
        GetParam()->softmax(raw.data(), {0.5F, 0, allowed.data(), nullptr}, weights.data(), n);
        const std::vector<double> expected = naiveSoftmax(raw, 0.5, allowed);
        for (std::size_t j = 0; j < n; ++j) {
            EXPECT_NEAR(static_cast<double>(weights[j]), expected[j], 2e-6 * (expected[j] + 1e-30))
                << n << ' ' << j;
            if (allowed[j] == 0) {
                EXPECT_EQ(weights[j], 0.0F);
            }
        }
    }
}

TEST_P(RowKernelSets, exponentialsAreRightOverTheirWholeRange) {
    std::vector<float> in(86999), out(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = -static_cast<float>(i) * 0.001F;
    double expectedSum = 0;
    const double sum = static_cast<double>(GetParam()->exponentials(in.data(), out.data(), in.size()));
    for (std::size_t i = 0; i < in.size(); ++i) {
        const double expected = std::exp(static_cast<double>(in[i]));
        expectedSum += expected;
        ASSERT_NEAR(static_cast<double>(out[i]) / expected, 1, 3e-7) << in[i];
    }
    EXPECT_NEAR(sum / expectedSum, 1, 1e-5);
}

TEST_P(RowKernelSets, extremesStayFinite) {
    for (const float big : {1e30F, FLT_MAX, 3e5F}) {
        for (const float multiplier : {0.01F, 1.0F, 100.0F, -100.0F}) {
            const std::vector<float> raw{big, -big, 0.0F, big, 1.0F, 2.0F};
            std::vector<float> weights(raw.size());
            GetParam()->softmax(raw.data(), {multiplier, 0, nullptr, nullptr}, weights.data(), raw.size());
            float sum = 0;
            for (const float weight : weights) {
                EXPECT_TRUE(std::isfinite(weight));
                sum += weight;
            }
            EXPECT_NEAR(sum, 1.0F, 1e-6F);
            std::vector<float> scores(raw.size());
            GetParam()->adjust(raw.data(), {multiplier, 0, nullptr, nullptr}, scores.data(), raw.size());
            for (const float score : scores) EXPECT_TRUE(std::isfinite(score));
        }
    }
}

TEST_P(RowKernelSets, aFullyMaskedRowIsZeroAndOneAllowedKeyGetsAll) {
    const std::vector<float> raw(37, 3.0F);
    std::vector<std::uint8_t> allowed(raw.size(), 0);
    std::vector<float> weights(raw.size(), 9.0F);
    GetParam()->softmax(raw.data(), {1, 0, allowed.data(), nullptr}, weights.data(), raw.size());
    for (const float weight : weights) EXPECT_EQ(weight, 0.0F);
    allowed[20] = 1;
    GetParam()->softmax(raw.data(), {1, 0, allowed.data(), nullptr}, weights.data(), raw.size());
    for (std::size_t j = 0; j < raw.size(); ++j) EXPECT_EQ(weights[j], j == 20 ? 1.0F : 0.0F);
}

TEST_P(RowKernelSets, farBelowTheMaximumIsExactlyZero) {
    std::vector<float> raw(33, 0.0F);
    raw[4] = -88.0F;
    raw[32] = -1000.0F;
    std::vector<float> weights(raw.size());
    GetParam()->softmax(raw.data(), {1, 0, nullptr, nullptr}, weights.data(), raw.size());
    EXPECT_EQ(weights[4], 0.0F);
    EXPECT_EQ(weights[32], 0.0F);
    EXPECT_GT(weights[0], 0.0F);
}

TEST_P(RowKernelSets, softcapThenBiasThenMask) {
    const std::vector<float> raw{-50, -1, -0.01F, 0, 0.01F, 1, 50, 1};
    const std::vector<float> bias{0, 0, 0, 0, 1, 0, -kInfinity, 0};
    const std::vector<std::uint8_t> allowed{1, 1, 1, 1, 1, 1, 1, 0};
    std::vector<float> scores(raw.size());
    GetParam()->adjust(raw.data(), {2.0F, 3.0F, allowed.data(), bias.data()}, scores.data(), raw.size());
    for (std::size_t j = 0; j < 6; ++j) {
        const double expected =
            3 * std::tanh(static_cast<double>(raw[j]) * 2 / 3) + static_cast<double>(bias[j]);
        EXPECT_NEAR(static_cast<double>(scores[j]), expected, 1e-6) << j;
    }
    EXPECT_EQ(scores[6], -kInfinity);
    EXPECT_EQ(scores[7], -kInfinity);
}

TEST_P(RowKernelSets, additiveScoresEqualTheNaiveSum) {
    constexpr std::size_t kWidth = 19, kKeys = 45;
    const std::vector<float> query = draw(kWidth, 3, 1), w = draw(kWidth, 1, 2),
                             keys = draw(kWidth * kKeys, 3, 3);
    std::vector<float> out(kKeys);
    GetParam()->additive(query.data(), w.data(), kWidth, keys.data(), kKeys, out.data(), kKeys);
    for (std::size_t j = 0; j < kKeys; ++j) {
        double expected = 0;
        for (std::size_t u = 0; u < kWidth; ++u) {
            expected += static_cast<double>(w[u]) *
                        std::tanh(static_cast<double>(query[u]) + static_cast<double>(keys[u * kKeys + j]));
        }
        EXPECT_NEAR(static_cast<double>(out[j]), expected, 3e-6) << j;
    }
}

TEST_P(RowKernelSets, largestMagnitudeLooksEverywhereAndNotBesideTheRows) {
    constexpr std::size_t kRows = 3;
    for (std::size_t n : {1U, 16U, 17U, 40U}) {
        const std::size_t stride = n + 2;
        for (std::size_t at = 0; at < kRows * n; ++at) {
            std::vector<float> x(kRows * stride, 100.0F);
            for (std::size_t i = 0; i < kRows; ++i)
                std::fill_n(x.begin() + static_cast<long>(i * stride), n, 0.5F);
            x[at / n * stride + at % n] = -7.0F;
            EXPECT_EQ(GetParam()->largestMagnitude(x.data(), kRows, stride, n), 7.0F);
        }
    }
    EXPECT_EQ(GetParam()->largestMagnitude(nullptr, 0, 0, 0), 0.0F);
}

TEST_P(RowKernelSets, layerNormIsCentredWithUnitVariance) {
    for (std::size_t n : {1U, 7U, 8U, 50U}) {
        std::vector<float> x(n), residual(n), y(n);
        for (std::size_t j = 0; j < n; ++j) {
            x[j] = 1000.0F + std::sin(static_cast<float>(j));
            residual[j] = 0.25F * static_cast<float>(j % 5);
        }
        for (const float* added : std::initializer_list<const float*>{nullptr, residual.data()}) {
            GetParam()->norm(x.data(), added, nullptr, nullptr, false, 1e-5, y.data(), n);
            double mean = 0, variance = 0;
            std::vector<double> sum(n);
            for (std::size_t j = 0; j < n; ++j) {
                sum[j] = static_cast<double>(x[j]) + (added == nullptr ? 0 : static_cast<double>(added[j]));
                mean += sum[j] / static_cast<double>(n);
            }
            for (const double s : sum) variance += (s - mean) * (s - mean) / static_cast<double>(n);
            for (std::size_t j = 0; j < n; ++j) {
                EXPECT_NEAR(static_cast<double>(y[j]), (sum[j] - mean) / std::sqrt(variance + 1e-5), 1e-6);
            }
        }
    }
}

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

double activated(ActivationKind kind, double x) {
    switch (kind) {
        case ActivationKind::Gelu:
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        case ActivationKind::GeluTanh:
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979) * (x + 0.044715 * x * x * x)));
        case ActivationKind::GeluSigmoid:
            return x / (1 + std::exp(-1.702 * x));
        case ActivationKind::Silu:
            return x / (1 + std::exp(-x));
        case ActivationKind::Relu:
            return std::max(x, 0.0);
        case ActivationKind::Tanh:
            break;
    }
    return std::tanh(x);
}

TEST_P(RowKernelSets, activationsFollowTheirFormulas) {
    for (const ActivationKind kind :
         {ActivationKind::Gelu, ActivationKind::GeluTanh, ActivationKind::GeluSigmoid, ActivationKind::Silu,
          ActivationKind::Relu, ActivationKind::Tanh}) {
        for (const double spread : {0.01, 3.0, 200.0}) {
            const std::vector<float> x = draw(77, spread, 5), bias = draw(77, 0.1, 6),
                                     factor = draw(77, 1, 7);
            for (const bool gated : {false, true}) {
                std::vector<float> y = x;
                GetParam()->activate(kind, y.data(), bias.data(), gated ? factor.data() : nullptr, y.size());
                for (std::size_t j = 0; j < x.size(); ++j) {
                    const double wanted = activated(kind, static_cast<double>(x[j] + bias[j])) *
                                          (gated ? static_cast<double>(factor[j]) : 1);
                    EXPECT_NEAR(static_cast<double>(y[j]), wanted, 1e-6 * (1 + std::abs(wanted)))
                        << static_cast<int>(kind) << " of " << x[j] + bias[j];
                }
            }
        }
    }
}

TEST_P(RowKernelSets, rangesLeaveOutWhatIsNoNumber) {
    for (std::size_t n : {3U, 16U, 19U, 40U}) {
        std::vector<float> x(2 * n, 0.5F);
        x[0] = -std::numeric_limits<float>::infinity();
        x[1] = -2.0F;
        x[2 * n - 1] = 3.0F;
        x[n] = kNone;
        NumberRange range;
        GetParam()->numberRange(x.data(), 2, n, n, range);
        EXPECT_EQ(range.lowest, -2.0F);
        EXPECT_EQ(range.highest, 3.0F);
        EXPECT_TRUE(range.skipped);
    }
    NumberRange none;
    GetParam()->numberRange(nullptr, 0, 0, 0, none);
    EXPECT_GT(none.lowest, none.highest);
    EXPECT_FALSE(none.skipped);
}

TEST_P(RowKernelSets, theLargerBySizeIsKept) {
    for (std::size_t n : {5U, 16U, 37U}) {
        std::vector<float> kept(n, kNone), x(n, 0.25F);
        std::vector<std::uint8_t> marks(n, 2);
        marks[n - 1] = 3;
        x[1] = -0.5F;
        NumberRange range;
        GetParam()->keepLarger(x.data(), marks.data(), 1, kept.data(), n, range);
        std::vector<float> second(n, -0.3F);
        second[2] = kNone;
        GetParam()->keepLarger(second.data(), marks.data(), 1, kept.data(), n, range);
        EXPECT_EQ(kept[0], -0.3F);
        EXPECT_EQ(kept[1], -0.5F);
        EXPECT_EQ(kept[2], 0.25F);
        EXPECT_TRUE(std::isnan(kept[n - 1]));
        EXPECT_EQ(range.lowest, -0.5F);
        EXPECT_EQ(range.highest, 0.25F);
        EXPECT_TRUE(range.skipped);
    }
}

TEST_P(RowKernelSets, quantisedNumbersAreRoundedAndClamped) {
    for (std::size_t n : {7U, 16U, 29U}) {
        std::vector<float> x(n, 0.0F);
        x[0] = -1.0F, x[1] = 2.0F, x[2] = 0.5F, x[3] = 1e38F, x[4] = -1e38F, x[5] = kNone, x[n - 1] = 0.0039F;
        std::vector<std::uint16_t> out(n);
        NumberRange range;
        GetParam()->quantise(x.data(), nullptr, 0, {-1e37F, 1e37F, 255, 256}, out.data(), n, range);
        EXPECT_EQ(out[3], 255);  // the product is beyond float
        EXPECT_EQ(out[4], 0);
        GetParam()->quantise(x.data(), nullptr, 0, {0, 255, 255, 256}, out.data(), n, range);
        EXPECT_EQ(out[0], 0);
        EXPECT_EQ(out[1], 255);
        EXPECT_EQ(out[2], 128);
        EXPECT_EQ(out[5], 256);
        EXPECT_EQ(out[n - 1], 1);
        std::vector<std::uint8_t> marks(n, 1);
        GetParam()->quantise(x.data(), marks.data(), 1, {0, 255, 255, 256}, out.data(), n, range);
        EXPECT_EQ(out, std::vector<std::uint16_t>(n, 256));
    }
}

INSTANTIATE_TEST_SUITE_P(Sets, RowKernelSets, testing::Values(&baselineRowKernels(), &rowKernels()),
                         [](const auto& set) {
                             return std::string(set.param->name) + std::to_string(set.index);
                         });

}  // namespace
}  // namespace attn
