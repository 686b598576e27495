#include "ui/views/weight_kind_chooser.h"

#include "ui/model/error_text.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStandardItemModel>

namespace attn::ui {

WeightKindChooser::WeightKindChooser(const QString& name, QWidget* parent)
    : QWidget(parent), m_label(new QLabel(this)), m_list(new QComboBox(this)) {
    m_list->setObjectName(name);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_label->setBuddy(m_list);
    for (std::size_t i = 0; i < kWeightKindCount; ++i) m_list->addItem(QString());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_list, 1);
    connect(m_list, &QComboBox::currentIndexChanged, this,
            [this](int index) { emit chosen(static_cast<WeightKind>(index)); });
    retranslate();
}

void WeightKindChooser::retranslate() {
    m_label->setText(tr("Weights"));
    m_list->setAccessibleName(tr("Which weights"));
    for (std::size_t i = 0; i < kWeightKindCount; ++i)
        m_list->setItemText(static_cast<int>(i), coreText(title(static_cast<WeightKind>(i))));
}

void WeightKindChooser::refuse(WeightKind kind, const QString& why) {
    m_refused[static_cast<std::size_t>(kind)] = why;
}

void WeightKindChooser::showKinds(const Trace& trace, const SiteInfo& site, WeightKind kind) {
    const QSignalBlocker blocker(m_list);
    auto* const items = qobject_cast<QStandardItemModel*>(m_list->model());
    for (int i = 0; i < m_list->count(); ++i) {
        const auto each = static_cast<WeightKind>(i);
        const char* const none = site.queries == 0 ? nullptr : whyNone(trace, site, each);
        const QString& refused = m_refused[static_cast<std::size_t>(i)];
        const QString why = refused.isEmpty() && none != nullptr ? coreText(none) : refused;
        m_list->setItemData(i, why.isEmpty() ? coreText(explanation(each)) : why, Qt::ToolTipRole);
        if (items != nullptr) items->item(i)->setEnabled(why.isEmpty());
    }
    m_list->setCurrentIndex(static_cast<int>(kind));
    m_list->setToolTip(coreText(explanation(kind)));
}

void WeightKindChooser::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
