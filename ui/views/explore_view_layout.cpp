// Where the parts of Explore stand.
#include "ui/panels/flow_row.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/cell_editing.h"
#include "ui/views/edit_bar.h"
#include "ui/views/explore_toolbar.h"
#include "ui/views/explore_view.h"
#include "ui/views/formula_line.h"
#include "ui/views/layer_bar.h"
#include "ui/views/stage_bar.h"
#include "ui/views/tensor_tabs.h"

#include <QLabel>
#include <QVBoxLayout>

namespace attn::ui {

void ExploreView::buildLayout() {
    m_layers = new LayerBar(m_document, this);
    m_stages = new StageBar(m_document, this);
    m_formula = new FormulaLine(this);
    m_tokens = new QLabel(this);
    m_tokens->setObjectName(QStringLiteral("explore.tokens"));
    m_tokens->setProperty("look", QStringLiteral("muted"));
    m_tokens->setWordWrap(true);
    m_tokens->setTextFormat(Qt::PlainText);
    m_tabs = new TensorTabs(m_document, this);
    m_toolbar = new ExploreToolbar(m_document, this);
    m_heatMap = new HeatMapWidget(this);
    m_heatMap->setObjectName(QStringLiteral("heatMap"));
    m_heatMap->setContextMenuPolicy(Qt::CustomContextMenu);
    m_heatMap->installEventFilter(this);
    m_editing = new CellEditing(m_document, m_heatMap);
    m_edited = new EditBar(m_document, this);
    m_headsTitle = new QLabel(this);
    m_headsTitle->setProperty("look", QStringLiteral("group"));
    m_headsTitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_heads = new HeadStrip(this);
    m_heads->setObjectName(QStringLiteral("headStrip"));
    m_heads->setContextMenuPolicy(Qt::CustomContextMenu);

    constexpr int kGapPx = 12;
    m_top = new FlowRow(kGapPx);
    m_top->addWidget(m_layers);
    m_top->addGap();
    m_tools = new FlowRow(kGapPx);
    m_tools->addWidget(m_tabs);
    m_tools->addGap();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addLayout(m_top);
    layout->addWidget(m_stages);
    layout->addWidget(m_formula);
    layout->addLayout(m_tools);
    layout->addWidget(m_tokens);
    layout->addWidget(m_edited);
    layout->addWidget(m_heatMap, 1);
    layout->addWidget(m_headsTitle);
    layout->addWidget(m_heads);
    m_layers->addKeysTo(this);
    connect(m_layers, &LayerBar::neededChanged, this, &ExploreView::placeToolbar);
    placeToolbar();
    setTabOrder(m_toolbar, m_heatMap);
    setTabOrder(m_heatMap, m_heads);
}

/// In the line of the layers where there is one: the figure gets the height of a line.
void ExploreView::placeToolbar() {
    FlowRow* const to = m_layers->isNeeded() ? m_top : m_tools;
    if (to->indexOf(m_toolbar) >= 0) return;
    for (FlowRow* each : {m_top, m_tools}) each->removeWidget(m_toolbar);
    to->addWidget(m_toolbar);
}

}  // namespace attn::ui
