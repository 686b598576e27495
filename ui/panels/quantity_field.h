#pragma once
/// A number of a workspace that is no parameter of the model: label, typed value, slider, and one line that
/// says why a typed text was not taken.

#include "ui/panels/slider_mapping.h"

#include <QLabel>
#include <QString>
#include <QWidget>

#include <optional>

namespace attn::ui {

class ParameterLabel;
class ValueEdit;
class ValueSlider;

class QuantityField : public QWidget {
    Q_OBJECT
public:
    /// Its parts are named `name`.label, .value, .slider and .message. A double click on the label brings
    /// `defaultValue` back.
    QuantityField(const QString& name, const SliderMapping& mapping, double defaultValue,
                  QWidget* parent = nullptr);

    void setTexts(const QString& label, const QString& tip);
    void setNumber(double number);  ///< from the model: emits nothing
    [[nodiscard]] double number() const { return m_number; }
    [[nodiscard]] ValueEdit* edit() const { return m_edit; }
    [[nodiscard]] ValueSlider* slider() const { return m_slider; }
    [[nodiscard]] QLabel* message() const { return m_message; }

signals:
    void numberChosen(double number);  ///< by the user
    void gestureStarted();             ///< a drag: what follows, up to gestureEnded, is one change
    void gestureEnded();

private:
    void commit(const QString& text);
    void showMessage(const QString& text);

    SliderMapping m_mapping;
    double m_number;
    ParameterLabel* m_label;
    ValueEdit* m_edit;
    ValueSlider* m_slider;
    QLabel* m_message;
};

/// A number as a person types it: decimal point whatever the locale, "−" like "-". No number: nothing.
[[nodiscard]] std::optional<double> typedNumber(const QString& text);
/// The shortest text that reads back to the same number.
[[nodiscard]] QString exactNumber(double number);

}  // namespace attn::ui
