#include "ui/panels/toggle_editor.h"

#include "ui/panels/parameter_label.h"
#include "ui/panels/switch.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

namespace attn::ui {

ToggleEditor::ToggleEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                           QWidget* parent)
    : ParameterEditor(spec, document, heading, parent), m_switch(new Switch(this)) {
    m_switch->setObjectName(objectName() + QStringLiteral(".value"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label(), 1);
    layout->addWidget(m_switch);
    label()->setBuddy(m_switch);
    addResetTo(m_switch);
    connect(m_switch, &QCheckBox::toggled, this, [this](bool on) { choose(on); });
}

void ToggleEditor::showValue(const ParameterValue& value) {
    const QSignalBlocker blocker(m_switch);
    m_switch->setChecked(std::get<bool>(value));
}

void ToggleEditor::showTexts() {
    m_switch->setAccessibleName(labelText());
    m_switch->setAccessibleDescription(tip());
    m_switch->setToolTip(tip());
}

}  // namespace attn::ui
