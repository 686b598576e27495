// How the scene is looked at: saved with it, not undoable.
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

namespace attn::ui {

void SceneDocument::applyView(const View& view) {
    m_scene.view = view;
    m_shown = m_lens.show(m_trace, view.tokens);
    m_selection->setSite(QString::fromStdString(view.site));
    m_selection->setStage(QString::fromStdString(view.stage), QString::fromStdString(view.tensor));
    m_selection->setHead(static_cast<int>(view.head));
    m_selection->pin({static_cast<int>(view.query), static_cast<int>(view.key)});
    emit viewChanged();
}

template <typename Part>
void SceneDocument::setPart(Part View::*part, const Part& value) {
    if (m_scene.view.*part == value) return;
    m_scene.view.*part = value;
    emit viewChanged();
}

void SceneDocument::setColormap(const QString& name) {
    setPart(&View::colormap, name.toStdString());
}

void SceneDocument::setRangeMode(RangeMode mode) {
    setPart(&View::range, mode);
}

void SceneDocument::setShowValues(bool show) {
    setPart(&View::values, show);
}

void SceneDocument::setWorkspace(const QString& name) {
    setPart(&View::workspace, name.toStdString());
}

void SceneDocument::setLinksView(const LinksView& links) {
    setPart(&View::links, links);
}

void SceneDocument::setHeadsView(const HeadsView& heads) {
    setPart(&View::heads, heads);
}

void SceneDocument::setNeuronsView(const NeuronsView& neurons) {
    setPart(&View::neurons, neurons);
}

void SceneDocument::setGeometryView(const GeometryView& geometry) {
    setPart(&View::geometry, geometry);
}

void SceneDocument::setFlowView(const FlowView& flow) {
    setPart(&View::flow, flow);
}

void SceneDocument::setTokensView(const TokensView& tokens) {
    if (tokens == m_scene.view.tokens) return;
    m_shown = m_lens.show(m_trace, tokens);
    setPart(&View::tokens, tokens);
}

void SceneDocument::setSide(const QString& side) {
    setPart(&View::side, side.toStdString());
}

}  // namespace attn::ui
