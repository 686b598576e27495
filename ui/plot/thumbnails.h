#pragma once
/// HeadStrip: all heads of a site at once as thumbnails in one widget, which paints images.

#include "ui/plot/heat_map_data.h"

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace attn::ui {

/// A grid of thumbnails (one row per layer later on; for one site its heads, wrapped), all in one colour
/// range.
///
/// Where a matrix has more cells than the thumbnail has pixels, a pixel shows the largest (by size) of its
/// cells: single strong weights stay visible. Images are kept per tensor and head: only what changed is made
/// again.
class HeadStrip : public QWidget {
    Q_OBJECT
public:
    explicit HeadStrip(QWidget* parent = nullptr);

    using FlagsOfHeads = std::map<Index, std::shared_ptr<const std::vector<std::uint8_t>>>;

    /// One thumbnail for each head of `shown.tensor`; labels and title are not used. `own`: flags of the
    /// heads that have others than `shown.flags`.
    void setData(const HeatMapData& shown, FlagsOfHeads own = {});
    void setHeatMapStyle(const HeatMapStyle& style);
    /// Which heads are switched off, in the order of heads; empty: none. They look so.
    void setSwitchedOff(std::vector<bool> off);
    /// Which heads have numbers that were set by hand: a dot beside their number's place.
    void setEdited(std::vector<bool> edited);
    void setCurrentHead(int head);
    [[nodiscard]] int currentHead() const { return m_current; }
    [[nodiscard]] int headCount() const;
    void setThumbnailSize(int px);  ///< edge before text zoom; 56 unless told

    [[nodiscard]] int headAt(const QPoint& position) const;  ///< −1: none
    [[nodiscard]] QRect thumbnailRect(int head) const;
    [[nodiscard]] int imageBuilds() const { return m_builds; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

signals:
    void headChosen(int head);
    void headHovered(int head);  ///< −1 when the pointer leaves

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Metrics {
        int edge = 56, number = 16, gap = 16, columns = 1;
        QSize image;  ///< of one thumbnail
    };
    [[nodiscard]] Metrics metrics(int width) const;
    void choose(int head);
    void describe();
    [[nodiscard]] bool isOff(int head) const;
    [[nodiscard]] bool isEdited(int head) const;

    HeatMapData m_data;
    HeatMapStyle m_style;
    std::vector<QImage> m_images;  ///< null where it must be made again
    std::vector<bool> m_off, m_edited;
    FlagsOfHeads m_ownFlags;
    int m_current = 0, m_hovered = -1;
    int m_edge = 56;
    int m_builds = 0;
};

}  // namespace attn::ui
