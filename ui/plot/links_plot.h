#pragma once
/// LinksPlot: tokens and the links between them; what does not fit scrolls.

#include "ui/plot/links_layout.h"
#include "ui/plot/plot_area.h"

#include <QElapsedTimer>
#include <QPixmap>
#include <QString>
#include <QTimer>

#include <optional>

namespace attn::ui {

/// Shows, and reports what the user does; it changes nothing by itself.
///
/// The lines are a picture that is kept: a focus that changes costs its own lines alone.
class LinksPlot : public PlotArea {
    Q_OBJECT
public:
    explicit LinksPlot(QWidget* parent = nullptr);

    /// Showing what is shown already costs a comparison.
    void setData(LinksData data);
    [[nodiscard]] const LinksData& data() const { return m_data; }
    /// Nothing: all lines alike.
    void setHighlight(std::optional<LinksFocus> focus);
    [[nodiscard]] const std::optional<LinksFocus>& highlight() const { return m_focus; }
    void setPlaceholder(const QString& text);
    /// Scrolls until a token is in sight.
    void reveal(const LinksToken& token);

    [[nodiscard]] const LinksLayout& linksLayout() const { return m_layout; }
    /// Of a token's box, in the viewport.
    [[nodiscard]] QRectF boxOf(const LinksToken& token) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// How often the lines were drawn anew: for tests.
    [[nodiscard]] int pictureCount() const { return m_pictures; }

signals:
    void tokenHovered(attn::ui::LinksToken token);  ///< invalid: none any more
    void tokenClicked(attn::ui::LinksToken token);
    void emptyClicked();
    void moveRequested(int queries, int keys);  ///< by the arrow keys
    void escapePressed();

protected:
    void layOut() override;
    void leave() override { hover({}); }
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void hover(const LinksToken& token);
    [[nodiscard]] QPointF origin() const;  ///< of the layout, in the viewport
    void drawLines();

    LinksData m_data;
    LinksLayout m_layout;
    std::optional<LinksFocus> m_focus;
    LinksToken m_hovered;
    QString m_placeholder;
    QPixmap m_lines;
    bool m_stale = true;
    int m_pictures = 0;
    double m_smoothMillis = 0;  ///< that the last smooth picture took
    QElapsedTimer m_sinceDrawn;
    QTimer m_rest;  ///< a plain picture is drawn again, smoothly
};

}  // namespace attn::ui
