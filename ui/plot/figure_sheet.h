#pragma once
/// A page of many small pictures without labels inside: all heads of all layers.

#include "ui/plot/heat_map_painter.h"

#include <QRectF>
#include <QString>
#include <QStringList>

#include <vector>

class QPainter;

namespace attn::ui {

struct FigureSpec;

inline constexpr double kFadedHead = 0.15;  ///< opacity of heads that do not pass the filter

struct FigureSheet {
    struct Picture {
        int row = 0, column = 0;
        CellColors colors;   ///< entries of the sheet's colour map
        QString label;       ///< above it; empty: none
        bool off = false;    ///< crossed out
        double share = -1;   ///< 0 … 1: a bar below it; negative: none
        bool faded = false;  ///< left pale: it does not pass the filter
    };
    QStringList rowLabels;  ///< one for each row; empty: none
    int rows = 0, columns = 0;
    bool columnNumbers = true;
    QString rowTitle, columnTitle;
    QString high;  ///< what the last colour means
    std::vector<Picture> pictures;
};

/// What it takes where nobody asks for a size.
[[nodiscard]] QSizeF naturalSheetSize(const FigureSheet& sheet);
/// Pictures are rectangles where there are few of them and `vector` is true, else lossless images.
void paintFigureSheet(QPainter& painter, const FigureSpec& spec, const QRectF& area, bool vector,
                      double scale);

}  // namespace attn::ui
