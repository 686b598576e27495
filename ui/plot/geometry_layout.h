#pragma once
/// Where points, axes and labels of a plane go. Both axes have one scale.

#include "ui/plot/curve_plot_data.h"
#include "ui/plot/geometry_data.h"

#include <QFont>
#include <QPointF>
#include <QRectF>

#include <vector>

namespace attn::ui {

/// What of the plane is shown: how large, and around what.
struct GeometryFrame {
    double scale = 1;  ///< pixels for a unit, along both axes
    PlanePoint middle;

    bool operator==(const GeometryFrame&) const = default;
};

struct GeometryLayout {
    /// How often larger than where all points fit it can be.
    static constexpr double kMostZoom = 200;

    struct Label {
        GeometryPoint point;
        QRectF box;
        QString text;
    };
    QFont font, boldFont, numberFont, titleFont;
    double zoom = 1;
    QRectF area;           ///< all of it
    QRectF plot;           ///< inside of the axes
    double scale = 1;      ///< pixels for a unit, along both axes
    QPointF zero;          ///< where (0, 0) of the plane's coordinates lies
    GeometryFrame fitted;  ///< the frame in which all points are seen
    bool framed = false;   ///< another frame than that was asked for
    PlotRange x, y;        ///< what the plot reaches
    AxisTicks xTicks, yTicks;
    bool line = false;          ///< d_k = 1: queries above a line, keys below it
    std::vector<Label> labels;  ///< those that found room
    std::size_t unlabelled = 0;
    std::size_t outside = 0;  ///< points that the frame leaves out

    [[nodiscard]] bool isEmpty() const { return plot.isEmpty(); }
    [[nodiscard]] QPointF at(const PlanePoint& point) const {
        return {zero.x() + point.x * scale, zero.y() - point.y * scale};
    }
    [[nodiscard]] QPointF pointOf(const GeometryData& data, const GeometryPoint& point) const;
    /// Coordinates of a place: the way back.
    [[nodiscard]] PlanePoint planePoint(const QPointF& place) const {
        return {(place.x() - zero.x()) / scale, (zero.y() - place.y()) / scale};
    }
    [[nodiscard]] GeometryFrame frame() const { return {scale, planePoint(plot.center())}; }
    /// How often larger than where all points fit.
    [[nodiscard]] double magnification() const { return scale / fitted.scale; }
    [[nodiscard]] bool shows(const QPointF& place) const {
        return plot.adjusted(-1, -1, 1, 1).contains(place);
    }
    /// The frame in which `factor` times as much of a unit is seen and `place` stays where it is.
    [[nodiscard]] GeometryFrame zoomed(double factor, const QPointF& place) const;
    /// The frame that lies so many pixels further, and not beyond all points.
    [[nodiscard]] GeometryFrame moved(const GeometryData& data, const QPointF& px) const;
    /// The nearest point within reach; none: invalid.
    [[nodiscard]] GeometryPoint nearest(const GeometryData& data, const QPointF& place) const;
};

/// `frame`: what is shown; null: all points.
[[nodiscard]] GeometryLayout layOutGeometry(const GeometryData& data, const QRectF& area, double zoom,
                                            const GeometryFrame* frame = nullptr);

}  // namespace attn::ui
