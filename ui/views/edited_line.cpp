#include "ui/views/edited_line.h"

#include "ui/views/inspector_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace attn::ui {

EditedLine::EditedLine(QWidget* parent)
    : QWidget(parent),
      m_text(new QLabel(this)),
      m_change(new QPushButton(this)),
      m_reset(new QPushButton(this)) {
    setObjectName(QStringLiteral("inspector.edit"));
    m_text->setObjectName(QStringLiteral("inspector.edit.text"));
    m_text->setProperty("look", QStringLiteral("edited"));
    m_text->setWordWrap(true);
    m_change->setObjectName(QStringLiteral("inspector.edit.change"));
    m_reset->setObjectName(QStringLiteral("inspector.edit.reset"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_reset);
    layout->addWidget(m_change);
    connect(m_change, &QPushButton::clicked, this, &EditedLine::changeRequested);
    connect(m_reset, &QPushButton::clicked, this, &EditedLine::resetRequested);
    retranslate();
}

void EditedLine::showCell(const Explanation& explanation, bool setByHand) {
    const bool editable = isEditable(explanation.tensor.name);
    setVisible(editable);
    if (!editable) return;
    m_reset->setVisible(setByHand);
    QString text;
    if (setByHand) {
        text = explanation.before ? tr("edited: was %1").arg(arithmeticNumber(*explanation.before))
                                  : tr("edited");
    }
    m_text->setText(text);
}

void EditedLine::retranslate() {
    m_change->setText(tr("Change…"));
    m_change->setToolTip(
        tr("Type another number for this cell (F2, or double click it): what follows from it "
           "is worked out again"));
    m_reset->setText(tr("Reset"));
    m_reset->setToolTip(tr("Back to what the arithmetic gives"));
}

}  // namespace attn::ui
