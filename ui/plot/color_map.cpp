#include "ui/plot/color_map.h"

#include "ui/plot/color_tables.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr std::array kSequential{ColorMapId::Viridis, ColorMapId::Cividis, ColorMapId::Magma,
                                 ColorMapId::Blues, ColorMapId::Greys};
constexpr std::array<const char*, 6> kNames{"viridis", "cividis", "magma", "blues", "greys", "diverging"};

QRgb mix(QRgb a, QRgb b, double t) {
    const auto channel = [t](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * t)); };
    return qRgb(channel(qRed(a), qRed(b)), channel(qGreen(a), qGreen(b)), channel(qBlue(a), qBlue(b)));
}

template <std::size_t N>
std::array<QRgb, 256> interpolate(const std::array<QRgb, N>& points) {
    std::array<QRgb, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double x = static_cast<double>(i) / 255.0 * static_cast<double>(N - 1);
        const std::size_t left = std::min(static_cast<std::size_t>(x), N - 2);
        table[i] = mix(points[left], points[left + 1], x - static_cast<double>(left));
    }
    return table;
}

/// The middle is the card's own colour: zero looks like nothing.
std::array<QRgb, 256> diverging(std::array<QRgb, 11> points, const QColor& card) {
    points[5] = card.rgb();
    return interpolate(points);
}

std::array<QRgb, 256> tableOf(ColorMapId id, const Palette& palette) {
    switch (id) {
        case ColorMapId::Viridis:
            return tables::kViridis;
        case ColorMapId::Cividis:
            return tables::kCividis;
        case ColorMapId::Magma:
            return tables::kMagma;
        case ColorMapId::Blues:
            return interpolate(tables::kBlues);
        case ColorMapId::Greys:
            return interpolate(tables::kGreys);
        case ColorMapId::Diverging:
            break;
    }
    return diverging(palette.theme == Theme::Dark ? tables::kRedBlueDark : tables::kRedBlue, palette.card);
}

}  // namespace

std::span<const ColorMapId> sequentialColorMaps() {
    return kSequential;
}

const char* toString(ColorMapId id) {
    return kNames[static_cast<std::size_t>(id)];
}

std::optional<ColorMapId> colorMapFromString(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (name == kNames[i]) return static_cast<ColorMapId>(i);
    return std::nullopt;
}

QRgb ColorMap::darkText() {
    return palette(Theme::Dark).ground.rgb();
}
QRgb ColorMap::lightText() {
    return palette(Theme::Light).card.rgb();
}

ColorMap::ColorMap(ColorMapId id, Theme theme)
    : m_id(id),
      m_table(tableOf(id, palette(theme))),
      m_masked(palette(theme).masked.rgb()),
      m_maskedHatch(palette(theme).maskedHatch.rgb()) {
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const QColor cell(m_table[i]);
        m_darkText[i] = contrast(cell, QColor(darkText())) >= contrast(cell, QColor(lightText()));
    }
}

const ColorMap& ColorMap::of(ColorMapId id, Theme theme) {
    static const std::array<std::array<ColorMap, 6>, 2> maps = [] {
        const auto all = [](Theme t) {
            return std::array<ColorMap, 6>{
                ColorMap(ColorMapId::Viridis, t), ColorMap(ColorMapId::Cividis, t),
                ColorMap(ColorMapId::Magma, t),   ColorMap(ColorMapId::Blues, t),
                ColorMap(ColorMapId::Greys, t),   ColorMap(ColorMapId::Diverging, t)};
        };
        return std::array<std::array<ColorMap, 6>, 2>{all(Theme::Light), all(Theme::Dark)};
    }();
    return maps[static_cast<std::size_t>(theme)][static_cast<std::size_t>(id)];
}

int ColorMap::index(double t) {
    if (!(t > 0.0)) return 0;
    return t >= 1.0 ? 255 : static_cast<int>(std::lround(t * 255.0));
}

QRgb ColorMap::at(double t) const {
    return std::isnan(t) ? m_masked : m_table[static_cast<std::size_t>(index(t))];
}

}  // namespace attn::ui
