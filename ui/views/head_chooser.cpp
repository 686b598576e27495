#include "ui/views/head_chooser.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/trace_adapter.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>

namespace attn::ui {

HeadChooser::HeadChooser(SceneDocument* document, const QString& name, QWidget* parent)
    : QWidget(parent), m_document(document), m_label(new QLabel(this)), m_list(new QComboBox(this)) {
    m_list->setObjectName(name);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_label->setBuddy(m_list);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_label);
    layout->addWidget(m_list);
    connect(m_list, &QComboBox::activated, this,
            [this](int index) { m_document->selection()->setHead(index); });
    connect(m_document, &SceneDocument::traceChanged, this, &HeadChooser::follow);
    connect(m_document->selection(), &Selection::siteChanged, this, &HeadChooser::follow);
    connect(m_document->selection(), &Selection::headChanged, this, &HeadChooser::follow);
    retranslate();
}

void HeadChooser::retranslate() {
    m_label->setText(tr("Head"));
    m_list->setAccessibleName(tr("Head"));
    m_list->setToolTip(tr("Which head is looked at, in all views"));
    m_list->clear();
    follow();
}

void HeadChooser::follow() {
    const TracePtr& trace = m_document->trace();
    const SiteInfo* const site = trace ? trace->site(m_document->selection()->site().toStdString()) : nullptr;
    if (site == nullptr) return;
    QStringList names;
    for (Index head = 0; head < site->heads; ++head) {
        const QString story = headName(*trace, *site, head);
        names.append(story.isEmpty() ? QString::number(head)
                                     : QStringLiteral("%1 · %2").arg(head).arg(story));
    }
    const QSignalBlocker blocker(m_list);
    QStringList present;
    for (int i = 0; i < m_list->count(); ++i) present.append(m_list->itemText(i));
    if (names != present) {
        m_list->clear();
        m_list->addItems(names);
    }
    m_list->setCurrentIndex(m_document->selection()->head());
    setVisible(site->heads > 1);
}

void HeadChooser::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
