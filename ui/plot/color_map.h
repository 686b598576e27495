#pragma once
/// Colour maps: numbers to colours, the same in the window and in a figure.

#include "ui/style/palette.h"

#include <QRgb>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace attn::ui {

enum class ColorMapId : std::uint8_t {
    Viridis,
    Cividis,
    Magma,
    Blues,
    Greys,
    Diverging,  ///< red below 0, the card's colour at 0, blue above; one variant per theme
};

/// The maps for probabilities, in the order of a menu; viridis is the default.
[[nodiscard]] std::span<const ColorMapId> sequentialColorMaps();
/// "viridis", "cividis", "magma", "blues", "greys", "diverging": as in scenes and on the command line.
[[nodiscard]] const char* toString(ColorMapId id);
[[nodiscard]] std::optional<ColorMapId> colorMapFromString(std::string_view name);

class ColorMap {
public:
    /// Lasts for the program's lifetime.
    [[nodiscard]] static const ColorMap& of(ColorMapId id, Theme theme);

    /// t: 0 … 1, clamped. A NaN is shown as masked: it never gets a colour that means a number.
    [[nodiscard]] QRgb at(double t) const;
    /// The entry whose colour `at` returns: round(255·t).
    [[nodiscard]] static int index(double t);
    [[nodiscard]] const std::array<QRgb, 256>& table() const { return m_table; }
    [[nodiscard]] QRgb masked() const { return m_masked; }
    [[nodiscard]] QRgb maskedHatch() const { return m_maskedHatch; }

    /// White or near-black, whichever has more contrast on that entry (always at least 4.5:1).
    [[nodiscard]] QRgb textOn(int index) const { return darkTextOn(index) ? darkText() : lightText(); }
    [[nodiscard]] bool darkTextOn(int index) const { return m_darkText[static_cast<std::size_t>(index)]; }
    [[nodiscard]] static QRgb darkText();
    [[nodiscard]] static QRgb lightText();

    [[nodiscard]] ColorMapId id() const { return m_id; }

private:
    ColorMap(ColorMapId id, Theme theme);

    ColorMapId m_id;
    std::array<QRgb, 256> m_table{};
    std::array<bool, 256> m_darkText{};
    QRgb m_masked, m_maskedHatch;
};

}  // namespace attn::ui
