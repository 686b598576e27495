#pragma once
/// Many strips of cells painted at once: vectors at a glance, in the diverging map around 0.

#include "ui/plot/color_map.h"

#include <QFont>
#include <QRectF>

#include <array>
#include <cstdint>
#include <vector>

class QPainter;

namespace attn::ui {

/// Cells of a colour are drawn together: a change of brush costs more than a rectangle, on the screen and in
/// a file. Where cells are narrower than pixels a strip is an image, and a pixel shows the largest of its
/// cells.
class StripBatch {
public:
    enum class State : std::uint8_t {
        Normal,
        Faded,  ///< there, but without effect
        Empty,  ///< counts as nothing
    };
    struct Cell {
        double value = 0;
        State state = State::Normal;
    };

    /// `vector`: onto SVG or PDF. Numbers stand in cells that have room for them.
    StripBatch(const Palette& palette, const QFont& numberFont, bool vector);

    /// `range`: the size that the ends of the map mean.
    void add(const QRectF& rect, const std::vector<Cell>& cells, double range);
    void paint(QPainter& painter);

private:
    struct Number {
        double value, range, width;
        QPointF centre;
        bool dark;
    };
    struct Strip {
        QRectF rect;
        std::vector<QRgb> pixels;
    };
    [[nodiscard]] QRgb color(int index, State state) const;
    void addImage(const QRectF& rect, const std::vector<Cell>& cells, double range);
    void paintNumbers(QPainter& painter);

    const Palette& m_palette;
    const ColorMap& m_map;
    QFont m_font;
    bool m_vector;
    std::array<std::vector<QRectF>, 256> m_normal, m_faded;
    std::vector<QRectF> m_empty;
    std::vector<Number> m_numbers;
    std::vector<Strip> m_images;
};

}  // namespace attn::ui
