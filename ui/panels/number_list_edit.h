#pragma once
/// Numbers in one line, between commas: typed or pasted. What is wrong with them is said below, and the text
/// stays to be mended.

#include "core/base/error.h"

#include <QLabel>
#include <QWidget>

#include <functional>
#include <vector>

namespace attn::ui {

class ValueEdit;

class NumberListEdit : public QWidget {
    Q_OBJECT
public:
    using Check = std::function<Result<void>(const std::vector<double>&)>;

    /// Its parts are named `name`.value and `name`.message. `check` says what is wrong with numbers.
    NumberListEdit(const QString& name, std::size_t most, Check check, QWidget* parent = nullptr);

    void setTexts(const QString& accessibleName, const QString& tip);
    void setNumbers(const std::vector<double>& numbers);  ///< from the model: emits nothing
    [[nodiscard]] ValueEdit* edit() const { return m_edit; }
    [[nodiscard]] QString message() const { return m_message->isHidden() ? QString() : m_message->text(); }

signals:
    void numbersChosen(const std::vector<double>& numbers);  ///< by the user; they are good

private:
    void commit(const QString& text);
    void showMessage(const QString& text);

    std::size_t m_most;
    Check m_check;
    std::vector<double> m_numbers;
    ValueEdit* m_edit;
    QLabel* m_message;
};

}  // namespace attn::ui
