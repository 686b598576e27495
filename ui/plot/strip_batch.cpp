#include "ui/plot/strip_batch.h"

#include "ui/plot/number_text.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kLeastCellPx = 2.5, kGapFromPx = 6, kNumbersFromPx = 30;
constexpr std::size_t kMostVectorCells = 128;
constexpr double kFaded = 0.22;  ///< of its colour, the rest is the card's

}  // namespace

StripBatch::StripBatch(const Palette& palette, const QFont& numberFont, bool vector)
    : m_palette(palette),
      m_map(ColorMap::of(ColorMapId::Diverging, palette.theme)),
      m_font(numberFont),
      m_vector(vector) {}

QRgb StripBatch::color(int index, State state) const {
    if (state == State::Empty) return m_palette.masked.rgb();
    const QRgb full = m_map.table()[static_cast<std::size_t>(index)];
    if (state == State::Normal) return full;
    const auto mix = [](int a, int b) {
        return static_cast<int>(std::lround(kFaded * a + (1 - kFaded) * b));
    };
    const QColor& card = m_palette.card;
    return qRgb(mix(qRed(full), card.red()), mix(qGreen(full), card.green()), mix(qBlue(full), card.blue()));
}

void StripBatch::add(const QRectF& rect, const std::vector<Cell>& cells, double range) {
    if (cells.empty() || rect.isEmpty()) return;
    const double each = rect.width() / static_cast<double>(cells.size());
    if (m_vector ? cells.size() > kMostVectorCells : each < kLeastCellPx) {
        addImage(rect, cells, range);
        return;
    }
    const double gap = each >= kGapFromPx ? 1 : 0;
    // On the screen edges lie between pixels, or they would be blurred.
    const auto edge = [&](std::size_t i) {
        const double x = rect.left() + static_cast<double>(i) * each;
        return m_vector ? x : std::round(x);
    };
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const QRectF cell(edge(i), rect.top(), edge(i + 1) - edge(i) - gap, rect.height());
        const int index = ColorMap::index(0.5 + 0.5 * cells[i].value / range);
        if (cells[i].state == State::Empty) {
            m_empty.push_back(cell);
            continue;
        }
        auto& group = cells[i].state == State::Faded ? m_faded : m_normal;
        group[static_cast<std::size_t>(index)].push_back(cell);
        if (each < kNumbersFromPx || cells[i].state != State::Normal) continue;
        m_numbers.push_back({cells[i].value, range, cell.width(), cell.center(), m_map.darkTextOn(index)});
    }
}

void StripBatch::addImage(const QRectF& rect, const std::vector<Cell>& cells, double range) {
    Strip strip{rect, {}};
    const std::size_t pixels =
        m_vector ? cells.size()
                 : std::min(cells.size(), static_cast<std::size_t>(std::max(1.0, 2 * rect.width())));
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::size_t begin = i * cells.size() / pixels;
        const std::size_t end = std::max(begin + 1, (i + 1) * cells.size() / pixels);
        const auto largest = std::max_element(
            cells.begin() + static_cast<std::ptrdiff_t>(begin),
            cells.begin() + static_cast<std::ptrdiff_t>(end),
            [](const Cell& a, const Cell& b) { return std::abs(a.value) < std::abs(b.value); });
        strip.pixels.push_back(color(ColorMap::index(0.5 + 0.5 * largest->value / range), largest->state));
    }
    m_images.push_back(std::move(strip));
}

void StripBatch::paint(QPainter& painter) {
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, m_vector);
    const auto draw = [&](const std::vector<QRectF>& cells, QRgb rgb) {
        if (cells.empty()) return;
        painter.setBrush(QColor(rgb));
        painter.drawRects(cells.data(), static_cast<int>(cells.size()));
    };
    for (std::size_t i = 0; i < m_normal.size(); ++i) {
        draw(m_normal[i], color(static_cast<int>(i), State::Normal));
        draw(m_faded[i], color(static_cast<int>(i), State::Faded));
    }
    draw(m_empty, color(0, State::Empty));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.setRenderHint(QPainter::LosslessImageRendering, true);
    for (const Strip& strip : m_images) {
        QImage image(static_cast<int>(strip.pixels.size()), 1, QImage::Format_RGB32);
        for (std::size_t i = 0; i < strip.pixels.size(); ++i)
            image.setPixel(static_cast<int>(i), 0, strip.pixels[i]);
        // Several pixels for each cell, so that no viewer blurs its way from one to the next.
        if (m_vector) image = image.scaled(4 * image.width(), 8);
        painter.drawImage(strip.rect, image);
    }
    paintNumbers(painter);
    painter.restore();
}

void StripBatch::paintNumbers(QPainter& painter) {
    if (m_numbers.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing, true);
    NumberBatch batch(m_font);
    for (const Number& number : m_numbers) {
        const auto format =
            numberFormat(Quantity::Signed, -number.range, number.range, batch.fitting(number.width - 4));
        if (format) batch.add(number.value, *format, number.centre, number.dark);
    }
    batch.paint(painter, QColor(ColorMap::lightText()), QColor(ColorMap::darkText()), m_vector);
}

}  // namespace attn::ui
