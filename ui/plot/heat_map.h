#pragma once
/// HeatMapWidget: one matrix as an interactive heat map with the labels of its rows and columns.

#include "ui/plot/heat_map_data.h"

#include <QWidget>

#include <memory>

namespace attn::ui {

/// A cell (a Selection has a Cell of its own: query and key); −1 stands for "none" in either direction.
struct MatrixCell {
    Index row = -1, column = -1;
    [[nodiscard]] bool isValid() const { return row >= 0 && column >= 0; }
    bool operator==(const MatrixCell&) const = default;
};

/// Shows, and reports what the user does; it never selects by itself. Whoever owns the selection calls
/// setCurrent().
///
/// Changes are collected and painted once per frame. New numbers of the same shape redraw the cells alone;
/// the hover redraws nothing but itself.
class HeatMapWidget : public QWidget {
    Q_OBJECT
public:
    explicit HeatMapWidget(QWidget* parent = nullptr);
    ~HeatMapWidget() override;

    /// Showing what is shown already costs a comparison. An empty tensor shows `placeholder`.
    void setData(const HeatMapData& data);
    [[nodiscard]] const HeatMapData& data() const;

    void setHeatMapStyle(const HeatMapStyle& style);
    [[nodiscard]] const HeatMapStyle& heatMapStyle() const;

    /// Quiet text in the middle where there is no tensor: "no tokens", "computing…".
    void setPlaceholder(const QString& text);

    /// Outlines a row in its role's colour, a column in its own; either may be −1.
    void setCurrent(const MatrixCell& cell);
    [[nodiscard]] MatrixCell current() const;
    /// Highlights a cell as if the pointer were there (a hover in another view).
    void setHovered(const MatrixCell& cell);
    [[nodiscard]] MatrixCell hovered() const;

    /// In paint mode a press and drag over cells paints instead of clicking.
    void setPaintMode(bool on);
    [[nodiscard]] bool paintMode() const;

    [[nodiscard]] MatrixCell cellAt(const QPointF& position) const;  ///< widget coordinates
    [[nodiscard]] QRectF cellRect(const MatrixCell& cell) const;
    /// A sentence that stands below that of a cell in its tool tip: what can be done with it. Empty: none.
    void setHint(const QString& hint);
    /// The cell as a sentence: "query it, key animal: 0.554". For screen readers, tool tips and the status
    /// line.
    [[nodiscard]] QString describe(const MatrixCell& cell) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// How often something was made anew: for tests and benchmarks.
    struct Counts {
        int images = 0;   ///< the cells' picture
        int layouts = 0;  ///< label placement
        int replots = 0;  ///< paint buffers drawn, whichever
    };
    [[nodiscard]] const Counts& counts() const;
    /// Draws what is pending now instead of in the next turn of the event loop.
    void flush();

signals:
    void hoveredCell(attn::ui::MatrixCell cell);  ///< invalid when the pointer leaves the cells
    void clicked(attn::ui::MatrixCell cell, Qt::KeyboardModifiers modifiers);
    void doubleClicked(attn::ui::MatrixCell cell);
    void rowLabelClicked(attn::Index row);
    void columnLabelClicked(attn::Index column);
    void paintStarted(attn::ui::MatrixCell cell);
    /// Each cell once per gesture, the first one too, none left out on the way.
    void painted(attn::ui::MatrixCell cell);
    void paintFinished();
    void moveRequested(int rows, int columns);  ///< arrows ±1, page keys ±10
    void edgeRequested(int rows, int columns);  ///< Home, End: columns −1, +1; with Ctrl rows too
    void escapePressed();
    void activated();  ///< Space on the current cell
    /// The number of the current cell is to be changed: F2, Enter, or the first character of a number.
    void editRequested(const QString& typed);
    // Dragged up or down while Ctrl is held: by how many pixels up from where it was pressed.
    void scrubStarted(attn::ui::MatrixCell cell);
    void scrubbed(double upPx);
    void scrubFinished();

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace attn::ui
