// Parameters of the document: for all sites, or for the selected one.
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <utility>

namespace attn::ui {

std::string SceneDocument::selectedSite() const {
    return m_selection->site().toStdString();
}

void SceneDocument::setParameter(ParameterId id, const ParameterValue& value) {
    Inputs inputs = m_scene.inputs;
    if (m_ofSite && spec(id).scope == ParameterScope::Site) {
        inputs.parameters.set(id, selectedSite(), value);
    } else {
        inputs.parameters.resetSites(id);  // all means all: a site's own value would hide the change
        inputs.parameters.set(id, value);
    }
    changeInputs(std::move(inputs), tr("Change %1").arg(coreText(spec(id).label)), Merging::Never);
}

void SceneDocument::resetParameter(ParameterId id) {
    Inputs inputs = m_scene.inputs;
    if (m_ofSite && spec(id).scope == ParameterScope::Site) {
        inputs.parameters.reset(id, selectedSite());
    } else {
        inputs.parameters.resetSites(id);
        inputs.parameters.set(id, spec(id).defaultValue);
        if (id == ParameterId::Mask) inputs.parameters.leaveMaskToModel();
    }
    changeInputs(std::move(inputs), tr("Change %1").arg(coreText(spec(id).label)), Merging::Never);
}

void SceneDocument::resetSite() {
    Inputs inputs = m_scene.inputs;
    for (const ParameterSpec& each : parameterTable()) inputs.parameters.reset(each.id, selectedSite());
    changeInputs(std::move(inputs), tr("Reset the layer"), Merging::Never);
}

void SceneDocument::setOfSite(bool ofSite) {
    if (ofSite == m_ofSite) return;
    m_ofSite = ofSite;
    emit ofSiteChanged();
}

ParameterPlace SceneDocument::parameterPlace() const {
    ParameterPlace place;
    if (m_ofSite) place.site = selectedSite();
    const SiteInfo* site = m_trace ? m_trace->site(selectedSite()) : nullptr;
    // Inputs that are ahead of the trace may be about another model already.
    if (site != nullptr && m_trace->inputs().model == m_scene.inputs.model) place.model = site->facts;
    return place;
}

}  // namespace attn::ui
