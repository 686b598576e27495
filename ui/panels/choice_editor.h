#pragma once
/// A choice among a few; where a number may stand in its place, "own" reveals it.

#include "ui/panels/parameter_editor.h"

class QLabel;

namespace attn::ui {

class NumberField;
class SegmentedControl;

class ChoiceEditor : public ParameterEditor {
    Q_OBJECT
public:
    ChoiceEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                 QWidget* parent);

protected:
    void showValue(const ParameterValue& value) override;
    void showTexts() override;

private:
    void chooseSegment(const QString& id);
    [[nodiscard]] double ownNumber() const;

    SegmentedControl* m_segments;
    NumberField* m_own = nullptr;
    QLabel* m_ownLabel = nullptr;
};

}  // namespace attn::ui
