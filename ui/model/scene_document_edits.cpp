// Numbers changed by hand.
#include "ui/model/scene_document.h"

#include <algorithm>

namespace attn::ui {
namespace {

/// The edit as it stands in the scene: with what it is made against. Nothing where the trace has no such
/// entry, or the number cannot be set.
std::optional<Edit> madeIn(const Trace& trace, Edit edit) {
    const EntryPtr entry = trace.find(edit.tensor);
    if (!entry || !isEditable(edit.tensor.name) || !isEditValue(edit.tensor.name, edit.value))
        return std::nullopt;
    const auto [heads, rows, columns] = entry->shape();
    const auto inside = [](std::int64_t index, Index count) { return index >= 0 && index < count; };
    if (!inside(edit.head, heads) || !inside(edit.row, rows) || !inside(edit.column, columns))
        return std::nullopt;
    const auto [rowAxis, columnAxis] = axes(edit.tensor);
    remember(edit, {heads, rows, columns}, trace.tokensAlong(edit.tensor, rowAxis),
             trace.tokensAlong(edit.tensor, columnAxis));
    return edit;
}

QString placeText(const Edit& edit) {
    return QString::fromStdString(formatPlace(edit));
}

}  // namespace

void SceneDocument::editCell(const TensorKey& tensor, int head, int row, int column, double value) {
    Edit edit;
    edit.tensor = tensor;
    edit.head = head;
    edit.row = row;
    edit.column = column;
    edit.value = value;
    editCells({edit});
}

void SceneDocument::editCells(const std::vector<Edit>& cells) {
    if (!m_trace) return;
    Inputs inputs = m_scene.inputs;
    QString places;
    for (const Edit& each : cells) {
        std::optional<Edit> edit = madeIn(*m_trace, each);
        if (!edit) continue;
        places = placeText(*edit);
        setEdit(inputs.edits, *std::move(edit));
    }
    if (places.isEmpty() || inputs.edits.size() > kMaxEdits) return;
    changeInputs(std::move(inputs), tr("Set %1").arg(places), Merging::Never);
}

void SceneDocument::resetCell(const TensorKey& tensor, int head, int row, int column) {
    Inputs inputs = m_scene.inputs;
    Edit place;
    place.tensor = tensor;
    place.head = head;
    place.row = row;
    place.column = column;
    if (!removeEdit(inputs.edits, place)) return;
    changeInputs(std::move(inputs), tr("Reset %1").arg(placeText(place)), Merging::Never);
}

void SceneDocument::resetTensor(const TensorKey& tensor) {
    Inputs inputs = m_scene.inputs;
    std::erase_if(inputs.edits, [&](const Edit& each) { return each.tensor == tensor; });
    changeInputs(std::move(inputs), tr("Reset %1").arg(QString::fromStdString(tensor.fullName())),
                 Merging::Never);
}

void SceneDocument::clearEdits() {
    Inputs inputs = m_scene.inputs;
    inputs.edits.clear();
    changeInputs(std::move(inputs), tr("Reset all numbers"), Merging::Never);
}

void SceneDocument::removeSleepingEdits() {
    if (!m_trace) return;
    Inputs inputs = m_scene.inputs;
    const Edits& traced = m_trace->inputs().edits;
    for (const std::size_t index : m_trace->sleepingEdits()) std::erase(inputs.edits, traced[index]);
    changeInputs(std::move(inputs), tr("Remove sleeping edits"), Merging::Never);
}

}  // namespace attn::ui
