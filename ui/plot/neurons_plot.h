#pragma once
/// NeuronsPlot: one query's scores, term by term. The query's line stays, keys scroll below it.

#include "ui/plot/neurons_layout.h"
#include "ui/plot/plot_area.h"

#include <QString>

namespace attn::ui {

/// Shows, and reports what the user does; it changes nothing by itself. Only lines in sight are painted.
class NeuronsPlot : public PlotArea {
    Q_OBJECT
public:
    explicit NeuronsPlot(QWidget* parent = nullptr);

    void setData(NeuronsData data);
    [[nodiscard]] const NeuronsData& data() const { return m_data; }
    /// The key that is looked at; −1: none.
    void setCurrentKey(Index key);
    void setPlaceholder(const QString& text);
    /// Scrolls until a key is in sight.
    void reveal(Index key);

    /// The dimension under the keyboard; −1 without dimensions.
    [[nodiscard]] Index currentDimension() const;

    [[nodiscard]] const NeuronsLayout& neuronsLayout() const { return m_layout; }
    /// In the viewport.
    [[nodiscard]] NeuronsPlace placeAt(const QPointF& position) const;
    [[nodiscard]] QRectF boxOf(const NeuronsPlace& place) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void placeHovered(attn::ui::NeuronsPlace place);  ///< invalid: none any more
    void keyClicked(attn::Index key);
    void dimensionToggled(attn::Index dimension);
    void moveRequested(int queries, int keys);  ///< by the arrow keys
    void dimensionReached(attn::Index dimension);
    void escapePressed();

protected:
    void layOut() override;
    void leave() override { hover({}); }
    [[nodiscard]] bool takesKey(int key) const override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void hover(const NeuronsPlace& place);
    void moveColumn(Index steps);
    [[nodiscard]] Index lineOf(Index key) const;

    NeuronsData m_data;
    NeuronsLayout m_layout;
    NeuronsMarks m_marks;
    Index m_column = 0;  ///< of the keyboard
    QString m_placeholder;
};

}  // namespace attn::ui
