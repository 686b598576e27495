#pragma once
/// Geometry: queries and keys of a head as arrows or points of one plane.

#include "ui/views/geometry_page.h"
#include "ui/views/page_workspace.h"

class QCheckBox;
class QLabel;
class QPushButton;

namespace attn::ui {

class GeometryPlot;
class GeometryRun;
class HeadChooser;
class LayerBar;
class SceneDocument;
class SegmentedControl;
class ZoomButtons;

class GeometryWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    explicit GeometryWorkspace(SceneDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] bool isComplete() const override { return m_complete; }
    /// Its chips choose the query and the key.
    [[nodiscard]] bool needsSentence() const override { return true; }
    bool escape() override;
    void setPresenting(bool presenting) override;
    void fitToText(int textPx) override;
    [[nodiscard]] const GeometryPage& page() const { return m_page; }

protected:
    [[nodiscard]] PageSource pageSource() const override { return m_page.source(); }
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildHead();
    void connectControls();
    void retranslate();
    void refresh();
    void showControls();
    void pin(const GeometryPoint& point);
    void moveVector(const GeometryPoint& point, const PlanePoint& at);
    void move(int queries, int keys);

    SceneDocument* m_document;
    GeometryRun* m_run;
    TraceAdapter m_adapter;
    GeometryPage m_page;
    bool m_complete = false;
    QWidget* m_head = nullptr;
    LayerBar* m_layers = nullptr;
    HeadChooser* m_heads = nullptr;
    SegmentedControl* m_color = nullptr;
    QCheckBox* m_weights = nullptr;
    QLabel *m_colorTitle = nullptr, *m_caption = nullptr, *m_note = nullptr;
    QPushButton *m_exact = nullptr, *m_reset = nullptr;
    ZoomButtons* m_zoom = nullptr;
    GeometryPlot* m_plot = nullptr;
};

}  // namespace attn::ui
