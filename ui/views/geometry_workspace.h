#pragma once
/// Geometry: queries and keys of a head as arrows or points of one plane.

#include "ui/views/geometry_page.h"
#include "ui/views/picture_workspace.h"

class QCheckBox;
class QLabel;
class QPushButton;

namespace attn::ui {

class GeometryPlot;
class GeometryRun;
class HeadChooser;
class SceneDocument;
class SegmentedControl;
class ZoomButtons;

class GeometryWorkspace : public PictureWorkspace {
    Q_OBJECT
public:
    explicit GeometryWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return m_complete; }
    [[nodiscard]] const GeometryPage& page() const { return m_page; }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void refresh() override;
    void retranslate() override;

private:
    void buildHead();
    void connectControls();
    void showControls();
    /// The token that a point is of.
    [[nodiscard]] Index tokenOf(const GeometryPoint& point) const;
    void pin(const GeometryPoint& point);
    void moveVector(const GeometryPoint& point, const PlanePoint& at);
    void move(int queries, int keys);

    GeometryRun* m_run;
    TraceAdapter m_adapter;
    GeometryPage m_page;
    bool m_complete = false;
    HeadChooser* m_heads = nullptr;
    SegmentedControl* m_color = nullptr;
    QCheckBox* m_weights = nullptr;
    QLabel *m_colorTitle = nullptr, *m_caption = nullptr, *m_note = nullptr;
    QPushButton *m_exact = nullptr, *m_reset = nullptr;
    ZoomButtons* m_zoom = nullptr;
    GeometryPlot* m_plot = nullptr;
};

}  // namespace attn::ui
