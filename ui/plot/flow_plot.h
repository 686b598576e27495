#pragma once
/// FlowPlot: one token's way through the layers; what does not fit scrolls.

#include "ui/plot/flow_layout.h"
#include "ui/plot/plot_area.h"

#include <QPixmap>
#include <QString>

namespace attn::ui {

/// Shows, and reports what the user does; it changes nothing by itself.
///
/// The ribbons are a picture that is kept: a hover costs its own ribbons alone.
class FlowPlot : public PlotArea {
    Q_OBJECT
public:
    explicit FlowPlot(QWidget* parent = nullptr);

    /// Showing what is shown already costs a comparison.
    void setData(FlowData data);
    [[nodiscard]] const FlowData& data() const { return m_data; }
    void setPlaceholder(const QString& text);

    [[nodiscard]] const FlowLayout& flowLayout() const { return m_layout; }
    [[nodiscard]] const FlowItem& hovered() const { return m_hovered; }
    /// Of an item's text, in the viewport.
    [[nodiscard]] QRectF boxOf(const FlowItem& item) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 160}; }

    /// How often the ribbons were drawn anew: for tests.
    [[nodiscard]] int pictureCount() const { return m_pictures; }

signals:
    void itemHovered(attn::ui::FlowItem item);  ///< invalid: none any more
    void itemClicked(attn::ui::FlowItem item);
    void moveRequested(int tokens, int heads);  ///< by the arrow keys
    void escapePressed();

protected:
    void layOut() override;
    void leave() override { hover({}); }
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void hover(const FlowItem& item);
    [[nodiscard]] QPointF origin() const;  ///< of the layout, in the viewport
    void drawRibbons();

    FlowData m_data;
    FlowLayout m_layout;
    FlowItem m_hovered;
    QString m_placeholder;
    QPixmap m_ribbons;
    bool m_stale = true;
    int m_pictures = 0;
};

}  // namespace attn::ui
