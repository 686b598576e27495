#include "ui/plot/neurons_painter.h"

#include "ui/plot/number_text.h"
#include "ui/plot/strip_batch.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

using Span = NeuronsLayout::Span;

struct NeuronsText {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::NeuronsText)
};

constexpr double kFigureWidthPx = 1000;

/// Everything that the parts of one picture share.
struct Canvas {
    QPainter& painter;
    const NeuronsData& data;
    const NeuronsLayout& layout;
    const Palette& palette;
    const NeuronsMarks& marks;
    StripBatch batch;

    Canvas(QPainter& p, const NeuronsData& d, const NeuronsLayout& l, const Palette& c, const NeuronsMarks& m,
           bool vector)
        : painter(p), data(d), layout(l), palette(c), marks(m), batch(c, l.smallFont, vector) {}

    void text(const QFont& font, const QColor& color, const QRectF& room, int align, const QString& what) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(room, align | Qt::AlignVCenter | Qt::TextSingleLine, what);
    }
    void elided(const QFont& font, const QColor& color, const QRectF& room, const QString& what) {
        text(font, color, room, Qt::AlignLeft,
             QFontMetricsF(font).elidedText(visibleText(what), Qt::ElideRight, room.width()));
    }
    [[nodiscard]] QRectF room(const Span& span, const QRectF& line) const {
        return {span.left, line.top(), span.width, line.height()};
    }
    void number(const Span& span, const QRectF& line, const QString& what, bool strong) {
        if (span.width <= 0) return;
        text(layout.numberFont, strong ? palette.text : palette.muted, room(span, line), Qt::AlignRight,
             what);
    }
};

QString scoreText(float score) {
    return std::isfinite(score) ? shortNumber(static_cast<double>(score)) : QStringLiteral("−∞");
}

QString weightText(float weight) {
    return numberText(static_cast<double>(weight), {3, false, false});
}

/// A strip of factors or terms of one line.
template <typename ValueOf>
void addStrip(Canvas& canvas, const Span& span, const QRectF& line, double range, bool terms,
              const ValueOf& valueOf) {
    std::vector<StripBatch::Cell> cells;
    cells.reserve(canvas.data.columns.size());
    for (const Index dimension : canvas.data.columns) {
        StripBatch::State state = StripBatch::State::Normal;
        if (canvas.data.isOff(dimension)) state = terms ? StripBatch::State::Empty : StripBatch::State::Faded;
        cells.push_back({valueOf(dimension), state});
    }
    canvas.batch.add(canvas.layout.strip(span, line), cells, range);
}

/// A sum with a sign on a zero line in the middle. Where something is off the old one is an outline.
void paintSumBar(Canvas& canvas, const QRectF& line, float all, float kept) {
    const QRectF room = canvas.room(canvas.layout.sumBar, line);
    const double half = room.width() / 2 - 2, high = canvas.layout.stripHeight * 0.6;
    const auto bar = [&](float sum) {
        const double length = std::clamp(static_cast<double>(sum) / canvas.data.sumRange, -1.0, 1.0) * half;
        return QRectF(std::min(0.0, length) + room.center().x(), room.center().y() - high / 2,
                      std::abs(length), high);
    };
    QPainter& painter = canvas.painter;
    painter.fillRect(bar(kept), kept < 0 ? canvas.palette.negative : canvas.palette.positive);
    if (canvas.data.anyOff) {
        painter.setPen(QPen(canvas.palette.muted, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(bar(all));
    }
    painter.fillRect(QRectF(room.center().x() - 0.5, line.top() + 3, 1, line.height() - 6),
                     canvas.palette.line);
}

void paintWeightBar(Canvas& canvas, const QRectF& line, float all, float kept, bool current) {
    const QRectF room = canvas.room(canvas.layout.weightBar, line);
    const double high = canvas.layout.stripHeight * 0.6;
    const QRectF groove(room.left(), room.center().y() - high / 2, room.width(), high);
    const auto part = [&](float weight) {
        return QRectF(groove.left(), groove.top(), groove.width() * static_cast<double>(weight), high);
    };
    canvas.painter.fillRect(groove, canvas.palette.chip);
    canvas.painter.fillRect(part(kept), current ? canvas.palette.key : canvas.palette.bar);
    if (!canvas.data.anyOff) return;
    canvas.painter.setPen(QPen(canvas.palette.muted, 1));
    canvas.painter.setBrush(Qt::NoBrush);
    canvas.painter.drawRect(part(all));
}

void paintLine(Canvas& canvas, Index index) {
    const NeuronsData& data = canvas.data;
    const NeuronsLayout& layout = canvas.layout;
    const Index key = data.shown[static_cast<std::size_t>(index)];
    const auto place = static_cast<std::size_t>(key);
    const QRectF line = layout.line(index);
    const bool current = canvas.marks.key == key, masked = data.isMasked(key);
    if (current) {
        canvas.painter.fillRect(line, canvas.palette.hover);
        canvas.painter.fillRect(QRectF(line.left(), line.top() + 2, 3 * layout.zoom, line.height() - 4),
                                canvas.palette.key);
    }
    const QColor color = current ? canvas.palette.key : masked ? canvas.palette.muted : canvas.palette.text;
    canvas.elided(current ? layout.boldFont : layout.font, color, canvas.room(layout.token, line),
                  (*data.keys)[key]);
    const MatrixView right = data.head->right();
    addStrip(canvas, layout.factors, line, data.factorRange, false,
             [&](Index d) { return static_cast<double>(right(key, d)); });
    addStrip(canvas, layout.terms, line, data.termRange, true,
             [&](Index d) { return data.head->term(*data.row, key, d); });
    const QueryScores &all = data.row->all, &kept = data.row->kept;
    paintSumBar(canvas, line, all.raw[place], kept.raw[place]);
    paintWeightBar(canvas, line, all.weights[place], kept.weights[place], current);
    const bool strong = !data.anyOff && !masked;
    canvas.number(layout.sum, line, shortNumber(static_cast<double>(all.raw[place])), strong);
    canvas.number(layout.score, line, scoreText(all.scores[place]), strong);
    canvas.number(layout.weight, line, weightText(all.weights[place]), strong);
    canvas.number(layout.keptSum, line, shortNumber(static_cast<double>(kept.raw[place])), !masked);
    canvas.number(layout.keptScore, line, scoreText(kept.scores[place]), !masked);
    canvas.number(layout.keptWeight, line, weightText(kept.weights[place]), !masked);
}

/// A bracket beside the pieces of a word, and their weight together.
void paintWord(Canvas& canvas, const NeuronsWord& word) {
    const NeuronsLayout& layout = canvas.layout;
    const QRectF lines = layout.line(word.line).united(layout.line(word.line + word.count - 1));
    const double left = layout.word.left + 4 * layout.zoom, tick = 4 * layout.zoom;
    const double top = lines.top() + 4 * layout.zoom, bottom = lines.bottom() - 4 * layout.zoom;
    const QPointF bracket[] = {{left, top}, {left + tick, top}, {left + tick, bottom}, {left, bottom}};
    canvas.painter.setPen(QPen(canvas.palette.muted, 1.2 * layout.zoom));
    canvas.painter.drawPolyline(bracket, 4);
    canvas.number(layout.word, lines, weightText(canvas.data.anyOff ? word.kept : word.weight), true);
}

/// The numbers of the dimensions above the strips; those that are off are struck out.
void paintDimensions(Canvas& canvas, const Span& span) {
    const NeuronsLayout& layout = canvas.layout;
    const QRectF line(0, layout.titleHeight, layout.width, layout.dimensionHeight);
    QFont struck = layout.smallFont;
    struck.setStrikeOut(true);
    for (Index column = 0; column < layout.columns; column += layout.labelStep) {
        const Index dimension = canvas.data.columns[static_cast<std::size_t>(column)];
        const QPointF middle = layout.cell(span, line, column).center();
        const double wide = 60 * layout.zoom;
        const bool off = canvas.data.isOff(dimension);
        canvas.text(off ? struck : layout.smallFont, off ? canvas.palette.warning : canvas.palette.muted,
                    {middle.x() - wide / 2, line.top(), wide, line.height()}, Qt::AlignHCenter,
                    QString::number(dimension));
    }
}

void paintTitles(Canvas& canvas) {
    const NeuronsLayout& layout = canvas.layout;
    const QRectF line(0, 0, layout.width, layout.titleHeight);
    const NeuronHead& head = *canvas.data.head;
    const auto title = [&](const Span& from, const Span& to, const QColor& color, int align,
                           const QString& what) {
        const QRectF room(from.left, 0, to.right() - from.left, line.height());
        canvas.text(layout.titleFont, color, room, align,
                    QFontMetricsF(layout.titleFont).elidedText(what, Qt::ElideRight, room.width()));
    };
    title(layout.factors, layout.factors, canvas.palette.key, Qt::AlignLeft,
          QString::fromUtf8(head.rightName()));
    title(layout.terms, layout.terms, canvas.palette.text, Qt::AlignLeft, QString::fromUtf8(head.termName()));
    title(layout.sumBar, layout.keptSum, canvas.palette.text, Qt::AlignRight,
          NeuronsText::tr("Σ = raw score"));
    title(layout.score, layout.keptScore, canvas.palette.text, Qt::AlignRight, canvas.data.scoreTitle);
    title(layout.weightBar, layout.keptWeight, canvas.palette.text, Qt::AlignRight, canvas.data.weightTitle);
    if (layout.word.width > 0)
        title(layout.word, layout.word, canvas.palette.text, Qt::AlignRight, NeuronsText::tr("word"));
}

/// A frame around a column of a strip, from one line to another.
void paintColumnFrame(Canvas& canvas, const Span& span, Index dimension, const QRectF& from, const QRectF& to,
                      const QColor& color) {
    const auto& columns = canvas.data.columns;
    const auto found = std::find(columns.begin(), columns.end(), dimension);
    if (found == columns.end()) return;
    const auto column = static_cast<Index>(found - columns.begin());
    canvas.painter.setBrush(Qt::NoBrush);
    canvas.painter.setPen(QPen(color, 1.5 * canvas.layout.zoom));
    const QRectF frame = canvas.layout.cell(span, from, column).united(canvas.layout.cell(span, to, column));
    canvas.painter.drawRect(frame.adjusted(-0.5, -1.5, 0.5, 1.5));
}

/// Around what the pointer is over, and what the keyboard is at.
void paintFrames(Canvas& canvas, const Span& span, const QRectF& from, const QRectF& to) {
    const NeuronsMarks& marks = canvas.marks;
    if (marks.hovered.dimension >= 0)
        paintColumnFrame(canvas, span, marks.hovered.dimension, from, to, canvas.palette.text);
    if (marks.focused && marks.dimension >= 0)
        paintColumnFrame(canvas, span, marks.dimension, from, to, canvas.palette.focus);
}

}  // namespace

void paintNeuronsHead(QPainter& painter, const NeuronsData& data, const NeuronsLayout& layout,
                      const Palette& palette, const NeuronsMarks& marks, bool vector) {
    if (layout.isEmpty()) return;
    Canvas canvas(painter, data, layout, palette, marks, vector);
    paintTitles(canvas);
    paintDimensions(canvas, layout.factors);
    const QRectF line = layout.queryLine();
    canvas.elided(layout.boldFont, palette.query, canvas.room(layout.token, line), data.query);
    addStrip(canvas, layout.factors, line, data.factorRange, false,
             [&](Index d) { return static_cast<double>(data.row->left[static_cast<std::size_t>(d)]); });
    const auto outer = data.head->outer();
    if (!outer.empty()) {
        addStrip(canvas, layout.terms, line, data.termRange, false,
                 [&](Index d) { return static_cast<double>(outer[static_cast<std::size_t>(d)]); });
    }
    canvas.batch.paint(painter);
    const double after = 8 * layout.zoom;
    if (outer.empty()) {
        canvas.elided(
            layout.font, palette.muted, canvas.room(layout.terms, line),
            NeuronsText::tr("← %1, times each %2 below")
                .arg(QString::fromUtf8(data.head->leftName()), QString::fromUtf8(data.head->rightName())));
    } else {
        QRectF beside = canvas.room(layout.sumBar, line);
        beside.setRight(layout.keptWeight.right());
        canvas.elided(layout.font, palette.muted, beside,
                      NeuronsText::tr("← left %1, right w").arg(QString::fromUtf8(data.head->leftName())));
    }
    painter.fillRect(QRectF(0, layout.headHeight - after / 2, layout.width, 1), palette.line);
    paintFrames(canvas, layout.factors, line, line);
    if (!outer.empty()) paintFrames(canvas, layout.terms, line, line);
}

void paintNeuronsLines(QPainter& painter, const NeuronsData& data, const NeuronsLayout& layout,
                       const Palette& palette, const NeuronsMarks& marks, Index first, Index last,
                       bool vector) {
    if (layout.isEmpty() || first >= last) return;
    Canvas canvas(painter, data, layout, palette, marks, vector);
    for (Index i = first; i < last; ++i) paintLine(canvas, i);
    canvas.batch.paint(painter);
    for (const NeuronsWord& word : data.words)
        if (word.line < last && word.line + word.count > first) paintWord(canvas, word);
    for (const Span& span : {layout.factors, layout.terms})
        paintFrames(canvas, span, layout.line(first), layout.line(last - 1));
}

QSizeF NeuronsPanel::naturalSize() const {
    const NeuronsLayout layout = layOutNeurons(m_data, kFigureWidthPx, 1);
    return {layout.width, layout.headHeight + layout.bodyHeight()};
}

void NeuronsPanel::paint(QPainter& painter, const QRectF& room, const Palette& palette, bool vector) const {
    NeuronsLayout layout = layOutNeurons(m_data, room.width(), 1);
    // Smaller where it has to be.
    const double high = layout.headHeight + layout.bodyHeight();
    const double factor = std::min({1.0, room.width() / layout.width, room.height() / std::max(1.0, high)});
    if (factor < 1) layout = layOutNeurons(m_data, room.width() / factor, 1);
    painter.save();
    painter.translate(room.topLeft());
    painter.scale(factor, factor);
    paintNeuronsHead(painter, m_data, layout, palette, m_marks, vector);
    painter.translate(0, layout.headHeight);
    paintNeuronsLines(painter, m_data, layout, palette, m_marks, 0, layout.lines, vector);
    painter.restore();
}

}  // namespace attn::ui
