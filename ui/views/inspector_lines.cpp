#include "ui/views/inspector_lines.h"

#include "ui/model/error_text.h"
#include "ui/style/fonts.h"
#include "ui/style/palette.h"
#include "ui/views/inspector_text.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kHeadlinePx = 18, kCaptionPx = 12;
/// Below these, before zoom, sentence and value stand one below the other, and the sentence has two lines.
constexpr double kTwoLineWidth = 250, kThreeLineWidth = 200;
constexpr std::size_t kFirstTerms = 24;

int ceilInt(double value) {
    return static_cast<int>(std::ceil(value));
}

/// A token, or a word between tokens.
struct Word {
    QString text;
    Part part = Part::None;
    bool argument = false;
    bool spaced = false;  ///< a space stands before it
};

std::vector<Word> wordsOf(const Sentence& sentence) {
    std::vector<Word> words;
    const QString text = coreText(sentence.text);
    QString plain;
    bool spaced = false;
    const auto endWord = [&] {
        if (plain.isEmpty()) return;
        words.push_back({plain, Part::None, false, spaced});
        plain.clear();
        spaced = false;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int digit = i + 1 < text.size() ? text[i + 1].digitValue() : -1;
        if (text[i] == QLatin1Char('%') && digit >= 1 &&
            static_cast<std::size_t>(digit) <= sentence.arguments.size()) {
            endWord();
            const auto n = static_cast<std::size_t>(digit - 1);
            words.push_back({QString::fromStdString(sentence.arguments[n]), sentence.parts[n], true, spaced});
            spaced = false;
            ++i;
        } else if (text[i] == QLatin1Char(' ')) {
            endWord();
            spaced = true;
        } else {
            plain += text[i];
        }
    }
    endWord();
    return words;
}

bool changesText(const QEvent& event) {
    return event.type() == QEvent::FontChange || event.type() == QEvent::StyleChange;
}

}  // namespace

InspectorHeadline::InspectorHeadline(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void InspectorHeadline::setSentence(const Sentence& sentence, const QString& value) {
    m_sentence = sentence;
    m_value = value;
    setToolTip(sentenceText(sentence));
    update();
}

int InspectorHeadline::lines() const {
    const double room = width() / textZoom(*this);
    if (room < kThreeLineWidth) return 3;
    return room < kTwoLineWidth ? 2 : 1;
}

QSize InspectorHeadline::sizeHint() const {
    const QFontMetricsF metrics(textFont(kHeadlinePx * textZoom(*this), QFont::Bold));
    return {260, ceilInt(metrics.height() * lines())};
}

QSize InspectorHeadline::minimumSizeHint() const {
    return {120, sizeHint().height()};
}

void InspectorHeadline::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const QFont bold = textFont(kHeadlinePx * zoom, QFont::Bold);
    const QFont small = textFont(kBaseTextPx * zoom);
    const QFontMetricsF boldMetrics(bold);
    const QFontMetricsF smallMetrics(small);
    const double valueWidth = boldMetrics.horizontalAdvance(m_value);
    const double room = lines() == 1 ? width() - valueWidth - 12 * zoom : width();

    const std::vector<Word> words = wordsOf(m_sentence);
    const double space = smallMetrics.horizontalAdvance(QLatin1Char(' '));
    double plain = 0, wanted = 0;
    int arguments = 0;
    for (const Word& word : words) {
        if (word.spaced) plain += space;
        if (word.argument) {
            wanted += boldMetrics.horizontalAdvance(word.text);
            ++arguments;
        } else {
            plain += smallMetrics.horizontalAdvance(word.text);
        }
    }
    // Tokens that are too long share what the words leave.
    const int sentenceLines = std::max(1, lines() - 1);
    const double whole = room * sentenceLines;
    double share = wanted <= whole - plain || arguments == 0 ? room : (whole - plain) / arguments;
    share = std::clamp(share, 24 * zoom, room);
    double x = 0, top = 0;
    int line = 1;
    for (const Word& word : words) {
        const QFontMetricsF& metrics = word.argument ? boldMetrics : smallMetrics;
        QString text = word.argument ? metrics.elidedText(word.text, Qt::ElideRight, share) : word.text;
        if (x > 0 && word.spaced) x += space;
        if (x > 0 && x + metrics.horizontalAdvance(text) > room && line < sentenceLines) {
            x = 0;
            top += boldMetrics.height();
            ++line;
        }
        text = metrics.elidedText(text, Qt::ElideRight, std::max(0.0, room - x));
        painter.setFont(word.argument ? bold : small);
        painter.setPen(!word.argument || word.part == Part::None
                           ? (word.argument ? palette.text : palette.muted)
                           : palette.role(roleOf(word.part)));
        painter.drawText(QPointF(x, top + boldMetrics.ascent()), text);
        x += metrics.horizontalAdvance(text);
    }
    painter.setFont(bold);
    painter.setPen(palette.text);
    painter.drawText(
        QPointF(width() - valueWidth, boldMetrics.ascent() + (lines() - 1) * boldMetrics.height()), m_value);
}

void InspectorHeadline::resizeEvent(QResizeEvent* event) {
    updateGeometry();
    QWidget::resizeEvent(event);
}

void InspectorHeadline::changeEvent(QEvent* event) {
    if (changesText(*event)) updateGeometry();
    QWidget::changeEvent(event);
}

CaptionLine::CaptionLine(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void CaptionLine::setTexts(const QString& caption, const QString& numbers) {
    if (caption == m_caption && numbers == m_numbers) return;
    m_caption = caption;
    m_numbers = numbers;
    measure();
    update();
}

void CaptionLine::setStrong(bool captionBold, bool numbersBold) {
    m_captionBold = captionBold;
    m_numbersBold = numbersBold;
}

void CaptionLine::resetHeight() {
    m_lines = 1;
    measure();
    updateGeometry();
}

QStringList CaptionLine::wrapped() const {
    const double zoom = textZoom(*this);
    const QFontMetricsF caption(textFont(kCaptionPx * zoom, m_captionBold ? QFont::Bold : QFont::Normal));
    const QFontMetricsF number(numberFont(kCaptionPx * zoom, m_numbersBold ? QFont::Bold : QFont::Normal));
    if (m_numbers.isEmpty()) return {};
    const double gap = m_caption.isEmpty() ? 0 : 12 * zoom;
    if (caption.horizontalAdvance(m_caption) + gap + number.horizontalAdvance(m_numbers) <= width())
        return {m_numbers};
    QStringList lines;
    if (!m_caption.isEmpty()) lines.append(QString());  // the caption has the first line to itself
    QString line;
    for (const QString& word : m_numbers.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const QString longer = line.isEmpty() ? word : line + QLatin1Char(' ') + word;
        if (!line.isEmpty() && number.horizontalAdvance(longer) > width()) {
            lines.append(line);
            line = word;
        } else {
            line = longer;
        }
    }
    lines.append(line);
    return lines;
}

void CaptionLine::measure() {
    const int needed = std::max(1, static_cast<int>(wrapped().size()));
    if (needed <= m_lines) return;
    m_lines = needed;
    updateGeometry();
}

QSize CaptionLine::sizeHint() const {
    const double line = QFontMetricsF(textFont(kCaptionPx * textZoom(*this), QFont::Bold)).height() + 3;
    return {240, ceilInt(line * m_lines)};
}

QSize CaptionLine::minimumSizeHint() const {
    return {100, sizeHint().height()};
}

void CaptionLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const QFont caption = textFont(kCaptionPx * zoom, m_captionBold ? QFont::Bold : QFont::Normal);
    const QFont number = numberFont(kCaptionPx * zoom, m_numbersBold ? QFont::Bold : QFont::Normal);
    const QFontMetricsF captionMetrics(caption);
    const QFontMetricsF numberMetrics(number);
    const double line = captionMetrics.height() + 3;
    painter.setFont(caption);
    painter.setPen(palette.muted);
    painter.drawText(QPointF(0, captionMetrics.ascent()),
                     captionMetrics.elidedText(m_caption, Qt::ElideRight, width()));
    painter.setFont(number);
    painter.setPen(palette.text);
    const QStringList lines = wrapped();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString text = numberMetrics.elidedText(lines[i], Qt::ElideMiddle, width());
        painter.drawText(QPointF(width() - numberMetrics.horizontalAdvance(text),
                                 captionMetrics.ascent() + static_cast<double>(i) * line),
                         text);
    }
}

void CaptionLine::resizeEvent(QResizeEvent* event) {
    if (event->oldSize().width() != event->size().width()) resetHeight();
    QWidget::resizeEvent(event);
}

void CaptionLine::changeEvent(QEvent* event) {
    if (changesText(*event)) resetHeight();
    QWidget::changeEvent(event);
}

TermsLine::TermsLine(QWidget* parent) : QAbstractButton(parent) {
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Show every term"));
}

void TermsLine::setTerms(const ExplanationStep& step) {
    m_first.clear();
    m_count = step.terms.size();
    for (std::size_t i = 0; i < std::min(m_count, kFirstTerms); ++i)
        m_first.append(termText(step, step.terms[i]));
    setAccessibleName(tr("%1 terms").arg(m_count));
    update();
}

QString TermsLine::shownText(double width) const {
    const QFontMetricsF metrics(numberFont(kCaptionPx * textZoom(*this)));
    const QString plus = QStringLiteral(" + ");
    QString all = m_first.join(plus);
    if (static_cast<std::size_t>(m_first.size()) == m_count && metrics.horizontalAdvance(all) <= width)
        return all;
    const QString end = plus + QStringLiteral("…");
    QString text;
    for (const QString& term : m_first) {
        const QString longer = text.isEmpty() ? term : text + plus + term;
        if (!text.isEmpty() && metrics.horizontalAdvance(longer + end) > width) break;
        text = longer;
    }
    return text + end;
}

QSize TermsLine::sizeHint() const {
    const double line = QFontMetricsF(numberFont(kCaptionPx * textZoom(*this))).height() + 4;
    return {240, ceilInt(line)};
}

QSize TermsLine::minimumSizeHint() const {
    return {100, sizeHint().height()};
}

void TermsLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const QFont number = numberFont(kCaptionPx * zoom);
    const QFont small = textFont(kCaptionPx * zoom);
    const QFontMetricsF metrics(number);
    const QFontMetricsF smallMetrics(small);
    const QString count =
        tr("%1 terms").arg(m_count) + (isChecked() ? QStringLiteral(" ▴") : QStringLiteral(" ▾"));
    const double countWidth = smallMetrics.horizontalAdvance(count);
    painter.setFont(number);
    painter.setPen(palette.text);
    const double room = width() - countWidth - 8 * zoom;
    const QString shown = shownText(room);
    // Half a number would be a wrong one: without room for a term there is the count alone.
    if (metrics.horizontalAdvance(shown) <= room) painter.drawText(QPointF(0, metrics.ascent() + 2), shown);
    painter.setFont(small);
    painter.setPen(underMouse() ? palette.text : palette.muted);
    painter.drawText(QPointF(width() - countWidth, metrics.ascent() + 2), count);
    if (hasFocus()) {
        painter.setPen(palette.focus);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    }
}

void TermsLine::changeEvent(QEvent* event) {
    if (changesText(*event)) updateGeometry();
    QAbstractButton::changeEvent(event);
}

}  // namespace attn::ui
