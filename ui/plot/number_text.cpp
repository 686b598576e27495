#include "ui/plot/number_text.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace attn::ui {

namespace {

constexpr QStringView kAlphabet(u"0123456789.−+e");

/// Writes at most out.size() characters with an ASCII minus; returns how many. Too long a number (of a format
/// that does not fit it) becomes scientific.
std::uint8_t write(double value, const NumberFormat& format, std::array<char, 14>& out) {
    if (value == 0.0) {
        out[0] = '0';
        return 1;
    }
    if (format.bareFraction && value == 1.0) {
        out[0] = '1';
        return 1;
    }
    std::array<char, 40> buffer;
    const bool large = std::abs(value) >= 1e9;
    const auto kind = format.scientific || large ? std::chars_format::scientific : std::chars_format::fixed;
    const std::to_chars_result result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                                      kind, std::min(format.decimals, 6));
    if (result.ec != std::errc()) return 0;
    std::string_view text(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
    const std::size_t e = text.find('e');
    const bool zero = text.substr(0, e).find_first_of("123456789") == std::string_view::npos;
    if (zero && text.front() == '-') text.remove_prefix(1);
    if (format.bareFraction && e == std::string_view::npos) {
        // 0.996 rounds to 1.00: "1.0" is as wide as ".99" and is not the exact 1.
        if (text.front() == '0')
            text.remove_prefix(1);
        else if (text.front() == '1' && text.size() > 3)
            text.remove_suffix(1);
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size() && length < out.size(); ++i) {
        // "1.2e+05" is 1.2e5.
        const bool exponent = e != std::string_view::npos && i > text.find('e');
        const bool padding = exponent && (text[i] == '+' || (text[i] == '0' && i + 1 < text.size() &&
                                                             (text[i - 1] == '+' || text[i - 1] == '-')));
        if (!padding) out[length++] = text[i];
    }
    return static_cast<std::uint8_t>(length);
}

QString toText(const std::array<char, 14>& characters, std::uint8_t length) {
    return QString::fromLatin1(characters.data(), length).replace(u'-', QChar(u'−'));
}

}  // namespace

QString numberText(double value, const NumberFormat& format) {
    std::array<char, 14> characters{};
    return toText(characters, write(value, format, characters));
}

QString shortNumber(double value, int significant) {
    if (value == 0.0 || !std::isfinite(value)) return QString::number(value).replace(u'-', QChar(u'−'));
    const double size = std::abs(value);
    if (size < 1e-3 || size >= 1e5)
        return numberText(value, {size >= 1e5 ? 1 : std::max(0, significant - 2), true});
    const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
    QString text = numberText(value, {std::clamp(significant - before, 0, 6)});
    if (text.contains(u'.')) {
        while (text.endsWith(u'0')) text.chop(1);
        if (text.endsWith(u'.')) text.chop(1);
    }
    return text;
}

std::optional<NumberFormat> numberFormat(Quantity quantity, double low, double high, int characters) {
    if (quantity == Quantity::Probability) {
        if (characters < 2) return std::nullopt;
        return NumberFormat{2, false, true};
    }
    const double size = std::max(std::abs(low), std::abs(high));
    const int sign = low < 0 ? 1 : 0;
    if (size >= 1e4 || (size > 0 && size < 0.05)) {
        // "3e−5" and "3e10" both have an exponent of two characters.
        if (characters < 4 + sign) return std::nullopt;
        return NumberFormat{characters >= 5 + sign ? 1 : 0, true, false};
    }
    // 9.99 may be written as 10.0.
    const double rounded = size * 1.0055;
    const int before = rounded < 10 ? 1 : static_cast<int>(std::floor(std::log10(rounded))) + 1;
    const int wanted = before == 1 ? 2 : before == 2 ? 1 : 0;
    const int room = characters - before - sign;
    if (room < 0 || (before == 1 && room < 1)) return std::nullopt;
    return NumberFormat{std::clamp(room, 0, wanted), false, false};
}

NumberBatch::NumberBatch(const QFont& font) : m_font(font), m_raw(QRawFont::fromFont(font)) {
    const auto glyphs = m_raw.glyphIndexesForString(kAlphabet.toString());
    const auto advances = m_raw.advancesForGlyphIndexes(glyphs);
    const std::size_t count = std::min(
        {static_cast<std::size_t>(glyphs.size()), static_cast<std::size_t>(advances.size()), kSlots});
    for (std::size_t i = 0; i < count; ++i) {
        m_glyphs[i] = glyphs[static_cast<qsizetype>(i)];
        m_advances[i] = advances[static_cast<qsizetype>(i)].x();
    }
    m_digitWidth = std::max(1.0, *std::max_element(m_advances.begin(), m_advances.begin() + 10));
    for (std::size_t i = 0; i < 10; ++i) {
        m_offsets[i] = (m_digitWidth - m_advances[i]) / 2;
        m_advances[i] = m_digitWidth;
    }
    m_capHeight = m_raw.capHeight() > 0 ? m_raw.capHeight() : m_raw.ascent() * 0.72;
}

std::size_t NumberBatch::slot(char character) {
    switch (character) {
        case '.':
            return 10;
        case '-':
            return 11;
        case '+':
            return 12;
        case 'e':
            return 13;
        default:
            return static_cast<std::size_t>(character - '0');
    }
}

int NumberBatch::fitting(double width) const {
    return static_cast<int>(std::max(0.0, width - m_advances[slot('.')]) / m_digitWidth + 0.05);
}

void NumberBatch::add(double value, const NumberFormat& format, const QPointF& centre, bool dark) {
    if (!std::isfinite(value)) return;
    Placed& placed = m_groups[dark ? 1 : 0].emplace_back();
    placed.centre = centre;
    placed.length = write(value, format, placed.text);
}

void NumberBatch::paint(QPainter& painter, const QColor& light, const QColor& dark, bool asStrings) {
    painter.setFont(m_font);
    const QFontMetricsF metrics(m_font);
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        if (m_groups[g].empty()) continue;
        painter.setPen(g == 1 ? dark : light);
        if (!asStrings) {
            paintGlyphs(painter, m_groups[g]);
            continue;
        }
        for (const Placed& placed : m_groups[g]) {
            const QString text = toText(placed.text, placed.length);
            painter.drawText(placed.centre + QPointF(-metrics.horizontalAdvance(text) / 2, m_capHeight / 2),
                             text);
        }
    }
}

void NumberBatch::paintGlyphs(QPainter& painter, const std::vector<Placed>& numbers) const {
    QList<quint32> glyphs;
    QList<QPointF> positions;
    glyphs.reserve(5 * static_cast<qsizetype>(numbers.size()));
    positions.reserve(5 * static_cast<qsizetype>(numbers.size()));
    for (const Placed& placed : numbers) {
        double width = 0;
        for (std::size_t i = 0; i < placed.length; ++i) width += m_advances[slot(placed.text[i])];
        QPointF at = placed.centre + QPointF(-width / 2, m_capHeight / 2);
        for (std::size_t i = 0; i < placed.length; ++i) {
            const std::size_t s = slot(placed.text[i]);
            glyphs.append(m_glyphs[s]);
            positions.append(at + QPointF(m_offsets[s], 0));
            at.rx() += m_advances[s];
        }
    }
    QGlyphRun run;
    run.setRawFont(m_raw);
    run.setGlyphIndexes(glyphs);
    run.setPositions(positions);
    painter.drawGlyphRun(QPointF(), run);
}

}  // namespace attn::ui
