#include "ui/plot/color_map.h"

#include "core/scene/scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attn::ui {
namespace {

/// CIE lightness L*, 0 … 100.
double lightness(QRgb color) {
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double y =
        0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color)) + 0.0722 * linear(qBlue(color));
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

// The published tables' ends and middles (matplotlib 3.6, _cm_listed.py and _cm.py).
TEST(ColorMap, HasThePublishedColours) {
    const auto expect = [](ColorMapId id, QRgb first, QRgb middle, QRgb last) {
        const auto& table = ColorMap::of(id, Theme::Light).table();
        EXPECT_EQ(table[0], first) << toString(id);
        EXPECT_EQ(table[128], middle) << toString(id);
        EXPECT_EQ(table[255], last) << toString(id);
    };
    expect(ColorMapId::Viridis, 0xff440154, 0xff21918c, 0xfffde725);
    expect(ColorMapId::Magma, 0xff000004, 0xffb73779, 0xfffcfdbf);
    expect(ColorMapId::Cividis, 0xff00224e, 0xff7d7c78, 0xfffee838);
    EXPECT_EQ(ColorMap::of(ColorMapId::Blues, Theme::Light).table()[0], 0xfff7fbff);
    EXPECT_EQ(ColorMap::of(ColorMapId::Blues, Theme::Light).table()[255], 0xff08306b);
    EXPECT_EQ(ColorMap::of(ColorMapId::Greys, Theme::Dark).table()[255], 0xff000000);
}

TEST(ColorMap, SequentialMapsChangeLightnessOneWay) {
    for (const ColorMapId id : sequentialColorMaps()) {
        const auto& table = ColorMap::of(id, Theme::Light).table();
        const double direction = lightness(table[255]) > lightness(table[0]) ? 1 : -1;
        for (std::size_t i = 1; i < table.size(); ++i)
            EXPECT_GE(direction * (lightness(table[i]) - lightness(table[i - 1])), -0.35)
                << toString(id) << " " << i;
        for (std::size_t i = 8; i < table.size(); ++i)
            EXPECT_GT(direction * (lightness(table[i]) - lightness(table[i - 8])), 0)
                << toString(id) << " " << i;
    }
}

TEST(ColorMap, ZeroOfTheDivergingMapIsTheCard) {
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
        const ColorMap& map = ColorMap::of(ColorMapId::Diverging, theme);
        const QRgb card = palette(theme).card.rgb();
        for (const int i : {127, 128})
            for (const int shift : {0, 8, 16})
                EXPECT_NEAR((map.table()[static_cast<std::size_t>(i)] >> shift) & 0xff,
                            (card >> shift) & 0xff, 2);
        // Both arms leave the card's lightness in the same direction and never turn back.
        const double direction = theme == Theme::Light ? -1 : 1;
        for (std::size_t i = 129; i < 256; ++i) {
            EXPECT_GE(direction * (lightness(map.table()[i]) - lightness(map.table()[i - 1])), -0.3) << i;
            EXPECT_GE(direction * (lightness(map.table()[255 - i]) - lightness(map.table()[256 - i])), -0.3)
                << i;
        }
        // Negative is red, positive is blue.
        EXPECT_GT(qRed(map.at(0.2)), qBlue(map.at(0.2)));
        EXPECT_GT(qBlue(map.at(0.8)), qRed(map.at(0.8)));
    }
}

TEST(ColorMap, TextIsReadableOnEveryColour) {
    for (const Theme theme : {Theme::Light, Theme::Dark})
        for (const ColorMapId id : {ColorMapId::Viridis, ColorMapId::Cividis, ColorMapId::Magma,
                                    ColorMapId::Blues, ColorMapId::Greys, ColorMapId::Diverging}) {
            const ColorMap& map = ColorMap::of(id, theme);
            for (int i = 0; i < 256; ++i)
                EXPECT_GE(contrast(QColor(map.table()[static_cast<std::size_t>(i)]), QColor(map.textOn(i))),
                          4.2)
                    << toString(id) << " " << i;
        }
}

TEST(ColorMap, ClampsAndNeverColoursANaN) {
    const ColorMap& map = ColorMap::of(ColorMapId::Viridis, Theme::Light);
    EXPECT_EQ(map.at(-3), map.table()[0]);
    EXPECT_EQ(map.at(7), map.table()[255]);
    EXPECT_EQ(map.at(std::numeric_limits<double>::infinity()), map.table()[255]);
    EXPECT_EQ(map.at(std::numeric_limits<double>::quiet_NaN()), map.masked());
    EXPECT_EQ(ColorMap::index(0.5), 128);
    for (const QRgb color : map.table()) EXPECT_NE(color, map.masked());
}

TEST(ColorMap, NamesGoBothWays) {
    for (const ColorMapId id : sequentialColorMaps()) EXPECT_EQ(colorMapFromString(toString(id)), id);
    EXPECT_EQ(colorMapFromString("jet"), std::nullopt);
    std::vector<std::string> names;
    for (const ColorMapId id : sequentialColorMaps()) names.emplace_back(toString(id));
    EXPECT_EQ(names, std::vector<std::string>(kColormapNames.begin(), kColormapNames.end()));
}

}  // namespace
}  // namespace attn::ui
