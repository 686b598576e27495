#include "ui/panels/slider_mapping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace attn::ui {
namespace {

std::vector<const ParameterSpec*> sliderSpecs() {
    std::vector<const ParameterSpec*> specs;
    for (const ParameterSpec& each : parameterTable()) {
        const bool number = each.kind == ParameterKind::Integer || each.kind == ParameterKind::Real;
        if (number && SliderMapping::fits(each)) specs.push_back(&each);
    }
    return specs;
}

TEST(SliderMapping, ReachesBothEndsExactly) {
    ASSERT_GE(sliderSpecs().size(), 8U);
    for (const ParameterSpec* spec : sliderSpecs()) {
        const SliderMapping mapping(*spec);
        EXPECT_EQ(mapping.value(0), spec->minimum) << spec->key;
        EXPECT_EQ(mapping.value(mapping.positions()), spec->maximum) << spec->key;
        EXPECT_EQ(mapping.position(spec->minimum), 0) << spec->key;
        EXPECT_EQ(mapping.position(spec->maximum), mapping.positions()) << spec->key;
    }
}

TEST(SliderMapping, NeverFallsAndStaysValid) {
    for (const ParameterSpec* spec : sliderSpecs()) {
        const SliderMapping mapping(*spec);
        double before = mapping.value(0);
        for (int position = 1; position <= mapping.positions(); ++position) {
            const double value = mapping.value(position);
            ASSERT_GE(value, before) << spec->key << " at " << position;
            before = value;
        }
        EXPECT_TRUE(checkValue(*spec, mapping.value(mapping.positions() / 3))) << spec->key;
    }
}

TEST(SliderMapping, HasAPositionForEveryInteger) {
    for (const ParameterSpec* spec : sliderSpecs()) {
        if (spec->kind != ParameterKind::Integer) continue;
        const SliderMapping mapping(*spec);
        for (double value = spec->minimum; value <= spec->maximum; ++value) {
            ASSERT_EQ(mapping.value(mapping.position(value)), value) << spec->key;
        }
    }
}

TEST(SliderMapping, ValuesAreRound) {
    const SliderMapping strength(spec(ParameterId::PositionStrength));
    EXPECT_EQ(strength.value(strength.position(0.07)), 0.07);
    EXPECT_EQ(strength.stepped(0.06, 1), 0.07);  // 0.06 + 0.01 is not the double that 0.07 is
    const SliderMapping temperature(spec(ParameterId::Temperature));
    for (int position = 0; position <= temperature.positions(); position += 137) {
        const std::string text = formatValue(temperature.value(position));
        const auto digits =
            std::count_if(text.begin(), text.end(), [](char c) { return c >= '1' && c <= '9'; });
        EXPECT_LE(digits, 3) << text;
    }
}

TEST(SliderMapping, KeysWalkThroughARealRangeAndHitTheDecades) {
    const SliderMapping mapping(spec(ParameterId::Temperature));
    double value = mapping.minimum();
    std::set<double> seen{value};
    for (int i = 0; i < 200 && value < mapping.maximum(); ++i) {
        const double next = mapping.stepped(value, 1);
        ASSERT_GT(next, value);
        EXPECT_EQ(mapping.stepped(next, -1), value);
        value = next;
        seen.insert(value);
    }
    EXPECT_EQ(value, mapping.maximum());
    for (const double decade : {0.01, 0.1, 1.0, 10.0, 100.0}) EXPECT_EQ(seen.count(decade), 1U) << decade;
    // From between two marks to the neighbour, not past it.
    EXPECT_EQ(mapping.stepped(1.03, 1), 1.06);
    EXPECT_EQ(mapping.stepped(1.03, -1), 1.0);
}

TEST(SliderMapping, IntegerKeysStepByOneAndPagesDouble) {
    const SliderMapping width(spec(ParameterId::DK));
    EXPECT_EQ(width.stepped(16, 1), 17);
    EXPECT_EQ(width.stepped(1, -1), 1);
    EXPECT_EQ(width.paged(16, 1), 32);
    EXPECT_EQ(width.paged(16, -1), 8);
    EXPECT_EQ(width.paged(1, 1), 2);
    const SliderMapping window(spec(ParameterId::MaskWindow));
    EXPECT_EQ(window.paged(0, 1), 1);
    EXPECT_EQ(window.paged(0, -1), 0);
}

TEST(SliderMapping, ASeedHasNoSlider) {
    EXPECT_FALSE(SliderMapping::fits(spec(ParameterId::Seed)));
}

}  // namespace
}  // namespace attn::ui
