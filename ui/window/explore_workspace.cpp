#include "ui/window/explore_workspace.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/parameter_panel.h"
#include "ui/plot/heat_map.h"
#include "ui/views/explore_side.h"
#include "ui/views/explore_view.h"
#include "ui/views/inspector.h"
#include "ui/views/scroll_page.h"
#include "ui/views/tensor_tabs.h"

#include <QFrame>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace attn::ui {
namespace {

constexpr int kGapPx = 12;
constexpr int kPanelPx = 252, kInspectorPx = 320;

/// A card around a widget that is none itself.
QFrame* cardAround(QWidget* widget, QWidget* parent) {
    auto* card = new QFrame(parent);
    card->setProperty("card", true);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(widget);
    return card;
}

}  // namespace

ExploreWorkspace::ExploreWorkspace(SceneDocument* document, QWidget* parent)
    : Workspace(parent), m_document(document) {
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("workspaceSplitter"));
    m_splitter->setHandleWidth(kGapPx);
    auto* panel = new ParameterPanel(document, m_splitter);
    m_explore = new ExploreView(document, m_splitter);
    m_side = new ExploreSide(document, m_splitter);
    m_splitter->addWidget(cardAround(panel, m_splitter));
    m_splitter->addWidget(cardAround(scrollPage(m_explore, m_splitter), m_splitter));
    m_splitter->addWidget(cardAround(m_side, m_splitter));
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(1, false);
    m_splitter->setSizes({kPanelPx, 800, kInspectorPx});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    const Inspector* inspector = m_side->inspector();
    connect(inspector, &Inspector::copyFigureRequested, m_explore, &ExploreView::copyFigure);
    connect(inspector, &Inspector::changeRequested, m_explore, &ExploreView::changeCell);
    connect(panel, &ParameterPanel::editChosen, document, [document](const Edit& edit) {
        showEntry(*document, edit.tensor, edit.head, edit.row, edit.column);
    });
    connect(inspector, &Inspector::exportRequested, m_explore, &ExploreView::exportFigure);
}

bool ExploreWorkspace::isComplete() const {
    return m_explore->isComplete() && m_side->isComplete();
}

void ExploreWorkspace::copyFigure() {
    m_explore->copyFigure();
}

void ExploreWorkspace::exportFigure() {
    m_explore->exportFigure();
}

void ExploreWorkspace::copyData() {
    m_explore->copyData();
}

void ExploreWorkspace::saveData() {
    m_explore->saveData();
}

bool ExploreWorkspace::escape() {
    if (m_document->selection()->shown().isNull()) return false;
    m_document->selection()->free();
    return true;
}

void ExploreWorkspace::setPresenting(bool presenting) {
    m_splitter->widget(0)->setVisible(!presenting);
    m_splitter->widget(2)->setVisible(!presenting);
}

void ExploreWorkspace::fitToText(int textPx) {
    constexpr int kHeatMapLines = 17;
    m_explore->heatMap()->setMinimumHeight(kHeatMapLines * textPx);
}

}  // namespace attn::ui
