#pragma once
/// Several plots on one page: where they go, and how they are painted.

#include "ui/plot/curve_plot_layout.h"
#include "ui/plot/figure.h"
#include "ui/plot/heat_map_layout.h"
#include "ui/plot/links_layout.h"

#include <QSize>

#include <functional>
#include <variant>
#include <vector>

class QPainter;

namespace attn::ui {

struct PanelLayout {
    QRectF box;     ///< with its title
    QPointF title;  ///< left end of the baseline
    QFont titleFont;
    QRectF inside;  ///< of the box, below the title
    std::variant<std::monostate, CurvePlotLayout, HeatMapLayout, LinksLayout>
        content;  ///< none: it paints itself
};

/// The size of all panels together where nobody asks for another.
[[nodiscard]] QSizeF naturalPanelsSize(const FigureSpec& spec);

[[nodiscard]] std::vector<PanelLayout> layOutPanels(const FigureSpec& spec, const QRectF& area);

/// What there is on a panel.
[[nodiscard]] bool isEmpty(const FigurePanel& panel);

/// Paints all but heat maps, which are left to `paintMap`. `vector`: onto SVG or PDF.
void paintPanels(QPainter& painter, const FigureSpec& spec, const std::vector<PanelLayout>& panels,
                 bool vector, const std::function<void(const HeatMapData&, const HeatMapLayout&)>& paintMap);

}  // namespace attn::ui
