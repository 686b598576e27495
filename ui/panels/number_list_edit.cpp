#include "ui/panels/number_list_edit.h"

#include "ui/model/error_text.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/value_edit.h"

#include <QRegularExpression>
#include <QVBoxLayout>

namespace attn::ui {

namespace {

constexpr int kMostCharacters = 1 << 16;

QString textOf(const std::vector<double>& numbers) {
    QString text;
    for (const double number : numbers) {
        if (!text.isEmpty()) text += QStringLiteral(", ");
        text += exactNumber(number);
    }
    return text;
}

}  // namespace

NumberListEdit::NumberListEdit(const QString& name, std::size_t most, Check check, QWidget* parent)
    : QWidget(parent), m_most(most), m_check(std::move(check)) {
    setObjectName(name);
    m_edit = new ValueEdit(this);
    m_edit->setObjectName(name + QStringLiteral(".value"));
    m_edit->setProperty("value", false);  // it looks like a field, for it holds more than one number
    m_edit->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_edit->setMaxLength(kMostCharacters);
    m_edit->setKeepsInvalid(true);
    m_message = new QLabel(this);
    m_message->setObjectName(name + QStringLiteral(".message"));
    m_message->setProperty("look", QStringLiteral("warning"));
    m_message->setWordWrap(true);
    m_message->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_edit);
    layout->addWidget(m_message);
    connect(m_edit, &ValueEdit::committed, this, &NumberListEdit::commit);
    connect(m_edit, &ValueEdit::abandoned, this, [this] { showMessage({}); });
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_edit->setInvalid(false);
        showMessage({});
    });
}

void NumberListEdit::setTexts(const QString& accessibleName, const QString& tip) {
    m_edit->setAccessibleName(accessibleName);
    m_edit->setAccessibleDescription(tip);
    m_edit->setToolTip(tip);
}

void NumberListEdit::setNumbers(const std::vector<double>& numbers) {
    // What is being mended stays, unless the numbers become others.
    if (numbers == m_numbers && !m_edit->valueText().isEmpty()) return;
    m_numbers = numbers;
    m_edit->setValueText(textOf(numbers));
    showMessage({});
}

void NumberListEdit::commit(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    std::vector<double> numbers;
    QString problem;
    for (const QString& part : text.split(separators, Qt::SkipEmptyParts)) {
        const std::optional<double> number = typedNumber(part);
        if (!number) {
            problem = tr("'%1' is no number").arg(part.left(40));
            break;
        }
        if (numbers.size() == m_most) {
            problem = tr("more than %1 numbers are too many").arg(m_most);
            break;
        }
        numbers.push_back(*number);
    }
    if (problem.isEmpty()) {
        if (const Result<void> good = m_check(numbers); !good) problem = errorText(good.error());
    }
    if (!problem.isEmpty()) {
        m_edit->setInvalid(true);
        showMessage(problem);
        return;
    }
    showMessage({});
    if (numbers == m_numbers) {
        m_edit->setText(m_edit->valueText());
        return;
    }
    emit numbersChosen(numbers);
}

void NumberListEdit::showMessage(const QString& text) {
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

}  // namespace attn::ui
