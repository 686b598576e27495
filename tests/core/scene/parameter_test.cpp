#include "core/scene/parameter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace attn {
namespace {

TEST(ParameterTable, isComplete) {
    std::set<std::string> keys;
    std::set<ParameterId> ids;
    for (const ParameterSpec& each : parameterTable()) {
        keys.insert(each.key);
        ids.insert(each.id);
        EXPECT_EQ(&spec(each.id), &each);
        EXPECT_EQ(findSpec(each.key), &each);
        EXPECT_TRUE(checkValue(each, each.defaultValue)) << each.key;
        EXPECT_NE(std::string(each.label), "") << each.key;
        EXPECT_NE(std::string(each.tip), "") << each.key;
        for (const ParameterChoice& choice : each.choices)
            EXPECT_TRUE(parseValue(each, choice.value)) << choice.value;
    }
    EXPECT_EQ(keys.size(), kParameterCount);
    EXPECT_EQ(ids.size(), kParameterCount);
}

TEST(ParameterTable, textsRoundTrip) {
    for (const ParameterSpec& each : parameterTable()) {
        const std::string text = formatValue(each.defaultValue);
        const auto back = parseValue(each, text);
        ASSERT_TRUE(back) << each.key;
        EXPECT_EQ(*back, each.defaultValue) << each.key;
    }
    EXPECT_EQ(*parseValue(spec(ParameterId::Scale), "0.1"), ParameterValue(0.1));
    EXPECT_EQ(*parseValue(spec(ParameterId::Seed), "4294967295"), ParameterValue(std::int64_t{4294967295}));
}

struct Refused {
    ParameterId id;
    const char* text;
    const char* message;
};

TEST(ParameterTable, refusesWhatDoesNotFit) {
    const Refused cases[] = {
        {ParameterId::Heads, "0", "heads: 0 is outside 1 … 32"},
        {ParameterId::Heads, "33", "heads: 33 is outside 1 … 32"},
        {ParameterId::Heads, "2.5", "heads: 2.5 is no whole number"},
        {ParameterId::Heads, "two", "heads: 'two' is no whole number"},
        {ParameterId::Heads, "", "heads: '' is no whole number"},
        {ParameterId::Heads, "99999999999999999999", "heads: 99999999999999999999 is outside 1 … 32"},
        {ParameterId::Seed, "4294967296", "seed: 4294967296 is outside 0 … 4294967295"},
        {ParameterId::Seed, "-1", "seed: -1 is outside 0 … 4294967295"},
        {ParameterId::Temperature, "0", "temperature: 0 is outside 0.01 … 100"},
        {ParameterId::Temperature, "nan", "temperature: nan is outside 0.01 … 100"},
        {ParameterId::Temperature, "inf", "temperature: inf is outside 0.01 … 100"},
        {ParameterId::Temperature, "1x", "temperature: '1x' is no number"},
        {ParameterId::Mask, "diagonal", "mask: 'diagonal' is none of none, causal, local, padding"},
        {ParameterId::Scale, "big", "scale: 'big' is none of inv_sqrt_dk, none, inv_dk or a number"},
        {ParameterId::Scale, "nan", "scale: nan is outside -1e+06 … 1e+06"},
        {ParameterId::Residual, "yes", "residual: 'yes' is neither true nor false"},
    };
    for (const Refused& each : cases) {
        const auto value = parseValue(spec(each.id), each.text);
        ASSERT_FALSE(value) << each.message;
        EXPECT_EQ(value.error().english(), each.message);
    }
}

TEST(Parameters, sitesMayHaveTheirOwn) {
    Parameters parameters;
    ASSERT_TRUE(parameters.setFromText("temperature", "2"));
    ASSERT_TRUE(parameters.setFromText("blocks.0.temperature", "3"));
    EXPECT_EQ(effective(parameters, "blocks.0").temperature, 3);
    EXPECT_EQ(effective(parameters, "blocks.1").temperature, 2);
    EXPECT_TRUE(parameters.hasOwn(ParameterId::Temperature, "blocks.0"));
    parameters.reset(ParameterId::Temperature, "blocks.0");
    EXPECT_EQ(effective(parameters, "blocks.0").temperature, 2);
    EXPECT_EQ(parameters.setFromText("blocks.0.heads", "2").error().english(),
              "parameter 'blocks.0.heads' cannot be set for one site");
    EXPECT_EQ(parameters.setFromText("size", "2").error().english(), "unknown parameter 'size'");
    EXPECT_EQ(parameters.setFromText(".temperature", "2").error().english(),
              "parameter '.temperature' cannot be set for one site");
}

TEST(Parameters, identityProjectionsDecideTheSizes) {
    Parameters parameters;
    parameters.set(ParameterId::Projections, std::string("identity"));
    parameters.set(ParameterId::DModel, std::int64_t{48});
    const EffectiveParameters e = effective(parameters, "");
    EXPECT_EQ(e.heads, 1);
    EXPECT_EQ(e.dK, 48);
    EXPECT_EQ(e.dV, 48);
    EXPECT_DOUBLE_EQ(e.scale, 1 / std::sqrt(48.0));
    EXPECT_NE(disabledReason(ParameterId::Heads, parameters), nullptr);
    EXPECT_EQ(effectiveValue(ParameterId::DK, parameters), ParameterValue(std::int64_t{48}));
    EXPECT_EQ(parameters.get(ParameterId::DK), ParameterValue(std::int64_t{16}));
}

TEST(Parameters, sitesFollowAgain) {
    Parameters parameters;
    for (const char* key : {"blocks.0.temperature", "blocks.3.temperature", "blocks.3.scale"})
        ASSERT_TRUE(parameters.setFromText(key, "2"));
    EXPECT_EQ(parameters.ownCount(ParameterId::Temperature), 2U);
    parameters.resetSites(ParameterId::Temperature);
    EXPECT_EQ(parameters.ownCount(ParameterId::Temperature), 0U);
    EXPECT_EQ(parameters.ownCount(ParameterId::Scale), 1U);
}

TEST(ParameterPlace, aTrainedModelHasItsOwn) {
    Parameters parameters;
    ModelFacts facts;
    facts.heads = facts.kvHeads = 2;
    facts.dModel = 8;
    facts.dHead = 4;
    facts.mask = MaskKind::Causal;
    const ParameterPlace place{"blocks.1", facts};
    for (const ParameterSpec& each : parameterTable()) {
        if (!isOfToyAlone(each.id)) continue;
        EXPECT_NE(disabledReason(each.id, parameters, place), nullptr) << each.key;
    }
    EXPECT_EQ(disabledReason(ParameterId::Temperature, parameters, place), nullptr);
    EXPECT_EQ(formatValue(effectiveValue(ParameterId::Mask, parameters, place)), "causal");
    EXPECT_EQ(formatValue(effectiveValue(ParameterId::Mask, parameters)), "none");
    ASSERT_TRUE(parameters.setFromText("blocks.1.mask", "local"));
    EXPECT_EQ(formatValue(effectiveValue(ParameterId::Mask, parameters, place)), "local");
    EXPECT_EQ(disabledReason(ParameterId::MaskWindow, parameters, place), nullptr);
    EXPECT_NE(disabledReason(ParameterId::MaskWindow, parameters, {"blocks.0", facts}), nullptr);
    ASSERT_TRUE(parameters.setFromText("blocks.1.normalizer", "hard"));
    EXPECT_NE(disabledReason(ParameterId::Temperature, parameters, place), nullptr);
    EXPECT_EQ(disabledReason(ParameterId::Temperature, parameters, {"", facts}), nullptr);
    EXPECT_NE(choiceDisabledReason(ParameterId::Score, "additive", place), nullptr);
    EXPECT_EQ(choiceDisabledReason(ParameterId::Score, "cosine", place), nullptr);
    EXPECT_EQ(choiceDisabledReason(ParameterId::Score, "additive", {}), nullptr);
    ModelFacts sliding = facts;
    sliding.mask = MaskKind::Sliding;
    EXPECT_EQ(formatValue(effectiveValue(ParameterId::Mask, Parameters{}, {"", sliding})), "sliding");
}

TEST(Error, argumentsAreNotExpandedTwiceAndControlsAreVisible) {
    EXPECT_EQ(substitute("%1 and %2", {"%2", "b"}), "%2 and b");
    EXPECT_EQ(substitute("100 %", {}), "100 %");
    EXPECT_EQ((Error{"'%1'", {"a\nb"}}.english()), "'a?b'");
}

}  // namespace
}  // namespace attn
