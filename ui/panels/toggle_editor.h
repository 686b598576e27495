#pragma once
/// On or off: the label and a switch in one line.

#include "ui/panels/parameter_editor.h"

namespace attn::ui {

class Switch;

class ToggleEditor : public ParameterEditor {
    Q_OBJECT
public:
    ToggleEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                 QWidget* parent);

protected:
    void showValue(const ParameterValue& value) override;
    void showTexts() override;

private:
    Switch* m_switch;
};

}  // namespace attn::ui
