#pragma once
/// Where everything of a figure goes: title, caption, maps, one colour bar.

#include "ui/plot/figure.h"
#include "ui/plot/figure_panels.h"
#include "ui/plot/heat_map_layout.h"

#include <QFont>
#include <QPointF>
#include <QSize>
#include <QString>

#include <vector>

namespace attn::ui {

struct FigureLayout {
    struct Line {
        QString text;
        QPointF at;  ///< left end of the baseline
        QFont font;
        bool muted = false;
    };
    QSize size;
    std::vector<Line> lines;          ///< title, caption, titles of a sheet's maps
    std::vector<HeatMapLayout> maps;  ///< one for each of spec.maps
    HeatMapLayout legend;             ///< its colour bar
    std::vector<PanelLayout> panels;  ///< one for each of spec.panels
    QRectF sheet;                     ///< where spec.sheet stands
};

[[nodiscard]] FigureLayout layOutFigure(const FigureSpec& spec, const QSize& size);

}  // namespace attn::ui
