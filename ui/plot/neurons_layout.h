#pragma once
/// Where the parts of a picture of neurons go. Geometry alone, the same for widget and figure.

#include "ui/plot/neurons_data.h"

#include <QFont>
#include <QRectF>

namespace attn::ui {

struct NeuronsLayout {
    /// A column of the picture, from left to right.
    struct Span {
        double left = 0, width = 0;
        [[nodiscard]] double right() const { return left + width; }
        [[nodiscard]] bool contains(double x) const { return width > 0 && x >= left && x < right(); }
    };
    QFont font, boldFont, titleFont, numberFont, smallFont;
    double zoom = 1, width = 0;
    double headHeight = 0;  ///< titles, dimensions, the query's line: stays while keys scroll
    double titleHeight = 0, dimensionHeight = 0;
    double lineHeight = 0, stripHeight = 0;
    Index lines = 0, columns = 0;
    int labelStep = 1;  ///< every step-th dimension has its number above it
    /// `kept…`: what is left where dimensions are off; without width where none is.
    Span token, factors, terms, sumBar, sum, keptSum, score, keptScore, weightBar, weight, keptWeight;
    Span word;  ///< brackets around the pieces of a word, and its weight; without width where there are none

    [[nodiscard]] bool isEmpty() const { return lines == 0 || columns == 0; }
    /// Of a line of keys below the head, from y = 0.
    [[nodiscard]] QRectF line(Index index) const {
        return {0, static_cast<double>(index) * lineHeight, width, lineHeight};
    }
    [[nodiscard]] double bodyHeight() const { return static_cast<double>(lines) * lineHeight; }
    /// Of the query's line, in the head.
    [[nodiscard]] QRectF queryLine() const { return {0, titleHeight + dimensionHeight, width, lineHeight}; }
    /// A strip in a line.
    [[nodiscard]] QRectF strip(const Span& span, const QRectF& line) const;
    /// One cell of a strip, by its column.
    [[nodiscard]] QRectF cell(const Span& span, const QRectF& line, Index column) const;
    /// The column of a strip at x; −1 outside.
    [[nodiscard]] Index columnAt(const Span& span, double x) const;
};

/// As wide as `width` where that is enough, else as wide as it has to be.
[[nodiscard]] NeuronsLayout layOutNeurons(const NeuronsData& data, double width, double zoom);

}  // namespace attn::ui
