#pragma once
/// Where points, axes and labels of a plane go. Both axes have one scale.

#include "ui/plot/curve_plot_data.h"
#include "ui/plot/geometry_data.h"

#include <QFont>
#include <QPointF>
#include <QRectF>

#include <vector>

namespace attn::ui {

struct GeometryLayout {
    struct Label {
        GeometryPoint point;
        QRectF box;
        QString text;
    };
    QFont font, boldFont, numberFont, titleFont;
    double zoom = 1;
    QRectF area;       ///< all of it
    QRectF plot;       ///< inside of the axes
    double scale = 1;  ///< pixels for a unit, along both axes
    QPointF zero;      ///< where (0, 0) of the plane's coordinates lies
    PlotRange x, y;    ///< what the plot reaches
    AxisTicks xTicks, yTicks;
    bool line = false;          ///< d_k = 1: queries above a line, keys below it
    std::vector<Label> labels;  ///< those that found room
    std::size_t unlabelled = 0;

    [[nodiscard]] bool isEmpty() const { return plot.isEmpty(); }
    [[nodiscard]] QPointF at(const PlanePoint& point) const {
        return {zero.x() + point.x * scale, zero.y() - point.y * scale};
    }
    [[nodiscard]] QPointF pointOf(const GeometryData& data, const GeometryPoint& point) const;
    /// Coordinates of a place: the way back.
    [[nodiscard]] PlanePoint planePoint(const QPointF& place) const {
        return {(place.x() - zero.x()) / scale, (zero.y() - place.y()) / scale};
    }
    /// The nearest point within reach; none: invalid.
    [[nodiscard]] GeometryPoint nearest(const GeometryData& data, const QPointF& place) const;
};

/// `held`: its axes stay where they are, while a vector is dragged.
[[nodiscard]] GeometryLayout layOutGeometry(const GeometryData& data, const QRectF& area, double zoom,
                                            const GeometryLayout* held = nullptr);

}  // namespace attn::ui
