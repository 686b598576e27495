#include "ui/window/notice_bar.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace attn::ui {

NoticeBar::NoticeBar(QWidget* parent) : QFrame(parent), m_label(new QLabel(this)) {
    setObjectName(QStringLiteral("noticeBar"));
    setProperty("card", true);
    setProperty("notice", true);
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_label->setTextFormat(Qt::PlainText);
    auto* close = new QToolButton(this);
    close->setText(QStringLiteral("×"));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the notice"));
    close->setToolTip(tr("Close"));
    connect(close, &QToolButton::clicked, this, &NoticeBar::clear);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->addWidget(m_label, 1);
    layout->addWidget(close);
    hide();
}

void NoticeBar::showNotice(const QString& text) {
    m_label->setText(text);
    setAccessibleName(text);
    show();
}

void NoticeBar::clear() {
    if (isHidden()) return;
    m_label->clear();
    hide();
}

}  // namespace attn::ui
