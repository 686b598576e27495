#include "ui/model/selection.h"

namespace attn::ui {

void Selection::setSite(const QString& site) {
    if (site == m_site) return;
    m_site = site;
    emit siteChanged();
}

void Selection::setStage(const QString& stage, const QString& tensor) {
    if (stage == m_stage && tensor == m_tensor) return;
    m_stage = stage;
    m_tensor = tensor;
    emit stageChanged();
}

void Selection::setHead(int head) {
    if (head == m_head) return;
    m_head = head;
    emit headChanged();
}

void Selection::pin(Cell cell) {
    if (cell == m_pinned && m_preview.isNull()) return;
    m_pinned = cell;
    m_preview = {};
    emit cellChanged();
}

void Selection::setPreview(Cell cell) {
    if (cell == m_preview) return;
    m_preview = cell;
    emit cellChanged();
}

void Selection::free() {
    pin({});
}

}  // namespace attn::ui
