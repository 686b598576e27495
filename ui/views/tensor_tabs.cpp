#include "ui/views/tensor_tabs.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/segmented_control.h"
#include "ui/views/trace_adapter.h"

#include <QEvent>
#include <QHBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {

const StageInfo* shownStage(const SiteInfo& site, const Selection& selection) {
    const StageInfo* stage = site.stage(selection.stage().toStdString());
    return stage != nullptr ? stage : site.stage("pattern");
}

}  // namespace

QString tensorId(const TensorKey& key) {
    return sequenceOf(key.scope) == Sequence::Text ? QString::fromLatin1(toString(key.name))
                                                   : QString::fromStdString(key.fullName());
}

TensorKey shownTensor(const SiteInfo& site, const Selection& selection) {
    const StageInfo* stage = shownStage(site, selection);
    if (stage == nullptr || stage->tensors.empty()) return {site.name, TensorName::Pattern};
    for (const TensorKey& key : stage->tensors) {
        if (tensorId(key) == selection.tensor()) return key;
    }
    return stage->tensors.front();
}

bool showEntry(SceneDocument& document, const TensorKey& key, Index head, Index row, Index column) {
    const TracePtr& trace = document.trace();
    const EntryPtr entry = trace ? trace->find(key) : nullptr;
    if (!entry) return false;
    Selection* const selection = document.selection();
    for (const SiteInfo& site : trace->sites()) {
        for (const StageInfo& stage : site.stages) {
            const auto found = std::find(stage.tensors.begin(), stage.tensors.end(), key);
            if (found == stage.tensors.end()) continue;
            const bool main = found == stage.tensors.begin();
            selection->setSite(QString::fromStdString(site.name));
            selection->setStage(QString::fromStdString(stage.id), main ? QString() : tensorId(key));
            if (entry->rank() == 3)
                selection->setHead(static_cast<int>(site.firstHeadOf(entry->shape()[0], head)));
            selection->pin(selectionCell(key, {row, column}, selection->pinned()));
            return true;
        }
    }
    return false;
}

TensorTabs::TensorTabs(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_segments(new SegmentedControl(QStringLiteral("tensor"), this)) {
    setObjectName(QStringLiteral("tensorTabs"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_segments);
    connect(m_segments, &SegmentedControl::chosen, this, [this](const QString& id) {
        Selection* selection = m_document->selection();
        const bool main = !m_segments->segments().empty() && m_segments->segments().front().id == id;
        selection->setStage(selection->stage(), main ? QString() : id);
    });
    connect(document, &SceneDocument::traceChanged, this, &TensorTabs::follow);
    connect(document->selection(), &Selection::siteChanged, this, &TensorTabs::follow);
    connect(document->selection(), &Selection::stageChanged, this, &TensorTabs::follow);
    follow();
}

void TensorTabs::follow() {
    const TracePtr& trace = m_document->trace();
    const Selection& selection = *m_document->selection();
    const SiteInfo* site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    const StageInfo* stage = site != nullptr ? shownStage(*site, selection) : nullptr;
    const bool several = stage != nullptr && stage->tensors.size() > 1;
    setVisible(several);
    if (!several) return;
    const EffectiveParameters parameters = trace->parameters(*site);
    std::vector<Segment> segments;
    for (const TensorKey& key : stage->tensors) {
        const QString id = tensorId(key);
        segments.push_back({id, id, QString::fromStdString(formula(key.name, parameters))});
    }
    m_segments->setSegments(segments);
    m_segments->setAccessibleName(tr("Tensor"));
    m_segments->setCurrent(tensorId(shownTensor(*site, selection)));
}

void TensorTabs::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) follow();
}

}  // namespace attn::ui
