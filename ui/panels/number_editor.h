#pragma once
/// An integer or a real: label, typed value and slider; the seed has a die instead of a slider.

#include "ui/panels/parameter_editor.h"

class QToolButton;

namespace attn::ui {

class NumberField;

class NumberEditor : public ParameterEditor {
    Q_OBJECT
public:
    NumberEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                 QWidget* parent);

protected:
    void showValue(const ParameterValue& value) override;
    void showTexts() override;

private:
    void addDie();

    NumberField* m_field;
    QToolButton* m_die = nullptr;
};

}  // namespace attn::ui
