#include "ui/plot/neurons_layout.h"

#include "ui/style/fonts.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace attn::ui {

bool NeuronsData::isMasked(Index key) const {
    return !std::isfinite(row->all.scores[static_cast<std::size_t>(key)]);
}

bool NeuronsData::sameFrame(const NeuronsData& other) const {
    const auto same = [](const Labels& a, const Labels& b) { return a == b || (a && b && *a == *b); };
    const auto sameWords = [](const NeuronsWord& a, const NeuronsWord& b) {
        return a.line == b.line && a.count == b.count;
    };
    if (!std::equal(words.begin(), words.end(), other.words.begin(), other.words.end(), sameWords))
        return false;
    return same(keys, other.keys) && query == other.query && shown == other.shown &&
           columns == other.columns && anyOff == other.anyOff && scoreTitle == other.scoreTitle &&
           weightTitle == other.weightTitle;
}

namespace {

constexpr double kTextPx = 13, kTitlePx = 12, kNumberPx = 12, kSmallPx = 10;
constexpr double kLinePx = 25, kStripPx = 17, kGapPx = 14;
constexpr double kLeastStripPx = 100, kMostTokenPx = 150, kNumberPadPx = 8;
constexpr double kBarPx = 56, kBracketPx = 14, kLeastTokenPx = 48;

double widestToken(const NeuronsData& data, const QFontMetricsF& metrics, double most) {
    double widest = metrics.horizontalAdvance(visibleText(data.query));
    for (const Index key : data.shown) {
        if (widest >= most) return most;
        widest = std::max(widest, metrics.horizontalAdvance(visibleText((*data.keys)[key])));
    }
    return std::min(widest, most);
}

}  // namespace

QRectF NeuronsLayout::strip(const Span& span, const QRectF& line) const {
    return {span.left, line.top() + (line.height() - stripHeight) / 2, span.width, stripHeight};
}

QRectF NeuronsLayout::cell(const Span& span, const QRectF& line, Index column) const {
    const QRectF all = strip(span, line);
    const double each = span.width / static_cast<double>(columns);
    return {span.left + static_cast<double>(column) * each, all.top(), each, all.height()};
}

Index NeuronsLayout::columnAt(const Span& span, double x) const {
    if (!span.contains(x) || columns == 0) return -1;
    const auto column = static_cast<Index>((x - span.left) / span.width * static_cast<double>(columns));
    return std::min(column, columns - 1);
}

NeuronsLayout layOutNeurons(const NeuronsData& data, double width, double zoom) {
    NeuronsLayout layout;
    layout.zoom = zoom;
    layout.font = textFont(kTextPx * zoom);
    layout.boldFont = textFont(kTextPx * zoom, QFont::Bold);
    layout.titleFont = textFont(kTitlePx * zoom, QFont::DemiBold);
    layout.numberFont = numberFont(kNumberPx * zoom);
    layout.smallFont = numberFont(kSmallPx * zoom);
    layout.width = width;
    if (data.isEmpty()) return layout;
    layout.lines = data.lines();
    layout.columns = static_cast<Index>(data.columns.size());
    const QFontMetricsF titles(layout.titleFont), numbers(layout.numberFont), small(layout.smallFont);
    layout.lineHeight = std::max(std::round(kLinePx * zoom), std::ceil(QFontMetricsF(layout.font).height()));
    layout.stripHeight = std::round(kStripPx * zoom);
    layout.titleHeight = std::ceil(titles.height()) + 6 * zoom;
    layout.dimensionHeight = std::ceil(small.height()) + 2 * zoom;
    layout.headHeight = layout.titleHeight + layout.dimensionHeight + layout.lineHeight + 8 * zoom;

    const double gap = kGapPx * zoom, bar = kBarPx * zoom;
    const double number =
        std::ceil(numbers.horizontalAdvance(QStringLiteral("−0.0000"))) + kNumberPadPx * zoom;
    const double titleRoom = titles.horizontalAdvance(data.scoreTitle) + 4 * zoom;
    const double kept = data.anyOff ? number : 0;
    const double token =
        std::max(kLeastTokenPx * zoom,
                 std::ceil(widestToken(data, QFontMetricsF(layout.boldFont), kMostTokenPx * zoom)));
    const double score = std::max(number, titleRoom - kept);
    const double weightRoom = titles.horizontalAdvance(data.weightTitle) + 4 * zoom;
    const double weightBar = std::max(bar, std::ceil(weightRoom - number - kept));
    const double word = data.words.empty() ? 0 : kBracketPx * zoom + number;
    const double fixed =
        token + bar + number + kept + score + kept + weightBar + number + kept + word + 6 * gap;
    const double strip = std::max(kLeastStripPx * zoom, std::floor((width - fixed) / 2));
    double x = gap / 2;
    const auto place = [&x](NeuronsLayout::Span& span, double wide, double after) {
        span = {x, wide};
        x += wide + after;
    };
    place(layout.token, token, gap / 2);
    place(layout.factors, strip, gap);
    place(layout.terms, strip, gap);
    place(layout.sumBar, bar, 0);
    place(layout.sum, number, 0);
    place(layout.keptSum, kept, gap / 2);
    place(layout.score, score, 0);
    place(layout.keptScore, kept, gap);
    place(layout.weightBar, weightBar, 0);
    place(layout.weight, number, 0);
    place(layout.keptWeight, kept, 0);
    place(layout.word, word, gap / 2);
    layout.width = std::max(width, x);
    const double label = small.horizontalAdvance(QString::number(data.head->width() - 1)) + 5 * zoom;
    layout.labelStep =
        std::max(1, static_cast<int>(std::ceil(label * static_cast<double>(layout.columns) / strip)));
    return layout;
}

}  // namespace attn::ui
