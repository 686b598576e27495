#pragma once
/// A parameter's number: what stands before it, the typed value, and under them the slider and, if need be,
/// one line that says why a typed text was not taken.

#include "core/scene/parameter.h"
#include "ui/panels/slider_mapping.h"

#include <QLabel>
#include <QWidget>

#include <optional>

class QBoxLayout;

namespace attn::ui {

class ValueEdit;
class ValueSlider;

class NumberField : public QWidget {
    Q_OBJECT
public:
    /// `mapping`: none for a number without a slider. `leading` stands before the value and is its label.
    NumberField(const ParameterSpec& spec, std::optional<SliderMapping> mapping, QLabel* leading,
                QWidget* parent = nullptr);

    void setValue(const ParameterValue& value);  ///< from the model; a choice shows nothing
    void setNames(const QString& accessibleName, const QString& tip);
    [[nodiscard]] ValueEdit* edit() const { return m_edit; }
    [[nodiscard]] ValueSlider* slider() const { return m_slider; }  ///< null without one
    [[nodiscard]] QLabel* message() const { return m_message; }
    void addTrailing(QWidget* widget);

signals:
    void valueChosen(const attn::ParameterValue& value);  ///< by the user
    void gestureStarted();
    void gestureEnded();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void arrange();
    void commit(const QString& text);
    void choose(double number);
    void showMessage(const QString& text);
    [[nodiscard]] QString text(const ParameterValue& value) const;

    const ParameterSpec& m_spec;
    SliderMapping m_mapping;
    ParameterValue m_value;
    QBoxLayout* m_line;
    QLabel* m_leading;
    ValueEdit* m_edit;
    ValueSlider* m_slider = nullptr;
    QLabel* m_message;
};

}  // namespace attn::ui
