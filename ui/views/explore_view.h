#pragma once
/// The Explore workspace's centre: stage bar, formula, the chosen stage as a heat map, and all heads below
/// it.

#include "core/trace/trace.h"
#include "ui/plot/heat_map_data.h"
#include "ui/views/figure_request.h"
#include "ui/views/trace_adapter.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace attn::ui {

class CellEditing;
class EditBar;
class ExploreToolbar;
class FlowRow;
class FormulaLine;
class HeadStrip;
class HeatMapWidget;
class LayerBar;
class SceneDocument;
class StageBar;
class TensorTabs;

class ExploreView : public QWidget {
    Q_OBJECT
public:
    explicit ExploreView(SceneDocument* document, QWidget* parent = nullptr);

    /// False while numbers that it shows are still being worked out.
    [[nodiscard]] bool isComplete() const { return m_complete; }
    /// What a figure of the present view would be.
    [[nodiscard]] FigureRequest figureRequest() const;

    [[nodiscard]] HeatMapWidget* heatMap() const { return m_heatMap; }
    [[nodiscard]] HeadStrip* headStrip() const { return m_heads; }
    [[nodiscard]] ExploreToolbar* toolbar() const { return m_toolbar; }
    [[nodiscard]] const TensorKey& shownKey() const { return m_key; }
    [[nodiscard]] CellEditing* editing() const { return m_editing; }

public slots:
    void copyFigure();
    void exportFigure();  ///< the export dialog
    void copyData();
    void saveData();
    void showTable();
    /// A field for the number of an entry of the shown tensor opens.
    void changeCell(attn::Index row, attn::Index column);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLayout();
    void placeToolbar();
    void connectDocument();
    void connectHeatMap();
    void refresh();          ///< numbers, labels, heads
    void followSelection();  ///< outlines
    void followView();       ///< colours, range
    void showFormula(const SiteInfo& site);
    void showTokens(const Trace& trace);
    void showNumbers(const Trace& trace, const SiteInfo& site, const TensorPtr& tensor);
    void pinCell(const MatrixCell& cell);
    void move(int rows, int columns);
    void startPainting(const MatrixCell& cell);
    void paint(const MatrixCell& cell);
    void stopPainting();
    void showMenu(QWidget* plot, const QPoint& position);
    void copyRequest(const FigureRequest& request);
    void saveDataOf(const FigureRequest& request);
    [[nodiscard]] const SiteInfo* site() const;
    /// The matrix of the shown tensor that belongs to the selected head.
    [[nodiscard]] Index shownMatrix() const;
    [[nodiscard]] QString emptyText() const;

    SceneDocument* m_document;
    TraceAdapter m_adapter;
    LayerBar* m_layers = nullptr;
    StageBar* m_stages = nullptr;
    TensorTabs* m_tabs = nullptr;
    FormulaLine* m_formula = nullptr;
    ExploreToolbar* m_toolbar = nullptr;
    FlowRow *m_top = nullptr, *m_tools = nullptr;  ///< lines of controls
    EditBar* m_edited = nullptr;
    HeatMapWidget* m_heatMap = nullptr;
    QLabel *m_tokens = nullptr, *m_headsTitle = nullptr;
    CellEditing* m_editing = nullptr;
    HeadStrip* m_heads = nullptr;

    TensorKey m_key;
    bool m_complete = false;
    bool m_altPainting = false;
    struct Stroke {
        bool allowed = false;
        MaskPlan rule;  ///< what the mask says without paint
    };
    std::optional<Stroke> m_stroke;
};

}  // namespace attn::ui
