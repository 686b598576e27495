#include "ui/views/tensor_tabs.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/segmented_control.h"

#include <QEvent>
#include <QHBoxLayout>

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
