#pragma once
/// GeometryPlot: queries and keys of a head in their plane.

#include "ui/plot/geometry_layout.h"

#include <QPixmap>
#include <QString>
#include <QWidget>

#include <functional>
#include <optional>

namespace attn::ui {

/// Shows, and reports what the user does; it changes nothing by itself. The picture is kept: a pointer that
/// moves costs the mark under it alone.
class GeometryPlot : public QWidget {
    Q_OBJECT
public:
    explicit GeometryPlot(QWidget* parent = nullptr);

    void setData(GeometryData data);
    [[nodiscard]] const GeometryData& data() const { return m_data; }
    void setPlaceholder(const QString& text);
    /// Whether points can be taken to another place: where the plane is exact.
    void setDraggable(bool draggable);
    [[nodiscard]] bool isDragging() const { return m_dragging; }
    /// What is said about a point under the pointer.
    void setStory(std::function<QString(const GeometryPoint&)> story) { m_story = std::move(story); }

    [[nodiscard]] const GeometryLayout& geometryLayout() const { return m_layout; }
    [[nodiscard]] const GeometryPoint& hovered() const { return m_hovered; }
    /// Whether all points are in sight: it was not zoomed.
    [[nodiscard]] bool isFitted() const { return !m_frame; }
    /// Larger or smaller, around what is looked at where that is in sight, else around the middle.
    void zoomBy(double factor);
    /// All points.
    void fit();
    /// How often the picture was drawn anew: for tests.
    [[nodiscard]] int pictureCount() const { return m_pictures; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void pointClicked(attn::ui::GeometryPoint point);
    void dragStarted(attn::ui::GeometryPoint point);
    void pointDragged(attn::ui::GeometryPoint point, attn::PlanePoint to);
    void dragFinished();
    /// By Shift and the arrow keys, in the plane's units: the key that is looked at, with Ctrl the query.
    void nudged(attn::ui::GeometryPoint point, attn::PlanePoint by);
    void emptyClicked();
    void moveRequested(int queries, int keys);  ///< by the arrow keys
    void escapePressed();
    void zoomChanged();

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void layOut();
    void draw();
    void hover(const GeometryPoint& point);
    void drag(const QPointF& place);
    void endDrag();
    bool nudge(const QKeyEvent& event);
    void setFrame(const GeometryFrame& frame);
    void zoomAt(double factor, const QPointF& place);
    bool moveBy(const QPointF& px);
    void reveal();
    [[nodiscard]] QPointF anchor() const;

    GeometryData m_data;
    GeometryLayout m_layout;
    GeometryPoint m_hovered, m_pressed;
    QPointF m_pressedAt;
    std::optional<GeometryFrame> m_frame;  ///< none: all points
    QPointF m_movedTo;                     ///< where the pointer was when it last moved the plane
    bool m_draggable = false, m_dragging = false, m_moving = false, m_pressedEmpty = false;
    std::function<QString(const GeometryPoint&)> m_story;
    QString m_placeholder;
    QPixmap m_picture;
    bool m_stale = true;
    int m_pictures = 0;
};

}  // namespace attn::ui
