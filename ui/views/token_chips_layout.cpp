// Where the chips of a page lie, and where pages begin.
#include "ui/style/fonts.h"
#include "ui/views/token_chips.h"

#include <QLocale>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr int kMaxRows = 2;
constexpr double kTextPx = 14, kChipHeightPx = 30, kPaddingPx = 11, kGapPx = 8, kLargestPx = 180,
                 kSmallestPx = 30;
constexpr std::size_t kShownCharacters = 64;

int scaled(const QWidget& widget, double px) {
    return static_cast<int>(std::lround(px * textZoom(widget)));
}

}  // namespace

/// Places one thing after another in rows.
class TokenChips::Flow {
public:
    Flow(int width, int height, int gap) : m_width(width), m_height(height), m_gap(gap) {}

    [[nodiscard]] bool fits(int width) const {
        return m_x == 0 || m_x + width <= m_width || m_row + 1 < kMaxRows;
    }
    /// Whether something `width` wide and after it something `next` wide find a place.
    [[nodiscard]] bool fits(int width, int next) const {
        Flow copy = *this;
        if (!copy.fits(width)) return false;
        copy.place(width);
        return copy.fits(next);
    }
    QRect place(int width) {
        if (m_x > 0 && m_x + width > m_width) {
            m_x = 0;
            ++m_row;
        }
        const QRect at(m_x, m_row * (m_height + m_gap), std::min(width, m_width), m_height);
        m_x += width + m_gap;
        return at;
    }
    [[nodiscard]] int rows() const { return m_row + 1; }

private:
    int m_width, m_height, m_gap;
    int m_x = 0, m_row = 0;
};

QString TokenChips::moreText(int number, bool before) const {
    const QString n = QLocale().toString(number);
    return before ? tr("‹ %1 before").arg(n) : tr("… %1 more ›").arg(n);
}

QFont TokenChips::chipFont(bool bold) const {
    return textFont(kTextPx * textZoom(*this), bold ? QFont::DemiBold : QFont::Normal);
}

const TokenChips::Chip& TokenChips::measured(int index) {
    Chip& chip = m_measured[static_cast<std::size_t>(index)];
    if (chip.rect.width() > 0) return chip;
    // Room for the bold face, so that choosing a token moves no other.
    const QFontMetrics metrics(m_boldFont);
    const Token& token = m_tokens.items[static_cast<std::size_t>(index)];
    const int padding = scaled(*this, kPaddingPx);
    const int largest = std::max(1, std::min(scaled(*this, kLargestPx), width()) - 2 * padding);
    chip.text = QString::fromStdString(displayText(token.text, kShownCharacters));
    int advance = metrics.horizontalAdvance(chip.text);
    if (advance > largest) {
        chip.text = metrics.elidedText(chip.text, Qt::ElideMiddle, largest);
        advance = metrics.horizontalAdvance(chip.text);
    }
    chip.rect = QRect(0, 0, std::max(advance + 2 * padding, scaled(*this, kSmallestPx)), 0);
    return chip;
}

void TokenChips::forgetMeasures() {
    m_boldFont = chipFont(true);
    m_measured.assign(m_tokens.items.size(), {});
}

TokenChips::Page TokenChips::layOut(int first) {
    const QFontMetrics metrics(font());
    const int padding = scaled(*this, kPaddingPx);
    const int countWidth = metrics.horizontalAdvance(countText());
    const auto moreWidth = [&](int number, bool before) {
        return number > 0 ? metrics.horizontalAdvance(moreText(number, before)) + 2 * padding : 0;
    };
    const int onwards = moreWidth(count(), false) + scaled(*this, kGapPx);  // at most
    Page page;
    page.first = first;
    Flow flow(std::max(1, width()), scaled(*this, kChipHeightPx), scaled(*this, kGapPx));
    if (first > 0) page.before = flow.place(moreWidth(first, true));
    int index = first;
    for (; index < count(); ++index) {
        Chip next = measured(index);
        const int left = count() - index - 1;
        // What has to stand behind the last chip: the count, and before it the way to the next page.
        const int tail = (left > 0 ? onwards : 0) + countWidth;
        const bool some = !page.chips.empty();
        if (some && !flow.fits(next.rect.width(), tail)) {
            // It may still be that everything that is left fits where the way onwards does not.
            if (left > 3) break;
            Flow trial = flow;
            bool all = true;
            for (int rest = index; rest < count() && all; ++rest) {
                const int needed = measured(rest).rect.width();
                all = rest + 1 < count() ? trial.fits(needed) : trial.fits(needed, countWidth);
                trial.place(needed);
            }
            if (!all) break;
        }
        next.rect = flow.place(next.rect.width());
        page.chips.push_back(std::move(next));
    }
    if (index < count()) page.after = flow.place(moreWidth(count() - index, false));
    page.count = flow.place(countWidth);
    page.rows = flow.rows();
    return page;
}

void TokenChips::arrange() {
    // Pages begin where those before them end: walk to the one that holds the token that stood first.
    const int wanted = std::clamp(m_first, 0, std::max(0, count() - 1));
    m_pages.assign(1, 0);
    Page page = layOut(0);
    while (page.end() <= wanted && page.end() < count()) {
        m_pages.push_back(page.end());
        page = layOut(page.end());
    }
    take(std::move(page));
}

void TokenChips::take(Page page) {
    m_first = page.first;
    m_chips = std::move(page.chips);
    m_before = page.before;
    m_after = page.after;
    m_countRect = page.count;
    m_rows = std::max(page.rows, m_pages.size() > 1 ? kMaxRows : 1);
    const int height = minimumSizeHint().height();
    if (minimumHeight() != height || maximumHeight() != height) setFixedHeight(height);
    update();
}

void TokenChips::showToken(int index) {
    if (index < 0 || index >= count() || (index >= m_first && index < endVisible())) return;
    if (index < m_first) {
        while (m_pages.size() > 1 && m_pages.back() > index) m_pages.pop_back();
        take(layOut(m_pages.back()));
        return;
    }
    while (index >= endVisible() && endVisible() < count()) {
        m_pages.push_back(endVisible());
        take(layOut(m_pages.back()));
    }
}

void TokenChips::turnPage(int direction) {
    if (direction > 0 && endVisible() < count()) {
        showToken(endVisible());
    } else if (direction < 0 && m_first > 0) {
        showToken(m_first - 1);
    }
}

QSize TokenChips::sizeHint() const {
    return {scaled(*this, 400), minimumSizeHint().height()};
}

QSize TokenChips::minimumSizeHint() const {
    const int height = scaled(*this, kChipHeightPx), gap = scaled(*this, kGapPx);
    return {scaled(*this, 120), m_rows * (height + gap) - gap};
}

void TokenChips::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int largest = scaled(*this, kLargestPx);
    if (std::min(width(), largest) != std::min(event->oldSize().width(), largest)) forgetMeasures();
    arrange();
}

}  // namespace attn::ui
