#pragma once
/// Numbers as text, and many of them painted fast.

#include "core/trace/trace.h"

#include <QFont>
#include <QPointF>
#include <QRawFont>
#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

class QPainter;

namespace attn::ui {

/// How all numbers of one matrix are written.
struct NumberFormat {
    int decimals = 2;
    bool scientific = false;  ///< "3e−5"
    bool bareFraction =
        false;  ///< probabilities: ".05", "1"; an exact 0 is "0", what only rounds to it ".00"
};

/// "−0.31": a real minus sign; never "−0.00".
[[nodiscard]] QString numberText(double value, const NumberFormat& format);
/// About three significant digits, for legends and tool tips: "0.55", "−13.4", "1.2e−5".
[[nodiscard]] QString shortNumber(double value, int significant = 3);

/// The most precise format, up to two decimals, in which every number of low … high is at most `characters`
/// long; none where that would say nothing.
[[nodiscard]] std::optional<NumberFormat> numberFormat(Quantity quantity, double low, double high,
                                                       int characters);

/// Collects numbers and paints each colour's in one call, with figures of equal width whatever the font's
/// are. (4,096 numbers: 19 ms as plot items, about 1 ms this way.)
class NumberBatch {
public:
    explicit NumberBatch(const QFont& font);

    /// Figures that fit side by side into a width; a decimal point costs nothing.
    [[nodiscard]] int fitting(double width) const;

    /// Centred at a point.
    void add(double value, const NumberFormat& format, const QPointF& centre, bool dark);
    /// As glyphs on a raster. On vector devices, where text shall stay text, as strings.
    void paint(QPainter& painter, const QColor& light, const QColor& dark, bool asStrings);

private:
    static constexpr std::size_t kSlots = 14;  // the figures and .-+e
    struct Placed {
        std::array<char, 14> text;
        std::uint8_t length;
        QPointF centre;
    };
    void paintGlyphs(QPainter& painter, const std::vector<Placed>& numbers) const;
    [[nodiscard]] static std::size_t slot(char character);

    QFont m_font;
    QRawFont m_raw;
    std::array<quint32, kSlots> m_glyphs{};
    std::array<double, kSlots> m_advances{};  ///< of the slot: figures all have the widest one's
    std::array<double, kSlots> m_offsets{};   ///< centres the glyph in its slot
    double m_digitWidth = 0, m_capHeight = 0;
    std::array<std::vector<Placed>, 2> m_groups;  ///< light, dark
};

}  // namespace attn::ui
