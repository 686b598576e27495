#include "core/ops/attend.h"

#include "core/io/file.h"
#include "core/io/safetensors.h"
#include "tests/support/reference.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cfloat>
#include <cmath>
#include <limits>
#include <random>

namespace attn {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kDoubleInfinity = std::numeric_limits<double>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Array random(std::vector<std::int64_t> shape, unsigned seed, float size = 1) {
    std::mt19937 generator(seed);
    Array array{std::move(shape), {}};
    std::size_t count = 1;
    for (const std::int64_t length : array.shape) count *= static_cast<std::size_t>(length);
    for (std::size_t i = 0; i < count; ++i) {
        array.values.push_back(size * (static_cast<float>(generator() % 20001U) / 10000.0F - 1.0F));
    }
    return array;
}

ArrayView view(const Array& array, bool boolean = false) {
    return {array.shape, array.values, boolean};
}

AttendInputs inputsOf(const Array& q, const Array& k, const Array& v) {
    AttendInputs inputs;
    inputs.q = view(q);
    inputs.k = view(k);
    inputs.v = view(v);
    return inputs;
}

std::string errorOf(const AttendInputs& inputs) {
    const Result<AttendOutputs> out = attend(inputs);
    return out ? "no error" : out.error().english();
}

// --- Published cases
// ---------------------------------------------------------------------------------------------

struct Case {
    SafetensorsFile file;

    [[nodiscard]] Array array(const std::string& name) const {
        return {file.find(name)->shape, file.floats(name).value()};
    }
};

void expectNear(const Array& actual, const Array& expected, const std::string& what) {
    ASSERT_EQ(actual.shape, expected.shape) << what;
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        const float a = actual.values[i], e = expected.values[i];
        if (a == e) continue;  // both infinite
        ASSERT_NEAR(a, e, 2e-5F) << what << " at " << i;
    }
}

/// What the operator calls "qk_matmul_output": the scores at one of four points of the computation.
Array scoresAt(int mode, const AttendInputs& inputs) {
    AttendInputs partial = inputs;
    if (mode == 0) partial.softcap = 0;
    if (mode <= 1) {
        partial.mask.reset();
        partial.causal = false;
    }
    AttendOutputs out = attend(partial).value();
    return mode == 3 ? out.pattern : out.scores;
}

TEST(AttendReference, PublishedCases) {
    const std::filesystem::path folder = test::referenceFolder("attention");
    if (folder.empty()) GTEST_SKIP() << "ATTENTION_LAB_REFERENCE does not lead to published attention cases";
    const json index = json::parse(readFile(folder / "index.json", 1U << 20U).value());
    ASSERT_FALSE(index["cases"].empty());
    for (const auto& item : index["cases"].items()) {
        SCOPED_TRACE(item.key());
        const json& attributes = item.value()["attrs"];
        const Case data{readSafetensors(folder / item.value()["file"].get<std::string>(), 1U << 26U).value()};
        const Array q = data.array("input:Q"), k = data.array("input:K"), v = data.array("input:V");
        AttendInputs inputs = inputsOf(q, k, v);
        inputs.causal = attributes.value("is_causal", 0) != 0;
        inputs.softcap = attributes.value("softcap", 0.0F);
        if (attributes.contains("scale")) inputs.scale = attributes["scale"].get<float>();
        Array mask;
        if (const auto* entry = data.file.find("input:attn_mask")) {
            mask = data.array("input:attn_mask");
            inputs.mask = view(mask, entry->dtype == "BOOL");
        }
        const Result<AttendOutputs> out = attend(inputs);
        ASSERT_TRUE(out) << out.error().english();
        if (data.file.find("output:qk_matmul_output") != nullptr) {
            const int mode = attributes.value("qk_matmul_output_mode", 0);
            expectNear(scoresAt(mode, inputs), data.array("output:qk_matmul_output"), "qk_matmul_output");
        }
        expectNear(out->z, data.array("output:Y"), "Y");
    }
}

// --- Against plain loops
// -----------------------------------------------------------------------------------------

struct Naive {
    std::vector<double> scores, pattern, z;
};

double maskAt(const std::vector<double>& mask, const std::vector<std::int64_t>& shape,
              const std::array<std::int64_t, 4>& place) {
    std::int64_t flat = 0;
    for (std::size_t a = 0; a < shape.size(); ++a) {
        const std::int64_t wanted = place[place.size() - shape.size() + a];
        flat = flat * shape[a] + (shape[a] == 1 ? 0 : wanted);
    }
    return mask[static_cast<std::size_t>(flat)];
}

Naive naive(const Array& q, const Array& k, const Array& v, const AttendInputs& inputs) {
    const std::int64_t batch = q.shape[0], heads = q.shape[1], queries = q.shape[2], d = q.shape[3];
    const std::int64_t shared = k.shape[1], keys = k.shape[2], dv = v.shape[3];
    const double scale =
        inputs.scale ? static_cast<double>(*inputs.scale) : 1 / std::sqrt(static_cast<double>(d));
    const double cap = static_cast<double>(inputs.softcap);
    std::vector<double> mask;
    std::vector<std::int64_t> maskShape;
    if (inputs.mask) {
        for (const float m : inputs.mask->values) {
            mask.push_back(inputs.mask->boolean ? (m != 0 ? 0.0 : -kDoubleInfinity) : static_cast<double>(m));
        }
        maskShape.assign(inputs.mask->shape.begin(), inputs.mask->shape.end());
    }
    const auto at = [](const Array& a, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
        return static_cast<double>(
            a.values[static_cast<std::size_t>(((b * a.shape[1] + h) * a.shape[2] + i) * a.shape[3] + j)]);
    };
    Naive out;
    for (std::int64_t b = 0; b < batch; ++b) {
        for (std::int64_t h = 0; h < heads; ++h) {
            const std::int64_t g = h * shared / heads;
            for (std::int64_t i = 0; i < queries; ++i) {
                std::vector<double> row;
                for (std::int64_t j = 0; j < keys; ++j) {
                    double s = 0;
                    for (std::int64_t c = 0; c < d; ++c) s += at(q, b, h, i, c) * at(k, b, g, j, c);
                    s *= scale;
                    if (cap > 0) s = cap * std::tanh(s / cap);
                    if (inputs.mask) s += maskAt(mask, maskShape, {b, h, i, j});
                    if (inputs.causal && j > i) s = -kDoubleInfinity;
                    row.push_back(s);
                }
                const double largest = *std::max_element(row.begin(), row.end());
                double sum = 0;
                for (const double s : row) sum += std::isinf(s) ? 0 : std::exp(s - largest);
                std::vector<double> z(static_cast<std::size_t>(dv), 0);
                for (std::int64_t j = 0; j < keys; ++j) {
                    const double s = row[static_cast<std::size_t>(j)];
                    const double p = std::isinf(s) ? 0 : std::exp(s - largest) / sum;
                    out.scores.push_back(s);
                    out.pattern.push_back(p);
                    for (std::int64_t c = 0; c < dv; ++c)
                        z[static_cast<std::size_t>(c)] += p * at(v, b, g, j, c);
                }
                out.z.insert(out.z.end(), z.begin(), z.end());
            }
        }
    }
    return out;
}

void expectSame(const std::vector<float>& actual, const std::vector<double>& expected, const char* what) {
    ASSERT_EQ(actual.size(), expected.size()) << what;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (std::isinf(expected[i])) {
            ASSERT_EQ(actual[i], -kInfinity) << what << " at " << i;
        } else {
            ASSERT_NEAR(static_cast<double>(actual[i]), expected[i],
                        1e-5 * std::max(1.0, std::abs(expected[i])))
                << what << " at " << i;
        }
    }
}

TEST(Attend, AgreesWithPlainLoops) {
    const Array q = random({2, 6, 5, 7}, 1, 3), k = random({2, 3, 9, 7}, 2, 3), v = random({2, 3, 9, 4}, 3);
    for (const std::vector<std::int64_t>& maskShape : std::vector<std::vector<std::int64_t>>{{},
                                                                                             {9},
                                                                                             {1},
                                                                                             {5, 9},
                                                                                             {5, 1},
                                                                                             {1, 9},
                                                                                             {6, 5, 9},
                                                                                             {6, 1, 9},
                                                                                             {2, 1, 5, 9},
                                                                                             {2, 6, 5, 9},
                                                                                             {1, 1, 1, 1}}) {
        Array additive = random(maskShape, 4, 2), boolean = random(maskShape, 5);
        for (std::size_t i = 0; i < additive.values.size(); i += 5) additive.values[i] = -kInfinity;
        for (float& value : boolean.values) value = value > -0.3F ? 1.0F : 0.0F;
        for (const bool causal : {false, true}) {
            for (const float softcap : {0.0F, 2.0F}) {
                for (const Array* mask : {static_cast<const Array*>(nullptr), &std::as_const(additive),
                                          &std::as_const(boolean)}) {
                    AttendInputs inputs = inputsOf(q, k, v);
                    if (mask != nullptr) inputs.mask = view(*mask, mask == &boolean);
                    inputs.causal = causal;
                    inputs.softcap = softcap;
                    if (causal) inputs.scale = -0.7F;
                    const AttendOutputs out = attend(inputs).value();
                    const Naive expected = naive(q, k, v, inputs);
                    expectSame(out.scores.values, expected.scores, "scores");
                    expectSame(out.pattern.values, expected.pattern, "pattern");
                    expectSame(out.z.values, expected.z, "z");
                }
            }
        }
    }
}

TEST(Attend, OutputsHaveTheAxesOfQ) {
    const Array q2 = random({5, 4}, 1), k2 = random({3, 4}, 2), v2 = random({3, 6}, 3);
    const AttendOutputs two = attend(inputsOf(q2, k2, v2)).value();
    EXPECT_THAT(two.scores.shape, ElementsAre(5, 3));
    EXPECT_THAT(two.pattern.shape, ElementsAre(5, 3));
    EXPECT_THAT(two.z.shape, ElementsAre(5, 6));
    const Array q3 = random({4, 5, 4}, 1), k3 = random({2, 3, 4}, 2), v3 = random({2, 3, 6}, 3);
    EXPECT_THAT(attend(inputsOf(q3, k3, v3)).value().z.shape, ElementsAre(4, 5, 6));
    AttendInputs only = inputsOf(q3, k3, v3);
    only.wantScores = only.wantPattern = false;
    EXPECT_THAT(attend(only).value().pattern.values, IsEmpty());
    EXPECT_EQ(attend(only).value().z.values, attend(inputsOf(q3, k3, v3)).value().z.values);
}

TEST(Attend, AFullyMaskedRowGivesZeros) {
    const Array q = random({2, 4}, 1), k = random({3, 4}, 2), v = random({3, 4}, 3);
    const Array boolean{{2, 3}, {0, 0, 0, 1, 0, 1}};
    const Array additive{{2, 3}, {-kInfinity, -kInfinity, -kInfinity, 0, -kInfinity, 0}};
    for (const AttendInputs& inputs : {[&] {
                                           AttendInputs i = inputsOf(q, k, v);
                                           i.mask = view(boolean, true);
                                           return i;
                                       }(),
                                       [&] {
                                           AttendInputs i = inputsOf(q, k, v);
                                           i.mask = view(additive);
                                           return i;
                                       }()}) {
        const AttendOutputs out = attend(inputs).value();
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(out.pattern.values[i], 0.0F);
        for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(out.z.values[i], 0.0F);
        EXPECT_EQ(out.scores.values[0], -kInfinity);
        EXPECT_EQ(out.pattern.values[4], 0.0F);
        EXPECT_NEAR(out.pattern.values[3] + out.pattern.values[5], 1.0F, 1e-6F);
    }
}

TEST(Attend, ExtremesStayFinite) {
    const Array q{{3, 2}, {1e15F, 0, -1e15F, 0, 1e30F, 1e30F}};
    const Array k{{3, 2}, {1e15F, 0, -1e15F, 0, 1e30F, -1e30F}};
    const Array v{{3, 1}, {FLT_MAX, -FLT_MAX, 1}};
    for (const float scale : {1.0F, 1e30F, -1e30F, 0.0F}) {
        AttendInputs inputs = inputsOf(q, k, v);
        inputs.scale = scale;
        const AttendOutputs out = attend(inputs).value();
        for (const float s : out.scores.values) EXPECT_TRUE(std::isfinite(s)) << scale;
        for (const float z : out.z.values) EXPECT_TRUE(std::isfinite(z)) << scale;
        for (std::size_t row = 0; row < 3; ++row) {
            float sum = 0;
            for (std::size_t col = 0; col < 3; ++col) sum += out.pattern.values[row * 3 + col];
            EXPECT_NEAR(sum, 1.0F, 1e-6F) << scale;
        }
    }
}

TEST(Attend, EmptyDimensionsAreFine) {
    const Array q = random({5, 4}, 1), none{{0, 4}, {}}, noValues{{0, 3}, {}}, some = random({6, 4}, 2);
    const AttendOutputs noKeys = attend(inputsOf(q, none, noValues)).value();
    EXPECT_THAT(noKeys.pattern.shape, ElementsAre(5, 0));
    EXPECT_THAT(noKeys.z.values, testing::AllOf(testing::SizeIs(15), testing::Each(0.0F)));
    const AttendOutputs noQueries = attend(inputsOf(none, some, some)).value();
    EXPECT_THAT(noQueries.z.shape, ElementsAre(0, 4));
    const Array narrow{{6, 0}, {}};
    EXPECT_THAT(attend(inputsOf(some, some, narrow)).value().z.shape, ElementsAre(6, 0));
    EXPECT_THAT(errorOf(inputsOf(narrow, narrow, some)), HasSubstr("no dimensions"));
}

TEST(Attend, LengthsOfEmptyArraysAreNotBelieved) {
    constexpr std::int64_t huge = std::int64_t{1} << 62U;
    const Array q{{huge, 0, 8}, {}}, k{{1, 0, 8}, {}}, v{{1, 0, huge}, {}};
    EXPECT_THAT(attend(inputsOf(q, k, v)).value().z.values, IsEmpty());
    const Array one{{1, 8}, std::vector<float>(8, 1.0F)}, keys{{0, 8}, {}}, wide{{0, huge}, {}};
    EXPECT_THAT(errorOf(inputsOf(one, keys, wide)), HasSubstr("more than"));
    const Array b{{huge, 0, huge, 8}, {}}, c{{huge, 0, huge, huge}, {}};
    const Array mask{{huge, 1, huge, huge}, {}};
    AttendInputs inputs = inputsOf(b, b, c);
    inputs.mask = view(mask);
    EXPECT_THAT(attend(inputs).value().z.values, IsEmpty());
}

TEST(Attend, TooLargeAResultIsRefusedBeforeItIsMade) {
    const Array q{{40000, 1}, std::vector<float>(40000, 0.0F)};
    EXPECT_THAT(errorOf(inputsOf(q, q, q)), HasSubstr("more than 1073741824 numbers"));
}

TEST(Attend, MismatchesAreNamed) {
    const Array q = random({2, 3, 4}, 1);
    const auto error = [&](std::vector<std::int64_t> k, std::vector<std::int64_t> v) {
        const Array keys = random(std::move(k), 2), values = random(std::move(v), 3);
        return errorOf(inputsOf(q, keys, values));
    };
    EXPECT_EQ(error({2, 5, 8}, {2, 5, 4}), "k has 8 dimensions per head, q has 4");
    EXPECT_EQ(error({2, 5, 4}, {2, 6, 4}), "v has 6 tokens, k has 5");
    EXPECT_EQ(error({2, 5, 4}, {1, 5, 4}), "v has 1 heads, k has 2");
    EXPECT_EQ(error({3, 5, 4}, {3, 5, 4}), "q has 2 heads, which is no multiple of the 3 heads of k and v");
    EXPECT_EQ(error({4, 5, 4}, {4, 5, 4}), "q has 2 heads, which is no multiple of the 4 heads of k and v");
    EXPECT_EQ(error({5, 4}, {2, 5, 4}), "k has 2 axes, q has 3");
    EXPECT_EQ(error({2, 5, 4}, {1, 2, 5, 4}), "v has 4 axes, q has 3");
    EXPECT_THAT(error({4}, {2, 5, 4}), HasSubstr("k has 1 axes (4)"));
    const Array four = random({2, 2, 3, 4}, 1), other = random({3, 2, 3, 4}, 2);
    EXPECT_EQ(errorOf(inputsOf(four, other, other)), "k has a batch of 3, q of 2");
}

TEST(Attend, MasksThatDoNotFitAreNamed) {
    const Array q = random({2, 3, 4}, 1), k = random({2, 5, 4}, 2);
    for (const std::vector<std::int64_t>& shape :
         std::vector<std::vector<std::int64_t>>{{3}, {5, 3}, {3, 3, 5}, {2, 2, 3, 5}, {1, 1, 2, 3, 5}, {0}}) {
        const Array mask = random(shape, 3);
        AttendInputs inputs = inputsOf(q, k, k);
        inputs.mask = view(mask);
        EXPECT_THAT(errorOf(inputs), HasSubstr("does not broadcast to 1×2×3×5"));
    }
}

TEST(Attend, NumbersThatAreNoneAreNamedWithTheirPlace) {
    const Array good = random({2, 3, 4}, 1);
    for (const float bad : {kNaN, kInfinity, -kInfinity}) {
        const char* const what = std::isnan(bad) ? "NaN" : "infinity";
        Array array = good;
        array.values[12 + 4 + 2] = bad;
        EXPECT_THAT(errorOf(inputsOf(array, good, good)),
                    testing::AllOf(HasSubstr("q has a"), HasSubstr("[1, 1, 2]"), HasSubstr(what)));
        EXPECT_THAT(errorOf(inputsOf(good, array, good)), HasSubstr("k has a"));
        EXPECT_THAT(errorOf(inputsOf(good, good, array)), HasSubstr("v has a"));
    }
    for (const float bad : {kNaN, kInfinity}) {
        Array mask = random({3, 3}, 2);
        mask.values[5] = bad;
        AttendInputs inputs = inputsOf(good, good, good);
        inputs.mask = view(mask);
        EXPECT_THAT(errorOf(inputs), testing::AllOf(HasSubstr("the mask has"), HasSubstr("[1, 2]")));
    }
    AttendInputs inputs = inputsOf(good, good, good);
    inputs.scale = kNaN;
    EXPECT_THAT(errorOf(inputs), HasSubstr("scale"));
    inputs = inputsOf(good, good, good);
    inputs.softcap = -1;
    EXPECT_THAT(errorOf(inputs), HasSubstr("soft cap"));
    inputs = inputsOf(good, good, good);
    inputs.q.boolean = true;
    EXPECT_THAT(errorOf(inputs), HasSubstr("q holds true and false"));
}

}  // namespace
}  // namespace attn
