#include "ui/panels/zoom_buttons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

namespace attn::ui {

ZoomButtons::ZoomButtons(const QString& name, QWidget* parent)
    : QWidget(parent),
      m_out(new QToolButton(this)),
      m_fit(new QToolButton(this)),
      m_in(new QToolButton(this)) {
    m_out->setObjectName(name + QStringLiteral(".zoomOut"));
    m_fit->setObjectName(name + QStringLiteral(".fit"));
    m_in->setObjectName(name + QStringLiteral(".zoomIn"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (QToolButton* button : {m_out, m_fit, m_in}) {
        button->setFocusPolicy(Qt::TabFocus);
        button->setProperty("option", true);
        row->addWidget(button);
    }
    m_fit->setCheckable(true);
    m_fit->setChecked(true);
    connect(m_out, &QToolButton::clicked, this, [this] { emit zoomWanted(1 / kStep); });
    connect(m_in, &QToolButton::clicked, this, [this] { emit zoomWanted(kStep); });
    connect(m_fit, &QToolButton::clicked, this, [this] {
        m_fit->setChecked(m_fitted);  // whether it fits is for the view to say
        emit fitWanted();
    });
    retranslate();
}

void ZoomButtons::setTips(const QString& smaller, const QString& fit, const QString& larger) {
    m_out->setToolTip(smaller);
    m_fit->setToolTip(fit);
    m_in->setToolTip(larger);
}

void ZoomButtons::setFitted(bool fitted) {
    m_fitted = fitted;
    m_fit->setChecked(fitted);
}

void ZoomButtons::retranslate() {
    m_out->setText(QStringLiteral("−"));
    m_out->setAccessibleName(tr("Smaller"));
    m_fit->setText(tr("fit"));
    m_fit->setAccessibleName(tr("Fit"));
    m_in->setText(QStringLiteral("+"));
    m_in->setAccessibleName(tr("Larger"));
}

void ZoomButtons::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
