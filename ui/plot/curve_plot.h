#pragma once
/// CurvePlot: curves, histograms and bands over linear or logarithmic axes, with a marker that can be
/// dragged.

#include "ui/plot/curve_plot_data.h"

#include <QWidget>

#include <memory>

namespace attn::ui {

/// Shows, and reports what the user does; it changes nothing by itself: whoever owns the state answers
/// markerMoved with setMarker.
///
/// New numbers are painted once per frame; a marker that moves costs nothing but itself. Context menus come
/// through customContextMenuRequested.
class CurvePlot : public QWidget {
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    /// Showing what is shown already costs a comparison. Data without curves and bars shows the placeholder.
    void setData(CurvePlotData data);
    [[nodiscard]] const CurvePlotData& data() const;
    void setMarker(double x);
    /// What the arrow keys move the marker by: a share of the axis.
    void setMarkerStep(double share);
    void setPlaceholder(const QString& text);

    /// Inside of the axes, in widget coordinates; and the places of values in it.
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] double pixelFromX(double x) const;
    [[nodiscard]] double xFromPixel(double pixel) const;
    [[nodiscard]] double pixelFromY(double y) const;

    /// A point of a curve; −1: none.
    struct Point {
        int curve = -1, index = -1;
        [[nodiscard]] bool isValid() const { return curve >= 0; }
        bool operator==(const Point&) const = default;
    };
    /// The named curve's point nearest to the pointer, within reach of it.
    [[nodiscard]] Point pointAt(const QPointF& position) const;
    [[nodiscard]] Point hovered() const;
    /// "p₃ at a = 2: 0.787"
    [[nodiscard]] QString describe(const Point& point) const;
    /// A bar of a series as a sentence: "king: 0.295", "−1 … −0.5: 0.21"; empty where there is none.
    [[nodiscard]] QString describeBarAt(const QPointF& position) const;
    /// What the marker reads: "a = 2: p₃ 0.787, p₁ = p₂ 0.107". For screen readers.
    [[nodiscard]] QString sentence() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// How often the picture behind the marker was made anew: for tests.
    [[nodiscard]] int pictureCount() const;

signals:
    void markerPressed();        ///< a drag or a run of key presses begins
    void markerMoved(double x);  ///< inside of the axis
    void markerReleased();
    void pointHovered(attn::ui::CurvePlot::Point point);
    void clickedAt(double x);  ///< where there is no marker to drag

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace attn::ui
