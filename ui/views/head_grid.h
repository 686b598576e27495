#pragma once
/// HeadGrid: the heads of all layers as thumbnails in one widget, which paints images. Rows are layers,
/// columns heads; sorted by a measure, all of them wrapped. Zooms with Ctrl and the wheel, + and −; 0 fits.

#include "core/analysis/head_measures.h"
#include "ui/plot/heat_map_data.h"
#include "ui/views/head_grid_layout.h"

#include <QAbstractScrollArea>
#include <QImage>

#include <map>
#include <utility>
#include <vector>

class QPainter;

namespace attn::ui {

class HeadSurvey;
class SceneDocument;

class HeadGrid : public QAbstractScrollArea {
    Q_OBJECT
public:
    HeadGrid(SceneDocument* document, const HeadSurvey* survey, QWidget* parent = nullptr);

    /// Which measure the bars below the thumbnails show.
    void setMeasure(HeadMeasure measure);
    void setSorted(bool sorted);
    /// Heads with less of the measure, as their bars show it, fade; 0: none does.
    void setLeast(double share);
    /// Whether a head has as much; and how many have.
    [[nodiscard]] bool passes(const HeadPlace& place) const;
    [[nodiscard]] int passing() const;
    /// Every head its own range of colours, instead of one for all.
    void setOwnRanges(bool own);
    void setHeatMapStyle(const HeatMapStyle& style);

    [[nodiscard]] const HeadGridLayout& layoutOfHeads() const { return m_layout; }
    [[nodiscard]] HeadPlace current() const;  ///< the selection's
    [[nodiscard]] HeadPlace hovered() const { return m_hovered; }
    [[nodiscard]] bool isFitted() const { return m_zoom <= 0; }
    /// False while thumbnails in sight are still to be painted.
    [[nodiscard]] bool isPainted() const { return m_painted; }
    [[nodiscard]] QPoint origin() const;  ///< of the content in the viewport
    void zoomBy(double factor);
    void fit();

    /// "layer 3, head 5: entropy 0.81 nats, switched off"
    [[nodiscard]] QString describe(const HeadPlace& place) const;

    [[nodiscard]] QSize sizeHint() const override { return {640, 480}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 160}; }

signals:
    void hoveredChanged();
    void opened();  ///< Enter or a double click: the selected head is to be looked at closely
    void zoomChanged();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Thumbnail {
        QImage image;
        std::uint64_t version = 0;
        double range = 0;
    };

    void arrange();
    void arrangeAround(const QPoint& position, double edge);
    void followSelection();
    void siteChanged(int site);
    void choose(const HeadPlace& place);
    void toggle(const HeadPlace& place, bool wholeLayer);
    void setHovered(const HeadPlace& place);
    void name();
    [[nodiscard]] std::vector<HeadPlace> sortedPlaces() const;
    [[nodiscard]] QPoint contentPosition(const QPoint& position) const;
    [[nodiscard]] QPoint pinned() const;  ///< where the headers stand in the content
    [[nodiscard]] HeadPlace placeAt(const QPoint& content) const;
    /// The layer whose label is there; −1: none.
    [[nodiscard]] int labelAt(const QPoint& content) const;
    [[nodiscard]] bool isOff(const HeadPlace& place) const;
    [[nodiscard]] QString siteLabel(int site) const;

    void paintHeaders(QPainter& painter, const QRect& seen);
    void paintHead(QPainter& painter, const HeadGridLayout::Cell& cell, bool mayBuild);
    void paintMeasure(QPainter& painter, const HeadGridLayout::Cell& cell);
    void paintMlp(QPainter& painter, const HeadGridLayout::Cell& cell);
    void paintDot(QPainter& painter, const QRect& rect, bool off, bool strong);
    /// The cached image, made now if it may be; null: not yet.
    const QImage* thumbnail(const HeadGridLayout::Cell& cell, bool mayBuild);
    void forget(const QRect& seen);

    SceneDocument* m_document;
    const HeadSurvey* m_survey;
    HeadGridLayout m_layout;
    HeatMapStyle m_style;
    HeadMeasure m_measure = HeadMeasure::Entropy;
    bool m_sorted = false, m_ownRanges = false, m_painted = false;
    double m_zoom = 0, m_least = 0;
    HeadPlace m_hovered;
    std::map<std::pair<int, int>, Thumbnail> m_images;
};

}  // namespace attn::ui
